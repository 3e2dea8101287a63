"""Title, date and body of plain text and Markdown."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storycluster.text.layout import find_layout, find_markdown_layout, is_headline

BODY = "Two ferries collided off the island on Monday, and the coast guard said that nobody was hurt.\nMore ships came."


def test_a_headline_on_the_first_line_is_the_title() -> None:
    found = find_layout(f"Ferries collide off Kos\n\n{BODY}")
    assert (found.title, found.text) == ("Ferries collide off Kos", BODY)


def test_a_text_that_starts_at_once_has_no_title() -> None:
    found = find_layout(BODY)
    assert (found.title, found.text) == (None, BODY)


def test_a_headline_below_a_standfirst_is_the_title_and_the_standfirst_stays() -> None:
    found = find_layout(f"Nobody was hurt when two ferries met.\nFerries collide off Kos\n{BODY}")
    assert (found.title, found.text) == ("Ferries collide off Kos", f"Nobody was hurt when two ferries met.\n{BODY}")


def test_a_section_header_below_the_first_sentence_is_no_title() -> None:
    text = f"Nobody was hurt when two ferries met.\nDetails\n{BODY}"
    assert find_layout(text).title is None


@pytest.mark.parametrize("date", ["2024-10-29", "29 October 2024", "October 29, 2024", "29.10.2024"])
def test_a_date_header_before_the_headline_is_taken_off(date: str) -> None:
    found = find_layout(f" date {date} Ferries collide off Kos\nAthens • ANA\n{BODY}")
    assert found.header == {"published": date}
    assert (found.title, found.text) == ("Ferries collide off Kos", f"Athens • ANA\n{BODY}")


def test_a_date_header_before_a_standfirst_gives_no_title() -> None:
    found = find_layout(f" date 2024-10-29 Two ferries collided on Monday.\n\n{BODY}")
    assert found.title is None
    assert found.text.startswith("Two ferries collided on Monday.")


def test_a_date_line_below_the_headline_is_taken_out() -> None:
    found = find_layout(f"Ferries collide off Kos\nOctober 29, 2024 10:15 am\n{BODY}")
    assert (found.header, found.text) == ({"published": "October 29, 2024 10:15 am"}, BODY)


def test_named_lines_at_the_top_are_a_header() -> None:
    found = find_layout(f"Title: Ferries collide\nSource: ANA\nDate: 2024-10-29\n\n{BODY}")
    assert (found.title, found.text) == ("Ferries collide", BODY)
    assert found.header == {"source": "ANA", "published": "2024-10-29"}


def test_a_quote_with_a_colon_is_no_header() -> None:
    assert find_layout(f"Minister: we are ready\n{BODY}").text.endswith(BODY)


NO_NEWS = ("Kyiv • UNN", "LONDON (Reuters) - Shares fell", "By Jane Roe Smith", "Photo: somebody took it", "3 May 2021")
NO_HEADLINES = (
    "Two people died.",
    "He said: ",
    "https://a.b/c d e",
    "First it sank. Then it burned",
    "2 3 4 5",
    "Details",
)


@pytest.mark.parametrize("line", [*NO_NEWS, *NO_HEADLINES, "", "x" * 300])
def test_these_lines_are_no_headlines(line: str) -> None:
    assert not is_headline(line)


@pytest.mark.parametrize(
    "line",
    ["Ferries collide off Kos", "Who sank the ferry?", "U.S. ferries collide near N. Korea", "渡轮在科斯岛附近相撞"],
)
def test_these_lines_are_headlines(line: str) -> None:
    assert is_headline(line)


def test_markdown_title_and_marks() -> None:
    found = find_markdown_layout(
        "# Ferries *collide*\n\n**Two** ferries [met](http://a.b/c) at 3*4.\n\n> Quote\n\n## What now\n![x](y.png)"
    )
    assert found.title == "Ferries collide"
    assert found.text == "Two ferries met at 3*4.\n\nQuote\n\nWhat now"


def test_markdown_front_matter() -> None:
    found = find_markdown_layout(f'---\ntitle: "Ferries collide"\ndate: 2024-10-29\ntags: [a]\n---\n{BODY}')
    assert (found.title, found.header, found.text) == ("Ferries collide", {"published": "2024-10-29"}, BODY)


@given(st.lists(st.text(alphabet="ab cd.\n#-:", max_size=40)).map("\n".join))
@example("---\n---\nab")
def test_no_word_is_lost_or_moved(text: str) -> None:
    found = find_layout(text)
    rest = " ".join(found.text.split())
    words = " ".join(text.split())
    assert rest in words
    assert letters((found.title or "") + rest) >= letters(words) or found.header


def letters(text: str) -> int:
    return sum(map(str.isalnum, text))


@pytest.mark.parametrize(
    "unit", ["a: ", "# ", "[", "![", "*a", "_", "**", "date ", "A", "\n", "• ", "[a](", "X - ", "---\n", "a.b "]
)
def test_a_hostile_megabyte_is_laid_out_in_a_second(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    find_layout(text)
    find_markdown_layout(text)
    assert time.process_time() - started < 2.0
