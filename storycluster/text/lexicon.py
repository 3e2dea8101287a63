"""Content words made comparable: stems, irregular verbs and synonyms as one term, each with its weight.

For asking whether one sentence says what another says. It never looks at the corpus: a term and its weight
depend on the word alone, so no article changes what another one means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import snowballstemmer
from wordfreq import zipf_frequency

from storycluster.text.rules import load_rules, primary_subtag

_WORD: Final = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]{1,3}\b)?")  # linear: no nested repeats
_ENDINGS: Final = ("'s", "n't")

#: Snowball's names of the languages it knows, by the subtag articles carry.
_STEMMERS: Final[Mapping[str, str]] = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "id": "indonesian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip

#: A word weighs 8 minus its Zipf frequency (wordfreq's log10 scale, 0..8), kept inside these bounds: common
#: words still count a little, and a typing error not more than a rare name.
_ZIPF_TOP: Final = 8.0
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


class Lexicon:
    """The words of one language, looked up once each; holds no more than a memory of what was looked up."""

    def __init__(self, language: str = "en") -> None:
        """Read the word lists of ``language``; without lists there are only stems and digits."""
        rules = load_rules(language, "lexicon")
        subtag = primary_subtag(language)
        stemmer = _STEMMERS.get(subtag)
        self._stem = snowballstemmer.stemmer(stemmer).stemWord if stemmer else str
        self._language = subtag if stemmer else "en"
        self._stop = frozenset(str(rules.get("stop", "")).split())
        self._numbers = {word: f"{NUMBER_MARK}{number}" for word, number in rules.get("numbers", {}).items()}
        self._base = dict(_forms(str(rules.get("irregular", ""))))
        synonyms = dict(_forms(str(rules.get("synonyms", ""))))
        self._synonyms = {self._plain(form): self._plain(base) for form, base in synonyms.items()}
        self._seen: dict[str, tuple[str, float]] = {}

    def words(self, text: str) -> list[Word]:
        """Content words of ``text`` in order; stop words are left out, numbers carry a ``#``.

        >>> [word.term for word in Lexicon("en").words("He had sent 1,500 soldiers")]
        ['send', '#1500', 'soldier']
        """
        seen, found = self._seen, []
        for match in _WORD.finditer(text):
            word = match.group()
            known = seen.get(word)
            if known is None:
                known = seen[word] = self._look_up(word)
            if known[0]:
                found.append(Word(known[0], known[1], match.start(), match.end(), word[0].isupper()))
        return found

    def _look_up(self, word: str) -> tuple[str, float]:
        lower = word.lower().replace("’", "'")
        for ending in _ENDINGS:
            lower = lower.removesuffix(ending)
        if lower[:1].isdigit():
            return NUMBER_MARK + lower.replace(",", ""), NUMBER_WEIGHT
        if lower in self._numbers:
            return self._numbers[lower], NUMBER_WEIGHT
        if lower in self._stop or (len(lower) == 1 and lower.isascii()):
            return "", 0.0
        stem = self._plain(lower)
        rarity = _ZIPF_TOP - zipf_frequency(lower, self._language, wordlist="small")
        return self._synonyms.get(stem, stem), min(max(rarity, _LEAST_WEIGHT), _MOST_WEIGHT)

    def _plain(self, lower: str) -> str:
        return str(self._stem(self._base.get(lower, lower)))


def _forms(lines: str) -> Iterator[tuple[str, str]]:
    """Pairs (form, base) from lines that start with the base."""
    for line in lines.splitlines():
        base, *forms = line.split() or [""]
        for form in (base, *forms):
            if form:
                yield form, base
