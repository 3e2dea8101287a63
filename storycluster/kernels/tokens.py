"""Words of normalised texts as 64-bit hashes with their byte spans; compiled, without a Python object per word.

A word is a run of letters, digits and their marks. A run of a script that is written without spaces
becomes overlapping pairs of letters (with their marks). It never folds case and never drops a word.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from storycluster.compiling import kernel, part

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Offsets = npt.NDArray[np.int64]

#: Raise it when the words of a text change: signatures of two versions are never compared.
TOKENISER: Final = "words-1"

SEPARATOR: Final = 0
LETTER: Final = 1
MARK: Final = 2
UNSPACED: Final = 3

#: Characters with a class of their own in the table: the basic and the supplementary plane. Above it,
#: planes 2 and 3 are ideographs and nothing else is a letter.
TABLE_END: Final = 0x20000
_IDEOGRAPHS_END: Final = 0x40000
#: Scripts written without spaces, by the first word of their characters' Unicode names.
_UNSPACED_SCRIPTS: Final = frozenset(
    {"CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO", "NUSHU", "TANGUT", "YI"}
    | {"THAI", "LAO", "KHMER", "MYANMAR", "JAVANESE", "BALINESE", "TIBETAN"}
)

#: Odd multipliers and shifts of the MurmurHash3 64-bit finaliser, and the golden ratio as seed.
MIX_1: Final = np.uint64(0xFF51AFD7ED558CCD)
MIX_2: Final = np.uint64(0xC4CEB9FE1A85EC53)
SEED: Final = np.uint64(0x9E3779B97F4A7C15)
_SHIFT: Final = np.uint64(33)
_ONE: Final = np.uint64(1)
_ASCII_END: Final = 0x80
_BLANK: Final = 32


class Words(NamedTuple):
    """Words of a batch of texts; text ``i`` has those from ``article_offsets[i]`` to ``article_offsets[i + 1]``.

    ``starts`` and ``ends`` are byte offsets into the text buffer. Equal words have equal ``hashes``.
    """

    hashes: Hashes
    starts: Offsets
    ends: Offsets
    article_offsets: Offsets


def tokenise(text_buffer: Bytes, offsets: Offsets) -> Words:
    """The words of normalised texts; text ``i`` is ``text_buffer[offsets[i]:offsets[i + 1]]``, valid UTF-8.

    >>> text = b"12 dead, 15 hurt"
    >>> words = tokenise(np.frombuffer(text, np.uint8), np.array([0, len(text)]))
    >>> [text[start:end] for start, end in zip(words.starts, words.ends)]
    [b'12', b'dead', b'15', b'hurt']
    """
    most = offsets[-1] - offsets[0]
    hashes, starts, ends = np.empty(most, np.uint64), np.empty(most, np.int64), np.empty(most, np.int64)
    article_offsets = np.zeros(offsets.size, np.int64)
    _tokenise(text_buffer, offsets, character_classes(), hashes, starts, ends, article_offsets)
    count = article_offsets[-1]
    return Words(hashes[:count].copy(), starts[:count].copy(), ends[:count].copy(), article_offsets)


def hash_texts(text_buffer: Bytes, offsets: Offsets) -> npt.NDArray[np.int64]:
    """A 64-bit hash of the bytes of each text, equal for equal bytes.

    >>> hashes = hash_texts(np.frombuffer(b"aba", np.uint8), np.array([0, 1, 2, 3]))
    >>> bool(hashes[0] == hashes[2])
    True
    """
    hashes = np.empty(offsets.size - 1, np.int64)
    _hash_texts(text_buffer, offsets, hashes)
    return hashes


@cache
def character_classes() -> Bytes:
    """The class of each character below ``TABLE_END``, by this Python's Unicode version."""
    classes = np.zeros(TABLE_END, np.uint8)
    for code in range(TABLE_END):
        character = chr(code)
        kind = unicodedata.category(character)
        if kind[0] == "M":
            classes[code] = MARK
        elif kind[0] in "LN":
            is_unspaced = kind[0] == "L" and unicodedata.name(character, "").split(" ")[0] in _UNSPACED_SCRIPTS
            classes[code] = UNSPACED if is_unspaced else LETTER
    return classes


#: Argument types of the kernels; a read-only array takes writable ones too.
READ_BYTES: Final = "Array(uint8, 1, 'C', readonly=True)"
READ_OFFSETS: Final = "Array(int64, 1, 'C', readonly=True)"
_WORDS: Final = "uint64[::1], int64[::1], int64[::1]"


