"""Weights, unit rows and similar pairs."""

import math

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.tfidf import (
    FIRST_PAIRS,
    PARTS_PER_THREAD,
    Reach,
    count_articles,
    drop_common,
    products,
    similar_pairs,
    unit_rows,
    weigh_terms,
)

ARTICLES = st.lists(st.sets(st.integers(0, 7), max_size=6), min_size=1, max_size=8)


def matrix_of(articles: list[set[int]], weights: np.ndarray):  # type: ignore[no-untyped-def]
    columns = np.array([term for article in articles for term in sorted(article)], np.int32)
    offsets = np.cumsum([0, *map(len, articles)]).astype(np.int64)
    return unit_rows(columns, offsets, weights)


def cosines(articles: list[set[int]], weights: np.ndarray) -> np.ndarray:
    dense = np.array([[weights[t] if t in article else 0.0 for t in range(8)] for article in articles])
    length = np.sqrt((dense**2).sum(axis=1))
    dense /= np.where(length > 0, length, 1.0)[:, None]
    return dense @ dense.T


@given(ARTICLES)
def test_products_are_the_cosines_of_brute_force(articles: list[set[int]]) -> None:
    weights = np.linspace(0.5, 3.0, 8)
    left, right = np.triu_indices(len(articles), 1)
    found = products(matrix_of(articles, weights), left, right)
    assert found == pytest.approx(cosines(articles, weights)[left, right])


@given(ARTICLES, st.integers(0, 8), st.integers(0, 8), st.integers(1, 3))
def test_similar_pairs_are_those_of_brute_force_within_reach(
    articles: list[set[int]], ahead: int, dated: int, threads: int
) -> None:
    weights, count = np.linspace(0.5, 3.0, 8), len(articles)
    always = min(dated, count)
    ends = np.where(np.arange(count) < always, np.minimum(np.arange(count) + 1 + ahead, always), count)
    found = similar_pairs(matrix_of(articles, weights), Reach(ends, always), threshold=0.3, most=99, threads=threads)
    pairs = list(zip(*(side.tolist() for side in found), strict=True))
    assert len(pairs) == len(set(pairs))
    expected = cosines(articles, weights)
    for a in range(count):
        for b in range(a + 1, count):
            in_reach = b < ends[a] or b >= always
            if abs(expected[a, b] - 0.3) > 1e-6:
                assert ((a, b) in pairs) == (in_reach and expected[a, b] > 0.3)


def test_of_too_many_similar_rows_the_most_similar_stay() -> None:
    rows = sp.csr_matrix(np.array([[1.0], *([value / 100] for value in range(50, 0, -1))]))
    left, right = similar_pairs(rows, Reach(np.full(51, 51), 51), threshold=0.01, most=7, threads=1)
    assert right[left == 0].tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_rows_that_find_too_little_room_for_their_pairs_are_found_all_the_same() -> None:
    count = 2 * math.isqrt(2 * PARTS_PER_THREAD * FIRST_PAIRS)  # more pairs than there is room for at first
    reach = Reach(np.full(count, count), count)
    left, right = similar_pairs(sp.csr_matrix(np.ones((count, 1))), reach, threshold=0.5, most=count, threads=1)
    assert np.array_equal(np.stack((left, right)), np.stack(np.triu_indices(count, 1)))


def test_the_weight_falls_with_either_frequency_and_is_never_negative() -> None:
    weights = weigh_terms(
        np.array([1, 5, 5, 10]), np.array([0.0, 0.0, 0.5, 1.0]), articles=10, background_articles=50.0
    )
    assert (np.diff(weights) < 0).all()
    assert weights[-1] >= 0


def test_with_a_large_background_the_corpus_hardly_matters() -> None:
    share = np.array([0.01])
    few, many = (weigh_terms(np.array([df]), share, articles=5, background_articles=1e6)[0] for df in (1, 5))
    assert few == pytest.approx(many, rel=1e-3)


def test_common_columns_are_dropped_and_rare_ones_stay() -> None:
    matrix = matrix_of([{0, 1}, {0, 1}, {0, 2}, {0, 2}], np.ones(8))
    kept = drop_common(matrix, 2)
    assert set(kept.indices.tolist()) == {1, 2}
    assert count_articles(np.array([0, 0, 2], np.int32), 3).tolist() == [2, 0, 1]
