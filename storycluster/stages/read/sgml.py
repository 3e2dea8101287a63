"""Reader of the SGML files of the Reuters-21578 collection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from storycluster.config import ReadConfig
from storycluster.stages.read.decoding import decode, describe
from storycluster.stages.read.lines import LongLine, number_lines
from storycluster.stages.read.records import Draft, FormatError, Found, Reader, Reject, Source

_START: Final = b"<REUTERS"
_END: Final = b"</REUTERS>"
_NUMBER: Final = re.compile(r'\bNEWID="([^"<>]{1,20})"')
_TAGS: Final = re.compile(r"</?(?:TEXT|TITLE|DATELINE|AUTHOR|BODY|DATE)\b[^<>]{0,200}>")
_REFERENCE: Final = re.compile(r"&#(?:[0-8]|1[1-9]|2\d|3[01]|127);")  # control characters of the wire
SOURCE: Final = "Reuters"


def read(stream: BinaryIO, source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft or reject per ``<REUTERS>`` element, ``line`` being its first line."""
    element: list[bytes] = []
    first, size = 0, 0
    for number, line in number_lines(stream, max_bytes=config.max_line_bytes):
        if isinstance(line, LongLine):
            raise FormatError(f"line {number} of more than read.max_line_bytes = {config.max_line_bytes:,}")
        if line.startswith(_START):
            element, first, size = [], number, 0
        if not first:
            continue
        element.append(line)
        size += len(line)
        if size > config.max_line_bytes:
            raise FormatError(f"element of more than read.max_line_bytes = {config.max_line_bytes:,}")
        if _END in line:
            yield _read_element(b"".join(element), first, keep=not source.reopens)
            element, first = [], 0
    if first:
        yield Reject(first, "file ends inside this element", b"".join(element))


def _read_element(data: bytes, line: int, *, keep: bool) -> Found:
    try:
        element = decode(data)
    except UnicodeDecodeError as error:
        return Reject(line, describe(error), data)
    element = _REFERENCE.sub("", element)
    number = _NUMBER.search(element)
    title = _inside(element, "TITLE")
    return Draft(
        line,
        _inside(element, "BODY") or _unmarked(element),
        f"reut-{number[1]}" if number else None,
        title,
        _inside(element, "DATE"),
        SOURCE,
        record=data if keep else None,
    )


def _inside(element: str, tag: str) -> str:
    """What stands in the first element of this name."""
    start = element.find(f"<{tag}>")
    end = element.find(f"</{tag}>", start)
    return element[start + len(tag) + 2 : end] if 0 <= start < end else ""


def _unmarked(element: str) -> str:
    """The text of an element without a body: what is in TEXT and is no title, dateline or author."""
    start, end = element.find("<TEXT"), element.find("</TEXT>")
    text = element[start:end] if 0 <= start < end else ""
    for tag in ("TITLE", "DATELINE", "AUTHOR"):
        inner = _inside(text, tag)
        text = text.replace(f"<{tag}>{inner}</{tag}>", "", 1)
    return _TAGS.sub("", text)


def _sniff(head: bytes) -> bool:
    return head.lstrip()[:15].upper() == b"<!DOCTYPE LEWIS" or head.startswith(_START)


READER: Final = Reader("Reuters SGML", (".sgm", ".sgml"), _sniff, read, is_proven=True)
