"""Bands and rows: the recall they promise is the recall they have."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.errors import ConfigError
from storycluster.kernels import lsh

THRESHOLDS = st.floats(0.3, 1.0)
RECALLS = st.floats(0.5, 0.999)


@given(THRESHOLDS, RECALLS, st.integers(200, 512))
def test_the_bands_reach_the_target_with_the_most_rows_that_do(threshold: float, recall: float, count: int) -> None:
    try:
        banding = lsh.choose_bands(threshold, recall, permutations=count)
    except ConfigError:
        assert lsh.candidate_probability(threshold, bands=count // 2, rows=2) < recall
        return
    assert banding.bands * banding.rows <= count
    assert banding.expected_recall >= recall
    for rows in range(banding.rows + 1, count + 1):
        assert lsh.candidate_probability(threshold, bands=count // rows, rows=rows) < recall


@given(st.floats(0.01, 0.5), RECALLS)
def test_the_permutations_a_refusal_names_are_enough_and_needed(threshold: float, recall: float) -> None:
    with pytest.raises(ConfigError, match="permutations would do") as caught:
        lsh.choose_bands(threshold, recall, permutations=1)
    enough = int(str(caught.value).split("; ")[1].split(" ")[0])
    assert lsh.choose_bands(threshold, recall, permutations=enough).expected_recall >= recall
    with pytest.raises(ConfigError):
        lsh.choose_bands(threshold, recall, permutations=enough - 1)


def test_a_threshold_of_one_needs_a_single_band() -> None:
    assert lsh.choose_bands(1.0, 0.99, permutations=128) == lsh.Banding(1, 128, 1.0)


@given(st.floats(0.1, 0.99), st.floats(0.1, 0.999), st.integers(1, 20))
def test_the_needed_matches_are_the_most_that_reach_the_target(share: float, recall: float, samples: int) -> None:
    needed = lsh.needed_matches(share, recall, samples=samples)
    missed = sum(comb(samples, m) * share**m * (1 - share) ** (samples - m) for m in range(needed))
    assert needed == 1 or 1 - missed >= recall - 1e-9
    if needed < samples:
        assert lsh.matched(share, needed + 1, samples=samples) < recall


@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=50)
def test_keys_are_equal_exactly_where_all_slots_of_a_band_are(bands: int, rows: int, seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 2, (20, bands * rows + 1), np.uint32)
    keys = lsh.band_keys(values, bands, rows=rows)
    slots = [(band, tuple(row[band * rows : (band + 1) * rows])) for row in values.tolist() for band in range(bands)]
    flat = keys.reshape(-1).tolist()
    assert len(set(flat)) == len(set(slots)) == len(set(zip(flat, slots, strict=True)))


def test_simulated_signatures_collide_as_often_as_the_plan_says() -> None:
    pairs, bands, rows, jaccard = 4000, 21, 6, 0.7
    random = np.random.default_rng(1)
    one = random.integers(0, 2**32, (pairs, 128), np.uint32)
    other = np.where(random.random(one.shape) < jaccard, one, random.integers(0, 2**32, one.shape, np.uint32))
    collide = (lsh.band_keys(one, bands, rows=rows) == lsh.band_keys(other, bands, rows=rows)).any(axis=1).mean()
    expected = lsh.candidate_probability(jaccard, bands=bands, rows=rows)
    assert abs(collide - expected) <= 4 * np.sqrt(expected * (1 - expected) / pairs)
