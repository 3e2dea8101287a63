"""The eight verbs an engine has; a stage knows these and not who runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NewType, Protocol

import pyarrow as pa

#: A named table inside an engine. The name is valid in ``sql``.
Table = NewType("Table", str)


class Engine(Protocol):
    """What a stage may ask for. Names are replaced when given again; results never depend on the attributes.

    Where ``is_distributed``, a stage brings to the driver nothing that grows with the corpus, but for at most
    ``driver_pairs`` verified pairs.
    """

    threads: int
    is_distributed: bool
    driver_pairs: int

    def table(self, name: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Table:
        """Keep record batches (consumed as a stream) under a name."""

    def read(self, name: str, path: Path) -> Table:
        """Name the Parquet file at ``path``."""

    def sql(self, name: str, query: str) -> Table:
        """Keep the result of a query over named tables. Hashes are signed 64-bit; no engine-only functions."""

    def map_batches(
        self,
        name: str,
        source: Table,
        function: Callable[[pa.RecordBatch], pa.RecordBatch],
        schema: pa.Schema,
    ) -> Table:
        """Apply a pure function to every batch, on several threads; the order of rows is not kept."""

    def map_groups(
        self,
        name: str,
        source: Table,
        key: str,
        function: Callable[[pa.Table], pa.Table],
        schema: pa.Schema,
        *,
        several: bool = False,
    ) -> Table:
        """Apply a pure function to the rows of each value of ``key`` (all rows of a value at once).

        With ``several`` it is given those of several values at once, in the order of the key. It must be one that can
        be pickled then, and had better be Python: where it takes long it runs in processes, for threads that run Python
        wait for each other.
        """

    def checkpoint(self, source: Table) -> Table:
        """Make sure ``source`` is computed once and survives what comes."""

    def to_arrow(self, source: Table) -> pa.Table:
        """All rows, on the driver."""

    def write(self, source: Table, path: Path, order: str) -> None:
        """Write as Parquet, sorted by the SQL ``order`` so that equal tables are equal bytes."""
