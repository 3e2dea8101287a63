"""What a reader yields: an article as found (``Draft``) or a ``Reject``; and where it reads from (``Source``)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from lzma import LZMAError
from typing import BinaryIO, Final, NamedTuple

from storycluster.config import ReadConfig
from storycluster.text.cleaning import show_safely

EXCERPT_CHARS: Final = 120
#: A rejected record is kept whole up to this size; a longer one stays where path and line say.
MAX_KEPT_BYTES: Final = 1_048_576


class Draft(NamedTuple):
    """An article as it stands in its file, before it is cleaned; ``line`` is the line or record number from 1.

    ``record`` holds the original bytes only where the source cannot be opened again.
    """

    line: int | None
    text: str
    id: str | None = None
    title: str | None = None
    published: object = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    record: bytes | str | None = None


class Reject(NamedTuple):
    """A record that is no article, and why; ``line`` is None for a whole file."""

    line: int | None
    reason: str
    record: bytes | str = b""


Found = Draft | Reject


class FormatError(Exception):
    """A file is not, or no longer, of the format that its reader reads."""


#: What ends one file with a reject, and never the run.
BROKEN: Final = (OSError, EOFError, UnicodeDecodeError, RecursionError, FormatError, zlib.error, LZMAError)


@dataclass(frozen=True, slots=True)
class Source:
    """One input: its path as shown, the id of its article where it holds one, and how to open it."""

    path: str
    name: str
    open: Callable[[], BinaryIO]
    reopens: bool = True


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format is recognised and read; a reader raises one of ``BROKEN`` where a file breaks off.

    ``sniff`` sees the first bytes of the (decompressed) file; where ``is_proven`` they count more than the name.
    """

    format: str
    endings: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[[BinaryIO, Source, ReadConfig], Iterator[Found]]
    holds_one_article: bool = False
    has_header: bool = False
    is_proven: bool = False


def excerpt(record: bytes | str) -> str:
    r"""A short piece of a record that is safe to print.

    >>> excerpt(b"\xff{\x1b[31m")
    '\\xff{\\x1b[31m'
    """
    if isinstance(record, bytes):
        record = record[: 8 * EXCERPT_CHARS].decode("utf-8", "backslashreplace")
    return show_safely(record, max_chars=EXCERPT_CHARS)
