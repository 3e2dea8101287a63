"""Which of the earlier sentences that say a statement is shown as its support. It decides no status."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from storycluster.stages.facts.memory import Match
from storycluster.stages.facts.statements import Statement, Told
from storycluster.text.dates import Time

#: A report without a date speaks of the days around its publication: so many before and after.
AROUND: Final = timedelta(days=2)


def best_support(statement: Statement, told: Told, fitting: Sequence[Match[Told]]) -> Match[Told] | None:
    """Of the sentences that say a statement, which come best first, the first that speaks of the same days.

    Two phone calls of the same two people are told in the same words; only their days tell them apart. Where no
    sentence speaks of the same days it is the one that says most, and of equals the earliest.
    """
    about = (match for match in fitting if same_days(statement, told, match.sentence))
    return next(about, fitting[0] if fitting else None)


def same_days(statement: Statement, told: Told, earlier: Told) -> bool:
    """Whether an earlier sentence may speak of the event of a statement without a date of its own.

    It may unless it dates its event away from the days around the statement's publication: before them, or, where
    the statement speaks of no plan, after them.
    """
    day = told.not_before
    if statement.times or day is None:
        return True
    days = [(time.first, time.last) for time in closest_times(statement, earlier)]
    # a time with an open end stands where its other end is
    dated = [(first or last, last or first) for first, last in days if first or last]
    planned = statement.modality == "planned"
    return not dated or any(_near(first, last, day=day, planned=planned) for first, last in dated)


def closest(statement: Statement, told: Told) -> Statement | None:
    """The clause of an earlier sentence that shares most terms with the statement, the first among equals.

    None where the sentence has no clause: it was read as nothing but who says what follows.
    """
    if len(told.statements) == 1:
        return told.statements[0]
    wanted = set(statement.terms)
    return max(told.statements, key=lambda each: len(wanted.intersection(each.terms)), default=None)


def closest_times(statement: Statement, told: Told) -> tuple[Time, ...]:
    """The times of the closest clause, of a sentence without a clause its own."""
    clause = closest(statement, told)
    return clause.times if clause else told.times


def close_clauses(statement: Statement, told: Told) -> Sequence[Statement]:
    """The clauses of an earlier sentence that share at least half as many terms as the closest one."""
    if len(told.statements) <= 1:
        return told.statements
    wanted = set(statement.terms)
    shared = [len(wanted.intersection(each.terms)) for each in told.statements]
    most = max(shared)
    return [each for each, count in zip(told.statements, shared, strict=True) if 2 * count >= most]


def _near(first: date | None, last: date | None, *, day: date, planned: bool) -> bool:
    """Whether [first, last] touches the days around ``day``, or of a plan any day after them."""
    begun = planned or first is None or first <= day + AROUND
    return begun and (last is None or last >= day - AROUND)
