"""The learned chance that a statement brings something new to its story, from few counts against what was told.

A logistic model; its weights are learned on labelled streams by ``benchmarks/facts_learn.py`` and shipped as data.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final

from storycluster.stages.facts.memory import Comparison
from storycluster.stages.facts.statements import Told

_FILE: Final = "novelty.toml"


@dataclass(frozen=True, slots=True)
class NoveltyModel:
    """Weights by feature name, and what is added to their sum."""

    weights: Mapping[str, float]
    intercept: float

    def chance(self, comparison: Comparison[Told]) -> float:
        """Chance 0..1 that the statement is new: 1 / (1 + exp(-(b + Σ w·f)))."""
        features = novelty_features(comparison)
        total = self.intercept + sum(weight * features[name] for name, weight in sorted(self.weights.items()))
        return 1.0 / (1.0 + math.exp(-total))


def load_novelty_model() -> NoveltyModel:
    """The model shipped with the package."""
    raw = tomllib.loads(resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))
    return NoveltyModel(dict(raw["weights"]), float(raw["intercept"]))


def novelty_features(comparison: Comparison[Told]) -> dict[str, float]:
    """Features of one statement, all known when it is read.

    ``plain`` and ``best_two`` are containment in the best one and two earlier sentences, ``unseen`` the weight
    share of terms never seen in the story, ``rare`` ln(1 + terms in at most 3 earlier sentences), ``pairs``
    ln(1 + neighbouring term pairs never seen), ``told`` ln(1 + sentences told), ``length`` ln(1 + terms).
    """
    return {
        "plain": comparison.plain,
        "best_two": comparison.best_two,
        "unseen": comparison.unseen_share,
        "rare": math.log1p(comparison.rare),
        "pairs": math.log1p(comparison.unseen_pairs),
        "told": math.log1p(comparison.told),
        "length": math.log1p(comparison.terms),
    }
