"""The exact join of sets by a prefix filter, compiled: every pair above a Jaccard or containment, none missed.

It holds all sets in memory, some 16 bytes a hash, and never estimates.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from storycluster.compiling import kernel, part
from storycluster.kernels.setjoin import READ_PLACES, Places, shared_of
from storycluster.kernels.shinglesets import Sets
from storycluster.kernels.tokens import READ_OFFSETS

#: A share of a set size that is this close above a whole number is that number: 0.8 * 5 counts as 4.
_ROUNDING: Final = 1e-9
_RANK_BITS: Final = 32
_RANK_MASK: Final = (1 << _RANK_BITS) - 1
_FIRST_PAIRS: Final = 1024


class Overlaps(NamedTuple):
    """Pairs of sets by place, ``left`` < ``right``, and how many hashes they share."""

    left: Places
    right: Places
    shared: Places


def join(sets: Sets, *, jaccard: float, containment: float, least_contained: int) -> Overlaps:
    """Every pair of Jaccard >= ``jaccard``, or of containment >= ``containment`` with at least so many hashes in both.

    A prefix filter (Chaudhuri, Ganti, Kaushik 2006): ordered by rising frequency, the first
    ``|A| - ceil(c * |A|) + 1`` hashes of the smaller set A hold a shared one, c the smaller of the two thresholds
    that apply to A. Empty sets pair with nothing.

    >>> sets = Sets(np.array([1, 2, 3, 1, 2, 3, 7], np.uint64), np.array([0, 3, 6, 7]))
    >>> [places.tolist() for places in join(sets, jaccard=0.5, containment=0.8, least_contained=9)]
    [[0], [1], [3]]
    """
    ranks, singles, tokens = _ranks(sets)
    by_size = np.argsort(np.diff(sets.offsets), kind="stable")
    begins = _posting_space(ranks, sets.offsets, singles, tokens, jaccard, containment, least_contained)
    left, right, shared = _join(ranks, sets.offsets, by_size, begins, singles, jaccard, containment, least_contained)
    order = np.lexsort((right, left))
    return Overlaps(left[order], right[order], shared[order])


def _ranks(sets: Sets) -> tuple[Places, int, int]:
    """Each hash as its rank by rising frequency, sorted in every set; how many are in one set only; how many ranks."""
    _, inverse, frequencies = np.unique(sets.hashes, return_inverse=True, return_counts=True)
    ranks = np.empty(frequencies.size, np.int64)
    ranks[np.argsort(frequencies, kind="stable")] = np.arange(frequencies.size)
    sizes = np.diff(sets.offsets)
    keys = np.repeat(np.arange(sizes.size) << _RANK_BITS, sizes) | ranks[inverse.reshape(-1)]
    keys.sort()
    return (keys & _RANK_MASK).astype(np.int32), int(np.count_nonzero(frequencies == 1)), frequencies.size


@part
def _prefix(size, jaccard, containment, least_contained):  # type: ignore[no-untyped-def]
    """How many of a set's rarest hashes hold one that a larger partner shares."""
    share = min(jaccard, containment) if size >= least_contained else jaccard
    return min(size - np.int64(np.ceil(share * size - _ROUNDING)) + 1, size)


@kernel(f"int64[::1]({READ_PLACES}, {READ_OFFSETS}, int64, int64, float64, float64, int64)")
def _posting_space(ranks, offsets, singles, tokens, jaccard, containment, least_contained):  # type: ignore[no-untyped-def]
    """Where the places of each rank begin in an index over all prefixes; ranks in one set only have none."""
    begins = np.zeros(tokens + 1, np.int64)
    for place in range(offsets.size - 1):
        begin = offsets[place]
        size = offsets[place + 1] - begin
        for at in range(begin, begin + _prefix(size, jaccard, containment, least_contained)):
            begins[ranks[at] + 1] += ranks[at] >= singles
    for token in range(tokens):
        begins[token + 1] += begins[token]
    return begins


# Kernels copy in loops: assigning a slice to a slice compiles for seconds.
@part
def _copy(rows, wider):  # type: ignore[no-untyped-def]
    for row in range(rows.shape[0]):
        for column in range(rows.shape[1]):
            wider[row, column] = rows[row, column]


@kernel(
    f"UniTuple(int32[::1], 3)({READ_PLACES}, {READ_OFFSETS}, {READ_OFFSETS}, {READ_OFFSETS}, int64, float64, float64, "
    "int64)"
)
def _join(ranks, offsets, by_size, begins, singles, jaccard, containment, least_contained):  # type: ignore[no-untyped-def]
    """Sets by rising size: look each up in the index of the smaller ones, then add its own prefix."""
    filled = begins.copy()
    postings = np.empty(begins[-1], np.int32)
    last = np.full(offsets.size - 1, -1, np.int32)
    pairs = np.empty((3, _FIRST_PAIRS), np.int32)
    found = 0
    for right in by_size:
        begin, end = offsets[right], offsets[right + 1]
        for at in range(begin, end):
            token = ranks[at]
            for posting in range(begins[token], filled[token]):
                left = postings[posting]
                if last[left] == right:
                    continue
                last[left] = right
                size = offsets[left + 1] - offsets[left]
                if size < least_contained and size < jaccard * (end - begin) - _ROUNDING:
                    continue
                shared = shared_of(ranks, offsets[left], offsets[left + 1], begin, end)
                is_near = shared / (size + end - begin - shared) >= jaccard
                if is_near or (size >= least_contained and shared / size >= containment):
                    if found == pairs.shape[1]:
                        wider = np.empty((3, 2 * found), np.int32)
                        _copy(pairs, wider)
                        pairs = wider
                    pairs[0, found], pairs[1, found], pairs[2, found] = min(left, right), max(left, right), shared
                    found += 1
        for at in range(begin, begin + _prefix(end - begin, jaccard, containment, least_contained)):
            if ranks[at] >= singles:
                postings[filled[ranks[at]]] = right
                filled[ranks[at]] += 1
    return pairs[0, :found].copy(), pairs[1, :found].copy(), pairs[2, :found].copy()
