"""What a run of the duplicates stage will do, computed before it: bands, expected recall, false candidates, cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from storycluster.config import DedupConfig
from storycluster.kernels.lsh import (
    BACKGROUND_JACCARD,
    SAMPLED_SHINGLES,
    candidate_probability,
    choose_bands,
    matched,
    needed_matches,
)

#: Jaccard similarities at which the plan states the chance to be compared.
_STATED: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_SLOT_BYTES: Final = 4
#: A bucket and an article key of 8 bytes each.
_ROW_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Plan:
    """How pairs are found. Recalls and probabilities are 0..1 and hold before verification, which removes no true pair.

    ``curve`` pairs a Jaccard similarity with the probability that two such articles are compared through bands.
    ``false_candidates`` is expected among ``articles`` unrelated ones of BACKGROUND_JACCARD. A contained article is
    compared when ``contained_matches`` of ``contained_samples`` shingles drawn from it stand in the other.
    """

    threshold: float
    is_exact: bool
    permutations: int
    bands: int
    rows: int
    expected_recall: float
    curve: tuple[tuple[float, float], ...]
    containment_threshold: float
    contained_samples: int
    contained_matches: int
    contained_recall: float
    articles: int
    false_candidates: float
    signature_bytes: int
    join_bytes: int


def explain_plan(config: DedupConfig, *, articles: int = 0) -> Plan:
    """The plan for that many articles; bytes are per article.

    Raises ConfigError where the threshold is too low for the permutations, with the number that would do.

    >>> plan = explain_plan(DedupConfig(), articles=1000)
    >>> plan.bands, plan.rows, round(plan.expected_recall, 3)
    (21, 6, 0.998)
    """
    banding = choose_bands(config.threshold, config.target_recall, permutations=config.permutations)
    samples = min(SAMPLED_SHINGLES, config.permutations)
    matches = needed_matches(config.containment_threshold, config.target_recall, samples=samples)
    background = candidate_probability(BACKGROUND_JACCARD, bands=banding.bands, rows=banding.rows)
    return Plan(
        threshold=config.threshold,
        is_exact=config.exact,
        permutations=config.permutations,
        bands=banding.bands,
        rows=banding.rows,
        expected_recall=1.0 if config.exact else banding.expected_recall,
        curve=tuple((j, candidate_probability(j, bands=banding.bands, rows=banding.rows)) for j in _STATED),
        containment_threshold=config.containment_threshold,
        contained_samples=samples,
        contained_matches=matches,
        contained_recall=1.0 if config.exact else matched(config.containment_threshold, matches, samples=samples),
        articles=articles,
        false_candidates=articles * (articles - 1) / 2 * background,
        signature_bytes=config.permutations * _SLOT_BYTES,
        join_bytes=(banding.bands + samples) * _ROW_BYTES,
    )
