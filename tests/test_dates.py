"""Dates: resolved from the article alone, in the direction of the verb, and never invented."""

import calendar
import json
import re
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.dates import Time, find_times, latest_absolute_date
from storycluster.text.sentences import find_sentences
from tests.strategies import HOSTILE_TEXTS, news_texts

#: No hostile text of a megabyte may take longer; a quiet core needs a third.
PATIENCE_SECONDS = 5.0
WEDNESDAY = date(2024, 10, 30)
Days = tuple[date | None, date | None]


def days(expression: str, published: date | None = WEDNESDAY, **options: Any) -> list[tuple[str | None, str | None]]:
    found = find_times(expression, published=published, **options)
    return [tuple(day.isoformat() if day else None for day in (time.first, time.last)) for time in found]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("It sank on 2024-10-23.", "2024-10-23", "2024-10-23"),
        ("It sank on October 23, 2024.", "2024-10-23", "2024-10-23"),
        ("It sank on Oct 23rd 2024.", "2024-10-23", "2024-10-23"),
        ("It sank on 23 October 2024.", "2024-10-23", "2024-10-23"),
        ("It sank on the 23rd of October, 2024.", "2024-10-23", "2024-10-23"),
        ("It sank on October 23 , 2024 .", "2024-10-23", "2024-10-23"),
        ("It sank on 23.10.2024.", "2024-10-23", "2024-10-23"),
        ("It sank on 10/23/2024.", "2024-10-23", "2024-10-23"),
        ("It sank on Wednesday, October 23, 2024.", "2024-10-23", "2024-10-23"),
        ("It sank in February 2022.", "2022-02-01", "2022-02-28"),
        ("It sank in 1953.", "1953-01-01", "1953-12-31"),
        ("It ran from 2010 to 2014.", "2010-01-01", "2014-12-31"),
        ("the 1986/87 crop", "1986-01-01", "1987-12-31"),
        ("films of the 1940s", "1940-01-01", "1949-12-31"),
        ("the 2012 Olympics", "2012-01-01", "2012-12-31"),
        ("It ran from October 8 to 13, 2023.", "2023-10-08", "2023-10-13"),
        ("It ran 8-13 October 2023.", "2023-10-08", "2023-10-13"),
        ("It ran from October 30 to November 2, 2023.", "2023-10-30", "2023-11-02"),
        ("since 2014", "2014-01-01", None),
        ("by the end of June 2025", None, "2025-06-30"),
        ("before October 8, 2023", None, "2023-10-07"),
        ("until May 3, 2025", None, "2025-05-03"),
    ],
)
def test_a_date_with_its_year_needs_no_day_of_publication(text: str, first: str | None, last: str | None) -> None:
    assert days(text, None) == [(first, last)]
    assert [time.kind for time in find_times(text, published=None)] == ["absolute"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("He left on Monday.", "2024-10-28", "2024-10-28"),
        ("He will leave on Monday.", "2024-11-04", "2024-11-04"),
        ("He had left after talks on Monday.", "2024-10-28", "2024-10-28"),
        ("They said that on Tuesday, the group will meet.", "2024-11-05", "2024-11-05"),
        ("He left on Wednesday.", "2024-10-30", "2024-10-30"),
        ("He will leave on Wednesday.", "2024-10-30", "2024-10-30"),
        ("The vote is scheduled for Friday.", "2024-11-01", "2024-11-01"),
        ("The vote was postponed until Friday.", None, "2024-11-01"),
        ("He would have left on Friday.", "2024-10-25", "2024-10-25"),
        ("He fled last Friday.", "2024-10-25", "2024-10-25"),
        ("They meet next Friday.", "2024-11-08", "2024-11-08"),
        ("They met from Monday to Wednesday.", "2024-10-28", "2024-10-30"),
        ("Earlier on Monday he spoke.", "2024-10-28", "2024-10-28"),
        ("It sank last week.", "2024-10-21", "2024-10-27"),
        ("It sails next week.", "2024-11-04", "2024-11-10"),
        ("It sank earlier this month.", "2024-10-01", "2024-10-31"),
        ("It sank late last year.", "2023-01-01", "2023-12-31"),
        ("It sank in June.", "2024-06-01", "2024-06-30"),
        ("It sank in December.", "2023-12-01", "2023-12-31"),
        ("It will sail in December.", "2024-12-01", "2024-12-31"),
        ("to be sent by December", None, "2024-12-31"),
        ("ready from November 1", "2024-11-01", None),
        ("It sank on October 8.", "2024-10-08", "2024-10-08"),
        ("It ran from October 8 to 13.", "2024-10-08", "2024-10-13"),
        ("He died on Monday, October 28.", "2024-10-28", "2024-10-28"),
        ("talks in the week of October 23", "2024-10-21", "2024-10-27"),
        ("It sank yesterday.", "2024-10-29", "2024-10-29"),
        ("It sails tomorrow morning.", "2024-10-31", "2024-10-31"),
        ("It sank last night.", "2024-10-29", "2024-10-29"),
        ("It sank two days ago.", "2024-10-28", "2024-10-28"),
        ("It sank three years ago.", "2021-01-01", "2021-12-31"),
        ("It sank days ago.", None, "2024-10-30"),
        ("It was quiet over the past two weeks.", "2024-10-16", "2024-10-30"),
        ("It will be built in the next two years.", "2024-10-30", "2026-11-01"),
        ("done by the end of the year", None, "2024-12-31"),
    ],
)
def test_a_relative_date_is_resolved_from_the_day_of_publication(text: str, first: str, last: str) -> None:
    assert days(text) == [(first, last)]
    assert [time.kind for time in find_times(text, published=WEDNESDAY)] == ["relative"]
    assert days(text, None) == [(None, None)]


