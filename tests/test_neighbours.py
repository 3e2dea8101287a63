"""Candidates at second hand: all pairs with a common partner that nobody has compared."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storycluster.stages.duplicates.neighbours import find_second_hand, pair_codes, split_codes
from storycluster.stages.duplicates.scored import Scored

PLACES = 9
PAIRS = st.sets(
    st.tuples(st.integers(0, PLACES - 1), st.integers(0, PLACES - 1)).filter(lambda pair: pair[0] < pair[1])
)


def columns(pairs: set[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    ordered = sorted(pairs)
    return np.array([a for a, _ in ordered], np.int32), np.array([b for _, b in ordered], np.int32)


@given(PAIRS, PAIRS, st.integers(1, PLACES))
def test_pairs_with_a_common_partner_are_found_once(
    verified: set[tuple[int, int]], rejected: set[tuple[int, int]], cap: int
) -> None:
    known = verified | rejected
    partners = {place: {a + b - place for a, b in verified if place in (a, b)} for place in range(PLACES)}
    expected = {
        pair
        for place in range(PLACES)
        if len(partners[place]) <= cap
        for pair in combinations(sorted(partners[place]), 2)
    } - known
    left, right = columns(verified)
    full = np.ones(left.size)
    found = find_second_hand(
        Scored(left, right, full, full, left), pair_codes(*columns(known)), articles=PLACES, cap=cap
    )
    assert list(zip(*(side.tolist() for side in found), strict=True)) == sorted(expected)


@given(PAIRS)
def test_codes_stand_for_pairs(pairs: set[tuple[int, int]]) -> None:
    left, right = columns(pairs)
    assert split_codes(pair_codes(right, left))[0].tolist() == left.tolist()
    assert split_codes(pair_codes(left, right))[1].tolist() == right.tolist()
