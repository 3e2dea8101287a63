"""The languages of many texts at once, by a compiled count of their common words; the same as ``guess_language``.

It reads ASCII, western letters and punctuation; a text with other characters goes to ``guess_language`` itself.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from storycluster.compiling import kernel, part
from storycluster.text.languages import (
    ENOUGH_WORDS,
    MIN_LEAD,
    MIN_SHARE,
    MIN_VOTES,
    MIN_WORDS,
    SAMPLE_CHARS,
    UNKNOWN,
    guess_language,
    language_table,
    languages_by_word,
    read_letters,
)
from storycluster.text.normalise import READ_BYTES, READ_OFFSETS, text_buffers

#: Places of the table of common words: a power of two, of which they fill a quarter at most.
_SLOTS: Final = 4096
_FNV_OFFSET: Final = np.uint64(0xCBF29CE484222325)
_FNV_PRIME: Final = np.uint64(0x100000001B3)
_PLACE: Final = np.uint64(_SLOTS - 1)
_FREE, _ONE = np.uint64(0), np.uint64(1)
_BLANK: Final = 32
#: What the compiled loop gives for no language, for a text that words do not tell, and for one it cannot read.
_NONE, _UNDECIDED, _UNREAD = -1, -2, -3


def guess_languages(texts: pa.Array) -> list[str]:
    """``guess_language`` of each text of an array without nulls.

    >>> guess_languages(pa.array(["The ship was on its way to the port when the fire broke out.", "xyzzy"]))
    ['en', 'und']
    """
    table = _vote_table()
    votes, found = np.empty(len(table.languages), np.int64), np.empty(len(texts), np.int64)
    counted = table.slots, table.begins, table.voters
    _vote(*text_buffers(texts), _lower_ascii(), *counted, MIN_SHARE, MIN_LEAD, votes, found)
    names = (*table.languages, UNKNOWN)
    otherwise = {_UNDECIDED: read_letters, _UNREAD: guess_language}
    return [
        otherwise[language](texts[place].as_py()) if language in otherwise else names[language]
        for place, language in enumerate(found.tolist())
    ]


class _VoteTable(NamedTuple):
    """Common words by the place of their hash (0 where free), and all codes.

    The languages of the word at a place are ``voters[begins[place]:begins[place + 1]]``.
    """

    slots: npt.NDArray[np.uint64]
    begins: npt.NDArray[np.int64]
    voters: npt.NDArray[np.int64]
    languages: tuple[str, ...]


@cache
def _vote_table() -> _VoteTable:
    languages = tuple(sorted(language_table("common_words")))
    slots = np.zeros(_SLOTS, np.uint64)
    speakers: list[tuple[str, ...]] = [()] * _SLOTS
    for word, spoken in sorted(languages_by_word().items()):
        hashed = _hash_word(word.encode())
        place = hashed % _SLOTS
        while slots[place]:
            place = (place + 1) % _SLOTS
        slots[place], speakers[place] = hashed, spoken
    voters = [languages.index(language) for spoken in speakers for language in spoken]
    begins = np.cumsum([0, *map(len, speakers)], dtype=np.int64)
    return _VoteTable(slots, begins, np.array(voters, np.int64), languages)


@cache
def _lower_ascii() -> npt.NDArray[np.uint8]:
    """Each ASCII character in lower case, any white space as a blank, and 0 for other bytes."""
    characters = (" " if chr(code).isspace() else chr(code).lower() for code in range(0x80))
    return np.array([*map(ord, characters), *[0] * 0x80], np.uint8)


@part
def _lower(buffer, at):  # type: ignore[no-untyped-def]
    """A Latin-1 letter or sign in lower case, or a general punctuation mark, as its bytes in one number; their count.

    0 for a character of another script, and for white space.
    """
    first, second = np.int64(buffer[at]), np.int64(buffer[at + 1])
    if first == 0xC2 and second > 0xA0:
        return first << 8 | second, 2
    if first == 0xC3:
        return first << 8 | (second + 32 if second < 0x9F and second != 0x97 else second), 2
    if first == 0xE2 and second == 0x80 and 0x90 <= buffer[at + 2] <= 0xA7:
        return first << 16 | second << 8 | np.int64(buffer[at + 2]), 3
    return 0, 0


@part
def _add(value, byte):  # type: ignore[no-untyped-def]
    return (value ^ np.uint64(byte)) * _FNV_PRIME


def _hash_word(word: bytes) -> int:
    """FNV-1a."""
    value = int(_FNV_OFFSET)
    for byte in word:
        value = (value ^ byte) * int(_FNV_PRIME) % (1 << 64)
    return value


@part
def _count(value, slots, begins, voters, votes):  # type: ignore[no-untyped-def]
    """One vote for each language of the word with this hash; 1, or 0 for no word."""
    if value == _FNV_OFFSET:
        return 0
    place = value & _PLACE
    while slots[place] != _FREE and slots[place] != value:
        place = (place + _ONE) & _PLACE
    if slots[place] == value:
        for at in range(begins[place], begins[place + _ONE]):
            votes[voters[at]] += 1
    return 1


@part
def _elect(votes, words, least_share, least_lead):  # type: ignore[no-untyped-def]
    """The language with the most votes, the first of equals, where it has enough of them and a lead."""
    first, most, second = 0, 0, 0
    for language in range(votes.size):
        second = max(second, min(most, votes[language]))
        if votes[language] > most:
            first, most = language, votes[language]
    if words >= ENOUGH_WORDS and most < least_share * words:
        return _NONE
    if most < max(MIN_VOTES, least_share * words, least_lead * second):
        return _UNDECIDED
    return first


@kernel(
    f"void({READ_BYTES}, {READ_OFFSETS}, {READ_BYTES}, Array(uint64, 1, 'C', readonly=True), {READ_OFFSETS}, "
    f"{READ_OFFSETS}, float64, float64, int64[::1], int64[::1])"
)
def _vote(  # type: ignore[no-untyped-def]
    buffer, offsets, lower, slots, begins, voters, least_share, least_lead, votes, elected
):  # fmt: skip
    """The place of each text's language, _NONE, _UNDECIDED or _UNREAD; ``votes`` is room for one count per language."""
    for text in range(elected.size):
        at, end = offsets[text], offsets[text + 1]
        votes[:] = 0
        words, is_read, value = 0, True, _FNV_OFFSET
        for _ in range(SAMPLE_CHARS):
            if at == end:
                break
            byte = lower[buffer[at]]
            if byte == _BLANK:
                words += _count(value, slots, begins, voters, votes)
                value = _FNV_OFFSET
                at += 1
            elif byte:
                value = _add(value, byte)
                at += 1
            else:
                character, size = _lower(buffer, at)
                if size == 0:
                    is_read = False
                    break
                for shift in range(8 * (size - 1), -1, -8):
                    value = _add(value, character >> shift & 0xFF)
                at += size
        if not is_read:
            elected[text] = _UNREAD
            continue
        words += _count(value, slots, begins, voters, votes)
        elected[text] = _elect(votes, words, least_share, least_lead) if words >= MIN_WORDS else _NONE
