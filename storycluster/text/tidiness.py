"""A quick look at many texts at once: which of them ``clean_text`` would leave as they are, but for their ends.

One compiled pass over the bytes; it never calls a text tidy that is not, and most news texts are.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from storycluster.compiling import kernel, part
from storycluster.text.normalise import READ_BYTES, READ_OFFSETS, decode_at, text_buffers

Marks = npt.NDArray[np.bool_]

#: Kinds of characters; a break after a break is of a kind of its own.
_PLAIN, _BLANK, _BREAK, _SECOND_BREAK, _LETTER, _CAPITAL, _CARON, _SIGN, _PAIRED_LETTER, _UNTIDY = range(10)
#: What no tidy text has after what: several blanks, white space at the ends of lines, letters with signs behind them.
_NEVER_AFTER: Final = {
    _BLANK: (_BLANK, _BREAK),
    _BREAK: (_BLANK,),
    _SECOND_BREAK: (_BLANK, _BREAK),
    _LETTER: (_SIGN, _PAIRED_LETTER),
    _CAPITAL: (_SIGN, _PAIRED_LETTER, _CARON),
    _CARON: (_SIGN, _PAIRED_LETTER),
    _PAIRED_LETTER: (_SIGN, _PAIRED_LETTER),
}
_TABLE_END: Final = 0x2200
_SPACE: Final = 32
_TILDE: Final = 0x7E
_AND: Final = 0x26
_LESS: Final = 0x3C
#: Bytes looked at at once where they are plain; a line of a paragraph has several such blocks.
_BLOCK_BYTES: Final = 32
_BLOCK: Final = np.uint64(_BLOCK_BYTES)
_ONE: Final = np.uint64(1)


def _codes(characters: str) -> tuple[int, ...]:
    return tuple(map(ord, characters))


#: Which characters are of which kind, where a later line overrules; of others nothing is known at a glance.
_KINDS: Final = (
    (_PLAIN, range(ord(" "), ord("~") + 1)),
    (_BLANK, b" "),
    (_BREAK, b"\n"),
    (_LETTER, (*range(0xC0, 0x180), *range(0x400, 0x500))),
    (_CAPITAL, range(0xC0, 0xDF)),
    (_CARON, _codes("šž")),  # wrong decoding leaves them behind capitals; behind small letters they are common
    (_PAIRED_LETTER, _codes("ŒœŠŸŽ")),  # behind a letter these, like the signs, look like wrongly decoded text
    (_PAIRED_LETTER, (*range(0x402, 0x410), *range(0x450, 0x460))),
    (_SIGN, _codes("‘’“”–—…•·€£°§©®™«»¿¡")),
    (_UNTIDY, _codes("ÂÃ&<")),  # of markup and entities, and the letters that wrong decoding leaves most often
)
#: Three first lines as short as this are those of a text that may be broken at a column.
_WRAPPED_CHARS: Final = 85
_WRAPPED_LINES: Final = 3


class Glance(NamedTuple):
    """What is seen of each text at once.

    ``is_tidy`` where nothing but white space at the ends is to be cleaned, ``has_loose_ends`` where white space or a
    control is at an end, ``has_short_lines`` where one of several lines has 1 to ``short_chars`` characters.
    """

    is_tidy: Marks
    has_loose_ends: Marks
    has_short_lines: Marks


def glance(texts: pa.Array, *, short_chars: int) -> Glance:
    r"""What a quick look at an array of texts, without nulls, tells of them.

    >>> glance(pa.array(["Two died, they said.", "Two &amp; three", "tab\tbed"]), short_chars=120).is_tidy.tolist()
    [True, False, False]
    """
    seen = Glance(np.ones(len(texts), np.bool_), np.zeros(len(texts), np.bool_), np.zeros(len(texts), np.bool_))
    _glance(*text_buffers(texts), _classes(), short_chars, *seen)
    return seen


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """What each character below ``_TABLE_END`` means for tidiness."""
    classes = np.full(_TABLE_END, _UNTIDY, np.uint8)
    for kind, codes in _KINDS:
        classes[list(codes)] = kind
    return classes


def _untidy_pairs() -> Marks:
    """Whether a character of one kind (row) and the next of another (column) are untidy."""
    pairs = np.zeros((_UNTIDY + 1, _UNTIDY + 1), np.bool_)
    pairs[:, _UNTIDY] = True
    for last, kinds in _NEVER_AFTER.items():
        pairs[last, list(kinds)] = True
    return pairs


#: A constant of the compiled code.
_UNTIDY_PAIRS: Final = _untidy_pairs()


@part
def _is_plain_block(buffer, at):  # type: ignore[no-untyped-def]
    """Whether the next ``_BLOCK`` bytes are plain ASCII and single blanks, by the classes of such.

    It has no branches and unsigned places, so that it is compiled to vectors. The byte before ``at`` must be there.
    """
    unlike = np.uint8(0)
    for place in range(np.uint64(0), _BLOCK):
        byte, before = buffer[at + place], buffer[at + place - _ONE]
        is_blank = np.uint8(byte == _SPACE)
        unlike |= np.uint8(byte < _SPACE) | np.uint8(byte > _TILDE) | np.uint8(byte == _AND) | np.uint8(byte == _LESS)
        unlike |= is_blank & np.uint8(before <= _SPACE)
    return unlike == 0


@part
def _look(buffer, first, end, classes, short_chars):  # type: ignore[no-untyped-def]
    """Whether one text is tidy, and whether it has a short line among several; not the latter where it is not tidy."""
    last, lines, narrow_lines, length = _PLAIN, 0, 0, 0
    is_short = False
    at, tried = first, first + 1
    while at < end:
        if at >= tried and at + _BLOCK_BYTES <= end:
            tried = at + _BLOCK_BYTES
            if _is_plain_block(buffer, np.uint64(at)):
                length += _BLOCK_BYTES
                last, at = _BLANK if buffer[tried - 1] == _SPACE else _PLAIN, tried
                continue
        code, at = decode_at(buffer, at)
        kind = int(classes[code]) if code < _TABLE_END else _UNTIDY
        if _UNTIDY_PAIRS[last, kind]:
            return False, False
        if kind == _BREAK:
            narrow_lines += narrow_lines == lines and length <= _WRAPPED_CHARS
            lines += 1
            if narrow_lines == _WRAPPED_LINES:
                return False, False
            is_short |= 0 < length <= short_chars
            length = 0
            last = _SECOND_BREAK if last == _BREAK else _BREAK
        else:
            length += 1
            last = kind
    return True, lines > 0 and (is_short or 0 < length <= short_chars)


@kernel(f"void({READ_BYTES}, {READ_OFFSETS}, {READ_BYTES}, int64, boolean[::1], boolean[::1], boolean[::1])")
def _glance(buffer, offsets, classes, short_chars, is_tidy, is_loose, is_short):  # type: ignore[no-untyped-def]
    for text in range(offsets.size - 1):
        at, end = offsets[text], offsets[text + 1]
        if at < end:
            is_loose[text] = buffer[at] <= _SPACE or buffer[end - 1] <= _SPACE
            is_tidy[text], is_short[text] = _look(buffer, at, end, classes, short_chars)
