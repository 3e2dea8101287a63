"""Everything one source holds, as drafts and rejects; what breaks inside it ends it with a reject, never the run."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from itertools import chain, islice
from lzma import LZMAError
from typing import Final

from storycluster.config import ReadConfig
from storycluster.stages.read.columns import to_json
from storycluster.stages.read.decoding import describe
from storycluster.stages.read.opening import open_source
from storycluster.stages.read.records import BROKEN, Draft, Found, Reject, Source

CHUNK_RECORDS: Final = 1_000
CHUNK_CHARS: Final = 8_000_000
LOOKED_AT: Final = 20  # records between two looks at the size
UNREAD: Final = "a format that storycluster does not read"
#: Formats that people have articles in and nobody here reads: where their mark stands, the mark, and what to do.
_NEXT_STEPS: Final = (
    (0, b"%PDF", "PDF; save its text first"),
    (0, b"PK\x03\x04", "a zip archive or office document; unpack it, or save its text, first"),
    (0, b"\xd0\xcf\x11\xe0", "an office document; save its text first"),
    (257, b"ustar", "a tar archive; unpack it first"),
)


def read_source(source: Source, config: ReadConfig) -> Iterator[Found]:
    """Drafts and rejects of one source; the last is a reject where the file breaks off."""
    try:
        stream, reader = open_source(source, config)
    except BROKEN as error:
        yield Reject(None, _explain(error))
        return
    with stream:
        if reader is None:
            head = stream.read(1_000)
            yield Reject(None, _name_unread(head), head)
            return
        try:
            found = _limit(reader.read(stream, source, config), config.max_records)
            first = next(found, None)
            if first is None:
                yield Reject(None, f"no article in this {reader.format} file")
                return
            found = chain([first], found)
            yield from found if source.reopens else map(_keep_record, found)
        except BROKEN as error:
            yield Reject(None, _explain(error))


def _name_unread(head: bytes) -> str:
    """Why a file is not read, by its first bytes, with what to do where its format is known.

    >>> _name_unread(b"%PDF-1.4")
    'a format that storycluster does not read: PDF; save its text first'
    """
    known = (step for at, mark, step in _NEXT_STEPS if head.startswith(mark, at))
    return ": ".join([UNREAD, *islice(known, 1)])


def chunk_drafts(found: Iterator[Found]) -> Iterator[list[Found]]:
    """The same, in lists of bounded length and size."""
    chunk: list[Found] = []
    chars = 0
    while some := list(islice(found, LOOKED_AT)):
        chunk += some
        chars += sum(len(item.text if type(item) is Draft else item.record or b"") for item in some)
        if len(chunk) >= CHUNK_RECORDS or chars >= CHUNK_CHARS:
            yield chunk
            chunk, chars = [], 0
    if chunk:
        yield chunk


def _limit(found: Iterator[Found], max_records: int) -> Iterator[Found]:
    yield from islice(found, max_records)
    if next(found, None) is not None:
        yield Reject(None, f"more than read.max_records = {max_records:,} records; the rest was not read")


def _keep_record(found: Found) -> Found:
    """A draft with its record: what its format has as bytes, else its fields as a line of JSON."""
    if type(found) is not Draft or found.record is not None:
        return found
    fields = {name: value for name, value in found._asdict().items() if value is not None and name != "line"}
    return found._replace(record=to_json(fields))


def _explain(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return describe(error)
    if isinstance(error, zlib.error | LZMAError | gzip.BadGzipFile):
        return f"damaged compressed file: {error}"
    if isinstance(error, EOFError):
        return f"file ends too early: {error}"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror}"
    return " ".join(str(error).split()) or type(error).__name__
