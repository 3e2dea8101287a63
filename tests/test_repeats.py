"""Hashes that many sets hold are those that counting finds."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.repeats import find_repeats
from storycluster.kernels.shinglesets import Sets

HASHES = st.sampled_from([1, 2, 3, 2**63, 2**63 + 1, 2**64 - 1, 2**40])
SETS = st.lists(st.frozensets(HASHES, max_size=6), min_size=1, max_size=9)


@given(SETS, st.integers(1, 5))
def test_repeats_are_what_counting_finds(members: list[frozenset[int]], least: int) -> None:
    sizes = np.cumsum([0, *map(len, members)], dtype=np.int64)
    sets = Sets(np.array([h for each in members for h in sorted(each)], np.uint64), sizes)
    found = find_repeats(sets, least=least)
    counts = Counter(h for each in members for h in each)
    assert found.hashes.tolist() == sorted(h for h, count in counts.items() if count >= least)
    held = {(int(found.hashes[place]), int(member)) for place, member in zip(found.places, found.members, strict=True)}
    assert held == {(h, place) for place, each in enumerate(members) for h in each if counts[h] >= least}
    assert len(held) == found.members.size
