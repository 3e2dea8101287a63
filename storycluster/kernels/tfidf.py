"""Weights of terms, unit vectors, and all pairs of rows whose cosine passes a threshold; sparse only.

Numbers in, numbers out: it never makes an array of articles by articles.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from storycluster.compiling import kernel, part
from storycluster.kernels.termlists import left_offsets

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Columns = npt.NDArray[np.int32]

#: Added to a document frequency, so that a term of every article still has a weight of zero or more.
SMOOTHING: Final = 0.5
#: A term of a single article matches nothing: it counts in the length of its vector only.
MIN_DOCUMENT_FREQUENCY: Final = 2
#: Parts that each thread takes of a product; so none waits long for another.
PARTS_PER_THREAD: Final = 4
#: Pairs there is room for at first.
FIRST_PAIRS: Final = 4_096
#: Totals that are looked through at a time.
SCANNED: Final = 128
#: Steps in which the value is found that leaves a row its largest products.
HALVINGS: Final = 30
#: Of more columns than a processor keeps near, each is first looked up by its lowest bits in a small table.
NEAR_COLUMNS: Final = 1 << 18
_LOW_BITS: Final = (1 << 14) - 1


def weigh_terms(
    document_frequency: Integers | Floats, background_share: Floats, *, articles: int, background_articles: float
) -> Floats:
    """The idf of each term, blended with ``background_articles`` imagined articles of the background.

    ``ln((N + B + 1) / (df + B * share + 0.5))``, at least 0, where N is ``articles``, B ``background_articles``.

    >>> weigh_terms(np.array([2]), np.array([0.01]), articles=10, background_articles=100.0).round(3)
    array([3.457])
    """
    expected = document_frequency + background_articles * background_share + SMOOTHING
    return np.maximum(np.log((articles + background_articles + 1) / expected), 0.0)


def count_articles(columns: Columns, terms: int) -> Integers:
    """Document frequency of each of ``terms`` terms; ``columns`` lists each term once per article."""
    return np.bincount(columns, minlength=terms).astype(np.int64)


def unit_rows(columns: Columns, offsets: Integers, weights: Floats) -> sp.csr_matrix:
    """One row of length 1 per article over the terms it has, each with its weight; zero where it has none.

    Terms of one article only are left out after the length is taken.
    """
    shared = count_articles(columns, len(weights)) >= MIN_DOCUMENT_FREQUENCY
    kept = np.count_nonzero(shared[columns])
    values, found, bounds = np.empty(kept), np.empty(kept, np.int32), np.zeros(len(offsets), np.int64)
    _unit_rows(columns, offsets, weights, shared, values, found, bounds)
    matrix = sp.csr_matrix((values, found, bounds), shape=(len(offsets) - 1, len(weights)))
    matrix.has_sorted_indices = True
    return matrix


@kernel("void(int32[::1], int64[::1], float64[::1], boolean[::1], float64[::1], int32[::1], int64[::1])")
def _unit_rows(columns, offsets, weights, shared, values, found, bounds):  # type: ignore[no-untyped-def]
    count = 0
    for row in range(offsets.size - 1):
        squares = 0.0
        for at in range(offsets[row], offsets[row + 1]):
            squares += weights[columns[at]] * weights[columns[at]]
        length = np.sqrt(squares) if squares > 0.0 else 1.0
        for at in range(offsets[row], offsets[row + 1]):
            if shared[columns[at]]:
                values[count], found[count] = weights[columns[at]] / length, columns[at]
                count += 1
        bounds[row + 1] = count


def drop_common(matrix: sp.csr_matrix, max_articles: int, scale: Floats | float = 1.0) -> sp.csr_matrix:
    """The matrix without the columns that more than ``max_articles`` rows have, each counted ``scale`` times."""
    frequent = np.bincount(matrix.indices, minlength=matrix.shape[1]) * scale > max_articles
    kept = ~frequent[matrix.indices]
    offsets = left_offsets(kept, matrix.indptr.astype(np.int64))
    return sp.csr_matrix((matrix.data[kept], matrix.indices[kept], offsets), shape=matrix.shape)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which later rows each row is compared with: those up to ``ends``, and all from ``always`` on."""

    ends: Integers
    always: int


