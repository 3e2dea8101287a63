"""Rows handed to the DuckDB engine: in memory while they are few, else in a Parquet file of their own.

DuckDB reads both as they are, without a copy. It computes nothing, and holds a bounded part of a table at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from storycluster.errors import EngineError

#: A table larger than this waits on disk: it bounds what a corpus of any size holds in memory.
MEMORY_BYTES: Final = 128 << 20
#: Rows of a file that are sorted in memory at once, by their uncompressed size.
PART_BYTES: Final = 64 << 20
#: Rows read at once where they are only moved; as many as a stage maps at once.
_MOVED_ROWS: Final = 2_048
_RANK: Final = "rank__"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table in memory, or the Parquet file that holds it."""

    memory: pa.Table | None = None
    file: Path | None = None

    def stream(self, rows: int) -> Iterator[pa.RecordBatch]:
        """Batches of at most so many rows, in the order they were given."""
        if self.memory is not None:
            yield from self.memory.to_batches(max_chunksize=rows)
        elif self.file is not None:
            with pq.ParquetFile(self.file, pre_buffer=False) as file:
                yield from file.iter_batches(rows)


def hold(batches: Iterable[pa.RecordBatch], schema: pa.Schema, *, file: Path) -> Rows:
    """The rows of all batches, in ``file`` where they are larger than ``MEMORY_BYTES``.

    Raises EngineError where the file cannot be written.

    >>> hold([], pa.schema([("n", pa.int64())]), file=Path("unused")).memory.num_rows
    0
    """
    kept: list[pa.RecordBatch] = []
    size = 0
    rest = iter(batches)
    for batch in rest:
        kept.append(batch)
        size += batch.nbytes
        if size > MEMORY_BYTES:
            _write(chain(_drain(kept), rest), schema, file)
            return Rows(file=file)
    return Rows(memory=pa.Table.from_batches(kept, schema))


def sort_table(table: pa.Table, columns: Sequence[str], *, rows: int) -> Iterator[pa.RecordBatch]:
    """The rows of a table ordered by columns, nulls last, so many at a time; rows that stand in order are not copied.

    >>> [batch.to_pydict() for batch in sort_table(pa.table({"n": [2, None, 1]}), ["n"], rows=2)]
    [{'n': [1, 2]}, {'n': [None]}]
    """
    order = pc.sort_indices(table, [(name, "ascending") for name in columns]).to_numpy()
    if (order[1:] > order[:-1]).all():
        yield from _regroup(table.to_batches(), rows)
        return
    table = table.combine_chunks()
    for start in range(0, order.size, rows):
        yield table.take(pa.array(order[start : start + rows])).combine_chunks().to_batches()[0]


def sort_file(path: Path, order: npt.NDArray[np.int64], *, rows: int) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file in the order of these row numbers, so many at a time.

    Rows that stand in order are passed on; others go through files beside it, each of which fits into memory.
    """
    with pq.ParquetFile(path, pre_buffer=False) as file:
        if (order[1:] > order[:-1]).all():
            yield from _regroup(file.iter_batches(_MOVED_ROWS), rows)
            return
        size = sum(file.metadata.row_group(group).total_byte_size for group in range(file.num_row_groups))
        parts = -(-size // PART_BYTES)
        part_rows = -(-order.size // (parts * rows)) * rows
        rank = np.empty_like(order)
        rank[order] = np.arange(order.size)
        with TemporaryDirectory(dir=path.parent) as folder:
            yield from _sorted_parts(_split(file, rank, part_rows=part_rows, folder=Path(folder)), rows)


def _split(file: pq.ParquetFile, rank: npt.NDArray[np.int64], *, part_rows: int, folder: Path) -> list[Path]:
    """The files, in order, of the rows whose ranks belong together, each row with its rank."""
    schema = file.schema_arrow.append(pa.field(_RANK, pa.int64()))
    paths = [folder / f"{part}.arrow" for part in range(-(-rank.size // part_rows))]
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    writers = [pa.ipc.new_file(path, schema, options=options) for path in paths]
    done = 0
    for batch in file.iter_batches(_MOVED_ROWS):
        ranks = rank[done : done + batch.num_rows]
        done += batch.num_rows
        ranked = pa.record_batch([*batch.columns, pa.array(ranks)], schema=schema)
        for part in np.unique(ranks // part_rows).tolist():
            writers[part].write_batch(ranked.take(pa.array(np.flatnonzero(ranks // part_rows == part))))
    for writer in writers:
        writer.close()
    return paths


def _sorted_parts(paths: list[Path], rows: int) -> Iterator[pa.RecordBatch]:
    for path in paths:
        with pa.ipc.open_file(path) as reader:
            part = reader.read_all().combine_chunks()
        path.unlink()
        ranks = part.column(_RANK).to_numpy()
        places = np.argsort(ranks)
        part = part.drop_columns(_RANK)
        for start in range(0, places.size, rows):
            yield part.take(pa.array(places[start : start + rows])).to_batches()[0]


def _regroup(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The same rows, exactly ``rows`` to a batch but for the last."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        while count + batch.num_rows >= rows:
            taken = rows - count
            yield pa.Table.from_batches([*waiting, batch.slice(0, taken)]).combine_chunks().to_batches()[0]
            waiting, count, batch = [], 0, batch.slice(taken)
        if batch.num_rows:
            waiting.append(batch)
            count += batch.num_rows
    if waiting:
        yield pa.Table.from_batches(waiting).combine_chunks().to_batches()[0]


def _drain(batches: list[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches in their order, each forgotten once it is handed out."""
    batches.reverse()
    while batches:
        yield batches.pop()


def _write(batches: Iterator[pa.RecordBatch], schema: pa.Schema, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(file, schema, compression="lz4", use_dictionary=False, write_statistics=False) as writer:
        for batch in batches:
            try:
                writer.write_batch(batch)
            except OSError as error:
                raise EngineError(
                    f"engine.temp_directory {file.parent} cannot be written: {error.strerror or error}"
                ) from error
