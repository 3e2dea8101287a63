"""Where the title, the date and the body stand in a plain text or Markdown article.

A rule of thumb for any file: a headline is a short line without a final full stop near the top. It never
reorders or rewords lines; what is not title or header stays in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from storycluster.text.published import FUTURE_TOLERANCE, parse_published

MAX_HEADLINE_CHARS: Final = 160  # the longest headlines of web pages; a body sentence without a stop is rarer than that
MIN_HEADLINE_WORDS: Final = 3  # "Details" and "Read more" are section headers
MAX_STANDFIRST_CHARS: Final = 350  # a standfirst is one or two sentences
MAX_HEADER_LINES: Final = 12
DATE_LINES: Final = 3  # a date line stands right below the headline or the byline

#: ``date 2024-10-29``, ``Published: 3 May 2021``; what follows the date on the line is the first line of the article.
_DATE_HEADER: Final = re.compile(
    r"^\s{0,8}(?:date|published|posted|updated)(?:\s(?:on|at))?\s{0,3}:?\s{1,3}"
    r"(?P<date>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\d{1,2}\s[A-Za-z]{3,9}\.?,?\s\d{4}|[A-Za-z]{3,9}\.?\s\d{1,2},?\s\d{4}|\d{1,2}[./]\d{1,2}[./]\d{4})"
    r"(?:\s{1,8}|$)",
    re.I,
)
_NAMED_LINE: Final = re.compile(r"^([A-Za-z][A-Za-z_ -]{1,20}):\s{1,8}(\S.{0,500})$")
_NAMES: Final = {
    "title": "title",
    "headline": "title",
    "date": "published",
    "published": "published",
    "source": "source",
    "publisher": "source",
    "url": "url",
    "link": "url",
    "language": "language",
    "lang": "language",
    "id": "id",
}
_FENCE: Final = "---"
_HASH_TITLE: Final = re.compile(r"^#\s{1,4}(\S.{0,500}?)\s{0,4}#{0,6}$")
_UNDERLINE: Final = re.compile(r"^={3,200}$")

_SENTENCE_END: Final = re.compile(r"[.!?…。！？؟।:;,]['\"”’»)\]]{0,3}$")
_QUESTION_END: Final = re.compile(r"[!?！？؟]['\"”’»)\]]{0,3}$")
_INNER_STOP: Final = re.compile(r"[a-zа-яёà-ÿ]{3}[.!?]['\"”’)]{0,2}\s+[A-ZА-ЯÀ-Ý\"“‘]")
#: "Kyiv • UNN", "LONDON (Reuters) - …", "By Jane Roe", "3 May 2021", "Photo: AP": short lines that name no event.
_DATELINE: Final = re.compile(
    r"^(?:[^\s].{0,40}\s[•·|]\s.{1,40}"
    r"|[A-Z][A-Z .,'-]{2,40}(?:\([^()]{1,30}\))?\s{0,2}[-–—].{0,400}"
    r"|.{2,40}\([A-Z][A-Za-z]{1,20}\)\s{0,2}[-–—].{0,400})$"
)
_CREDIT: Final = re.compile(
    r"^(?:by\s|photo|image|picture|video|source\s{0,2}:|published|updated|posted|last\supdated|share|advertisement|\(?(?:reuters|ap|afp|upi|dpa)\)?\b"
    r"|https?://|www\.|@|\d{1,2}[\s./-][A-Za-z\d]{1,9}[\s./-]\d{2,4}|[A-Za-z]{3,9}\.?\s\d{1,2},?\s\d{4}|[-*•–—]\s)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of an article: its text without title and header, and the header's values by article field."""

    text: str
    title: str | None = None
    header: Mapping[str, str] = field(default_factory=dict)


def find_layout(text: str) -> Layout:
    r"""The title, header values and remaining lines of a plain text.

    >>> find_layout("Ferry sinks off Kos\n\nTwo people died. Many swam.").title
    'Ferry sinks off Kos'
    """
    header, lines = _split_header(text.split("\n"))
    match = _DATE_HEADER.match(lines[0]) if lines else None
    if match and "published" not in header:
        header = {**header, "published": match["date"]}
        lines = [lines[0][match.end() :], *lines[1:]]
    title = header.pop("title", None)
    if title is None:
        title, lines = _split_title(lines)
    if "published" not in header:
        header, lines = _split_date_line(header, lines)
    return Layout("\n".join(lines).strip(), title, header)


def find_markdown_layout(text: str) -> Layout:
    r"""``find_layout`` for Markdown: front matter, ``# Title``, and links and emphasis as plain words.

    >>> find_markdown_layout("# Ferry sinks\n\n**Two** people [died](http://a.b).").text
    'Two people died.'
    """
    header, lines = _split_header(text.split("\n"))
    title = header.pop("title", None)
    if title is None:
        title, lines = _split_marked_title(lines)
    body = strip_markdown("\n".join(lines))
    if title is None:
        found = find_layout(body)
        return Layout(found.text, found.title, {**found.header, **header})
    return Layout(body.strip(), strip_markdown(title).strip(), header)


