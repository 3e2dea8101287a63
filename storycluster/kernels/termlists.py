"""From the words of texts to the sorted distinct terms of each article; compiled, on arrays only.

It knows bytes, hashes and term numbers, and nothing of any language.
"""

from __future__ import annotations

import string
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
_COMMA: Final = 44
_STOP: Final = 46
_ZERO: Final = 48
_NINE: Final = 57
#: What a byte is between two words, as bits: ``.``, ``!``, ``?`` end a sentence where white space or a character beyond
#: ASCII follows, a full stop also between a small letter or bracket and a large letter ("The end.The next"). After
#: ``"``, `` ` ``, ``:`` and the lead byte of curly quotes and dashes the next word may have a capital for that.
_LINE_END, _END, _FULL_STOP, _QUOTE, _GAP, _SMALL, _LARGE = (1 << bit for bit in range(7))
#: Slots of the hash table per word; at least half stay free.
FREE_SLOTS: Final = 2
_LEAST_BITS: Final = 4
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
    hashes, starts, ends, offsets = (
        words.hashes.copy(),
        words.starts.copy(),
        words.ends.copy(),
        np.zeros_like(words[-1]),
    )
    _join_numbers(text_buffer, words.article_offsets, hashes, starts, ends, offsets)
    count = offsets[-1]
    return Words(hashes[:count].copy(), starts[:count].copy(), ends[:count].copy(), offsets)


@part
def _is_number(buffer, start, end):  # type: ignore[no-untyped-def]
    digits = 0
    for at in range(start, end):
        digits += _ZERO <= buffer[at] <= _NINE
    return digits == end - start


@kernel(f"void({READ_BYTES}, {READ_OFFSETS}, uint64[::1], int64[::1], int64[::1], int64[::1])")
def _join_numbers(buffer, offsets, hashes, starts, ends, new_offsets):  # type: ignore[no-untyped-def]
    """Move the words that stay to the front of ``hashes``, ``starts`` and ``ends``."""
    count = 0
    for article in range(offsets.size - 1):
        was_number = False
        for word in range(offsets[article], offsets[article + 1]):
            is_number = _is_number(buffer, starts[word], ends[word])
            if is_number and was_number and starts[word] == ends[count - 1] + 1:
                between = buffer[starts[word] - 1]
                if between in (_COMMA, _STOP):
                    hashes[count - 1] = mix((hashes[count - 1] ^ np.uint64(between)) * MIX_1 ^ hashes[word])
                    ends[count - 1] = ends[word]
                    continue
            hashes[count], starts[count], ends[count] = hashes[word], starts[word], ends[word]
            count += 1
            was_number = is_number
        new_offsets[article + 1] = count


def find_starts(text_buffer: npt.NDArray[np.uint8], words: Words) -> npt.NDArray[np.uint8]:
    """For each word 2 where it begins a line or sentence, 1 where it begins a quote or clause, else 0.

    >>> from storycluster.kernels.tokens import tokenise
    >>> buffer = np.frombuffer(b"One. Two: 3", np.uint8)
    >>> find_starts(buffer, tokenise(buffer, np.array([0, len(buffer)]))).tolist()
    [2, 2, 1]
    """
    begins = np.zeros(words.starts.size, np.uint8)
    _find_starts(text_buffer, words.starts, words.ends, words.article_offsets, begins)
    return begins


def _kinds_of_bytes() -> npt.NDArray[np.uint8]:
    kinds = np.zeros(256, np.uint8)
    for characters, kind in (
        (b"\n", _LINE_END),
        (b".!?", _END),
        (b".", _FULL_STOP),
        (b'"`:\xe2', _QUOTE),
        (bytes((*range(33), *range(128, 256))), _GAP),
        (string.ascii_lowercase.encode() + b")", _SMALL),
        (string.ascii_uppercase.encode(), _LARGE),
    ):
        kinds[list(characters)] |= kind
    return kinds


#: A constant of the compiled code.
_KINDS: Final = _kinds_of_bytes()


@kernel(f"void({READ_BYTES}, {READ_OFFSETS}, {READ_OFFSETS}, {READ_OFFSETS}, uint8[::1])")
def _find_starts(buffer, starts, ends, offsets, result):  # type: ignore[no-untyped-def]
    for article in range(offsets.size - 1):
        for word in range(offsets[article], offsets[article + 1]):
            if word == offsets[article] or starts[word] - ends[word - 1] > MAX_GAP:
                result[word] = SENTENCE
                continue
            for at in range(ends[word - 1], starts[word]):
                kind, after = _KINDS[buffer[at]], _KINDS[buffer[at + 1]]
                if at + 1 < starts[word]:
                    ends_sentence = kind & _END and after & _GAP
                else:
                    ends_sentence = kind & _FULL_STOP and after & _LARGE and _KINDS[buffer[at - 1]] & _SMALL
                if ends_sentence or kind & _LINE_END:
                    result[word] = SENTENCE
                    break
                if kind & _QUOTE:
                    result[word] = CLAUSE


