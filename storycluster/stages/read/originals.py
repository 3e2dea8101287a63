"""Records as they came, byte for byte, found again by path and line; for writing back what a run keeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator

from storycluster.config import ReadConfig
from storycluster.stages.read.files import find_path, make_source
from storycluster.stages.read.opening import open_source
from storycluster.stages.read.records import Draft
from storycluster.stages.read.sources import read_source


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
