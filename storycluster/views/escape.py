"""Text of articles made safe to show: no control of a terminal, no reordering, no markup. It never cuts words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from storycluster.text.marks import code_class, foreign_letters

#: Reorder or hide what follows them: marks, embeddings, overrides, isolates, tags, invisible operators.
_HIDDEN_RANGES = (
    (0x00AD, 0x00AD),
    (0x061C, 0x061C),
    (0x180E, 0x180E),
    (0x200B, 0x200B),
    (0x200E, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE007F),
)
_SPACES = (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029)
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))

#: Marks that may sit on one letter; more are no language but a way to cover the lines around.
MARKS_PER_LETTER = 6
_MARKS = frozenset({"Mn", "Me"})
_FIRST_MARK = 0x300
_LAST_MARK = 0x1F000  # beyond are pictures and unified ideographs without combining marks, but for the tags above

ZERO_WIDTH_SPACE = "\u200b"

_ASCII_CONTROL = re.compile("[\x00-\x1f\x7f]")
_ASCII_CONTROL_IN_PLACE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")

_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]|~$])")
_MARKDOWN_LINE_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([#+=-])")
_MARKDOWN_LINKS = re.compile(r"(?i)\b(https?|ftp)(://)|\b(www)(\.)")
_MARKDOWN_MENTIONS = re.compile(r"([@#])(?=\w)")


def clean(text: str) -> str:
    r"""The text in one line without controls, reordering characters and towers of marks.

    >>> clean("Two \x1b[31mferries\u202e\ncollided")
    'Two [31mferries collided'
    """
    if _is_harmless(text, _ASCII_CONTROL):
        return text
    return _tower().sub(r"\1", text.translate(_table()))


def clean_in_place(text: str) -> str:
    r"""The text with each unsafe character replaced by one that shows nothing, so that spans still fit.

    Line ends and tabs stay.

    >>> clean_in_place("a\x1b\u202eb\n") == "a\u200b\u200bb\n"
    True
    """
    if _is_harmless(text, _ASCII_CONTROL_IN_PLACE):
        return text
    return _tower().sub(_hide_marks, text.translate(_place_table()))


def escape_markdown(text: str) -> str:
    r"""The cleaned text with every sign escaped that CommonMark or GitHub would read as markup, link or mention.

    >>> escape_markdown("*a* <b>")
    '\\*a\\* &lt;b&gt;'
    """
    plain = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = _MARKDOWN_SIGNS.sub(r"\\\1", plain)
    plain = _MARKDOWN_LINE_START.sub(lambda match: f"{match[1] or ''}\\{match[2] or match[3]}", plain)
    plain = _MARKDOWN_LINKS.sub(lambda match: f"{match[1] or match[3]}\\{match[2] or match[4]}", plain)
    return _MARKDOWN_MENTIONS.sub(rf"\1{ZERO_WIDTH_SPACE}", plain)


def _is_harmless(text: str, control: re.Pattern[str]) -> bool:
    """Whether nothing of a text needs a second look, which takes some fifty times as long as this one."""
    if control.search(text):
        return False
    return text.isascii() or _suspects().isdisjoint(foreign_letters(text, "surrogatepass"))


def _hide_marks(match: re.Match[str]) -> str:
    kept: str = match[1]
    return kept + ZERO_WIDTH_SPACE * (len(match[0]) - len(kept))


@cache
def _suspects() -> frozenset[str]:
    """All that is taken out, and every mark that might stand in a tower."""
    return frozenset(map(chr, (*_table(), *_mark_codes())))


@cache
def _table() -> dict[int, str]:
    dropped = dict.fromkeys(_CONTROLS, "")
    hidden = {code: "" for first, last in _HIDDEN_RANGES for code in range(first, last + 1)}
    return {**dropped, **hidden, **dict.fromkeys(_SPACES, " ")}


@cache
def _place_table() -> dict[int, str]:
    kept = {ord("\n"), ord("\t")}
    return {code: ZERO_WIDTH_SPACE for code in _table() if code not in kept}


@cache
def _tower() -> re.Pattern[str]:
    """Marks beyond ``MARKS_PER_LETTER`` in a row; group 1 is what may stay."""
    marks = code_class(_mark_codes())
    return re.compile(f"({marks}{{{MARKS_PER_LETTER}}}){marks}+")


@cache
def _mark_codes() -> tuple[int, ...]:
    codes = range(_FIRST_MARK, _LAST_MARK)
    kinds = map(unicodedata.category, map(chr, codes))
    return tuple(code for code, kind in zip(codes, kinds, strict=True) if kind in _MARKS)
