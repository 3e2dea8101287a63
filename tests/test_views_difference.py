"""A copy compared with the article it copies: every word of both sides is there, and only changes are marked."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.views.difference import EDGE_WORDS, MOST_WORDS, compare_words

WORDS = st.lists(st.sampled_from(["two", "ferries", "collided", "boats", "on", "Monday"]), max_size=8)


def words_of(pieces):
    return [word for piece in pieces for word in piece.words.split()]


def marked(pieces):
    return [piece.words for piece in pieces if piece.kind == "changed"]


@given(WORDS, WORDS)
def test_both_sides_keep_every_word_in_order(kept, copy):
    difference = compare_words(" ".join(kept), " ".join(copy))
    assert words_of(difference.kept) == kept
    assert words_of(difference.copy) == copy


@given(WORDS)
def test_equal_texts_have_nothing_marked(words):
    difference = compare_words(" ".join(words), "\n".join(words))
    assert not marked(difference.kept)
    assert not marked(difference.copy)


def test_one_changed_number_is_the_only_mark():
    kept = "The coast guard said that twelve people were hurt when two ferries collided off the harbour"
    difference = compare_words(kept, kept.replace("twelve", "fifteen"))
    assert marked(difference.kept) == ["twelve"]
    assert marked(difference.copy) == ["fifteen"]


def test_long_equal_stretches_are_folded_to_their_edges():
    same = " ".join(f"word{number}" for number in range(200))
    difference = compare_words(f"{same} old {same}", f"{same} new {same}")
    folds = [piece.count for piece in difference.kept if piece.kind == "fold"]
    assert folds == [200 - EDGE_WORDS, 200 - EDGE_WORDS]


def test_a_single_equal_word_between_changes_is_no_island():
    difference = compare_words("a b c d e f the k l m n", "a b c d u v the w x m n")
    assert marked(difference.kept) == ["e f the k l"]


@pytest.mark.parametrize("words", ["Mr. ", "a b ", "\u0301 "])
def test_long_hostile_texts_are_cut_and_fast(words):
    text = words * 500_000
    start = time.process_time()
    difference = compare_words(text, text[6:] + " end")
    assert difference.is_cut
    assert len(words_of(difference.kept)) <= MOST_WORDS
    assert time.process_time() - start < 2
