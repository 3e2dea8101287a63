"""BCubed and extended BCubed: equal to brute force and to the bcubed package."""

import bcubed
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.bcubed import BLOCK_ITEMS, count_pairs, item_precision, membership_matrix

GROUPS = st.sets(st.integers(0, 5), min_size=1, max_size=3)
COVERS = st.lists(st.tuples(GROUPS, GROUPS), min_size=1, max_size=25)


def matrix(groups: list[set[int]]) -> sp.csr_matrix:
    items = np.array([at for at, each in enumerate(groups) for _ in each])
    numbers = np.array([number for each in groups for number in sorted(each)])
    return membership_matrix(items, numbers, shape=(len(groups), 6))


def brute_force(clusters: list[set[int]], labels: list[set[int]]) -> list[float]:
    result = []
    for mine, wanted in zip(clusters, labels, strict=True):
        shares = [
            min(len(mine & theirs), len(wanted & others)) / len(mine & theirs)
            for theirs, others in zip(clusters, labels, strict=True)
            if mine & theirs
        ]
        result.append(sum(shares) / len(shares))
    return result


@given(COVERS)
def test_each_item_has_the_precision_of_the_definition(covers: list[tuple[set[int], set[int]]]) -> None:
    clusters, labels = [each[0] for each in covers], [each[1] for each in covers]
    assert item_precision(matrix(clusters), matrix(labels)) == pytest.approx(brute_force(clusters, labels))
    assert item_precision(matrix(labels), matrix(clusters)) == pytest.approx(brute_force(labels, clusters))


@given(COVERS)
def test_the_means_are_those_of_the_bcubed_package(covers: list[tuple[set[int], set[int]]]) -> None:
    clusters, labels = dict(enumerate(each[0] for each in covers)), dict(enumerate(each[1] for each in covers))
    found, wanted = matrix(list(clusters.values())), matrix(list(labels.values()))
    assert item_precision(found, wanted).mean() == pytest.approx(bcubed.precision(clusters, labels))
    assert item_precision(wanted, found).mean() == pytest.approx(bcubed.recall(clusters, labels))


def test_more_overlapping_items_than_a_block_are_all_compared() -> None:
    generator = np.random.default_rng(1)
    clusters, labels = ([set(generator.integers(0, 6, 2).tolist()) for _ in range(BLOCK_ITEMS + 40)] for _ in range(2))
    assert item_precision(matrix(clusters), matrix(labels)) == pytest.approx(brute_force(clusters, labels))


@given(st.lists(st.integers(0, 6), max_size=12))
def test_pairs_are_counted_as_listed_one_by_one(sizes: list[int]) -> None:
    assert count_pairs(np.array(sizes, np.int64)) == sum(len([1 for i in range(n) for _ in range(i)]) for n in sizes)
