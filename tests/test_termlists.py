"""From words to the terms of each article."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.termlists import (
    CLAUSE,
    SENTENCE,
    among_first,
    distinct_marked,
    find_starts,
    join_numbers,
    pair_codes,
)
from storycluster.kernels.tokens import Words, tokenise


def words_of(text: str) -> tuple[np.ndarray, Words]:
    buffer = np.frombuffer(text.encode() or b" ", np.uint8)
    return buffer, tokenise(buffer, np.array([0, len(buffer)]))


def shown(buffer: np.ndarray, words: Words) -> list[str]:
    return [bytes(buffer[a:b]).decode() for a, b in zip(words.starts, words.ends, strict=True)]


@given(st.text(alphabet="12 ,.aé", max_size=60))
def test_numbers_are_joined_as_a_pattern_joins_them(text: str) -> None:
    buffer, words = words_of(text)
    expected = re.findall(r"[0-9]+(?:[.,][0-9]+)+(?![^\W_])|[^\W_]+", text)
    alone = re.search(r"[a-zé]\d|\d[a-zé]", text)
    joined = shown(buffer, join_numbers(buffer, words))
    assert alone is not None or joined == expected


def test_equal_numbers_have_equal_hashes_and_other_marks_other_ones() -> None:
    buffer, words = words_of("1,500 1,500 1.500 1 500")
    hashes = join_numbers(buffer, words).hashes.tolist()
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 4


def test_sentences_lines_and_quotes_begin_where_they_do() -> None:
    text = 'He said: "No." Then he left.The end\nOf it U.S. troops'
    buffer, words = words_of(text)
    begins = find_starts(buffer, words)
    marks = dict(zip(shown(buffer, words), begins.tolist(), strict=True))
    assert {word for word, mark in marks.items() if mark == SENTENCE} == {"He", "The", "Of", "troops"}
    assert marks["No"] == CLAUSE
    assert marks["said"] == 0


@given(st.lists(st.lists(st.integers(-1, 9), max_size=12), max_size=6), st.integers(1, 15))
def test_distinct_terms_are_sorted_sets_and_their_marks_those_of_all_their_places(
    articles: list[list[int]], limit: int
) -> None:
    values = np.array([value for article in articles for value in article], np.int32)
    offsets = np.cumsum([0, *map(len, articles)]).astype(np.int64)
    early = among_first(offsets, limit)
    found, bounds, marks = distinct_marked(values, offsets, np.where(early, 1, 2).astype(np.uint8))
    for at, article in enumerate(articles):
        expected = sorted({value for value in article if value >= 0})
        bits = [(value in article[:limit]) * 1 + (value in article[limit:]) * 2 for value in expected]
        assert found[bounds[at] : bounds[at + 1]].tolist() == expected
        assert marks[bounds[at] : bounds[at + 1]].tolist() == bits


def test_word_pairs_skip_stop_words_and_end_with_the_sentence() -> None:
    terms = np.array([3, -1, 5, 7, 5], np.int32)
    begins = np.array([2, 0, 0, 2, 0], np.uint8)
    codes = pair_codes(terms, begins, np.array([0, 5]))
    assert codes.tolist() == [-1, -1, 3 << 31 | 5, -1, 7 << 31 | 5]
