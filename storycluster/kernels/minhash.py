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
from storycluster.kernels.tokens import READ_BYTES, READ_OFFSETS, Bytes, Hashes, Offsets, character_classes, mix, scan

if TYPE_CHECKING:
    from datasketch import MinHash

Values = npt.NDArray[np.uint32]

SCHEME: Final = "affine32"
#: The value of every slot of an empty set.
EMPTY: Final = np.uint32(0xFFFFFFFF)

#: MurmurHash3 32-bit finaliser, as in datasketch's ``_fmix``.
_FMIX_1: Final = np.uint32(0x85EBCA6B)
_FMIX_2: Final = np.uint32(0xC2B2AE35)
#: Odd multiplier of the polynomial over the words of a shingle.
_STEP: Final = np.uint64(0xD6E8FEB86659FD93)
_ONE: Final = np.uint64(1)

READ_VALUES: Final = "Array(uint32, 1, 'C', readonly=True)"
READ_HASHES: Final = "Array(uint64, 1, 'C', readonly=True)"


class Signed(NamedTuple):
    """Signatures of texts: ``values`` has a row of slots per text.

    ``shingles`` counts a text's different shingles, 0 where it has fewer words than one; ``text_hashes``
    tell normalised texts apart and are 0 for an empty text only.
    """

    values: npt.NDArray[np.uint32]
    shingles: npt.NDArray[np.int32]
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
    >>> sign_texts(np.frombuffer(text, np.uint8), np.array([0, len(text)]), width=2, count=4, seed=1).shingles
    array([2], dtype=int32)
    """
    return Signed(*_sign_texts(text_buffer, offsets, character_classes(), width, *permutations(count, seed)))


def sign_shingles(shingles: Hashes, *, count: int, seed: int) -> Values:
    """The signature of one set of shingle hashes, of which datasketch's scheme sees the lower 32 bits.

    Slot k is ``min over h of (a_k * fmix32(h mod 2**32) + b_k) mod 2**32``.

    >>> sign_shingles(np.array([7], np.uint64), count=2, seed=1)
    array([1143669496, 2705891044], dtype=uint32)
    """
    values = np.full(count, EMPTY)
    _sign_shingles(shingles, *permutations(count, seed), values)
    return values


def shingle(word_hashes: Hashes, width: int) -> Hashes:
    """The hash of each run of ``width`` words, in order; none where there are fewer words.

    A shingle of words w is ``mix(sum of w_i * STEP**(width - i)) mod 2**64``, and 1 where that is 0.

    >>> shingle(np.array([1, 2, 3], np.uint64), 2).size
    2
    """
    value = np.zeros(max(word_hashes.size - width + 1, 0), np.uint64)
    for place in range(width):
        value = (value + word_hashes[place : place + value.size]) * _STEP
    mixed: Hashes = mix.py_func(value)  # type: ignore[attr-defined]  # the same formula, over an array
    return np.where(mixed, mixed, _ONE)


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


@part
def seen_bits(words):  # type: ignore[no-untyped-def]
    """The bits of a place in the scratch space for so many words: half of the places stay free."""
    bits = 1
    while 1 << bits < 2 * words:
        bits += 1
    return bits


@part
def unique_shingles(word_hashes, words, width, seen, shingles):  # type: ignore[no-untyped-def]
    """Write the different shingles of the first ``words`` words, in order of appearance; how many there are.

    ``seen`` has ``2**seen_bits(words) + words`` places. It holds them by their highest bits, 0 where free, so in
    nearly rising order, and does not wrap around.
    """
    if words < width:
        return 0
    bits = seen_bits(words)
    seen[: (1 << bits) + words] = 0
    shift = np.uint64(64 - bits)
    rolling, power = np.uint64(0), _ONE
    for _ in range(width):
        power *= _STEP
    for at in range(width - 1):
        rolling = (rolling + word_hashes[at]) * _STEP
    count = 0
    for at in range(width - 1, words):
        rolling = (rolling + word_hashes[at]) * _STEP
        value = mix(rolling)
        value = value if value else _ONE
        rolling -= word_hashes[at - width + 1] * power
        place = value >> shift
        while seen[place] != 0 and seen[place] != value:
            place += _ONE
        if seen[place] == 0:
            seen[place] = value
            shingles[count] = value
            count += 1
    return count


@kernel(
    f"Tuple((uint32[:, ::1], int32[::1], int64[::1]))({READ_BYTES}, {READ_OFFSETS}, {READ_BYTES}, int64, "
    f"{READ_VALUES}, {READ_VALUES})"
)
def _sign_texts(buffer, offsets, classes, width, multipliers, increments):  # type: ignore[no-untyped-def]
    texts = offsets.size - 1
    longest = 0
    for text in range(texts):
        longest = max(longest, offsets[text + 1] - offsets[text])
    words, shingles = np.empty(longest, np.uint64), np.empty(longest, np.uint64)
    starts, ends = np.empty(longest, np.int64), np.empty(longest, np.int64)
    seen = np.empty((1 << seen_bits(longest)) + longest, np.uint64)
    values = np.full((texts, multipliers.size), EMPTY, np.uint32)
    counts, text_hashes = np.zeros(texts, np.int32), np.zeros(texts, np.int64)
    for text in range(texts):
        begin, end = np.uint64(offsets[text]), np.uint64(offsets[text + 1])
        found, whole = scan(buffer, begin, end, classes, words, starts, ends, np.uint64(0))
        text_hashes[text] = np.int64(whole)
        counts[text] = unique_shingles(words, np.int64(found), width, seen, shingles)
        _sign_shingles(shingles[: counts[text]], multipliers, increments, values[text])
    return values, counts, text_hashes
