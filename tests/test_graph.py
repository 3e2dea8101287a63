"""Communities and support."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.kernels.graph import (
    WEAK_EDGE,
    add_support,
    build_graph,
    find_communities,
    mean_between,
    merge_alike,
    number_by_first,
    upper_weights,
)

EDGES = st.dictionaries(
    st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(0.05, 1.0),
    max_size=15,
)


def graph_of(edges: dict[tuple[int, int], float], nodes: int = 7) -> sp.csr_matrix:
    left, right = (np.array([pair[side] for pair in edges], np.int64) for side in (0, 1))
    return build_graph(left, right, np.array(list(edges.values()), np.float64), nodes)


def quality(graph: sp.csr_matrix, labels: np.ndarray, resolution: float) -> float:
    same = labels[:, None] == labels[None, :]
    np.fill_diagonal(same, False)
    weights = graph.toarray()
    weights[weights < WEAK_EDGE * resolution] = 0.0
    return float(((weights - resolution) * same).sum() / 2)


@given(EDGES, st.floats(0.1, 0.9))
@settings(max_examples=50)
def test_no_move_of_one_node_betters_the_communities(edges: dict[tuple[int, int], float], resolution: float) -> None:
    graph = graph_of(edges)
    labels = find_communities(graph, resolution)
    best = quality(graph, labels, resolution)
    for node in range(7):
        for target in range(8):
            moved = labels.copy()
            moved[node] = target
            assert quality(graph, moved, resolution) <= best + 1e-9


def test_a_chain_is_not_one_community() -> None:
    chain = graph_of({(at, at + 1): 0.5 for at in range(6)})
    assert find_communities(chain, 0.4).max() >= 2


def test_communities_are_numbered_by_their_first_nodes() -> None:
    assert number_by_first(np.array([5, 2, 5, 9])).tolist() == [0, 1, 0, 2]


def support_by_hand(s: np.ndarray, say: np.ndarray, a: int, b: int) -> float:
    s, size = s.copy(), len(s)
    np.fill_diagonal(s, 1.0)
    x = np.zeros((2, size))
    for row, (own, other) in enumerate(((a, b), (b, a))):
        x[row, own] = 1.0
        for near in range(size):
            if near not in (own, other):
                x[row, near] = max(say[own, near], 0.0)
    product = x[0] @ s @ x[1]
    lengths = (x[0] @ s @ x[0]) * (x[1] @ s @ x[1])
    return float(product / np.sqrt(x[0].sum() * x[1].sum() * np.sqrt(lengths)))


@given(EDGES)
@settings(max_examples=50)
def test_support_is_the_formula_of_its_docstring(edges: dict[tuple[int, int], float]) -> None:
    graph = graph_of(edges)
    say = graph_of({pair: 8.0 * (weight - 0.2) for pair, weight in edges.items()})
    supported = add_support(graph, say, 7)
    for a, b in edges:
        expected = support_by_hand(graph.toarray(), say.toarray(), a, b)
        assert supported[a, b] == pytest.approx(expected)
        assert supported[b, a] == pytest.approx(expected)


def test_shared_neighbours_raise_a_weak_pair_and_strange_ones_lower_it() -> None:
    shared = graph_of({(0, 1): 0.2, (0, 2): 0.6, (1, 2): 0.6})
    strange = graph_of({(0, 1): 0.2, (0, 2): 0.6, (1, 3): 0.6})
    for graph, raised in ((shared, True), (strange, False)):
        supported = add_support(graph, graph, 5)
        assert (supported[0, 1] > 0.2) == raised


def test_the_mean_between_communities_counts_missing_pairs_as_zero() -> None:
    left, right, mean = mean_between(graph_of({(0, 2): 0.6, (0, 1): 0.9}, 4), np.array([0, 0, 1, 1]))
    assert (left.tolist(), right.tolist()) == ([0], [1])
    assert mean.tolist() == pytest.approx([0.15])


def test_stories_as_alike_between_as_inside_are_one_and_others_are_not() -> None:
    inside = {(a, b): 0.5 for part in ((0, 1, 2), (3, 4, 5)) for a in part for b in part if a < b}
    labels = np.array([0, 0, 0, 1, 1, 1, 2])
    for between, stories in ((0.4, 2), (0.2, 3)):
        graph = graph_of(inside | {(a, b): between for a in range(3) for b in range(3, 6)})
        assert merge_alike(graph, labels, share=0.7, least=0.1).max() + 1 == stories
    alike = graph_of(inside | {(a, b): 0.4 for a in range(3) for b in range(3, 6)})
    assert merge_alike(alike, labels, share=0.7, least=0.45).max() + 1 == 3


def test_weights_come_back_in_the_order_of_their_edges() -> None:
    assert upper_weights(graph_of({(0, 1): 0.1, (0, 3): 0.2, (1, 2): 0.3})).tolist() == [0.1, 0.2, 0.3]


def test_a_planted_story_of_sixty_stays_one() -> None:
    chooser = np.random.default_rng(1)
    left, right = np.triu_indices(60, 1)
    keep = chooser.random(len(left)) < 0.8
    graph = build_graph(left[keep], right[keep], chooser.uniform(0.2, 0.8, keep.sum()), 60)
    assert find_communities(graph, 0.3).max() == 0
