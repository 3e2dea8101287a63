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

from storycluster.stages.facts.memory import Comparison
from storycluster.stages.facts.slots import numbers_agree, times_agree
from storycluster.stages.facts.statements import Statement, Told

_FILE: Final = "novelty.toml"


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
        total = self.intercept + sum(weight * features[name] for name, weight in sorted(self.weights.items()))
        return 1.0 / (1.0 + math.exp(-total))


@dataclass(frozen=True, slots=True)
class NoveltyModel:
    """The chance of being known in substance, and the chance of being new."""

    known: Logistic
    new: Logistic


def load_novelty_model() -> NoveltyModel:
    """The model shipped with the package."""
    raw = tomllib.loads(resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))
    known, new = (Logistic(raw[name]["weights"], raw[name]["intercept"]) for name in ("known", "new"))
    return NoveltyModel(known, new)


def novelty_features(statement: Statement, comparison: Comparison[Told]) -> dict[str, float]:
    """Features of one statement, all known when it is read; shares are 0..1.

    ``containment`` (story weights) and ``plain`` (language weights) are of the best earlier sentence, ``best_two``
    of the best two; ``letters`` is the share of its letter grams, ``unseen`` the weight share of its terms that no
    earlier sentence has; ``rare`` ln(1 + terms in at most 3 earlier sentences), ``pairs`` ln(1 + neighbouring term
    pairs never seen), ``names`` ln(1 + names the best sentence lacks), ``slots`` 1 where it lacks a number or date;
    ``told`` ln(1 + sentences told), ``length`` ln(1 + terms).
    """
    best = comparison.matches[0].sentence if comparison.matches else None
    present = set(best.terms) if best else set()
    missing = {word.term for word in statement.words if word.capital and word.term not in present}
    agrees = best is not None and numbers_agree(statement, best) and times_agree(statement, best)
    return {
        "containment": comparison.containment,
        "plain": comparison.plain,
        "best_two": comparison.best_two,
        "letters": comparison.letters,
        "unseen": comparison.unseen_share,
        "rare": math.log1p(comparison.rare),
        "pairs": math.log1p(comparison.unseen_pairs),
        "names": math.log1p(len(missing)),
        "slots": 0.0 if agrees else 1.0,
        "told": math.log1p(comparison.told),
        "length": math.log1p(comparison.terms),
    }