def similar_pairs(
    rows: sp.csr_matrix, reach: Reach, *, threshold: float, most: int, threads: int
) -> tuple[Integers, Integers]:
    """Rows left < right in reach of each other whose product is above ``threshold``, at most ``most`` per left row.

    Of more than that the largest stay, down to a value that is found by halving. It is the sparse product, row by row
    over lists of the rows of each column, none of which is read beyond the reach.

    >>> vectors = sp.csr_matrix(np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]]))
    >>> similar_pairs(vectors, Reach(np.array([3, 3, 3]), 3), threshold=0.5, most=9, threads=1)
    (array([0, 1]), array([1, 2]))
    """
    numbers = np.arange(rows.nnz, dtype=rows.indptr.dtype)
    entries = sp.csr_matrix((numbers, rows.indices, rows.indptr), shape=rows.shape).tocsc()
    places = np.empty(rows.nnz, np.int64)
    places[entries.data] = np.arange(rows.nnz)
    values = rows.data.astype(np.float32, copy=False)
    lists = *row_bounds(entries), values[entries.data]
    own = *row_bounds(rows), values, places
    del entries, numbers
    begins = np.linspace(0, rows.shape[0], PARTS_PER_THREAD * threads + 1).astype(np.int64)
    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(
            lambda begin, end: _collect_pairs(
                (*own, *lists, reach.ends), begin, end, limits=(reach.always, np.float32(threshold), most)
            ),
            begins[:-1].tolist(),
            begins[1:].tolist(),
        )
        left, right = zip(*parts, strict=True)
    return np.concatenate(left), np.concatenate(right)


def row_bounds(matrix: sp.csr_matrix) -> tuple[Integers, Columns]:
    """Where the rows of a matrix begin (its columns where it is by columns), and what stands in each.

    Neither is copied where it has this type already.

    >>> [array.tolist() for array in row_bounds(sp.csr_matrix([[0, 1], [1, 1]]))]
    [[0, 1, 3], [1, 0, 1]]
    """
    return matrix.indptr.astype(np.int64, copy=False), matrix.indices.astype(np.int32, copy=False)


def _collect_pairs(
    arrays: tuple[npt.NDArray[np.generic], ...], begin: int, end: int, *, limits: tuple[int, np.float32, int]
) -> tuple[Integers, Integers]:
    """The pairs of the rows from ``begin`` to ``end``; a row that finds too little room is computed again with more."""
    size = len(arrays[0]) - 1
    total, found = np.zeros(size, np.float32), np.empty(size, np.int64)
    left, right, count = np.empty(FIRST_PAIRS, np.int64), np.empty(FIRST_PAIRS, np.int64), 0
    while True:
        begin, count = _similar_pairs(*arrays, *limits, begin, end, total, found, left, right, count)
        if begin == end:
            return left[:count].copy(), right[:count].copy()
        left, right = np.concatenate((left, left)), np.concatenate((right, right))


@part
def _clear(total, begin, end):  # type: ignore[no-untyped-def]
    for place in range(begin, end):
        total[place] = 0


@part
def _place(rows, begin, end, least):  # type: ignore[no-untyped-def]
    """The first place from ``begin`` to ``end`` whose row is at least ``least``."""
    while begin < end:
        middle = (begin + end) >> 1
        if rows[middle] < least:
            begin = middle + 1
        else:
            end = middle
    return begin


@part
def _add(total, rows, values, begin, end, before, value):  # type: ignore[no-untyped-def]
    """Add what a column brings to the rows below ``before``; the place after the last of them."""
    place = begin
    while place < end and rows[place] < before:
        total[rows[place]] += value * values[place]
        place += 1
    return place


@part
def _count_above(total, begin, end, value):  # type: ignore[no-untyped-def]
    count = 0
    for at in range(begin, end):
        count += total[at] > value
    return count


