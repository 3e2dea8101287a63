"""Numbered lines of a binary stream with bounded memory, however long a line is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO, Final, NamedTuple

import numpy as np

CHUNK_BYTES: Final = 1 << 18
_NEWLINE: Final = 10
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
    for first, block in number_blocks(stream, max_bytes=max_bytes):
        yield from split_block(first, block, max_bytes=max_bytes)


def number_blocks(stream: BinaryIO, *, max_bytes: int) -> Iterator[tuple[int, bytes | LongLine]]:
    """Whole lines, some together, with the number of the first one; a line much over ``max_bytes`` is on its own.

    >>> import io
    >>> list(number_blocks(io.BytesIO(b"a\\nbcd\\ne"), max_bytes=2))
    [(1, b'a\\nbcd\\n'), (3, b'e')]
    """
    number = 1
    for block in _blocks(stream, max_bytes):
        # A bomb of empty lines must not cost a step for each.
        if isinstance(block, LongLine) or len(block) < CHUNK_BYTES // 2 or not block.isspace():
            yield number, block
        number += 1 if isinstance(block, LongLine) else _count_lines(block)


def split_block(first: int, block: bytes | LongLine, *, max_bytes: int) -> Iterator[tuple[int, bytes | LongLine]]:
    """The numbered lines of a block of which the first line has this number.

    >>> list(split_block(7, b"a\\rb\\nc", max_bytes=9))
    [(7, b'a\\rb\\n'), (8, b'c')]
    """
    if isinstance(block, LongLine):
        yield first, block
        return
    for number, line in enumerate(_split(block), first):
        yield number, line if len(line) <= max_bytes else LongLine(line[:HEAD_BYTES], len(line))


def _blocks(stream: BinaryIO, max_bytes: int) -> Iterator[bytes | LongLine]:
    begun: list[bytes] = []  # of a line that has not ended yet; no more than its start where it is too long
    length = 0
    for chunk in iter(partial(stream.read, CHUNK_BYTES), b""):
        end = chunk.rfind(b"\n") + 1
        if end == 0:
            length += len(chunk)
            if length <= max_bytes or not begun:
                begun.append(chunk)
            continue
        start = 0
        if length > max_bytes:
            start = chunk.find(b"\n") + 1
            yield LongLine(begun[0][:HEAD_BYTES], length + start)
            begun = []
        if end > start:
            yield b"".join((*begun, memoryview(chunk)[start:end]))
        begun, length = ([chunk[end:]], len(chunk) - end) if end < len(chunk) else ([], 0)
    if length > max_bytes:
        yield LongLine(begun[0][:HEAD_BYTES], length)
    elif length:
        yield b"".join(begun)


def _count_lines(block: bytes) -> int:
    """The line ends in a block, some times faster than ``bytes.count``."""
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == _NEWLINE))


def _split(block: bytes) -> Iterable[bytes]:
    """Lines with their endings; a lone carriage return ends no line."""
    if b"\r" not in block:
        return block.splitlines(keepends=True)
    lines = block.split(b"\n")
    return [*(line + b"\n" for line in lines[:-1]), *(lines[-1:] if lines[-1] else ())]
