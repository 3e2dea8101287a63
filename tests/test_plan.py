"""The plan of near-duplicates: what it promises is what the kernels do, and what it costs."""

from dataclasses import replace

import pytest

from storycluster.config import DedupConfig
from storycluster.errors import ConfigError
from storycluster.kernels.lsh import candidate_probability, choose_bands, matched
from storycluster.stages.duplicates import explain_plan

NEWS = DedupConfig()
#: A key of a band in 8 bytes, as if nothing else had to be held beside it.
BAND_KEY_BYTES = 8


def test_the_plan_is_that_of_the_bands_used() -> None:
    plan = explain_plan(NEWS, articles=1000)
    banding = choose_bands(NEWS.threshold, NEWS.target_recall, permutations=NEWS.permutations)
    assert (plan.bands, plan.rows, plan.expected_recall) == (banding.bands, banding.rows, banding.expected_recall)
    assert plan.contained_recall == matched(0.8, plan.contained_matches, samples=plan.contained_samples)
    assert min(plan.expected_recall, plan.contained_recall) >= NEWS.target_recall


def test_the_curve_is_the_chance_to_be_compared() -> None:
    plan = explain_plan(NEWS)
    for jaccard, chance in plan.curve:
        assert chance == candidate_probability(jaccard, bands=plan.bands, rows=plan.rows)
    assert [chance for _, chance in plan.curve] == sorted(chance for _, chance in plan.curve)


def test_false_candidates_grow_with_the_pairs() -> None:
    few, many = explain_plan(NEWS, articles=1_000), explain_plan(NEWS, articles=10_000)
    assert many.false_candidates == pytest.approx(few.false_candidates * (10_000 * 9_999) / (1_000 * 999))


def test_the_exact_plan_promises_all_pairs() -> None:
    plan = explain_plan(replace(NEWS, exact=True))
    assert (plan.is_exact, plan.expected_recall, plan.contained_recall) == (True, 1.0, 1.0)


def test_the_join_holds_less_than_twice_the_signature_and_its_band_keys() -> None:
    plan = explain_plan(NEWS)
    assert plan.signature_bytes + plan.join_bytes <= 2 * (plan.signature_bytes + plan.bands * BAND_KEY_BYTES)


def test_a_threshold_that_cannot_be_reached_is_refused_before_any_reading() -> None:
    with pytest.raises(ConfigError, match="permutations would do"):
        explain_plan(replace(NEWS, threshold=0.05))
