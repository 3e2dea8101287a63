"""Combining marks: how many of them a letter may carry, and composition that a pile of them cannot slow down.

It changes no text that any script writes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import Final

#: More marks on one letter than any script has (the stream-safe limit of UAX 15): sorting them is quadratic.
MOST_MARKS: Final = 30
#: Above the basic plane marks are few, and a pattern with them is slow; it is used where such characters stand.
_BASIC_END: Final = 0x10000
_MARKS_END: Final = 0x1F000  # beyond it there is no mark that is moved by composition
#: Deleting these bytes from UTF-8 leaves what is not ASCII.
_ASCII: Final = bytes(range(128))
_BEYOND_BASIC: Final = re.compile("[\U00010000-\U0010ffff]")


def compose(text: str) -> str:
    r"""The text in canonical composition (NFC), of each pile of marks the first ``MOST_MARKS``.

    Raises UnicodeEncodeError for a lone surrogate.

    >>> compose("Cafe\u0301")
    'Café'
    """
    foreign = foreign_letters(text)
    reach = _MARKS_END if _BEYOND_BASIC.search(foreign) else _BASIC_END
    if _mark(reach).search(foreign):
        return unicodedata.normalize("NFC", piled_marks(reach).sub(r"\1", text))
    return text if unicodedata.is_normalized("NFC", foreign) else unicodedata.normalize("NFC", text)


def foreign_letters(text: str, errors: str = "strict") -> str:
    """The characters of a text that are not ASCII, found without a look at each; ``errors`` as of ``str.encode``.

    >>> foreign_letters("Café №5")
    'é№'
    """
    return text.encode("utf-8", errors).translate(None, _ASCII).decode("utf-8", errors)


@cache
def _mark(end: int) -> re.Pattern[str]:
    return re.compile(_mark_class(end))


@cache
def piled_marks(end: int) -> re.Pattern[str]:
    """Marks below code ``end`` beyond ``MOST_MARKS`` in a row; group 1 is what may stay."""
    return re.compile(f"({_mark_class(end)}{{{MOST_MARKS}}}){_mark_class(end)}+")


@cache
def _mark_class(end: int) -> str:
    return code_class(mark_codes(end))


def mark_codes(end: int) -> list[int]:
    """The combining marks below code ``end``, in order.

    >>> hex(mark_codes(0x301)[0])
    '0x300'
    """
    return [code for code, kind in enumerate(map(unicodedata.category, map(chr, range(end)))) if kind[0] == "M"]


def code_class(codes: Iterable[int]) -> str:
    """Characters, given by sorted codes, as a class of a regular expression.

    >>> code_class([97, 98, 99, 120])
    '[a-cx-x]'
    """
    return f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in _runs(codes))}]"


def _runs(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbours."""
    for _, group in groupby(enumerate(codes), lambda pair: pair[1] - pair[0]):
        run = [code for _, code in group]
        yield run[0], run[-1]
