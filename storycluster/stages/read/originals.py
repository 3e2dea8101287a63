"""Records as they came, byte for byte, found again by path and line; for writing back what a run keeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa

from storycluster.config import ReadConfig
from storycluster.stages.read.columns import to_json
from storycluster.stages.read.files import make_source
from storycluster.stages.read.opening import open_source
from storycluster.stages.read.records import Draft
from storycluster.stages.read.registry import STDIN
from storycluster.stages.read.sources import read_source

_FIELDS: Final = ("id", "title", "text", "published_raw", "source", "url", "language")
_FIELD_NAMES: Final = {"published_raw": "published"}


def write_records(articles: pa.Table, out: BinaryIO, config: ReadConfig, *, stdin: Path | None = None) -> None:
    """Write the records of these rows of the articles table as they came, sorted by path and line.

    Lines of JSON lines, CSV and TSV files are copied byte for byte, a table's header once; articles of other
    formats, and those from memory, become JSON lines. ``stdin`` is the copy of standard input that reading kept.
    """
    rows: pa.Table = articles.select([*_FIELDS, "path", "line"]).sort_by([("path", "ascending"), ("line", "ascending")])
    header = b""
    for path, group in groupby(_stream(rows), key=lambda row: row["path"]):
        waiting: dict[int | None, Mapping[str, Any]] = {row["line"]: row for row in group}
        file = str(stdin) if path == STDIN and stdin else path
        if file and file != STDIN:
            header = _write_header(file, header, out, config)
            for line, record in original_records(file, [line for line in waiting if line is not None], config):
                out.write(record if record.endswith(b"\n") else record + b"\n")
                del waiting[line]
        for row in waiting.values():
            out.write(to_json({_FIELD_NAMES.get(name, name): row[name] for name in _FIELDS if row[name]}) + b"\n")


def original_records(
    path: str, lines: Collection[int | None], config: ReadConfig
) -> Iterator[tuple[int | None, bytes]]:
    """Line and bytes (with their line ending) of the wanted records of one file, in the order of the file.

    ``path`` and ``lines`` are as in the articles table; a file that holds one article has line None. Of a format
    without lines of its own (Parquet, feeds …) a record is a line of JSON; a file that is gone gives nothing.
    """
    wanted = set(lines)
    if not wanted:
        return
    source = dataclasses.replace(make_source(find_path(path)), reopens=False)
    for found in read_source(source, config):
        if type(found) is Draft and found.line in wanted and isinstance(found.record, bytes):
            yield found.line, found.record


def original_header(path: str, config: ReadConfig) -> bytes:
    """The header line of a CSV or TSV file with its line ending; empty for other formats.

    Raises OSError where the file is gone.
    """
    stream, reader = open_source(make_source(find_path(path)), config)
    with stream:
        return stream.readline(config.max_line_bytes) if reader is not None and reader.has_header else b""


def find_path(shown: str) -> Path:
    """The file that is shown under this path, its escapes undone where no file has that very name."""
    path = Path(shown)
    if path.exists() or "\\" not in shown:
        return path
    return Path(shown.encode("latin-1", "backslashreplace").decode("unicode_escape", "surrogatepass"))


def _write_header(path: str, last: bytes, out: BinaryIO, config: ReadConfig) -> bytes:
    """Write the header of a table unless it is the one written last; which one that is now."""
    try:
        header = original_header(path, config)
    except OSError:
        return last
    if header and header != last:
        out.write(header)
    return header or last


def _stream(rows: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in rows.to_batches(max_chunksize=1_000):
        yield from batch.to_pylist()