_MARKDOWN: Final = (
    (re.compile(r"!\[[^\]\[\n]{0,300}\]\([^()\s]{0,1000}(?:\s\"[^\"\n]{0,300}\")?\)"), ""),
    (re.compile(r"\[([^\]\[\n]{1,500})\]\([^()\s]{0,1000}(?:\s\"[^\"\n]{0,300}\")?\)"), r"\1"),
    (re.compile(r"^#{1,6}[ \t]{1,4}", re.M), ""),
    (re.compile(r"^>[ \t]?", re.M), ""),
    (re.compile(r"(?<!\w)(\*\*|__)(?=\S)([^*_\n]{1,500}?\S|\S)\1(?!\w)"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{0,500}[^\s*])\*(?![\w*])"), r"\1"),
)


def strip_markdown(text: str) -> str:
    """The words without heading, link, image, quote and emphasis marks.

    >>> strip_markdown("## A *new* [port](http://a.b)")
    'A new port'
    """
    for pattern, replacement in _MARKDOWN:
        text = pattern.sub(replacement, text)
    return text


def is_headline(line: str) -> bool:
    """Whether a line reads as a headline: short, some words, no final stop, no dateline or byline.

    >>> [is_headline(line) for line in ("Ferry sinks off Kos", "Two people died.", "Kyiv • UNN")]
    [True, False, False]
    """
    line = line.strip()
    if not line or len(line) > MAX_HEADLINE_CHARS or not _has_words(line):
        return False
    if _SENTENCE_END.search(line) and not _QUESTION_END.search(line):
        return False
    return not (_INNER_STOP.search(line) or _DATELINE.match(line) or _CREDIT.match(line))


def _has_words(line: str) -> bool:
    letters = sum(1 for c in line if c.isalpha())
    is_spaced = line.isascii() or any(c.isspace() for c in line)
    words = line.split() if is_spaced else list(line)
    return len(words) >= MIN_HEADLINE_WORDS and letters * 2 >= len(line.replace(" ", ""))


def _split_header(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Values of a front matter block or of ``Name: value`` lines at the top, and the lines after it."""
    lines = _skip_empty(lines)
    if lines and lines[0].strip() == _FENCE:
        for position, line in enumerate(lines[1 : 1 + 10 * MAX_HEADER_LINES], start=1):
            if line.strip() == _FENCE:
                return _named_values(lines[1:position]), _skip_empty(lines[position + 1 :])
        return {}, lines
    count = 0
    while count < min(len(lines), MAX_HEADER_LINES) and _is_header_line(lines[count]):
        count += 1
    if count < len(lines) and (lines[count].strip() == "" or count == 0):
        return _named_values(lines[:count]), _skip_empty(lines[count:])
    return {}, lines


def _is_header_line(line: str) -> bool:
    match = _NAMED_LINE.match(line.strip())
    return match is not None and match[1].strip().lower() in _NAMES


def _named_values(lines: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in lines:
        match = _NAMED_LINE.match(line.strip())
        name = _NAMES.get(match[1].strip().lower()) if match else None
        if match and name:
            values.setdefault(name, match[2].strip().strip("\"'"))
    return values


def _split_title(lines: list[str]) -> tuple[str | None, list[str]]:
    """The headline on the first line, or on the second below a standfirst, and the other lines."""
    lines = _skip_empty(lines)
    if len(lines) < 2 or not any(line.strip() for line in lines[1:]):
        return None, lines
    if is_headline(lines[0]):
        return lines[0].strip(), lines[1:]
    if _is_standfirst(lines[0]) and is_headline(lines[1]) and _is_prose(lines[2:3]):
        return lines[1].strip(), [lines[0], *lines[2:]]
    return None, lines


def _split_date_line(header: dict[str, str], lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """A line near the top that is nothing but a date, taken out as the date."""
    lines = _skip_empty(lines)
    for position, line in enumerate(lines[:DATE_LINES]):
        if line[:1].isalnum() and parse_published(line.strip(), order=None, now=datetime.max - FUTURE_TOLERANCE).moment:
            return {**header, "published": line.strip()}, [*lines[:position], *lines[position + 1 :]]
    return header, lines


def _split_marked_title(lines: list[str]) -> tuple[str | None, list[str]]:
    lines = _skip_empty(lines)
    for position, line in enumerate(lines[:MAX_HEADER_LINES]):
        if match := _HASH_TITLE.match(line.strip()):
            return match[1], [*lines[:position], *lines[position + 1 :]]
        if position and _UNDERLINE.match(line.strip()) and lines[position - 1].strip():
            return lines[position - 1].strip(), [*lines[: position - 1], *lines[position + 1 :]]
    return None, lines


def _is_standfirst(line: str) -> bool:
    return (
        len(line) <= MAX_STANDFIRST_CHARS
        and bool(_SENTENCE_END.search(line.strip()))
        and not line.strip().endswith(":")
    )


def _is_prose(lines: list[str]) -> bool:
    return bool(lines) and bool(_SENTENCE_END.search(lines[0].strip())) and len(lines[0]) > MAX_HEADLINE_CHARS // 2


def _skip_empty(lines: list[str]) -> list[str]:
    start = 0
    while start < len(lines) and not lines[start].strip():
        start += 1
    return lines[start:]
