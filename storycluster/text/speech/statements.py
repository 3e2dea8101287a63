"""Where what is said begins and ends around a verb of saying: past listeners, times and places.

Works on one sentence and one verb; whose statement it is, ``frames`` and ``subjects`` find out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from storycluster.text.speech.rules import SpeechRules

#: What is said begins at most this far behind the verb ("told a packed news conference in the capital that …").
REACH: Final = 110
MAX_ADJUNCT_WORDS: Final = 14
#: "Told reporters on Monday in a statement": no more adjuncts than this follow each other.
MAX_ADJUNCTS: Final = 3
#: A clause behind a frame needs more words than this to be content of its own.
MIN_TAIL_WORDS: Final = 3

#: One of these stands in every match of the pattern below, which is slow to fail.
_MARKS: Final = ("that", ":", '"', "“", "``")
_THAT: Final = re.compile(
    r"[^;:\"“”`]{0,110}?\bthat\s(?!of\b)|[^;\"“”`]{0,110}?:\s{1,2}(?=\S)|[^;:\"“”`]{0,70}?,?\s(?=[\"“]|``)"
)
_END: Final = re.compile(r"[\s.!?,;:\"”'’]*\Z")
_WORD: Final = re.compile(r"[\w'’.-]+")
_QUOTE: Final = re.compile(r"\s(?:[\"“]|``)")
_BEFORE_QUOTE: Final = re.compile(r"[.,:]?\s(?=[\"“]|``)")
_UP_TO_COMMA: Final = re.compile(r"[^,]{1,60},(?=\s[\"“a-z])")
#: "Told him to leave" is an order, not a statement.
_COMMAND: Final = re.compile(r"\s(?!that\b)(?:[\w.'’-]{1,20}\s){1,6}(?:not\s)?to\s[a-z]")
_CALLED: Final = re.compile(r"\s(?:for|on|upon)\s|[^.;]{0,90}[\"“]")


@dataclass(frozen=True, slots=True)
class Statements:
    """Reads one sentence with the rules of its language; every offset is one of the sentence."""

    sentence: str
    rules: SpeechRules

    def opening(self, at: int, verb: str, *, says: bool) -> int | None:
        """Where what is said begins behind the verb that ends at ``at``; None where nothing tells of a statement."""
        marked = self.marked(at, verb)
        if marked is not None or not says:
            return marked
        spaced = self.sentence[at : at + 1].isspace() and not _END.match(self.sentence, at)
        states = verb in self.rules.plain or self.rules.subjects.has_verb(self.sentence[at : at + REACH])
        return self._after_adjuncts(at) if spaced and states else None

    def marked(self, at: int, verb: str) -> int | None:
        """Behind "that", a colon or before a quote, where only a listener, a time or a place stands in between."""
        behind = self.sentence[at : at + REACH + 8]
        marked = _THAT.match(self.sentence, at, at + REACH + 8) if any(mark in behind for mark in _MARKS) else None
        if marked is None:
            return None
        between = [word for word in _WORD.findall(marked[0].casefold()) if word != "that"]
        if not between:
            return marked.end()
        listed = between[0] in self.rules.adjunct or verb in self.rules.telling
        return marked.end() if listed and len(between) <= MAX_ADJUNCT_WORDS and not self._is_finite(between) else None

    def _is_finite(self, words: list[str]) -> bool:
        return any(word in self.rules.auxiliaries for word in words)

    def _after_adjuncts(self, at: int) -> int:
        """Past "on Monday", "reporters", "in a statement" behind a verb that needs no "that"."""
        for _ in range(MAX_ADJUNCTS):
            match = self.rules.listener.match(self.sentence, at, at + REACH)
            if not match:
                break
            at = match.end()
        while self.sentence[at : at + 1] in {" ", ",", "\n"}:
            at += 1
        return at

    def closing(self, at: int, verb: str) -> int | None:
        """Where a frame that stands behind its statement ends; None where a statement follows the verb."""
        if _END.match(self.sentence, at):
            return len(self.sentence)
        if self.sentence[at] == ",":
            return at + 1
        if self.marked(at, verb) is not None:
            return None
        rest = self.sentence[at:]
        words = _WORD.findall(rest)
        if not words or (verb in self.rules.telling and not self._is_finite(words)):
            return len(self.sentence)
        first = words[0].rstrip(".").casefold()
        listener = verb in self.rules.telling and first in self.rules.recipients
        if not (first in self.rules.adjunct or listener or first[:1].isdigit()):
            return None
        comma = _UP_TO_COMMA.match(rest)
        return at + comma.end() if comma and _QUOTE.match(rest, comma.end()) else len(self.sentence)

    def tail_end(self, at: int) -> int:
        """The end of a frame: a clause of its own behind it, and a quote, are content again."""
        tail = self.rules.tail.search(self.sentence, at)
        if tail and len(_WORD.findall(self.sentence[tail.end() :])) > MIN_TAIL_WORDS:
            return tail.end()
        quote = _BEFORE_QUOTE.search(self.sentence, at)
        return quote.end() if quote else len(self.sentence)

    def is_command(self, at: int, verb: str) -> bool:
        """Whether "told …" goes on with an order: "told him to leave"."""
        return verb in self.rules.telling and _COMMAND.match(self.sentence, at) is not None

    def is_act(self, at: int, verb: str) -> bool:
        """Whether an act is one of speech: "called for", "called it a lie" in quotes, but not "called a meeting"."""
        if verb not in self.rules.act:
            return False
        if verb in self.rules.calling:
            return _CALLED.match(self.sentence, at, at + REACH) is not None
        return verb not in self.rules.with_to or self.sentence.startswith(" to ", at)
