"""The embedded engine: DuckDB in memory, spilling to a folder when a memory limit is reached."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import uuid
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from storycluster.engines.base import Table
from storycluster.engines.groups import PART_BYTES, whole_groups
from storycluster.engines.held import Rows, hold, sort_file, sort_table
from storycluster.engines.pools import map_in_processes, map_on_threads
from storycluster.errors import EngineError
from storycluster.progress import Progress, Silent

#: A batch of rows, or all rows of a group.
Part = TypeVar("Part", pa.RecordBatch, pa.Table)

BATCH_ROWS = 2_048  # articles per batch: some 6 MB of text, enough to keep a kernel busy
ROW_GROUP_ROWS = 8_192  # of a written table: some 24 MB of text, which is what writing holds at once
#: Of DuckDB where no limit is given. It spills beyond: a gigabyte of articles is compared as fast as without a limit.
LEAST_MEMORY_MIB = 512
THREAD_MEMORY_MIB = 128  # for machines with more than four cores: each thread has parts of its own
FLUSHED = "16MiB"
#: What a system says of a full disk, a quota and a limit of file sizes.
_NO_ROOM = tuple(map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)))


@dataclass(frozen=True, slots=True)
class _Held:
    """What stands behind the name of a table in SQL; ``rows`` is None where DuckDB itself keeps them."""

    relation: str
    rows: Rows | None


class DuckDBEngine:
    """Tables are views in one DuckDB connection; functions run on ``threads`` threads, or as many processes."""

    is_distributed = False
    driver_pairs = sys.maxsize  # the driver is where everything is

    def __init__(
        self, *, threads: int, memory_limit: str, temp_directory: Path, progress: Progress | None = None
    ) -> None:
        """Open an empty database.

        Raises EngineError where DuckDB refuses ``memory_limit``, or ``temp_directory`` cannot be made.
        """
        self.threads = threads
        self._progress = progress or Silent()
        options: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads,
            "temp_directory": str(temp_directory),
            "preserve_insertion_order": True,
            "memory_limit": memory_limit or f"{max(LEAST_MEMORY_MIB, threads * THREAD_MEMORY_MIB)}MiB",
            # What a query no longer needs goes back to the system, for the functions between queries want it.
            "allocator_flush_threshold": FLUSHED,
            "allocator_background_threads": True,
        }
        self._held: dict[str, _Held] = {}
        self._numbers = count()
        self._files = temp_directory.with_name(f"{temp_directory.name}-{uuid.uuid4().hex}")
        weakref.finalize(self, shutil.rmtree, self._files, ignore_errors=True)
        try:
            # DuckDB makes the folder itself when it first spills, but not those above it.
            temp_directory.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EngineError(
                f"engine.temp_directory {temp_directory.parent}: {error.strerror}; choose another folder"
            ) from error
        try:
            self._connection = duckdb.connect(":memory:", config=options)
        except duckdb.Error as error:
            raise EngineError(f"engine.memory_limit or engine.temp_directory not accepted: {error}") from error

    def table(self, name: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Table:
        """Keep record batches under ``name``: in memory, or in a file where they are many."""
        with _naming_limits():
            return self._define(name, hold(batches, schema, file=self._files / f"{next(self._numbers)}.parquet"))

    def read(self, name: str, path: Path) -> Table:
        """Name the Parquet file at ``path``, which must stay."""
        return self._define(name, Rows(file=path))

    def sql(self, name: str, query: str) -> Table:
        """Keep the rows of ``query``."""
        relation = f'"{name}__{next(self._numbers)}"'
        self._run(f"CREATE TABLE {relation} AS {query}")
        return self._define(name, None, relation=relation)

    def map_batches(
        self,
        name: str,
        source: Table,
        function: Callable[[pa.RecordBatch], pa.RecordBatch],
        schema: pa.Schema,
    ) -> Table:
        """Apply ``function`` to batches of at most ``BATCH_ROWS`` rows."""
        batches = self._counted(name, self._stream(source, BATCH_ROWS), self._rows(source))
        return self.table(name, map_on_threads(function, batches, threads=self.threads), schema)

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
        """Apply ``function`` to each group or to several, groups in the order of their key."""
        _, batches = self._sorted(source, f'"{key}"')
        rows = self._rows(source)
        groups = whole_groups(batches, key, least_bytes=PART_BYTES if several else 0)
        counted = self._counted(name, groups, rows)
        if several:
            results = map_in_processes(function, counted, rows=rows, processes=self.threads)
        else:
            results = map_on_threads(function, counted, threads=self.threads)
        return self.table(name, (batch for table in results for batch in table.cast(schema).to_batches()), schema)

    def checkpoint(self, source: Table) -> Table:
        """Return ``source``: every table here is computed when it is made."""
        return source

    def to_arrow(self, source: Table) -> pa.Table:
        """All rows of ``source``."""
        held = self._held[source].rows
        if held and held.memory is not None:
            return held.memory
        with _naming_limits():
            return self._connection.sql(f'SELECT * FROM "{source}"').to_arrow_table()

    def write(self, source: Table, path: Path, order: str) -> None:
        """Write ``source`` as Parquet, sorted by ``order``."""
        with _naming_limits():
            schema, batches = self._sorted(source, order)
            with pq.ParquetWriter(path, schema, compression="zstd") as writer:
                for batch in batches:
                    writer.write_batch(batch)

    def _sorted(self, source: Table, order: str) -> tuple[pa.Schema, Iterable[pa.RecordBatch]]:
        """The rows in order, ``ROW_GROUP_ROWS`` at a time; those of a file never all in memory."""
        held, cursor = self._held[source], self._connection.cursor()
        if held.rows is None:
            reader = cursor.sql(f"SELECT * FROM {held.relation} ORDER BY {order}").to_arrow_reader(ROW_GROUP_ROWS)
            return reader.schema, reader
        if held.rows.memory is not None:
            cursor.register(held.relation.strip('"'), held.rows.memory)
            batches = sort_table(held.rows.memory, _columns(order), rows=ROW_GROUP_ROWS)
        elif held.rows.file is not None:
            numbered = f"read_parquet({_quoted(held.rows.file)}, file_row_number = true)"
            numbers = cursor.sql(f"SELECT file_row_number FROM {numbered} ORDER BY {order}").to_arrow_table()
            batches = sort_file(held.rows.file, numbers.column(0).to_numpy(), rows=ROW_GROUP_ROWS)
        schema = cursor.sql(f"SELECT * FROM {held.relation} LIMIT 0").to_arrow_table().schema
        return schema, (batch.cast(schema) for batch in batches)

    def _stream(self, source: Table, rows: int) -> Iterable[pa.RecordBatch]:
        held = self._held[source]
        if held.rows:
            return held.rows.stream(rows)
        reader: Iterable[pa.RecordBatch] = (
            self._connection.cursor().sql(f"SELECT * FROM {held.relation}").to_arrow_reader(rows)
        )
        return reader

    def _define(self, name: str, rows: Rows | None, *, relation: str = "") -> Table:
        """Make ``name`` mean these rows, or those of a DuckDB table; what it meant before is dropped."""
        if rows and rows.file:
            relation = f"read_parquet({_quoted(rows.file)})"
        elif rows:
            relation = f'"{name}__{next(self._numbers)}"'
            self._connection.register(relation.strip('"'), rows.memory)
        self._run(f'CREATE OR REPLACE TEMP VIEW "{name}" AS SELECT * FROM {relation}')
        before = self._held.get(name)
        self._held[name] = _Held(relation, rows)
        if before and before.rows is None:
            self._run(f"DROP TABLE {before.relation}")
        elif before and before.rows and before.rows.memory is not None:
            self._connection.unregister(before.relation.strip('"'))
        elif before and before.rows and before.rows.file and before.rows.file.parent == self._files:
            before.rows.file.unlink()
        return Table(name)

    def _rows(self, source: Table) -> int:
        rows = self._connection.execute(f'SELECT count(*) FROM "{source}"').fetchall()
        return int(rows[0][0])

    def _counted(self, name: str, parts: Iterable[Part], total: int) -> Iterator[Part]:
        """The parts of a table as they are, told to the progress."""
        done = 0
        for part in parts:
            done += part.num_rows
            self._progress.advance(name, done, total)
            yield part

    def _run(self, statement: str) -> None:
        with _naming_limits():
            self._connection.execute(statement)


@contextmanager
def _naming_limits() -> Iterator[None]:
    """Where memory or disk run out inside, an EngineError that says which settings help."""
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        if isinstance(error, duckdb.IOException) and not any(reason in str(error) for reason in _NO_ROOM):
            raise
        raise EngineError(
            f"out of memory or temporary disk space: {str(error).splitlines()[0]}; "
            "raise engine.memory_limit or point engine.temp_directory at a larger disk"
        ) from error


def _columns(order: str) -> list[str]:
    """The columns of an SQL order in which everything rises and nulls are last, as they are unless told otherwise."""
    return [column.removesuffix(" NULLS LAST").strip(' "') for column in order.split(",")]


def _quoted(path: Path) -> str:
    """The path as an SQL text."""
    return "'" + str(path).replace("'", "''") + "'"
