"""Attribution frames of a sentence: who says it, where the frame stands, and which part of the sentence it covers.

"X said that …", "…, X said", "according to X, …", "…", said X. Works on one sentence; pronouns and quotes that go on
over sentences are resolved in ``speakers``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from storycluster.text.speech.quotes import find_quotes
from storycluster.text.speech.rules import SpeechRules, load_speech_rules
from storycluster.text.speech.statements import REACH, Statements
from storycluster.text.wordset import word_set

Covers = Literal["after", "before", "around", "clause"]

#: A sentence longer than this is not read for frames: no sentence of news is, hostile text may be.
MAX_SENTENCE: Final = 3000
MAX_FRAMES: Final = 8
MAX_INVERTED_WORDS: Final = 10
SHORTEST_CONTENT: Final = 2
#: An adverb or auxiliary between subject and verb is no longer than this.
MAX_ADVERB: Final = 24

_FORM: Final = re.compile(r"\b[A-Za-z]{3,20}(?:-out)?\b")
_QUOTE_END: Final = re.compile(r"[,.!?…]?\s?(?:[\"”»]|''|``)\s?,?\s{0,2}\Z|[\w\"”],\s{1,2}\Z")
#: The end of what stands before a subject that tells whether it is a statement, and whether "who" stands there.
_END_REACH: Final = 6
_STATEMENT_END: Final = re.compile(r"(?:[,.!?…]\s?(?:[\"”»]|''|``)|,|[\"”]\s?[–—-]{1,2})\Z")
_CLOSING_MARKS: Final = ('"', "”", "''", "``", "»")
_WORD: Final = re.compile(r"[\w'’.-]+")
_LAST_WORD: Final = re.compile(r"([\w'’]+)\s{1,2}\Z")
_SPEAKER_END: Final = re.compile(
    r",|;|[.!?]?\s*\Z|\s(?:in|on|at|after|as|when|who|during|while|by|before|told|to)\s|[\"“]|\s-"
)
_THAT_OR_QUOTE: Final = re.compile(r"\sthat\s|:\s|,?\s?(?:[\"“]|``)")
_PARTICIPLE_SAYS: Final = re.compile(r"\s(?:(?:reporters|him|her|them)\s)?that\s|:?\s(?=[\"“]|``)")
#: The subject of a participle: some words between ", with" and it.
_WITH_SUBJECT: Final = re.compile(r",\swith\s((?:[^\s,;:\"“”]+\s){0,7}[^\s,;:\"“”]+)\s\Z")
_IT: Final = re.compile(r"(?:^|[\s,])(it)\s?\Z", re.IGNORECASE)
_IT_SAYS: Final = re.compile(r"\s(?:[^,;:.\"“]{0,60}?\s)?that\s")
_STOP_BEHIND: Final = re.compile(r"\s?[.!?]\s(?=\w)")
_RELATIVE: Final = re.compile(r"\b(?:which|whom|that|where)\s\Z")
_RELATIVE_BEFORE: Final = re.compile(r"\b(?:which|that|who)\Z")
_AUXILIARY_AFTER: Final = re.compile(r"\s(?:is|are|was|were|has|had|have|will|would|could|may|might)\b")


class Frame(NamedTuple):
    """One frame. [start, end) is no content; ``speaker`` is a span (None: "it was reported that").

    ``covers`` tells which side is said; "clause" frames are content themselves, from ``start`` on.
    """

    start: int
    end: int
    speaker: tuple[int, int] | None
    verb: str
    covers: Covers


class _Verb(NamedTuple):
    """A form of a verb of saying in the sentence, in lower case."""

    start: int
    end: int
    form: str


def find_frames(sentence: str, *, language: str = "en") -> list[Frame]:
    """The frames of a sentence in order, none overlapping.

    >>> frame = find_frames("The ferry sank, police said on Monday.")[0]
    >>> frame.covers, "The ferry sank, police said on Monday."[slice(*frame.speaker)]
    ('before', 'police')
    """
    rules = load_speech_rules(language)
    if rules is None or len(sentence) > MAX_SENTENCE or rules.cues.isdisjoint(word_set(sentence)):
        return []
    verbs = _find_verbs(sentence, rules)
    sources = list(rules.attribution.finditer(sentence))
    if not verbs and not sources:
        return []
    reader = _Reader(sentence, rules)
    frames: list[Frame] = []
    for frame in sorted(reader.read(verbs, sources), key=lambda f: (f.start, f.end)):
        if (not frames or frame.start >= frames[-1].end) and len(frames) < MAX_FRAMES:
            frames.append(frame)
    return frames


def _find_verbs(sentence: str, rules: SpeechRules) -> list[_Verb]:
    verbs = []
    for match in _FORM.finditer(sentence):
        form = match[0].casefold()
        if form in rules.forms:
            longer = rules.quoted_as.match(sentence, match.start())
            end = longer.end() if longer else match.end()
            verbs.append(_Verb(match.start(), end, sentence[match.start() : end].casefold()))
    return verbs


class _Reader:
    """Reads one sentence; keeps the last subject for "…, but stressed that …" and participles."""

    def __init__(self, sentence: str, rules: SpeechRules) -> None:
        self.sentence, self.rules = sentence, rules
        self.quotes = find_quotes(sentence)
        self.statements = Statements(sentence, rules)
        self.subject: tuple[int, int] | None = None

    def read(self, verbs: list[_Verb], sources: list[re.Match[str]]) -> Iterator[Frame]:
        for match in sources:
            if not self._quoted(match.start()):
                yield self._attribution(match)
        read_to = 0
        for verb in verbs:
            frame = None if verb.start < read_to or self._quoted(verb.start) else self._frame(verb)
            if frame:
                read_to = max(read_to, frame.end)
                yield frame

    def _quoted(self, at: int) -> bool:
        return any(start <= at < end for start, end in self.quotes)

    def _attribution(self, match: re.Match[str]) -> Frame:
        """Reads "According to X, …" and "…, according to X"."""
        before = self.sentence[: match.start()].rstrip(" ,")
        end = self.rules.subjects.end_of_source(self.sentence, match.end(), leads=not before)
        speaker = (match.end(), len(self.sentence[:end].rstrip(" ,.;")))
        return Frame(len(before), end, speaker, match[0].strip().casefold(), "before" if before else "after")

    def _frame(self, verb: _Verb) -> Frame | None:
        left = self._subject_end(verb.start)
        skipped = _WORD.findall(self.sentence[left : verb.start].casefold())
        if verb.form in self.rules.participles:
            return self._participle(verb)
        passive = self.rules.passive.intersection(skipped)
        if passive and verb.form not in self.rules.states and not self._is_quoted_as(verb):
            return self._impersonal(verb, left)
        if self.rules.blocking.intersection(skipped) and not self._is_denial(skipped):
            return None
        if left == verb.start and _QUOTE_END.search(self.sentence[max(0, left - 6) : left]):
            inverted = self._inverted(verb)
            if inverted:
                return inverted
        subject = self.rules.subjects.before(self.sentence, left, last=self.subject)
        if subject is None or (verb.form in self.rules.nouns and not self._is_verb(verb.end, subject)):
            return None
        own = not self.sentence[subject[1] : left].strip(" ,")
        self.subject = subject
        start = subject[0] if own else left
        return self._refusal(verb, start) if "not" in skipped else self._statement(verb, start, own=own)

    def _is_quoted_as(self, verb: _Verb) -> bool:
        return " " in verb.form

    def _is_verb(self, at: int, subject: tuple[int, int]) -> bool:
        """Whether "calls", "reports", "states" is no noun: behind a name or pronoun, or before "that" or a quote."""
        last = _WORD.findall(self.sentence[slice(*subject)])[-1:]
        if last and (last[0] in self.rules.forms or last[0].endswith("ed")):
            return False
        named = bool(last) and (last[0][:1].isupper() or last[0].casefold() in self.rules.pronouns)
        return named or _THAT_OR_QUOTE.match(self.sentence, at) is not None

    def _is_denial(self, skipped: list[str]) -> bool:
        return "not" in skipped and bool({"did", "does", "do"}.intersection(skipped))

    def _subject_end(self, at: int) -> int:
        """Where the subject ends: before the verb and the auxiliaries and adverbs right in front of it."""
        while True:
            word = _LAST_WORD.search(self.sentence, max(0, at - MAX_ADVERB), at)
            if not word or word[1].casefold() not in self.rules.between:
                return at
            at = word.start()

    def _participle(self, verb: _Verb) -> Frame | None:
        """Reads "…, adding that …", and "…, with X expecting …", which has a subject of its own."""
        said = _PARTICIPLE_SAYS.match(self.sentence, verb.end)
        own = _WITH_SUBJECT.search(self.sentence, max(0, verb.start - REACH), verb.start)
        if own and not self.rules.subjects.has_verb(own[1]):
            self.subject = own.span(1)
            at = own.start(1)
            return Frame(at, said.end(), self.subject, verb.form, "after") if said else self._act(at, verb.form)
        before = self.sentence[: verb.start].rstrip()
        if not said or not before.endswith((",", *_CLOSING_MARKS)) or self.subject is None:
            return None
        return Frame(len(before.rstrip(",")), said.end(), self.subject, verb.form, "after")

    def _impersonal(self, verb: _Verb, left: int) -> Frame | None:
        """Reads "It is noted that …", a frame without a speaker."""
        opening = _IT.search(self.sentence, max(0, left - 4), left)
        said = _IT_SAYS.match(self.sentence, verb.end, verb.end + REACH)
        return Frame(opening.start(1), said.end(), None, verb.form, "after") if opening and said else None

    def _inverted(self, verb: _Verb) -> Frame | None:
        """Reads "…", said X."""
        first = _WORD.search(self.sentence, verb.end, verb.end + REACH)
        stop = _SPEAKER_END.search(self.sentence, verb.end + 1, verb.end + 1 + REACH)
        says = verb.form in self.rules.say or verb.form in self.rules.report
        if not says or first is None or stop is None or first[0].casefold() in self.rules.adjunct | {"that"}:
            return None
        speaker = (first.start(), stop.start())
        if speaker[1] <= speaker[0] or not self._is_inverted(verb, speaker, first[0]):
            return None
        self.subject = speaker
        end = self.statements.tail_end(speaker[1])
        return Frame(self._content_end(verb.start), end, speaker, verb.form, "before")

    def _is_inverted(self, verb: _Verb, speaker: tuple[int, int], first: str) -> bool:
        """Behind a quote always; behind a bare comma only where a name or "a", "the" opens no clause."""
        if self.sentence[: verb.start].rstrip(" ,").endswith(_CLOSING_MARKS):
            return True
        words = _WORD.findall(self.sentence[slice(*speaker)])
        plain = len(words) <= MAX_INVERTED_WORDS and not self.rules.auxiliaries.intersection(words)
        named = any(word[0].isupper() for word in words) or first in self.rules.sources
        states = self.rules.subjects.has_verb(self.sentence[: verb.start])
        return plain and named and states and verb.form in self.rules.inverting

    def _statement(self, verb: _Verb, start: int, *, own: bool) -> Frame | None:
        """Reads a verb with its subject: behind, inside or before what is said, or an act of speech."""
        form = verb.form
        says = form in self.rules.say or self._is_quoted_as(verb)
        reports = says or form in self.rules.report
        before = self.sentence[:start].rstrip()
        if (
            own
            and reports
            and len(_WORD.findall(before)) >= SHORTEST_CONTENT
            and _STATEMENT_END.search(before[-_END_REACH:])
        ):
            behind = self._behind(verb, start, before)
            if behind:
                return behind
        if _RELATIVE_BEFORE.search(before[-_END_REACH:]) and _AUXILIARY_AFTER.match(self.sentence, verb.end):
            return Frame(start, verb.end + 1, self.subject, form, "after")
        command = self.statements.is_command(verb.end, form)
        opening = self.statements.opening(verb.end, form, says=says) if reports else None
        if opening is not None and not command and form not in self.rules.states:
            return Frame(start, opening, self.subject, form, "after")
        return self._act(start, form) if command or self.statements.is_act(verb.end, form) else None

    def _behind(self, verb: _Verb, start: int, before: str) -> Frame | None:
        """Reads "…, X said" and "…, X said, …"; what follows a full stop behind the verb is said by nobody."""
        stop = _STOP_BEHIND.match(self.sentence, verb.end)
        if stop:
            return Frame(self._content_end(start), stop.end(), self.subject, verb.form, "before")
        closes = self.statements.closing(verb.end, verb.form)
        if closes is None:
            return None
        if closes >= len(self.sentence):
            end = self.statements.tail_end(verb.end)
            return Frame(self._content_end(start), end, self.subject, verb.form, "before")
        if self.rules.subjects.is_lead_in(before):
            return None
        return Frame(self._content_end(start), closes, self.subject, verb.form, "around")

    def _refusal(self, verb: _Verb, start: int) -> Frame | None:
        """Reads "X did not confirm …"."""
        return self._act(start, f"not {verb.form}") if self.statements.is_act(verb.end, verb.form) else None

    def _act(self, start: int, form: str) -> Frame:
        """An act of speech is content itself, with the "which" before it in "which it views as …"."""
        relative = _RELATIVE.search(self.sentence, max(0, start - 8), start)
        at = relative.start() if relative else start
        return Frame(at, at, self.subject, form, "clause")

    def _content_end(self, at: int) -> int:
        return len(self.sentence[:at].rstrip(" ,"))
