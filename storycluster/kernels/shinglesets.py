"""Shingle sets of texts, compiled: bytes in, sorted unique hashes out. It compares no sets and signs none."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from storycluster.compiling import kernel, part
from storycluster.kernels.tokens import READ_BYTES, READ_OFFSETS, Bytes, Hashes, Offsets, character_classes, mix, scan

#: Odd multiplier of the polynomial over the words of a shingle.
_STEP: Final = np.uint64(0xD6E8FEB86659FD93)
_ONE: Final = np.uint64(1)

READ_HASHES: Final = "Array(uint64, 1, 'C', readonly=True)"


class Sets(NamedTuple):
    """Sets of hashes; set ``i`` is ``hashes[offsets[i]:offsets[i + 1]]``, sorted and without repeats."""

    hashes: Hashes
    offsets: Offsets


def shingle_sets(text_buffer: Bytes, offsets: Offsets, *, width: int) -> Sets:
    """The set of shingles of ``width`` words of each normalised text.

    >>> text = b"so so so so"
    >>> shingle_sets(np.frombuffer(text, np.uint8), np.array([0, len(text)]), width=2).offsets.tolist()
    [0, 1]
    """
    return shingle_texts(text_buffer, offsets, width=width)[0]


def shingle_texts(text_buffer: Bytes, offsets: Offsets, *, width: int) -> tuple[Sets, npt.NDArray[np.int64]]:
    """The sets, and a hash of each text that tells normalised texts apart and is 0 for an empty one only.

    >>> text = b"so so"
    >>> shingle_texts(np.frombuffer(text, np.uint8), np.array([0, 2, 2]), width=1)[1].tolist()[1]
    0
    """
    # A word and the blank after it take two bytes at least, a letter of an unspaced script three.
    hashes = np.empty((offsets[-1] - offsets[0] + offsets.size) // 2 + 1, np.uint64)
    set_offsets, text_hashes = np.zeros(offsets.size, np.int64), np.empty(offsets.size - 1, np.int64)
    longest = int(np.diff(offsets).max(initial=0))
    words, shingles, starts, ends = (np.empty(longest, kind) for kind in (np.uint64, np.uint64, np.int64, np.int64))
    bits: int = seen_bits.py_func(longest)  # type: ignore[attr-defined]  # the same count
    seen = np.empty((1 << bits) + longest, np.uint64)
    room = words, starts, ends, seen, shingles
    _shingle_texts(text_buffer, offsets, character_classes(), width, *room, hashes, set_offsets, text_hashes)
    hashes.resize(set_offsets[-1], refcheck=False)  # gives back the room that was not needed, without a copy
    return Sets(hashes, set_offsets), text_hashes


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


@part
def _write_sorted(seen, places, hashes, begin):  # type: ignore[no-untyped-def]
    """Write the taken places of a nearly rising table, sorted by insertion; needs room for one more."""
    out = begin
    for place in range(places):  # without a branch, which would be taken at random
        hashes[out] = seen[place]
        out += seen[place] != 0
    for now in range(begin + 1, out):
        value, at = hashes[now], now
        while at > begin and hashes[at - 1] > value:
            hashes[at] = hashes[at - 1]
            at -= 1
        hashes[at] = value


@kernel(
    f"void({READ_BYTES}, {READ_OFFSETS}, {READ_BYTES}, int64, uint64[::1], int64[::1], int64[::1], uint64[::1], "
    "uint64[::1], uint64[::1], int64[::1], int64[::1])"
)
def _shingle_texts(  # type: ignore[no-untyped-def]
    buffer, offsets, classes, width, words, starts, ends, seen, shingles, hashes, set_offsets, text_hashes
):  # fmt: skip
    """Write the sets one after the other into ``hashes``; their offsets, and the hashes of the texts."""
    for text in range(text_hashes.size):
        begin, end = np.uint64(offsets[text]), np.uint64(offsets[text + 1])
        found, whole = scan(buffer, begin, end, classes, words, starts, ends, np.uint64(0))
        text_hashes[text] = np.int64(whole)
        count = unique_shingles(words, np.int64(found), width, seen, shingles)
        place = set_offsets[text]
        set_offsets[text + 1] = place + count
        if count:
            _write_sorted(seen, (1 << seen_bits(np.int64(found))) + np.int64(found), hashes, place)
