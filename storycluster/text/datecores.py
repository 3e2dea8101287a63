"""What a date says by itself: its words without preposition, as days or as a function of the day of publication.

One small reader per kind of date; none looks at the clock or at the words around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from storycluster.text import intervals
from storycluster.text.datewords import DateWords
from storycluster.text.intervals import ONE_DAY, WEEK, Interval
from storycluster.text.tense import Direction

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


@dataclass(frozen=True, slots=True)
class Core:
    """A date without what stands around it; ``days`` where it names its year, else ``resolve``; neither for lengths."""

    end: int
    shape: Shape
    days: Interval | None = None
    resolve: Resolve | None = None
    is_range: bool = False
    text: str = ""


def read_core(text: str, anchor: re.Match[str], words: DateWords, mod: str) -> Core | None:
    """The date that begins at an anchor, None where there is none; ``mod`` is "last", "next", "this" or empty."""
    at = anchor.start()
    match anchor.lastgroup:
        case "digit":
            return (
                _iso(text, at, words)
                or _day_first(text, at, words)
                or _count(text, at, words)
                or _year(text, at, words)
            )
        case "month":
            return _month_first(text, at, words) or _month(text, at, words, mod)
        case "weekday":
            return _weekday(text, at, words, mod)
        case "day":
            return _named_day(text, at, words)
        case "unit":
            return _unit_end(text, at, words) or _unit(text, at, words)
        case _:
            return _count(text, at, words)


def _iso(text: str, at: int, words: DateWords) -> Core | None:
    """ISO dates, and numeric ones where only one of the first two numbers can be the month."""
    match = words.iso.match(text, at)
    if not match:
        return None
    if match["y"]:
        year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    else:
        year, month, day = int(match["z"]), int(match["b"]), int(match["a"])
        if month > intervals.MONTHS:
            month, day = day, month
        elif day <= intervals.MONTHS and day != month and "." not in match.group():
            return None
    return _fixed_day(match.end(), year, month, day)


def _fixed_day(end: int, year: int, month: int, day: int) -> Core | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Core(end, "day", days=(found, found))


def _number(digits: str) -> int:
    return int(re.sub(r"\D", "", digits))


def _month_number(name: str, words: DateWords) -> int:
    return words.months[name.rstrip(".").lower()]


def _month_first(text: str, at: int, words: DateWords) -> Core | None:
    match = words.month_first.match(text, at)
    if not match:
        return None
    month, year, end = _month_number(match["m"], words), match["y"], match.end()
    second = None
    if match["d2"] and not (match["how"] in ("and", "or") and not match["m2"] and re.match(r"\s+[a-z]", text[end:])):
        second = (_month_number(match["m2"], words) if match["m2"] else month, _number(match["d2"]))
        year = year or match["y2"]
    elif match["d2"]:
        end = match.end("y") if match["y"] else match.end("d")
    return _days(end, year, (month, _number(match["d"])), second, match["y2"])


def _day_first(text: str, at: int, words: DateWords) -> Core | None:
    match = words.day_first.match(text, at)
    if not match:
        return None
    last_month = match["m2"] or match["m3"]
    last = (_month_number(last_month, words), _number(match["d2"] or match["d"]))
    if not match["d2"]:
        return _days(match.end(), match["y3"], last, None, None)
    first = (_month_number(match["m"] or last_month, words), _number(match["d"]))
    return _days(match.end(), match["y"] or match["y2"], first, last, match["y2"])


def _days(
    end: int, year: str | None, first: tuple[int, int], second: tuple[int, int] | None, last_year: str | None
) -> Core | None:
    """A day or a range of days; the second day of a range is the next one after the first."""

    def spread(start: date) -> Interval:
        if second is None:
            return start, start
        later = start.year if second >= first else start.year + 1
        return start, date(later, *second)

    if year is None:
        return Core(
            end,
            "day",
            resolve=lambda day, direction: spread(intervals.yearless(day, *first, direction)[0]),
            is_range=second is not None,
        )
    try:
        start = date(int(year) - int(bool(second and second < first and year == last_year)), *first)
        return Core(end, "day", days=spread(start), is_range=second is not None)
    except ValueError:
        return None


def _month(text: str, at: int, words: DateWords, mod: str) -> Core | None:
    match = words.month.match(text, at)
    if not match:
        return None
    month = _month_number(match["m"], words)
    last = _month_number(match["m2"], words) if match["m2"] else month
    year = match["y"] or match["y2"]
    name = match["m"].lower()

    def spread(first: int) -> Interval:
        return intervals.month_of(first, month)[0], intervals.month_of(first + (last < month), last)[1]

    if year:
        first_year = int(year) - int(not match["y"] and last < month)
        return Core(match.end(), "month", days=spread(first_year), is_range=bool(match["m2"]))

    def resolve(day: date, direction: Direction | None) -> Interval:
        if mod in words.previous:
            return spread(
                intervals.yearless(intervals.month_of(day.year, day.month - 1)[1] - ONE_DAY, month, None, "past")[
                    0
                ].year
            )
        if mod in words.next:
            return spread(
                intervals.yearless(intervals.month_of(day.year, day.month + 1)[0] + ONE_DAY, month, None, "future")[
                    0
                ].year
            )
        return spread(day.year if mod else intervals.yearless(day, month, None, direction)[0].year)

    return Core(match.end(), "month", resolve=resolve, is_range=bool(match["m2"]), text=name)


def _year(text: str, at: int, words: DateWords) -> Core | None:
    match = words.year.match(text, at)
    if not match:
        return None
    if match["dec"]:
        return Core(match.end(), "year", days=intervals.year_of(int(match["dec"]), years=10), is_range=True)
    first, end = int(match["y"]), match.end()
    second = match["z"]
    if not second or (len(second) == 2 and match["how"] not in ("-", "–", "—", "/")):
        return Core(match.end("y"), "year", days=intervals.year_of(first))
    last = int(second) if len(second) > 2 else first - first % 100 + int(second)
    if last <= first:
        return Core(match.end("y"), "year", days=intervals.year_of(first))
    return Core(end, "year", days=(intervals.year_of(first)[0], intervals.year_of(last)[1]), is_range=True)


def _weekday(text: str, at: int, words: DateWords, mod: str) -> Core | None:
    """A weekday, a range of weekdays, or a weekday with the date it is ("Monday, October 28")."""
    match = words.weekday.match(text, at)
    if not match:
        return None
    name = match["w"].rstrip(".").lower()
    weekday = words.weekdays[name]
    gap = re.compile(r"(?:\s?[,(]\s?|\s)").match(text, match.end())
    if gap and not match["w2"]:
        dated = _month_first(text, gap.end(), words) or _day_first(text, gap.end(), words)
        if dated and not dated.is_range:
            return _with_weekday(dated, weekday)
    if match["w"].endswith(".") or len(name) <= len("thurs"):
        return None
    last = words.weekdays[match["w2"].rstrip(".").lower()] if match["w2"] else weekday

    def resolve(day: date, direction: Direction | None) -> Interval:
        if mod in words.previous:
            first = intervals.weekday_last(day, weekday)
        elif mod in words.next:
            first = intervals.weekday_next(day, weekday)
        elif mod:
            first = intervals.week_of(day)[0] + weekday * ONE_DAY
        elif direction == "future":
            first = intervals.weekday_near(day, weekday, future=True)
        else:
            first = intervals.weekday_near(day, last, future=False) - (last - weekday) % 7 * ONE_DAY
        return first, first + (last - weekday) % 7 * ONE_DAY

    return Core(match.end(), "weekday", resolve=resolve, is_range=bool(match["w2"]))


def _with_weekday(dated: Core, weekday: int) -> Core:
    if dated.resolve is None:
        return dated
    plain = dated.resolve

    def resolve(day: date, direction: Direction | None) -> Interval:
        first = plain(day, direction)[0]
        if first is None or first.weekday() == weekday:
            return first, first
        return intervals.yearless(day, first.month, first.day, direction, weekday)

    return Core(dated.end, "day", resolve=resolve)


def _named_day(text: str, at: int, words: DateWords) -> Core | None:
    match = words.named_day.match(text, at)
    if not match or (match["day"][0].isupper() and re.search(r"[A-Z]\w*\s\Z", text[max(0, at - 24) : at])):
        return None
    away = words.days[match["day"].lower()] * ONE_DAY
    return Core(match.end(), "named", resolve=lambda day, _: (day + away, day + away))


def _unit_end(text: str, at: int, words: DateWords) -> Core | None:
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


def _unit(text: str, at: int, words: DateWords) -> Core | None:
    """ "Last week", "this month", "the next three years", "last night"."""
    match = words.unit.match(text, at)
    if not match:
        return None
    mod = match["mod"].lower()
    away = -1 if mod in words.previous else int(mod in words.next)
    if match["part"]:
        if away > 0:
            return None
        return Core(match.end(), "named", resolve=lambda day, _: (day + away * ONE_DAY, day + away * ONE_DAY))
    unit = words.units[match["unit"].lower()]
    number = _count_of(match["n"], words)
    if match["n"] or match["many"] or mod == "past":
        return _stretch(match.end(), unit, away, number if match["n"] else (None if match["many"] else 1))
    if unit in ("day", "hour", "minute", "fortnight") or match["unit"].lower() == "night":
        return None
    return Core(match.end(), "unit", resolve=lambda day, _: intervals.unit_of(day, unit, away=away) or (None, None))


def _stretch(end: int, unit: str, away: int, number: int | None) -> Core | None:
    """The days up to, or from, the day of publication: "the past three weeks"."""
    if not away:
        return None
    reach = UNIT_DAYS.get(unit, 1) * number * ONE_DAY if number else None

    def resolve(day: date, _: Direction | None) -> Interval:
        if away < 0:
            return (day - reach if reach else None), day
        return day, (day + reach if reach else None)

    return Core(end, "unit", resolve=resolve, is_range=True)


def _count_of(words_of_number: str | None, words: DateWords) -> int | None:
    if not words_of_number:
        return None
    plain = words_of_number.lower()
    if plain[0].isdigit():
        return int(float(plain.replace(",", "")))
    return words.numbers.get(" ".join(plain.split()))


def _count(text: str, at: int, words: DateWords) -> Core | None:
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
