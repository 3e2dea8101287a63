"""The stories of a run in the order of the report, with their articles and facts; few are in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.model import MEMBERSHIPS, STORIES
from storycluster.run_tables import RunTables
from storycluster.views.articles import Articles, say_moment
from storycluster.views.quotes import Quotes, field_of, span_of
from storycluster.views.shape import Story, StoryArticle
from storycluster.views.story_facts import FactCounts, FactRows, make_facts

#: Stories are made together that have so many articles, whose texts, of some 3 kB each, are in memory then.
ARTICLES_AT_ONCE: Final = 16_384
_PRIMARY: Final = "primary"

#: A row of a table as Arrow hands it over; ``model.py`` names its columns.
Row = dict[str, Any]


class Stories:
    """Stories by place, from 0: the largest first, then the newest (undated last), then by id."""

    def __init__(self, tables: RunTables, articles: Articles, *, letters: int) -> None:
        """Load the stories and who tells them; ``letters`` is the length of the longest excerpt."""
        self._tables = tables
        self._articles = articles
        self._letters = letters
        self.facts = FactCounts(tables)
        self._rows = _in_order(tables.select("stories", STORIES.names))
        self._members, self._bounds = self._load_members()

    def __len__(self) -> int:
        return int(self._rows.num_rows)

    def __iter__(self) -> Iterator[Story]:
        first = 0
        while first < len(self):
            full = int(np.searchsorted(self._bounds, self._bounds[first] + ARTICLES_AT_ONCE, side="right")) - 1
            last = min(max(full, first + 1), len(self))
            yield from self._make(first, last)
            first = last

    def list_first(self, most: int) -> list[Story]:
        """The first stories."""
        return list(self._make(0, min(most, len(self))))

    def count_articles(self, *, after: int) -> int:
        """How many articles tell the stories after the first so many."""
        start = self._bounds[min(after, len(self))]
        return len(pc.unique(self._members.column("article").slice(start)))

    def _load_members(self) -> tuple[pa.Table, npt.NDArray[np.int64]]:
        """The memberships in order, each story's in time order, and where those of each story begin and end."""
        members = self._tables.select("memberships", MEMBERSHIPS.names)
        place = pc.index_in(members.column("story"), value_set=self._rows.column("id"))
        number = self._articles.numbers(members.column("article"))
        keys = {"place": place, "number": number, "role": members.column("role")}
        order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys])
        sizes = np.bincount(place.drop_null().to_numpy(), minlength=len(self))
        return members.take(order), np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))

    def _make(self, first: int, last: int) -> Iterator[Story]:
        rows = self._rows.slice(first, last - first).to_pylist()
        facts = FactRows(self._tables, [row["id"] for row in rows])
        members = self._members.slice(self._bounds[first], self._bounds[last] - self._bounds[first])
        quoted = set(members.filter(pc.not_equal(members.column("role"), _PRIMARY)).column("article").to_pylist())
        quotes = Quotes(self._tables, self._articles, ids=quoted | facts.quoted(), letters=self._letters)
        for place, row in enumerate(rows, start=first):
            own = self._members.slice(self._bounds[place], self._bounds[place + 1] - self._bounds[place]).to_pylist()
            yield self._story(row, own, facts.of(row["id"]), quotes)

    def _story(self, row: Row, members: list[Row], facts: list[Row], quotes: Quotes) -> Story:
        first, last = row["first_published"], row["last_published"]
        return Story(
            id=row["id"],
            label=row["label"] or "",
            terms=list(row["terms"] or ()),
            first_published=say_moment(first, whole_day=_is_midnight(first)),
            last_published=say_moment(last, whole_day=_is_midnight(last)),
            sources=row["sources"] or 0,
            new_facts=self.facts.count_new(row["id"]),
            arc=row["arc"],
            articles=[_member(member, quotes) for member in members],
            facts=make_facts(facts, quotes),
        )


def _in_order(rows: pa.Table) -> pa.Table:
    keys = {
        "articles": pc.negate(pc.fill_null(rows.column("articles"), 0)),
        "last": pc.negate(rows.column("last_published").cast(pa.int64())),
        "id": rows.column("id"),
    }
    order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys])
    return rows.take(order).combine_chunks()


def _is_midnight(time: datetime | None) -> bool:
    return time is not None and (time.hour, time.minute, time.second) == (0, 0, 0)


def _member(row: Row, quotes: Quotes) -> StoryArticle:
    spans = [span for span in row["spans"] or () if field_of(span) == "text"]
    quoted = spans if row["role"] != _PRIMARY else ()
    return StoryArticle(
        article=row["article"],
        role=row["role"],
        score=row["score"] or 0.0,
        spans=[span_of(span) for span in spans],
        passages=[quotes.cut(row["article"], span) for span in quoted],
        share=row["share"] or 0.0,
        evidence=list(row["evidence"] or ()),
        copy_of=row["copy_of"],
    )
