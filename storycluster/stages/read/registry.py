"""The one list of readers, and which of them reads a file: by its first bytes where they tell, else by its name."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from storycluster.stages.read import delimited, jsonl, plain
from storycluster.stages.read.records import Reader

#: Asked in this order for a file whose name tells nothing; plain text is last, since any bytes may be text.
READERS: Final[tuple[Reader, ...]] = (
    jsonl.READER,
    delimited.READER,
    plain.MARKDOWN_READER,
    plain.TEXT_READER,
)

SNIFFED_BYTES: Final = 4_096
COMPRESSED_ENDINGS: Final = (".gz", ".zst", ".bz2", ".xz")


def find_reader(path: str, head: bytes) -> Reader | None:
    """The reader for a file with this name that starts with ``head``; None for a format nobody reads.

    >>> find_reader("pile.jsonl", b"").format
    'JSON lines'
    """
    return _find_named(path) or next((reader for reader in READERS if reader.sniff(head)), None)


def may_hold_one_article(path: str) -> bool:
    """Whether a file with this name may be read as one article, which then takes the file's name as its id.

    >>> may_hold_one_article("a.txt"), may_hold_one_article("a.jsonl.gz")
    (True, False)
    """
    reader = _find_named(path)
    return reader is None or reader.holds_one_article


def strip_compression(path: str) -> str:
    """The name without an ending that only tells how the file is compressed.

    >>> strip_compression("a.jsonl.gz")
    'a.jsonl'
    """
    for ending in COMPRESSED_ENDINGS:
        path = path.removesuffix(ending)
    return path


def _find_named(path: str) -> Reader | None:
    ending = PurePath(strip_compression(path)).suffix.lower()
    return next((reader for reader in READERS if ending in reader.endings), None)
