"""The decision about one statement: new to its story, said before (by whom), or another value of a known figure.

It sees the past of the story only, and calls nothing known without one earlier sentence that says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from storycluster.config import FactsConfig
from storycluster.model import Status
from storycluster.stages.facts.figurebook import FigureBook
from storycluster.stages.facts.memory import Comparison, Memory
from storycluster.stages.facts.nearness import NEARLY, Said, said_by
from storycluster.stages.facts.novelty import NoveltyModel, known_features, new_features
from storycluster.stages.facts.slots import happened_since, names_agree, numbers_agree, speaker_agrees, times_agree
from storycluster.stages.facts.statements import Statement, Told
from storycluster.stages.facts.support import best_support, close_clauses, closest, closest_times
from storycluster.stages.facts.terms import FIGURE_MARK

#: A sentence that says a statement may lack one term of every so many; of a clause of no more terms it has all,
#: as the one that is missing may be what happened.
_TERMS_PER_MISSING: Final = 3
#: A term that weighs less is no loss: a word of a person's title.
_TITLE_WEIGHT: Final = 1.0


class Decision(NamedTuple):
    """A status with its evidence: the earlier sentence, its statement, the terms that are new, the score 0..1.

    ``new_date`` says that the earlier sentence says all but the date.
    """

    status: Status
    containment: float
    support: Told | None
    said_by: Statement | None
    unseen: tuple[str, ...]
    new_date: bool = False


@dataclass(frozen=True, slots=True)
class Judge:
    """What every decision of a run needs."""

    config: FactsConfig
    model: NoveltyModel


def decide(statement: Statement, told: Told, *, memory: Memory[Told], figures: FigureBook, judge: Judge) -> Decision:
    """The status of a statement of the sentence ``told`` against everything its story told before."""
    comparison = memory.compare(statement.weights)
    near = [match for match in comparison.matches if match.containment >= judge.config.known_containment]
    said = [match for match in near if _says(statement, match.sentence, comparison, memory=memory, judge=judge)]
    spoken = [match for match in said if speaker_agrees(statement, match.sentence.statements)]
    match = best_support(statement, told, spoken or said)
    if match:
        earlier = closest(statement, match.sentence)
        status: Status = "known" if spoken else "new_speaker"
        return Decision(status, match.containment, match.sentence, earlier, comparison.unseen)
    chance = judge.model.new.chance(new_features(statement, comparison, memory)) if comparison.matches else 1.0
    can_change = chance >= judge.config.changed_chance
    likely = chance >= judge.config.new_chance
    close = _saying_all_but_figures(comparison.plain_weights, memory, judge) if statement.quantities else ()
    changed = figures.changed(statement, told, close=close) if close or can_change else None
    if changed:
        status, entry = changed
        return Decision(status, comparison.containment, entry.told, entry.statement, comparison.unseen)
    dated = next((match for match in near if can_change and _only_dated(statement, match.sentence)), None)
    if dated:
        earlier = closest(statement, dated.sentence)
        return Decision("new", dated.containment, dated.sentence, earlier, comparison.unseen, new_date=True)
    is_new = likely or (can_change and any(_turned(statement, match.sentence) for match in near))
    return _by_novelty(statement, comparison, new=is_new)


def _says(
    statement: Statement, earlier: Told, comparison: Comparison[Told], *, memory: Memory[Told], judge: Judge
) -> bool:
    """Whether an earlier sentence says the statement, whoever spoke."""
    if not (_same_but_date(statement, earlier) and times_agree(statement, earlier)):
        return False
    said = said_by(comparison.weights, earlier)
    if _lacks_much(comparison.plain_weights, said):
        return False
    return (
        judge.model.known.chance(known_features(statement, earlier, said, memory=memory)) >= judge.config.known_chance
    )


def _lacks_much(weights: Mapping[str, float], said: Said) -> bool:
    """Whether a sentence lacks more of the statement's terms than it may."""
    content = [said.terms[term] for term, weight in weights.items() if weight >= _TITLE_WEIGHT]
    allowed = len(content) // _TERMS_PER_MISSING if len(content) > _TERMS_PER_MISSING else 0
    return sum([near < NEARLY for near in content]) > allowed


def _saying_all_but_figures(weights: Mapping[str, float], memory: Memory[Told], judge: Judge) -> list[Told]:
    """The earlier sentences that have the words of a statement, whatever their values."""
    words = {term: weight for term, weight in weights.items() if not term.startswith(FIGURE_MARK)}
    matches = memory.compare(words).matches
    return [match.sentence for match in matches if match.containment >= judge.config.same_containment]


def _same_but_date(statement: Statement, told: Told) -> bool:
    agrees = names_agree(statement, told) and numbers_agree(statement, told)
    return agrees and not _turned(statement, told)


def _only_dated(statement: Statement, told: Told) -> bool:
    """Whether an earlier sentence without a date of its own says all but the statement's date."""
    return bool(statement.times) and not closest_times(statement, told) and _same_but_date(statement, told)


def _turned(statement: Statement, told: Told) -> bool:
    """Whether the same words now say something else: denied or not denied any more, planned then and done now.

    One clause may say what an earlier sentence said in two: it is enough that one of them was said as it is now.
    """
    return all(
        statement.negated != earlier.negated or happened_since(statement, earlier)
        for earlier in close_clauses(statement, told)
    )


def _by_novelty(statement: Statement, comparison: Comparison[Told], *, new: bool) -> Decision:
    """New, or new in part with the sentence that says most of the rest."""
    support = None if new else comparison.matches[0].sentence
    return Decision(
        "new" if new else "partly_new",
        comparison.containment,
        support,
        closest(statement, support) if support else None,
        comparison.unseen,
    )
