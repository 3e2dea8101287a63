"""Weights of terms, unit vectors, and all pairs of rows whose cosine passes a threshold; sparse only.

Numbers in, numbers out: it never makes an array of articles by articles.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sparse_dot_topn import sp_matmul_topn

from storycluster.compiling import kernel

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Added to a document frequency, so that a term of every article still has a weight of zero or more.
SMOOTHING: Final = 0.5
#: A term of a single article matches nothing: it counts in the length of its vector only.
MIN_DOCUMENT_FREQUENCY: Final = 2
#: Rows multiplied at a time; bounds the memory of a product.
BLOCK_ROWS: Final = 2_048


def weigh_terms(
    document_frequency: Integers, background_share: Floats, *, articles: int, background_articles: float
) -> Floats:
    """The idf of each term, blended with ``background_articles`` imagined articles of the background.

    ``ln((N + B + 1) / (df + B * share + 0.5))``, at least 0, where N is ``articles``, B ``background_articles``.

    >>> weigh_terms(np.array([2]), np.array([0.01]), articles=10, background_articles=100.0).round(3)
    array([3.457])
    """
    expected = document_frequency + background_articles * background_share + SMOOTHING
    return np.maximum(np.log((articles + background_articles + 1) / expected), 0.0)


def count_articles(columns: Integers, terms: int) -> Integers:
    """Document frequency of each of ``terms`` terms; ``columns`` lists each term once per article."""
    return np.bincount(columns, minlength=terms).astype(np.int64)


def unit_rows(columns: Integers, offsets: Integers, weights: Floats) -> sp.csr_matrix:
    """One row of length 1 per article over the terms it has, each with its weight; zero where it has none.

    Terms of one article only are left out after the length is taken.
    """
    rows = len(offsets) - 1
    values = weights[columns]
    lengths = np.sqrt(np.bincount(np.repeat(np.arange(rows), np.diff(offsets)), values**2, minlength=rows))
    values = values / np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(offsets))
    shared = (count_articles(columns, len(weights)) >= MIN_DOCUMENT_FREQUENCY)[columns]
    kept = np.concatenate([[0], np.cumsum(shared)])[offsets]
    matrix = sp.csr_matrix((values[shared], columns[shared].astype(np.int32), kept), shape=(rows, len(weights)))
    matrix.has_sorted_indices = True
    return matrix


def drop_common(matrix: sp.csr_matrix, max_articles: int) -> sp.csr_matrix:
    """The matrix without the columns that more than ``max_articles`` rows have."""
    frequent = np.bincount(matrix.indices, minlength=matrix.shape[1]) > max_articles
    kept = ~frequent[matrix.indices]
    offsets = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    return sp.csr_matrix((matrix.data[kept], matrix.indices[kept], offsets), shape=matrix.shape)


def similar_pairs(
    rows: sp.csr_matrix, others: sp.csr_matrix, *, threshold: float, most: int, threads: int
) -> tuple[Integers, Integers]:
    """Row of ``rows`` and row of ``others`` of every product above ``threshold``, at most ``most`` per row."""
    transposed = others.T.tocsr()
    found = [
        sp_matmul_topn(rows[at : at + BLOCK_ROWS], transposed, top_n=most, threshold=threshold, n_threads=threads)
        for at in range(0, rows.shape[0], BLOCK_ROWS)
    ]
    counts = np.concatenate([np.diff(block.indptr) for block in found])
    left = np.repeat(np.arange(rows.shape[0]), counts)
    return left.astype(np.int64), np.concatenate([block.indices for block in found]).astype(np.int64)


def products(matrix: sp.csr_matrix, left: Integers, right: Integers) -> Floats:
    """The product of the rows ``left[i]`` and ``right[i]`` of a matrix with sorted columns.

    >>> rows = sp.csr_matrix(np.array([[0.6, 0.8], [0.0, 1.0]]))
    >>> products(rows, np.array([0]), np.array([1]))
    array([0.8])
    """
    arrays = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data.astype(np.float64)
    result: Floats = _products(*arrays, left, right)
    return result


@kernel("float64[::1](int64[::1], int32[::1], float64[::1], int64[::1], int64[::1])")
def _products(indptr, indices, data, left, right):  # type: ignore[no-untyped-def]
    result = np.zeros(left.size)
    for pair in range(left.size):
        a, a_end = indptr[left[pair]], indptr[left[pair] + 1]
        b, b_end = indptr[right[pair]], indptr[right[pair] + 1]
        total = 0.0
        while a < a_end and b < b_end:
            if indices[a] == indices[b]:
                total += data[a] * data[b]
                a += 1
                b += 1
            elif indices[a] < indices[b]:
                a += 1
            else:
                b += 1
        result[pair] = total
    return result
