"""Reader of Parquet and Arrow (Feather) files, a batch of rows at a time and only the columns an article has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from storycluster.config import ReadConfig
from storycluster.stages.read.columns import Columns, find_used, pick_article, to_json
from storycluster.stages.read.records import Draft, FormatError, Found, Reader, Source

BATCH_ROWS: Final = 500
_PARQUET: Final = b"PAR1"
_ARROW: Final = b"ARROW1"


def read_parquet(stream: BinaryIO, source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft or reject per row, ``line`` being the number of the row."""
    with _arrow_errors(stream):
        file = pq.ParquetFile(stream)
        expanded = sum(file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups))
        if expanded > config.max_file_bytes:
            raise FormatError(f"expands to {expanded:,} bytes, read.max_file_bytes is {config.max_file_bytes:,}")
        used = find_used(file.schema_arrow.names, config.fields)
        yield from _read_batches(file.iter_batches(BATCH_ROWS, columns=used), source, config)


def read_arrow(stream: BinaryIO, source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft or reject per row, ``line`` being the number of the row."""
    with _arrow_errors(stream):
        reader = pa.ipc.open_file(stream)
        batches = (reader.get_batch(i) for i in range(reader.num_record_batches))
        yield from _read_batches((part for batch in batches for part in _slices(batch)), source, config)


def _read_batches(batches: Iterable[pa.RecordBatch], source: Source, config: ReadConfig) -> Iterator[Found]:
    columns = Columns(config.fields)
    number = 0
    for batch in batches:
        for record in batch.to_pylist():
            number += 1
            found = pick_article(record, columns, line=number, max_nesting=config.max_nesting)
            is_kept = type(found) is Draft and source.reopens
            yield found if is_kept else found._replace(record=to_json(record))


def _slices(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, BATCH_ROWS):
        yield batch.slice(start, BATCH_ROWS)


@contextmanager
def _arrow_errors(stream: BinaryIO) -> Iterator[None]:
    """What Arrow finds wrong with a file, as a FormatError."""
    if not stream.seekable():
        raise FormatError("cannot be read from a pipe or compressed file: it must be a plain file")
    try:
        yield
    except pa.ArrowException as error:
        raise FormatError(" ".join(str(error).split())[:200]) from error


PARQUET_READER: Final = Reader(
    "Parquet", (".parquet", ".pq"), lambda head: head.startswith(_PARQUET), read_parquet, is_proven=True
)
ARROW_READER: Final = Reader(
    "Arrow", (".arrow", ".feather", ".ipc"), lambda head: head.startswith(_ARROW), read_arrow, is_proven=True
)
