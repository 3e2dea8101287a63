"""The exact join: every pair that brute force finds, and no other."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.prefixjoin import join
from storycluster.kernels.shinglesets import Sets

SMALL = st.lists(st.sets(st.integers(0, 12)), max_size=12)
SHARES = st.sampled_from([0.1, 0.25, 0.5, 0.6, 0.8, 0.9, 1.0])


def as_sets(members: list[set[int]]) -> Sets:
    hashes = [value for members_of in members for value in sorted(members_of)]
    return Sets(np.array(hashes, np.uint64), np.cumsum([0, *map(len, members)], dtype=np.int64))


@given(SMALL, SHARES, SHARES, st.integers(1, 6))
def test_the_join_finds_every_pair_and_no_other(
    members: list[set[int]], jaccard: float, containment: float, least: int
) -> None:
    expected = []
    for (i, one), (j, other) in combinations(enumerate(members), 2):
        smaller, shared = min(len(one), len(other)), len(one & other)
        is_near = smaller > 0 and shared / len(one | other) >= jaccard
        if is_near or (smaller >= least and shared / smaller >= containment):
            expected.append((i, j, shared))
    found = join(as_sets(members), jaccard=jaccard, containment=containment, least_contained=least)
    assert list(zip(*(column.tolist() for column in found), strict=True)) == expected


def test_more_pairs_than_the_first_room_holds_are_found() -> None:
    found = join(as_sets([{1, 2, 3}] * 80), jaccard=0.9, containment=0.9, least_contained=9)
    assert found.left.size == 80 * 79 // 2
    assert (found.shared == 3).all()
