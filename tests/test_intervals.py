"""Calendar arithmetic against plain loops over days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.dates import intervals

ANY_DAY = st.dates(date(1900, 1, 1), date(2100, 1, 1))
WEEKDAYS = st.integers(0, 6)


@given(ANY_DAY, WEEKDAYS, st.booleans())
def test_the_near_weekday_is_within_a_week_on_the_side_asked_for(day: date, weekday: int, future: bool) -> None:
    found = intervals.weekday_near(day, weekday, future=future)
    assert found.weekday() == weekday
    distance = (found - day).days if future else (day - found).days
    assert 0 <= distance < 7


@given(ANY_DAY, WEEKDAYS)
def test_last_and_next_weekdays_are_never_the_day_itself(day: date, weekday: int) -> None:
    last, following = intervals.weekday_last(day, weekday), intervals.weekday_next(day, weekday)
    assert last.weekday() == following.weekday() == weekday
    assert 1 <= (day - last).days <= 9
    assert 1 <= (following - day).days <= 13


@given(ANY_DAY, st.integers(-30, 30))
def test_months_follow_each_other_without_a_gap(day: date, away: int) -> None:
    first, last = intervals.month_of(day.year, day.month + away)
    after, _ = intervals.month_of(day.year, day.month + away + 1)
    assert last + timedelta(days=1) == after
    assert first.day == 1


@given(ANY_DAY, st.sampled_from(["week", "month", "year", "decade", "century"]))
def test_the_unit_of_a_day_holds_it_and_its_neighbours_adjoin(day: date, unit: str) -> None:
    span = intervals.unit_of(day, unit)
    before = intervals.unit_of(day, unit, away=-1)
    assert span is not None
    assert before is not None
    assert span[0] <= day <= span[1]
    assert before[1] + timedelta(days=1) == span[0]


@given(ANY_DAY, st.integers(1, 12), st.integers(1, 28), st.sampled_from(["past", "future", None]))
def test_a_day_without_a_year_is_the_nearest_or_on_the_side_asked_for(
    day: date, month: int, month_day: int, direction: str | None
) -> None:
    found, _ = intervals.yearless(day, month, month_day, direction)
    every = [date(year, month, month_day) for year in (day.year - 1, day.year, day.year + 1)]
    nearest = min(abs(one - day) for one in every)
    assert found in every
    if abs(found - day) > intervals.NEAR and direction:
        assert (found < day) == (direction == "past")
    else:
        assert abs(found - day) == nearest


@given(ANY_DAY, st.integers(1, 12), st.integers(1, 28), WEEKDAYS)
def test_a_weekday_named_with_a_day_decides_the_year(day: date, month: int, month_day: int, weekday: int) -> None:
    found, _ = intervals.yearless(day, month, month_day, None, weekday)
    assert (found.month, found.day, found.weekday()) == (month, month_day, weekday)


def test_units_shorter_than_a_day_are_no_interval() -> None:
    assert intervals.unit_of(date(2024, 5, 1), "hour") is None


def test_the_end_of_the_calendar_raises() -> None:
    with pytest.raises(ValueError, match="year"):
        intervals.year_of(9999, years=10)