def distinct(values: Terms, offsets: Offsets) -> tuple[Terms, Offsets]:
    """The sorted distinct non-negative values of each article, and their offsets.

    >>> [array.tolist() for array in distinct(np.array([3, -1, 3, 2], np.int32), np.array([0, 3, 4]))]
    [[3, 2], [0, 1, 2]]
    """
    return distinct_marked(values, offsets, np.zeros(len(values), np.uint8))[:2]


def distinct_marked(
    values: Terms, offsets: Offsets, marks: npt.NDArray[np.uint8]
) -> tuple[Terms, Offsets, npt.NDArray[np.uint8]]:
    """The sorted distinct non-negative values of each article, their offsets, and the bits of all ``marks`` of each."""
    kept = values >= 0
    shape = len(offsets) - 1, int(values.max(initial=0)) + 1
    ordered = sp.csr_matrix((marks[kept], values[kept], left_offsets(kept, offsets)), shape=shape)
    ordered.sort_indices()  # in its place: two transpositions are faster for few articles, and take twice the memory
    bounds = np.zeros(len(offsets), np.int64)
    _merge_equal(ordered.indices, ordered.data, ordered.indptr.astype(np.int64), bounds)
    return ordered.indices[: bounds[-1]].copy(), bounds, ordered.data[: bounds[-1]].copy()


@kernel("void(int32[::1], uint8[::1], int64[::1], int64[::1])")
def _merge_equal(values, marks, offsets, bounds):  # type: ignore[no-untyped-def]
    """Write equal neighbours of each article as one, with the bits of all their marks, to the front of both arrays."""
    count = 0
    for article in range(offsets.size - 1):
        for at in range(offsets[article], offsets[article + 1]):
            if count > bounds[article] and values[at] == values[count - 1]:
                marks[count - 1] |= marks[at]
                continue
            values[count], marks[count] = values[at], marks[at]
            count += 1
        bounds[article + 1] = count


def left_offsets(kept: npt.NDArray[np.bool_], offsets: Offsets) -> Offsets:
    """The offsets of what is kept of each article.

    >>> left_offsets(np.array([True, False, True]), np.array([0, 2, 3])).tolist()
    [0, 1, 2]
    """
    result = np.zeros(offsets.size, np.int64)
    _left_offsets(kept, offsets, result)
    return result


@kernel(f"void(Array(boolean, 1, 'C', readonly=True), {READ_OFFSETS}, int64[::1])")
def _left_offsets(kept, offsets, result):  # type: ignore[no-untyped-def]
    for article in range(offsets.size - 1):
        count = 0
        for at in range(offsets[article], offsets[article + 1]):
            count += kept[at]
        result[article + 1] = result[article] + count


def among_first(offsets: Offsets, words: int) -> npt.NDArray[np.bool_]:
    """Whether each word is one of the first ``words`` of its article.

    >>> among_first(np.array([0, 3, 4]), 2).tolist()
    [True, True, False, True]
    """
    first = np.zeros(offsets[-1], np.bool_)
    for begin, end in pairwise(offsets.tolist()):
        first[begin : min(begin + words, end)] = True
    return first


def pair_codes(terms: Terms, begins: npt.NDArray[np.uint8], offsets: Offsets) -> npt.NDArray[np.int64]:
    """For each word the code of it with the content word before it in its sentence; -1 where there is none.

    A code is 63 bits made from both term numbers, the same for the same two terms.

    >>> pair_codes(np.array([0, 5], np.int32), np.array([SENTENCE, 0], np.uint8), np.array([0, 2])).tolist()
    [-1, 5]
    """
    codes = np.full(terms.size, -1, np.int64)
    _pair_codes(terms, begins, offsets, codes)
    return codes


@kernel(f"void({_READ_TERMS}, Array(uint8, 1, 'C', readonly=True), {READ_OFFSETS}, int64[::1])")
def _pair_codes(terms, begins, offsets, result):  # type: ignore[no-untyped-def]
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


def number_words(hashes: npt.NDArray[np.uint64]) -> tuple[Terms, Offsets]:
    """The number of each word (equal hashes, equal numbers, in the order of first places), and the first places.

    >>> [array.tolist() for array in number_words(np.array([9, 7, 9], np.uint64))]
    [[0, 1, 0], [0, 1]]
    """
    bits = max(_LEAST_BITS, (FREE_SLOTS * hashes.size - 1).bit_length())
    slots = np.full(1 << bits, -1, np.int32)
    numbers, first = np.empty(hashes.size, np.int32), np.empty(hashes.size, np.int64)
    count = _number_words(hashes, np.uint64(64 - bits), slots, numbers, first)
    return numbers, first[:count].copy()


@kernel(f"int64({_READ_HASHES}, uint64, int32[::1], int32[::1], int64[::1])")
def _number_words(hashes, shift, slots, numbers, first):  # type: ignore[no-untyped-def]
    mask = np.uint64(slots.size - 1)
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
    return count
