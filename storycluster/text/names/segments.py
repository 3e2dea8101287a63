"""What each part of a run of capitals is by itself: a known name, a title, the head of a body or place, a given name.

Looks words up and nothing else; how parts make up one name is decided in ``chunks``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from storycluster.text.names.capitals import Run, Word
from storycluster.text.names.rules import NameRules, Phrase, SegmentKind

#: A word in capitals of this length is looked up in any case ("LONDON (AP) -"); shorter ones are acronyms.
SHOUTED: Final = 4


class Segment(NamedTuple):
    """Part of a run; ``canonical`` where the wording is known; ``linked`` where "of" or alike stands before it."""

    kind: SegmentKind
    start: int
    end: int
    canonical: str | None = None
    linked: str = ""


def find_segments(text: str, run: Run, rules: NameRules) -> list[Segment]:
    """The parts of a run, longest known wording first."""
    return list(_segments(text, run, rules))


def first_segment(text: str, run: Run, rules: NameRules) -> Segment:
    """The part that a run begins with."""
    return next(_segments(text, run, rules))


def _segments(text: str, run: Run, rules: NameRules) -> Iterator[Segment]:
    words = run.words
    at = 0
    while at < len(words):
        word = words[at]
        linked = text[words[at - 1].end : word.start].strip(" .\n\xa0") if at else ""
        pair = _find_pair(word, linked, rules) if "-" in word.text else None
        if pair:
            yield from pair
            at += 1
            continue
        phrase = _find_phrase(text, words, at, run, rules)
        end = word.start + len(phrase.wording) if phrase else word.end
        if phrase:
            yield Segment(phrase.kind, word.start, end, phrase.canonical, linked)
        else:
            yield Segment(_kind_of(word.text, run, rules), word.start, end, None, linked)
        at += 1
        while at < len(words) and words[at].start < end:
            at += 1


def _find_pair(word: Word, linked: str, rules: NameRules) -> tuple[Segment, Segment] | None:
    """Two known names written with a hyphen, as in "the India-Pakistan border"."""
    left, _, right = word.text.partition("-")
    if left not in rules.phrases or right not in rules.phrases:
        return None
    first, second = (_exact(part, rules) for part in (left, right))
    if first is None or second is None or word.text in rules.phrases:
        return None
    middle = word.start + len(left)
    return (
        Segment(first.kind, word.start, middle, first.canonical, linked),
        Segment(second.kind, middle + 1, word.end, second.canonical, ""),
    )


def _exact(wording: str, rules: NameRules) -> Phrase | None:
    return next((phrase for phrase in rules.phrases.get(wording, ()) if phrase.wording == wording), None)


def _find_phrase(text: str, words: Sequence[Word], at: int, run: Run, rules: NameRules) -> Phrase | None:
    word = words[at]
    fold = run.line == "capitals" or (len(word.text) >= SHOUTED and word.text.isupper())
    phrases = rules.folded_phrases.get(word.text.casefold(), ()) if fold else rules.phrases.get(word.text, ())
    for phrase in phrases:
        end = word.start + len(phrase.wording)
        found = text[word.start : end]
        is_same = found.casefold() == phrase.wording.casefold() if fold else found == phrase.wording
        if is_same and _ends_word(text, end):
            return None if _is_other_word(phrase, words, at, fold, rules) else phrase
    return None


def _ends_word(text: str, end: int) -> bool:
    return end >= len(text) or (
        not text[end].isalnum() and not (text[end] in "-‐‑" and text[end + 1 : end + 2].isupper())
    )


def _is_other_word(phrase: Phrase, words: Sequence[Word], at: int, fold: bool, rules: NameRules) -> bool:
    """Whether a known wording is here something else: "US" for "us" in capitals, Jordan in "Michael Jordan"."""
    if fold and phrase.wording.isupper() and phrase.wording.capitalize() in rules.joints.openers:
        return True
    if phrase.wording not in rules.ambiguous:
        return False
    before = words[at - 1].text if at else ""
    after = words[at + 1].text if at + 1 < len(words) else ""
    return bool(before and rules.is_given(before)) or bool(
        after and phrase.kind != "adjective" and _kind_of(after, None, rules) == "word" and after not in rules.phrases
    )


def _kind_of(word: str, run: Run | None, rules: NameRules) -> SegmentKind:
    shown = word.capitalize() if run and run.line == "capitals" and word.isupper() and len(word) > 2 else word
    kind = rules.kinds.get(shown)
    if kind:
        return kind
    return "given" if rules.is_given(shown) and not (word.isupper() and shown == word and len(word) > 1) else "word"
