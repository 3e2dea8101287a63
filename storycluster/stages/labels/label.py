"""The stage that names stories and arcs: reads their members, asks for terms and labels, writes both tables.

It chooses no word itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.model import ARCS, STORIES
from storycluster.stages.labels.headlines import choose_label
from storycluster.stages.labels.members import Member
from storycluster.stages.labels.terms import find_terms
from storycluster.wording import Wording


def label(
    wordings: Sequence[Wording],
    articles: Table,
    memberships: Table,
    stories: Table,
    arcs: Table,
    config: StoriesConfig,
    engine: Engine,
) -> tuple[Table, Table]:
    """``stories`` with labels and terms, and ``arcs`` with the label of their largest story."""
    language_of = {article: wording.language for wording in wordings for article in wording.ids}
    members = _members(articles, memberships, language_of, engine)
    terms = find_terms(wordings, members, config)
    by_story: dict[str, list[Member]] = {}
    for member in members:
        by_story.setdefault(member.story, []).append(member)
    rows = engine.to_arrow(stories).to_pylist()
    for row in rows:
        row["terms"] = terms.get(row["id"], [])
        row["label"] = choose_label(by_story.get(row["id"], []), row["terms"])
    size = {row["id"]: (-row["articles"], str(row["first_published"] or "~"), row["id"]) for row in rows}
    names = {row["id"]: row["label"] for row in rows}
    arc_rows = engine.to_arrow(arcs).to_pylist()
    for arc in arc_rows:
        arc["label"] = names[min(arc["stories"], key=lambda story: size[story])]
    return _keep(engine, "stories", rows, STORIES), _keep(engine, "arcs", arc_rows, ARCS)


def _members(articles: Table, memberships: Table, language_of: Mapping[str, str], engine: Engine) -> list[Member]:
    rows = engine.to_arrow(
        engine.sql(
            "labels__members",
            f"""SELECT a.id, m.story, coalesce(a.title, '') AS title, a.text, m.score
                FROM "{memberships}" m JOIN "{articles}" a ON a.id = m.article
                WHERE m.role = 'primary' AND m.copy_of IS NULL
                ORDER BY coalesce(a.published, a.published_from) NULLS LAST, a.content_hash, a.id""",
        )
    )
    columns = (rows.column(name).to_pylist() for name in ("id", "story", "title", "text", "score"))
    return [
        Member(article, story, title, text, language_of[article], score)
        for article, story, title, text, score in zip(*columns, strict=True)
    ]


def _keep(engine: Engine, name: str, rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> Table:
    return engine.table(name, pa.Table.from_pylist(list(rows), schema=schema).to_batches(), schema)
