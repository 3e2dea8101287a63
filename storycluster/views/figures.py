"""The figures of a run in the order of the report: conflicts first, then the longest series, then by id."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from storycluster.model import FIGURES
from storycluster.run_tables import RunTables
from storycluster.views.shape import Figure, Point

#: Figures that are made at once where all are listed.
_AT_ONCE: Final = 1_024


class Figures:
    """Figures by place, from 0; one is made when it is asked for."""

    def __init__(self, tables: RunTables) -> None:
        """Load the rows."""
        self._rows = _in_order(tables.select("figures", FIGURES.names))

    def __len__(self) -> int:
        return int(self._rows.num_rows)

    def __iter__(self) -> Iterator[Figure]:
        return _make(self._rows)

    def list_first(self, most: int) -> list[Figure]:
        """The first figures."""
        return list(_make(self._rows.slice(0, most)))

    def list_stating(self, facts: Collection[str]) -> list[Figure]:
        """The figures, in order, that have one of these facts in their series."""
        series = self._rows.column("series").combine_chunks()
        stated = pc.struct_field(pc.list_flatten(series), "fact")
        is_wanted = pc.is_in(stated, value_set=pa.array(sorted(facts), pa.string()))
        places = pc.unique(pc.list_parent_indices(series).filter(is_wanted))
        return list(_make(self._rows.take(places)))


def _in_order(rows: pa.Table) -> pa.Table:
    keys = {
        "agrees": pc.invert(pc.fill_null(rows.column("conflicting"), False)).cast(pa.int8()),
        "shortness": pc.negate(pc.fill_null(pc.list_value_length(rows.column("series")), 0)),
        "id": rows.column("id"),
    }
    order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys])
    return rows.take(order).combine_chunks()


def _make(rows: pa.Table) -> Iterator[Figure]:
    for start in range(0, rows.num_rows, _AT_ONCE):
        yield from map(_figure, rows.slice(start, _AT_ONCE).to_pylist())


def _figure(row: dict[str, Any]) -> Figure:
    points = [Point(**{**point, "approximate": bool(point["approximate"])}) for point in row["series"] or ()]
    return Figure(
        id=row["id"],
        counts=row["counts"] or "",
        planned=bool(row["planned"]),
        arc=row["arc"],
        stories=list(row["stories"] or ()),
        conflicting=bool(row["conflicting"]),
        series=points,
    )
