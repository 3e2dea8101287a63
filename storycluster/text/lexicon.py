"""Content words made comparable: stems, irregular verbs and synonyms as one term, each with its weight.

For asking whether one sentence says what another says. It never looks at the corpus: a term and its weight
depend on the word alone, so no article changes what another one means.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from storycluster.text.numerals import decimal_mark, plain_number
from storycluster.text.rules import KEPT_TAGS, load_rules
from storycluster.text.stems import load_frequencies, load_stemmer

_WORD: Final = re.compile(
    r"\d+(?:[.,:\u066b\u066c\uff0c\uff0e]\d+)*|[^\W\d_]+(?:['’][^\W\d_]{1,3}\b)?"
)  # linear: no nested repeats
_ENDINGS: Final = ("'s", "n't")

#: A word weighs 8 minus its Zipf frequency (wordfreq's log10 scale, 0..8), kept inside these bounds: common
#: words still count a little, and a typing error not more than a rare name.
_ZIPF_TOP: Final = 8.0
#: Zipf frequency of a share of 1: the scale counts a word in a billion as 0.
_ZIPF_OF_ALL: Final = 9.0
_LEAST_WEIGHT: Final = 1.0
_MOST_WEIGHT: Final = 6.0
#: Numbers differ only by accident in frequency, so all weigh the same: as much as one running word in 32,000.
NUMBER_WEIGHT: Final = 3.5
NUMBER_MARK: Final = "#"


class Word(NamedTuple):
    """One content word: its term, its weight (1..6) and where it stands in the text."""

    term: str
    weight: float
    start: int
    end: int
    capital: bool


#: Words a lexicon remembers before it forgets them all: more than any story has, and no more than some megabytes.
_KEPT_WORDS: Final = 1 << 17


class Lexicon:
    """The words of one language, looked up once each; holds no more than a memory of what was looked up."""

    def __init__(self, language: str = "en") -> None:
        """Read the word lists of ``language``; without lists there are only stems and digits."""
        self._lists = _load_lists(language)
        self._seen: dict[str, tuple[str, float, bool]] = {}

    def words(self, text: str) -> list[Word]:
        """Content words of ``text`` in order; stop words are left out, numbers carry a ``#``.

        >>> [word.term for word in Lexicon("en").words("He had sent 1,500 soldiers")]
        ['send', '#1500', 'soldier']
        """
        seen, found, end = self._seen, [], 0
        if len(seen) > _KEPT_WORDS:
            seen.clear()
        for word in _WORD.findall(text):
            known = seen.get(word)
            if known is None:
                known = seen[word] = (*self._lists.look_up(word), word[0].isupper())
            start = text.find(word, end)  # there is no letter and no digit in between
            end = start + len(word)
            term, weight, capital = known
            if term:
                found.append(Word(term, weight, start, end, capital))
        return found


@lru_cache(maxsize=KEPT_TAGS)
def load_lexicon(language: str) -> Lexicon:
    """The lexicon of a language, one for all who ask: most words of a story were looked up for another one.

    >>> load_lexicon("en") is load_lexicon("en")
    True
    """
    return Lexicon(language)


@dataclass(frozen=True, slots=True)
class _Lists:
    """The word lists of one language."""

    stem: Callable[[str], str]
    frequencies: Mapping[str, float]
    stop: frozenset[str]
    decimal: str
    numbers: Mapping[str, str]
    base: Mapping[str, str]
    synonyms: Mapping[str, str]

    def look_up(self, word: str) -> tuple[str, float]:
        """The term and weight of a word, no term for a stop word."""
        lower = word.lower().replace("’", "'")
        for ending in _ENDINGS:
            lower = lower.removesuffix(ending)
        if lower[:1].isdigit():
            return NUMBER_MARK + plain_number(lower, self.decimal), NUMBER_WEIGHT
        if lower in self.numbers:
            return self.numbers[lower], NUMBER_WEIGHT
        if lower in self.stop or (len(lower) == 1 and lower.isascii()):
            return "", 0.0
        stem = self.stem(self.base.get(lower, lower))
        weight = min(max(_ZIPF_TOP - _zipf(self.frequencies.get(lower)), _LEAST_WEIGHT), _MOST_WEIGHT)
        return self.synonyms.get(stem, stem), weight


@cache
def _load_lists(language: str) -> _Lists:
    rules, stem = load_rules(language, "lexicon"), load_stemmer(language)
    base = dict(_forms(str(rules.get("irregular", ""))))
    synonyms = _forms(str(rules.get("synonyms", "")))
    return _Lists(
        stem=stem,
        frequencies=load_frequencies(language, "small"),
        stop=frozenset(str(rules.get("stop", "")).split()),
        decimal=decimal_mark(language),
        numbers={word: f"{NUMBER_MARK}{number}" for word, number in rules.get("numbers", {}).items()},
        base=base,
        synonyms={stem(base.get(form, form)): stem(base.get(plain, plain)) for form, plain in synonyms},
    )


def _zipf(frequency: float | None) -> float:
    """A share of running words on the Zipf scale, to two decimals as it is known; 0 for a word that is not listed."""
    return round(math.log10(frequency) + _ZIPF_OF_ALL, 2) if frequency else 0.0


def _forms(lines: str) -> Iterator[tuple[str, str]]:
    """Pairs (form, base) from lines that start with the base."""
    for line in lines.splitlines():
        base, *forms = line.split() or [""]
        for form in (base, *forms):
            if form:
                yield form, base
