"""What a sentence is: headline, standfirst, body, quote, embedded post, or one of the three that state no facts.

Reads the place of a sentence, its marks and a word list; never its truth. In doubt a sentence is body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, Literal, NamedTuple

from storycluster.text.rules import CALENDAR, load_rules, primary_subtag

SentenceRole = Literal["headline", "standfirst", "body", "quote", "embedded", "sourcing", "section", "dateline"]
Span = tuple[int, int]

#: A headline has at most this many characters; longer ones are paragraphs.
LONGEST_HEADLINE: Final = 140
#: A section line without a known wording has at most this many words.
LONGEST_SECTION: Final = 9
#: Datelines and lines of a date stand among so many first paragraphs.
HEAD_PARAGRAPHS: Final = 4
#: Sentences of a standfirst, and the share of its longer words that the next paragraph repeats.
LONGEST_STANDFIRST: Final = 2
REPEATED_SHARE: Final = 0.5
#: Words shorter than this say little about what a paragraph is about; longer ones are compared by so many letters.
SHORT_WORD: Final = 5
#: A sentence is a quote when this share of it stands inside quotation marks.
QUOTED_SHARE: Final = 0.5
#: No line with the date of a page is longer than this.
LONGEST_STAMP: Final = 100
#: No sourcing line is longer than this.
LONGEST_SOURCING: Final = 400

_CLOSED: Final = frozenset(".!?…。！？।۔؟:;,")
_AFTER_END: Final = "\"'”’»)] "
_BULLETS: Final = frozenset("-•*·–—►▪")
_UPPER: Final = "A-ZÀ-ÖØ-ÞА-ЯІЇЄ"
_PLACE: Final = rf"[{_UPPER}][\w.'’-]{{0,24}}(?:[ ,/]{{1,2}}[{_UPPER}][\w.'’-]{{0,24}}){{0,5}}"
_LOUD_PLACE: Final = rf"[{_UPPER}][{_UPPER}.'’-]{{2,24}}(?:[ ,/]{{1,2}}[{_UPPER}][\w.'’-]{{0,24}}){{0,5}}"
_DAY: Final = r"(?:[A-Z][A-Za-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}\.?)(?:,? \d{4})?"
_AGENCY: Final = rf"(?:\( ?[{_UPPER}][\w.'’&/ -]{{1,38}}\)|-LRB- [{_UPPER}][\w.'’&/ -]{{1,38}}-RRB-)"
_DATELINES: Final = (
    re.compile(rf"(?:{_PLACE} ?,? )?(?:{_DAY} ?,? )?{_AGENCY} ?(?:[—–]|-{{1,2}}|:)(?= )"),
    re.compile(rf"{_LOUD_PLACE} ?, {_DAY} ?(?:[—–]|-{{1,2}})(?= )"),
    re.compile(rf"{_LOUD_PLACE} (?:[—–]|--)(?= )"),
)
_SMALL_WORD: Final = re.compile(r"(?<!\S)[a-z]{4}")
_DATELINE_LINE: Final = re.compile(r"[^\W\d_][\w.,'’ -]{1,40} [•·|] ?[^\W\d_][\w.'’ -]{1,40}\Z")
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE_LINE: Final = re.compile(
    r"(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?,? )?"
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}) ?,? ?(?:\d{{4}})?"
    r"[^a-z]{0,3}(?:(?:at )?\d{1,2} ?[:.] ?\d{2}.{0,24})?\Z",
    re.IGNORECASE,
)
_PICTURE: Final = "pic.twitter.com/"
_POST: Final = re.compile(
    r"pic\.twitter\.com/|[—–-]{1,2} ?[^\n@]{1,60}\( ?@\w{1,30} ?\)[ ,]{0,2}[A-Z][a-z]{2,8}\.? \d{1,2} ?, \d{4}"
)
_POST_TEXT: Final = re.compile(r"[#@]\w|\bt\.co/|pic\.twitter\.com")
_QUOTED: Final = re.compile(
    r"“[^“”]{1,2000}(?:”|\Z)|``[^`]{1,2000}?(?:''|\Z)|«[^«»]{1,2000}(?:»|\Z)|\"[^\"]{1,2000}(?:\"|\Z)|「[^「」]{1,2000}」"
)
_LETTERS: Final = re.compile(r"[^\W\d_]+")


def split_dateline(text: str, start: int, end: int) -> int:
    """Where the words behind a dateline ("LONDON (Reuters) - ") begin; ``start`` where there is none.

    >>> split_dateline("ROME, May 2 (AP) -- A ferry sank.", 0, 33)
    19
    """
    for pattern in _DATELINES:
        match = pattern.match(text, start, end)
        if match and not _SMALL_WORD.search(match.group()):
            return match.end()
    return start


def find_roles(
    text: str, paragraphs: Sequence[tuple[Sequence[Span], bool]], *, has_title: bool, language: str
) -> list[SentenceRole]:
    """The role of each sentence, paragraph by paragraph; each comes with whether its first span is a dateline.

    >>> find_roles("Details\\nA ferry sank.", [([(0, 7)], False), ([(8, 21)], False)], has_title=True, language="en")
    ['section', 'body']
    """
    lines = [text[spans[0][0] : spans[-1][1]] for spans, _ in paragraphs]
    words = _words(primary_subtag(language))
    whole = _line_roles(lines, words, has_title)
    _mark_posts(lines, whole)
    _mark_standfirst(lines, whole, [len(spans) for spans, _ in paragraphs], words.sourcing)
    roles: list[SentenceRole] = []
    for (spans, has_dateline), line_role in zip(paragraphs, whole, strict=True):
        found = [line_role or role for role in _sentence_roles(text, spans, words.sourcing)]
        if has_dateline:
            found[0] = "dateline"
        roles.extend(found)
    return roles


class _Words(NamedTuple):
    """Wordings of lines that state nothing; ``stamp`` are the words of a line that says when the page was written."""

    sections: frozenset[str]
    section_endings: tuple[str, ...]
    sourcing: re.Pattern[str] | None
    stamp: frozenset[str]


@cache
def _words(language: str) -> _Words:
    rules, dates = load_rules(language, "sentences"), load_rules(language, "dates")
    sourcing = rules.get("sourcing", ())
    pattern = re.compile("|".join(f"(?:{one})" for one in sourcing), re.IGNORECASE) if sourcing else None
    stamp = frozenset(word for topic in CALENDAR for word in dates.get(topic, ())).union(rules.get("stamp_words", ()))
    return _Words(frozenset(rules.get("section_lines", ())), tuple(rules.get("section_endings", ())), pattern, stamp)


def _is_stamp(line: str, words: _Words) -> bool:
    """Whether a line is a date with the time of an update, and nothing else."""
    if len(line) > LONGEST_STAMP or not any(map(str.isdigit, line)):
        return False
    found = _LETTERS.findall(line.lower())
    return bool(found) and words.stamp.issuperset(found)


def _line_roles(lines: Sequence[str], words: _Words, has_title: bool) -> list[SentenceRole | None]:
    """The roles of whole paragraphs, None where each sentence has its own; the first words are the headline."""
    roles: list[SentenceRole | None] = []
    headed = has_title
    for place, line in enumerate(lines):
        role = _line_role(line, place, lines, words, headed)
        roles.append(role)
        if not headed and role != "dateline" and place + 1 < len(lines):
            headed = not (words.sourcing and words.sourcing.match(line[:LONGEST_SOURCING]))
    return roles


def _line_role(
    line: str,
    place: int,
    lines: Sequence[str],
    words: _Words,
    headed: bool,
) -> SentenceRole | None:
    """The role of a whole paragraph, or None where each of its sentences has its own."""
    if place < HEAD_PARAGRAPHS and (_DATELINE_LINE.match(line) or _DATE_LINE.match(line)):
        return "dateline"
    bare = line.rstrip(_AFTER_END)
    if len(line) > LONGEST_HEADLINE or len(lines) == 1 or not bare or (words.sourcing and words.sourcing.match(line)):
        return None
    if _is_stamp(line, words):
        return "dateline"
    lower = bare.lower().rstrip(":")
    if lower in words.sections or lower.endswith(words.section_endings):
        return "section"
    if bare[-1] in _CLOSED or line[0] in _BULLETS:
        return None
    if not headed:
        return "headline"
    return "section" if place and _heads_a_section(line, place, lines) else None


def _heads_a_section(line: str, place: int, lines: Sequence[str]) -> bool:
    """A few words without digits, before a paragraph of at least one whole sentence."""
    if place + 1 >= len(lines) or any(character.isdigit() for character in line):
        return False
    following = lines[place + 1].rstrip(_AFTER_END)
    return len(line.split()) <= LONGEST_SECTION and len(following) > 2 * len(line) and following[-1] in _CLOSED


def _mark_posts(lines: Sequence[str], whole: list[SentenceRole | None]) -> None:
    """Posts are marked by their picture link or signature; the line before a bare signature is the post's text."""
    for place, line in enumerate(lines):
        match = _POST.search(line) if "@" in line or _PICTURE in line else None
        if not match:
            continue
        whole[place] = "embedded"
        if match.start() == 0 and place and _POST_TEXT.search(lines[place - 1]):
            whole[place - 1] = "embedded"


