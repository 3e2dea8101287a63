"""The embedded engine: DuckDB in memory, spilling to a folder when a memory limit is reached."""

from __future__ import annotations

import errno
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from storycluster.engines.base import Table
from storycluster.errors import EngineError
from storycluster.progress import Progress, Silent

T = TypeVar("T")
R = TypeVar("R")

BATCH_ROWS = 4_096  # articles per batch: some 12 MB of text, enough to keep a kernel busy
ROW_GROUP_ROWS = 65_536
#: What a system says of a full disk, a quota and a limit of file sizes.
_NO_ROOM = tuple(map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)))


class DuckDBEngine:
    """Tables live in one DuckDB connection; functions run on a thread pool of ``threads``."""

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
        }
        if memory_limit:
            options["memory_limit"] = memory_limit
        try:
            # DuckDB makes the folder itself when it first spills, but not those above it.
            temp_directory.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EngineError(f"engine.temp_directory {temp_directory.parent}: {error.strerror}") from error
        try:
            self._connection = duckdb.connect(":memory:", config=options)
        except duckdb.Error as error:
            raise EngineError(f"engine.memory_limit or engine.temp_directory not accepted: {error}") from error

    def table(self, name: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Table:
        """Keep record batches under ``name``."""
        failed: list[BaseException] = []
        reader = pa.RecordBatchReader.from_batches(schema, _until_failure(batches, failed))
        view = f"{name}__stream"
        self._connection.register(view, reader)
        try:
            self._run(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM "{view}"')
        finally:
            self._connection.unregister(view)
        if failed:
            self._run(f'DROP TABLE "{name}"')
            raise failed[0]
        return Table(name)

    def read(self, name: str, path: Path) -> Table:
        """Load the Parquet file at ``path``."""
        quoted = str(path).replace("'", "''")
        self._run(f"CREATE OR REPLACE TABLE \"{name}\" AS SELECT * FROM read_parquet('{quoted}')")
        return Table(name)

    def sql(self, name: str, query: str) -> Table:
        """Keep the rows of ``query``."""
        self._run(f'CREATE OR REPLACE TABLE "{name}" AS {query}')
        return Table(name)

    def map_batches(
        self,
        name: str,
        source: Table,
        function: Callable[[pa.RecordBatch], pa.RecordBatch],
        schema: pa.Schema,
    ) -> Table:
        """Apply ``function`` to batches of at most ``BATCH_ROWS`` rows."""
        total = self._rows(source)
        cursor = self._connection.cursor()
        reader = cursor.sql(f'SELECT * FROM "{source}"').to_arrow_reader(BATCH_ROWS)
        return self.table(name, self._counted(name, self._parallel(function, reader), total), schema)

    def map_groups(
        self,
        name: str,
        source: Table,
        key: str,
        function: Callable[[pa.Table], pa.Table],
        schema: pa.Schema,
    ) -> Table:
        """Apply ``function`` to each group, groups in the order of their key."""
        rows = self._connection.sql(f'SELECT * FROM "{source}" ORDER BY "{key}"').to_arrow_table()
        results = self._parallel(function, _groups(rows, key))
        return self.table(name, (batch for table in results for batch in table.cast(schema).to_batches()), schema)

    def checkpoint(self, source: Table) -> Table:
        """Return ``source``: every table here is computed when it is made."""
        return source

    def to_arrow(self, source: Table) -> pa.Table:
        """All rows of ``source``."""
        with _naming_limits():
            return self._connection.sql(f'SELECT * FROM "{source}"').to_arrow_table()

    def write(self, source: Table, path: Path, order: str) -> None:
        """Write ``source`` as Parquet, sorted by ``order``."""
        cursor = self._connection.cursor()
        reader = cursor.sql(f'SELECT * FROM "{source}" ORDER BY {order}').to_arrow_reader(ROW_GROUP_ROWS)
        with pq.ParquetWriter(path, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)

    def _rows(self, source: Table) -> int:
        rows = self._connection.execute(f'SELECT count(*) FROM "{source}"').fetchall()
        return int(rows[0][0])

    def _counted(self, name: str, batches: Iterable[pa.RecordBatch], total: int) -> Iterator[pa.RecordBatch]:
        """The batches as they are, told to the progress."""
        done = 0
        for batch in batches:
            done += batch.num_rows
            self._progress.advance(name, done, total)
            yield batch

    def _run(self, statement: str) -> None:
        with _naming_limits():
            self._connection.execute(statement)

    def _parallel(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Results in the order of ``items``, a few in flight at a time."""
        if self.threads == 1:
            yield from map(function, items)
            return
        pending: deque[Future[R]] = deque()
        with ThreadPoolExecutor(self.threads) as pool:
            for item in items:
                pending.append(pool.submit(function, item))
                if len(pending) > self.threads:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()


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


def _until_failure(batches: Iterable[pa.RecordBatch], failed: list[BaseException]) -> Iterator[pa.RecordBatch]:
    """The batches up to the first error, which is kept: inside DuckDB it would lose its type."""
    try:
        yield from batches
    except BaseException as error:
        failed.append(error)


def _groups(rows: pa.Table, key: str) -> Iterator[pa.Table]:
    if not rows.num_rows:
        return
    runs = pc.run_end_encode(rows.column(key).combine_chunks())
    start = 0
    for end in runs.run_ends.to_pylist():
        yield rows.slice(start, end - start)
        start = end