@pytest.mark.parametrize(
    "text",
    [
        "for weeks",
        "for three years",
        "in a week",
        "in nearly a year",
        "the nearly three-year war",
        "within 24 hours",
        "after two hours",
    ],
)
def test_a_length_of_time_has_no_date(text: str) -> None:
    found = find_times(text, published=WEDNESDAY)
    assert [(time.kind, time.first, time.last) for time in found] == [("duration", None, None)]


@pytest.mark.parametrize(
    "text",
    [
        "He may march on, and we may too.",
        "Theresa May spoke.",
        "the Sunday Times",
        "Black Friday sales",
        "on Mondays",
        "every Friday",
        "2000 people came.",
        "in 2000 people",
        "a 29-year-old",
        "the Sept. 11 attacks",
        "USA Today reported",
        "10,000 troops",
        "He won 3-2.",
        "section 2012b",
        "call 2012-555",
        "04/05/2024",
        "Boeing 747",
        "March on!",
        "an August body",
        "at 1200 GMT",
    ],
)
def test_words_and_numbers_that_only_look_like_dates_are_none(text: str) -> None:
    assert find_times(text, published=WEDNESDAY) == []


def test_a_time_of_publication_is_taken_as_its_day() -> None:
    (found,) = find_times("on Monday", published=datetime(2024, 10, 30, 12))
    assert type(found.first) is date


def test_a_day_that_does_not_exist_is_not_moved() -> None:
    assert find_times("on February 30, 2024", published=WEDNESDAY) == [] or days("on February 30, 2024") == [
        (None, None)
    ]
    assert all(day is None for day in days("on February 30")[0])


def test_without_a_day_of_publication_the_lower_bound_gives_an_open_interval() -> None:
    bound = date(2024, 10, 23)
    assert days("It will sail on Monday.", None, not_before=bound) == [("2024-10-28", None)]
    assert days("He had asked on Monday.", None, not_before=bound) == [("2024-10-21", None)]
    assert days("It will sail next week.", None, not_before=bound) == [("2024-10-28", None)]


@given(published=st.dates(date(2000, 1, 1), date(2060, 1, 1)), later=st.integers(0, 400))
def test_a_lower_bound_holds_what_any_later_day_of_publication_gives(published: date, later: int) -> None:
    text = "He said on Monday it will sail on Friday, next week or tomorrow; last month it sank, a year ago it was new."
    bound = published - timedelta(days=later)
    for certain, known in zip(
        find_times(text, published=None, not_before=bound), find_times(text, published=published), strict=True
    ):
        assert certain.expression == known.expression
        assert certain.first is not None
        assert known.first is not None
        assert certain.first <= known.first
        assert certain.last is None


