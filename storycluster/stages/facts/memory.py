"""What a story has said so far: an index of its sentences that answers "who said this before, and how much of it?".

It grows with the story and is asked only about the past; a term or sentence that comes later never counts.
Time and memory are linear in the number of sentences: a term remembers its first sentences only, and sentences
with the same words in the same order are kept once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from storycluster.kernels.postings import Postings

#: Letters per gram: grams see that "deployment" and "redeployed" are near where stems do not.
_GRAM: Final = 3
#: More than sums of weights are rounded by.
_ROUNDING: Final = 1e-6
#: Terms whose grams are at hand: about the words of a story of 10,000 sentences.
_KEPT_TERMS: Final = 1 << 15


class Sentence(Protocol):
    """What the index needs of a sentence."""

    @property
    def terms(self) -> tuple[str, ...]:
        """The content terms in order, repeats included."""


S = TypeVar("S", bound=Sentence)


class Match(NamedTuple, Generic[S]):
    """One earlier sentence and how much of the statement it contains, 0..1.

    ``containment`` weighs each term by its rarity in the language and in the story so far, ``plain`` by its
    rarity in the language alone.
    """

    sentence: S
    containment: float
    plain: float


class Comparison(NamedTuple, Generic[S]):
    """A statement against everything said before it; ``matches`` come best first.

    ``weights`` are the weights of its terms in the story, ``plain_weights`` those in the language alone.
    """

    matches: tuple[Match[S], ...]
    unseen: tuple[str, ...]
    weights: Mapping[str, float]
    plain_weights: Mapping[str, float]

    @property
    def containment(self) -> float:
        """Containment in the best earlier sentence, 0 where there is none."""
        return self.matches[0].containment if self.matches else 0.0

    @property
    def plain(self) -> float:
        """Largest containment by language weights among the best earlier sentences."""
        return max([match.plain for match in self.matches], default=0.0)


class Memory(Generic[S]):
    """The sentences of one story, in the order they were told."""

    def __init__(self) -> None:
        self._sentences: list[S] = []
        self._numbers: dict[str, int] = {}
        self._postings = Postings()
        self._kept: set[tuple[str, ...]] = set()
        self._pairs: set[tuple[str, str]] = set()
        self._grams: set[str] = set()
        self._unread: list[tuple[str, ...]] = []
        self.told = 0

    def add_article(self, sentences: Sequence[S]) -> None:
        """Remember the sentences of one article and that one more article told the story."""
        self.told += 1
        for sentence in sentences:
            self.add(sentence)

    def add(self, sentence: S) -> None:
        """Remember a sentence; one with exactly the terms of an earlier one is not kept twice."""
        terms, numbers = sentence.terms, self._numbers
        if terms in self._kept:
            return
        self._kept.add(terms)
        self._sentences.append(sentence)
        self._postings.add([numbers.setdefault(term, len(numbers)) for term in dict.fromkeys(terms)])
        self._unread.append(terms)

    def compare(self, weights: Mapping[str, float]) -> Comparison[S]:
        """The best earlier sentences for a statement whose terms have these language weights.

        containment = Σ w(t)·s(t) over the terms the sentence has, divided by the same sum over all terms, with
        s(t) = ln((n + 2) / (n(t) + 1)), n sentences so far, n(t) of them with t.
        """
        numbers = [self._numbers.get(term, -1) for term in weights]
        best = self._postings.compare(numbers, weights.values())
        told, found = self._sentences, zip(best.sentences, best.shares, best.plain, strict=True)
        return Comparison(
            matches=tuple([Match(told[number], share, plain) for number, share, plain in found]),
            unseen=tuple([term for term, number in zip(weights, numbers, strict=True) if number < 0]),
            weights=dict(zip(weights, best.weights, strict=True)),
            plain_weights=weights,
        )

    def count(self, term: str) -> int:
        """In how many of the sentences kept the term is."""
        number = self._numbers.get(term)
        return 0 if number is None else self._postings.count(number)

    def may_contain(self, weights: Mapping[str, float], least: float) -> bool:
        """Whether some sentence may contain so much of a statement: not where too much of it was never told.

        A term that was never told is rarer than any other, so no containment is above the share of the rest.
        """
        seen = sum([weight for term, weight in weights.items() if term in self._numbers])
        return seen + _ROUNDING >= least * sum(weights.values())

    def unseen_pairs(self, terms: Sequence[str]) -> int:
        """How many different pairs of neighbours among the terms (in order) no sentence has as neighbours."""
        self._read()
        return len(set(pairwise(terms)).difference(self._pairs))

    def letters(self, terms: Sequence[str]) -> float:
        """Share of the letter grams of ``terms``, 0..1, that some earlier sentence has."""
        self._read()
        grams = _grams(terms)
        return len(grams & self._grams) / len(grams) if grams else 0.0

    def _read(self) -> None:
        """Count the pairs and grams of the sentences that came since: not every memory is asked for them."""
        for terms in self._unread:
            self._pairs.update(pairwise(terms))
            self._grams.update(*map(_term_grams, terms), _grams_between(terms))
        self._unread.clear()


def _grams(terms: Sequence[str]) -> set[str]:
    """The letter grams of the terms written with a space between them: those of each, and those over each space."""
    return set().union(*map(_term_grams, terms), _grams_between(terms))


def _grams_between(terms: Sequence[str]) -> list[str]:
    return [f"{one[-1]} {other[0]}" for one, other in pairwise(terms)]


@lru_cache(maxsize=_KEPT_TERMS)
def _term_grams(term: str) -> frozenset[str]:
    text = f" {term} "
    return frozenset([text[start : start + _GRAM] for start in range(len(text) - _GRAM + 1)])
