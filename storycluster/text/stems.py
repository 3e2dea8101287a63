"""Stemmers and background frequencies by language: the one place that knows what a language tag is called elsewhere.

Knows single words, no sentence and no corpus; a language nobody has a stemmer for keeps its words as they are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Final, Literal

import snowballstemmer
import wordfreq

from storycluster.text.rules import primary_subtag

#: Language of the word lists where an article's own is unknown or has none.
FALLBACK_LANGUAGE: Final = "en"

#: Snowball's names of the languages it knows, by the subtag articles carry.
_STEMMERS: Final[Mapping[str, str]] = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


#: A Snowball stemmer keeps the word it works on, so every thread has its own.
_OWN: Final = threading.local()


@cache
def load_stemmer(language: str) -> Callable[[str], str]:
    """What gives the stem of a word in lower case, in any thread; the word itself in a language without a stemmer.

    >>> load_stemmer("en-GB")("ferries"), load_stemmer("xx")("ferries")
    ('ferri', 'ferries')
    """
    name = _STEMMERS.get(primary_subtag(language))
    return partial(_stem, name) if name else str


def _stem(name: str, word: str) -> str:
    """The stem of a word by the Snowball stemmer of this thread."""
    stemmers: dict[str, Callable[[str], str]] = _OWN.__dict__
    stem = stemmers.get(name)
    if stem is None:
        stem = stemmers[name] = snowballstemmer.stemmer(name).stemWord
    return stem(word)


def listed_language(language: str) -> str:
    """The language whose frequencies are used: the article's own where it has a list, else English.

    >>> listed_language("de-AT"), listed_language("xx")
    ('de', 'en')
    """
    subtag = primary_subtag(language)
    return subtag if subtag in wordfreq.available_languages() else FALLBACK_LANGUAGE


@cache
def load_frequencies(language: str, wordlist: Literal["small", "best"]) -> Mapping[str, float]:
    """Share of running words, 0..1, by word in lower case, from the short or the longest list there is.

    >>> load_frequencies("en", "small")["the"] > load_frequencies("en", "small")["ferry"]
    True
    """
    frequencies: Mapping[str, float] = wordfreq.get_frequency_dict(listed_language(language), wordlist)
    return frequencies
