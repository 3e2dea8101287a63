"""Communities of a weighted graph: support of neighbours, Leiden with the constant Potts model, repair.

Everything is deterministic for a given order of nodes; nothing here knows what a node is.
"""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

import graspologic_native as native
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from storycluster.compiling import kernel, part
from storycluster.kernels.highest import best_columns

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Leiden is run with these seeds on, so that equal graphs have equal communities.
SEED: Final = 1
#: Runs per connected component: few where they agree or the edges (each counted twice) are many, else more.
RUNS: Final = 10
FEW_RUNS: Final = 3
PAIR: Final = 2
LARGE_EDGES: Final = 50_000
#: Part of the resolution below which an edge counts as none: it decides little and joins components.
WEAK_EDGE: Final = 0.5
#: Leiden cycles per component; each starts from the result of the one before.
ITERATIONS: Final = 3
_CSR: Final = "int64[::1], int32[::1], float64[::1]"


def build_graph(left: Integers, right: Integers, weights: Floats, nodes: int) -> sp.csr_matrix:
    """The symmetric matrix of an undirected graph, each edge given once; columns sorted."""
    rows, columns = np.concatenate([left, right]), np.concatenate([right, left])
    graph = sp.csr_matrix((np.concatenate([weights, weights]), (rows, columns)), shape=(nodes, nodes))
    graph.sort_indices()
    return graph


def upper_weights(graph: sp.csr_matrix) -> Floats:
    """The weight of each edge once, in the order of its nodes (lower, higher); columns must be sorted.

    >>> upper_weights(build_graph(np.array([0, 0]), np.array([1, 2]), np.array([0.5, 0.25]), 3))
    array([0.5 , 0.25])
    """
    rows = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    weights: Floats = graph.data[graph.indices > rows]
    return weights


def find_communities(graph: sp.csr_matrix, resolution: float, *, threads: int = 1) -> Integers:
    """A community per node, numbered in the order of their first nodes.

    Leiden with the constant Potts model (Traag, Van Dooren, Nesterov 2011): the sum over all pairs of a
    community of weight - ``resolution`` is as large as it can be made; edges below half the resolution count
    as none. Each connected component is solved several times, and the partition that differs least from the
    others is taken, so that one unlucky run decides nothing.

    >>> pair = build_graph(np.array([0]), np.array([1]), np.array([0.5]), 3)
    >>> find_communities(pair, 0.4).tolist(), find_communities(pair, 0.6).tolist()
    ([0, 0, 1], [0, 1, 2])
    """
    kept = graph.tocsr(copy=True)
    kept.data[kept.data < WEAK_EDGE * resolution] = 0.0
    kept.eliminate_zeros()
    count, component = connected_components(kept, directed=False)
    order = np.argsort(component, kind="stable")
    bounds = np.searchsorted(component[order], np.arange(count + 1))
    ordered = kept[order][:, order]
    ordered.sort_indices()
    labels = np.zeros(graph.shape[0], np.int64)
    used = 0
    with ThreadPoolExecutor(threads) as pool:
        for at in np.flatnonzero(np.diff(bounds) > 1).tolist():
            found = _solve(_block(ordered, int(bounds[at]), int(bounds[at + 1])), resolution, pool)
            labels[order[bounds[at] : bounds[at + 1]]] = found + used + 1
            used += int(found.max()) + 1
    alone = labels == 0
    labels[alone] = used + 1 + np.arange(np.count_nonzero(alone))
    return number_by_first(labels)


@dataclass(frozen=True, slots=True)
class _Component:
    """The rows of a connected component, columns sorted and counted from its first node."""

    indptr: Integers
    indices: npt.NDArray[np.int32]
    data: Floats

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.indptr) - 1


def _block(graph: sp.csr_matrix, begin: int, end: int) -> _Component:
    """The rows from ``begin`` to ``end`` of a matrix that have no column outside of them."""
    inside = slice(graph.indptr[begin], graph.indptr[end])
    return _Component(
        graph.indptr[begin : end + 1].astype(np.int64) - graph.indptr[begin],
        (graph.indices[inside] - begin).astype(np.int32),
        graph.data[inside].astype(np.float64),
    )


