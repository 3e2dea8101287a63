"""Shingles drawn from a signature, and the sets that hold them: candidates for contained articles.

A slot of an ``affine32`` signature is a bijection of the lower 32 bits of one shingle hash, so every slot gives
back a shingle of its text, drawn at random. It never counts how often a shingle stands in a text.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from storycluster.compiling import kernel, part
from storycluster.kernels.minhash import Values, permutations
from storycluster.kernels.shinglesets import READ_HASHES, Sets

#: Inverses modulo 2**32 of the multipliers of MurmurHash3's finaliser.
_UNFMIX_1: Final = np.uint32(pow(0x85EBCA6B, -1, 1 << 32))
_UNFMIX_2: Final = np.uint32(pow(0xC2B2AE35, -1, 1 << 32))
#: Bits of the filter per listed shingle, at least; with two places each, one shingle in 250 passes by chance.
_FILTER_BITS: Final = 32
_LEAST_FILTER_BITS: Final = 1 << 16
_SPREAD: Final = np.uint32(0x9E3779B1)
_WORD: Final = np.uint32(6)
_BIT: Final = np.uint32(63)
_ONE: Final = np.uint64(1)

READ_WORDS: Final = "Array(uint64, 1, 'C', readonly=True)"


class Found(NamedTuple):
    """Listed shingles (their lower 32 bits) and the places of the sets that hold them."""

    shingles: Values
    sets: npt.NDArray[np.int64]


def draw_shingles(values: npt.NDArray[np.uint32], samples: int, *, seed: int) -> npt.NDArray[np.uint32]:
    """The lower 32 bits of the shingle hash behind each of the first ``samples`` slots, a row per signature.

    >>> from storycluster.kernels.minhash import sign_shingles
    >>> draw_shingles(sign_shingles(np.array([7], np.uint64), count=2, seed=1)[None, :], 2, seed=1).tolist()
    [[7, 7]]
    """
    multipliers, increments = permutations(values.shape[1], seed)
    inverses = np.array([pow(int(a), -1, 1 << 32) for a in multipliers[:samples]], np.uint32)
    mixed: npt.NDArray[np.uint32] = (values[:, :samples] - increments[:samples]) * inverses
    mixed = (mixed ^ (mixed >> np.uint32(16))) * _UNFMIX_2
    mixed = (mixed ^ (mixed >> np.uint32(13)) ^ (mixed >> np.uint32(26))) * _UNFMIX_1
    return mixed ^ (mixed >> np.uint32(16))


def list_shingles(shingles: Values, *, bits: int = 0) -> npt.NDArray[np.uint64]:
    """A Bloom filter of two places over the lower 32 bits of shingle hashes, of ``bits`` (0: ``filter_bits``).

    >>> list_shingles(np.array([7], np.uint32)).size
    1024
    """
    listed = np.zeros((bits or filter_bits(shingles.size)) >> 6, np.uint64)
    _list_shingles(shingles, listed)
    return listed


def filter_bits(shingles: int) -> int:
    """Bits of a filter for so many shingles, a power of two.

    >>> filter_bits(1_000_000)
    33554432
    """
    return max(_LEAST_FILTER_BITS, 1 << int(shingles * _FILTER_BITS - 1).bit_length())


def find_listed(sets: Sets, listed: npt.NDArray[np.uint64]) -> Found:
    """The listed shingles in each set, and about 0.4 % of the others by chance.

    >>> sets = Sets(np.array([7, 8], np.uint64), np.array([0, 0, 2]))
    >>> find_listed(sets, list_shingles(np.array([7], np.uint32)))
    Found(shingles=array([7], dtype=uint32), sets=array([1]))
    """
    passed = np.zeros(sets.hashes.size, np.bool_)
    _find_listed(sets.hashes, listed, passed)
    at = np.flatnonzero(passed)
    return Found(sets.hashes[at].astype(np.uint32), np.searchsorted(sets.offsets, at, side="right") - 1)


@part
def _places(shingle, mask):  # type: ignore[no-untyped-def]
    """The two bits of a shingle in a filter."""
    second = np.uint32((shingle ^ (shingle >> np.uint32(15))) * _SPREAD)
    return shingle & mask, second & mask


@kernel("void(Array(uint32, 1, 'C', readonly=True), uint64[::1])")
def _list_shingles(shingles, listed):  # type: ignore[no-untyped-def]
    mask = np.uint32(listed.size * 64 - 1)
    for shingle in shingles:
        first, second = _places(shingle, mask)
        listed[first >> _WORD] |= _ONE << np.uint64(first & _BIT)
        listed[second >> _WORD] |= _ONE << np.uint64(second & _BIT)


@part
def _passes(shingle, listed, mask):  # type: ignore[no-untyped-def]
    first, second = _places(shingle, mask)
    in_first = (listed[first >> _WORD] >> np.uint64(first & _BIT)) & _ONE
    return in_first and (listed[second >> _WORD] >> np.uint64(second & _BIT)) & _ONE


@kernel(f"void({READ_HASHES}, {READ_WORDS}, boolean[::1])")
def _find_listed(shingles, listed, passed):  # type: ignore[no-untyped-def]
    mask = np.uint32(listed.size * 64 - 1)
    for place in range(shingles.size):
        if _passes(np.uint32(shingles[place]), listed, mask):
            passed[place] = True
