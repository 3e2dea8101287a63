"""What a word is worth."""

import numpy as np
import pytest
import wordfreq

from storycluster.text.terms import background_share, describe_words


def test_forms_of_a_word_are_one_term_and_stop_words_none() -> None:
    assert describe_words(["collide", "Collided", "the", "a", "x"], "en").terms == ["collid", "collid", "", "", ""]


def test_a_grouped_number_is_the_same_as_a_plain_one() -> None:
    facts = describe_words(["12,000", "12000", "1.5", "12,00"], "en")
    assert facts.terms == ["12000", "12000", "1.5", "12,00"]
    assert facts.number.all()


def test_a_number_is_grouped_by_the_marks_of_the_language() -> None:
    assert describe_words(["12.000", "12000", "1,5", "1.5"], "de").terms == ["12000", "12000", "1,5", "1.5"]


def test_common_words_are_commoner_than_rare_ones_and_unknown_ones_never_impossible() -> None:
    frequencies = describe_words(["house", "halibut", "qzxv"], "en").frequencies
    assert frequencies[0] > frequencies[1] > frequencies[2]
    assert (background_share(frequencies, 300) > 0).all()
    assert background_share(np.array([1.0]), 300)[0] == pytest.approx(1.0)


@pytest.mark.parametrize("language", ["de", "ru", "xx", "zh", "ar", "pt-BR"])
def test_any_language_has_terms(language: str) -> None:
    facts = describe_words(["Straße", "Москва", "東京"], language)
    assert all(facts.terms)


@pytest.mark.parametrize("language", wordfreq.available_languages())
def test_numbers_have_a_frequency_in_every_language_there_are_frequencies_of(language: str) -> None:
    assert (describe_words(["205", "1999"], language).frequencies > 0).all()


@pytest.mark.parametrize("number", ["7", "12", "00", "05", "1987", "21987", "2.5", "3rd", "12th", "007", "9" * 500])
def test_numbers_are_as_frequent_as_wordfreq_has_them(number: str) -> None:
    assert describe_words([number], "de").frequencies[0] == pytest.approx(wordfreq.word_frequency(number, "de"), 0.01)


def test_months_and_weekdays_are_marked() -> None:
    assert describe_words(["Monday", "March", "Dover"], "en").calendar.tolist() == [True, True, False]
