"""Where the paragraphs of a text are: its lines, with the lines of a hard-wrapped paragraph put together.

Whether a text is hard-wrapped is read from the text itself. Nothing is rewritten;
a paragraph is a span that may hold line ends.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

#: A wrapped text has no lines longer than this; longer lines are paragraphs.
WIDEST_WRAP: Final = 132
#: Lines shorter than this are lists, verses or tables, not wrapped prose.
NARROWEST_WRAP: Final = 28
#: Share of the line breaks that must look forced by the width before a text counts as wrapped.
WRAPPED_SHARE: Final = 0.6
#: A line is full when the next word would have passed this share of the widest line.
FULL_SHARE: Final = 0.88
#: Of the lines by length, the one that stands for the width; a single long address must not.
WIDTH_QUANTILE: Final = 0.95
#: Spaces before a line that begins a paragraph.
INDENT: Final = 1
#: Lines needed before full lines alone, without small letters after the break, prove wrapping.
ENOUGH_BREAKS: Final = 3

_CLOSED: Final = frozenset(".!?…:。！？।۔؟")
_AFTER_END: Final = "\"'”’»)]"
#: From here on, scripts are written without spaces, so a line may be broken at any letter.
_FIRST_UNSPACED: Final = 0x2E80


class Line(NamedTuple):
    """A line with something on it: span without outer white space, indent, and whether an empty line precedes."""

    start: int
    end: int
    indent: int
    after_blank: bool


def find_paragraphs(text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs of a text, in order, without white space at the ends.

    >>> find_paragraphs("Two ferries\\ncollided in fog.\\nNobody was hurt.")
    [(0, 28), (29, 45)]
    """
    lines = _lines(text)
    if len(lines) < 2:
        return [(line.start, line.end) for line in lines]
    wrapped = _is_wrapped(text, lines)
    indented = wrapped and any(line.indent >= INDENT for line in lines[1:])
    width = _width(lines)
    paragraphs = [(lines[0].start, lines[0].end)]
    for before, line in pairwise(lines):
        if _goes_on(text, before, line, wrapped=wrapped, indented=indented, width=width):
            paragraphs[-1] = (paragraphs[-1][0], line.end)
        else:
            paragraphs.append((line.start, line.end))
    return paragraphs


def _lines(text: str) -> list[Line]:
    lines = []
    position, blank = 0, False
    for raw in text.splitlines(keepends=True):
        content = raw.strip()
        if content:
            start = position + len(raw) - len(raw.lstrip())
            lines.append(Line(start, start + len(content), start - position, blank))
        blank = not content
        position += len(raw)
    return lines


def _width(lines: list[Line]) -> int:
    lengths = sorted(line.indent + line.end - line.start for line in lines)
    return lengths[min(len(lengths) - 1, int(len(lengths) * WIDTH_QUANTILE))]


def _is_wrapped(text: str, lines: list[Line]) -> bool:
    """Whether most breaks inside paragraphs stand where the next word no longer fitted, or cut a sentence."""
    width = _width(lines)
    breaks = [(before, line) for before, line in pairwise(lines) if not _begins_paragraph(line)]
    if not breaks or width > WIDEST_WRAP:
        return False
    cut = sum(_is_open(text, before) and _starts_small(text, line) for before, line in breaks)
    full = sum(_is_full(text, before, line, width) for before, line in breaks)
    enough = len(breaks) >= ENOUGH_BREAKS and width >= NARROWEST_WRAP and cut > 0
    return cut > WRAPPED_SHARE * len(breaks) or (enough and full >= WRAPPED_SHARE * len(breaks))


def _goes_on(text: str, before: Line, line: Line, *, wrapped: bool, indented: bool, width: int) -> bool:
    if _begins_paragraph(line):
        return False
    if indented:
        return True
    cut = _is_open(text, before) and _starts_small(text, line)
    return cut or (wrapped and _is_full(text, before, line, width))


def _begins_paragraph(line: Line) -> bool:
    """An empty line, or a deeper indent than that of the line before, begins a paragraph."""
    return line.after_blank or line.indent >= INDENT


def _is_open(text: str, line: Line) -> bool:
    last = line.end - 1
    while last > line.start and last > line.end - 4 and text[last] in _AFTER_END:
        last -= 1
    return text[last] not in _CLOSED


def _starts_small(text: str, line: Line) -> bool:
    return text[line.start].islower()


def _is_full(text: str, before: Line, line: Line, width: int) -> bool:
    if ord(text[line.start]) >= _FIRST_UNSPACED:
        word = 1
    else:
        end = text.find(" ", line.start, line.end)
        word = (end if end >= 0 else line.end) - line.start
    return before.indent + before.end - before.start + 1 + word > FULL_SHARE * width
