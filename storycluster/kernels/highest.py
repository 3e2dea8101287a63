"""The highest values of each row of a sparse table, compiled; what rows and columns are, it does not know."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from storycluster.compiling import kernel

Columns = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def best_columns(indptr: Integers, indices: Columns, scores: Floats, most: int) -> tuple[Columns, Floats]:
    """The columns of each row with the ``most`` highest scores above 0, highest first, and those scores.

    Where there are fewer, -1 and 0. Of equal scores the first column comes first.

    >>> columns, scores = best_columns(np.array([0, 2]), np.array([0, 1], np.int32), np.array([0.5, 0.75]), 3)
    >>> columns.tolist(), scores.tolist()
    ([[1, 0, -1]], [[0.75, 0.5, 0.0]])
    """
    shape = indptr.size - 1, most
    columns, values = np.full(shape, -1, np.int32), np.zeros(shape)
    _best_columns(indptr, indices, scores, columns, values)
    return columns, values


@kernel(
    "void(Array(int64, 1, 'C', readonly=True), Array(int32, 1, 'C', readonly=True), "
    "Array(float64, 1, 'C', readonly=True), int32[:, ::1], float64[:, ::1])"
)
def _best_columns(indptr, indices, scores, best, value):  # type: ignore[no-untyped-def]
    last = best.shape[1] - 1
    for row in range(best.shape[0]):
        for at in range(indptr[row], indptr[row + 1]):
            score, place = scores[at], last
            if score <= value[row, last]:
                continue
            while place > 0 and value[row, place - 1] < score:
                value[row, place], best[row, place] = value[row, place - 1], best[row, place - 1]
                place -= 1
            value[row, place], best[row, place] = score, indices[at]
