"""Where the sentences of a text are, as spans of the given text, each with its role.

Rules over a bounded neighbourhood of each full stop; the text is never changed, and no line end inside hard-wrapped
prose ends a sentence. Follows the order line, then glued stops, then abbreviations; offsets are code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from storycluster.text.rules import load_rules, primary_subtag
from storycluster.text.sentences.paragraphs import find_paragraphs
from storycluster.text.sentences.roles import HEAD_PARAGRAPHS, SentenceRole, find_roles, split_dateline

#: Look-behind for the word before a full stop; longer words are no abbreviations.
WORD_REACH: Final = 24
#: An address or handle around a glued full stop is looked for this far on both sides.
GLUE_REACH: Final = 64

#: Marks that always end a sentence, also without a space after them.
_FULL: Final = "。！？｡।॥؟۔።፧៕។။։᠃⸮\u037e"
#: Japanese: after the closing corner these take up the sentence again ("…。」と述べた").
_CORNERS: Final = "」』"
_GOES_ON: Final = "とっなのはがをにで"
_CANDIDATE: Final = re.compile(
    rf"(?=[.!?…{_FULL};p—–-])"  # most places are passed by this look ahead alone
    rf"(?:[.!?…]+|[{_FULL}]+|(?<=[\u0370-\u03ff\u1f00-\u1fff]);"
    r"|(?<=\s)(?=pic\.twitter\.com/|[—–-] ?[^\n@]{1,60}\(@))"
)
_CLOSERS: Final = re.compile(
    r"(?:[)\]}”’»›』」）〉》】\"'“]| ?(?:''|-R[RCS]B-)(?!\w)|[ \u00a0\u202f](?:»|[)\]](?=\s|$))){0,4}"
)
_SPACE: Final = re.compile(r"\s*")
_OPENERS: Final = re.compile(r"(?:[\"'“‘«„‹「『(\[{`¡¿*_]|-L[RCS]B- ?|`` ?|(?<=[\"`(\[]) ){0,4}")
_NEXT_WORD: Final = re.compile(r"[^\W\d_]{1,24}(?:['’][^\W\d_]{1,3})?")
_GLUED_WORD: Final = re.compile(r"[^\W\d_]{1,24}")
#: What may stand right before the word of a full stop: space, opening brackets and quotes, hyphens.
_BEFORE_WORD: Final = re.compile(r"[\s(\[{<\"“‘«„‚/—–'’-]")
_WORD_CHARACTER: Final = re.compile(r"\w")
_ADDRESS: Final = re.compile(r"://|www\.|@|\\|/")
_LETTERS_AND_DOTS: Final = re.compile(r"[^\W\d_](?:\.[^\W\d_])+\Z")
_SMALL_CAMEL: Final = re.compile(r"[a-z]{1,2}[A-Z]")
_NUMBER: Final = re.compile(r"[$€£]?\d[\d,]*\Z")
_NO_VOWEL: Final = re.compile(r"[^\W\d_aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýаеёиоуыэюяіїє]{1,4}\Z", re.IGNORECASE)


class Sentence(NamedTuple):
    """A span of the text and what it is; only headline, standfirst, body, quote and embedded state facts."""

    start: int
    end: int
    role: SentenceRole


@dataclass(frozen=True, slots=True)
class _Rules:
    titles: frozenset[str]
    abbreviations: frozenset[str]
    before_number: frozenset[str]
    starters: frozenset[str]
    names_with_mark: frozenset[str]
    domains: frozenset[str]
    two_letter_words: frozenset[str]
    report_frame: re.Pattern[str] | None
    known: bool


@cache
def _rules(language: str) -> _Rules:
    rules = load_rules(language, "sentences")
    verbs = "|".join(rules.get("report_verbs", ()))
    frame = re.compile(rf"(?:[^\W\d_a-z][\w.'’-]{{0,30}}\s){{1,4}}(?:{verbs})\b") if verbs else None
    words = {
        name: frozenset(rules.get(name, ()))
        for name in (
            "titles",
            "abbreviations",
            "before_number",
            "starters",
            "names_with_mark",
            "domains",
            "two_letter_words",
        )
    }
    return _Rules(**words, report_frame=frame, known=bool(rules))


def find_sentences(text: str, *, title: str | None = None, language: str = "en") -> list[Sentence]:
    """Sentences of a text in order: disjoint spans without outer white space, each with at least one letter or digit.

    ``title`` is not searched for; it only tells that the first line is no headline.

    >>> text = "Mr. Ito left N. Korea.He was tired."
    >>> [text[s.start : s.end] for s in find_sentences(text)]
    ['Mr. Ito left N. Korea.', 'He was tired.']
    """
    rules = _rules(primary_subtag(language))
    paragraphs: list[tuple[list[tuple[int, int]], bool]] = []
    for start, end in find_paragraphs(text):
        dateline = split_dateline(text, start, end) if len(paragraphs) < HEAD_PARAGRAPHS else start
        cuts = [*_cut(text, dateline, end, rules)] if dateline < end else []
        if dateline > start:
            cuts.insert(0, (start, dateline))
        spans = [span for span in (_strip(text, *cut) for cut in cuts) if span]
        if spans:
            paragraphs.append((spans, dateline > start))
    roles = find_roles(text, paragraphs, has_title=title is not None, language=language)
    spans = [span for found, _ in paragraphs for span in found]
    return [Sentence(start, end, role) for (start, end), role in zip(spans, roles, strict=True)]


def _strip(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without outer white space; None where it holds no letter and no digit."""
    if not _WORD_CHARACTER.search(text, start, end):
        return None
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    return start, end


