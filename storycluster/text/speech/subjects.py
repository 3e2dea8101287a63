"""Where the subject of a verb of saying stands in its sentence: before the verb, past lead-ins and appositions.

Goes by commas and closed lists of words; it names no grammar beyond that and returns None rather than half a clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from storycluster.text.rules import load_rules

MAX_SUBJECT_WORDS: Final = 22
REACH: Final = 240
#: "X, 37, a captain of the guard, said": a subject has no more parts between commas than this.
MAX_APPOSITIONS: Final = 4

_HARD_STOP: Final = re.compile(
    r"(?=[\"”»';:\s),])(?:(?:[\"”»]|''),?\s|[;:]\s|\s[—–-]{1,2}\s|\)\s|,?\s(?:and|but)\s(?=(?:also|later|then|has|have|had)?\s?\Z))"
)
_COMMA: Final = re.compile(r",\s")
_WORD: Final = re.compile(r"[\w'’.-]+")
_DATE_PART: Final = re.compile(r"(?:\d{1,4}|[A-Z][a-z]{2,8}\.?\s\d{1,2}|aged?\s\d{1,3}|Jr\.?|Sr\.?)\Z")
_APPOSITION: Final = re.compile(
    r"(?:an?|the|his|her|their|its|who|whose|which|of|from|\d{1,3}\b|[a-z]+(?:\s[\w-]+){0,3}\s(?:of|at|for|with|in)\b|[a-z-]+\Z)"
)
_AND_OR: Final = re.compile(r"\s?(?:and|or)\s")
#: "And", "but" or "then" right before a verb, with what stands before it.
_JOINED: Final = re.compile(r"(?:^|[\s,])(?:and|but|then)\s{0,2}\Z")
_JOINED_REACH: Final = 7
_SOURCE_END: Final = re.compile(r",\s|;\s|[.!?]?[\"”']*\Z|\s[—–-]{1,2}\s")
_SOURCE_APPOSITION: Final = re.compile(
    r"(?:the|a|an|who|which|whose|his|her|head|chief|director|president|\d{1,3})\b[^,;]{0,90},\s"
)
_SOURCE_CLAUSE: Final = re.compile(r"\s(?=(?:after|as|when|while|but|and|because|although|who)\s)")


@dataclass(frozen=True, slots=True)
class SubjectFinder:
    """Finds subjects with the word lists of one language."""

    lead_in: frozenset[str]
    stops: re.Pattern[str]
    finite: frozenset[str]
    past: frozenset[str]
    relative: frozenset[str]
    no_subject: frozenset[str]

    def before(self, sentence: str, end: int, *, last: tuple[int, int] | None) -> tuple[int, int] | None:
        """The span of the subject that ends at ``end``; ``last`` where the verb is joined to an earlier one."""
        floor = max(0, end - REACH)
        window = sentence[floor:end]
        if _JOINED.search(window[-_JOINED_REACH:]):
            return last or self._first_subject(sentence, end)
        begin = self._clause_start(window)
        parts = _split(window, begin)
        parts = self._drop_lead_in(parts, window)
        span = self._choose(parts, window)
        if span is None:
            return None
        start, stop = floor + span[0], floor + span[1]
        words = _WORD.findall(sentence[start:stop])
        if not words or len(words) > MAX_SUBJECT_WORDS or words[0].casefold() in self.finite | self.no_subject:
            return None
        if words[-1].endswith(("'s", "’s")):
            return None
        if words[-1].casefold() in self.relative:
            return self._antecedent(sentence, start) if len(words) == 1 else None
        return None if self._is_clause(words) else (start, stop)

    def _first_subject(self, sentence: str, end: int) -> tuple[int, int] | None:
        """What the sentence begins with, up to its first verb: the subject of a second verb joined by "and"."""
        parts = self._drop_lead_in(_split(sentence[:end], 0), sentence[:end])
        start = parts[0][0]
        for word in _WORD.finditer(sentence, start, min(end, start + REACH)):
            plain = word[0].casefold()
            if plain in self.finite or plain in self.past or (plain.endswith("ed") and word.start() > start):
                stop = len(sentence[: word.start()].rstrip(" ,"))
                return (start, stop) if start < stop else None
        return None

    def _clause_start(self, window: str) -> int:
        begin = 0
        for match in _HARD_STOP.finditer(window):
            begin = match.end()
        return begin

    def _drop_lead_in(self, parts: list[tuple[int, int]], window: str) -> list[tuple[int, int]]:
        if len(parts) < 2 or not self._leads(window[slice(*parts[0])]):
            return parts
        rest = parts[1:]
        while len(rest) > 1 and _DATE_PART.match(window[slice(*rest[0])].strip()):
            rest = rest[1:]
        return rest if any(window[slice(*part)].strip() for part in rest) else parts

    def _leads(self, part: str) -> bool:
        first = _WORD.match(part.lstrip(' "“`'))
        return first is not None and first[0].casefold() in self.lead_in

    def _choose(self, parts: list[tuple[int, int]], window: str) -> tuple[int, int] | None:
        """The last part; with the part before it where the verb stands behind a comma (an apposition)."""
        filled = [part for part in parts if window[slice(*part)].strip()]
        if not filled:
            return None
        closed = not window[slice(*parts[-1])].strip()
        first = len(filled) - 1
        while closed and first > 0 and self._belongs(window, filled, first):
            first -= 1
        if not closed and _DATE_PART.match(window[slice(*filled[-1])].strip()):
            first = max(0, first - 1)
        if not closed and first > 0 and self._is_one_phrase(window, filled):
            first = 0
        if not closed and _AND_OR.match(window, *filled[-1]):
            first = self._list_start(filled, window)
        start = self._after_stop(window, filled[first][0], filled[first][1])
        return (start, len(window[: filled[-1][1]].rstrip(" ,"))) if start < filled[-1][1] else None

    def _belongs(self, window: str, filled: list[tuple[int, int]], first: int) -> bool:
        """Whether the part before ``first`` is the head of an apposition, not what is said."""
        last = first == len(filled) - 1
        apposition = last or _APPOSITION.match(window[slice(*filled[first])].strip()) is not None
        says = not last and self.has_verb(window[slice(*filled[first - 1])])
        return apposition and not says and len(filled) - first < MAX_APPOSITIONS

    def _is_one_phrase(self, window: str, filled: list[tuple[int, int]]) -> bool:
        """Whether all parts are one subject with commas inside: no verb in them, no new clause in the last."""
        last = window[slice(*filled[-1])].strip()
        opens = self.stops.match(f"{last} ") is not None
        return not opens and not self.has_verb(window[filled[0][0] : filled[-1][0]])

    def _list_start(self, filled: list[tuple[int, int]], window: str) -> int:
        """Where a list such as "France, Italy, and Spain" begins."""
        first = len(filled) - 1
        while first > 0 and not self._is_clause(_WORD.findall(window[slice(*filled[first - 1])])):
            first -= 1
        return first

    def _after_stop(self, window: str, start: int, end: int) -> int:
        """Past a conjunction inside the part: "while the army said" begins with the army."""
        begin = start + len(window[start:end]) - len(window[start:end].lstrip())
        for match in self.stops.finditer(window, start, end):
            if match.end() < end:
                begin = match.end()
        return begin

    def has_verb(self, part: str) -> bool:
        """Whether a stretch of a sentence holds a word that may be its verb.

        >>> load_subject_finder("en").has_verb("the ferry sank"), load_subject_finder("en").has_verb("the old ferry")
        (True, False)
        """
        return any(
            w in self.finite or w in self.past or w.endswith(("ed", "ing")) for w in _WORD.findall(part.casefold())
        )

    def _is_clause(self, words: list[str]) -> bool:
        return any(word.casefold() in self.finite for word in words)

    def _antecedent(self, sentence: str, at: int) -> tuple[int, int] | None:
        """What "who" stands for: the words before the comma, back to the last preposition or comma."""
        before = sentence[max(0, at - 90) : at].rstrip(" ,")
        cut = max((m.end() for m in _ANTECEDENT_STOP.finditer(before)), default=0)
        start = at - len(sentence[max(0, at - 90) : at]) + cut
        stop = start + len(before) - cut
        return (start, stop) if stop > start else None

    def is_lead_in(self, before: str) -> bool:
        """Whether what stands before a subject is only a phrase of time or place, no statement.

        >>> load_subject_finder("en").is_lead_in("After the meeting,"), load_subject_finder("en").is_lead_in("It sank,")
        (True, False)
        """
        if before[-1:] in "\"”»'":
            return False
        begin = self._clause_start(before + " ")
        part = before[begin:]
        return (self._leads(part) and not self._has_finite(part)) or not part.strip(" ,")

    def _has_finite(self, part: str) -> bool:
        words = _WORD.findall(part)
        subordinate = bool(words) and words[0].casefold() in _SUBORDINATORS
        return not subordinate and any(word.casefold() in self.finite for word in words)

    def end_of_source(self, sentence: str, at: int, *, leads: bool) -> int:
        """Where the source behind "according to" ends; past appositions where it stands in front."""
        match = _SOURCE_END.search(sentence, at)
        end = match.end() if match else len(sentence)
        if not leads:
            return self._end_behind(sentence, at, end)
        rest = sentence[end:]
        apposition = _SOURCE_APPOSITION.match(rest)
        if apposition and not self._has_finite(apposition[0]) and len(rest) > apposition.end() + 10:
            return end + apposition.end()
        return end

    def _end_behind(self, sentence: str, at: int, end: int) -> int:
        clause = _SOURCE_CLAUSE.search(sentence, at, end)
        return clause.end() if clause and len(sentence) - clause.end() > 30 and clause.start() > at else end


_SUBORDINATORS: Final = frozenset(
    {"after", "as", "when", "while", "if", "although", "though", "because", "since", "before", "until", "once", "asked"}
)
_ANTECEDENT_STOP: Final = re.compile(
    r",\s|;\s|\b(?:with|by|from|to|of|for|against|than|and|told|in|at|on|between|is|was)\s"
)


def _split(window: str, begin: int) -> list[tuple[int, int]]:
    parts, at = [], begin
    for match in _COMMA.finditer(window, begin):
        parts.append((at, match.start()))
        at = match.end()
    parts.append((at, len(window)))
    return parts


@cache
def load_subject_finder(language: str = "en") -> SubjectFinder:
    """The finder of a language; it finds nothing useful where the language has no word lists.

    >>> finder = load_subject_finder("en")
    >>> finder.before("After the vote, the mayor said", 25, last=None)
    (16, 25)
    """
    words = load_rules(language, "speech").get("words", {})
    verbs = load_rules(language, "verbs")
    stops = "|".join(words.get("stops", "that").split())
    return SubjectFinder(
        lead_in=frozenset(words.get("lead_in", "").split()),
        stops=re.compile(rf"(?<![\w'’-])(?:{stops})\s", re.IGNORECASE),
        finite=frozenset(word for word in verbs.get("auxiliaries", "").split() if word[0] != "'"),
        past=frozenset(verbs.get("past", "").split()),
        relative=frozenset(words.get("relative", "").split()),
        no_subject=frozenset(words.get("lead_in", "").split()) - frozenset(words.get("determiners", "").split()),
    )
