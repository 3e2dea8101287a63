"""Articles of equal text: compared once, then put back into every pair. It reads no text."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from storycluster.stages.duplicates.corpus import Corpus, Places
from storycluster.stages.duplicates.scored import Scored, together

Numbers = npt.NDArray[np.int64]


def with_copies(scored: Scored, corpus: Corpus, *, cap: int) -> tuple[Scored, int]:
    """Pairs of all articles from scored pairs of different texts, and how many pairs the cap left out.

    The first ``cap`` articles of a text stand in all their pairs; the others only with the first of their text.
    """
    members = np.argsort(corpus.first, kind="stable").astype(np.int32)
    begins = np.flatnonzero(np.diff(corpus.first[members], prepend=-1)).astype(np.int64)
    sizes = np.diff(np.append(begins, members.size))
    text = np.empty(members.size, np.int64)
    text[members] = np.repeat(np.arange(begins.size), sizes)
    equal = _equal_pairs(members, begins, sizes=sizes, cap=cap)
    near = _near_pairs(scored, text, members=members, begins=begins, sizes=np.minimum(sizes, cap))
    left, right = sizes[text[scored.left]], sizes[text[scored.right]]
    possible = int((sizes * (sizes - 1) // 2).sum() + (left * right).sum())
    return together([equal, near]), possible - equal.left.size - near.left.size


def equal_texts_across(corpus: Corpus) -> Scored:
    """The pairs of equal texts of two sides, however short they are."""
    places = np.arange(corpus.keys.size, dtype=np.int32)
    first = places[(corpus.first == places) & (corpus.text_hashes != 0)]
    ordered = first[np.argsort(corpus.text_hashes[first], kind="stable")]
    is_pair = corpus.text_hashes[ordered[1:]] == corpus.text_hashes[ordered[:-1]]
    left, right = ordered[:-1][is_pair], ordered[1:][is_pair]
    full = np.ones(left.size)
    return Scored(left, right, full, full, left)


def _equal_pairs(members: Places, begins: Numbers, *, sizes: Numbers, cap: int) -> Scored:
    """Each article with the earlier ones of its text, or past the cap with the first."""
    rank = np.arange(members.size) - np.repeat(begins, sizes)
    partners = np.where(rank < cap, rank, 1)
    right = np.repeat(np.arange(members.size), partners)
    left = np.repeat(begins, sizes)[right] + _count_up(partners)
    full = np.ones(left.size)
    return Scored(members[left], members[right], full, full, members[left])


def _near_pairs(scored: Scored, text: Numbers, *, members: Places, begins: Numbers, sizes: Numbers) -> Scored:
    """Each pair of texts as pairs of their articles."""
    left_text, right_text = text[scored.left], text[scored.right]
    repeats = sizes[left_text] * sizes[right_text]
    pair = np.repeat(np.arange(repeats.size), repeats)
    within = _count_up(repeats)
    left = members[begins[left_text][pair] + within // sizes[right_text][pair]]
    right = members[begins[right_text][pair] + within % sizes[right_text][pair]]
    shorter = np.where((scored.shorter == scored.left)[pair], left, right)
    return Scored(left, right, scored.jaccard[pair], scored.containment[pair], shorter)


def _count_up(lengths: Numbers) -> Numbers:
    """0, 1, … for each length, one after the other."""
    counted: Numbers = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return counted
