"""Exact set similarity: against Python sets."""

from itertools import combinations, pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.setjoin import count_shared, leave_out, take_sets
from storycluster.kernels.shinglesets import Sets, shingle, shingle_sets
from storycluster.kernels.tokens import tokenise
from storycluster.text.normalise import normalise_array

SMALL = st.lists(st.sets(st.integers(0, 12)), max_size=12)
SHARES = st.sampled_from([0.1, 0.25, 0.5, 0.6, 0.8, 0.9, 1.0])


def as_sets(members: list[set[int]]) -> Sets:
    hashes = [value for members_of in members for value in sorted(members_of)]
    return Sets(np.array(hashes, np.uint64), np.cumsum([0, *map(len, members)], dtype=np.int64))


def as_python(sets: Sets) -> list[list[int]]:
    return [sets.hashes[start:end].tolist() for start, end in pairwise(sets.offsets.tolist())]


@given(SMALL)
def test_shared_hashes_are_counted(members: list[set[int]]) -> None:
    pairs = list(combinations(range(len(members)), 2))
    left = np.array([pair[0] for pair in pairs], np.int32)
    right = np.array([pair[1] for pair in pairs], np.int32)
    expected = [len(members[i] & members[j]) for i, j in pairs]
    assert count_shared(as_sets(members), left, right=right).tolist() == expected


@given(SMALL, SMALL.filter(bool), SHARES, st.randoms(use_true_random=False))
def test_unwanted_hashes_of_the_own_class_are_left_out_unless_too_little_is_left(
    members: list[set[int]], unwanted: list[set[int]], least_share: float, random: object
) -> None:
    classes = [random.randrange(len(unwanted)) for _ in members]  # type: ignore[attr-defined]
    left = leave_out(as_sets(members), np.array(classes, np.int32), unwanted=as_sets(unwanted), least_share=least_share)
    expected = []
    for own, number in zip(members, classes, strict=True):
        rest = own - unwanted[number]
        expected.append(sorted(rest if len(rest) >= least_share * len(own) else own))
    assert as_python(left) == expected


@given(SMALL, st.lists(st.integers(0, 11)))
def test_sets_are_taken_in_the_order_asked_for(members: list[set[int]], places: list[int]) -> None:
    places = [place for place in places if place < len(members)]
    taken = take_sets(as_sets(members), np.array(places, np.int64))
    assert as_python(taken) == [sorted(members[place]) for place in places]


@given(st.lists(st.lists(st.sampled_from("abcde")).map(" ".join), max_size=6), st.integers(1, 4))
def test_shingle_sets_are_the_sorted_different_shingles(texts: list[str], width: int) -> None:
    buffer, offsets = normalise_array(pa.array(texts, pa.string()))
    words = tokenise(buffer, offsets)
    expected = [
        sorted(set(shingle(words.hashes[start:end], width).tolist())) for start, end in pairwise(words.article_offsets)
    ]
    assert as_python(shingle_sets(buffer, offsets, width=width)) == expected


def test_a_long_text_has_sorted_different_shingles() -> None:
    text = " ".join(str(number * number % 5003) for number in range(20_000))
    sets = shingle_sets(*normalise_array(pa.array([text])), width=2)
    assert (np.diff(sets.hashes.astype(object)) > 0).all()
    assert sets.hashes.size == len(set(zip(text.split(), text.split()[1:], strict=False)))
