"""Weights, unit rows and similar pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.tfidf import count_articles, drop_common, products, similar_pairs, unit_rows, weigh_terms

ARTICLES = st.lists(st.sets(st.integers(0, 7), max_size=6), min_size=1, max_size=8)


def matrix_of(articles: list[set[int]], weights: np.ndarray):  # type: ignore[no-untyped-def]
    columns = np.array([term for article in articles for term in sorted(article)], np.int64)
    offsets = np.cumsum([0, *map(len, articles)]).astype(np.int64)
    return unit_rows(columns, offsets, weights)


def cosines(articles: list[set[int]], weights: np.ndarray) -> np.ndarray:
    dense = np.array([[weights[t] if t in article else 0.0 for t in range(8)] for article in articles])
    length = np.sqrt((dense**2).sum(axis=1))
    dense /= np.where(length > 0, length, 1.0)[:, None]
    return dense @ dense.T


@given(ARTICLES)
def test_products_and_similar_pairs_are_the_cosines_of_brute_force(articles: list[set[int]]) -> None:
    weights = np.linspace(0.5, 3.0, 8)
    matrix, expected = matrix_of(articles, weights), cosines(articles, weights)
    left, right = np.triu_indices(len(articles), 1)
    assert products(matrix, left, right) == pytest.approx(expected[left, right])
    found = set(
        zip(*(side.tolist() for side in similar_pairs(matrix, matrix, threshold=0.3, most=99, threads=1)), strict=True)
    )
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        if abs(expected[a, b] - 0.3) > 1e-9:
            assert ((a, b) in found) == (expected[a, b] > 0.3)


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
    assert count_articles(np.array([0, 0, 2]), 3).tolist() == [2, 0, 1]
