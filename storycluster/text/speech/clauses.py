"""Sentences parted into clauses: verbatim spans, each with its speaker, modality and negation.

The clause is the unit of facts. An attribution frame is no content: it becomes the speaker. Nothing is reworded;
a language without rules gives whole sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, NamedTuple

from storycluster.model import Modality
from storycluster.text.rules import load_rules
from storycluster.text.speech.cuts import find_cuts, has_content
from storycluster.text.speech.frames import MAX_SENTENCE, Frame, find_frames
from storycluster.text.speech.modality import is_infinitive, is_negated, read_modality
from storycluster.text.speech.quotes import find_quotes, share_inside

Speech = Literal["direct", "indirect"]

#: A clause with fewer content words joins its neighbour.
MIN_CONTENT: Final = 2
#: A phrase before the subject of a frame ("During the call, X said …") needs more to be a clause of its own.
MIN_LEAD_CONTENT: Final = 4
#: Quoted words up to this length are never cut.
MAX_SCRAP: Final = 80
#: From this share on inside quote marks a statement is direct speech.
DIRECT_SHARE: Final = 0.6

#: Punctuation and joining words at the ends are taken off so many times, looking so far.
MAX_TRIMS: Final = 6
TRIM_REACH: Final = 40

_TRIM_START: Final = " \t\n\xa0,;:.–—-)]"
_TRIM_END: Final = " \t\n\xa0,;:–—-(["
_OPEN_MARKS: Final = ('"', "“", "``", "''", "«", "„", "”")
_CLOSE_MARKS: Final = ('"', "”", "''", "``", "»", "“")
_JOINING_START: Final = re.compile(r"(?:and|but|or)\s")
_JOINING_END: Final = frozenset({
    "and", "but", "or", "while", "that", "as", "after", "before", "with", "which", "who", "when", "because",
    "to", "by", "of", "from", "the", "a",
})  # fmt: skip
_STOPS: Final = ".!?…"
_FINAL_STOP: Final = re.compile(r"(?<=\d)\.\Z|\s[.!?]+\Z|(?<=\w\w)[.!?]+\Z|(?<=[\"”’'])[.!?]+\Z|[!?…]+\Z")


class Clause(NamedTuple):
    """A clause and how it is said; ``speaker`` is the wording of the text, None where the article says it itself."""

    start: int
    end: int
    speaker: str | None
    speech: Speech | None
    modality: Modality
    negated: bool


class _Region(NamedTuple):
    """A stretch of content under one frame, or under none."""

    start: int
    end: int
    frame: Frame | None
    glued: bool
    leads: bool


@dataclass(frozen=True, slots=True)
class _Verbs:
    certain: frozenset[str]
    denying: frozenset[str]
    withheld: frozenset[str]


@cache
def _verbs(language: str) -> _Verbs:
    verbs = load_rules(language, "speech").get("verbs", {})
    return _Verbs(*(frozenset(verbs.get(key, "").split()) for key in ("certain", "denying", "withheld")))


def split_clauses(sentence: str, *, offset: int = 0, language: str = "en") -> list[Clause]:
    """The clauses of one sentence in order; ``offset`` is added to their spans.

    >>> text = "The ferry sank after it hit a rock, police said."
    >>> [(text[c.start : c.end], c.speaker) for c in split_clauses(text)]
    [('The ferry sank', 'police'), ('after it hit a rock', 'police')]
    """
    frames = find_frames(sentence, language=language)
    quotes = find_quotes(sentence)
    clauses: list[Clause] = []
    for start, end, frame in _spans(sentence, _regions(sentence, frames), _scraps(quotes), language):
        start, end = _trim(sentence, start, end)
        if start < end:
            clause = _clause(sentence, (start, end), frame, quotes, offset=offset, language=language)
            clauses.append(_as_before(sentence[start:end], clause, clauses, language))
    return clauses


def _as_before(wording: str, clause: Clause, earlier: Sequence[Clause], language: str) -> Clause:
    """An infinitive ("to discuss …", "and meet …") is as planned or possible as the clause it depends on."""
    before = earlier[-1] if earlier else None
    depends = before is not None and before.speaker == clause.speaker and is_infinitive(wording, language=language)
    if before is None or not depends or before.modality not in {"planned", "possible"}:
        return clause
    return clause._replace(modality=before.modality) if clause.modality in {"asserted", "claimed"} else clause


def _clause(
    sentence: str,
    span: tuple[int, int],
    frame: Frame | None,
    quotes: list[tuple[int, int]],
    *,
    offset: int,
    language: str,
) -> Clause:
    start, end = span
    wording = sentence[start:end]
    verbs = _verbs(language)
    verb = frame.verb if frame else ""
    withheld = verb.startswith("not ") and verb.removeprefix("not ") in verbs.withheld
    speaker = sentence[slice(*frame.speaker)].strip() if frame and frame.speaker else None
    claimed = frame is not None and verb not in verbs.certain
    direct = share_inside(start, end, quotes) >= DIRECT_SHARE
    return Clause(
        start=offset + start,
        end=offset + end,
        speaker=speaker,
        speech=None if speaker is None else "direct" if direct else "indirect",
        modality=read_modality(
            wording, claimed=claimed, denied=verb in verbs.denying or withheld, of=sentence, language=language
        ),
        negated=is_negated(wording, of=sentence, language=language),
    )


def _regions(sentence: str, frames: Sequence[Frame]) -> list[_Region]:
    """The sentence without its frames, each stretch with the frame that says it."""
    regions: list[_Region] = []
    current: Frame | None = None
    at = 0
    for frame in frames:
        says_before = frame.covers in {"before", "around"} and current is None
        leads = not says_before and current is None and sentence[: frame.start].rstrip().endswith((",", "-", "–", "—"))
        regions.append(
            _Region(at, frame.start, frame if says_before else current, glued=frame.start == frame.end, leads=leads)
        )
        current = None if frame.covers == "before" else frame
        at = frame.end
    regions.append(_Region(at, len(sentence), current, glued=False, leads=False))
    return [region for region in regions if region.end > region.start]


def _scraps(quotes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Quoted scraps inside a sentence, too short to be parted."""
    return [(start, end) for start, end in quotes if end - start <= MAX_SCRAP]