@given(text=news_texts(), published=st.none() | st.dates())
def test_times_are_disjoint_in_order_and_quote_the_text(text: str, published: date | None) -> None:
    last = 0
    for found in find_times(text, published=published):
        assert last <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.expression
        assert found.first is None or found.last is None or found.first <= found.last
        last = found.end


@given(published=st.dates())
def test_any_day_of_publication_is_taken_also_at_the_ends_of_the_calendar(published: date) -> None:
    text = "last century, next decade, on Monday, two years ago, next year, last month, tomorrow, in May, by Feb 29"
    assert all(isinstance(found, Time) for found in find_times(text, published=published))


@pytest.mark.parametrize("name", sorted(HOSTILE_TEXTS))
def test_hostile_text_takes_no_longer_than_plain_text(name: str) -> None:
    started = time.process_time()
    find_times(HOSTILE_TEXTS[name], published=WEDNESDAY)
    assert time.process_time() - started < PATIENCE_SECONDS


def test_a_language_without_word_lists_has_iso_dates_only() -> None:
    assert days("am 2024-10-23, gestern, 2024-13-01", language="xx") == [("2024-10-23", "2024-10-23")]


def test_the_latest_absolute_date_is_of_what_has_happened() -> None:
    assert latest_absolute_date("It sank on May 2, 2023 and was raised on June 1, 2023.") == date(2023, 6, 1)
    assert latest_absolute_date("It sank on May 2, 2023. It will be raised on June 1, 2030.") == date(2023, 5, 2)
    assert latest_absolute_date("It sank on Monday. It was built in May 2020.") is None


# --- the seeds --------------------------------------------------------------------------------------


def gold_days(value: str | None) -> Days:
    """First and last day of a gold value: a day, month, year, ISO week, or "from/to"."""
    if value is None:
        return None, None
    first, _, last = value.partition("/")
    return _edge(first, last=False), _edge(last if "/" in value else first, last=True)


def _edge(value: str, *, last: bool) -> date | None:
    if not value:
        return None
    year, *rest = value.split("-")
    if rest and rest[0].startswith("W"):
        return date.fromisocalendar(int(year), int(rest[0][1:]), 7 if last else 1)
    month = int(rest[0]) if rest else (12 if last else 1)
    day = int(rest[1]) if len(rest) > 1 else (calendar.monthrange(int(year), month)[1] if last else 1)
    return date(int(year), month, day)


def holds(found: Days, wanted: Days) -> bool:
    """Whether an open interval certainly holds the wanted one."""
    return (found[0] is None or (wanted[0] is not None and found[0] <= wanted[0])) and (
        found[1] is None or (wanted[1] is not None and wanted[1] <= found[1])
    )


def test_time_expressions_of_the_seeds_are_resolved_and_none_is_invented(seeds: Path) -> None:
    gold = json.loads((Path(__file__).parent / "gold" / "seeds.json").read_text(encoding="utf-8"))
    right = 0
    for key, file in gold["files"].items():
        raw = (seeds / file["file"]).read_text(encoding="utf-8")
        header = re.match(r"\s*date (\S+) ", raw)
        published = date.fromisoformat(header[1]) if header else None
        text = raw[header.end() :] if header else raw
        found = list(times_of(text, published))
        for wanted in (entry for entry in gold["time_expressions"] if entry["article"] == key):
            start = text.index(wanted["expression"], text.index(wanted["context"]))
            hits = [
                time
                for offset, time in found
                if offset < start + len(wanted["expression"]) and offset + len(time.expression) > start
            ]
            found = [(offset, time) for offset, time in found if time not in hits]
            right += any(is_right(time, gold_days(wanted["value"]), published) for time in hits)
        assert all((time.first, time.last) == (None, None) for _, time in found), "a date where the gold has none"
    assert right >= 25


def times_of(text: str, published: date | None) -> list[tuple[int, Time]]:
    bound = None if published else latest_absolute_date(text)
    found = []
    for sentence in find_sentences(text):
        words = text[sentence.start : sentence.end]
        times = find_times(words, published=published, not_before=bound)
        found.extend((sentence.start + time.start, time) for time in times)
    return found


def is_right(time: Time, wanted: Days, published: date | None) -> bool:
    days = (time.first, time.last)
    if published or time.kind == "absolute":
        return days == wanted
    return days == (None, None) or holds(days, wanted)
