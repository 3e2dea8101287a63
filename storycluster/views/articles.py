"""The articles of a run in time order, as the report lists them; an entry is made when it is asked for.

Held are narrow columns and the opening words; no text is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.run_tables import RunTables
from storycluster.text.languages import read_as
from storycluster.text.rules import has_rules
from storycluster.views.excerpt import HEAD_LETTERS, cut_lead
from storycluster.views.shape import ArticleEntry

#: Numbers from 1, in time order.
Numbers = npt.NDArray[np.int64]

COLUMNS: Final = (
    "id", "title", "published", "published_precision", "published_from", "source", "credits", "url", "language", "path",
    "content_hash",
)  # fmt: skip
#: Entries that are made at once where all are listed.
_AT_ONCE: Final = 1_024


class Articles:
    """The articles by number, from 1: by time (undated last), ties by content hash, then id."""

    def __init__(self, tables: RunTables) -> None:
        """Load what the report says of each article."""
        rows = tables.headings(COLUMNS, letters=HEAD_LETTERS)
        heads = rows.column("text")
        leads = pa.chunked_array([_leads(chunk) for chunk in heads.chunks], pa.string())
        self._rows = _in_time_order(rows.drop_columns(["text"]).append_column("lead", leads))

    def __len__(self) -> int:
        return int(self._rows.num_rows)

    def __iter__(self) -> Iterator[ArticleEntry]:
        for start in range(0, len(self), _AT_ONCE):
            yield from map(_entry, self._rows.slice(start, _AT_ONCE).to_pylist())

    def entry(self, number: int) -> ArticleEntry:
        """The article of that number, as the report lists it."""
        return _entry(self._rows.slice(number - 1, 1).to_pylist()[0])

    def number(self, identity: str) -> int:
        """The number of an article."""
        return self._numbers[identity]

    def numbers(self, ids: pa.ChunkedArray) -> Numbers:
        """The numbers of many articles."""
        places = pc.index_in(ids, value_set=self._rows.column("id"))
        numbers: Numbers = places.to_numpy().astype(np.int64) + 1
        return numbers

    def find_title(self, identity: str) -> str:
        """The title of an article, empty where it has none."""
        title: str | None = self._rows.column("title")[self.number(identity) - 1].as_py()
        return title or ""

    def count_undated(self) -> int:
        """How many give no date."""
        return int(self._rows.column("published").null_count)

    def paths(self) -> set[str]:
        """The files they were read from."""
        return set(filter(None, pc.unique(self._rows.column("path")).to_pylist()))

    def count_without_rules(self) -> dict[str, int]:
        """Articles by language, where facts are not found by word lists."""
        counted: list[dict[str, Any]] = pc.value_counts(self._rows.column("language")).to_pylist()
        found = {row["values"]: row["counts"] for row in counted}
        return {language: found[language] for language in sorted(found, key=str) if not _knows(language)}

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {identity: number for number, identity in enumerate(self._rows.column("id").to_pylist(), start=1)}


def say_moment(time: datetime | None, *, whole_day: bool) -> str | None:
    """A day, or a time in UTC, as ISO 8601; None where there is none.

    >>> say_moment(datetime(2024, 10, 18, 6, 30), whole_day=False)
    '2024-10-18T06:30:00Z'
    """
    if time is None:
        return None
    return time.date().isoformat() if whole_day else time.replace(microsecond=0).isoformat() + "Z"


def _leads(heads: pa.Array) -> pa.Array:
    return pa.array([cut_lead(head) for head in heads.to_pylist()], pa.string())


def _in_time_order(rows: pa.Table) -> pa.Table:
    keys = {
        "time": pc.coalesce(rows.column("published"), rows.column("published_from")),
        "content_hash": pc.fill_null(rows.column("content_hash"), 0),
        "id": rows.column("id"),
    }
    order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys])
    return rows.take(order).combine_chunks()


def _entry(row: Mapping[str, Any]) -> ArticleEntry:
    bound: datetime | None = row["published_from"]
    return ArticleEntry(
        id=row["id"],
        title=row["title"],
        lead=row["lead"],
        published=say_moment(row["published"], whole_day=row["published_precision"] == "day"),
        published_from=bound.date().isoformat() if bound else None,
        source=row["source"],
        credits=list(row["credits"] or ()),
        url=row["url"],
        language=row["language"],
        path=row["path"],
    )


def _knows(language: str | None) -> bool:
    """Whether facts are found by word lists."""
    return has_rules(read_as(language))
