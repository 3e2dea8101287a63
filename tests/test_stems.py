"""Stemmers and frequencies: one table for all who ask, and nothing fails for a language nobody knows."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import wordfreq

from storycluster.text.lexicon import Lexicon
from storycluster.text.stems import listed_language, load_frequencies, load_stemmer
from storycluster.text.terms import describe_words


@pytest.mark.parametrize("language", ["hy", "yi", "sr", "uk", "ja", "xx", ""])
def test_every_language_has_words_with_a_weight(language: str) -> None:
    assert Lexicon(language).words("Ararat 1988")
    assert describe_words(["Ararat"], language).terms


def test_words_are_stemmed_by_the_first_part_of_the_tag() -> None:
    assert load_stemmer("de-AT")("brücken") == load_stemmer("de")("brücken") != "brücken"


def test_a_language_without_a_list_is_measured_by_english() -> None:
    assert listed_language("hy") == "en"
    assert load_frequencies("hy", "small") == load_frequencies("en", "small")


def test_weights_are_those_of_the_word_list() -> None:
    for word in ("ferry", "treaty", "sovereignty", "government"):
        (found,) = Lexicon("en").words(word)
        assert found.weight == 8 - wordfreq.zipf_frequency(word, "en", wordlist="small")


def test_threads_that_stem_at_once_get_the_stems_of_one_alone() -> None:
    words = [
        "relational",
        "ferries",
        "collided",
        "conditional",
        "vietnamization",
        "a",
        "operator",
        "nationalisation",
    ] * 400
    stem = load_stemmer("en")
    alone = [stem(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: [stem(word) for word in words], range(16))) == [alone] * 16
