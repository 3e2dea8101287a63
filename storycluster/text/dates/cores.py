"""What a date says by itself: its words without preposition, as days or as a function of the day of publication.

One small reader per kind of date; none looks at the clock or at the words around it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from storycluster.text.dates import intervals
from storycluster.text.dates.intervals import ONE_DAY, Interval
from storycluster.text.dates.spans import Core, read_count, read_named_day, read_unit, read_unit_end
from storycluster.text.dates.tense import Direction
from storycluster.text.dates.words import DateWords

_GAP: Final = re.compile(r"\s?[,(]\s?|\s")


def read_core(text: str, anchor: re.Match[str], words: DateWords, mod: str) -> Core | None:
    """The date that begins at an anchor, None where there is none; ``mod`` is "last", "next", "this" or empty."""
    at = anchor.start()
    match anchor.lastgroup:
        case "digit":
            return (
                _iso(text, at, words)
                or _day_first(text, at, words)
                or read_count(text, at, words)
                or _year(text, at, words)
            )
        case "month":
            return _month_first(text, at, words) or _month(text, at, words, mod)
        case "weekday":
            return _weekday(text, at, words, mod)
        case "day":
            return read_named_day(text, at, words)
        case "unit":
            return read_unit_end(text, at, words) or read_unit(text, at, words)
        case _:
            return read_count(text, at, words)


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
            month_before = intervals.month_of(day.year, day.month - 1)[1] - ONE_DAY
            return spread(intervals.yearless(month_before, month, None, "past")[0].year)
        if mod in words.next:
            month_after = intervals.month_of(day.year, day.month + 1)[0] + ONE_DAY
            return spread(intervals.yearless(month_after, month, None, "future")[0].year)
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
    gap = _GAP.match(text, match.end())
    if gap and not match["w2"]:
        dated = _month_first(text, gap.end(), words) or _day_first(text, gap.end(), words)
        if dated and not dated.is_range:
            closed = "(" in gap.group() and text[dated.end : dated.end + 1] == ")"
            return _with_weekday(dated, weekday, dated.end + closed)
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


def _with_weekday(dated: Core, weekday: int, end: int) -> Core:
    if dated.resolve is None:
        return Core(end, "day", days=dated.days)
    plain = dated.resolve

    def resolve(day: date, direction: Direction | None) -> Interval:
        first = plain(day, direction)[0]
        if first is None or first.weekday() == weekday:
            return first, first
        return intervals.yearless(day, first.month, first.day, direction, weekday)

    return Core(end, "day", resolve=resolve)
