"""Hashes that many of some sets hold, found without sorting all of them; exact counts, compiled.

It knows no texts and no sources: which sets to look at, and how many is many, is the caller's choice.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from storycluster.compiling import kernel
from storycluster.kernels.shinglesets import READ_HASHES, Sets
from storycluster.kernels.tokens import READ_OFFSETS, Hashes

#: Places of the counting filter by the highest bits of a hash: two for each hash, so few others are let through.
_LEAST_BITS: Final = 10
_MOST_BITS: Final = 22
_FULL: Final = np.iinfo(np.uint16).max


class Repeats(NamedTuple):
    """Hashes that are held often, sorted; and every holding as the place of its hash and the number of its set."""

    hashes: Hashes
    places: npt.NDArray[np.int64]
    members: npt.NDArray[np.int64]


def find_repeats(sets: Sets, *, least: int) -> Repeats:
    """The hashes that ``least`` or more of the sets hold.

    >>> sets = Sets(np.array([1, 2, 1, 3, 1], np.uint64), np.array([0, 2, 4, 5]))
    >>> [column.tolist() for column in find_repeats(sets, least=2)]
    [[1], [0, 0, 0], [0, 1, 2]]
    """
    bits = min(max(int(sets.hashes.size).bit_length() + 1, _LEAST_BITS), _MOST_BITS)
    held, members = _find_often(*sets, bits, min(least, _FULL))
    hashes, places, counts = np.unique(held, return_inverse=True, return_counts=True)
    is_often = counts >= least
    new_places = np.cumsum(is_often) - 1
    chosen = is_often[places]
    return Repeats(hashes[is_often], new_places[places[chosen]], members[chosen])


@kernel(f"Tuple((uint64[::1], int64[::1]))({READ_HASHES}, {READ_OFFSETS}, int64, int64)")
def _find_often(hashes, offsets, bits, least):  # type: ignore[no-untyped-def]
    """Every hash in a place of the filter that was met ``least`` times, with the number of its set."""
    shift = np.uint64(64 - bits)
    met = np.zeros(1 << bits, np.uint16)
    for value in hashes:
        slot = value >> shift
        met[slot] += met[slot] < least
    found = 0
    for value in hashes:
        found += met[value >> shift] >= least
    held, members = np.empty(found, np.uint64), np.empty(found, np.int64)
    found = 0
    for member in range(offsets.size - 1):
        for place in range(offsets[member], offsets[member + 1]):
            if met[hashes[place] >> shift] >= least:
                held[found], members[found] = hashes[place], member
                found += 1
    return held, members
