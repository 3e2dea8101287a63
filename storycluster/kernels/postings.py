"""Sentences by the terms they have, and the few that share most weight with some terms.

Terms and sentences are numbers here; what they are, and what a weight means, is not known.
"""

from __future__ import annotations

from array import array
from typing import Final

import numpy as np
import numpy.typing as npt

from storycluster.compiling import kernel

#: Ends a chain of entries.
_END: Final = -1
#: Sentences that fit before the room for sums grows for the first time.
_FIRST_ROOM: Final = 64
_NUMBERS: Final = "int32[::1]"
_WEIGHTS: Final = "float64[::1]"


class Postings:
    """Chains of sentence numbers, one per term; adding takes no time that grows, asking none for other terms."""

    def __init__(self) -> None:
        self._sentences = array("i")
        self._following = array("i")
        self._last: dict[str, int] = {}
        self._sums = np.zeros(_FIRST_ROOM, np.float64)
        self._touched = np.empty(_FIRST_ROOM, np.int32)

    def add(self, term: str, sentence: int) -> None:
        """Remember that a sentence has a term; it must not be told twice."""
        self._following.append(self._last.get(term, _END))
        self._last[term] = len(self._sentences)
        self._sentences.append(sentence)
        while sentence >= self._sums.size:
            self._sums = np.zeros(2 * self._sums.size, np.float64)
            self._touched = np.empty(self._sums.size, np.int32)

    def best(self, weights: dict[str, float], *, most: int) -> list[int]:
        """At most ``most`` sentences with the largest sum of the weights (> 0) of the terms they have.

        Some sentence must have each term. Of equal sums the smaller numbers; weights are added in the order they are
        given. The order of the result means nothing.

        >>> postings = Postings()
        >>> for term, sentence in (("ferry", 0), ("ferry", 1), ("wreck", 1)):
        ...     postings.add(term, sentence)
        >>> postings.best({"ferry": 1.0, "wreck": 2.0}, most=1)
        [1]
        """
        chains = np.fromiter(map(self._last.__getitem__, weights), np.int32, len(weights))
        shares = np.fromiter(weights.values(), np.float64, len(weights))
        found = np.empty(most, np.int32)
        sentences, following = np.frombuffer(self._sentences, np.int32), np.frombuffer(self._following, np.int32)
        count = _best(chains, shares, sentences, following, self._sums, self._touched, found)
        best: list[int] = found[:count].tolist()
        return best


@kernel(f"int64({_NUMBERS}, {_WEIGHTS}, {_NUMBERS}, {_NUMBERS}, {_WEIGHTS}, {_NUMBERS}, {_NUMBERS})")
def _best(
    chains: npt.NDArray[np.int32],
    weights: npt.NDArray[np.float64],
    sentences: npt.NDArray[np.int32],
    following: npt.NDArray[np.int32],
    sums: npt.NDArray[np.float64],
    touched: npt.NDArray[np.int32],
    found: npt.NDArray[np.int32],
) -> int:
    """Fill ``found`` and give how many there are; ``sums`` is all zero before and after."""
    seen = 0
    for at in range(chains.size):
        entry = chains[at]
        while entry >= 0:
            sentence = sentences[entry]
            if sums[sentence] == 0.0:
                touched[seen] = sentence
                seen += 1
            sums[sentence] += weights[at]
            entry = following[entry]
    count = 0
    for at in range(seen):
        sentence = touched[at]
        share = sums[sentence]
        place = count
        while place > 0:
            other = found[place - 1]
            if sums[other] > share or (sums[other] == share and other < sentence):
                break
            if place < found.size:
                found[place] = other
            place -= 1
        if place < found.size:
            found[place] = sentence
            count = min(count + 1, found.size)
    for at in range(seen):
        sums[touched[at]] = 0.0
    return count