def _spans(
    sentence: str, regions: Sequence[_Region], scraps: Sequence[tuple[int, int]], language: str
) -> list[tuple[int, int, Frame | None]]:
    spans: list[tuple[int, int, Frame | None]] = []
    carried: int | None = None
    for region in regions:
        start = region.start if carried is None else carried
        carried = None
        parts = find_cuts(sentence, start, region.end, whole=scraps, language=language)
        if region.leads and not has_content(sentence, (start, region.end), least=MIN_LEAD_CONTENT, language=language):
            carried = start if region.glued else None
            continue
        spans += [(begin, end, region.frame) for begin, end in _joined(sentence, parts, language)]
    if len(spans) == 1:
        return spans
    whole = [span for span in spans if not _is_thin(sentence, (span[0], span[1]), language)]
    return whole or spans[:1]


def _is_thin(sentence: str, span: tuple[int, int], language: str) -> bool:
    return not has_content(sentence, span, least=MIN_CONTENT, language=language)


def _joined(sentence: str, parts: Sequence[tuple[int, int]], language: str) -> list[tuple[int, int]]:
    """Parts with too little content taken together with the part before, the first with the one after."""
    joined: list[tuple[int, int]] = []
    for part in parts:
        if joined and (_is_thin(sentence, part, language) or _is_thin(sentence, joined[-1], language)):
            joined[-1] = (joined[-1][0], part[1])
        else:
            joined.append(part)
    return joined


def _trim(sentence: str, start: int, end: int) -> tuple[int, int]:
    """The span without outer punctuation and without quote marks that have no partner inside."""
    for _ in range(MAX_TRIMS):
        before = (start, end)
        wording = sentence[start:end]
        start += len(wording) - len(wording.lstrip(_TRIM_START))
        end = start + len(sentence[start:end].rstrip(_TRIM_END))
        if start < end and sentence[end - 1] in _STOPS:
            stop = _FINAL_STOP.search(sentence, max(start, end - TRIM_REACH), end)
            end = stop.start() if stop else end
        start, end = _drop_joining(sentence, start, end)
        start, end = _drop_marks(sentence, start, end)
        if (start, end) == before:
            break
    return start, end


def _drop_joining(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Without a conjunction or preposition that the cut left at either end."""
    first = _JOINING_START.match(sentence, start, min(end, start + TRIM_REACH))
    words = sentence[max(start, end - TRIM_REACH) : end].rsplit(None, 1)
    if len(words) > 1 and words[1] in _JOINING_END and sentence.endswith(words[1], start, end):
        end -= len(words[1]) + 1
    return first.end() if first else start, end


def _drop_marks(sentence: str, start: int, end: int) -> tuple[int, int]:
    if end - start > MAX_SENTENCE:
        return start, end
    inner = sentence[start:end]
    if not (inner.startswith(_OPEN_MARKS) or inner.endswith(_CLOSE_MARKS)):
        return start, end
    for mark in _OPEN_MARKS:
        if inner.startswith(mark) and not any(close in inner[len(mark) : -1] for close in _CLOSE_MARKS):
            return start + len(mark), end
    for mark in _CLOSE_MARKS:
        if inner.endswith(mark) and not any(opening in inner[: -len(mark)] for opening in _OPEN_MARKS):
            return start, end - len(mark)
    return start, end
