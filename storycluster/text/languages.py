"""The language of an article: by its script, by its common words, else by its letters; ``und`` when unsure.

Most texts are settled by a count of common words, which costs little; only the others are read letter by letter.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

UNKNOWN: Final = "und"
#: Most news that comes without a language is in English, and it is the language with word lists.
DEFAULT: Final = "en"
#: A language wins with this share of the sampled words among its commonest ones, and a lead over the runner-up.
MIN_SHARE: Final = 0.1
MIN_LEAD: Final = 1.5
MIN_VOTES: Final = 4  # fewer common words prove nothing
MIN_WORDS: Final = 4  # fewer words prove nothing at all
#: So many words of which fewer are common than MIN_SHARE are in no language that is known here.
ENOUGH_WORDS: Final = 60
#: Chance of the likeliest language, 0..1, below which letters prove nothing.
MIN_CHANCE: Final = 0.4
SAMPLE_CHARS: Final = 800

_SCRIPTS: Final = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("am", re.compile("[\u1200-\u137f]")),
)
_MIN_SCRIPT_SHARE: Final = 0.25  # of the sampled characters; news quotes foreign names
_MIN_KANA_SHARE: Final = 0.05  # Japanese is mostly kanji in headlines
_COMMON_CODES: Final = frozenset({"en", "de", "fr", "es", "ru", "uk", "zh", "ar", "it", "pt", "ja", "ko"})
_CODE: Final = re.compile(r"[a-z]{2,3}")


def normalise_language(value: str | None) -> str | None:
    """The two or three letter code of a language tag or English language name; None where it is neither.

    >>> normalise_language("en-US"), normalise_language("German"), normalise_language("?")
    ('en', 'de', None)
    """
    if not value:
        return None
    if value in _COMMON_CODES:
        return value
    name = re.split("[-_]", value.strip().lower(), maxsplit=1)[0]
    code: str | None = language_table("names").get(name)
    if code:
        return code
    return name if _CODE.fullmatch(name) and name != UNKNOWN else None


def read_as(language: str | None) -> str:
    """The language by whose rules an article is read: its own, the default where that is unknown.

    >>> read_as("fr"), read_as("und"), read_as(None)
    ('fr', 'en', 'en')
    """
    return language if language and language != UNKNOWN else DEFAULT


def guess_language(text: str) -> str:
    """The language code of a text, ``und`` when the evidence is thin.

    >>> guess_language("The ship was on its way to the port when the fire broke out, they said.")
    'en'
    """
    sample = text[:SAMPLE_CHARS]
    if not sample.isascii() and (script := _guess_script(sample)):
        return script
    words = sample.lower().split()
    if len(words) < MIN_WORDS:
        return UNKNOWN
    languages = languages_by_word()
    votes: dict[str, int] = {}
    for word, count in Counter(filter(languages.__contains__, words)).items():
        for language in languages[word]:
            votes[language] = votes.get(language, 0) + count
    ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))[:2]
    most = ranked[0][1] if ranked else 0
    if len(words) >= ENOUGH_WORDS and most < MIN_SHARE * len(words):
        return UNKNOWN
    if most < max(MIN_VOTES, MIN_SHARE * len(words)) or (len(ranked) > 1 and most < MIN_LEAD * ranked[1][1]):
        return read_letters(sample)
    return ranked[0][0]


def read_letters(text: str) -> str:
    """The likeliest language of a text by its runs of letters.

    >>> read_letters("Brand op een veerboot in de haven")
    'nl'
    """
    code, chance = _identifier().classify(text[:SAMPLE_CHARS])
    return str(code) if chance >= MIN_CHANCE else UNKNOWN


@cache
def _identifier() -> Any:
    """py3langid's naive Bayes model, loaded when it is first needed (half a second)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(language_table("letters")["languages"].split())
    return identifier


def _guess_script(sample: str) -> str | None:
    letters = max(1, sum(1 for c in sample if c.isalpha()))
    for language, pattern in _SCRIPTS:
        share = _MIN_KANA_SHARE if language == "ja" else _MIN_SCRIPT_SHARE
        if len(pattern.findall(sample)) >= share * letters:
            return language
    return None


@cache
def language_table(name: str) -> Mapping[str, str]:
    """A table of the file of languages: ``names`` to codes, or the ``common_words`` of each language.

    >>> language_table("names")["german"]
    'de'
    """
    data = tomllib.loads(files("storycluster.text").joinpath("data/languages.toml").read_text(encoding="utf-8"))
    table: dict[str, str] = data[name]
    return table


@cache
def languages_by_word() -> Mapping[str, tuple[str, ...]]:
    """The languages, by code, in which each common word is one.

    >>> "en" in languages_by_word()["the"]
    True
    """
    found: dict[str, list[str]] = {}
    for language, words in sorted(language_table("common_words").items()):
        for word in words.split():
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}
