"""Sentences with most shared weight: against plain sums over all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.postings import Postings

TERMS = st.sampled_from("abcdefgh")
SENTENCES = st.lists(st.frozensets(TERMS, min_size=1), min_size=1, max_size=100)
WEIGHTS = st.dictionaries(TERMS, st.sampled_from([0.25, 0.5, 1.0, 3.0]), min_size=1)


def postings_of(sentences: list[frozenset[str]]) -> Postings:
    postings = Postings()
    for number, terms in enumerate(sentences):
        for term in sorted(terms):
            postings.add(term, number)
    return postings


@given(SENTENCES, WEIGHTS, st.integers(1, 7))
def test_the_best_sentences_are_those_of_plain_sums_the_earlier_of_equals(
    sentences: list[frozenset[str]], weights: dict[str, float], most: int
) -> None:
    known = {term: weight for term, weight in weights.items() if any(term in each for each in sentences)}
    shares = [sum(weight for term, weight in known.items() if term in each) for each in sentences]
    expected = sorted((-share, number) for number, share in enumerate(shares) if share)[:most]
    assert sorted(postings_of(sentences).best(known, most=most)) == sorted(number for _, number in expected)


@given(SENTENCES, WEIGHTS)
def test_asking_twice_gives_the_same(sentences: list[frozenset[str]], weights: dict[str, float]) -> None:
    postings = postings_of(sentences)
    known = {term: weight for term, weight in weights.items() if any(term in each for each in sentences)}
    assert postings.best(known, most=5) == postings.best(known, most=5)


def test_no_terms_find_nothing() -> None:
    assert postings_of([frozenset("ab")]).best({}, most=5) == []
