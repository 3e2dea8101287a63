"""The learned chances that a statement is known to its story, or new to it, from few counts against what was told.

Two logistic models over the same features; their weights are learned by ``benchmarks/facts_learn.py`` and shipped
as data. A chance alone never makes a statement known: that takes one earlier sentence (see ``decide``).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final

from storycluster.stages.facts.memory import Comparison, Memory
from storycluster.stages.facts.nearness import NEARLY, Said
from storycluster.stages.facts.slots import names_agree, times_agree
from storycluster.stages.facts.statements import Statement, Told

_FILE: Final = "novelty.toml"
#: An ordinary word weighs from _COMMON (one running word in 16,000) to below _UNUSUAL (one in 250,000).
_COMMON: Final = 3.2
_UNUSUAL: Final = 4.4
#: A term in at most so many earlier sentences is still rare in its story.
RARE: Final = 3


@dataclass(frozen=True, slots=True)
class Logistic:
    """Weights by feature name, and what is added to their sum."""

    weights: Mapping[str, float]
    intercept: float

    def chance(self, features: Mapping[str, float]) -> float:
        """Chance 0..1: 1 / (1 + exp(-(intercept + Σ weight·feature))).

        >>> Logistic({"told": 2.0}, -2.0).chance({"told": 1.0, "rare": 9.0})
        0.5
        """
        total = self.intercept + sum([weight * features[name] for name, weight in self.weights.items()])
        return 1.0 / (1.0 + math.exp(-total))


@dataclass(frozen=True, slots=True)
class NoveltyModel:
    """The chance of being known in substance, and the chance of being new."""

    known: Logistic
    new: Logistic


def load_novelty_model() -> NoveltyModel:
    """The model shipped with the package."""
    raw = tomllib.loads(resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))
    known, new = (
        Logistic(dict(sorted(raw[name]["weights"].items())), raw[name]["intercept"]) for name in ("known", "new")
    )
    return NoveltyModel(known, new)


def known_features(statement: Statement, told: Told, said: Said, *, memory: Memory[Told]) -> dict[str, float]:
    """Features of a statement against one earlier sentence; shares are 0..1.

    ``said`` as in ``Said.share``; ``letters`` the share of the statement's letter grams that the story has;
    ``names`` ln(1 + capital words not nearly in the sentence), ``missing`` the same of all terms; ``last`` how
    nearly it has the last term: what is new tends to stand last; ``dates`` 1 where it lacks a date, ``named`` 1
    where it or the one before has all names the statement is about; ``sentence`` ln(1 + its terms): a long sentence
    holds many words by chance.
    """
    capitals = {word.term for word in statement.words if word.capital}
    return {
        "said": said.share,
        "letters": memory.letters(statement.terms),
        "names": math.log1p(sum([said.terms[term] < NEARLY for term in capitals])),
        "missing": math.log1p(said.missing),
        "last": said.terms[statement.words[-1].term] if statement.words else 0.0,
        "dates": 0.0 if times_agree(statement, told) else 1.0,
        "named": 1.0 if names_agree(statement, told) else 0.0,
        "sentence": math.log1p(len(set(told.terms))),
    }


def new_features(statement: Statement, comparison: Comparison[Told], memory: Memory[Told]) -> dict[str, float]:
    """Features of a statement against the whole story so far.

    ``plain`` is its containment in the best earlier sentence, 0..1; ``pairs`` ln(1 + neighbouring term pairs never
    seen), ``told`` ln(1 + articles that told the story), ``length`` ln(1 + terms), ``words`` ln(1 + ordinary words
    in at most ``RARE`` earlier sentences): what happens is said in words that are neither names, nor in every text,
    nor in hardly any.
    """
    ordinary = {word.term for word in statement.words if not word.capital and _COMMON <= word.weight < _UNUSUAL}
    return {
        "plain": comparison.plain,
        "pairs": math.log1p(memory.unseen_pairs(statement.terms)),
        "told": math.log1p(memory.told),
        "length": math.log1p(len(comparison.weights)),
        "words": math.log1p(sum([memory.count(term) <= RARE for term in ordinary])),
    }
