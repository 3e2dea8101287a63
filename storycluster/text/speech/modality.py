"""How a clause states its content: as fact, claim, plan, possibility or denial; and whether it is negated.

Reads cue words of the clause itself; who says it, and in what kind of frame, comes from the caller.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from storycluster.model import Modality
from storycluster.text.alternation import beginning
from storycluster.text.rules import load_rules
from storycluster.text.wordset import Cue, rare_words, word_set

_TO: Final = "to"
_TO_VERB: Final = re.compile(r"\sto\s([a-z]{2,20})\b")


@dataclass(frozen=True, slots=True)
class _Cues:
    """Patterns of what a clause may be; ``any`` are words of them all but those of negation."""

    planned: Cue
    possible: Cue
    reported: Cue
    denied: Cue
    not_denied: Cue
    any: frozenset[str]
    negation: Cue
    not_negation: Cue
    base: frozenset[str]
    finite: frozenset[str]
    lead_in: frozenset[str]


@cache
def _cues(language: str) -> _Cues | None:
    rules = load_rules(language, "clauses").get("modality")
    if not rules:
        return None
    verbs = load_rules(language, "verbs")
    finite = {word for key in ("auxiliaries", "past", "present") for word in verbs[key].split()}
    patterns = {key: _words(rules[key]) for key in rules}
    lead_in = load_rules(language, "speech")["words"]["lead_in"].split()
    base = frozenset(verbs["base"].split())
    any_cue = frozenset().union(*(patterns[key].words for key in ("denied", "planned", "possible", "reported")))
    return _Cues(**patterns, any=any_cue, base=base, finite=frozenset(finite), lead_in=frozenset(lead_in))


def _words(phrases: Sequence[str]) -> Cue:
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    inner = "|".join(re.escape(phrase).replace(r"\ ", r"\s") for phrase in ordered)
    pattern = re.compile(rf"(?={beginning(phrases)})(?:(?<![\w])|(?<=\w)(?=n't|'ll))(?:{inner})(?![\w])", re.IGNORECASE)
    return Cue(pattern, rare_words(phrases))


def read_modality(clause: str, *, claimed: bool, denied: bool = False, of: str = "", language: str = "en") -> Modality:
    """The modality of a clause; ``claimed`` where a speaker states it, ``denied`` where the frame denies it.

    ``of`` is the sentence that the clause is a piece of, whose words are at hand.

    >>> read_modality("the ferry will sail on Monday", claimed=True), read_modality("the ferry sank", claimed=True)
    ('planned', 'claimed')
    """
    cues = _cues(language)
    of = of or clause
    if cues is None:
        return "claimed" if claimed else "asserted"
    if not denied and cues.any.isdisjoint(word_set(of)):
        return "planned" if _is_headline_plan(clause, cues, of=of) else "claimed" if claimed else "asserted"
    if denied or (cues.denied.search(clause, of=of) and not cues.not_denied.search(clause, of=of)):
        return "denied"
    if cues.planned.search(clause, of=of) or _is_headline_plan(clause, cues, of=of):
        return "planned"
    if cues.possible.search(clause, of=of):
        return "possible"
    return "claimed" if claimed or cues.reported.search(clause, of=of) else "asserted"


def is_negated(clause: str, *, of: str = "", language: str = "en") -> bool:
    """Whether a clause says that something is not so; ``of`` as in ``read_modality``.

    >>> is_negated("nobody was hurt"), is_negated("not only Paris but Rome agreed")
    (True, False)
    """
    cues = _cues(language)
    if cues is None or cues.negation.words.isdisjoint(word_set(of or clause)):
        return False
    plain = clause.replace("’", "'")
    return cues.negation.pattern.search(cues.not_negation.pattern.sub(" ", plain)) is not None


def is_infinitive(clause: str, *, language: str = "en") -> bool:
    """Whether a clause begins with an infinitive and so depends on the clause before it.

    >>> is_infinitive("to discuss the treaty"), is_infinitive("meet with officials"), is_infinitive("the treaty")
    (True, True, False)
    """
    words = clause.split(maxsplit=2)
    cues = _cues(language)
    if cues is None or len(words) < 2:
        return False
    return words[0] in cues.base or (words[0] == "to" and words[1].islower())


def _is_headline_plan(clause: str, cues: _Cues, *, of: str) -> bool:
    """ "Minister to visit Rome": an infinitive and no finite verb."""
    match = _TO_VERB.search(clause) if _TO in word_set(of) else None
    if match is None or match[1] not in cues.base or match.start() == 0:
        return False
    words = clause.casefold().split()
    return words[0] not in cues.lead_in and not any(w in cues.finite or w.endswith(("ed", "ing")) for w in words)
