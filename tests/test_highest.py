"""The highest columns of a row are those that sorting finds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.highest import best_columns


@given(st.lists(st.lists(st.integers(-2, 4), max_size=9), max_size=5), st.integers(1, 4))
def test_the_best_columns_are_the_first_after_sorting(rows: list[list[int]], most: int) -> None:
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.array([column for row in rows for column in range(len(row))], np.int32)
    scores = np.array([score for row in rows for score in row], np.float64)
    columns, values = best_columns(indptr, indices, scores, most)
    for row, found, told in zip(rows, columns.tolist(), values.tolist(), strict=True):
        ordered = sorted((-score, column) for column, score in enumerate(row) if score > 0)[:most]
        empty = [(0, -1)] * (most - len(ordered))
        assert list(zip(told, found, strict=True)) == [(-score, column) for score, column in ordered + empty]
