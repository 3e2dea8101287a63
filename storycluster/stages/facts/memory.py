"""What a story has said so far: an index of its sentences that answers "who said this before, and how much of it?".

It grows with the story and is asked only about the past; a term or sentence that comes later never counts.
Time and memory are linear in the number of sentences: a term remembers its first sentences only, and sentences
with the same words in the same order are kept once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Generic, Protocol, TypeVar

#: Sentences a term leads to, the earliest first. Terms in more sentences name the story, not a fact; a sentence
#: that shares a rarer term is still found by that.
POSTINGS: Final = 256
#: Weight left to a term that every sentence of the story has: it tells nothing, yet is not nothing.
_LEAST_WEIGHT: Final = 0.05
#: Sentences a story is taken to have beside its own, none with the term: so the first few do not decide alone.
_PRIOR: Final = 5
#: Best sentences that are compared exactly after counting shared weight.
CANDIDATES: Final = 5
#: A term in at most so many earlier sentences is still rare in its story.
RARE: Final = 3
#: Letters per gram: grams see that "deployment" and "redeployed" are near where stems do not.
_GRAM: Final = 3


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
    """A statement against everything said before it."""

    matches: tuple[Match[S], ...]
    best_two: float
    unseen: tuple[str, ...]
    unseen_share: float
    rare: int
    unseen_pairs: int
    letters: float
    terms: int
    told: int

    @property
    def containment(self) -> float:
        """Containment in the best earlier sentence, 0 where there is none."""
        return self.matches[0].containment if self.matches else 0.0

    @property
    def plain(self) -> float:
        """Containment by language weights in the best earlier sentence."""
        return max((match.plain for match in self.matches), default=0.0)


class Memory(Generic[S]):
    """The sentences of one story, in the order they were told."""

    def __init__(self) -> None:
        self._sentences: list[S] = []
        self._sets: list[frozenset[str]] = []
        self._postings: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}
        self._pairs: set[tuple[str, str]] = set()
        self._kept: set[tuple[str, ...]] = set()
        self._grams: set[str] = set()
        self.told = 0

    def add(self, sentence: S) -> None:
        """Remember a sentence; one with exactly the terms of an earlier one only counts as told."""
        self.told += 1
        terms = sentence.terms
        if terms in self._kept:
            return
        self._kept.add(terms)
        number = len(self._sentences)
        self._sentences.append(sentence)
        present = frozenset(terms)
        self._sets.append(present)
        for term in present:
            self._counts[term] = self._counts.get(term, 0) + 1
            postings = self._postings.setdefault(term, [])
            if len(postings) < POSTINGS:
                postings.append(number)
        self._pairs.update(pairwise(terms))
        self._grams.update(_grams(terms))

    def compare(self, terms: Sequence[str], weights: Mapping[str, float]) -> Comparison[S]:
        """The best earlier sentences for a statement with ``terms`` (in order) and their language ``weights``.

        containment = Σ w(t)·s(t) over the terms the sentence has, divided by the same sum over all terms, with
        s(t) = ln((n + 5) / (n(t) + 1)), n sentences so far, n(t) of them with t.
        """
        wanted = sorted(weights)
        local = self._local(wanted, weights)
        numbers = self._candidates(wanted, local)
        matches = sorted(
            (self._match(number, wanted, weights, local) for number in numbers),
            key=lambda found: (-found[0], found[1]),
        )
        unseen = tuple(term for term in wanted if term not in self._counts)
        total = sum(weights.values()) or 1.0
        return Comparison(
            matches=tuple(Match(self._sentences[number], share, plain) for share, number, plain in matches),
            best_two=self._best_two(wanted, weights, [number for _, number, _ in matches]),
            unseen=unseen,
            unseen_share=sum(weights[term] for term in unseen) / total,
            rare=sum(self._counts.get(term, 0) <= RARE for term in wanted),
            unseen_pairs=len(set(pairwise(terms)) - self._pairs),
            letters=self._letters(terms),
            terms=len(wanted),
            told=self.told,
        )

    def _letters(self, terms: Sequence[str]) -> float:
        """Share of the statement's letter grams that some earlier sentence has."""
        grams = _grams(terms)
        return len(grams & self._grams) / len(grams) if grams else 0.0

    def _local(self, wanted: Iterable[str], weights: Mapping[str, float]) -> dict[str, float]:
        size = len(self._sentences) + _PRIOR
        counts = self._counts
        return {
            term: max(_LEAST_WEIGHT, weights[term] * math.log(size / (counts.get(term, 0) + 1.0))) for term in wanted
        }

    def _candidates(self, wanted: Iterable[str], local: Mapping[str, float]) -> list[int]:
        """Numbers of the sentences with the most shared weight, earlier ones first among equals."""
        shared: dict[int, float] = {}
        for term in wanted:
            weight = local[term]
            for number in self._postings.get(term, ()):
                shared[number] = shared.get(number, 0.0) + weight
        if len(shared) <= CANDIDATES:
            return sorted(shared)
        return sorted(shared, key=lambda number: (-shared[number], number))[:CANDIDATES]

    def _match(
        self, number: int, wanted: Sequence[str], weights: Mapping[str, float], local: Mapping[str, float]
    ) -> tuple[float, int, float]:
        present = self._sets[number]
        common = [term for term in wanted if term in present]
        share = sum(local[term] for term in common) / (sum(local.values()) or 1.0)
        plain = sum(weights[term] for term in common) / (sum(weights.values()) or 1.0)
        return share, number, plain

    def _best_two(self, wanted: Sequence[str], weights: Mapping[str, float], numbers: Sequence[int]) -> float:
        """Share of the weight found in the best sentence and the one that complements it best."""
        if not numbers:
            return 0.0
        missing = [term for term in wanted if term not in self._sets[numbers[0]]]
        gained: dict[int, float] = {}
        for term in missing:
            for number in self._postings.get(term, ()):
                gained[number] = gained.get(number, 0.0) + weights[term]
        total = sum(weights.values()) or 1.0
        found = total - sum(weights[term] for term in missing)
        return (found + max(gained.values(), default=0.0)) / total


def _grams(terms: Sequence[str]) -> set[str]:
    text = f" {' '.join(terms)} "
    return {text[start : start + _GRAM] for start in range(len(text) - _GRAM + 1)} if terms else set()
