"""How much of a statement an earlier sentence says where words are only nearly the same."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.stages.facts.namebook import NameBook
from storycluster.stages.facts.nearness import nearest, said_by
from storycluster.stages.facts.order import Dates
from storycluster.stages.facts.statements import Source, Told, read_statements
from storycluster.text.lexicon import Lexicon

TERMS = st.lists(st.text("abcdeö", min_size=1, max_size=8), min_size=1, max_size=6)


def only(text: str) -> Told:
    source = Source("a", None, text, "en", Dates(datetime(2024, 5, 6), None))
    (told,) = read_statements(source, Lexicon("en"), book=NameBook())
    return told


def in_common(one: str, other: str) -> int:
    """Letters in common, in order: the plain table of the longest common subsequence."""
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, letter in enumerate(one):
        for j, beside in enumerate(other):
            table[i + 1][j + 1] = table[i][j] + 1 if letter == beside else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


@given(TERMS, TERMS)
def test_a_term_is_as_near_as_its_nearest_by_letters_in_common(wanted: list[str], present: list[str]) -> None:
    for term, near in nearest(wanted, present).items():
        shares = [2 * in_common(term, other) / (len(term) + len(other)) for other in present]
        assert near == pytest.approx(max(0.0, (max(shares) - 0.4) / 0.6))


@given(TERMS, TERMS)
def test_more_present_terms_never_make_a_wanted_one_less_near(present: list[str], more: list[str]) -> None:
    before, after = nearest(["abcde"], present), nearest(["abcde"], present + more)
    assert after["abcde"] >= before["abcde"]


def test_numbers_are_the_same_or_not() -> None:
    assert nearest(["=150", "#18"], ["=151", "#18"]) == {"=150": 0.0, "#18": 1.0}


def test_a_sentence_says_all_of_itself_and_nothing_of_another_matter() -> None:
    told = only("Divers searched the wreck of the ferry until dawn.")
    (statement,) = told.statements
    assert said_by(statement.weights, told).share == pytest.approx(1.0)
    assert said_by(statement.weights, only("Prices rose.")).share < 0.25


def test_words_of_one_clause_say_more_than_words_scattered_over_two() -> None:
    (statement,) = only("Divers searched the wreck.").statements
    one = only("Divers searched the wreck, and the mayor thanked the harbour board for its patience.")
    two = only("Divers thanked the mayor for patience, and the harbour board searched its wreck.")
    assert len(one.statements) == len(two.statements) == 2
    weights = statement.weights
    assert said_by(weights, one).share > said_by(weights, two).share