@part
def mix(value):  # type: ignore[no-untyped-def]
    """A 64-bit value with every bit depending on every bit of ``value`` (MurmurHash3 finaliser)."""
    value = (value ^ (value >> _SHIFT)) * MIX_1
    value = (value ^ (value >> _SHIFT)) * MIX_2
    return value ^ (value >> _SHIFT)


@part
def _add(value, byte):  # type: ignore[no-untyped-def]
    """A running hash with one byte more, not yet mixed (the step of FNV-1a with a denser multiplier)."""
    return (value ^ np.uint64(byte)) * MIX_1


@part
def _add_bytes(value, buffer, at, end):  # type: ignore[no-untyped-def]
    while at < end:
        value = _add(value, buffer[at])
        at += _ONE
    return value


@kernel(f"void({READ_BYTES}, {READ_OFFSETS}, int64[::1])")
def _hash_texts(buffer, offsets, hashes):  # type: ignore[no-untyped-def]
    for text in range(hashes.size):
        value = _add_bytes(SEED, buffer, np.uint64(offsets[text]), np.uint64(offsets[text + 1]))
        hashes[text] = np.int64(mix(value))


@part
def _character(buffer, at, classes):  # type: ignore[no-untyped-def]
    """Class of the character at a byte, and the byte after it."""
    one, two, three, four = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
    code = np.uint32(buffer[at])
    if code < _ASCII_END:
        return np.uint64(classes[code]), at + one
    if code < 0xE0:
        return np.uint64(classes[(code & 0x1F) << 6 | (buffer[at + one] & 0x3F)]), at + two
    if code < 0xF0:
        code = (code & 0x0F) << 12 | (buffer[at + one] & 0x3F) << 6 | (buffer[at + two] & 0x3F)
        return np.uint64(classes[code]), at + three
    code = (code & 0x07) << 18 | (buffer[at + one] & 0x3F) << 12
    code |= (buffer[at + two] & 0x3F) << 6 | (buffer[at + three] & 0x3F)
    if code < TABLE_END:
        return np.uint64(classes[code]), at + four
    return np.uint64(UNSPACED if code < _IDEOGRAPHS_END else SEPARATOR), at + four


@part
def _scan_unspaced(buffer, at, end, classes, hashes, starts, ends, count):  # type: ignore[no-untyped-def]
    """Write the pairs of letters of a run without spaces (the letter itself where it stands alone)."""
    first, letter = at, at
    _, at = _character(buffer, at, classes)
    while True:
        kind, after = _character(buffer, at, classes) if at < end else (np.uint64(SEPARATOR), at)
        if kind == MARK:
            at = after
            continue
        if letter > first or kind != UNSPACED:
            hashes[count] = mix(_add_bytes(SEED, buffer, first, at))
            starts[count], ends[count] = first, at
            count += _ONE
        if kind != UNSPACED:
            return at, count
        first, letter = letter, at
        at = after


@part
def scan(buffer, at, end, classes, hashes, starts, ends, count):  # type: ignore[no-untyped-def]
    """Write the words of ``buffer[at:end]`` from place ``count`` on; the place after them, and a hash of the text.

    The hash is 0 for an empty text only. Unsigned places spare the compiled code the check for negative ones.
    """
    whole = np.uint64(0)
    while at < end:
        start, value = at, SEED
        kind = np.uint64(SEPARATOR)
        while at < end:
            byte = buffer[at]
            after = at + _ONE
            if byte < _ASCII_END:
                kind = np.uint64(classes[byte])
                if kind == SEPARATOR:
                    break
                value = _add(value, byte)
            else:
                kind, after = _character(buffer, at, classes)
                if kind in (SEPARATOR, UNSPACED):
                    break
                value = _add_bytes(value, buffer, at, after)
            at = after
        if at > start:
            value = mix(value)
            hashes[count], starts[count], ends[count] = value, start, at
            count += _ONE
            whole = _add(whole, value)
        if at == end:
            break
        if kind == UNSPACED:
            first = count
            at, count = _scan_unspaced(buffer, at, end, classes, hashes, starts, ends, count)
            while first < count:
                whole = _add(whole, hashes[first])
                first += _ONE
        else:
            whole = _add_bytes(whole + SEED, buffer, at, after)
            at = after
    return count, mix(whole)


@kernel(f"void({READ_BYTES}, {READ_OFFSETS}, {READ_BYTES}, {_WORDS}, int64[::1])")
def _tokenise(buffer, offsets, classes, hashes, starts, ends, article_offsets):  # type: ignore[no-untyped-def]
    count = np.uint64(0)
    for text in range(offsets.size - 1):
        begin, end = np.uint64(offsets[text]), np.uint64(offsets[text + 1])
        count, _ = scan(buffer, begin, end, classes, hashes, starts, ends, count)
        article_offsets[text + 1] = count
