"""Numbers that look like quantities and are none, and ages: what the marks and words next to a number tell.

Decides for one number at a time, on a few characters on both sides; in doubt a number stays one.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from storycluster.text.quantities.numbers import Value
from storycluster.text.quantities.words import QuantityWords

#: So many characters before a number are read.
REACH: Final = 32
#: Numbers of list items are below this.
LAST_ITEM: Final = 20
#: A number of this many digits or more between 1900 and 2099 without a comma is a year unless it counts something.
YEARS: Final = (1900, 2099)
#: People are at most so old.
OLDEST: Final = 125
#: With a surname alone, a younger age is more likely another number.
ADULT: Final = 15
#: The unit of an age that names none.
YEAR: Final = "year"
#: Number words below it with nothing to count are pronouns and the like.
HUNDRED: Final = 100
#: A number in digits with nothing to count is kept from so many characters on, if it is written as an amount.
SHORTEST_BARE: Final = 5

_CLOCK: Final = re.compile(r"\s?:\s?\d\d(?!\d)|\s?[-/]\d|\.\d")
_AFTER_CLOCK: Final = re.compile(
    r"\d\s?:\s?\Z|[\w.]@\S*\Z|(?:https?://|www\.)\S*\Z|\(\d{3}\)\s?\Z|#\s?\Z|\b[A-Z]{1,4}\s-\s\Z|(?<![\d,.])0\d{2,4}[\s-](?:\d{3,4}[\s-])?\Z"
)
_TELEPHONE: Final = re.compile(r"\d{3}-\d{4}")
_HYPHENED: Final = re.compile(r"-[a-z]{2,3}-")
_SMALL_BEFORE: Final = re.compile(r"\b[a-z]+\s\Z")
_ITEM: Final = re.compile(r"\s?[.)]\s+[a-z]|\s?(?:\)|-RRB-)\s")
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_GLUED: Final = re.compile(r"[^\W\d_]")
_AGE_ASIDE: Final = re.compile(r"(?P<first>\b[A-Z][\w.’'-]*\s+)?\b[A-Z][a-z’'-]+(?:\s(?:Jr|Sr|II|III)\b\.?)?\s?,\s\Z")
_NAME_BEFORE: Final = re.compile(r"(?<![.!?:;]\s)(?<!\A)\b(?!The\b|And\b|But\b|At\b|In\b)[A-Z][\w’'-]*\.?\s\Z")


class Number(NamedTuple):
    """A number with its place, its range and its money sign, before anything around it is read."""

    start: int
    end: int
    low: Value
    high: Value
    currency: str | None
    in_words: bool


class What(NamedTuple):
    """What a number is of: its unit, the words counted, where they end, and their class."""

    unit: str | None
    words: str
    end: int
    count_class: str | None


def is_no_count(sentence: str, found: Number, rules: QuantityWords) -> bool:
    """Whether a number without a unit is a clock time, an ordinal, a list item, a name's number or a code."""
    left = sentence[max(0, found.start - REACH) : found.start]
    end = found.end
    if _TELEPHONE.fullmatch(sentence, found.start, end):
        return True
    if found.in_words:
        named = sentence[found.start].isupper() and _SMALL_BEFORE.search(left)
        return bool(named or _HYPHENED.match(sentence, end) or rules.clock_behind.match(sentence, end))
    return bool(
        _CLOCK.match(sentence, end)
        or _HYPHENED.match(sentence, end)
        or _ORDINAL.match(sentence, end)
        or _GLUED.match(sentence, end)
        or _AFTER_CLOCK.search(left)
        or rules.clock_behind.match(sentence, end)
        or rules.designated.search(left, of=sentence)
        or rules.address.match(sentence, end)
        or (_ITEM.match(sentence, end) and found.low.high < LAST_ITEM)
    )


def find_age(sentence: str, found: Number, rules: QuantityWords) -> tuple[int, str]:
    """Where an age ends ("29-year-old", "Ito, 29,") and its unit, or 0 where the number is none."""
    behind = rules.age.match(sentence, found.end)
    if behind:
        return behind.end(), behind["unit"].lower()
    return _bare_age(sentence, found, rules), YEAR


def _bare_age(sentence: str, found: Number, rules: QuantityWords) -> int:
    if found.low.low > OLDEST or found.low.low != int(found.low.low) or found.currency:
        return 0
    left = sentence[max(0, found.start - REACH) : found.start]
    if rules.age_before.search(left, of=sentence):
        return found.end
    closed = sentence[found.end : found.end + 2].lstrip()[:1] in (",", ".", ";", "")
    if not closed or found.in_words:
        return 0
    aside = _AGE_ASIDE.search(left)
    named = aside and (aside["first"] or found.low.low >= ADULT)
    return found.end if named or rules.age_was.search(left, of=sentence) else 0


def says_nothing(sentence: str, found: Number, what: What, rules: QuantityWords) -> bool:
    """Whether a number has nothing to count: a year, a bare word like "one", or the number of a name."""
    if what.unit:
        return False
    if found.in_words and found.low.high <= 1 and (not what.words or what.count_class not in rules.count.known):
        return True
    if what.count_class:
        whole = sentence[found.start : found.end]
        year = whole.isdigit() and YEARS[0] <= found.low.low <= YEARS[1]
        return year and what.count_class not in rules.count.known
    if found.in_words:
        return found.low.high < HUNDRED or not what.words
    if found.end - found.start < SHORTEST_BARE or sentence[found.start : found.end].isdigit():
        return True
    return bool(_NAME_BEFORE.search(sentence[max(0, found.start - REACH) : found.start]))
