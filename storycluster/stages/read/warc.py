"""Reader of web archives (WARC) as in CC-NEWS: every HTML response is read like a saved page (extra ``html``).

The format is a header and a counted body, read here: of the libraries, one prints raw bytes of broken archives to
the terminal and the other aborts on them. Chunked, gzip and deflate bodies are understood, each with a limit.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from storycluster.config import ReadConfig
from storycluster.stages.read.html import read_page
from storycluster.stages.read.records import FormatError, Found, Reader, Reject, Source

MAX_HEADER_BYTES: Final = 65_536
SKIP_BYTES: Final = 1 << 20
_HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
_START: Final = re.compile(rb"WARC/\d")
_STATUS: Final = re.compile(rb"HTTP/\d(?:\.\d)?\s(2\d\d)\b")
_CHUNK: Final = re.compile(rb"\r?\n?([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r?\n")
_WINDOW_BITS: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def read(stream: BinaryIO, _source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft or reject per HTML response, ``line`` being the number of the record; the rest is passed over.

    Raises FormatError where the archive breaks off.
    """
    number = 0
    while (header := _read_header(stream)) is not None:
        number += 1
        length = header.get("content-length", "")
        if not length.isdecimal() or len(length) > len(str(1 << 63)):
            raise FormatError(f"not valid WARC: record {number} does not say how long it is")
        body = _read_body(stream, int(length), config.max_line_bytes, number)
        if header.get("warc-type") == "response":
            yield from _read_response(body, int(length), header, number, config)


def _read_header(stream: BinaryIO) -> dict[str, str] | None:
    """The named fields of the next record; None at the end."""
    line = stream.readline(MAX_HEADER_BYTES)
    while line in (b"\r\n", b"\n"):
        line = stream.readline(MAX_HEADER_BYTES)
    if not line:
        return None
    if not _START.match(line):
        raise FormatError("not valid WARC: a record does not begin with WARC/1.0")
    lines: list[bytes] = []
    while (line := stream.readline(MAX_HEADER_BYTES)) not in (b"\r\n", b"\n", b""):
        lines.append(line)
        if sum(map(len, lines)) > MAX_HEADER_BYTES:
            raise FormatError("not valid WARC: a header does not end")
    return _fields(lines)


def _fields(lines: list[bytes]) -> dict[str, str]:
    pairs = (line.decode("utf-8", "replace").partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _read_body(stream: BinaryIO, length: int, max_bytes: int, number: int) -> bytes:
    """The body, or what is over the limit of it; the stream stands behind it."""
    body = stream.read(min(length, max_bytes + MAX_HEADER_BYTES))
    left = length - len(body)
    while left > 0 and (skipped := stream.read(min(left, SKIP_BYTES))):
        left -= len(skipped)
    if left > 0:
        raise FormatError(f"file ends too early: inside record {number}")
    return body


def _read_response(
    body: bytes, length: int, header: Mapping[str, str], number: int, config: ReadConfig
) -> Iterator[Found]:
    head, _, page = body.partition(b"\r\n\r\n")
    fields = _fields(head.split(b"\r\n")[1:])
    if not _STATUS.match(head) or not fields.get("content-type", "").lower().startswith(_HTML_TYPES):
        return
    limit = config.max_line_bytes
    try:
        page = _decode(page, fields, limit) if length <= len(body) else page
    except (zlib.error, ValueError) as error:
        yield Reject(number, f"page cannot be unpacked: {error}")
        return
    if length > len(body) or len(page) > limit:
        yield Reject(number, f"page of more than read.max_line_bytes = {limit:,} bytes")
        return
    found = read_page(page, url=header.get("warc-target-uri", "").strip("<>") or None)
    identity = header.get("warc-record-id", "").strip("<>").removeprefix("urn:uuid:")
    yield found._replace(line=number) if isinstance(found, Reject) else found._replace(line=number, id=identity or None)


def _decode(page: bytes, fields: Mapping[str, str], max_bytes: int) -> bytes:
    """The page unpacked, cut behind ``max_bytes``. Raises ValueError for a packing that is not known."""
    if "chunked" in fields.get("transfer-encoding", "").lower():
        page = _join_chunks(page)
    packing = fields.get("content-encoding", "").lower()
    if packing in ("", "identity"):
        return page
    if packing not in _WINDOW_BITS:
        raise ValueError(f"packed as {packing[:20]!r}")
    return zlib.decompressobj(_WINDOW_BITS[packing]).decompress(page, max_bytes + 1)


def _join_chunks(page: bytes) -> bytes:
    """The chunks joined; a page that is not chunked after all, as in CC-NEWS, as it is."""
    parts: list[bytes] = []
    position = 0
    while match := _CHUNK.match(page, position):
        size = int(match[1], 16)
        if size == 0:
            return b"".join(parts)
        parts.append(page[match.end() : match.end() + size])
        position = match.end() + size
    return b"".join(parts) if parts else page


READER: Final = Reader("WARC", (".warc",), lambda head: bool(_START.match(head)), read, is_proven=True)