def _solve(graph: _Component, resolution: float, pool: Executor) -> Integers:
    """The partition of a component that differs least from those of the other runs, side by side where it is large."""
    if len(graph) == PAIR:
        return np.array([0, int(graph.data[0] <= resolution)], np.int64)
    run_all = pool.map if len(graph.data) > LARGE_EDGES else map
    tried = list(run_all(partial(_leiden, graph, resolution), range(SEED, SEED + FEW_RUNS)))
    if all(np.array_equal(tried[0], other) for other in tried):
        return tried[0]
    if len(graph.data) <= LARGE_EDGES:
        tried += map(partial(_leiden, graph, resolution), range(SEED + FEW_RUNS, SEED + RUNS))
    together = [float((np.bincount(labels) ** 2).sum()) for labels in tried]
    distance = np.zeros(len(tried))
    for one in range(len(tried)):
        for other in range(one):
            both = np.unique(tried[one] * len(tried[one]) + tried[other], return_counts=True)[1]
            apart = together[one] + together[other] - 2.0 * float((both**2).sum())
            distance[one] += apart
            distance[other] += apart
    return tried[int(np.argmin(distance))]


def number_by_first(labels: npt.NDArray[np.generic]) -> Integers:
    """The same partition with communities numbered 0, 1, … in the order of their first nodes."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    numbered: Integers = rank[inverse.reshape(-1)]
    return numbered


def _leiden(graph: _Component, resolution: float, seed: int) -> Integers:
    _, labels = native.leiden_csr(
        graph.indptr,
        graph.indices,
        graph.data,
        len(graph),
        resolution=resolution,
        use_modularity=False,
        seed=seed,
        iterations=ITERATIONS,
    )
    return number_by_first(np.array([labels[node] for node in range(len(graph))], np.int64))


def merge_alike(graph: sp.csr_matrix, labels: Integers, *, share: float, least: float) -> Integers:
    """The communities after repair: two are one where they are nearly as similar to each other as inside.

    Merged are those whose mean weight between them is at least ``least`` and at least ``share`` of the lower of
    their mean weights inside (of the other's where one has a single node), the most alike first, until there
    are none.

    >>> edges = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([0.5, 0.4, 0.4])
    >>> merge_alike(build_graph(*edges, 3), np.array([0, 0, 1]), share=0.7, least=0.2).tolist()
    [0, 0, 0]
    """
    while True:
        left, right, mean = mean_between(graph, labels)
        inside = _mean_inside(graph, labels)
        alike = mean / np.fmin(inside[left], inside[right])
        fit = np.flatnonzero((alike >= share) & (mean >= least))
        if not len(fit):
            return number_by_first(labels)
        target, used = np.arange(len(inside)), set[int]()
        for at in fit[np.lexsort((right[fit], left[fit], -alike[fit].round(9)))].tolist():
            pair = {int(left[at]), int(right[at])}
            if not pair & used:
                used |= pair
                target[right[at]] = left[at]
        labels = number_by_first(target[labels])


def _mean_inside(graph: sp.csr_matrix, labels: Integers) -> Floats:
    """Mean weight over the pairs inside each community, NaN where it has a single node."""
    edges = graph.tocoo()
    same = labels[edges.row] == labels[edges.col]
    sizes = np.bincount(labels)
    total = np.bincount(labels[edges.row[same]], edges.data[same], minlength=len(sizes))
    return np.where(sizes > 1, total / np.maximum(sizes * (sizes - 1), 1), np.nan)


def mean_between(graph: sp.csr_matrix, labels: Integers) -> tuple[Integers, Integers, Floats]:
    """Communities a < b with an edge between them, and the mean weight over all their pairs (no edge: 0)."""
    sizes = np.bincount(labels)
    nodes = len(labels)
    member = sp.csr_matrix((np.ones(nodes), (np.arange(nodes), labels)), shape=(nodes, len(sizes)))
    total = sp.triu(member.T @ graph @ member, k=1).tocoo()
    left, right = total.row.astype(np.int64), total.col.astype(np.int64)
    return left, right, total.data / (sizes[left] * sizes[right])


# --- support -------------------------------------------------------------------------------------


def add_support(graph: sp.csr_matrix, near: sp.csr_matrix, neighbours: int) -> sp.csr_matrix:
    """Each edge weight joined with what the nearest neighbours of both ends say; never below 0.

    ``near`` has the edges of ``graph``; u(a, c) > 0 makes c a neighbour of a with that much say, and the
    ``neighbours`` largest count. Leaving a and b out of each other's neighbours, take
    x(a) = a + sum of u(a, c) c, and products of single nodes s(a, b) from ``graph``, with s(c, c) = 1. Then
    the new weight is x(a)·x(b) / sqrt(w(a) w(b) |x(a)| |x(b)|), with w the sum of the factors in x:
    halfway between the mean over the pairs of both neighbourhoods and the cosine of their sums. So two
    articles that agree little, but whose nearest neighbours agree, move together, and two that agree by
    accident stay apart. Where neither end has a neighbour, the weight stays as it is.

    >>> line = build_graph(np.array([0, 1]), np.array([1, 2]), np.array([0.5, 0.5]), 3)
    >>> add_support(line, line * 0.0, 5).data.tolist()
    [0.5, 0.5, 0.5, 0.5]
    """
    if not neighbours:
        return graph.astype(np.float64)
    arrays = graph.indptr.astype(np.int64), graph.indices.astype(np.int32), graph.data.astype(np.float64)
    nearest, say = best_columns(*arrays[:2], near.data.astype(np.float64), neighbours)
    among, towards = np.zeros((*say.shape, neighbours)), np.zeros(say.shape)
    weights = np.empty_like(arrays[2])
    _support(*arrays, nearest.astype(np.int64), say, among, towards, weights)
    return sp.csr_matrix((weights, *arrays[1::-1]), shape=graph.shape)


@part
def _place(indptr, indices, a, b):  # type: ignore[no-untyped-def]
    """Where the edge from a to b stands, or would stand."""
    low, high = indptr[a], indptr[a + 1]
    while low < high:
        middle = (low + high) >> 1
        if indices[middle] < b:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _weight(indptr, indices, data, a, b):  # type: ignore[no-untyped-def]
    if a == b:
        return 1.0
    place = _place(indptr, indices, a, b)
    return data[place] if place < indptr[a + 1] and indices[place] == b else 0.0


@part
def _inner(indptr, indices, data, nearest, among, towards):  # type: ignore[no-untyped-def]
    """Products of the neighbours of each node with each other, and with the node."""
    for node in range(nearest.shape[0]):
        for i in range(nearest.shape[1]):
            near = nearest[node, i]
            if near < 0:
                break
            towards[node, i] = _weight(indptr, indices, data, node, near)
            for j in range(nearest.shape[1]):
                if nearest[node, j] >= 0:
                    among[node, i, j] = _weight(indptr, indices, data, near, nearest[node, j])


@part
def _length(nearest, say, among, towards, node, left_out):  # type: ignore[no-untyped-def]
    """Sum of the factors and squared length of the neighbourhood of a node without another node."""
    factors, squared = 1.0, 1.0
    for i in range(nearest.shape[1]):
        if nearest[node, i] < 0 or nearest[node, i] == left_out:
            continue
        factors += say[node, i]
        squared += 2.0 * say[node, i] * towards[node, i]
        for j in range(nearest.shape[1]):
            if nearest[node, j] >= 0 and nearest[node, j] != left_out:
                squared += say[node, i] * say[node, j] * among[node, i, j]
    return factors, squared


@kernel(f"void({_CSR}, int64[:, ::1], float64[:, ::1], float64[:, :, ::1], float64[:, ::1], float64[::1])")
def _support(indptr, indices, data, nearest, say, among, towards, result):  # type: ignore[no-untyped-def]
    _inner(indptr, indices, data, nearest, among, towards)
    for a in range(indptr.size - 1):
        for edge in range(indptr[a], indptr[a + 1]):
            b = np.int64(indices[edge])
            if b < a:
                result[edge] = result[_place(indptr, indices, b, a)]
                continue
            total = data[edge]
            for i in range(nearest.shape[1]):
                near_b = nearest[b, i]
                if near_b >= 0 and near_b != a:
                    total += say[b, i] * _weight(indptr, indices, data, a, near_b)
                near_a = nearest[a, i]
                if near_a < 0 or near_a == b:
                    continue
                total += say[a, i] * _weight(indptr, indices, data, near_a, b)
                for j in range(nearest.shape[1]):
                    near_b = nearest[b, j]
                    if near_b >= 0 and near_b != a:
                        total += say[a, i] * say[b, j] * _weight(indptr, indices, data, near_a, near_b)
            factors_a, squared_a = _length(nearest, say, among, towards, a, b)
            factors_b, squared_b = _length(nearest, say, among, towards, b, a)
            result[edge] = total / np.sqrt(factors_a * factors_b * np.sqrt(squared_a * squared_b))
