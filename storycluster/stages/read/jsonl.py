"""Reader of JSON lines: one record per line, streamed; a broken line costs only itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec
import numpy as np

from storycluster.config import ReadConfig
from storycluster.stages.read.columns import Columns, pick_article
from storycluster.stages.read.decoding import decode, describe
from storycluster.stages.read.lines import LongLine, number_blocks, split_block
from storycluster.stages.read.records import Draft, Found, Reader, Reject, Source
from storycluster.stages.read.uniform_lines import UniformLines

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_OPEN, _CLOSE, _NEWLINE = b"{}\n"


def read(stream: BinaryIO, source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft or reject per line that is not blank."""
    columns, uniform = Columns(config.fields), UniformLines()
    may_be_plain = source.reopens and not config.fields
    for first, block in number_blocks(stream, max_bytes=config.max_line_bytes):
        drafts = _read_plain(block, first, uniform, config) if may_be_plain and type(block) is bytes else None
        yield from _read_block(first, block, columns, config, source) if drafts is None else drafts


def _read_plain(block: bytes, first: int, uniform: UniformLines, config: ReadConfig) -> list[Draft] | None:
    """The drafts of a block of which each line is an object of the same plain fields; None for any other.

    Between ``}`` and ``{`` no object goes on, so that each line has one where there are as many as lines.
    """
    if len(block) > config.max_line_bytes or not block.endswith(b"}\n"):
        return None
    characters = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(characters == _NEWLINE)
    if (characters[ends - 1] != _CLOSE).any() or (characters[ends[:-1] + 1] != _OPEN).any():
        return None
    return uniform.read(block, line=first, lines=ends.size)


def _read_block(
    first: int, block: bytes | LongLine, columns: Columns, config: ReadConfig, source: Source
) -> Iterator[Found]:
    """The same for any lines, one by one."""
    for number, line in split_block(first, block, max_bytes=config.max_line_bytes):
        if isinstance(line, LongLine):
            reason = f"line of {line.length:,} bytes, read.max_line_bytes is {config.max_line_bytes:,}"
            yield Reject(number, reason, line.head)
        elif not line.isspace():
            found = _read_line(line.removeprefix(_UTF8_MARK) if number == 1 else line, number, columns, config)
            if type(found) is Reject:
                yield found._replace(record=line)
            else:
                yield found if source.reopens else found._replace(record=line)


def _read_line(line: bytes, number: int, columns: Columns, config: ReadConfig) -> Found:
    try:
        record = parse_json(line)
    except UnicodeDecodeError as error:
        return Reject(number, describe(error))
    except RecursionError:
        return Reject(number, f"JSON nested too deeply, read.max_nesting is {config.max_nesting}")
    except ValueError as error:
        return Reject(number, f"not valid JSON: {error}")
    return pick_article(record, columns, line=number, max_nesting=config.max_nesting)


def parse_json(data: bytes) -> object:
    """The value of one JSON text; NaN is read as Python writes it, and other encodings where the bytes prove them.

    Raises ValueError (UnicodeDecodeError for bytes of no encoding), RecursionError for hostile nesting.

    >>> parse_json(b'{"a": [1, null]}')
    {'a': [1, None]}
    """
    try:
        return msgspec.json.decode(data)
    except UnicodeDecodeError:
        return json.loads(decode(data))
    except msgspec.DecodeError as error:
        return _parse_leniently(data, error)


def _parse_leniently(data: bytes, first_error: msgspec.DecodeError) -> object:
    try:
        return json.loads(data)
    except json.JSONDecodeError:
        raise ValueError(str(first_error)) from None


def _sniff(head: bytes) -> bool:
    """Whether the first line is an object, or the start of one longer than what is seen."""
    first, ended, _ = head.removeprefix(_UTF8_MARK).lstrip().partition(b"\n")
    if not first.startswith(b"{"):
        return False
    try:
        return isinstance(msgspec.json.decode(first), dict)
    except (ValueError, RecursionError):
        return not ended and _KEY.match(first) is not None


_KEY: Final = re.compile(rb"\{\s{0,9}\"[^\"\\]{1,100}\"\s{0,9}:")
READER: Final = Reader("JSON lines", (".jsonl", ".ndjson", ".jsonlines", ".jl"), _sniff, read, is_proven=True)
