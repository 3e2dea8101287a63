"""From the words of texts to the sorted distinct terms of each article; compiled, on arrays only.

It knows bytes, hashes and term numbers, and nothing of any language.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from storycluster.compiling import kernel, part
from storycluster.kernels.tokens import MIX_1, READ_BYTES, READ_OFFSETS, Words, mix

Terms = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]

#: Marks a token that is no content word.
NO_TERM: Final = -1
#: What a word begins: a sentence or line, or a quote or clause inside one.
SENTENCE: Final = 2
CLAUSE: Final = 1
_NEWLINE: Final = 10
_SPACE: Final = 32
_ZERO: Final = 48
_NINE: Final = 57
_COMMA: Final = 44
_STOP: Final = 46
#: ``.``, ``!``, ``?`` end a sentence where white space or a character beyond ASCII follows.
_ENDS: Final = (_STOP, 33, 63)
#: ``"``, `` ` ``, ``:`` and the lead byte of curly quotes and dashes: the next word may have a capital for that.
_QUOTES: Final = (34, 96, 58, 0xE2)
#: "The end.The next": a full stop after a small letter or bracket and before a large letter ends a sentence too.
_SMALL_OR_CLOSED: Final = (*range(97, 123), 41)
_LARGE: Final = tuple(range(65, 91))
#: Slots of the hash table per word; at least half stay free.
FREE_SLOTS: Final = 2
#: Bytes of a gap between two words that are looked at; a longer gap starts a sentence.
MAX_GAP: Final = 64

_READ_HASHES: Final = "Array(uint64, 1, 'C', readonly=True)"
_READ_TERMS: Final = "Array(int32, 1, 'C', readonly=True)"


def join_numbers(text_buffer: npt.NDArray[np.uint8], words: Words) -> Words:
    """The words with ``1`` ``,`` ``500`` as one: runs of digits with a single comma or point between them.

    >>> from storycluster.kernels.tokens import tokenise
    >>> buffer = np.frombuffer(b"1,500 of 2.5", np.uint8)
    >>> joined = join_numbers(buffer, tokenise(buffer, np.array([0, len(buffer)])))
    >>> [bytes(buffer[start:end]) for start, end in zip(joined.starts, joined.ends)]
    [b'1,500', b'of', b'2.5']
    """
    return Words(*_join_numbers(text_buffer, words.hashes, words.starts, words.ends, words.article_offsets))


@part
def _is_number(buffer, start, end):  # type: ignore[no-untyped-def]
    digits = 0
    for at in range(start, end):
        digits += _ZERO <= buffer[at] <= _NINE
    return digits == end - start


@kernel(
    f"Tuple((uint64[::1], int64[::1], int64[::1], int64[::1]))"
    f"({READ_BYTES}, {_READ_HASHES}, {READ_OFFSETS}, {READ_OFFSETS}, {READ_OFFSETS})"
)
def _join_numbers(buffer, hashes, starts, ends, offsets):  # type: ignore[no-untyped-def]
    new_hashes, new_starts, new_ends = hashes.copy(), starts.copy(), ends.copy()
    new_offsets = np.zeros_like(offsets)
    count = 0
    for article in range(offsets.size - 1):
        was_number = False
        for word in range(offsets[article], offsets[article + 1]):
            is_number = _is_number(buffer, starts[word], ends[word])
            if is_number and was_number and starts[word] == new_ends[count - 1] + 1:
                between = buffer[starts[word] - 1]
                if between in (_COMMA, _STOP):
                    new_hashes[count - 1] = mix((new_hashes[count - 1] ^ np.uint64(between)) * MIX_1 ^ hashes[word])
                    new_ends[count - 1] = ends[word]
                    continue
            new_hashes[count], new_starts[count], new_ends[count] = hashes[word], starts[word], ends[word]
            count += 1
            was_number = is_number
        new_offsets[article + 1] = count
    return new_hashes[:count].copy(), new_starts[:count].copy(), new_ends[:count].copy(), new_offsets


@kernel(f"uint8[::1]({READ_BYTES}, {READ_OFFSETS}, {READ_OFFSETS}, {READ_OFFSETS})")
def find_starts(buffer, starts, ends, offsets):  # type: ignore[no-untyped-def]
    """For each word 2 where it begins a line or sentence, 1 where it begins a quote or clause, else 0."""
    result = np.zeros(starts.size, np.uint8)
    for article in range(offsets.size - 1):
        for word in range(offsets[article], offsets[article + 1]):
            if word == offsets[article] or starts[word] - ends[word - 1] > MAX_GAP:
                result[word] = SENTENCE
                continue
            for at in range(ends[word - 1], starts[word]):
                byte = buffer[at]
                closed = at + 1 < starts[word] and (buffer[at + 1] <= _SPACE or buffer[at + 1] >= 128)
                glued = at + 1 == starts[word] and buffer[at] == _STOP and buffer[at - 1] in _SMALL_OR_CLOSED
                closed |= glued and buffer[at + 1] in _LARGE
                if byte == _NEWLINE or (byte in _ENDS and closed):
                    result[word] = SENTENCE
                    break
                if byte in _QUOTES:
                    result[word] = CLAUSE
    return result


def distinct(values: Terms, offsets: Offsets) -> tuple[Terms, Offsets]:
    """The sorted distinct non-negative values of each article, and their offsets.

    >>> [array.tolist() for array in distinct(np.array([3, -1, 3, 2], np.int32), np.array([0, 3, 4]))]
    [[3, 2], [0, 1, 2]]
    """
    return distinct_marked(values, offsets, np.zeros(len(values), np.uint8))[:2]


def distinct_marked(
    values: Terms, offsets: Offsets, marks: npt.NDArray[np.uint8]
) -> tuple[Terms, Offsets, npt.NDArray[np.uint8]]:
    """The sorted distinct non-negative values of each article, their offsets, and the bits of all ``marks`` of each.

    Two transpositions of a sparse matrix sort its rows, in linear time.
    """
    kept = values >= 0
    shape = len(offsets) - 1, int(values.max(initial=0)) + 1
    ordered = sp.csr_matrix((marks[kept], values[kept], left_offsets(kept, offsets)), shape=shape).tocsc().tocsr()
    found, bounds, bits = _merge_equal(ordered.indices, ordered.data, ordered.indptr.astype(np.int64))
    return found, bounds, bits


@kernel("Tuple((int32[::1], int64[::1], uint8[::1]))(int32[::1], uint8[::1], int64[::1])")
def _merge_equal(values, marks, offsets):  # type: ignore[no-untyped-def]
    """Equal neighbours of each article as one, with the bits of all their marks."""
    found, bits, bounds = np.empty_like(values), np.empty_like(marks), np.zeros_like(offsets)
    count = 0
    for article in range(offsets.size - 1):
        for at in range(offsets[article], offsets[article + 1]):
            if at > offsets[article] and values[at] == values[at - 1]:
                bits[count - 1] |= marks[at]
                continue
            found[count], bits[count] = values[at], marks[at]
            count += 1
        bounds[article + 1] = count
    return found[:count].copy(), bounds, bits[:count].copy()


@kernel(f"int64[::1](Array(boolean, 1, 'C', readonly=True), {READ_OFFSETS})")
def left_offsets(kept, offsets):  # type: ignore[no-untyped-def]
    """The offsets of what is kept of each article."""
    result = np.zeros(offsets.size, np.int64)
    for article in range(offsets.size - 1):
        count = 0
        for at in range(offsets[article], offsets[article + 1]):
            count += kept[at]
        result[article + 1] = result[article] + count
    return result


def among_first(offsets: Offsets, words: int) -> npt.NDArray[np.bool_]:
    """Whether each word is one of the first ``words`` of its article.

    >>> among_first(np.array([0, 3, 4]), 2).tolist()
    [True, True, False, True]
    """
    first = np.zeros(offsets[-1], np.bool_)
    for begin, end in pairwise(offsets.tolist()):
        first[begin : min(begin + words, end)] = True
    return first


@kernel(f"int64[::1]({_READ_TERMS}, Array(uint8, 1, 'C', readonly=True), {READ_OFFSETS})")
def pair_codes(terms, begins, offsets):  # type: ignore[no-untyped-def]
    """For each word the code of it with the content word before it in its sentence; -1 where there is none.

    A code is 63 bits made from both term numbers, the same for the same two terms.
    """
    result = np.full(terms.size, -1, np.int64)
    for article in range(offsets.size - 1):
        before = np.int64(NO_TERM)
        for word in range(offsets[article], offsets[article + 1]):
            if begins[word] == SENTENCE:
                before = np.int64(NO_TERM)
            term = np.int64(terms[word])
            if term == NO_TERM:
                continue
            if before != NO_TERM:
                result[word] = before << 31 | term
            before = term
    return result


@kernel(f"Tuple((int32[::1], int64[::1]))({_READ_HASHES})")
def number_words(hashes):  # type: ignore[no-untyped-def]
    """The number of each word (equal hashes, equal numbers, in the order of first places), and the first places."""
    size, bits = 16, 4
    while size < FREE_SLOTS * hashes.size:
        size, bits = size * 2, bits + 1
    mask, shift = np.uint64(size - 1), np.uint64(64 - bits)
    slots = np.full(size, -1, np.int32)
    numbers, first = np.empty(hashes.size, np.int32), np.empty(hashes.size, np.int64)
    count = 0
    for place in range(hashes.size):
        slot = (hashes[place] * MIX_1) >> shift
        while slots[slot] >= 0 and hashes[first[slots[slot]]] != hashes[place]:
            slot = (slot + np.uint64(1)) & mask
        if slots[slot] < 0:
            slots[slot] = count
            first[count] = place
            count += 1
        numbers[place] = slots[slot]
    return numbers, first[:count].copy()
