"""Counts, dates and values read as an editor would write them."""

import pytest

from storycluster.views.shape import ArticleEntry, Point
from storycluster.views.wording import (
    say_article,
    say_count,
    say_day,
    say_number,
    say_origin,
    say_published,
    say_share,
    say_value,
)


def article(**values):
    empty = dict.fromkeys(ArticleEntry.__slots__) | {"id": "a", "lead": "Two ferries", "credits": []}
    return ArticleEntry(**(empty | values))


def point(low, high, **values):
    empty = dict.fromkeys(Point.__slots__) | {"value": "dozens", "approximate": False}
    return Point(**(empty | {"low": low, "high": high} | values))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"published": "2024-10-18"}, "18 Oct 2024"),
        ({"published": "2024-10-08T23:59:00Z"}, "8 Oct 2024"),
        ({"published_from": "2024-10-23"}, "not before 23 Oct 2024"),
        ({}, "undated"),
    ],
)
def test_a_date_has_one_form(values, words):
    assert say_published(article(**values)) == words


def test_an_outlet_does_not_cite_itself():
    wire = article(source="apnews.com", credits=["Associated Press"])
    assert say_origin(wire) == "apnews.com"
    assert say_origin(article(source="Courier", credits=["AP", "courier"])) == "Courier, citing AP"


def test_an_article_is_named_by_title_or_first_words_and_id():
    assert say_article(article(title="Ferries\ncollide")) == "Ferries collide"
    assert say_article(article()) == "“Two ferries” (a)"


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (point(10_000, 10_000, approximate=True), "about 10,000"),
        (point(10_000, 12_000), "10,000 to 12,000"),
        (point(160, 160, unit="m", approximate=True), "about 160 m"),
        (point(None, 500), "up to 500"),
        (point(500, None), "at least 500"),
        (point(5_000, 6_000, bound="at_least"), "at least 5,000"),
        (point(11_000, 12_000, bound="at_most"), "up to 12,000"),
        (point(None, None), "dozens"),
        (point(float("inf"), float("inf")), "an unknown number"),
        (point(2.5, 2.5, unit="%"), "2.5 %"),
    ],
)
def test_a_value_reads_as_it_was_meant(stated, words):
    assert say_value(stated) == words


def test_singular_and_plural_are_right():
    assert [say_count(number, "copy") for number in (0, 1, 2, 1200)] == [
        "no copies",
        "1 copy",
        "2 copies",
        "1,200 copies",
    ]


def test_what_is_no_date_is_shown_as_it_is():
    assert say_day("in spring") == "in spring"


def test_only_the_whole_is_a_hundred_per_cent():
    assert [say_share(share) for share in (1.0, 0.999, 0.996, 0.5, 0.0)] == ["100 %", "99 %", "99 %", "50 %", "0 %"]


@pytest.mark.parametrize(
    ("number", "words"), [(40e6, "40 million"), (1_234_567, "1,234,567"), (0, "0"), (0.125, "0.125"), (-3, "-3")]
)
def test_numbers_are_grouped(number, words):
    assert say_number(number) == words