def _cut(text: str, start: int, end: int, rules: _Rules) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of one paragraph; a piece without letters stays with the sentence before it."""
    first, quotes, counted = start, 0, start
    word, last = _first_word(text, start, end), _last_word(text, start, end)
    for match in _CANDIDATE.finditer(text, start, end):
        if match.start() < first:
            continue
        quotes += text.count('"', counted, match.end())
        counted = match.end()
        at = _boundary(text, match, first, end, quotes % 2 == 1, rules)
        if word < at <= last:
            yield first, at
            first, word = at, _first_word(text, at, end)
    yield first, end


def _first_word(text: str, start: int, end: int) -> int:
    """The place of the first letter or digit, ``end`` where there is none."""
    found = _WORD_CHARACTER.search(text, start, end)
    return found.start() if found else end


def _last_word(text: str, start: int, end: int) -> int:
    """The place of the last letter or digit, before ``start`` where there is none."""
    return next((at for at in range(end - 1, start - 1, -1) if _WORD_CHARACTER.match(text, at)), start - 1)


def _boundary(text: str, match: re.Match[str], first: int, end: int, in_quote: bool, rules: _Rules) -> int:
    """Where the sentence ends at or after a mark, or 0 where it goes on."""
    if match.end() == match.start():
        return match.start()
    after = _after_closers(text, match.end(), end, in_quote)
    following = _SPACE.match(text, after, end).end()  # type: ignore[union-attr]  # matches the empty text too
    if following >= end:
        return 0
    if text[match.start()] in _FULL:
        return 0 if text[after - 1] in _CORNERS and text[after] in _GOES_ON else after
    if following == after:
        return _glued(text, match, after, end, rules)
    opened = _OPENERS.match(text, following, end).end()  # type: ignore[union-attr]  # matches the empty text too
    if opened >= end or not _can_open(text, following, opened):
        return 0
    return after if _is_end(text, match, first, after, opened, rules) else 0


def _after_closers(text: str, at: int, end: int, in_quote: bool) -> int:
    """The place behind the closing quotes and brackets that belong to the sentence."""
    closed = _CLOSERS.match(text, at, end).end()  # type: ignore[union-attr]  # matches the empty text too
    if closed > at and closed < end and text[closed - 1] in "\"'“" and not text[closed].isspace():
        # A quote between two words: it closes only where one is open.
        closed -= 0 if in_quote and text[closed - 1] == '"' and text[closed].isalnum() else 1
    if closed == at and in_quote and text[at : at + 2] == ' "' and (at + 2 >= end or text[at + 2].isspace()):
        return at + 2
    return closed


def _can_open(text: str, following: int, opened: int) -> bool:
    """Whether a sentence can begin here: no small letter, no mark that goes on with the sentence before."""
    character = text[opened]
    if character.islower():
        return bool(_SMALL_CAMEL.match(text, opened))
    return character.isalnum() or opened > following or character in "$€£#@•—–-*…¿¡&+<" or ord(character) > 0x2000


def _is_end(text: str, match: re.Match[str], first: int, after: int, opened: int, rules: _Rules) -> bool:
    """Whether a mark followed by white space ends the sentence, from the words on both sides."""
    mark = match.group()
    if mark != ".":
        if after > match.end() and rules.report_frame and rules.report_frame.match(text, opened):
            return False
        word = text[max(first, match.start() - WORD_REACH) : match.end()].rsplit(None, 1)[-1].lower()
        return word not in rules.names_with_mark
    if after > match.end():
        return True
    tail = text[max(first, match.start() - WORD_REACH) : match.start()]
    if not tail or tail[-1].isspace():
        return True
    word = _BEFORE_WORD.split(tail)[-1]
    return _ends_after(word, text, match.start() - len(word), first, opened, rules)


def _ends_after(word: str, text: str, word_start: int, first: int, opened: int, rules: _Rules) -> bool:
    lower = word.lower()
    if word.isdigit() or _NUMBER.match(word):
        return _ends_after_number(word, text, word_start, first, opened, rules)
    if lower in rules.titles:
        return False
    next_word = _NEXT_WORD.match(text, opened)
    if lower in rules.before_number and text[opened].isdigit():
        return False
    if (len(word) == 1 and word.isalpha()) or _LETTERS_AND_DOTS.match(word) or lower in rules.abbreviations:
        initial = next_word and len(next_word.group()) == 1 and text[next_word.end() : next_word.end() + 1] == "."
        if next_word is None or initial or word_start <= first:
            return False
        return next_word.group().lower().replace("’", "'") in rules.starters
    return rules.known or word.isupper() or word.lower() == word.upper() or not _NO_VOWEL.match(word)


def _ends_after_number(word: str, text: str, word_start: int, first: int, opened: int, rules: _Rules) -> bool:
    """A number ends a sentence unless it numbers a list item, is an ordinal, or goes on ("27. 5 million")."""
    digits = word.lstrip("$€£")
    if len(digits) <= 2 and (word_start <= first or not rules.known):
        return False
    return not (len(digits) <= 3 and text[opened].isdigit())


def _glued(text: str, match: re.Match[str], after: int, end: int, rules: _Rules) -> int:
    """The end of a sentence whose next one follows without a space ("arrived.The"), or 0."""
    opened = _OPENERS.match(text, after, end).end()  # type: ignore[union-attr]  # matches the empty text too
    following = _GLUED_WORD.match(text, opened, end)
    if not following or not following.group()[0].isupper() or match.group() not in (".", "!", "?", "..."):
        return 0
    word = following.group()
    before = text[max(0, match.start() - GLUE_REACH) : match.start()].rsplit(None, 1)
    token = before[-1] if before else ""
    if _ADDRESS.search(token) or (after == match.end() and not _looks_like_an_end(token)):
        return 0
    if after == match.end() == opened and not _can_open_glued(word, text, following.end(), rules):
        return 0
    return after


def _looks_like_an_end(token: str) -> bool:
    """Whether a token can end a sentence: two letters or digits at its end, no initial, no acronym."""
    tail = token[-2:]
    return len(tail) == 2 and (tail.isalnum() or not tail[-1].isalnum()) and not _LETTERS_AND_DOTS.search(token[-8:])


def _can_open_glued(word: str, text: str, word_end: int, rules: _Rules) -> bool:
    if len(word) == 1:
        return word in "AI" and text[word_end : word_end + 1].isspace()
    lower = word.lower()
    if lower in rules.two_letter_words:
        return not (lower in rules.domains and text[word_end : word_end + 1] in (".", ""))
    return (len(word) > 2 and lower not in rules.domains and not word.isupper()) or (word.isupper() and len(word) > 3)
