"""MinHash signatures of texts in datasketch's ``affine32`` scheme, compiled: bytes in, signatures out.

A signature depends on its text, the shingle width, the number of permutations and the seed, on nothing else.
It never reads datasketch's state: a test holds the two equal bit for bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from storycluster.compiling import kernel, part
from storycluster.errors import StoreError
from storycluster.kernels.shinglesets import READ_HASHES, Sets, shingle_texts
from storycluster.kernels.tokens import READ_OFFSETS, Bytes, Hashes, Offsets

if TYPE_CHECKING:
    from datasketch import MinHash

Values = npt.NDArray[np.uint32]

SCHEME: Final = "affine32"
#: The value of every slot of an empty set.
EMPTY: Final = np.uint32(0xFFFFFFFF)

#: MurmurHash3 32-bit finaliser, as in datasketch's ``_fmix``.
_FMIX_1: Final = np.uint32(0x85EBCA6B)
_FMIX_2: Final = np.uint32(0xC2B2AE35)
READ_VALUES: Final = "Array(uint32, 1, 'C', readonly=True)"


class Signed(NamedTuple):
    """Signatures of texts: ``values`` has a row of slots per text.

    ``sets`` are the shingles they were made from, none where a text has fewer words than one shingle;
    ``text_hashes`` tell normalised texts apart and are 0 for an empty text only.
    """

    values: npt.NDArray[np.uint32]
    sets: Sets
    text_hashes: npt.NDArray[np.int64]


def permutations(count: int, seed: int) -> tuple[Values, Values]:
    """The multipliers (odd) and increments of ``count`` permutations, those of ``datasketch.MinHash(seed=seed)``.

    >>> [int(array[0]) for array in permutations(1, 1)]
    [3582191691, 4282876139]
    """
    generator = np.random.RandomState(seed)
    half = generator.randint(0, 1 << 31, count, dtype=np.uint32)
    return half * np.uint32(2) + np.uint32(1), generator.randint(0, 1 << 32, count, dtype=np.uint32)


def sign_texts(text_buffer: Bytes, offsets: Offsets, *, width: int, count: int, seed: int) -> Signed:
    """Signatures of ``count`` slots over the shingles of ``width`` words of normalised texts.

    >>> text = b"twelve ferries collided"
    >>> sign_texts(np.frombuffer(text, np.uint8), np.array([0, len(text)]), width=2, count=4, seed=1).sets.offsets
    array([0, 2])
    """
    sets, text_hashes = shingle_texts(text_buffer, offsets, width=width)
    values = np.full((text_hashes.size, count), EMPTY)
    _sign_sets(*sets, *permutations(count, seed), values)
    return Signed(values, sets, text_hashes)


def sign_shingles(shingles: Hashes, *, count: int, seed: int) -> Values:
    """The signature of one set of shingle hashes, of which datasketch's scheme sees the lower 32 bits.

    Slot k is ``min over h of (a_k * fmix32(h mod 2**32) + b_k) mod 2**32``.

    >>> sign_shingles(np.array([7], np.uint64), count=2, seed=1)
    array([1143669496, 2705891044], dtype=uint32)
    """
    values = np.full(count, EMPTY)
    _sign_shingles(shingles, *permutations(count, seed), values)
    return values


def count_equal(values: npt.NDArray[np.uint32]) -> npt.NDArray[np.int32]:
    """How many slots each two signatures (rows) have in common; the share of all is an estimate of their Jaccard.

    >>> count_equal(np.array([[1, 2], [1, 3]], np.uint32)).tolist()
    [[2, 1], [1, 2]]
    """
    counts = np.empty((len(values), len(values)), np.int32)
    _count_equal(values, counts)
    return counts


def to_datasketch(signature: bytes, *, seed: int) -> MinHash:
    """A signature as a ``datasketch.MinHash``, for its LSH forest, ensemble or storage.

    >>> to_datasketch(b"\\x01\\x00\\x00\\x00", seed=1).hashvalues
    array([1], dtype=uint32)
    """
    from datasketch import MinHash

    return MinHash(hashvalues=np.frombuffer(signature, "<u4").astype(np.uint32), seed=seed, scheme=SCHEME)


def from_datasketch(minhash: MinHash) -> bytes:
    """The signature in a ``datasketch.MinHash``. Raises StoreError for another scheme than affine32.

    >>> from_datasketch(to_datasketch(b"\\x01\\x00\\x00\\x00", seed=1))
    b'\\x01\\x00\\x00\\x00'
    """
    if minhash.scheme != SCHEME:
        raise StoreError(f"MinHash has scheme {minhash.scheme}, signatures here have {SCHEME}; sign the texts again")
    return bytes(minhash.hashvalues.astype("<u4").tobytes())


@part
def _premix(shingle_hash):  # type: ignore[no-untyped-def]
    value = np.uint32(shingle_hash)
    value = np.uint32((value ^ (value >> 16)) * _FMIX_1)
    value = np.uint32((value ^ (value >> 13)) * _FMIX_2)
    return np.uint32(value ^ (value >> 16))


@kernel(f"void({READ_HASHES}, {READ_VALUES}, {READ_VALUES}, uint32[::1])")
def _sign_shingles(shingles, multipliers, increments, values):  # type: ignore[no-untyped-def]
    """Lower ``values`` to the minima over the shingles; the inner loops are plain 32-bit multiply-add.

    Four shingles share one pass over the slots, which are then read and written a quarter as often.
    """
    whole = shingles.size - shingles.size % 4
    for place in range(0, whole, 4):
        one, two = _premix(shingles[place]), _premix(shingles[place + 1])
        three, four = _premix(shingles[place + 2]), _premix(shingles[place + 3])
        for slot in range(values.size):
            a, b = multipliers[slot], increments[slot]
            first = min(np.uint32(a * one + b), np.uint32(a * two + b))
            second = min(np.uint32(a * three + b), np.uint32(a * four + b))
            values[slot] = min(values[slot], min(first, second))
    for place in range(whole, shingles.size):
        mixed = _premix(shingles[place])
        for slot in range(values.size):
            values[slot] = min(values[slot], np.uint32(multipliers[slot] * mixed + increments[slot]))


@kernel(f"void({READ_HASHES}, {READ_OFFSETS}, {READ_VALUES}, {READ_VALUES}, uint32[:, ::1])")
def _sign_sets(hashes, offsets, multipliers, increments, values):  # type: ignore[no-untyped-def]
    for place in range(offsets.size - 1):
        _sign_shingles(hashes[offsets[place] : offsets[place + 1]], multipliers, increments, values[place])


@kernel("void(Array(uint32, 2, 'C', readonly=True), int32[:, ::1])")
def _count_equal(values, counts):  # type: ignore[no-untyped-def]
    for left in range(values.shape[0]):
        for right in range(left + 1):
            count = np.int32(0)
            for slot in range(values.shape[1]):
                count += np.int32(values[left, slot] == values[right, slot])
            counts[left, right] = counts[right, left] = count
