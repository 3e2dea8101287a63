"""What a word is worth to a story: its stem, whether it is a number, and how common it is in general.

Knows single words of many languages, no corpus and no sentence; it never counts anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from wordfreq.numbers import digit_freq, smash_numbers

from storycluster.text.numerals import decimal_mark, plain_number
from storycluster.text.rules import CALENDAR, load_rules
from storycluster.text.stems import load_frequencies, load_stemmer

#: A word at least this common in a language (share of running words) is a stop word: some 90 words of English.
STOP_FREQUENCY: Final = 1e-3
#: Share of running words assumed for a word that the background does not know.
UNKNOWN_FREQUENCY: Final = 1e-8
#: Letters of the shortest content word; single letters are initials and remains of contractions.
MIN_LETTERS: Final = 2
#: A word longer than this is an address or noise: it is kept as it is, without a look at any list.
MAX_LETTERS: Final = 40
#: A word of a script without capitals is name-like where it is rarer than this share of running words.
NAME_FREQUENCY: Final = 2e-6

#: Digits of a year.
YEAR_DIGITS: Final = 4
#: Numbers of which is kept what is known of them.
KEPT_NUMBERS: Final = 4_096


@dataclass(frozen=True, slots=True)
class WordFacts:
    """One entry per word asked for: its term ("" for a stop word) and what is known of it."""

    terms: list[str]
    frequencies: npt.NDArray[np.float64]
    capital: npt.NDArray[np.bool_]
    number: npt.NDArray[np.bool_]
    caseless: npt.NDArray[np.bool_]
    calendar: npt.NDArray[np.bool_]


def describe_words(words: Sequence[str], language: str) -> WordFacts:
    """Term, background frequency (share of running words, 0..1) and form of each word.

    >>> describe_words(["The", "Ferries", "1,500"], "en").terms
    ['', 'ferri', '1500']
    """
    background = _background(language)
    known = [_describe(word, background) for word in words]
    flags = np.array([entry[2:] for entry in known], np.bool_).reshape(len(known), 4)
    return WordFacts(
        [entry[0] for entry in known],
        np.array([entry[1] for entry in known], np.float64),
        flags[:, 0],
        flags[:, 1],
        flags[:, 2],
        flags[:, 3],
    )


def background_share(frequencies: npt.NDArray[np.float64], article_words: int) -> npt.NDArray[np.float64]:
    """Share of articles of ``article_words`` running words that hold a word of each frequency at least once.

    >>> background_share(np.array([0.01]), 100).round(2)
    array([0.63])
    """
    share: npt.NDArray[np.float64] = -np.expm1(-article_words * np.maximum(frequencies, UNKNOWN_FREQUENCY))
    return share


@dataclass(frozen=True, slots=True)
class _Background:
    """What is looked up per language: frequencies by word, months and days, its decimal mark, its stemmer."""

    frequencies: Mapping[str, float]
    calendar: frozenset[str]
    decimal: str
    stem: Callable[[str], str]


@cache
def _background(language: str) -> _Background:
    dates = load_rules(language, "dates")
    calendar = frozenset(word for topic in CALENDAR for word in dates.get(topic, ()))
    frequencies = load_frequencies(language, "best")
    return _Background(frequencies, calendar, decimal_mark(language), load_stemmer(language))


def _describe(word: str, background: _Background) -> tuple[str, float, bool, bool, bool, bool]:
    lower = word.lower()
    if word[0].isdigit():
        plain = plain_number(lower, background.decimal)
        number = plain if plain.isdecimal() else lower
        return number, _number_frequency(number, background.frequencies), False, True, False, False
    capital, caseless = word[0].isupper(), lower == word.upper()
    frequency = background.frequencies.get(lower, 0.0)
    if len(lower) > MAX_LETTERS:
        return lower, frequency, capital, False, caseless, False
    if (len(lower) < MIN_LETTERS and not caseless) or frequency >= STOP_FREQUENCY:
        return "", frequency, capital, False, False, False
    rare = caseless and frequency < NAME_FREQUENCY
    return background.stem(lower), frequency, capital, False, rare, lower in background.calendar


def _number_frequency(number: str, frequencies: Mapping[str, float]) -> float:
    """The frequency of a number: that of all numbers of its form times its own share of them, as wordfreq has it.

    Not by ``wordfreq.word_frequency``, which takes ten times as long and more packages for some languages. Digits
    that are no year have the share of all that begin alike and are as long.
    """
    is_alike = number.isascii() and number.isdigit() and len(number) != YEAR_DIGITS
    alike = number[0] + "0" * (len(number) - 1) if is_alike else number
    form = _form(alike)
    frequency = frequencies.get(form, 0.0)
    return frequency * _share(alike) if frequency and form != number else frequency


@lru_cache(maxsize=KEPT_NUMBERS)
def _form(number: str) -> str:
    return smash_numbers(number)


@lru_cache(maxsize=KEPT_NUMBERS)
def _share(number: str) -> float:
    """The share that a number has of all numbers of its form."""
    return digit_freq(number)
