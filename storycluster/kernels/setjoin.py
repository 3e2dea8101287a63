"""Exact set similarity, compiled: sets are sorted unique hashes in one array with offsets.

Jaccard and containment here are counted, never estimated; which pairs to count is the caller's choice.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from storycluster.compiling import kernel, part
from storycluster.kernels.shinglesets import READ_HASHES, Sets
from storycluster.kernels.tokens import READ_OFFSETS, Hashes, Offsets

Places = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

READ_PLACES: Final = "Array(int32, 1, 'C', readonly=True)"


def leave_out(sets: Sets, classes: Places, *, unwanted: Sets, least_share: float) -> Sets:
    """The sets without the hashes in the unwanted set of their class (a place in ``unwanted``).

    A set of which less than ``least_share``, 0..1, would be left stays whole.

    >>> both = Sets(np.array([1, 2], np.uint64), np.array([0, 2]))
    >>> two = Sets(np.array([2], np.uint64), np.array([0, 1]))
    >>> leave_out(both, np.array([0], np.int32), unwanted=two, least_share=0.5).hashes
    array([1], dtype=uint64)
    """
    kept = Sets(np.empty_like(sets.hashes), np.zeros_like(sets.offsets))
    _leave_out(*sets, classes, *unwanted, least_share, *kept)
    return Sets(kept.hashes[: kept.offsets[-1]], kept.offsets)


def take_sets(sets: Sets, places: npt.NDArray[np.int64]) -> Sets:
    """The sets at some places, in that order.

    >>> take_sets(Sets(np.array([1, 2, 3], np.uint64), np.array([0, 1, 3])), np.array([1, 0])).hashes.tolist()
    [2, 3, 1]
    """
    sizes = np.diff(sets.offsets)[places]
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    hashes = np.empty(offsets[-1], np.uint64)
    copy_sets(sets, places, to=offsets[:-1], hashes=hashes)
    return Sets(hashes, offsets)


def copy_sets(sets: Sets, places: npt.NDArray[np.int64], *, to: Offsets, hashes: Hashes) -> None:
    """Write the sets at some places into ``hashes``, each from its place in ``to`` on.

    >>> into = np.zeros(3, np.uint64)
    >>> copy_sets(Sets(np.array([1, 2], np.uint64), np.array([0, 2])), np.array([0]), to=np.array([1]), hashes=into)
    >>> into.tolist()
    [0, 1, 2]
    """
    _copy_sets(*sets, places.astype(np.int64), to, hashes)


def count_shared(sets: Sets, left: Places, *, right: Places) -> Places:
    """How many hashes the sets at ``left[i]`` and ``right[i]`` share.

    >>> sets = Sets(np.array([1, 2, 2, 3], np.uint64), np.array([0, 2, 4]))
    >>> count_shared(sets, np.array([0], np.int32), right=np.array([1], np.int32)).tolist()
    [1]
    """
    counts = np.empty(left.size, np.int32)
    _count_shared(*sets, left, right, counts)
    return counts


def jaccard_and_containment(shared: Places, left_sizes: Offsets, *, right_sizes: Offsets) -> tuple[Floats, Floats]:
    """``shared / |union|`` and ``shared / min(|left|, |right|)``; both 0 where a set is empty.

    >>> [float(share[0]) for share in jaccard_and_containment(np.int32([2]), np.int64([2]), right_sizes=np.int64([4]))]
    [0.5, 1.0]
    """
    union = left_sizes + right_sizes - shared
    smaller = np.minimum(left_sizes, right_sizes)
    return shared / np.maximum(union, 1), shared / np.maximum(smaller, 1)


@kernel(
    f"void({READ_HASHES}, {READ_OFFSETS}, {READ_PLACES}, {READ_HASHES}, {READ_OFFSETS}, float64, uint64[::1], "
    "int64[::1])"
)
def _leave_out(  # type: ignore[no-untyped-def]
    hashes, offsets, classes, unwanted, unwanted_offsets, least_share, kept, kept_offsets
):  # fmt: skip
    for place in range(offsets.size - 1):
        begin, end, out = offsets[place], offsets[place + 1], kept_offsets[place]
        other, stop = unwanted_offsets[classes[place]], unwanted_offsets[classes[place] + 1]
        for at in range(begin, end):
            while other < stop and unwanted[other] < hashes[at]:
                other += 1
            if other == stop or unwanted[other] != hashes[at]:
                kept[out] = hashes[at]
                out += 1
        if out - kept_offsets[place] < least_share * (end - begin):
            out = kept_offsets[place]
            for at in range(begin, end):
                kept[out] = hashes[at]
                out += 1
        kept_offsets[place + 1] = out


@kernel(f"void({READ_HASHES}, {READ_OFFSETS}, {READ_OFFSETS}, {READ_OFFSETS}, uint64[::1])")
def _copy_sets(hashes, offsets, places, to, copied):  # type: ignore[no-untyped-def]
    for number in range(places.size):
        begin, end = offsets[places[number]], offsets[places[number] + 1]
        for at in range(end - begin):
            copied[to[number] + at] = hashes[begin + at]


@part
def shared_of(values, at, end, other, stop):  # type: ignore[no-untyped-def]
    """How many values two sorted runs share, by merging them."""
    count = np.int32(0)
    while at < end and other < stop:
        first, second = values[at], values[other]
        count += np.int32(first == second)
        at += first <= second
        other += second <= first
    return count


@kernel(f"void({READ_HASHES}, {READ_OFFSETS}, {READ_PLACES}, {READ_PLACES}, int32[::1])")
def _count_shared(hashes, offsets, left, right, counts):  # type: ignore[no-untyped-def]
    for pair in range(left.size):
        a, b = left[pair], right[pair]
        counts[pair] = shared_of(hashes, offsets[a], offsets[a + 1], offsets[b], offsets[b + 1])
