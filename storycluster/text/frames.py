"""Attribution frames of a sentence: who says it, where the frame stands, and which part of the sentence it covers.

"X said that …", "…, X said", "according to X, …", "…", said X. Works on one sentence; pronouns and quotes that go on
over sentences are resolved in ``speakers``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from storycluster.text.quotes import find_quotes
from storycluster.text.rules import load_rules
from storycluster.text.subjects import SubjectFinder, load_subject_finder

Covers = Literal["after", "before", "around", "clause"]

#: A sentence longer than this is not read for frames: no sentence of news is, hostile text may be.
MAX_SENTENCE: Final = 3000
MAX_FRAMES: Final = 8
#: What is said begins at most this far behind the verb ("told a packed news conference in the capital that …").
REACH: Final = 110
MAX_ADJUNCT_WORDS: Final = 14
SHORTEST_CONTENT: Final = 2

_QUOTE_END: Final = re.compile(r"[,.!?…]?\s?(?:[\"”»]|''|``)\s?,?\s{0,2}\Z|[\w\"”],\s{1,2}\Z")
_STATEMENT_END: Final = re.compile(r"(?:[,.!?…]\s?(?:[\"”»]|''|``)|,|[\"”]\s?[–—-]{1,2})\Z")
_THAT: Final = re.compile(
    r"[^;:\"“”`]{0,110}?\bthat\s(?!of\b)|[^;\"“”`]{0,110}?:\s{1,2}(?=\S)|[^;:\"“”`]{0,70}?,?\s(?=[\"“]|``)"
)
_END: Final = re.compile(r"[\s.!?,;:\"”'’]*\Z")
_WORD: Final = re.compile(r"[\w'’.-]+")
_SPEAKER_END: Final = re.compile(
    r",|;|[.!?]?\s*\Z|\s(?:in|on|at|after|as|when|who|during|while|by|before|told|to)\s|[\"“]|\s-"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. [start, end) is no content; ``speaker`` is a span (None: "it was reported that").

    ``covers`` tells which side is said; "clause" frames are content themselves, from ``start`` on.
    """

    start: int
    end: int
    speaker: tuple[int, int] | None
    verb: str
    covers: Covers


@dataclass(frozen=True, slots=True)
class _Speech:
    verb: re.Pattern[str]
    say: frozenset[str]
    report: frozenset[str]
    act: frozenset[str]
    participles: frozenset[str]
    states: frozenset[str]
    nouns: frozenset[str]
    pronouns: frozenset[str]
    sources: frozenset[str]
    between: frozenset[str]
    blocking: frozenset[str]
    passive: frozenset[str]
    recipients: frozenset[str]
    adjunct: frozenset[str]
    tail: re.Pattern[str]
    attribution: re.Pattern[str]
    impersonal: frozenset[str]
    quoted_as: frozenset[str]
    subjects: SubjectFinder


@cache
def _speech(language: str) -> _Speech | None:
    rules = load_rules(language, "speech")
    if not rules:
        return None
    verbs, words, patterns = rules["verbs"], rules["words"], rules["patterns"]
    kinds = {key: frozenset(verbs[key].split()) for key in ("say", "report", "act", "participles", "states", "nouns")}
    phrases = sorted(patterns["quoted_as"])
    forms = sorted({verb for kind in kinds.values() for verb in kind}, key=lambda verb: (-len(verb), verb))
    return _Speech(
        verb=re.compile(rf"\b(?:{'|'.join([*phrases, *forms])})\b", re.IGNORECASE),
        **kinds,
        **{
            key: frozenset(words[key].split())
            for key in ("between", "blocking", "passive", "recipients", "adjunct", "pronouns", "sources")
        },
        tail=re.compile(rf",?\s(?={'|'.join(words['tail'].split())}\b)"),
        attribution=re.compile(rf"\b(?:{'|'.join(patterns['attribution'])})\s", re.IGNORECASE),
        impersonal=frozenset(patterns["impersonal"].split()),
        quoted_as=frozenset(phrases),
        subjects=load_subject_finder(language),
    )


