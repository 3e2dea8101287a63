"""The corpus without its copies: kept records byte for byte as they were read, in the format they came in.

It writes what a reader hands back and never formats a record itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import pyarrow as pa

from storycluster.engines.base import Engine, Table
from storycluster.errors import InputError
from storycluster.replacing import replacing

#: Gives line and bytes of the wanted records of a path, and the header line of a path.
ReadRecords = Callable[[str, Collection[int | None]], Iterator[tuple[int | None, bytes]]]
ReadHeader = Callable[[str], bytes]
#: Writes the wanted rows where all paths are tables of rows; whether they are.
CopyRows = Callable[[Mapping[str, Collection[int | None]], Path], bool]


def write_kept(
    articles: Table,
    groups: Table,
    target: Path,
    *,
    engine: Engine,
    read_records: ReadRecords,
    read_header: ReadHeader,
    copy_rows: CopyRows,
    matches: Table | None = None,
) -> int:
    """The number of articles written to ``target``: all but the copies, and but those in ``matches`` with earlier ones.

    Records of line formats go to one file, compressed as its ending says, rows of tables to a table; files of one
    article each go to a folder. Raises InputError where both kinds or two headers would meet in one file, and where
    a record cannot be read again.
    """
    kept = _kept(articles, groups, matches, engine)
    wanted = {path: [line for _, line in rows] for path, rows in groupby(kept, key=lambda row: row[0])}
    are_files = {line is None for _, line in kept}
    if len(are_files) > 1:
        raise InputError("--write-kept cannot put whole files and records of files into one; run each kind on its own")
    if are_files == {True}:
        _write_files(target, sorted(wanted), read_records)
    elif not copy_rows(wanted, target):
        _write_records(target, wanted, read_records, read_header)
    return len(kept)


def _kept(articles: Table, groups: Table, matches: Table | None, engine: Engine) -> list[tuple[str, int | None]]:
    """Path and line of the kept articles, in the order of the files."""
    copies = f'SELECT article FROM "{groups}" WHERE article <> kept'
    if matches:
        copies += f' UNION SELECT article FROM "{matches}"'
    query = f'SELECT path, line FROM "{articles}" WHERE id NOT IN ({copies}) ORDER BY path, line'
    rows = engine.to_arrow(engine.sql("kept_records", query)).to_pylist()
    return [(row["path"], row["line"]) for row in rows]


def _write_files(target: Path, paths: Sequence[str], read_records: ReadRecords) -> None:
    """Each file under its own name, with the folders that tell equal names apart."""
    parents = {os.path.dirname(os.path.abspath(path)) for path in paths}  # noqa: PTH100, PTH120 - no link resolved
    base = Path(os.path.commonpath(parents)) if parents else Path()
    for path in paths:
        content = _records(path, [None], read_records)[0]
        place = target / Path(os.path.abspath(path)).relative_to(base)  # noqa: PTH100 - as above
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _write_records(
    target: Path, wanted: dict[str, list[int | None]], read_records: ReadRecords, read_header: ReadHeader
) -> None:
    """All records one after the other below their header; complete, or not there at all."""
    headers = {read_header(path) for path in wanted}
    if len(headers) > 1:
        raise InputError("--write-kept cannot put files of different headers into one; run them one by one")
    with replacing(target, "--write-kept") as part, pa.output_stream(str(part), compression="detect") as stream:
        for record in headers:
            stream.write(record)
        for path, lines in wanted.items():
            for record in _records(path, lines, read_records):
                stream.write(record if record.endswith(b"\n") else record + b"\n")


def _records(path: str, lines: list[int | None], read_records: ReadRecords) -> list[bytes]:
    """The wanted records of one file. Raises InputError where one is not handed back."""
    found = [record for _, record in read_records(path, lines)]
    if len(found) != len(lines):
        raise InputError(
            f"--write-kept: {len(lines) - len(found)} of {len(lines)} articles of {path} cannot be written as they "
            "were read; they are no longer there, or came from memory"
        )
    return found
