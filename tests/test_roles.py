"""Roles of single lines that are easily taken for another."""

import pytest

from storycluster.text.sentences import find_sentences
from storycluster.text.sentences.roles import split_dateline


def role(text: str, place: int, **options: str) -> str:
    return find_sentences(text, **options)[place].role


@pytest.mark.parametrize(
    "line",
    [
        "Source: ABC",
        "(Reporting by Ana Dias; Editing by Jo Li)",
        "This was reported by the agency ABC.",
        "Copyright 2012 ABC. All rights reserved.",
        "Read more: Ferries in fog",
        "Reuter",
        "The Associated Press contributed to this report.",
        "Updated at 13:59 GMT",
    ],
)
def test_a_line_about_the_article_states_nothing(line: str) -> None:
    assert {s.role for s in find_sentences(f"Two ferries collided in fog.\n{line}", title="Fog")[1:]} == {"sourcing"}


@pytest.mark.parametrize(
    "line",
    [
        "The minister said this was an error.",
        "Source code was stolen from the bank, police said.",
        "The report was published by the ministry on Monday and names 35 victims, "
        "among them two officials of the port who had asked for help.",
        "AP Moller sold its ferries.",
        "See the damage it did: two ferries sank.",
    ],
)
def test_a_statement_stays_a_statement(line: str) -> None:
    assert role(f"Two ferries collided in fog.\n{line}", 1, title="Fog") == "body"


@pytest.mark.parametrize(
    "text", ["The (big) - ship sank.", "It (the ship) - sank.", "Acme Corp - sank", "WHO said so."]
)
def test_brackets_in_a_sentence_are_no_dateline(text: str) -> None:
    assert split_dateline(text, 0, len(text)) == 0


def test_most_of_a_quote_sentence_stands_in_quotation_marks() -> None:
    assert role('"We saw nothing at all in that fog," he said.', 0) == "quote"
    assert role('He said they saw nothing at all in that "fog".', 0) == "body"


def test_a_language_without_word_lists_has_places_but_no_word_roles() -> None:
    assert role("Zwei Schiffe\nSource: ABC sagt das. Es war so.", 1, language="xx") == "body"


@pytest.mark.parametrize(
    "line",
    ["4 May 2024 Last updated at 11:11 GMT", "Posted 05/04/2024 3:36 PM Updated 05/04/2024 5:02 PM", "Sat, 4 May 2024"],
)
def test_a_line_that_dates_the_page_states_nothing(line: str) -> None:
    sentences = find_sentences(f"{line}\nFerry sinks off Lindholm\nA ferry sank at dawn. Nobody was hurt.")
    assert [each.role for each in sentences][1:] == ["headline", "body", "body"]
    assert sentences[0].role in {"dateline", "sourcing"}


def test_a_sentence_that_only_says_where_something_was_said_states_nothing() -> None:
    said = "The mayor said in a statement released by the town."
    assert role(f"A ferry sank. {said}", 1, title="Fog") == "sourcing"
    assert role("A ferry sank. The mayor said in a statement that it burned.", 1, title="Fog") == "body"
