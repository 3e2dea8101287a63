"""Rows of Parquet and Arrow files copied as they are, every column, into one file of the same format.

It never turns a row into anything else: a table stays a table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from storycluster.config import ReadConfig
from storycluster.errors import InputError
from storycluster.replacing import replacing
from storycluster.stages.read.columnar import ARROW_READER, PARQUET_READER
from storycluster.stages.read.files import find_path, make_source
from storycluster.stages.read.opening import open_source
from storycluster.stages.read.records import Reader

BATCH_ROWS: Final = 10_000
_READERS: Final = (PARQUET_READER, ARROW_READER)


def copy_rows(wanted: Mapping[str, Collection[int | None]], target: Path, config: ReadConfig) -> bool:
    """Whether the paths are Parquet or Arrow files, whose wanted rows (from 1) then stand in ``target``.

    Raises InputError where formats or columns are mixed, or where ``target`` is not named as they are.
    """
    readers = {path: _find_reader(path, config) for path in wanted}
    if not set(readers.values()) & set(_READERS):
        return False
    reader = next(iter(readers.values()))
    if len(set(readers.values())) > 1 or reader is None:
        raise InputError("--write-kept cannot put files of different formats into one; run them one by one")
    if target.suffix not in reader.endings:
        raise InputError(f"--write-kept {target}: rows of {reader.format} files need a name with {reader.endings[0]}")
    schemas = {_read_schema(path, reader) for path in wanted}
    if len(schemas) > 1:
        raise InputError("--write-kept cannot put files of different columns into one; run them one by one")
    _write(wanted, target, reader, schema=schemas.pop())
    return True


def _find_reader(path: str, config: ReadConfig) -> Reader | None:
    stream, reader = open_source(make_source(find_path(path)), config)
    stream.close()
    return reader


def _read_schema(path: str, reader: Reader) -> pa.Schema:
    file = find_path(path)
    if reader is PARQUET_READER:
        return pq.read_schema(file)
    with pa.memory_map(str(file)) as stream:
        return pa.ipc.open_file(stream).schema


def _write(wanted: Mapping[str, Collection[int | None]], target: Path, reader: Reader, *, schema: pa.Schema) -> None:
    """All wanted rows one after the other; the file is complete, or not there at all."""
    with replacing(target, "--write-kept") as part, _open_writer(part, reader, schema) as writer:
        for path, lines in wanted.items():
            for batch in _pick(_batches(path, reader), lines):
                writer.write_batch(batch)


@contextmanager
def _open_writer(part: Path, reader: Reader, schema: pa.Schema) -> Iterator[pq.ParquetWriter | pa.RecordBatchWriter]:
    if reader is PARQUET_READER:
        with pq.ParquetWriter(part, schema) as writer:
            yield writer
    else:
        with pa.ipc.new_file(str(part), schema) as writer:
            yield writer


def _batches(path: str, reader: Reader) -> Iterator[pa.RecordBatch]:
    file = find_path(path)
    if reader is PARQUET_READER:
        yield from pq.ParquetFile(file).iter_batches(BATCH_ROWS)
        return
    with pa.memory_map(str(file)) as stream:
        rows = pa.ipc.open_file(stream)
        yield from map(rows.get_batch, range(rows.num_record_batches))


def _pick(batches: Iterator[pa.RecordBatch], lines: Collection[int | None]) -> Iterator[pa.RecordBatch]:
    """The rows with these numbers."""
    numbers = pa.array(lines, pa.int64())
    first = 1
    for batch in batches:
        own = pa.array(range(first, first + batch.num_rows), pa.int64())
        yield batch.filter(pc.is_in(own, value_set=numbers))
        first += batch.num_rows
