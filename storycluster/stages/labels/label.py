"""The stage that names stories and arcs: reads their members, asks for terms and labels, writes both tables.

It chooses no word itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.indexing import IndexedArticles
from storycluster.model import ARCS, STORIES
from storycluster.stages.labels.headlines import choose_label
from storycluster.stages.labels.members import Member
from storycluster.stages.labels.terms import find_terms


def label(
    by_language: Sequence[IndexedArticles],
    articles: Table,
    memberships: Table,
    stories: Table,
    arcs: Table,
    config: StoriesConfig,
    engine: Engine,
) -> tuple[Table, Table]:
    """``stories`` with labels and terms, and ``arcs`` with the label of their largest story."""
    language_of = {article: indexed.language for indexed in by_language for article in indexed.ids}
    members = _members(articles, memberships, language_of, engine)
    terms = find_terms(by_language, members, config)
    by_story: dict[str, list[Member]] = {}
    for member in members:
        by_story.setdefault(member.story, []).append(member)
    found = engine.to_arrow(stories)
    ids: list[str] = found.column("id").to_pylist()
    named = {story: choose_label(by_story.get(story, []), terms.get(story, [])) for story in ids}
    found = _fill(found, "label", [named[story] for story in ids])
    found = _fill(found, "terms", [terms.get(story, []) for story in ids])
    first = (str(date or "~") for date in found.column("first_published").to_pylist())
    size = dict(zip(ids, zip((-n for n in found.column("articles").to_pylist()), first, ids, strict=True), strict=True))
    grouped = engine.to_arrow(arcs)
    largest = [min(told, key=lambda story: size[story]) for told in grouped.column("stories").to_pylist()]
    grouped = _fill(grouped, "label", [named[story] for story in largest])
    return (
        engine.table("stories", found.cast(STORIES).to_batches(), STORIES),
        engine.table("arcs", grouped.cast(ARCS).to_batches(), ARCS),
    )


def _fill(table: pa.Table, name: str, values: Sequence[object]) -> pa.Table:
    place = table.schema.get_field_index(name)
    return table.set_column(place, name, pa.array(values, table.schema.field(name).type))


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
