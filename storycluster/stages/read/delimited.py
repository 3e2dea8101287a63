"""Readers of CSV and TSV files with a header line; quoted fields may span lines, a broken row costs only itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, Final

from storycluster.config import ReadConfig
from storycluster.stages.read.columns import Columns, count_fields
from storycluster.stages.read.decoding import decode, describe
from storycluster.stages.read.lines import LongLine, number_lines
from storycluster.stages.read.records import Found, Reader, Reject, Source

_DELIMITERS: Final = ",;\t|"
_UTF8_MARK: Final = "\ufeff"
#: A row that was never closed is given up, and reading goes on at its second line; this often per file.
MAX_RESTARTS: Final = 100


def read(stream: BinaryIO, source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft or reject per row; a file whose header names no text column is one reject."""
    csv.field_size_limit(max(csv.field_size_limit(), config.max_line_bytes))  # the module knows no other place
    columns = Columns(config.fields)
    rows = _Rows(stream, config.max_line_bytes)
    header = rows.read_header()
    if header is None:
        return
    if not columns.may_hold_text(header):
        shown = ", ".join(name[:30] for name in header[:12])
        yield Reject(1, f"no text column in the header: {shown}; name yours with read.fields.text", rows.record())
        return
    while (row := rows.next_row()) is not None:
        if isinstance(row, Reject):
            yield row
        elif row:
            yield _read_row(row, header, columns, rows=rows, keep=not source.reopens)


def _read_row(row: list[str], header: list[str], columns: Columns, *, rows: _Rows, keep: bool) -> Found:
    if len(row) < len(header) or any(row[len(header) :]):
        return Reject(rows.number, f"row has {len(row)} columns, the header {len(header)}", rows.record())
    found = columns.pick(dict(zip(header, row, strict=False)), line=rows.number)
    return found._replace(record=rows.record()) if keep or type(found) is Reject else found


class _Rows:
    """The rows of a stream, each with its first line's number and its original bytes."""

    def __init__(self, stream: BinaryIO, max_bytes: int) -> None:
        self._lines = number_lines(stream, max_bytes=max_bytes)
        self._max_bytes = max_bytes
        self._raw: list[tuple[int, bytes]] = []
        self._restarts = 0
        self._delimiter = ","
        self._ended = False
        self._reader = csv.reader(iter(()))

    @property
    def number(self) -> int:
        """The number of the last row's first line."""
        return self._raw[0][0] if self._raw else 0

    def record(self) -> bytes:
        """The original bytes of the last row."""
        return b"".join(line for _, line in self._raw)

    def read_header(self) -> list[str] | None:
        """The column names, the delimiter found by them; None for an empty file."""
        first = next(self._lines, None)
        if first is None or isinstance(first[1], LongLine):
            return None
        self._raw = [(first[0], first[1])]
        line = decode(first[1]).removeprefix(_UTF8_MARK)
        self._delimiter = max(_DELIMITERS, key=lambda d: len(next(csv.reader([line], delimiter=d), [])))
        self._reader = csv.reader(self._texts(), delimiter=self._delimiter)
        return [name.strip() for name in next(csv.reader([line], delimiter=self._delimiter), [])]

    def next_row(self) -> list[str] | Reject | None:
        """The next row, a reject for one that cannot be read, or None at the end."""
        self._raw = []
        try:
            row = next(self._reader)
        except StopIteration:
            return None
        except _RowError as error:
            return self._give_up(str(error), self.record() + error.head)
        except csv.Error as error:
            return self._give_up(f"not valid CSV: {error}", self.record())
        if self._ended or (len(self._raw) > 1 and not self._is_well_quoted()):
            return self._give_up(_UNCLOSED, self.record())
        return row

    def _give_up(self, reason: str, record: bytes) -> Reject:
        """The reject of the row at hand; reading goes on below its first line."""
        number, again = self.number, self._raw[1:]
        if again and self._restarts < MAX_RESTARTS:
            self._restarts += 1
            self._lines = chain(again, self._lines)
            record = self._raw[0][1]
        self._ended = False
        self._reader = csv.reader(self._texts(), delimiter=self._delimiter)
        return Reject(number or None, reason, record)

    def _is_well_quoted(self) -> bool:
        """Whether a row of several lines ends outside quotes, and no quote closes before the end of its field."""
        lines = (decode(line) for _, line in self._raw)
        try:
            list(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return False
        return True

    def _texts(self) -> Iterator[str]:
        """Lines as the parser asks for them, remembered until the row is complete."""
        size = 0
        for number, line in self._lines:
            size = size if self._raw else 0
            if isinstance(line, LongLine):
                reason = f"line of {line.length:,} bytes, read.max_line_bytes is {self._max_bytes:,}"
                self._raw = self._raw or [(number, b"")]
                raise _RowError(reason, line.head)
            self._raw.append((number, line))
            size += len(line)
            if size > self._max_bytes:
                raise _RowError(_UNCLOSED)
            try:
                yield decode(line)
            except UnicodeDecodeError as error:
                raise _RowError(describe(error)) from error
        self._ended = True  # asked for a line that is not there: the last row is not complete


_UNCLOSED: Final = "a quoted field is not closed where it ends"


class _RowError(Exception):
    """A line that ends the row it stands in; ``head`` is what is kept of a line too long to keep."""

    def __init__(self, reason: str, head: bytes = b"") -> None:
        super().__init__(reason)
        self.head = head


def _is_table(head: bytes) -> bool:
    """Whether the first line is a header: names of a text and another field, and the second has as many cells."""
    try:
        lines = decode(head[: head.rfind(b"\n") + 1]).splitlines()
    except UnicodeDecodeError:
        return False
    if len(lines) < 2:
        return False
    delimiter = max(_DELIMITERS, key=lines[0].count)
    names = next(csv.reader(lines[:1], delimiter=delimiter), [])
    return len(names) > 1 and count_fields(names) > 1 and lines[1].count(delimiter) >= min(2, len(names) - 1)


READER: Final = Reader("CSV", (".csv", ".tsv", ".tab"), _is_table, read, has_header=True, is_proven=True)
