"""Whether the name of a capital city stands for the city or for the government that sits there.

"A meeting in Seoul" is the city, "Seoul said" the government; decided by the words right before and after.
"""

from __future__ import annotations

import re
from typing import Final

from storycluster.text.names.rules import CityWords

REACH: Final = 48

_LAST: Final = re.compile(r"([^\W\d_]+)[\s-]\Z")
_MOVED: Final = re.compile(r"(?:([^\W\d_]+)\s)?(?:([^\W\d_]+)\s)?([^\W\d_]+)\s(?:to|from|for|between)\s\Z")
_NEXT: Final = re.compile(r"(?:-based|['’]s)?\s([^\W\d_]+)")
#: "Kyiv • UNN", "LONDON (AP) —", "BRUSSELS, March 3 -", "Paris, France": where a line was written, or an address.
_DATELINE: Final = re.compile(
    r"\s{0,2}(?:[•|]|\([^()\n]{1,40}\)\s{0,2}[—–-]|,\s[A-Z][\w.]{0,12}\s?\d{0,2}\s{0,2}[—–-]|\s[—–-]{1,2}\s)"
)
_ADDRESS: Final = re.compile(r",\s([A-Z][\w.]+(?:\s[A-Z]\w+)?)")
_BASED: Final = "-based"


def is_city(
    text: str, start: int, end: int, *, words: CityWords, countries: frozenset[str], state_is_named: bool = True
) -> bool:
    """Whether the capital named at [start, end) is meant as a place.

    Where the article never names the state itself, only what a government does makes the capital one.

    >>> from storycluster.text.names.rules import load_name_rules
    >>> words = load_name_rules("en").city
    >>> is_city("A meeting in Seoul", 13, 18, words=words, countries=frozenset())
    True
    >>> is_city("Seoul said so", 0, 5, words=words, countries=frozenset())
    False
    """
    if text.startswith(_BASED, end) or _is_dateline(text, start, end):
        return True
    after = _NEXT.match(text, end, end + REACH)
    if after and after[1] in words.after:
        return True
    address = _ADDRESS.match(text, end, end + REACH)
    if address and address[1] in countries:
        return True
    window = text[max(0, start - REACH) : start]
    last = _LAST.search(window)
    if last and last[1].casefold() in words.before:
        return True
    moved = _MOVED.search(window)
    if moved and any(word and word.casefold() in words.movement for word in moved.groups()):
        return True
    return not state_is_named and not (after and after[1] in words.government)


def _is_dateline(text: str, start: int, end: int) -> bool:
    at_line_start = start == 0 or text[start - 1] == "\n"
    return at_line_start and _DATELINE.match(text, end, end + REACH) is not None
