"""Content words as terms: stems, irregular verbs, synonyms, numbers."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.lexicon import Lexicon


def terms(text: str, language: str = "en") -> list[str]:
    return [word.term for word in Lexicon(language).words(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sent", "send"),
        ("withdrawal", "withdrew"),
        ("troops", "soldiers"),
        ("wounded", "injured"),
        ("1,500", "1500"),
        ("twelve", "12"),
        ("Deployed", "deployment"),
        ("country’s", "nation"),
    ],
)
def test_words_that_say_the_same_are_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other) != []


@pytest.mark.parametrize(("one", "other"), [("first", "second"), ("killed", "injured"), ("15", "50"), ("sun", "moon")])
def test_words_that_differ_are_two_terms(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_stop_words_and_single_letters_are_no_content() -> None:
    assert terms("It was not what he said, e. g. about the a and b") == []


def test_places_show_the_words() -> None:
    text = "The minister’s plane had landed in Oslo at 7"
    words = Lexicon("en").words(text)
    assert [text[word.start : word.end] for word in words] == ["minister’s", "plane", "landed", "Oslo", "7"]
    assert [word.capital for word in words] == [False, False, False, True, False]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    weights = {word.term: word.weight for word in Lexicon("en").words("people xylophone")}
    assert 1.0 <= weights["peopl"] < weights["xylophon"] <= 6.0


def test_numbers_are_read_by_the_marks_of_the_language() -> None:
    assert [word.term for word in Lexicon("de").words("1.500 3,5 35")] == ["#1500", "#3.5", "#35"]
    persian = "\u06f1\u066c\u06f5\u06f0\u06f0 \u06f3\u066b\u06f5"
    assert [word.term for word in Lexicon("fa").words(persian)] == ["#1500", "#3.5"]


def test_a_language_without_lists_has_words_and_numbers() -> None:
    assert terms("Kolme laivaa upposi 12. toukokuuta", "fi")[-2:] == ["#12", terms("toukokuuta", "fi")[0]]


@given(st.text(max_size=200))
def test_any_text_gives_terms_in_order_inside_it(text: str) -> None:
    words = Lexicon("en").words(text)
    assert [word.start for word in words] == sorted({word.start for word in words})
    assert all(word.start < word.end <= len(text) for word in words)


@pytest.mark.parametrize("text", ["Mr. " * 50_000, "a" * 1_000_000, "'" * 100_000, "a'" * 200_000, "1," * 200_000])
def test_hostile_text_is_read_in_time(text: str) -> None:
    start = time.process_time()
    Lexicon("en").words(text)
    assert time.process_time() - start < 4.0


def test_a_lexicon_that_forgets_says_the_same_of_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    lexicon = Lexicon("en")
    before = lexicon.words("Divers searched the wreck")
    monkeypatch.setattr("storycluster.text.lexicon._KEPT_WORDS", 2)
    assert lexicon.words("Nobody was hurt")
    assert lexicon.words("Divers searched the wreck") == before
