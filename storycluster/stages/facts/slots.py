"""Whether two statements agree in what words do not show: numbers, dates, speaker, modality and negation.

Every function answers about two values and remembers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Protocol

from storycluster.model import Modality
from storycluster.stages.facts.statements import Statement, Told
from storycluster.text.dates import Time
from storycluster.text.lexicon import NUMBER_MARK
from storycluster.text.quantities import Quantity
from storycluster.text.quantities.find import Bound

#: "About 3,000" holds 3,200: an approximate value reaches this share further on both sides, an exact one does not.
SLACK: Final = 0.10
#: An approximate value that reaches so many times as far up as down ("hundreds") leaves the number open.
VAGUE: Final = 2
_NOT_YET: Final[frozenset[Modality]] = frozenset({"planned", "possible"})


class Range(Protocol):
    """A stated number, a point or a range."""

    @property
    def low(self) -> float:
        """Smallest value."""

    @property
    def high(self) -> float:
        """Largest value."""

    @property
    def approximate(self) -> bool:
        """Whether the wording leaves room."""


class Bounded(Range, Protocol):
    """A stated number that may be a bound only, as in "at least 46"."""

    @property
    def bound(self) -> Bound | None:
        """Which end of it is open, None where neither is."""


def ranges_agree(one: Range, other: Range) -> bool:
    """Whether the ranges overlap: [low·(1 - s), high·(1 + s)] with s = 0.10 for an approximate one, else 0."""
    low, high = widened(one)
    other_low, other_high = widened(other)
    return low <= other_high and other_low <= high


def covers(earlier: Bounded, now: Bounded) -> bool:
    """Whether an earlier value says the later one: both its ends lie inside, with the slack where either has room.

    "Some 10,000" does not say "10,000 to 12,000", and says "10,400". Of "at least 46" and "46" each says the other;
    "612" says "hundreds".
    """
    is_vague = now.approximate and now.high >= VAGUE * now.low
    if earlier.bound or now.bound or is_vague:
        return ranges_agree(earlier, now)
    slack = SLACK if earlier.approximate or now.approximate else 0.0
    low, high = earlier.low - abs(earlier.low) * slack, earlier.high + abs(earlier.high) * slack
    return low <= now.low and now.high <= high


def widened(value: Range) -> tuple[float, float]:
    """The ends of a range, of an approximate one with its slack."""
    slack = SLACK if value.approximate else 0.0
    return value.low - abs(value.low) * slack, value.high + abs(value.high) * slack


def numbers_agree(statement: Statement, told: Told) -> bool:
    """Whether the earlier sentence has every number of the statement, for the same thing counted."""
    numbers = [term for term in statement.terms if term[0] == NUMBER_MARK]
    if numbers and not set(numbers).issubset(told.terms):
        return False
    return all(any(_stated(each, other) for other in told.quantities) for each in statement.quantities)


def _stated(one: Quantity, other: Quantity) -> bool:
    alike = one.count_class is None or other.count_class is None or one.count_class == other.count_class
    return alike and one.unit == other.unit and one.planned == other.planned and covers(other, one)


def times_agree(statement: Statement, told: Told) -> bool:
    """Whether the earlier sentence has every date of the statement, or was published on it.

    A time that nothing resolves agrees only with the same words in an unresolved time.
    """
    return all(_time_stated(time, told) for time in statement.times if time.kind != "duration")


def _time_stated(time: Time, told: Told) -> bool:
    if time.first is None and time.last is None:
        return any(other.expression.casefold() == time.expression.casefold() for other in told.times)
    if any(_overlap(time, other) for other in told.times):
        return True
    return not told.times and told.published is not None and _holds(time, told.published)


def _overlap(one: Time, other: Time) -> bool:
    if other.first is None and other.last is None:
        return False
    return _before(one.first, other.last) and _before(other.first, one.last)


def _holds(time: Time, day: date) -> bool:
    return _before(time.first, day) and _before(day, time.last)


def _before(first: date | None, last: date | None) -> bool:
    return first is None or last is None or first <= last


def happened_since(statement: Statement, earlier: Statement) -> bool:
    """Whether what was planned or possible is now stated as a fact, or what was denied is not denied any more."""
    if earlier.modality in _NOT_YET:
        return statement.modality not in _NOT_YET
    return (earlier.modality == "denied") != (statement.modality == "denied")


def names_agree(statement: Statement, told: Told) -> bool:
    """Whether the earlier sentence, or the one before it in its article, has the names the statement is about."""
    return told.entities.issuperset(statement.arguments)


def speaker_agrees(statement: Statement, earlier: Sequence[Statement]) -> bool:
    """Whether the statement has no speaker, or one of the earlier ones with the same, or is about that speaker."""
    if statement.speaker is None:
        return True
    return any(
        same_speaker(statement.speaker, other.speaker) or other.speaker in statement.entities for other in earlier
    )


def same_speaker(one: str | None, other: str | None) -> bool:
    """Whether two speakers share a word that is a name.

    >>> same_speaker("Prime Minister Ada Kling", "Kling"), same_speaker("Kling", "the mayor")
    (True, False)
    """
    if one is None or other is None:
        return one is other
    return bool(_name_words(one) & _name_words(other)) or one.casefold() == other.casefold()


def _name_words(speaker: str) -> set[str]:
    return {word.strip(",.") for word in speaker.split() if word[:1].isupper()}
