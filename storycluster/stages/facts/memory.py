"""What a story has said so far: an index of its sentences that answers "who said this before, and how much of it?".

It grows with the story and is asked only about the past; a term or sentence that comes later never counts.
Time and memory are linear in the number of sentences: a term remembers its first sentences only, and sentences
with the same words in the same order are kept once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, Generic, Protocol, TypeVar

from storycluster.kernels.postings import Postings

#: Sentences a term leads to, the earliest first. Terms in more sentences name the story, not a fact; a sentence
#: that shares a rarer term is still found by that.
POSTINGS: Final = 256
#: Weight left to a term that every sentence of the story has: it tells nothing, yet is not nothing.
_LEAST_WEIGHT: Final = 0.05
#: Sentences a story is taken to have beside its own, none with the term: so the first few do not decide alone.
_PRIOR: Final = 2
#: Share of the weight seen before from which the terms that remember all their sentences suffice.
_TELLING: Final = 0.5
#: Best sentences that are compared exactly after counting shared weight.
CANDIDATES: Final = 5
#: Letters per gram: grams see that "deployment" and "redeployed" are near where stems do not.
_GRAM: Final = 3
#: Terms whose grams are at hand: about the words of a story of 10,000 sentences.
_KEPT_TERMS: Final = 1 << 15


class Sentence(Protocol):
    """What the index needs of a sentence."""

    @property
    def terms(self) -> tuple[str, ...]:
        """The content terms in order, repeats included."""


S = TypeVar("S", bound=Sentence)


@dataclass(frozen=True, slots=True)
class Match(Generic[S]):
    """One earlier sentence and how much of the statement it contains, 0..1.

    ``containment`` weighs each term by its rarity in the language and in the story so far, ``plain`` by its
    rarity in the language alone.
    """

    sentence: S
    containment: float
    plain: float


@dataclass(frozen=True, slots=True)
class Comparison(Generic[S]):
    """A statement against everything said before it; ``matches`` come best first.

    ``weights`` are the weights of its terms in the story, ``told`` the number of articles so far.
    """

    matches: tuple[Match[S], ...]
    unseen: tuple[str, ...]
    unseen_pairs: int
    weights: Mapping[str, float]
    told: int

    @property
    def containment(self) -> float:
        """Containment in the best earlier sentence, 0 where there is none."""
        return self.matches[0].containment if self.matches else 0.0

    @property
    def plain(self) -> float:
        """Largest containment by language weights among the best earlier sentences."""
        return max((match.plain for match in self.matches), default=0.0)


class Memory(Generic[S]):
    """The sentences of one story, in the order they were told."""

    def __init__(self) -> None:
        self._sentences: list[S] = []
        self._sets: list[frozenset[str]] = []
        self._postings = Postings()
        self._counts: dict[str, int] = {}
        self._pairs: set[tuple[str, str]] = set()
        self._kept: set[tuple[str, ...]] = set()
        self._grams: set[str] = set()
        self.told = 0

    def add_article(self, sentences: Sequence[S]) -> None:
        """Remember the sentences of one article and that one more article told the story."""
        self.told += 1
        for sentence in sentences:
            self.add(sentence)

    def add(self, sentence: S) -> None:
        """Remember a sentence; one with exactly the terms of an earlier one is not kept twice."""
        terms = sentence.terms
        if terms in self._kept:
            return
        self._kept.add(terms)
        number = len(self._sentences)
        self._sentences.append(sentence)
        present = frozenset(terms)
        self._sets.append(present)
        for term in present:
            count = self._counts[term] = self._counts.get(term, 0) + 1
            if count <= POSTINGS:
                self._postings.add(term, number)
            if count == 1:
                self._grams |= _term_grams(term)
        self._pairs.update(pairwise(terms))
        self._grams.update(_grams_between(terms))

    def compare(self, terms: Sequence[str], weights: Mapping[str, float]) -> Comparison[S]:
        """The best earlier sentences for a statement with ``terms`` (in order) and their language ``weights``.

        containment = Σ w(t)·s(t) over the terms the sentence has, divided by the same sum over all terms, with
        s(t) = ln((n + 2) / (n(t) + 1)), n sentences so far, n(t) of them with t.
        """
        local = self._local(weights)
        counts = self._counts
        return Comparison(
            matches=self._matches(weights, local),
            unseen=tuple([term for term in weights if term not in counts]),
            unseen_pairs=len(set(pairwise(terms)).difference(self._pairs)),
            weights=local,
            told=self.told,
        )

    def count(self, term: str) -> int:
        """In how many of the sentences kept the term is."""
        return self._counts.get(term, 0)

    def letters(self, terms: Sequence[str]) -> float:
        """Share of the letter grams of ``terms``, 0..1, that some earlier sentence has."""
        grams = _grams(terms)
        return len(grams & self._grams) / len(grams) if grams else 0.0

    def _local(self, weights: Mapping[str, float]) -> dict[str, float]:
        size = math.log(len(self._sentences) + _PRIOR)
        counts, log = self._counts, math.log
        return {
            term: max(_LEAST_WEIGHT, weight * (size - log(counts.get(term, 0) + 1))) for term, weight in weights.items()
        }

    def _matches(self, weights: Mapping[str, float], local: Mapping[str, float]) -> tuple[Match[S], ...]:
        total, plain_total = sum(local.values()) or 1.0, sum(weights.values()) or 1.0
        found = []
        for number in self._postings.best(self._leading(local), most=CANDIDATES):
            present = self._sets[number]
            common = [term for term in weights if term in present]
            share = sum([local[term] for term in common]) / total
            plain = sum([weights[term] for term in common]) / plain_total
            found.append((-share, number, plain))
        return tuple([Match(self._sentences[number], -share, plain) for share, number, plain in sorted(found)])

    def _leading(self, local: Mapping[str, float]) -> dict[str, float]:
        """The terms that lead to candidates: those all of whose sentences are remembered, if they weigh enough."""
        counts = self._counts
        seen = {term: weight for term, weight in local.items() if term in counts}
        telling = {term: weight for term, weight in seen.items() if counts[term] <= POSTINGS}
        if len(telling) == len(seen):
            return seen
        return telling if sum(telling.values()) >= _TELLING * sum(seen.values()) else seen


def _grams(terms: Sequence[str]) -> set[str]:
    """The letter grams of the terms written with a space between them: those of each, and those over each space."""
    return set().union(*map(_term_grams, terms), _grams_between(terms))


def _grams_between(terms: Sequence[str]) -> list[str]:
    return [f"{one[-1]} {other[0]}" for one, other in pairwise(terms)]


@lru_cache(maxsize=_KEPT_TERMS)
def _term_grams(term: str) -> frozenset[str]:
    text = f" {term} "
    return frozenset([text[start : start + _GRAM] for start in range(len(text) - _GRAM + 1)])
