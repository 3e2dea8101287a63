"""Facts of every story of a run: the tables in, one table of facts out. The decisions are made elsewhere."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from storycluster.config import FactsConfig
from storycluster.engines.base import Engine, Table
from storycluster.model import FACTS
from storycluster.stages.facts.decide import Judge
from storycluster.stages.facts.novelty import load_novelty_model
from storycluster.stages.facts.order import Dates, reading_key
from storycluster.stages.facts.rows import fact_rows
from storycluster.stages.facts.statements import Source, Span
from storycluster.stages.facts.story import Member, read_story
from storycluster.text.languages import read_as


def find_facts(
    articles: Table,
    groups: Table,
    stories: Table,
    arcs: Table,
    memberships: Table,
    config: FactsConfig,
    engine: Engine,
) -> Table:
    """The ``facts`` table: every statement of every story with its status and evidence, in reading order.

    Exact copies add nothing and are not read; near and contained copies are. Of secondary members only the
    passages are read.
    """
    del stories, arcs  # part of the stage's contract; the memberships hold all that is asked of them here
    members = engine.sql(
        "facts__members",
        f"""
        SELECT m.story, m.role AS member_role, m.spans, m.copy_of, a.id, a.title, a.text, a.language,
               a.published, a.published_from, a.source, a.credits, a.content_hash
        FROM "{memberships}" AS m JOIN "{articles}" AS a ON a.id = m.article
        WHERE NOT EXISTS (SELECT 1 FROM "{groups}" AS g WHERE g.article = a.id AND g.relation = 'exact')
        """,
    )
    judge = Judge(config, load_novelty_model())
    function = partial(facts_of_stories, judge=judge)
    found = engine.map_groups("facts__found", members, "story", function, FACTS, several=True)
    # Spark looks at what it sorts before it sorts it, and would read every story twice.
    return engine.sql("facts", f'SELECT * FROM "{engine.checkpoint(found)}" ORDER BY story, position')


def facts_of_stories(members: pa.Table, *, judge: Judge) -> pa.Table:
    """The facts of stories from their member rows (see ``find_facts``), those of a story together."""
    found: list[dict[str, object]] = []
    for story, rows in groupby(members.to_pylist(), key=itemgetter("story")):
        with _without_looking_for_cycles():
            found.extend(_story_facts(story, sorted(rows, key=_key), judge))
    return pa.Table.from_pylist(found, schema=FACTS)


def _story_facts(story: str, rows: Sequence[dict[str, Any]], judge: Judge) -> Iterable[dict[str, object]]:
    facts = read_story([_member(row) for row in rows], judge)
    return fact_rows(story, facts, {row["id"]: row for row in rows})


@contextmanager
def _without_looking_for_cycles() -> Iterator[None]:
    """Python's search for objects that hold each other stands still: a story makes none, and is walked over and over.

    Stories read at once by several threads share the switch; whoever found it on leaves it on.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    dates = Dates(row["published"], row["published_from"])
    return reading_key(dates, content_hash=row["content_hash"], article=row["id"])


def _member(row: dict[str, Any]) -> Member:
    source = Source(
        article=row["id"],
        title=row["title"],
        text=row["text"] or "",
        language=read_as(row["language"]),
        dates=Dates(row["published"], row["published_from"]),
    )
    if row["member_role"] == "primary":
        return Member(source, None)
    return Member(source, tuple(_span(span) for span in row["spans"] or ()))


def _span(span: dict[str, Any]) -> Span:
    """A passage; of the text where it does not say that it is of the title."""
    return Span(span["start"], span["end"], "title" if span["field"] == "title" else None)
