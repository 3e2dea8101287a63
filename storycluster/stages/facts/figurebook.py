"""The figures a story has stated so far, and whether a statement changes one of them.

It compares only equal count class, unit, planned or actual and part or whole, about the same subject.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from storycluster.model import Status
from storycluster.stages.facts.slots import covers
from storycluster.stages.facts.statements import Statement, Told
from storycluster.text.quantities import Quantity

#: Two values of one thing stated within so many days contradict each other; later ones update.
SAME_TIME: Final = timedelta(days=2)
#: Values of one thing that are remembered, the latest; an older value has been replaced many times over.
_REMEMBERED: Final = 64

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
                entry = Entry(quantity, statement.scope, as_of(statement, told), statement, told)
                self._entries.setdefault(_key(quantity), deque(maxlen=_REMEMBERED)).append(entry)

    def changed(self, statement: Statement, told: Told, *, close: bool) -> tuple[Status, Entry] | None:
        """Updated or conflicting with the latest earlier entry, or None where no figure differs.

        ``close`` says that an earlier sentence has the statement's words; else both must name a common subject.
        """
        for quantity in statement.quantities:
            entry = self._differing(quantity, statement, close=close)
            if entry:
                same_article = entry.told.article == told.article
                return change(as_of(statement, told), entry.as_of, same_article=same_article), entry
        return None

    def _differing(self, quantity: Quantity, statement: Statement, *, close: bool) -> Entry | None:
        scope = statement.scope
        entries = self._entries.get(_key(quantity), ()) if quantity.count_class else ()
        comparable = [
            entry
            for entry in entries
            if (scope & entry.scope or (close and not (scope and entry.scope)))
            and _may_share(statement.arguments, entry.statement.arguments)
        ]
        if any(covers(entry.quantity, quantity) for entry in comparable):
            return None
        alike = [entry for entry in comparable if close or share_words(statement.terms, entry.statement.terms)]
        return alike[-1] if alike else None


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


def change(now: date | None, before: date | None, *, same_article: bool) -> Status:
    """``conflicting`` inside one article or within ``SAME_TIME``, else ``updated``."""
    if same_article:
        return "conflicting"
    if now is None or before is None:
        return "updated"
    return "conflicting" if abs(now - before) <= SAME_TIME else "updated"


def as_of(statement: Statement, told: Told) -> date | None:
    """The last day of the statement's first resolved time, else the day of publication or its lower bound."""
    for time in statement.times:
        if time.last or time.first:
            return time.last or time.first
    return told.not_before


def _key(quantity: Quantity) -> _Key:
    return str(quantity.count_class), quantity.unit, quantity.planned, quantity.subset
