"""Bytes to characters: UTF-8, UTF-16 and UTF-32 by their mark, cp1252 where the bytes prove it; never guesses."""

from __future__ import annotations

import codecs
import re
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Quotes, dashes, currency signs and the letters of western European languages in cp1252.
_WESTERN: Final = re.compile(
    b"[\x80\x85\x91-\x97\xa0\xa3\xa7\xa9\xab\xb0\xb4\xb7\xbb\xbf\xa1\xc0-\xc2\xc4-\xcb\xce\xd1\xd3\xd4\xd6\xd8\xd9\xdc\xdf-\xef\xf1-\xf6\xf8-\xfc\x8c\x9c]"
)
_HIGH: Final = re.compile(b"[\x80-\xff]")
#: Three high bytes in a row, or one beside a control character, are no western prose.
_NOT_PROSE: Final = re.compile(b"[\x80-\xff]{3}|[\x00-\x08\x0e-\x1f]")
MAX_HIGH_SHARE: Final = 0.25


def decode(data: bytes) -> str:
    r"""The characters of ``data``.

    Raises UnicodeDecodeError, with the place, where no encoding is proven.

    >>> decode(b"caf\xe9 society"), decode(b"\xff\xfea\x00")
    ('café society', 'a')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if not _is_western(data):
            raise
    return data.decode("cp1252")


def find_encoding(head: bytes) -> str:
    r"""The encoding that the mark at the start of a file names, else UTF-8.

    >>> find_encoding(b"\xff\xfea\x00")
    'utf-16'
    """
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "utf-8")


def describe(error: UnicodeDecodeError) -> str:
    """One line that says which byte is wrong and where.

    >>> describe(UnicodeDecodeError("utf-8", b"a\\xff", 1, 2, "invalid start byte"))
    'not UTF-8: byte 0xff at offset 1'
    """
    name = error.encoding.upper().replace("UTF-8-SIG", "UTF-8")
    return f"not {name}: byte 0x{error.object[error.start]:02x} at offset {error.start}"


def _is_western(data: bytes) -> bool:
    """Whether every high byte is one that western prose has in cp1252, and none is a piece of damaged UTF-8."""
    high = len(_HIGH.findall(data))
    if high > MAX_HIGH_SHARE * len(data) or high != len(_WESTERN.findall(data)) or _NOT_PROSE.search(data):
        return False
    return data.decode("utf-8", "ignore").isascii()
