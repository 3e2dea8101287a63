"""Sentences by the terms they have, and the few that have most of some terms, weighed by how rare each term is.

Terms and sentences are numbers here; what they are, and what a weight means, is not known.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection
from typing import Final, NamedTuple

import numpy as np

from storycluster.compiling import kernel, part

#: Sentences a term leads to, the earliest first. Terms in more sentences name the story, not a fact; a sentence
#: that shares a rarer term is still found by that.
POSTINGS: Final = 256
#: Best sentences that are compared exactly after counting shared weight.
CANDIDATES: Final = 5
#: Weight left to a term that every sentence has: it tells nothing, yet is not nothing.
LEAST_WEIGHT: Final = 0.05
#: Sentences there are taken to be beside the real ones, none with the term: so the first few do not decide alone.
PRIOR: Final = 2
#: Share of the weight seen before from which the terms that remember all their sentences suffice.
TELLING: Final = 0.5

#: Ends a chain of entries.
_END: Final = -1
#: Sentences and terms that fit before the room for sums and marks grows for the first time.
_FIRST_ROOM: Final = 64
_NUMBERS: Final = "int32[::1]"
_WEIGHTS: Final = "float64[::1]"


class Shares(NamedTuple):
    """The best sentences, best first, with the share of the rarity-weighted and of the plain weights that each has.

    ``weights`` are the rarity-weighted ones, in the order of the terms asked for.
    """

    sentences: list[int]
    shares: list[float]
    plain: list[float]
    weights: list[float]


class Postings:
    """Chains of sentence numbers, one per term; adding takes no time that grows, asking none for other terms."""

    def __init__(self) -> None:
        self._counts, self._last = array("i"), array("i")  # by term
        self._sentences, self._following = array("i"), array("i")  # by entry
        self._terms, self._ends = array("i"), array("i", [0])  # of all sentences, and where those of each end
        self._logs = array("d", [0.0, *map(math.log, range(1, PRIOR + 1))])  # the last is ln(sentences + PRIOR)
        self._sums, self._touched = np.zeros(_FIRST_ROOM, np.float64), np.empty(_FIRST_ROOM, np.int32)
        self._marks = np.zeros(_FIRST_ROOM, np.bool_)

    def add(self, terms: Collection[int]) -> None:
        """Remember the next sentence by its terms, each once; a term not told before has the next number."""
        sentence, counts, last = len(self._ends) - 1, self._counts, self._last
        for term in terms:
            if term == len(counts):
                counts.append(0)
                last.append(_END)
            counts[term] += 1
            if counts[term] <= POSTINGS:
                self._following.append(last[term])
                last[term] = len(self._sentences)
                self._sentences.append(sentence)
        self._terms.extend(terms)
        self._ends.append(len(self._terms))
        self._logs.append(math.log(len(self._logs)))
        if sentence >= self._sums.size:
            self._sums = np.zeros(2 * self._sums.size, np.float64)
            self._touched = np.empty(self._sums.size, np.int32)
        if len(counts) > self._marks.size:
            self._marks = np.zeros(2 * len(counts), np.bool_)

    def count(self, term: int) -> int:
        """In how many sentences a term told before is."""
        return self._counts[term]

    def compare(self, terms: Collection[int], weights: Collection[float]) -> Shares:
        """At most ``CANDIDATES`` sentences that have most of the terms; -1 is a term that none has.

        Each weight w counts as max(LEAST_WEIGHT, w·ln((n + 2) / (n(t) + 1))), n sentences so far, n(t) of them
        with the term. Of equal shares the smaller numbers come first.

        >>> postings = Postings()
        >>> for sentence in ([0], [0, 1]):
        ...     postings.add(sentence)
        >>> postings.compare([0, 1, -1], [1.0, 2.0, 1.0])[0::2]
        ([1, 0], [0.75, 0.25])
        """
        asked, plain = np.fromiter(terms, np.int32, len(terms)), np.fromiter(weights, np.float64, len(weights))
        rare, found = np.empty(len(terms), np.float64), np.empty(CANDIDATES, np.int32)
        shares = np.empty((2, CANDIDATES), np.float64)
        columns = (self._counts, self._last, self._sentences, self._following, self._terms, self._ends)
        numbers = [np.frombuffer(column, np.int32) for column in columns]
        logs = np.frombuffer(self._logs, np.float64)
        count = _compare(
            asked, plain, *numbers, logs, self._sums, self._touched, self._marks, rare, found, shares[0], shares[1]
        )
        return Shares(found[:count].tolist(), shares[0, :count].tolist(), shares[1, :count].tolist(), rare.tolist())


@part
def _weigh(asked, plain, counts, log_size, logs, rare):  # type: ignore[no-untyped-def]
    """Fill ``rare``, and tell whether the terms that remember all their sentences suffice to find the best."""
    seen, telling = 0.0, 0.0
    for at in range(asked.size):
        count = counts[asked[at]] if asked[at] >= 0 else 0
        rare[at] = max(LEAST_WEIGHT, plain[at] * (log_size - logs[count + 1]))
        if count > 0:
            seen += rare[at]
            telling += rare[at] if count <= POSTINGS else 0.0
    return telling >= TELLING * seen


@part
def _rank(sums, numbers, count, found):  # type: ignore[no-untyped-def]
    """Fill ``found`` with those of the first numbers that have the largest sums, largest first; how many there are."""
    taken = np.int64(0)
    for at in range(count):
        number = numbers[at]
        place = taken
        while place > 0:
            other = found[place - 1]
            if sums[other] > sums[number] or (sums[other] == sums[number] and other < number):
                break
            if place < found.size:
                found[place] = other
            place -= 1
        if place < found.size:
            found[place] = number
            taken = min(taken + 1, found.size)
    return taken


@part
def _share(asked, weights, terms, begin, end, marks):  # type: ignore[no-untyped-def]
    """The part of the weights whose terms are among some, 0..1; ``marks`` are all false before and after."""
    for at in range(begin, end):
        marks[terms[at]] = True
    total, common = 0.0, 0.0
    for at in range(asked.size):
        total += weights[at]
        if asked[at] >= 0 and marks[asked[at]]:
            common += weights[at]
    for at in range(begin, end):
        marks[terms[at]] = False
    return common / (total or 1.0)


@kernel(
    f"int64({_NUMBERS}, {_WEIGHTS}, {', '.join([_NUMBERS] * 6)}, {_WEIGHTS}, {_WEIGHTS}, {_NUMBERS}, boolean[::1], "
    f"{_WEIGHTS}, {_NUMBERS}, {_WEIGHTS}, {_WEIGHTS})"
)
def _compare(  # type: ignore[no-untyped-def]
    asked, plain, counts, last, sentences, following, terms, ends, logs, sums, touched, marks,
    rare, found, shares, plains,
):  # fmt: skip
    """Fill ``rare``, ``found`` and the shares, and give how many are found; ``sums`` is all zero before and after."""
    is_telling = _weigh(asked, plain, counts, logs[-1], logs, rare)
    seen = np.int64(0)
    for at in range(asked.size):
        if asked[at] < 0 or (is_telling and counts[asked[at]] > POSTINGS):
            continue
        entry = last[asked[at]]
        while entry >= 0:
            sentence = sentences[entry]
            if sums[sentence] == 0.0:
                touched[seen] = sentence
                seen += 1
            sums[sentence] += rare[at]
            entry = following[entry]
    count = _rank(sums, touched, seen, found)
    for at in range(seen):
        sums[touched[at]] = 0.0
    for at in range(count):
        sentence = touched[at] = found[at]
        sums[sentence] = _share(asked, rare, terms, ends[sentence], ends[sentence + 1], marks)
    _rank(sums, touched, count, found)
    for at in range(count):
        sentence = found[at]
        shares[at], sums[sentence] = sums[sentence], 0.0
        plains[at] = _share(asked, plain, terms, ends[sentence], ends[sentence + 1], marks)
    return count