def _mark_standfirst(
    lines: Sequence[str],
    whole: list[SentenceRole | None],
    counts: Sequence[int],
    sourcing: re.Pattern[str] | None,
) -> None:
    """The first paragraph is a standfirst where it is short and the next one tells the same again."""
    if len(lines) <= 2:
        return
    plain = (place for place, role in enumerate(whole) if not (role or (sourcing and sourcing.match(lines[place]))))
    place = next(plain, None)
    if place is None or place + 2 >= len(lines) or counts[place] > LONGEST_STANDFIRST:
        return
    stems, following = _stems(lines[place]), _stems(lines[place + 1])
    if stems and len(stems & following) >= REPEATED_SHARE * len(stems):
        whole[place] = "standfirst"


def _stems(line: str) -> set[str]:
    return {word[:SHORT_WORD].lower() for word in _LETTERS.findall(line) if len(word) >= SHORT_WORD}


def _sentence_roles(text: str, spans: Sequence[Span], sourcing: re.Pattern[str] | None) -> list[SentenceRole]:
    quoted = [match.span() for match in _QUOTED.finditer(text, spans[0][0], spans[-1][1])]
    roles: list[SentenceRole] = []
    first = 0
    for start, end in spans:
        while first < len(quoted) and quoted[first][1] <= start:
            first += 1
        inside, at = 0, first
        while at < len(quoted) and quoted[at][0] < end:
            inside += min(quoted[at][1], end) - max(quoted[at][0], start)
            at += 1
        if sourcing and end - start <= LONGEST_SOURCING and sourcing.match(text[start:end]):
            roles.append("sourcing")
        else:
            roles.append("quote" if inside > QUOTED_SHARE * (end - start) else "body")
    return roles
