"""The different words of a stretch of text, and cues that are worth a search only where one of their words stands.

Many rules ask the same sentence for rare words; most sentences have none, and a look at the set of words tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_LETTERS: Final = re.compile(r"[^\W\d_]+")
#: A piece before an apostrophe may hang on another word, as "n't" does.
_WHOLE: Final = re.compile(r"[^\W\d_]+(?![\w'’])")
#: A sentence is asked by several rules one after the other, each with the other sentences read together.
KEPT_TEXTS: Final = 1024


@lru_cache(maxsize=KEPT_TEXTS)
def word_set(text: str) -> frozenset[str]:
    """The runs of letters of a text, case folded.

    >>> sorted(word_set("Don't go, Ana"))
    ['ana', 'don', 'go', 't']
    """
    return frozenset(_LETTERS.findall(text.casefold()))


def rare_words(phrases: Iterable[str]) -> frozenset[str]:
    """One word of each phrase, the longest: no text has the phrase as whole words without having that word.

    >>> sorted(rare_words(["is to", "expected to", "n't"]))
    ['expected', 'is', 't']
    """
    return frozenset(max(_WHOLE.findall(phrase.casefold()), key=len) for phrase in phrases)


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern of whole words and phrases, and a word of each phrase without which it cannot match."""

    pattern: re.Pattern[str]
    words: frozenset[str]

    def search(self, text: str, *, of: str = "") -> re.Match[str] | None:
        """The first match in a text; ``of`` is the sentence that the text is a piece of, whose words are at hand."""
        return None if self.words.isdisjoint(word_set(of or text)) else self.pattern.search(text)
