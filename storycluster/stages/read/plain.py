"""Readers of plain text and Markdown files: one article per file, its layout recognised."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from storycluster.config import ReadConfig
from storycluster.stages.read.decoding import decode, describe
from storycluster.stages.read.records import Draft, Found, Reader, Reject, Source
from storycluster.text.layout import Layout, find_layout, find_markdown_layout

_LINE_BREAK: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
MAX_CONTROL_SHARE: Final = 0.1  # more control characters than this are no text
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_text(stream: BinaryIO, source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft, its title and date recognised."""
    return _read(stream, source, config, find_layout)


def read_markdown(stream: BinaryIO, source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft; front matter and ``# Title`` recognised, marks taken off."""
    return _read(stream, source, config, find_markdown_layout)


def read_whole(stream: BinaryIO, config: ReadConfig) -> bytes | Reject:
    """All bytes of a file that holds one article, or the reject of one that is too large or empty."""
    data = stream.read(config.max_line_bytes + 1)
    if len(data) > config.max_line_bytes:
        return Reject(None, f"file of more than read.max_line_bytes = {config.max_line_bytes:,} bytes", data)
    return data if data.strip() else Reject(None, "empty file", data)


def _read(stream: BinaryIO, source: Source, config: ReadConfig, layout: Callable[[str], Layout]) -> Iterator[Found]:
    data = read_whole(stream, config)
    if isinstance(data, Reject):
        yield data
        return
    try:
        text = decode(data)
    except UnicodeDecodeError as error:
        yield Reject(None, describe(error), data)
        return
    if len(_CONTROLS.findall(text)) > MAX_CONTROL_SHARE * len(text):
        yield Reject(None, "not text: full of control characters", data)
        return
    found = layout(_LINE_BREAK.sub("\n", text))
    record = None if source.reopens else data
    header = found.header
    yield Draft(
        None,
        found.text,
        header.get("id") or source.name,
        found.title,
        header.get("published"),
        header.get("source"),
        header.get("url"),
        header.get("language"),
        record,
    )


def _is_markdown(head: bytes) -> bool:
    return head.startswith(b"# ")


def _is_text(head: bytes) -> bool:
    """Any bytes without NUL may be text; this reader is asked last."""
    return b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))


TEXT_READER: Final = Reader("text", (".txt", ".text"), _is_text, read_text, holds_one_article=True)
MARKDOWN_READER: Final = Reader("Markdown", (".md", ".markdown"), _is_markdown, read_markdown, holds_one_article=True)
