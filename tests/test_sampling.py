"""Shingles drawn from signatures are shingles of the text, and a filter loses none."""

import itertools

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.minhash import sign_shingles
from storycluster.kernels.sampling import draw_shingles, find_listed, list_shingles
from storycluster.kernels.shinglesets import shingle, shingle_sets
from storycluster.kernels.tokens import tokenise
from storycluster.text.normalise import normalise_array

HASHES = st.lists(st.integers(0, 2**64 - 1), min_size=1).map(lambda values: np.array(values, np.uint64))


@given(HASHES, st.integers(1, 16), st.integers(0, 2**32 - 1))
def test_every_drawn_shingle_is_one_of_the_set(shingles: np.ndarray, samples: int, seed: int) -> None:
    values = sign_shingles(shingles, count=16, seed=seed)[None, :]
    drawn = draw_shingles(values, samples, seed=seed)
    assert drawn.shape == (1, samples)
    assert set(drawn[0].tolist()) <= set((shingles & np.uint64(0xFFFFFFFF)).tolist())


def test_a_shingle_is_drawn_as_often_as_its_share_says() -> None:
    shingles = np.arange(40, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    drawn = draw_shingles(sign_shingles(shingles, count=4000, seed=1)[None, :], 4000, seed=1)
    counts = np.bincount(np.searchsorted(np.sort(shingles.astype(np.uint32)), drawn[0]), minlength=40)
    assert abs(counts - 100).max() <= 5 * np.sqrt(100)


@given(st.lists(st.lists(st.sampled_from("abcdefgh")).map(" ".join), max_size=6), st.integers(1, 3), st.data())
def test_listed_shingles_are_found_once_per_text(texts: list[str], width: int, data: st.DataObject) -> None:
    buffer, offsets = normalise_array(pa.array(texts, pa.string()))
    words = tokenise(buffer, offsets)
    ends = words.article_offsets.tolist()
    sets = [
        set((shingle(words.hashes[start:end], width) & np.uint64(0xFFFFFFFF)).tolist())
        for start, end in itertools.pairwise(ends)
    ]
    everything = sorted(set().union(*sets))
    listed = set(data.draw(st.lists(st.sampled_from(everything)))) if everything else set()
    held = shingle_sets(buffer, offsets, width=width)
    found = find_listed(held, list_shingles(np.array(sorted(listed), np.uint32)))
    pairs = list(zip(found.sets.tolist(), found.shingles.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    expected = {(place, value) for place, values in enumerate(sets) for value in values & listed}
    assert expected <= set(pairs)


def test_few_shingles_pass_a_filter_by_chance() -> None:
    random = np.random.default_rng(1)
    listed = list_shingles(random.integers(0, 2**32, 20_000, np.uint32))
    text = " ".join(map(str, range(50_000)))
    found = find_listed(shingle_sets(*normalise_array(pa.array([text])), width=1), listed)
    assert found.shingles.size < 0.01 * 50_000
