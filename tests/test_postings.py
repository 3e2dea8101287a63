"""Sentences that have most of some terms: against plain sums over all of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.postings import CANDIDATES, LEAST_WEIGHT, PRIOR, Postings

TERMS = st.integers(0, 7)
SENTENCES = st.lists(st.frozensets(TERMS, min_size=1), min_size=1, max_size=100)
WEIGHTS = st.dictionaries(TERMS, st.sampled_from([0.25, 0.5, 1.0, 3.0]), min_size=1)


def postings_of(sentences: list[frozenset[int]]) -> tuple[Postings, dict[int, int]]:
    """The postings, and the number of each term in them."""
    postings = Postings()
    numbers: dict[int, int] = {}
    for terms in sentences:
        postings.add([numbers.setdefault(term, len(numbers)) for term in sorted(terms)])
    return postings, numbers


@given(SENTENCES, WEIGHTS)
def test_the_best_sentences_are_those_of_plain_sums_the_earlier_of_equals(
    sentences: list[frozenset[int]], weights: dict[int, float]
) -> None:
    postings, numbers = postings_of(sentences)
    found = postings.compare([numbers.get(term, -1) for term in weights], weights.values())
    rare = {
        term: max(LEAST_WEIGHT, weight * (math.log(len(sentences) + PRIOR) - math.log(count + 1)))
        for term, weight in weights.items()
        for count in [sum(term in each for each in sentences)]
    }
    assert found.weights == list(rare.values())
    sums = [sum(weight for term, weight in rare.items() if term in each) for each in sentences]
    best = sorted((-share / sum(rare.values()), number) for number, share in enumerate(sums) if share)[:CANDIDATES]
    assert list(zip(found.shares, found.sentences, strict=True)) == [(-share, number) for share, number in best]
    plain = [sum(weights[term] for term in weights if term in sentences[number]) for number in found.sentences]
    assert found.plain == pytest.approx([share / sum(weights.values()) for share in plain])


@given(SENTENCES, WEIGHTS)
def test_asking_twice_gives_the_same(sentences: list[frozenset[int]], weights: dict[int, float]) -> None:
    postings, numbers = postings_of(sentences)
    asked = [numbers.get(term, -1) for term in weights]
    assert postings.compare(asked, weights.values()) == postings.compare(asked, weights.values())


def test_no_terms_find_nothing() -> None:
    assert postings_of([frozenset({1, 2})])[0].compare([], []).sentences == []
