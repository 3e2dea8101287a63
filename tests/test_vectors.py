"""Articles as terms."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.vectors import TermIndex, common_language, index_terms

from .strategies import HOSTILE_TEXTS


def names_of(index: TermIndex, text: int = 0) -> set[str]:
    inside = slice(index.offsets[text], index.offsets[text + 1])
    return {index.terms[term] for term in index.tokens[inside][index.names[inside]]}


@given(st.lists(st.text(alphabet="ab AB1.,é\n", max_size=40), max_size=5), st.randoms())
def test_the_order_of_texts_changes_no_term(texts: list[str], chooser: object) -> None:
    index = index_terms(texts, "en")
    order = list(range(len(texts)))
    chooser.shuffle(order)  # type: ignore[attr-defined]
    other = index_terms([texts[at] for at in order], "en")
    assert other.terms == index.terms
    assert other.shown == index.shown
    for place, at in enumerate(order):
        there = other.tokens[other.offsets[place] : other.offsets[place + 1]]
        assert there.tolist() == index.tokens[index.offsets[at] : index.offsets[at + 1]].tolist()


def test_positions_are_bytes_of_the_text() -> None:
    text = "Zoë saw 1,500 ships"
    index = index_terms(["first", text], "en")
    inside = slice(index.offsets[1], index.offsets[2])
    found = [text.encode()[a:b].decode() for a, b in zip(index.starts[inside], index.ends[inside], strict=True)]
    assert found == ["Zoë", "saw", "1,500", "ships"]


def test_names_are_capitals_inside_sentences_and_numbers() -> None:
    text = "Ferries collided off Dover on Monday. Ferries from Dover carried 300 people, and ferries sank."
    assert names_of(index_terms([text], "en")) == {"dover", "300"}


def test_a_headline_in_capitals_proves_no_name() -> None:
    text = "FERRY SINKS IN DOVER HARBOUR\nThe ferry sinks slowly, and the harbour of Dover is closed."
    assert names_of(index_terms([text], "en")) == {"dover"}


def test_a_rare_word_of_a_script_without_capitals_is_name_like() -> None:
    assert names_of(index_terms(["प्योंगयांग में सेना"], "hi"))


@pytest.mark.parametrize("name", sorted(HOSTILE_TEXTS))
def test_hostile_text_takes_no_longer_than_its_length_allows(name: str) -> None:
    index_terms(["warm"], "en")
    start = time.process_time()
    index_terms([HOSTILE_TEXTS[name]], "en")
    assert time.process_time() - start < 5.0


def test_an_unknown_language_is_that_of_most() -> None:
    assert common_language(["de", "en", "de", None, "und", ""]) == ["de", "en", "de", "de", "de", "de"]
    assert common_language([None]) == ["en"]


def test_a_handful_of_articles_among_hundreds_make_no_language() -> None:
    assert set(common_language(["en"] * 995 + ["ro"] * 5)) == {"en"}
    assert set(common_language(["en"] * 495 + ["ro"] * 5)) == {"en", "ro"}
    assert set(common_language(["en"] * 9_980 + ["ro"] * 20)) == {"en", "ro"}


def test_shown_is_the_commonest_written_form() -> None:
    index = index_terms(["Ferries and ferries", "ferries"], "en")
    assert index.shown == ["ferries"]
    assert np.diff(index.offsets).tolist() == [3, 1]