def find_frames(sentence: str, *, language: str = "en") -> list[Frame]:
    """The frames of a sentence in order, none overlapping.

    >>> frame = find_frames("The ferry sank, police said on Monday.")[0]
    >>> frame.covers, "The ferry sank, police said on Monday."[slice(*frame.speaker)]
    ('before', 'police')
    """
    speech = _speech(language)
    if speech is None or len(sentence) > MAX_SENTENCE:
        return []
    reader = _Reader(sentence, find_quotes(sentence), speech)
    frames: list[Frame] = []
    for frame in sorted(reader.read(), key=lambda f: (f.start, f.end)):
        if (not frames or frame.start >= frames[-1].end) and len(frames) < MAX_FRAMES:
            frames.append(frame)
    return frames


class _Reader:
    """Reads one sentence; keeps the last subject for "…, but stressed that …" and participles."""

    def __init__(self, sentence: str, quotes: list[tuple[int, int]], speech: _Speech) -> None:
        self.sentence, self.quotes, self.speech = sentence, quotes, speech
        self.subject: tuple[int, int] | None = None
        self.read_to = 0

    def read(self) -> Iterator[Frame]:
        for match in self.speech.attribution.finditer(self.sentence):
            if not self._quoted(match.start()):
                yield self._attribution(match)
        for match in self.speech.verb.finditer(self.sentence):
            if match.start() < self.read_to or self._quoted(match.start()):
                continue
            frame = self._frame(match)
            if frame:
                self.read_to = max(self.read_to, frame.end)
                yield frame

    def _quoted(self, at: int) -> bool:
        return any(start <= at < end for start, end in self.quotes)

    def _attribution(self, match: re.Match[str]) -> Frame:
        """ "According to X, …" and "…, according to X"."""
        before = self.sentence[: match.start()].rstrip(" ,")
        end = self.speech.subjects.end_of_source(self.sentence, match.end(), leads=not before)
        speaker = (match.end(), len(self.sentence[:end].rstrip(" ,.;")))
        return Frame(len(before), end, speaker, match[0].strip().casefold(), "before" if before else "after")

    def _frame(self, match: re.Match[str]) -> Frame | None:
        verb = match[0].casefold()
        left = self._subject_end(match.start())
        skipped = _WORD.findall(self.sentence[left : match.start()].casefold())
        if verb in self.speech.participles:
            return self._participle(match, verb)
        if verb not in self.speech.quoted_as | self.speech.states and self.speech.passive.intersection(skipped):
            return self._impersonal(match, left, verb)
        if self.speech.blocking.intersection(skipped) and not self._is_denial(skipped):
            return None
        if _QUOTE_END.search(self.sentence[max(0, left - 6) : left]) and left == len(self.sentence[: match.start()]):
            inverted = self._inverted(match, verb)
            if inverted:
                return inverted
        subject = self.speech.subjects.before(self.sentence, left, last=self.subject)
        if subject is None or (verb in self.speech.nouns and not self._is_verb(match.end(), subject)):
            return None
        return self._with_subject(match, verb, subject, negated="not" in skipped)

    def _is_verb(self, at: int, subject: tuple[int, int]) -> bool:
        """Whether "calls", "reports", "states" is no noun: behind a name or pronoun, or before "that" or a quote."""
        last = _WORD.findall(self.sentence[slice(*subject)])[-1:]
        named = bool(last) and (last[0][:1].isupper() or last[0].casefold() in self.speech.pronouns)
        return named or re.match(r"\sthat\s|:\s|,?\s?(?:[\"“]|``)", self.sentence[at : at + 8]) is not None

    def _is_denial(self, skipped: list[str]) -> bool:
        return "not" in skipped and bool({"did", "does", "do"}.intersection(skipped))

    def _subject_end(self, at: int) -> int:
        """Where the subject ends: before the verb and the auxiliaries and adverbs right in front of it."""
        end = at
        while True:
            word = re.search(r"([\w'’]+)\s{1,2}\Z", self.sentence[max(0, end - 24) : end])
            if not word or word[1].casefold() not in self.speech.between:
                return end
            end -= len(word[0])

    def _participle(self, match: re.Match[str], verb: str) -> Frame | None:
        before = self.sentence[: match.start()].rstrip()
        said = re.match(r"\s(?:(?:reporters|him|her|them)\s)?that\s|:?\s(?=[\"“]|``)", self.sentence[match.end() :])
        if not said or not before.endswith((",", '"', "”", "''")) or self.subject is None:
            return None
        return Frame(len(before.rstrip(",")), match.end() + said.end(), self.subject, verb, "after")

    def _impersonal(self, match: re.Match[str], left: int, verb: str) -> Frame | None:
        """ "It is noted that …": a frame without a speaker."""
        opening = re.search(r"(?:^|[\s,])(it)\s?\Z", self.sentence[max(0, left - 4) : left], re.IGNORECASE)
        said = re.match(r"\s(?:[^,;:.\"“]{0,60}?\s)?that\s", self.sentence[match.end() : match.end() + REACH])
        if not opening or not said:
            return None
        start = max(0, left - 4) + opening.start(1)
        return Frame(start, match.end() + said.end(), None, verb, "after")

    def _inverted(self, match: re.Match[str], verb: str) -> Frame | None:
        """ "…", said X."""
        if verb not in self.speech.say and verb not in self.speech.report:
            return None
        rest = self.sentence[match.end() :]
        first = _WORD.match(rest.lstrip())
        stop = _SPEAKER_END.search(rest, 1)
        if (
            first is None
            or stop is None
            or stop.start() > REACH
            or first[0].casefold() in self.speech.adjunct | {"that"}
        ):
            return None
        speaker = (match.end() + len(rest) - len(rest.lstrip()), match.end() + stop.start())
        if speaker[1] <= speaker[0] or not self._is_inverted(match.start(), speaker, first[0]):
            return None
        self.subject = speaker
        return Frame(self._content_end(match.start()), self._tail_end(speaker[1]), speaker, verb, "before")

    def _is_inverted(self, at: int, speaker: tuple[int, int], first: str) -> bool:
        """Behind a quote always; behind a bare comma only where a name or "a", "the" opens no clause."""
        if self.sentence[:at].rstrip(" ,").endswith(('"', "”", "''", "``", "»")):
            return True
        words = _WORD.findall(self.sentence[slice(*speaker)])
        plain = len(words) <= 8 and not any(word in _FINITE for word in words)
        return plain and (first[0].isupper() or first in self.speech.sources)

    def _with_subject(
        self, match: re.Match[str], verb: str, subject: tuple[int, int], *, negated: bool
    ) -> Frame | None:
        own = not self.sentence[subject[1] : self._subject_end(match.start())].strip(" ,")
        self.subject = subject
        start = subject[0] if own else match.start()
        before = self.sentence[:start].rstrip()
        says = verb in self.speech.say or verb in self.speech.quoted_as
        reports = says or verb in self.speech.report
        opening = self._opening(match.end(), verb, says=says)
        content_before = own and len(_WORD.findall(before)) >= SHORTEST_CONTENT and _STATEMENT_END.search(before)
        if content_before and not self.speech.subjects.is_lead_in(before) and reports and not negated:
            closes = self._closes(match.end(), verb)
            if closes is not None:
                around = closes < len(self.sentence) and self.sentence[closes - 1] == ","
                end = closes if around else self._tail_end(match.end())
                return Frame(self._content_end(start), end, subject, verb, "around" if around else "before")
        if self._is_relative_insert(before, match.end()):
            return Frame(start, match.end() + 1, subject, verb, "after")
        if opening is not None and reports and not negated and verb not in self.speech.states:
            return Frame(start, opening, subject, verb, "after")
        if verb not in self.speech.act or not self._is_act(match.end(), verb):
            return None
        start = self._with_relative(start)
        return Frame(start, start, subject, f"not {verb}" if negated else verb, "clause")

    def _with_relative(self, start: int) -> int:
        """Back over "which" in "which it views as …": it belongs to the clause."""
        relative = re.search(r"\b(?:which|whom|that|where)\s\Z", self.sentence[max(0, start - 8) : start])
        return start - len(relative[0]) if relative else start

    def _is_act(self, at: int, verb: str) -> bool:
        """Whether an act is one of speech: "called for", "called it a lie" in quotes, but not "called a meeting"."""
        return verb not in _CALLING or _CALLED.match(self.sentence[at : at + REACH]) is not None

    def _is_relative_insert(self, before: str, at: int) -> bool:
        """ "which she said is …": the frame stands inside a relative clause."""
        following = re.match(
            r"\s(?:is|are|was|were|has|had|have|will|would|could|may|might)\b", self.sentence[at : at + 8]
        )
        return following is not None and re.search(r"\b(?:which|that|who)\Z", before) is not None

    def _opening(self, at: int, verb: str, *, says: bool) -> int | None:
        """Where what is said begins behind the verb; None where nothing tells that it is a statement."""
        marked = self._marked(at, verb)
        if marked is not None:
            return marked
        if not says:
            return None
        words = re.match(r"\s+", self.sentence[at:])
        return self._after_adjunct(at) if words and not _END.match(self.sentence, at) else None

    def _marked(self, at: int, verb: str) -> int | None:
        """Behind "that", a colon or before a quote, where only a listener, a time or a place stands in between."""
        marked = _THAT.match(self.sentence, at, at + REACH + 8)
        if marked is None:
            return None
        between = [word for word in _WORD.findall(marked[0].casefold()) if word != "that"]
        if not between:
            return marked.end()
        listed = between[0] in self.speech.adjunct or between[0] in self.speech.recipients or verb in _TELLING
        plain = len(between) <= MAX_ADJUNCT_WORDS and not any(word in _FINITE for word in between)
        return marked.end() if listed and plain else None

    def _after_adjunct(self, at: int) -> int:
        """Past "on Monday", "reporters", "in a statement" behind a verb that needs no "that"."""
        pattern = (
            r"\s(?:(?:reporters|journalists|him|her|them|us|me|lawmakers|[A-Z][\w.]{0,20}(?=\s(?:he|she|they|it|the)\b))\b"
            r"|(?:late\s|early\s|earlier\s)?(?:on\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:\s(?:night|morning|evening|afternoon))?\b"
            r"|(?:yesterday|today|tonight|earlier|later)\b|(?:last|this)\s(?:week|month|year|night)\b"
            r"|in\s(?:a|an|its|his|her|their)\s(?:\w+\s){0,3}(?:statement|interview|report|speech|letter|email|release|tweet|post)\b"
            r"|\d{1,2}\s[A-Z][a-z]{2,8}\b|on\s[A-Z][a-z]{2,8}\.?\s\d{1,2}\b,?|(?:on|at|in|via)\s(?:Twitter|Facebook|X|television|radio|Telegram)\b)"
        )
        for _ in range(3):
            match = re.match(pattern, self.sentence[at : at + REACH])
            if not match:
                break
            at += match.end()
        return at + len(re.match(r"[\s,]*", self.sentence[at:])[0])  # type: ignore[index]

    def _closes(self, at: int, verb: str) -> int | None:
        """Where a frame behind its statement ends; None where a statement follows the verb."""
        rest = self.sentence[at:]
        if _END.match(rest):
            return len(self.sentence)
        if rest[:1] == ",":
            return at + 1
        if self._marked(at, verb) is not None:
            return None
        first = _WORD.match(rest.lstrip())
        word = first[0].rstrip(".") if first else ""
        if (
            word in self.speech.adjunct
            or (verb in _TELLING and word in self.speech.recipients)
            or (word and rest[1:2] in "0123456789")
        ):
            comma = re.match(r"[^,]{1,60},(?=\s[\"“a-z])", rest)
            return at + comma.end() if comma and self._goes_on(at + comma.end()) else len(self.sentence)
        return None if word else len(self.sentence)

    def _goes_on(self, at: int) -> bool:
        return re.match(r"\s(?:[\"“]|``)", self.sentence[at : at + 4]) is not None

    def _content_end(self, at: int) -> int:
        return len(self.sentence[:at].rstrip(" ,"))

    def _tail_end(self, at: int) -> int:
        """The end of the frame: a clause of its own behind it is content again."""
        tail = self.speech.tail.search(self.sentence, at)
        if tail and len(_WORD.findall(self.sentence[tail.end() :])) > 3:
            return tail.end()
        quote = re.search(r"[.,:]?\s(?=[\"“]|``)", self.sentence[at:])
        return at + quote.end() if quote else len(self.sentence)


_CALLING: Final = frozenset({"called", "calls"})
_CALLED: Final = re.compile(r"\s(?:for|on|upon)\s|[^.;]{0,90}[\"“]")
_TELLING: Final = frozenset({"told", "tells", "tell", "assured", "assures"})
_FINITE: Final = frozenset({"is", "are", "was", "were", "has", "have", "had", "will", "would", "could", "should"})
