"""Maximum-sum blocks and what speaks for them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.segments import SAME_EVIDENCE, best_block, block_gains, contrast


@given(st.lists(st.integers(-9, 9), max_size=25))
def test_the_best_block_is_that_of_brute_force(gains: list[int]) -> None:
    begin, end, total = best_block(np.array(gains, np.float64))
    sums = [sum(gains[a:b]) for a in range(len(gains)) for b in range(a + 1, len(gains) + 1)]
    assert total == max([0, *sums])
    assert sum(gains[begin:end]) == total


def test_a_term_counts_once_per_block_and_not_where_it_is_left_out() -> None:
    terms = np.array([0, 0, 1, 2, 0, -1], np.int32)
    blocks = np.array([0, 0, 0, 0, 1, 1], np.int32)
    evidence = np.array([1.0, -0.5, np.nan])
    gains = block_gains(terms, blocks, 2, weights=np.array([2.0, 4.0, 8.0]), evidence=evidence, cost=0.25)
    assert gains.tolist() == pytest.approx([2 * 0.75 + 4 * -0.75, 2 * 0.75])


def test_what_both_stories_say_alike_is_left_out() -> None:
    other, home = np.array([0.8, 0.8, 0.0]), np.array([0.8 - SAME_EVIDENCE / 2, 0.1, 0.6])
    assert contrast(other, home, 0.5).tolist() == pytest.approx([np.nan, 0.75, -0.3], nan_ok=True)
