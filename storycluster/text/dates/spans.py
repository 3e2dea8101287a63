"""Dates counted from the day of publication: today, last week, two weeks ago, the next three months; and mere lengths.

One small reader per kind; none looks at the clock or at the words around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from storycluster.text.dates import intervals
from storycluster.text.dates.intervals import ONE_DAY, WEEK, Interval
from storycluster.text.dates.tense import Direction
from storycluster.text.dates.words import DateWords

Shape = Literal["day", "month", "year", "weekday", "named", "unit", "ago", "length", "loose"]
Resolve = Callable[[date, Direction | None], Interval]

#: "Two weeks ago" is the day two weeks ago, give or take so many days.
WEEKS_SLACK: Final = timedelta(days=3)
#: Spans in days of the units that have one.
UNIT_DAYS: Final = {
    "day": 1,
    "week": 7,
    "weekend": 7,
    "fortnight": 14,
    "month": 31,
    "year": 366,
    "decade": 3653,
    "century": 36525,
}


_THE: Final = re.compile(r"\bthe\s\Z", re.IGNORECASE)
_OF: Final = re.compile(r"\sof\s")
#: Units of the clock: shorter than a day.
CLOCK_UNITS: Final = ("minute", "hour")


class Core(NamedTuple):
    """A date without what stands around it; ``days`` where it names its year, else ``resolve``; neither for lengths."""

    end: int
    shape: Shape
    days: Interval | None = None
    resolve: Resolve | None = None
    is_range: bool = False
    text: str = ""


def read_named_day(text: str, at: int, words: DateWords) -> Core | None:
    """ "Today", "yesterday", "tomorrow morning"; None inside a name ("Nation Today")."""
    match = words.named_day.match(text, at)
    if not match or (match["day"][0].isupper() and re.search(r"[A-Z]\w*\s\Z", text[max(0, at - 24) : at])):
        return None
    away = words.days[" ".join(match["day"].lower().split())] * ONE_DAY
    return Core(match.end(), "named", resolve=lambda day, _: (day + away, day + away))


def read_unit_end(text: str, at: int, words: DateWords) -> Core | None:
    """ "End of the year" and alike: its last month, the last week of a month, the last days of a week."""
    match = words.unit_end.match(text, at)
    if not match:
        return None
    unit, mod = match["unit"].lower(), match["mod"].lower()
    away = -1 if mod in words.previous else int(mod in words.next)
    last = {"decade": 364, "year": 30, "month": 6}.get(unit, 2)

    def resolve(day: date, _: Direction | None) -> Interval:
        span = intervals.unit_of(day, unit, away=away)
        return (span[1] - last * ONE_DAY, span[1]) if span else (None, None)

    return Core(match.end(), "unit", resolve=resolve)


def read_unit(text: str, at: int, words: DateWords) -> Core | None:
    """ "Last week", "this month", "the next three years", "last night"."""
    match = words.unit.match(text, at)
    if not match:
        return None
    mod = match["mod"].lower()
    if _OF.match(text, match.end()):
        return None
    away = -1 if mod in words.previous else int(mod in words.next)
    if match["part"]:
        if away > 0:
            return None
        return Core(match.end(), "named", resolve=lambda day, _: (day + away * ONE_DAY, day + away * ONE_DAY))
    unit = words.units[match["unit"].lower()]
    number = _count_of(match["n"], words)
    if (match["n"] or match["many"]) and unit in CLOCK_UNITS:
        return Core(match.end(), "length", text=match.group().lower())
    if match["n"] or match["many"] or mod == "past" or (away and _THE.search(text[max(0, at - 5) : at])):
        return _stretch(match.end(), unit, away, number if match["n"] else (None if match["many"] else 1))
    if unit in (*CLOCK_UNITS, "day", "fortnight") or match["unit"].lower() == "night":
        return None
    return Core(match.end(), "unit", resolve=lambda day, _: intervals.unit_of(day, unit, away=away) or (None, None))


def _stretch(end: int, unit: str, away: int, number: int | None) -> Core | None:
    """The days up to, or from, the day of publication: "the past three weeks"."""
    if not away:
        return None
    reach = UNIT_DAYS.get(unit, 1) * number * ONE_DAY if number else None

    def resolve(day: date, direction: Direction | None) -> Interval:
        if away < 0:
            return (day - reach if reach else None), day
        if direction == "past":
            return None, None
        return day, (day + reach if reach else None)

    return Core(end, "unit", resolve=resolve, is_range=True)


def _count_of(words_of_number: str | None, words: DateWords) -> int | None:
    if not words_of_number:
        return None
    plain = words_of_number.lower()
    if plain[0].isdigit():
        return int(float(plain.replace(",", "")))
    return words.numbers.get(" ".join(plain.split()))


def read_count(text: str, at: int, words: DateWords) -> Core | None:
    """A number of units: counted back from today ("two weeks ago"), from an unnamed day, or a mere length."""
    match = words.count.match(text, at)
    if not match or match["old"]:
        return None
    unit, number = words.units[match["unit"].lower()], _count_of(match["n"], words)
    after = (match["after"] or "").lower()
    if after == "ago":
        return Core(match.end(), "ago", resolve=lambda day, _: _ago(day, unit, number))
    if after and match["n"]:
        return Core(match.end(), "loose")
    if not match["many"] and not match["n"]:
        return None
    return Core(match.end("many") if not after else match.end(), "length", text=(match["n"] or "").lower())


def _ago(day: date, unit: str, number: int | None) -> Interval:
    if number is None:
        return None, day
    if unit in ("week", "fortnight"):
        middle = day - number * UNIT_DAYS[unit] // 7 * WEEK
        return middle - WEEKS_SLACK, middle + WEEKS_SLACK
    if unit in ("decade", "century"):
        years = UNIT_DAYS[unit] // 365
        return intervals.year_of(day.year - number * years - years // 2, years=years)
    return intervals.unit_of(day, unit, away=-number) or (day - ONE_DAY, day)
