"""The groups of copies in the order of the report; a group is made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.run_tables import RunTables
from storycluster.views.articles import Articles
from storycluster.views.shape import Group, GroupMember

COLUMNS: Final = ("id", "kept", "article", "relation", "jaccard", "containment")
#: Groups that are made at once where all are listed.
_AT_ONCE: Final = 1_024


class Groups:
    """Groups by place, from 0: in the time order of their kept articles, the kept article first in each."""

    def __init__(self, tables: RunTables, articles: Articles) -> None:
        """Load the groups, empty where near-duplicates were not looked for."""
        self._rows = _in_order(tables.select("groups", COLUMNS), articles)
        ends = pc.run_end_encode(self._rows.column("id").combine_chunks()).run_ends.to_numpy()
        self._bounds: npt.NDArray[np.int64] = np.concatenate(([0], ends)).astype(np.int64)

    def __len__(self) -> int:
        return self._bounds.size - 1

    def __iter__(self) -> Iterator[Group]:
        for first in range(0, len(self), _AT_ONCE):
            yield from self._make(first, min(first + _AT_ONCE, len(self)))

    def __getitem__(self, place: int) -> Group:
        return next(self._make(place, place + 1))

    def sizes(self) -> list[int]:
        """How many articles each one holds."""
        sizes: list[int] = np.diff(self._bounds).tolist()
        return sizes

    def count_copies(self) -> int:
        """The articles in groups that are not kept."""
        return int(self._rows.num_rows) - len(self)

    def _make(self, first: int, last: int) -> Iterator[Group]:
        bounds = self._bounds[first : last + 1] - self._bounds[first]
        rows = self._rows.slice(self._bounds[first], bounds[-1]).to_pylist()
        for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            yield _group(rows[start:end])


def _in_order(rows: pa.Table, articles: Articles) -> pa.Table:
    keys = {
        "kept": articles.numbers(rows.column("kept")),
        "id": rows.column("id"),
        "is_copy": pc.not_equal(rows.column("article"), rows.column("kept")).cast(pa.int8()),
        "article": articles.numbers(rows.column("article")),
    }
    order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys])
    return rows.take(order).combine_chunks()


def _group(rows: list[dict[str, Any]]) -> Group:
    members = [
        GroupMember(
            article=row["article"],
            relation=row["relation"],
            jaccard=row["jaccard"],
            containment=row["containment"],
        )
        for row in rows
    ]
    return Group(id=rows[0]["id"], kept=rows[0]["kept"], members=members)
