"""Signatures: bit for bit those of datasketch, and the formulas of the docstrings in plain integers."""

import numpy as np
import pyarrow as pa
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from storycluster.errors import StoreError
from storycluster.kernels import minhash
from storycluster.kernels.shinglesets import shingle
from storycluster.kernels.tokens import tokenise
from storycluster.text.normalise import normalise_array

HASHES = st.lists(st.integers(0, 2**64 - 1)).map(lambda values: np.array(values, np.uint64))
COUNTS = st.sampled_from([1, 7, 64, 128])
SEEDS = st.integers(0, 2**32 - 1)
WORDY = st.lists(st.sampled_from(["a", "b", "toll", "12", "15", "é", "新闻", "हिन्दी"])).map(" ".join)


def by_datasketch(shingles: np.ndarray, count: int, seed: int) -> MinHash:
    reference = MinHash(num_perm=count, seed=seed, scheme="affine32", hashfunc=lambda value: int(value) & 0xFFFFFFFF)
    reference.update_batch(shingles.tolist())
    return reference


@given(HASHES, COUNTS, SEEDS)
def test_a_signature_equals_that_of_datasketch_fed_the_same_hashes(shingles: np.ndarray, count: int, seed: int) -> None:
    expected = by_datasketch(shingles, count, seed).hashvalues
    assert minhash.sign_shingles(shingles, count=count, seed=seed).tolist() == expected.tolist()


@given(st.lists(WORDY, max_size=5), st.integers(1, 6), COUNTS, SEEDS)
def test_signatures_of_texts_equal_datasketch_fed_their_shingles(
    texts: list[str], width: int, count: int, seed: int
) -> None:
    buffer, offsets = normalise_array(pa.array(texts, pa.string()))
    signed = minhash.sign_texts(buffer, offsets, width=width, count=count, seed=seed)
    words = tokenise(buffer, offsets)
    for place in range(len(texts)):
        own = words.hashes[words.article_offsets[place] : words.article_offsets[place + 1]]
        shingles = shingle(own, width)
        assert signed.values[place].tolist() == by_datasketch(shingles, count, seed).hashvalues.tolist()
        assert (
            np.diff(signed.sets.offsets)[place] == len(set(shingles.tolist())) == len(set(ngrams(own.tolist(), width)))
        )


def ngrams(words: list[int], width: int) -> list[tuple[int, ...]]:
    return [tuple(words[at : at + width]) for at in range(len(words) - width + 1)]


@given(HASHES, st.integers(1, 4))
def test_the_signature_formula_in_plain_integers(shingles: np.ndarray, count: int) -> None:
    def fmix(value: int) -> int:
        value ^= value >> 16
        value = value * 0x85EBCA6B % 2**32
        value ^= value >> 13
        value = value * 0xC2B2AE35 % 2**32
        return value ^ value >> 16

    pairs = zip(*(array.tolist() for array in minhash.permutations(count, 1)), strict=True)
    expected = [
        min([(a * fmix(int(h) % 2**32) + b) % 2**32 for h in shingles.tolist()], default=2**32 - 1) for a, b in pairs
    ]
    assert minhash.sign_shingles(shingles, count=count, seed=1).tolist() == expected


@given(HASHES, st.integers(1, 5))
def test_the_shingle_formula_in_plain_integers(words: np.ndarray, width: int) -> None:
    def mix(value: int) -> int:
        for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
            value = (value ^ value >> 33) * factor % 2**64
        return value ^ value >> 33

    step = 0xD6E8FEB86659FD93
    expected = [
        mix(sum(word * step ** (width - at) for at, word in enumerate(gram)) % 2**64) or 1
        for gram in ngrams(words.tolist(), width)
    ]
    assert shingle(words, width).tolist() == expected


@given(HASHES, st.randoms(use_true_random=False))
def test_a_signature_ignores_the_order_and_repeats_of_shingles(shingles: np.ndarray, random: object) -> None:
    values = shingles.tolist() * 2
    random.shuffle(values)  # type: ignore[attr-defined]
    shuffled = minhash.sign_shingles(np.array(values, np.uint64), count=16, seed=1)
    assert shuffled.tolist() == minhash.sign_shingles(shingles, count=16, seed=1).tolist()


@given(WORDY, WORDY)
def test_text_hashes_are_equal_exactly_for_equal_normalised_texts(one: str, other: str) -> None:
    buffer, offsets = normalise_array(pa.array([one, other, one]))
    hashes = minhash.sign_texts(buffer, offsets, width=3, count=1, seed=1).text_hashes
    assert hashes[0] == hashes[2]
    assert (hashes[0] == hashes[1]) == (one == other)
    assert (hashes[0] == 0) == (one == "")


def test_an_estimate_is_within_four_standard_errors_of_the_truth() -> None:
    count, universe = 128, np.arange(1000, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for shared in (200, 500, 800):
        one, other = universe[: (1000 + shared) // 2], universe[(1000 - shared) // 2 :]
        estimate = np.mean(
            minhash.sign_shingles(one, count=count, seed=1) == minhash.sign_shingles(other, count=count, seed=1)
        )
        jaccard = shared / 1000
        assert abs(estimate - jaccard) <= 4 * np.sqrt(jaccard * (1 - jaccard) / count)


@given(HASHES, COUNTS, SEEDS)
def test_a_signature_goes_to_datasketch_and_back(shingles: np.ndarray, count: int, seed: int) -> None:
    signature = minhash.sign_shingles(shingles, count=count, seed=seed).astype("<u4").tobytes()
    there = minhash.to_datasketch(signature, seed=seed)
    assert there == by_datasketch(shingles, count, seed)
    assert minhash.from_datasketch(there) == signature


def test_a_signature_of_another_scheme_is_refused_by_name() -> None:
    with pytest.raises(StoreError, match="scheme legacy, signatures here have affine32"):
        minhash.from_datasketch(MinHash(num_perm=4, scheme="legacy"))


@given(st.lists(st.lists(st.integers(0, 3), min_size=9, max_size=9), min_size=1, max_size=6))
def test_equal_slots_are_counted_for_each_two_signatures(rows: list[list[int]]) -> None:
    values = np.array(rows, np.uint32)
    assert minhash.count_equal(values).tolist() == (values[:, None] == values[None]).sum(axis=2).tolist()
