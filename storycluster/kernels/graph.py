"""Communities of a weighted graph: support of neighbours, Leiden with the constant Potts model, repair.

Everything is deterministic for a given order of nodes; nothing here knows what a node is.
"""

from __future__ import annotations

from typing import Final

import graspologic_native as native
import numba
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Leiden is run with one seed, so that equal graphs have equal communities.
SEED: Final = 1
#: Leiden cycles per component; each starts from the result of the one before.
ITERATIONS: Final = 3
_CSR: Final = "int64[::1], int32[::1], float64[::1]"


def build_graph(left: Integers, right: Integers, weights: Floats, nodes: int) -> sp.csr_matrix:
    """The symmetric matrix of an undirected graph, each edge given once; columns sorted."""
    rows, columns = np.concatenate([left, right]), np.concatenate([right, left])
    graph = sp.csr_matrix((np.concatenate([weights, weights]), (rows, columns)), shape=(nodes, nodes))
    graph.sort_indices()
    return graph


def find_communities(graph: sp.csr_matrix, resolution: float) -> Integers:
    """A community per node, numbered in the order of their first nodes.

    Leiden with the constant Potts model (Traag, Van Dooren, Nesterov 2011): the sum over all pairs of a
    community of weight - ``resolution`` is as large as it can be made. Run on each connected component.

    >>> pair = build_graph(np.array([0]), np.array([1]), np.array([0.5]), 3)
    >>> find_communities(pair, 0.4).tolist(), find_communities(pair, 0.6).tolist()
    ([0, 0, 1], [0, 1, 2])
    """
    count, component = connected_components(graph, directed=False)
    order = np.argsort(component, kind="stable")
    bounds = np.searchsorted(component[order], np.arange(count + 1))
    labels = np.zeros(graph.shape[0], np.int64)
    used = 0
    for at in range(count):
        nodes = order[bounds[at] : bounds[at + 1]]
        found = _leiden(graph[nodes][:, nodes], resolution) if len(nodes) > 1 else np.zeros(1, np.int64)
        labels[nodes] = found + used
        used += int(found.max()) + 1
    return number_by_first(labels)


def number_by_first(labels: npt.NDArray[np.generic]) -> Integers:
    """The same partition with communities numbered 0, 1, … in the order of their first nodes."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    numbered: Integers = rank[inverse.reshape(-1)]
    return numbered


def _leiden(graph: sp.csr_matrix, resolution: float) -> Integers:
    graph.sort_indices()
    _, labels = native.leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data.astype(np.float64),
        graph.shape[0],
        resolution=resolution,
        use_modularity=False,
        seed=SEED,
        iterations=ITERATIONS,
    )
    found = np.array([labels[node] for node in range(graph.shape[0])], np.int64)
    return np.unique(found, return_inverse=True)[1].astype(np.int64)


def mean_between(graph: sp.csr_matrix, labels: Integers) -> tuple[Integers, Integers, Floats]:
    """Communities a < b with an edge between them, and the mean weight over all their pairs (no edge: 0)."""
    sizes = np.bincount(labels)
    nodes = len(labels)
    member = sp.csr_matrix((np.ones(nodes), (np.arange(nodes), labels)), shape=(nodes, len(sizes)))
    total = sp.triu(member.T @ graph @ member, k=1).tocoo()
    left, right = total.row.astype(np.int64), total.col.astype(np.int64)
    return left, right, total.data / (sizes[left] * sizes[right])


# --- support -------------------------------------------------------------------------------------


def add_support(graph: sp.csr_matrix, *, neighbours: int, floor: float, strength: float) -> sp.csr_matrix:
    """Each edge weight averaged with what the nearest neighbours of both ends say.

    With N(a) the ``neighbours`` strongest edges of a above ``floor``, u(a, a') = strength * (s(a, a') - floor),
    and s(c, c) = 1, the new weight of an edge (a, b) is the mean of
    s(a, b)           with weight 1,
    s(a', b)          with weight u(a, a'),           a' in N(a) without b,
    s(a, b')          with weight u(b, b'),           b' in N(b) without a,
    s(a', b')         with weight u(a, a') u(b, b'),  both as above.
    So two articles that agree little, but whose nearest neighbours agree, move together, and two that agree by
    accident move apart. Where neither end has another neighbour, the weight stays as it is.
    """
    near, near_weight = _nearest(graph.indptr.astype(np.int64), graph.indices, graph.data, neighbours, floor)
    data = _support(
        graph.indptr.astype(np.int64), graph.indices.astype(np.int32), graph.data, near, near_weight * strength
    )
    return sp.csr_matrix((data, graph.indices, graph.indptr), shape=graph.shape)


@numba.njit(f"Tuple((int32[:, ::1], float64[:, ::1]))({_CSR}, int64, float64)", nogil=True, cache=True)
def _nearest(indptr, indices, data, neighbours, floor):  # type: ignore[no-untyped-def]
    """The strongest edges of each node and by how much they pass ``floor``; ties go to the lower node."""
    nodes = indptr.size - 1
    near = np.full((nodes, neighbours), -1, np.int32)
    weight = np.zeros((nodes, neighbours))
    for node in range(nodes):
        begin, end = indptr[node], indptr[node + 1]
        order = np.argsort(-data[begin:end], kind="mergesort")
        for place in range(min(neighbours, order.size)):
            value = data[begin + order[place]] - floor
            if value <= 0:
                break
            near[node, place] = indices[begin + order[place]]
            weight[node, place] = value
    return near, weight


@numba.njit(f"float64({_CSR}, int64, int64)", nogil=True, cache=True)
def _weight(indptr, indices, data, a, b):  # type: ignore[no-untyped-def]
    if a == b:
        return 1.0
    low, high = indptr[a], indptr[a + 1]
    while low < high:
        middle = (low + high) // 2
        if indices[middle] < b:
            low = middle + 1
        else:
            high = middle
    return data[low] if low < indptr[a + 1] and indices[low] == b else 0.0


@numba.njit(f"float64[::1]({_CSR}, int32[:, ::1], float64[:, ::1])", nogil=True, cache=True)
def _support(indptr, indices, data, near, strength):  # type: ignore[no-untyped-def]
    result = np.empty_like(data)
    for a in range(indptr.size - 1):
        for edge in range(indptr[a], indptr[a + 1]):
            b = indices[edge]
            total, weights = data[edge], 1.0
            for i in range(near.shape[1]):
                if near[a, i] >= 0 and near[a, i] != b:
                    total += strength[a, i] * _weight(indptr, indices, data, near[a, i], b)
                    weights += strength[a, i]
                if near[b, i] >= 0 and near[b, i] != a:
                    total += strength[b, i] * _weight(indptr, indices, data, near[b, i], a)
                    weights += strength[b, i]
            for i in range(near.shape[1]):
                if near[a, i] < 0 or near[a, i] == b:
                    continue
                for j in range(near.shape[1]):
                    if near[b, j] < 0 or near[b, j] == a:
                        continue
                    both = strength[a, i] * strength[b, j]
                    total += both * _weight(indptr, indices, data, near[a, i], near[b, j])
                    weights += both
            result[edge] = total / weights
    return result
