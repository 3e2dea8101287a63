"""Numbered lines of a binary stream with bounded memory, however long a line is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO, Final, NamedTuple

CHUNK_BYTES: Final = 1 << 20
HEAD_BYTES: Final = 1_000  # kept of a line that is too long, for its excerpt


class LongLine(NamedTuple):
    """The first bytes of a line over the limit, and its length in bytes."""

    head: bytes
    length: int


def number_lines(stream: BinaryIO, *, max_bytes: int) -> Iterator[tuple[int, bytes | LongLine]]:
    """Each line with its number from 1 and its ending; a line over ``max_bytes`` only as a ``LongLine``.

    >>> import io
    >>> list(number_lines(io.BytesIO(b"a\\nbcd"), max_bytes=2))
    [(1, b'a\\n'), (2, LongLine(head=b'bcd', length=3))]
    """
    number, length = 0, 0
    parts: list[bytes] = []
    for chunk in iter(partial(stream.read, CHUNK_BYTES), b""):
        if not parts and len(chunk) == CHUNK_BYTES and chunk.isspace():
            number += chunk.count(b"\n")  # a bomb of empty lines must not cost a step for each
            continue
        for piece in _pieces(chunk):
            length += len(piece)
            if length <= max_bytes or not parts:
                parts.append(piece)
            if piece.endswith(b"\n"):
                number += 1
                yield number, _line(parts, length, max_bytes)
                parts, length = [], 0
    if length:
        yield number + 1, _line(parts, length, max_bytes)


def _pieces(chunk: bytes) -> Iterable[bytes]:
    """Lines, the last one cut where the chunk ends; a lone carriage return ends no line."""
    if b"\r" not in chunk:
        return chunk.splitlines(keepends=True)
    lines = chunk.split(b"\n")
    return [*(line + b"\n" for line in lines[:-1]), *(lines[-1:] if lines[-1] else ())]


def _line(parts: list[bytes], length: int, max_bytes: int) -> bytes | LongLine:
    if length > max_bytes:
        return LongLine(parts[0][:HEAD_BYTES], length)
    return parts[0] if len(parts) == 1 else b"".join(parts)
