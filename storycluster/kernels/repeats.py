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
    met = np.zeros(1 << bits, np.uint16)
    often = _count_often(sets.hashes, 64 - bits, min(least, _FULL), met)
    held, members = np.empty(often, np.uint64), np.empty(often, np.int64)
    _find_often(*sets, 64 - bits, min(least, _FULL), met, held, members)
    hashes, places, counts = np.unique(held, return_inverse=True, return_counts=True)
    is_often = counts >= least
    new_places = np.cumsum(is_often) - 1
    chosen = is_often[places]
    return Repeats(hashes[is_often], new_places[places[chosen]], members[chosen])


@kernel(f"int64({READ_HASHES}, uint64, int64, uint16[::1])")
def _count_often(hashes, shift, least, met):  # type: ignore[no-untyped-def]
    """How many hashes are in a place of the filter that was met ``least`` times; ``met`` counts no further."""
    for value in hashes:
        slot = value >> shift
        met[slot] += met[slot] < least
    found = 0
    for value in hashes:
        found += met[value >> shift] >= least
    return found


@kernel(f"void({READ_HASHES}, {READ_OFFSETS}, uint64, int64, uint16[::1], uint64[::1], int64[::1])")
def _find_often(hashes, offsets, shift, least, met, held, members):  # type: ignore[no-untyped-def]
    """Write every hash in such a place, with the number of its set."""
    found = 0
    for member in range(offsets.size - 1):
        for place in range(offsets[member], offsets[member + 1]):
            if met[hashes[place] >> shift] >= least:
                held[found], members[found] = hashes[place], member
                found += 1
