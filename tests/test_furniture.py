"""Furniture of web pages: lines and suffixes that are not the article's."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.furniture import drop_furniture, strip_outlet

BODY = "Two ferries collided off the island on Monday.\nShare prices fell."


@pytest.mark.parametrize(
    "line",
    [
        "Read more",
        "ADVERTISEMENT",
        "Photo: AP",
        "Share this:",
        "Enlarge this image",
        "Sign up for our newsletter",
        "- Related",
    ],
)
def test_furniture_lines_go(line: str) -> None:
    assert drop_furniture(f"{line}\n{BODY}\n{line}", language="en") == BODY


def test_prose_that_begins_like_furniture_stays() -> None:
    text = "Photo: " + "a long caption that tells what the picture shows " * 4 + "\nMore ships came."
    assert drop_furniture(text, language="en") == text


def test_a_language_without_rules_loses_nothing() -> None:
    assert drop_furniture(f"Read more\n{BODY}", language="xx") == f"Read more\n{BODY}"


@given(st.lists(st.sampled_from(["Read more", "Two died.", "", "Share"])).map("\n".join))
def test_no_text_is_emptied(text: str) -> None:
    assert bool(drop_furniture(text, language="en").strip()) == bool(text.strip())


@pytest.mark.parametrize(
    ("title", "source", "url"),
    [
        ("Ferry sinks - Harbour News", "Harbour News", None),
        ("Ferry sinks | HN", "hn.example", None),
        ("Ferry sinks – Harbour News", None, "https://www.harbournews.example/a/b"),
        ("Ferry sinks — Harbour News Europe", "harbour news", None),
    ],
)
def test_the_outlet_goes_where_source_or_address_confirm_it(title: str, source: str | None, url: str | None) -> None:
    assert strip_outlet(title, source=source, url=url) == "Ferry sinks"


@pytest.mark.parametrize(
    "title", ["Ferry sinks - report", "Kos - Harbour News", "Ferry sinks-Harbour News", " - Harbour News"]
)
def test_other_suffixes_stay(title: str) -> None:
    assert strip_outlet(title, source="ANA", url="http://a.example/x") == title


def test_a_hostile_megabyte_costs_little() -> None:
    started = time.process_time()
    for unit in ("Read more\n", " - ", "- ", "\n", "a"):
        text = unit * (1_000_000 // len(unit))
        drop_furniture(text, language="en")
        strip_outlet(text, source="a", url=text)
    assert time.process_time() - started < 3.0