@part
def _cut(total, spans, most, low):  # type: ignore[no-untyped-def]
    """``low``, or a larger value above which at most ``most`` of the totals in both spans lie, and hardly fewer."""
    begin, end, always, last = spans
    if _count_above(total, begin, end, low) + _count_above(total, always, last, low) <= most:
        return low
    high = np.float32(1.0)
    while _count_above(total, begin, end, high) + _count_above(total, always, last, high) > most:
        low, high = high, np.float32(high * 2)
    for _ in range(HALVINGS):
        middle = np.float32((low + high) / 2)
        if _count_above(total, begin, end, middle) + _count_above(total, always, last, middle) > most:
            low = middle
        else:
            high = middle
    return high


@part
def _collect(total, begin, end, cut, found, count):  # type: ignore[no-untyped-def]
    """Write where totals above ``cut`` stand, and return how many are written then."""
    for block in range(begin, end, SCANNED):
        last = min(block + SCANNED, end)
        if _count_above(total, block, last, cut):
            for at in range(block, last):
                if total[at] > cut:
                    found[count] = at
                    count += 1
    return count


@kernel(
    "UniTuple(int64, 2)(int64[::1], int32[::1], float32[::1], int64[::1], int64[::1], int32[::1], float32[::1], "
    "int64[::1], int64, float32, int64, int64, int64, float32[::1], int64[::1], int64[::1], int64[::1], int64)"
)
def _similar_pairs(  # type: ignore[no-untyped-def]
    indptr, indices, data, places, columns, rows, values, ends, always, threshold, most, begin, end,
    total, found, left, right, count,
):  # fmt: skip
    """Write pairs from ``count`` on; the first row whose pairs found no room (or ``end``), and how many are written."""
    for row in range(begin, end):
        others = max(always, row + 1)
        for at in range(indptr[row], indptr[row + 1]):
            last = columns[indices[at] + 1]
            stop = _add(total, rows, values, places[at] + 1, last, ends[row], data[at])
            if stop < last and rows[last - 1] >= others:
                _add(total, rows, values, _place(rows, stop, last, others), last, total.size, data[at])
        spans = row + 1, ends[row], max(others, ends[row]), total.size
        cut = _cut(total, spans, most, threshold)
        above = _collect(total, spans[0], spans[1], cut, found, np.int64(0))
        above = _collect(total, spans[2], spans[3], cut, found, above)
        _clear(total, spans[0], spans[1])
        _clear(total, spans[2], spans[3])
        if count + above > left.size:
            return row, count
        for at in range(above):
            left[count], right[count] = row, found[at]
            count += 1
    return end, count


def products(matrix: sp.csr_matrix, left: Integers, right: Integers) -> Floats:
    """The product of the rows ``left[i]`` and ``right[i]`` of a matrix with sorted columns; fastest by ``left``.

    >>> rows = sp.csr_matrix(np.array([[0.6, 0.8], [0.0, 1.0]]))
    >>> products(rows, np.array([0]), np.array([1]))
    array([0.8])
    """
    result = np.zeros(left.size)
    _products(
        *row_bounds(matrix), matrix.data.astype(np.float64, copy=False), left, right,
        np.zeros(matrix.shape[1]), np.zeros(_LOW_BITS + 1, np.bool_), result,
    )  # fmt: skip
    return result


@kernel("void(int64[::1], int32[::1], float64[::1], int64[::1], int64[::1], float64[::1], boolean[::1], float64[::1])")
def _products(indptr, indices, data, left, right, spread, seen, result):  # type: ignore[no-untyped-def]
    is_small = spread.size <= NEAR_COLUMNS
    row = -1
    for pair in range(left.size):
        if left[pair] != row:
            if row >= 0:
                for at in range(indptr[row], indptr[row + 1]):
                    spread[indices[at]], seen[indices[at] & _LOW_BITS] = 0.0, False
            row = left[pair]
            for at in range(indptr[row], indptr[row + 1]):
                spread[indices[at]], seen[indices[at] & _LOW_BITS] = data[at], True
        total = 0.0
        for at in range(indptr[right[pair]], indptr[right[pair] + 1]):
            if is_small or seen[indices[at] & _LOW_BITS]:
                total += data[at] * spread[indices[at]]
        result[pair] = total
