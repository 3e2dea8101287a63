"""Maximum-sum blocks: the stretch of a sequence whose gains add up to most.

Numbers in, numbers out; it knows nothing of sentences.
"""

from __future__ import annotations

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def best_block(gains: Floats) -> tuple[int, int, float]:
    """Begin, end (exclusive) and sum of the contiguous block with the largest sum; (0, 0, 0.0) where none is above 0.

    The first and shortest of equal blocks. Linear time (Kadane, in Bentley 1984).

    >>> best_block(np.array([-1.0, 2.0, -0.5, 1.0, -3.0]))
    (1, 4, 2.5)
    """
    begin, end, total = _best_block(np.ascontiguousarray(gains, np.float64))
    return int(begin), int(end), float(total)


@numba.njit("Tuple((int64, int64, float64))(float64[::1])", nogil=True, cache=True)
def _best_block(gains):  # type: ignore[no-untyped-def]
    best_begin, best_end, best = 0, 0, 0.0
    begin, total = 0, 0.0
    for at in range(gains.size):
        if total <= 0.0:
            begin, total = at, 0.0
        total += gains[at]
        if total > best:
            best_begin, best_end, best = begin, at + 1, total
    return best_begin, best_end, best


@numba.njit(
    "Tuple((float64[::1], float64[::1]))(Array(int32, 1, 'C', readonly=True), Array(int32, 1, 'C', readonly=True), "
    "int64, Array(float64, 1, 'C', readonly=True), Array(float64, 1, 'C', readonly=True), float64)",
    nogil=True,
    cache=True,
)
def block_gains(terms, blocks, count, weights, evidence, cost):  # type: ignore[no-untyped-def]
    """For each of ``count`` blocks the sum of weight * (evidence - cost) over its distinct terms, and that of weight.

    ``terms`` and ``blocks`` give each token's term (-1: none) and block (-1: none, else rising).
    """
    gains, masses = np.zeros(count), np.zeros(count)
    begin, current = 0, -1
    for token in range(terms.size):
        block, term = blocks[token], terms[token]
        if block != current:
            begin, current = token, block
        if block < 0 or term < 0:
            continue
        seen = False
        for before in range(begin, token):
            if terms[before] == term:
                seen = True
                break
        if not seen:
            gains[block] += weights[term] * (evidence[term] - cost)
            masses[block] += weights[term]
    return gains, masses


_READ_INT: Final = "Array(int64, 1, 'C', readonly=True)"
_READ_TERMS: Final = "Array(int32, 1, 'C', readonly=True)"
_READ_FLOATS: Final = "Array(float64, 1, 'C', readonly=True)"
_MATRIX: Final = f"{_READ_INT}, {_READ_TERMS}, {_READ_FLOATS}"


@numba.njit(
    f"float64[::1]({_READ_TERMS}, {_READ_TERMS}, {_READ_INT}, {_MATRIX}, {_MATRIX}, {_READ_INT}, {_READ_INT}, "
    f"{_READ_TERMS}, {_READ_FLOATS}, float64, float64)",
    nogil=True,
    cache=True,
)
def screen_candidates(  # type: ignore[no-untyped-def]
    terms, blocks, offsets, own_ptr, own, own_data, ptr, members_of, members, group, candidate_ptr, candidates,
    weights, half, cost,
):  # fmt: skip
    """For every candidate group of every text the gain of its best block over the text's own group.

    ``own`` are the distinct terms of each text, ``members`` of a group the number of its texts with a term;
    n texts speak for a term with n / (n + ``half``), the text itself not counted. Blocks count from 0 in each text.
    """
    result = np.zeros(candidates.size)
    primary, evidence = np.zeros(weights.size), np.zeros(weights.size)
    for text in range(offsets.size - 1):
        begin, end = offsets[text], offsets[text + 1]
        if candidate_ptr[text] == candidate_ptr[text + 1] or begin == end:
            continue
        home = group[text]
        for at in range(ptr[home], ptr[home + 1]):
            primary[members_of[at]] = members[at]
        for at in range(own_ptr[text], own_ptr[text + 1]):
            primary[own[at]] -= own_data[at]
        count = blocks[begin:end].max() + 1
        for candidate in range(candidate_ptr[text], candidate_ptr[text + 1]):
            other = candidates[candidate]
            if other == home:
                continue
            for at in range(own_ptr[text], own_ptr[text + 1]):
                n = primary[own[at]]
                evidence[own[at]] = -n / (n + half)
            for at in range(ptr[other], ptr[other + 1]):
                n = primary[members_of[at]]
                evidence[members_of[at]] = members[at] / (members[at] + half) - n / (n + half)
            gains, _ = block_gains(terms[begin:end], blocks[begin:end], count, weights, evidence, cost)
            result[candidate] = _best_block(gains)[2]
            for at in range(ptr[other], ptr[other + 1]):
                evidence[members_of[at]] = 0.0
        for at in range(own_ptr[text], own_ptr[text + 1]):
            evidence[own[at]] = 0.0
            primary[own[at]] = 0.0
        for at in range(ptr[home], ptr[home + 1]):
            primary[members_of[at]] = 0.0
    return result
