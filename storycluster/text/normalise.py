"""Normalised texts: the form in which two copies of an article are the same bytes.

NFKC, case folded, quotes and dashes unified, invisible characters dropped, white space folded. Digits and
accents are kept: they are the news. It never splits words; that is ``kernels.tokens``.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Final

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.compiling import kernel, part
from storycluster.text.marks import mark_codes, piled_marks

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]

#: Raise it when the result of ``normalise`` changes: signatures of two versions are never compared.
NORMALISER: Final = "nfkc-casefold-1"

_SINGLE_QUOTES: Final = "\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u00b4\u0060\uff07\u2039\u203a"
_DOUBLE_QUOTES: Final = "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u301d\u301e\u301f\uff02"
_MINUS: Final = "\u2212"
#: Not format characters by category, and as invisible: grapheme joiner, variation selectors, tags.
_INVISIBLE_BLOCKS: Final = (range(0x034F, 0x0350), range(0xFE00, 0xFE10), range(0xE0000, 0xE0FFF))
#: Private, so it stands for nothing in a text; separates the characters of one call over all of them.
_SEPARATOR: Final = "\uf8ff"
_BMP: Final = 0x10000
_SURROGATES: Final = range(0xD800, 0xE000)
_JAMO: Final = (range(0x1100, 0x1200), range(0xA960, 0xA980), range(0xD7B0, 0xD800), range(0xFFA0, 0xFFE0))
_SLOW: Final = 255
_ANY_SLOW: Final = 0x0301
_ABSENT: Final = 0
_SPACE: Final = 32
_ASCII_END: Final = 0x80
#: Bytes folded at once where they are plain; longer blocks are plain less often.
_BLOCK_BYTES: Final = 32
_BLOCK: Final = np.uint64(_BLOCK_BYTES)
_ONE: Final = np.uint64(1)
_DELETE: Final = 0x7F
_GRAVE: Final = 0x60
_CAPITAL_A: Final = np.uint8(0x41)
_CAPITALS: Final = np.uint8(26)
_CASE_BIT: Final = np.uint8(5)


def normaliser_name() -> str:
    """The normaliser and the Unicode version it used; stands with every signature.

    >>> normaliser_name().startswith("nfkc-casefold-1 unicode ")
    True
    """
    return f"{NORMALISER} unicode {unicodedata.unidata_version}"


def normalise(text: str) -> str:
    """One text, normalised.

    >>> normalise(" The\u00a0\u201cﬁnal\u201d  TOLL:\\n15 ")
    'the "final" toll: 15'
    """
    return " ".join(filter(None, _unify(text).split(" ")))


def normalise_array(texts: pa.Array) -> tuple[Bytes, Offsets]:
    """All texts normalised, as one buffer of UTF-8 and the offsets of each text in it (one more than texts).

    A null is an empty text. Equal to ``normalise`` of each text, which only texts with marks or
    characters that grow are passed through.

    >>> bytes(normalise_array(pa.array(["Bank\u2019s \u20ac", None]))[0]).decode()
    "bank's \u20ac"
    """
    texts = pc.fill_null(texts.cast(pa.large_string()), "")
    buffer, offsets = text_buffers(texts)
    table = fold_table()
    folded = np.empty(offsets[-1] - offsets[0] + _BLOCK_BYTES, np.uint8)
    ends, is_slow = np.zeros(offsets.size, np.int64), np.zeros(offsets.size - 1, np.bool_)
    _fold(buffer, offsets, table.starts, table.lengths, table.content, folded, ends, is_slow)
    folded, slow = folded[: ends[-1]], np.flatnonzero(is_slow)
    return _patch(folded, ends, slow, texts) if slow.size else (folded, ends)


def text_buffers(texts: pa.Array) -> tuple[Bytes, Offsets]:
    """The UTF-8 of an array of texts without nulls as one buffer, and the offsets of each text in it.

    >>> text_buffers(pa.array(["one", "two"]))[1].tolist()
    [0, 3, 6]
    """
    texts = texts.cast(pa.large_string())
    _, offsets, content = texts.buffers()
    ends = np.frombuffer(offsets, np.int64, len(texts) + 1, texts.offset * np.dtype(np.int64).itemsize)
    return np.frombuffer(content or b"", np.uint8), ends


@dataclass(frozen=True, slots=True)
class FoldTable:
    """What each character of the basic plane becomes on its own: ``content[starts:starts + lengths]``.

    A length of 255 marks a character whose result depends on its neighbours or grows.
    """

    starts: npt.NDArray[np.int32]
    lengths: Bytes
    content: Bytes


@cache
def fold_table() -> FoldTable:
    """The table of this Python's Unicode version, made from ``normalise``'s own steps."""
    characters = [chr(code) for code in range(_BMP) if code not in _SURROGATES and chr(code) != _SEPARATOR]
    results = _unify(_SEPARATOR.join(characters)).split(_SEPARATOR)
    starts, lengths = np.zeros(_BMP, np.int32), np.full(_BMP, _ABSENT, np.uint8)
    content = bytearray()
    dependent = _dependent()
    for character, result in zip(characters, results, strict=True):
        encoded = result.encode()
        code = ord(character)
        starts[code], lengths[code] = len(content), len(encoded)
        if not dependent.isdisjoint((character, *result)) or len(encoded) > len(character.encode()):
            lengths[code] = _SLOW
        else:
            content += encoded
    starts[ord(_SEPARATOR)], lengths[ord(_SEPARATOR)] = len(content), len(_SEPARATOR.encode())
    content += _SEPARATOR.encode()
    return FoldTable(starts, lengths, np.frombuffer(bytes(content), np.uint8))


def _dependent() -> frozenset[str]:
    """The characters of the basic plane that can join with the one before them: marks and conjoining jamo."""
    return frozenset(chr(code) for code in (*mark_codes(_BMP), *chain.from_iterable(_JAMO)))


@cache
def _unified() -> dict[int, str | None]:
    """Quotes, dashes and spaces to one of each; what is invisible to nothing."""
    table: dict[int, str | None] = {}
    for code in range(_BMP):
        category = unicodedata.category(chr(code))
        if category == "Pd":
            table[code] = "-"
        elif category in ("Zs", "Zl", "Zp", "Cc"):
            table[code] = " "
        elif category == "Cf":
            table[code] = None
    table.update({ord(quote): "'" for quote in _SINGLE_QUOTES} | {ord(quote): '"' for quote in _DOUBLE_QUOTES})
    table.update({code: None for block in _INVISIBLE_BLOCKS for code in block})
    return table | {ord(_MINUS): "-"}


def _unify(text: str) -> str:
    """All but the folding of white space."""
    table = _unified()
    if text.isascii():
        return text.translate(table).casefold()
    text = piled_marks(_BMP).sub(r"\1", text.translate(table))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(table)


def _patch(folded: Bytes, ends: Offsets, slow: Offsets, texts: pa.Array) -> tuple[Bytes, Offsets]:
    """``folded`` with the slow texts, empty in it, put in where they belong."""
    pieces: list[memoryview | bytes] = []
    lengths = np.diff(ends)
    done = 0
    whole = memoryview(folded)  # type: ignore[arg-type]  # an array is a buffer
    for index in slow.tolist():
        pieces.append(whole[done : ends[index]])
        done = int(ends[index])
        pieces.append(normalise(texts[index].as_py()).encode())
        lengths[index] = len(pieces[-1])
    pieces.append(whole[done:])
    return np.frombuffer(b"".join(pieces), np.uint8), np.concatenate(([0], np.cumsum(lengths)))


READ_BYTES: Final = "Array(uint8, 1, 'C', readonly=True)"
READ_OFFSETS: Final = "Array(int64, 1, 'C', readonly=True)"
_TABLE: Final = f"Array(int32, 1, 'C', readonly=True), {READ_BYTES}, {READ_BYTES}"


@part
def decode_at(buffer, at):  # type: ignore[no-untyped-def]
    """The character at a byte and the byte after it; beyond the basic plane any slow character stands for all."""
    code = numba.int32(buffer[at])
    if code < 0x80:
        return code, at + 1
    if code < 0xE0:
        return (code & 0x1F) << 6 | (buffer[at + 1] & 0x3F), at + 2
    if code < 0xF0:
        return (code & 0x0F) << 12 | (buffer[at + 1] & 0x3F) << 6 | (buffer[at + 2] & 0x3F), at + 3
    return numba.int32(_ANY_SLOW), at + 4


@part
def _fold_block(buffer, at, folded, out):  # type: ignore[no-untyped-def]
    """Write the next ``_BLOCK`` bytes folded; whether that is right: ASCII, no grave accent, and single blanks.

    It has no branches and unsigned places, so that it is compiled to vectors. The byte before ``at`` must be there.
    """
    unlike = np.uint8(0)
    for place in range(np.uint64(0), _BLOCK):
        byte, before = buffer[at + place], buffer[at + place - _ONE]
        is_gap = np.uint8(byte <= _SPACE)
        unlike |= np.uint8(byte >= _DELETE) | np.uint8(byte == _GRAVE) | (is_gap & np.uint8(before <= _SPACE))
        is_capital = np.uint8(np.uint8(byte - _CAPITAL_A) < _CAPITALS)
        folded[out + place] = np.uint8(_SPACE) if is_gap else np.uint8(byte | np.uint8(is_capital << _CASE_BIT))
    return unlike == 0


@part
def _fold_text(buffer, at, end, starts, lengths, content, folded, out):  # type: ignore[no-untyped-def]
    """Write ``buffer[at:end]`` by table, white space folded; the place after it, -1 at a slow character."""
    begin, first, tried = out, at, at
    is_gap = True
    while at < end:
        if at > first and at >= tried and at + _BLOCK_BYTES <= end:
            tried = at + _BLOCK_BYTES
            if _fold_block(buffer, np.uint64(at), folded, np.uint64(out)):
                is_gap = folded[out + _BLOCK_BYTES - 1] == _SPACE
                at, out = tried, out + _BLOCK_BYTES
                continue
        if buffer[at] < _ASCII_END:
            byte = content[starts[buffer[at]]]
            at += 1
            if byte != _SPACE or not is_gap:
                folded[out] = byte
                out += 1
            is_gap = byte == _SPACE
            continue
        code, at = decode_at(buffer, at)
        length = lengths[code]
        if length == _SLOW:
            return -1
        for place in range(starts[code], starts[code] + length):
            byte = content[place]
            if byte != _SPACE or not is_gap:
                folded[out] = byte
                out += 1
            is_gap = byte == _SPACE
    return out - 1 if out > begin and is_gap else out


@kernel(f"void({READ_BYTES}, {READ_OFFSETS}, {_TABLE}, uint8[::1], int64[::1], boolean[::1])")
def _fold(buffer, offsets, starts, lengths, content, folded, ends, is_slow):  # type: ignore[no-untyped-def]
    """All texts by table; one with a slow character is left empty and marked."""
    for text in range(offsets.size - 1):
        out = _fold_text(buffer, offsets[text], offsets[text + 1], starts, lengths, content, folded, ends[text])
        is_slow[text] = out < 0
        ends[text + 1] = ends[text] if out < 0 else out
