"""The figures a story has stated so far, and whether a statement changes one of them.

It compares only equal count class, unit, planned or actual and part or whole, about the same subject.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from storycluster.model import Status
from storycluster.stages.facts.slots import Range, covers
from storycluster.stages.facts.statements import Statement, Told
from storycluster.text.dates import Time
from storycluster.text.languages import DEFAULT
from storycluster.text.quantities import Quantity
from storycluster.text.quantities.counted import count_words
from storycluster.text.quantities.find import AGE, DURATION
from storycluster.text.quantities.nouns import same_noun

#: Values that hold for days further apart are of two matters: what is told now, and its background.
ONE_MATTER: Final = timedelta(days=60)
#: So are values more than an order of magnitude apart, where the words do not say otherwise.
MAGNITUDE: Final = 10
#: Values of one thing that are remembered, the latest; an older value has been replaced many times over.
_REMEMBERED: Final = 64

#: Everybody has an age and every matter a length of time: values that differ are of another one.
OF_EACH: Final = frozenset({AGE, DURATION})
#: How a clause begins that goes on with the one before it.
_PARTICIPLE: Final = "ing"
#: Share of terms from which two clauses about one place are taken to count the same thing.
ALIKE: Final = 0.3
#: What is counted, and one thing more: the noun alone is no common matter.
_LEAST_SHARED: Final = 2

_Key = tuple[str, str | None, bool, bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """One stated figure, who it is about, and the day it holds for."""

    quantity: Quantity
    scope: frozenset[str]
    as_of: date | None
    statement: Statement
    told: Told


class FigureBook:
    """Figures by what they count, in the order they were told."""

    def __init__(self) -> None:
        self._entries: dict[_Key, deque[Entry]] = {}

    def add(self, statement: Statement, told: Told) -> None:
        """Remember the figures of a statement."""
        for quantity in statement.quantities:
            if quantity.count_class:
                entry = Entry(quantity, scope_of(quantity, statement), as_of(statement, told), statement, told)
                self._entries.setdefault(_key(quantity), deque(maxlen=_REMEMBERED)).append(entry)

    def changed(self, statement: Statement, told: Told, *, close: Sequence[Told]) -> tuple[Status, Entry] | None:
        """Updated or conflicting with the latest earlier entry, or None where no figure differs.

        ``close`` are the earlier sentences that have the statement's words; any other must name a common subject.
        """
        day = as_of(statement, told)
        for quantity in statement.quantities:
            entry = self._differing(quantity, statement, day, close=close)
            if entry:
                same_article = entry.told.article == told.article
                return change(day, entry.as_of, same_article=same_article), entry
        return None

    def _differing(
        self, quantity: Quantity, statement: Statement, day: date | None, *, close: Sequence[Told]
    ) -> Entry | None:
        scope = scope_of(quantity, statement)
        entries = self._entries.get(_key(quantity), ()) if quantity.count_class else ()
        comparable = [
            entry
            for entry in entries
            if (scope & entry.scope or ((close or happens(quantity.count_class)) and not (scope and entry.scope)))
            and _may_share(statement.arguments, entry.statement.arguments)
        ]
        if any(covers(entry.quantity, quantity) for entry in comparable):
            return None
        comparable.reverse()
        said_alike = [entry for entry in comparable if any(entry.told is told for told in close)]
        return _first_of_one_noun(quantity, day, said_alike) or _first_of_one_noun(
            quantity, day, (entry for entry in comparable if _alike(quantity, statement, day, entry))
        )


def _first_of_one_noun(quantity: Quantity, day: date | None, entries: Iterable[Entry]) -> Entry | None:
    """The first entry that counts the same as ``quantity`` and is no background to what holds on ``day``."""
    return next(
        (
            entry
            for entry in entries
            if not _is_of_old(day, entry.as_of) and same_noun(entry.quantity.counts, quantity.counts)
        ),
        None,
    )


def _is_of_old(day: date | None, before: date | None) -> bool:
    """Whether a value told later holds for long before: it is no news of the same matter, whatever its words."""
    return day is not None and before is not None and before - day > ONE_MATTER


def _alike(quantity: Quantity, statement: Statement, day: date | None, entry: Entry) -> bool:
    """Whether two values of one class and place are of one thing."""
    if quantity.count_class in OF_EACH or not of_one_matter(quantity, day, other=entry.quantity, other_day=entry.as_of):
        return False
    is_event = happens(quantity.count_class) and statement.article != entry.statement.article
    return is_event or share_words(statement.terms, entry.statement.terms)


def _may_share(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two clauses may be about one subject: not where each names others than the other."""
    return not (one and other) or bool(one & other)


def share_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two clauses count in the same matter: at least two terms in common, Dice share at least ``ALIKE``.

    >>> share_words(["army", "send", "men"], ["army", "men", "train"]), share_words(["men"], ["men"])
    (True, False)
    """
    first, second = set(one), set(other)
    shared = len(first & second)
    return shared >= _LEAST_SHARED and 2 * shared >= ALIKE * (len(first) + len(second))


def of_one_matter(value: Range, day: date | None, *, other: Range, other_day: date | None) -> bool:
    """Whether two values may be of one thing: of about one time, and within an order of magnitude.

    >>> from storycluster.text.quantities import find_quantities
    >>> one, other = find_quantities("It killed 12 people and not 26,000 people.")
    >>> of_one_matter(one, None, other=other, other_day=None)
    False
    """
    if day and other_day and abs(day - other_day) > ONE_MATTER:
        return False
    return value.low <= MAGNITUDE * other.high and other.low <= MAGNITUDE * value.high


def scope_of(quantity: Quantity, statement: Statement) -> frozenset[str]:
    """The places a figure is about; of those to whom something happened it is where the text is, if it names none."""
    return statement.setting if happens(quantity.count_class) else statement.scope


def happens(count_class: str | None) -> bool:
    """Whether a class counts those to whom something happened, as killed or arrested.

    Two articles of one story that speak of them without a word in common mean the same event.
    """
    return count_class in count_words(DEFAULT).happenings


def change(now: date | None, before: date | None, *, same_article: bool) -> Status:
    """``conflicting`` inside one article and of one day, else ``updated``."""
    return "conflicting" if same_article or (now is not None and now == before) else "updated"


def as_of(statement: Statement, told: Told) -> date | None:
    """The last day of the statement's first resolved time, else the day of publication or its lower bound."""
    for time in statement.times or _times_before(statement, told):
        if time.last or time.first:
            return time.last or time.first
    return told.not_before


def _times_before(statement: Statement, told: Told) -> tuple[Time, ...]:
    """The times of the clause that a participle goes on with: "A quake hit the town in May, killing hundreds"."""
    if not statement.text.split(maxsplit=1)[0].endswith(_PARTICIPLE):
        return ()
    before = [each for each in told.statements if each.span.end <= statement.span.start]
    return before[-1].times if before else ()


def _key(quantity: Quantity) -> _Key:
    return str(quantity.count_class), quantity.unit, quantity.planned, quantity.subset
