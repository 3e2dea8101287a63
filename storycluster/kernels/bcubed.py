"""BCubed and pairwise agreement of a clustering with labels, over sparse tables; it never compares all items.

Clusters and labels are 0/1 matrices with a row per item; an item may be in several of either.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Items in several clusters or labels whose neighbours are compared at a time; bounds the memory.
BLOCK_ITEMS: Final = 256


def membership_matrix(items: Integers, groups: Integers, *, shape: tuple[int, int]) -> sp.csr_matrix:
    """The 0/1 matrix of items × groups from the pairs of both; a pair given twice counts once.

    >>> membership_matrix(np.array([0, 1, 1]), np.array([0, 0, 0]), shape=(2, 1)).toarray().tolist()
    [[1.0], [1.0]]
    """
    matrix = sp.csr_matrix((np.ones(len(items)), (items, groups)), shape=shape)
    matrix.data[:] = 1.0
    return matrix


def item_precision(clusters: sp.csr_matrix, labels: sp.csr_matrix) -> Floats:
    """The extended BCubed precision of each item, 0..1; recall is the same with the arguments swapped.

    The mean over all items e' that share a cluster with e, e itself included, of
    ``min(|C(e) & C(e')|, |L(e) & L(e')|) / |C(e) & C(e')|`` (Amigó, Gonzalo, Artiles, Verdejo 2009, section 6).
    With one cluster and one label for e this is the cell of the contingency table over the size of the cluster;
    only items with several of either are compared with the members of their clusters. Every item needs a
    cluster and a label.

    >>> together, apart = sp.csr_matrix([[1.0], [1.0]]), sp.csr_matrix([[1.0, 0.0], [0.0, 1.0]])
    >>> item_precision(together, apart).tolist(), item_precision(apart, together).tolist()
    ([0.5, 0.5], [1.0, 1.0])
    """
    sizes = np.asarray(clusters.sum(axis=0)).reshape(-1)
    table = (clusters.T @ labels).tocsr()
    is_plain = (np.diff(clusters.indptr) == 1) & (np.diff(labels.indptr) == 1)
    plain, several = np.flatnonzero(is_plain), np.flatnonzero(~is_plain)
    result = np.zeros(clusters.shape[0])
    cluster, label = clusters.indices[clusters.indptr[plain]], labels.indices[labels.indptr[plain]]
    if plain.size:
        result[plain] = np.asarray(table[cluster, label]).reshape(-1) / sizes[cluster]
    for at in range(0, several.size, BLOCK_ITEMS):
        rows = several[at : at + BLOCK_ITEMS]
        result[rows] = _compare(clusters[rows], labels[rows], clusters, labels)
    return result


def _compare(
    own_clusters: sp.csr_matrix, own_labels: sp.csr_matrix, clusters: sp.csr_matrix, labels: sp.csr_matrix
) -> Floats:
    """The mean multiplicity precision of some items with every item that shares a cluster with them."""
    shared = (own_clusters @ clusters.T).tocsr()
    right = shared.minimum(own_labels @ labels.T).tocsr()
    inverse = shared.copy()
    inverse.data = 1.0 / inverse.data
    total: Floats = np.asarray(right.multiply(inverse).sum(axis=1)).reshape(-1)
    mean: Floats = total / np.diff(shared.indptr)
    return mean


def count_pairs(sizes: Integers | Floats) -> int:
    """The number of unordered pairs inside groups of these sizes.

    >>> count_pairs(np.array([3, 1]))
    3
    """
    whole = np.asarray(sizes, np.int64)
    return int((whole * (whole - 1) // 2).sum())
