"""What a story has said so far: containment against plain sums, growth, order."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.postings import POSTINGS
from storycluster.stages.facts.memory import Memory

WORDS = st.sampled_from(["ferry", "harbour", "diver", "wreck", "captain", "bridge", "river", "storm", "vote"])
SENTENCES = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(tuple), min_size=1, max_size=12)
PRIOR = 2


@dataclass(frozen=True)
class Line:
    terms: tuple[str, ...]


def memory_of(sentences: Sequence[tuple[str, ...]]) -> Memory[Line]:
    memory: Memory[Line] = Memory()
    memory.add_article([Line(terms) for terms in sentences])
    return memory


def brute_force(sentences: Sequence[tuple[str, ...]], wanted: Sequence[str]) -> float:
    """The formula of ``Memory.compare`` with plain sums, over every sentence."""
    kept = list(dict.fromkeys(sentences))
    counts = {term: sum(term in each for each in kept) for term in wanted}
    local = {term: max(0.05, 2.0 * math.log((len(kept) + PRIOR) / (counts[term] + 1))) for term in set(wanted)}
    return max(sum(local[term] for term in local if term in each) / sum(local.values()) for each in kept)


@given(sentences=SENTENCES, wanted=st.lists(WORDS, min_size=1, max_size=6))
def test_containment_is_the_documented_formula_over_all_sentences(
    sentences: list[tuple[str, ...]], wanted: list[str]
) -> None:
    found = memory_of(sentences).compare(dict.fromkeys(wanted, 2.0))
    assert found.containment == pytest.approx(brute_force(sentences, wanted))


@given(
    sentences=SENTENCES,
    weights=st.dictionaries(WORDS, st.floats(0.25, 6.0), min_size=1, max_size=6),
    least=st.floats(0.1, 1.0),
)
def test_what_no_sentence_may_contain_none_contains(
    sentences: list[tuple[str, ...]], weights: dict[str, float], least: float
) -> None:
    memory = memory_of(sentences)
    assert memory.may_contain(weights, least) or memory.compare(weights).containment < least


def test_a_statement_of_other_words_is_not_looked_for() -> None:
    memory = memory_of([("ferry", "wreck", "storm")])
    assert memory.may_contain({"ferry": 2.0, "wreck": 1.0, "vote": 1.0}, 0.75)
    assert not memory.may_contain({"ferry": 2.0, "wreck": 1.0, "vote": 1.1}, 0.75)


@given(sentences=SENTENCES)
def test_a_sentence_told_before_is_contained_whole(sentences: list[tuple[str, ...]]) -> None:
    found = memory_of(sentences).compare(dict.fromkeys(sentences[0], 3.0))
    assert found.containment == pytest.approx(1.0)
    assert found.unseen == ()


def test_of_equal_sentences_the_first_is_shown() -> None:
    memory = memory_of([("ferry", "wreck", "storm"), ("ferry", "wreck", "diver")])
    best = memory.compare({"ferry": 2.0, "wreck": 2.0}).matches[0]
    assert best.sentence.terms == ("ferry", "wreck", "storm")


def test_an_empty_story_contains_nothing() -> None:
    found = Memory[Line]().compare({"ferry": 2.0})
    assert (found.matches, found.containment, found.unseen) == ((), 0.0, ("ferry",))


def test_a_rare_term_finds_its_sentence_behind_many_with_common_ones() -> None:
    common = [("ferry", "harbour", f"filler{number}") for number in range(2 * POSTINGS)]
    memory = memory_of([*common, ("ferry", "harbour", "recorder")])
    found = memory.compare({"ferry": 2.0, "recorder": 5.0})
    assert found.matches[0].sentence.terms[-1] == "recorder"
    assert found.containment == pytest.approx(1.0)


def test_only_common_terms_find_the_first_sentences() -> None:
    memory = memory_of([("ferry", "harbour", f"filler{number}") for number in range(2 * POSTINGS)])
    found = memory.compare({"ferry": 2.0, "harbour": 2.0})
    assert found.matches[0].sentence.terms[-1] == "filler0"


def seconds_to_read(count: int) -> float:
    sentences = [(f"a{n % 50}", f"b{n % 7}", "storm", f"c{n}", f"d{n % 900}") for n in range(count)]
    memory: Memory[Line] = Memory()
    start = time.process_time()
    for terms in sentences:
        memory.compare(dict.fromkeys(terms, 2.0))
        memory.add_article([Line(terms)])
    return time.process_time() - start


def test_time_grows_linearly_with_the_story() -> None:
    small, large = (min(seconds_to_read(count) for _ in range(3)) for count in (1_500, 6_000))
    assert large < 4 * 2.5 * small  # four times the sentences; 2.5 leaves room for a busy machine
