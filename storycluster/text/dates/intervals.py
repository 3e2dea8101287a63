"""Calendar arithmetic: months, weeks, years and weekdays as closed intervals of days around a day of publication.

Knows no language and no clock; every function is pure, and a day outside the calendar raises ValueError or
OverflowError.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

Interval = tuple[date | None, date | None]
Days = tuple[date, date]

ONE_DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
MONTHS: Final = 12
#: A text may be dated a day before the place it tells of has its evening.
CLOCK_SLACK: Final = ONE_DAY
#: A day of a month without a year is taken for the nearest one within so many days.
NEAR: Final = timedelta(days=35)
#: "Last Friday" on a Saturday is not yesterday: nearer than this in the same week, it is a week earlier.
SAME_WEEK_REACH: Final = 2


def month_of(year: int, month: int) -> Days:
    """First and last day of a month; a month number outside 1..12 counts on into other years.

    >>> month_of(2024, 14)
    (datetime.date(2025, 2, 1), datetime.date(2025, 2, 28))
    """
    year, month = year + (month - 1) // MONTHS, (month - 1) % MONTHS + 1
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def year_of(year: int, *, years: int = 1) -> Days:
    """First and last day of a year, or of several years from it.

    >>> year_of(1990, years=10)[1]
    datetime.date(1999, 12, 31)
    """
    return date(year, 1, 1), date(year + years - 1, 12, 31)


def week_of(day: date) -> Days:
    """Monday and Sunday of the week of a day.

    >>> week_of(date(2024, 10, 30))[0]
    datetime.date(2024, 10, 28)
    """
    monday = day - day.weekday() * ONE_DAY
    return monday, monday + 6 * ONE_DAY


def unit_of(day: date, unit: str, *, away: int = 0) -> Days | None:
    """The week, weekend, month, year, decade or century of a day, or ``away`` of them later; None for other units.

    >>> unit_of(date(2024, 10, 30), "month", away=-1)[0]
    datetime.date(2024, 9, 1)
    """
    if unit == "day":
        return day + away * ONE_DAY, day + away * ONE_DAY
    if unit in ("week", "weekend"):
        monday, sunday = week_of(day + away * WEEK)
        return (sunday - ONE_DAY if unit == "weekend" else monday), sunday
    if unit == "month":
        return month_of(day.year, day.month + away)
    years = {"year": 1, "decade": 10, "century": 100}.get(unit)
    if years is None:
        return None
    return year_of(day.year - day.year % years + away * years, years=years)


def weekday_near(day: date, weekday: int, *, future: bool) -> date:
    """The next (or the latest) such weekday; the day itself where it is one.

    >>> weekday_near(date(2024, 10, 28), 0, future=True)
    datetime.date(2024, 10, 28)
    """
    if future:
        return day + (weekday - day.weekday()) % 7 * ONE_DAY
    return day - (day.weekday() - weekday) % 7 * ONE_DAY


def weekday_last(day: date, weekday: int) -> date:
    """The weekday meant by "last Friday": before the day, and not a day or two before it in the same week.

    >>> weekday_last(date(2024, 10, 28), 3)
    datetime.date(2024, 10, 24)
    """
    back = (day.weekday() - weekday) % 7 or 7
    if back <= SAME_WEEK_REACH and weekday < day.weekday():
        back += 7
    return day - back * ONE_DAY


def weekday_next(day: date, weekday: int) -> date:
    """The weekday meant by "next Friday": that of the next week.

    >>> weekday_next(date(2024, 10, 26), 4)
    datetime.date(2024, 11, 1)
    """
    return week_of(day + WEEK)[0] + weekday * ONE_DAY


def yearless(day: date, month: int, month_day: int | None, direction: str | None, weekday: int | None = None) -> Days:
    """The month, or the day of a month, that a text of a day means when it names no year.

    "past" is the latest not after the day, "future" the earliest not before it, None the nearest; a day that is
    near counts whatever the verb, since nobody leaves out the year of a day eleven months away. A weekday named
    with it rules out the years where it is another. ValueError where there is none.

    >>> yearless(date(2024, 10, 18), 6, None, "past")[0]
    datetime.date(2024, 6, 1)
    """
    reach = 1 if weekday is None else 6
    spans = [_in_year(year, month, month_day) for year in range(day.year - reach, day.year + reach + 1)]
    fitting = [span for span in spans if span and (weekday is None or span[0].weekday() == weekday)]
    nearest = min(fitting, key=lambda span: (_distance(day, span), span))
    if weekday is not None or direction is None or (month_day and _distance(day, nearest) <= NEAR):
        return nearest
    if direction == "past":
        return max(span for span in fitting if span[0] <= day + CLOCK_SLACK)
    return min(span for span in fitting if span[1] >= day - CLOCK_SLACK)


def _in_year(year: int, month: int, month_day: int | None) -> Days | None:
    if month_day is None:
        return month_of(year, month)
    if month_day > monthrange(year, month)[1]:
        return None
    return date(year, month, month_day), date(year, month, month_day)


def _distance(day: date, span: Days) -> timedelta:
    return max(span[0] - day, day - span[1], timedelta(0))
