"""The distributed engine: Spark data frames under temporary names, in a session of its own.

It brings rows to the driver only where it is asked to (``to_arrow``) or writes a file of a run (``write``).
"""

from __future__ import annotations

import gc
import shutil
import uuid
import weakref
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from storycluster.engines.base import Table
from storycluster.engines.groups import PART_BYTES, whole_groups

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

#: Rows that a function sees at once, as on the other engine.
BATCH_ROWS: Final = 4_096
#: A table from the driver is cut into pieces of so many bytes; one that is smaller travels inside the query.
PIECE_BYTES: Final = 8 << 20
ROW_GROUP_ROWS: Final = 65_536

#: What the queries of the stages rely on, set for our own session only.
DIALECT: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH_ROWS),
}
_FILE_BYTES: Final = "spark.sql.files.maxPartitionBytes"


class SparkEngine:
    """Tables are temporary views; a view is computed when it is asked for, a checkpoint once and to Parquet.

    ``folder`` is where checkpoints go, a path or an address that every executor can write; it is removed with
    the engine where it is on this machine.
    """

    is_distributed = True

    def __init__(
        self, session: SparkSession, *, threads: int, folder: str, driver_pairs: int, partitions: int = 0
    ) -> None:
        self.threads = threads
        self.driver_pairs = driver_pairs
        self._session = session.newSession()
        self._folder = folder
        self._partitions = partitions
        self._numbers = count()
        self._computed: set[str] = set()  # views that cost nothing to read again
        for key, value in DIALECT.items():
            self._session.conf.set(key, value)
        if partitions:
            self._session.conf.set("spark.sql.shuffle.partitions", str(partitions))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def table(self, name: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Table:
        """Keep record batches under ``name``; what is more than one piece goes to the checkpoint folder."""
        pieces = _pieces(batches, schema)
        first, second = next(pieces), next(pieces, None)
        if second is None:
            return self._keep(name, self._frame(first))
        path = self._path(name)
        for piece in (first, second, *pieces):
            self._frame(piece).write.mode("append").parquet(path)
        return self._keep(name, self._stored(path, _spark_schema(schema)))

    def read(self, name: str, path: Path) -> Table:
        """Name the Parquet file at ``path``."""
        return self._keep(name, self._session.read.parquet(str(path)))

    def adopt(self, name: str, frame: DataFrame) -> Table:
        """Name a data frame of the session this engine was made from, or of another one of the same application."""
        shared = f"{name}_{uuid.uuid4().hex}"
        frame.createOrReplaceGlobalTempView(shared)
        return self._name(name, self._session.table(f"global_temp.{shared}"))

    def sql(self, name: str, query: str) -> Table:
        """Name the rows of ``query``."""
        return self._name(name, self._session.sql(query))

    def map_batches(
        self,
        name: str,
        source: Table,
        function: Callable[[pa.RecordBatch], pa.RecordBatch],
        schema: pa.Schema,
    ) -> Table:
        """Apply ``function`` to batches of at most ``BATCH_ROWS`` rows, on the executors."""

        def apply(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            _settle()
            return (made for made in map(function, batches) if made.num_rows)

        rows = self._session.table(_quoted(source))
        rows = rows.repartition(self._partitions) if self._partitions else rows
        return self._name(name, rows.mapInArrow(apply, _spark_schema(schema)))

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
        """Apply ``function`` to each group or to several, on the executors."""
        rows = self._session.table(_quoted(source))
        if not several:
            return self._name(name, rows.groupBy(key).applyInArrow(_typed(function, schema), _spark_schema(schema)))

        def apply(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            _settle()
            for part in whole_groups(batches, key, least_bytes=PART_BYTES):
                yield from function(part).cast(schema).to_batches()

        together = rows.repartition(key).sortWithinPartitions(key)
        return self._name(name, together.mapInArrow(apply, _spark_schema(schema)))

    def checkpoint(self, source: Table) -> Table:
        """Compute ``source`` once, into the checkpoint folder; from then on it is read from there."""
        if source in self._computed:
            return source
        frame = self._session.table(_quoted(source))
        path = self._path(source)
        frame.write.parquet(path)
        return self._keep(source, self._stored(path, frame.schema))

    def to_arrow(self, source: Table) -> pa.Table:
        """All rows of ``source``, on the driver."""
        return self._session.table(_quoted(source)).toArrow()

    def write(self, source: Table, path: Path, order: str) -> None:
        """Write ``source`` as one Parquet file, sorted by ``order``; the driver holds one sorted part at a time."""
        ordered = self._session.sql(f'SELECT * FROM "{source}" ORDER BY {order}')
        parts = self._path(source)
        ordered.write.parquet(parts)
        names = sorted(self._session.read.schema(ordered.schema).parquet(parts).inputFiles())
        with pq.ParquetWriter(path, self._empty(ordered).schema, compression="zstd") as writer:
            for name in names:
                writer.write_table(self._whole(name), row_group_size=ROW_GROUP_ROWS)

    def _keep(self, name: str, frame: DataFrame) -> Table:
        made = self._name(name, frame)
        self._computed.add(name)
        return made

    def _name(self, name: str, frame: DataFrame) -> Table:
        self._computed.discard(name)
        frame.createOrReplaceTempView(_quoted(name))
        return Table(name)

    def _path(self, name: str) -> str:
        return f"{self._folder}/{next(self._numbers):04}-{name}"

    def _stored(self, path: str, schema: StructType) -> DataFrame:
        return self._session.read.schema(schema).parquet(path)

    def _frame(self, rows: pa.Table) -> DataFrame:
        return self._session.createDataFrame(rows, schema=_spark_schema(rows.schema))

    def _empty(self, frame: DataFrame) -> pa.Table:
        return frame.limit(0).toArrow()

    def _whole(self, name: str) -> pa.Table:
        """The rows of one file in their order: not cut into partitions, which come in any order."""
        usual = str(self._session.conf.get(_FILE_BYTES))
        self._session.conf.set(_FILE_BYTES, str(1 << 40))
        try:
            return self._session.read.parquet(name).toArrow()
        finally:
            self._session.conf.set(_FILE_BYTES, usual)


def _quoted(name: str) -> str:
    return f"`{name}`"


def _spark_schema(schema: pa.Schema) -> StructType:
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema)


def _typed(function: Callable[[pa.Table], pa.Table], schema: pa.Schema) -> Callable[[pa.Table], pa.Table]:
    def apply(rows: pa.Table) -> pa.Table:
        _settle()
        return function(rows).cast(schema)

    return apply


def _settle() -> None:
    """Leave the modules that a worker has loaded out of its search for garbage, which it makes after every task.

    That search took 0.08 s, and with few rows in a partition was most of what a task costs; now it takes 0.02 s.
    """
    if not gc.get_freeze_count():
        gc.freeze()


def _pieces(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Tables of about ``PIECE_BYTES``, at least one.

    Empty batches are left out: Spark takes the first one inside a table for its end.
    """
    held: list[pa.RecordBatch] = []
    size = given = 0
    for batch in batches:
        if not batch.num_rows:
            continue
        held.append(batch)
        size += batch.nbytes
        if size >= PIECE_BYTES:
            yield pa.Table.from_batches(held, schema)
            held, size, given = [], 0, given + 1
    if held or not given:
        yield pa.Table.from_batches(held, schema)
