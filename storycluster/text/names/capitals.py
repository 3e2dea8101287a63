"""Where the words with a capital stand, joined to runs, and what kind of line they stand in.

Reads shapes only, no lists of names; a run is words that may be one name or several beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from storycluster.text.sentences.paragraphs import find_paragraphs

LineKind = Literal["prose", "title", "capitals"]

#: A run is cut here: no name is longer, and hostile text of capitals only stays linear.
MAX_RUN_WORDS: Final = 14
#: A line of this many longer words, nearly all with a capital, is in title case: capitals mean nothing there.
TITLE_WORDS: Final = 4
TITLE_SHARE: Final = 0.8
#: A line that ends with a full stop is a sentence, with many names perhaps.
SENTENCE_SHARE: Final = 0.95
CAPITALS_SHARE: Final = 0.85
MAX_GAP: Final = 14
#: A quote, a bracket or a list mark before a word is looked through this far.
OPENING_REACH: Final = 4

_LETTERS: Final = [chr(c) for c in (*range(0x41, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000))]
_UPPER: Final = "[" + "".join(c for c in _LETTERS if c.isupper()) + "]"
_LOWER: Final = "[" + "".join(c for c in _LETTERS if c.islower()) + "]"
_WEB_ENDINGS: Final = r"(?:com|org|net|info|az|ru|ua|uk|fr|de|tv|io|eu|gov|edu|Az|Ru|Ua|Com|Net|Org)"
_WORD: Final = re.compile(
    rf"(?<![\w@/<$])(?:"
    rf"(?:{_UPPER}\.){{2,6}}(?:{_UPPER}(?!\w))?"  # U.S., A.J.
    rf"|{_UPPER}\.(?=\s?{_UPPER}\w)"  # N. Korea, John F. Kennedy
    rf"|(?:(?:al|el|ul|an|as|ad|at|ash|bin|d|l|de)[-'’])?{_UPPER}\w{{0,40}}(?:(?:[-'’‐‑]\w{{1,30}}){{1,4}}|\.{_WEB_ENDINGS}\b)?"
    rf")"
)
_POSSESSIVE: Final = re.compile(r"(?:['’]s|['’])\Z")
_LONG_UPPER: Final = re.compile(rf"(?<![\w'’]){_UPPER}\w{{3,}}")
_LONG_LOWER: Final = re.compile(rf"(?<![\w'’-]){_LOWER}\w{{3,}}")
_ANY_LOWER: Final = re.compile(rf"(?<![\w'’-]){_LOWER}\w{{2,}}")
_ALL_UPPER: Final = re.compile(_UPPER)
_ALL_LOWER: Final = re.compile(_LOWER)
_SENTENCE_END: Final = frozenset(".!?:…;•|*")
_OPENING: Final = " \t\n\"'“‘”’«»„`([{—–-\xa0"


class Word(NamedTuple):
    """A word with a capital. ``initial``: it may be capital only because a sentence begins with it."""

    text: str
    start: int
    end: int
    initial: bool


class Run(NamedTuple):
    """Words with capitals that follow each other, and the line they stand in."""

    words: tuple[Word, ...]
    line: LineKind


@dataclass(frozen=True, slots=True)
class Joints:
    """What may stand between two words of one run: particles of names, and abbreviations with a full stop."""

    particles: frozenset[str]
    links: frozenset[str]
    abbreviations: frozenset[str]
    never: frozenset[str]
    weak: frozenset[str]
    compound_ends: frozenset[str]
    openers: frozenset[str]


def find_runs(text: str, joints: Joints) -> Iterator[Run]:
    """The runs of a text in order; words of ``joints.never`` part them, openers of a sentence are left out."""
    for start, end in find_paragraphs(text):
        kind = line_kind(text[start:end])
        words: list[Word] = []
        for word in _words(text, start, end, joints):
            if words and not (len(words) < MAX_RUN_WORDS and _joined(text, words[-1], word, joints)):
                yield Run(tuple(words), kind)
                words = []
            if word.text not in joints.never and not (word.initial and word.text in joints.openers):
                words.append(word)
            elif words:
                yield Run(tuple(words), kind)
                words = []
        if words:
            yield Run(tuple(words), kind)


def line_kind(line: str) -> LineKind:
    """Whether capitals tell anything in a line: prose, title case, or all in capitals.

    >>> line_kind("Two Ferries Collide Off Northern Coast"), line_kind("Two ferries collided off Crete.")
    ('title', 'prose')
    """
    stops = line.endswith(".")
    share = SENTENCE_SHARE if stops else TITLE_SHARE
    upper, lower = len(_LONG_UPPER.findall(line)), 0
    if upper < 2:
        return "prose"
    for lower, _ in enumerate((_ANY_LOWER if stops else _LONG_LOWER).finditer(line), start=1):
        if upper < share * (upper + lower):
            return "prose"
    high, low = len(_ALL_UPPER.findall(line)), len(_ALL_LOWER.findall(line))
    if high >= CAPITALS_SHARE * (high + low):
        return "capitals"
    return "title" if upper + lower >= TITLE_WORDS else "prose"


def _words(text: str, start: int, end: int, joints: Joints) -> Iterator[Word]:
    previous_end, previous = start, ""
    for match in _WORD.finditer(text, start, end):
        found, at = match[0], match.start()
        if found[-1] in "s'’":
            found = _POSSESSIVE.sub("", found)
        if "-" in found and found.rpartition("-")[2] in joints.compound_ends:
            found = found.rpartition("-")[0]
        stop = at + len(found)
        yield Word(found, at, stop, _begins_sentence(text, start, at, previous_end, previous in joints.abbreviations))
        previous_end, previous = stop, found


def _begins_sentence(text: str, line_start: int, at: int, previous_end: int, after_abbreviation: bool) -> bool:
    if at > line_start + 1 and text[at - 1] == " " and text[at - 2].isalnum():
        return False  # as most words
    before = at - 1
    floor = max(line_start, at - OPENING_REACH)
    while before >= floor and text[before] in _OPENING:
        before -= 1
    if before < line_start:
        return True
    if before < previous_end:
        return False
    quoted = any(mark in '"“‘`«„' for mark in text[before + 1 : at])
    if text[before] == "." and before == previous_end and after_abbreviation:
        return False
    return text[before] in _SENTENCE_END or (quoted and text[before] in ",:")


def _joined(text: str, left: Word, right: Word, joints: Joints) -> bool:
    if right.start - left.end > MAX_GAP or (right.initial and not _is_initial_letter(left)):
        return False
    gap = text[left.end : right.start]
    if gap in _PLAIN_GAPS:
        return True
    if gap in _STOP_GAPS:
        return left.text in joints.abbreviations or len(left.text) == 1
    inner = gap.split()
    if len(inner) > 3 or gap[:1] not in " \n" or gap[-1:] not in " \n":
        return False
    return all(word in joints.particles for word in inner) or " ".join(inner) in joints.links


def _is_initial_letter(word: Word) -> bool:
    return len(word.text) == 2 and word.text[1] == "."


_PLAIN_GAPS: Final = frozenset({" ", "\n", "  ", "\xa0"})
_STOP_GAPS: Final = frozenset({". ", ".", ".\n"})


def words_in_lower_case(text: str) -> frozenset[str]:
    """Words of two letters or more that the text also writes without a capital.

    >>> sorted(words_in_lower_case("Rose saw a rose."))
    ['rose', 'saw']
    """
    return frozenset(_LOWER_WORD.findall(text))


_LOWER_WORD: Final = re.compile(rf"(?<![\w'’-]){_LOWER}{{2,}}(?![\w-])")


def fold_case(words: Sequence[Word]) -> list[str]:
    """The words in title case, for lines that are all in capitals.

    >>> fold_case([Word("JAPAN", 0, 5, False)])
    ['Japan']
    """
    return [word.text if len(word.text) < 2 else word.text[0] + word.text[1:].lower() for word in words]


def first_word(phrase: str) -> str | None:
    """The first word with a capital as a run would have it; None where the phrase does not begin with one.

    >>> first_word("U.S. Congress"), first_word("the West")
    ('U.S.', None)
    """
    match = _WORD.match(phrase)
    return _POSSESSIVE.sub("", match[0]) if match else None
