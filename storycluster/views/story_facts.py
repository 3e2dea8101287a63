"""The facts of a run as the report shows them, story by story: rows are loaded when they are asked for, not before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from storycluster.model import FACTS
from storycluster.run_tables import RunTables
from storycluster.views.quotes import Quotes, field_of, span_of
from storycluster.views.shape import Fact, Quantity, Support, When

KNOWN: Final = "known"
_READING_ORDER: Final = [("story", "ascending"), ("position", "ascending"), ("id", "ascending")]

#: A row of a table as Arrow hands it over; ``model.py`` names its columns.
Row = dict[str, Any]


class FactCounts:
    """How many facts there are and how many were not known to a story, each once; and how many new to each story."""

    def __init__(self, tables: RunTables) -> None:
        """Count; a run without facts has none."""
        facts = tables.select("facts", ["id", "story", "status"])
        self.total: int = pc.count_distinct(facts.column("id")).as_py()
        fresh = facts.filter(pc.not_equal(facts.column("status"), KNOWN))
        self.new: int = pc.count_distinct(fresh.column("id")).as_py()
        fresh = fresh.group_by("story").aggregate([([], "count_all")])
        self._new = dict(zip(*(fresh.column(name).to_pylist() for name in ("story", "count_all")), strict=True))

    def count_new(self, story: str) -> int:
        """How many facts of a story were not known."""
        return int(self._new.get(story, 0))


class FactRows:
    """The rows of the facts of some stories, in reading order."""

    def __init__(self, tables: RunTables, stories: Sequence[str]) -> None:
        """Load them."""
        rows = tables.select("facts", FACTS.names, where={"story": pa.array(stories, pa.string())})
        order = pc.sort_indices(rows.select([name for name, _ in _READING_ORDER]), sort_keys=_READING_ORDER)
        is_sorted = pc.all(pc.equal(order, pa.array(range(rows.num_rows), order.type))).as_py()
        self._rows = rows if is_sorted else rows.take(order)  # a run folder holds them in this order
        self._bounds = dict(self._find_bounds()) if rows.num_rows else {}

    def of(self, story: str) -> list[Row]:
        """The facts of one story."""
        start, end = self._bounds.get(story, (0, 0))
        rows: list[Row] = self._rows.slice(start, end - start).to_pylist() if end > start else []
        return rows

    def quoted(self) -> set[str]:
        """The articles whose words are shown with them."""
        articles = self._rows.column("article"), pc.struct_field(self._rows.column("support"), "article")
        return {identity for column in articles for identity in pc.unique(column).to_pylist() if identity}

    def _find_bounds(self) -> Iterator[tuple[str, tuple[int, int]]]:
        stories = pc.run_end_encode(self._rows.column("story").combine_chunks())
        start = 0
        for story, end in zip(stories.values.to_pylist(), stories.run_ends.to_pylist(), strict=True):
            yield story, (start, end)
            start = end


def make_facts(rows: Iterable[Row], quotes: Quotes) -> list[Fact]:
    """The facts in rows, with the words of their sentences."""
    return [_fact(row, quotes) for row in rows]


def _fact(row: Row, quotes: Quotes) -> Fact:
    support = row["support"]
    return Fact(
        id=row["id"],
        article=row["article"],
        text=row["text"],
        span=span_of(row["span"]),
        sentence=span_of(row["sentence"]),
        field=field_of(row["span"]),
        sentence_text=quotes.cut(row["article"], row["sentence"]),
        role=row["role"],
        status=row["status"],
        score=row["score"],
        rank=row["rank"],
        refs=list(row["refs"] or ()),
        support=_support(support, quotes) if support and support["article"] else None,
        new_terms=list(row["new_terms"] or ()),
        entities=list(row["entities"] or ()),
        quantities=[_quantity(quantity) for quantity in row["quantities"] or ()],
        when=When(**row["when"]) if row["when"] and any(row["when"].values()) else None,
        speaker=row["speaker"],
        modality=row["modality"],
        negated=bool(row["negated"]),
        fact_group=row["fact_group"],
        sources=row["sources"],
    )


def _support(row: Row, quotes: Quotes) -> Support:
    span = row["span"]
    return Support(
        article=row["article"], span=span_of(span), field=field_of(span), text=quotes.cut(row["article"], span)
    )


def _quantity(row: Row) -> Quantity:
    flags = {name: bool(row[name]) for name in ("approximate", "planned", "subset")}
    return Quantity(**{**row, **flags, "field": field_of(row), "scope": list(row["scope"] or ())})
