"""The one list of readers, and which of them reads a file: by its first bytes where they tell, else by its name."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from storycluster.stages.read import columnar, delimited, feeds, html, json_document, jsonl, mail, plain, sgml, warc
from storycluster.stages.read.records import Reader

#: Asked in this order for a file whose name tells nothing; plain text is last, since any bytes may be text.
READERS: Final[tuple[Reader, ...]] = (
    columnar.PARQUET_READER,
    columnar.ARROW_READER,
    warc.READER,
    sgml.READER,
    html.READER,
    feeds.READER,
    mail.MAILBOX_READER,
    mail.MESSAGE_READER,
    jsonl.READER,
    json_document.READER,
    delimited.READER,
    plain.MARKDOWN_READER,
    plain.TEXT_READER,
)

SNIFFED_BYTES: Final = 4_096
COMPRESSED_ENDINGS: Final = (".gz", ".zst", ".bz2", ".xz")
STDIN: Final = "-"


def find_reader(path: str, head: bytes) -> Reader | None:
    """The reader for a file with this name that starts with ``head``; None for a format nobody reads.

    First bytes that prove a format count more than the name. Standard input is JSON lines unless proven otherwise.

    >>> find_reader("pile.jsonl", b"").format
    'JSON lines'
    >>> find_reader("page.txt", b"<!DOCTYPE html><html>").format
    'HTML'
    """
    sniffed = next((reader for reader in READERS if reader.sniff(head)), None)
    named = _find_named(path, head)
    is_json_called_so = named is json_document.READER and sniffed is jsonl.READER
    if sniffed is not None and sniffed.is_proven and not is_json_called_so:
        return sniffed
    if PurePath(path).name == STDIN:  # or a copy of it
        return jsonl.READER if sniffed is None or sniffed.holds_one_article else sniffed
    return named or sniffed


def may_hold_one_article(path: str) -> bool:
    """Whether a file with this name may be read as one article, which then takes the file's name as its id.

    >>> may_hold_one_article("a.txt"), may_hold_one_article("a.jsonl.gz")
    (True, False)
    """
    reader = _find_named(path, b"")
    return reader is None or reader.holds_one_article


def strip_compression(path: str) -> str:
    """The name without an ending that only tells how the file is compressed.

    >>> strip_compression("a.jsonl.gz")
    'a.jsonl'
    """
    for ending in COMPRESSED_ENDINGS:
        path = path.removesuffix(ending)
    return path


def _find_named(path: str, head: bytes) -> Reader | None:
    """The reader that the ending names; JSON that is one list is a document, whatever its ending."""
    ending = PurePath(strip_compression(path)).suffix.lower()
    named = next((reader for reader in READERS if ending in reader.endings), None)
    return json_document.READER if named is jsonl.READER and head.lstrip()[:1] == b"[" else named
