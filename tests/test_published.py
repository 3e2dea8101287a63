"""Publication dates: every common form means the same moment; what is not certain gives none."""

import time
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storycluster.text.published import (
    UNKNOWN,
    Published,
    find_day_order,
    is_ambiguous,
    parse_plain_dates,
    parse_published,
)

NOW = datetime(2030, 1, 1)
MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2029, 12, 31)).map(lambda m: m.replace(microsecond=0))
#: Without the day that Unix clocks show when they were never set.
DAYS = st.dates(date(1900, 1, 1), date(2029, 12, 31)).filter(lambda day: day != date(1970, 1, 1))
OFFSETS = st.integers(-12 * 60, 14 * 60)


def _parse(value: object) -> Published:
    return parse_published(value, order=None, now=NOW)


@given(MOMENTS, OFFSETS)
def test_iso_and_rfc_822_with_a_zone_give_utc(moment: datetime, minutes: int) -> None:
    from datetime import timezone

    local = moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=minutes)))
    expected = Published(moment, "second")
    assert _parse(local.isoformat()) == expected
    assert _parse(format_datetime(local)) == expected
    assert _parse(local) == expected


@given(MOMENTS)
def test_unix_time_is_read_in_every_unit_as_number_and_as_text(moment: datetime) -> None:
    seconds = int(moment.replace(tzinfo=UTC).timestamp())
    for value in (seconds, seconds * 10**3, seconds * 10**6, seconds * 10**9):
        assert _parse(value) == _parse(str(value)) == Published(moment, "second")


@given(MOMENTS)
def test_forms_of_newsrooms_and_exports_mean_the_same(moment: datetime) -> None:
    for form in (
        "%d-%b-%Y %H:%M:%S.79",
        "%Y%m%d%H%M%S",
        "%Y%m%dT%H%M%SZ",
        "%Y-%m-%d %H:%M:%S UTC",
        "%B %d, %Y %I:%M:%S %p",
        "%A, %d %B %Y, %H:%M:%S GMT",
        "%d.%m.%Y %H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "Published: %d %b. %Y at %H:%M:%S",
    ):
        assert _parse(moment.strftime(form)) == Published(moment, "second"), form


@given(DAYS)
def test_a_day_without_clock_has_the_precision_of_a_day(day: date) -> None:
    expected = Published(datetime(day.year, day.month, day.day), "day")
    for form in ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d %B %Y", "%b %d, %Y", "%Y/%m/%d"):
        assert _parse(day.strftime(form)) == expected, form
    assert _parse(day) == expected


@given(DAYS)
def test_a_numeric_date_is_read_as_the_order_says(day: date) -> None:
    expected = datetime(day.year, day.month, day.day)
    assert parse_published(day.strftime("%d/%m/%Y"), order="day_first", now=NOW).moment == expected
    assert parse_published(day.strftime("%m-%d-%Y"), order="month_first", now=NOW).moment == expected


@pytest.mark.parametrize(
    "value", ["03/04/2024", "2024", "October 2024", "2024-13-45", "yesterday", "", None, True, "1e9", "-5"]
)
def test_what_is_ambiguous_or_incomplete_gives_no_moment(value: object) -> None:
    assert _parse(value) == UNKNOWN


@pytest.mark.parametrize(
    "value",
    [
        "2031-01-01",
        "0001-01-01",
        0,
        "1601-01-01",
        "1970-01-01T00:00:00Z",
        10**12,
        float("nan"),
        float("inf"),
        "99999999999999",
    ],
)
def test_future_and_absurd_dates_are_not_trusted(value: object) -> None:
    assert parse_published(value, order=None, now=datetime(2000, 1, 1)) == UNKNOWN


def test_a_clock_in_an_unknown_zone_leaves_the_day() -> None:
    assert _parse("Oct. 29, 2024 at 10:15 a.m. ET") == Published(datetime(2024, 10, 29), "day")


def test_a_named_zone_is_taken_into_account() -> None:
    assert _parse("29 Oct 2024 23:30 EST") == Published(datetime(2024, 10, 30, 4, 30), "second")


def test_the_order_of_a_file_needs_proof_without_contradiction() -> None:
    assert find_day_order(["03/04/2024", "25/04/2024"]) == "day_first"
    assert find_day_order(["03/04/2024", "04/25/2024"]) == "month_first"
    assert find_day_order(["25/04/2024", "04/25/2024"]) is None
    assert find_day_order(["03/04/2024", "2024-04-25", None]) is None


def test_a_date_with_equal_numbers_is_not_ambiguous() -> None:
    assert not is_ambiguous("04/04/2024")
    assert _parse("04/04/2024").moment == datetime(2024, 4, 4)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.booleans(), st.binary()))
def test_no_value_makes_it_fail(value: object) -> None:
    found = _parse(value)
    assert (found.moment is None) == (found.precision is None)


@pytest.mark.parametrize("unit", ["1", "1 ", "Jan ", "1/", "-", "2024-", "Monday, "])
def test_a_hostile_value_costs_nothing(unit: str) -> None:
    started = time.process_time()
    assert _parse(unit * 300_000) == UNKNOWN
    assert time.process_time() - started < 0.5


TWO_DIGITS = st.sampled_from([0, 1, 2, 10, 12, 13, 23, 24, 28, 29, 30, 31, 32, 59, 60])
PLAIN_DATES = st.builds(
    "{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}{}".format,
    *(st.sampled_from([0, 1799, 1800, 1970, 2024, 2026, 9999]), TWO_DIGITS, TWO_DIGITS, st.sampled_from("T t")),
    *(TWO_DIGITS, TWO_DIGITS, TWO_DIGITS, st.sampled_from(["", "Z", "z", "+00:00", "+01:00"])),
)


@given(st.lists(st.one_of(st.none(), PLAIN_DATES, st.sampled_from(["", "2024-10-29", "29 Oct 2024", 1730196000]))))
@example(["1970-01-01T00:00:00", "2024-10-29 10:00:00Z", "1799-12-31T23:59:59", "2800-01-01T00:00:00", None])
def test_plain_dates_are_read_at_once_as_one_by_one(values: list[object]) -> None:
    found = parse_plain_dates(values, now=NOW)
    if found is not None:
        expected = [parse_published(value, order=None, now=NOW) for value in values]
        assert found[0].to_pylist() == [published.moment for published in expected]
        assert found[1].to_pylist() == [published.precision for published in expected]


def test_times_in_utc_are_plain_dates() -> None:
    assert parse_plain_dates(["2024-10-29T10:00:00Z", "2024-10-29 10:00:00", None], now=NOW) is not None
    assert parse_plain_dates(["2024-10-29T10:00:00Z", "2024-02-30T10:00:00"], now=NOW) is None
