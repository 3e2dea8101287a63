"""Repeats inside one article: a headline, standfirst or embedded post that a sentence of the text says as well.

It looks at one article only; what other articles said is not its subject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from storycluster.config import FactsConfig
from storycluster.stages.facts.memory import Memory
from storycluster.stages.facts.slots import numbers_agree, times_agree
from storycluster.stages.facts.statements import LEAST_TERMS, Statement, Told
from storycluster.stages.facts.terms import FIGURE_MARK, NAME_MARK
from storycluster.text.lexicon import NUMBER_MARK, Word

_ADDRESS: Final = re.compile(r"\w\.[a-z]{2,10}/|https?://")
#: So many terms may all be in capitals and still state something: a headline.
_HEADLINE_TERMS: Final = 4
#: Content terms a clause needs where its sentence has several: with fewer it is a scrap ("the confirmation comes").
_LEAST_OF_SEVERAL: Final = 3
#: Names and figures alone are a label: "Ada Kling, 52".
_LABEL: Final = (NAME_MARK, FIGURE_MARK)
#: The text speaks first, then what repeats it: the words of the text stay, the headline's go.
_TURN: Final = {"body": 0, "quote": 0, "embedded": 1, "standfirst": 2, "headline": 3}


def drop_repeats(sentences: Sequence[Told], config: FactsConfig) -> list[tuple[Told, Statement]]:
    """The statements of an article that no other of its sentences makes, in the order of the article.

    A clause of fewer than ``LEAST_TERMS`` terms, of names, ages and addresses only, or one that asks, states nothing
    and is left out.
    """
    if len(sentences) == 1:
        return [(told, statement) for told in sentences for statement in told.statements if _states(statement, told)]
    memory: Memory[Told] = Memory()
    kept: list[tuple[int, int, Told, Statement]] = []
    for place, told in sorted(enumerate(sentences), key=lambda each: (_TURN.get(each[1].role, 0), each[0])):
        for number, statement in enumerate(told.statements):
            if _states(statement, told) and not _repeats(statement, memory, config):
                kept.append((place, number, told, statement))
        memory.add(told)
    return [(told, statement) for _, _, told, statement in sorted(kept, key=lambda each: each[:2])]


def _states(statement: Statement, told: Told) -> bool:
    """Whether a clause says enough to be read alone; one among others of its sentence must say more."""
    if statement.asks or (" " not in statement.text.strip() and _ADDRESS.search(statement.text)):
        return False
    words: Sequence[Word] = statement.words
    for time in statement.times:
        words = [word for word in words if not time.start <= word.start < time.end]
    words = [word for word in words if word.term[0] != NUMBER_MARK]
    terms = {word.term for word in words}
    plain = any(not word.capital for word in words)
    least = LEAST_TERMS if len(told.statements) == 1 or statement.times or statement.quantities else _LEAST_OF_SEVERAL
    return len(terms) >= (least if plain else _HEADLINE_TERMS) and not all(term.startswith(_LABEL) for term in terms)


def _repeats(statement: Statement, memory: Memory[Told], config: FactsConfig) -> bool:
    """Whether one sentence of the article says it: most of its weight, every number and date, same negation."""
    least = config.same_containment if _TURN.get(statement.role, 0) == 0 else config.repeat_containment
    weights = statement.weights
    if not memory.may_contain(weights, least):
        return False
    comparison = memory.compare(weights)
    return any(
        match.containment >= least
        and numbers_agree(statement, match.sentence)
        and times_agree(statement, match.sentence)
        and any(statement.negated == each.negated for each in match.sentence.statements)
        for match in comparison.matches
    )
