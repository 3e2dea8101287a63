"""Candidates at second hand: two copies of one article are compared though no band brought them together."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, triu

from storycluster.stages.duplicates.corpus import Places
from storycluster.stages.duplicates.scored import Scored

_LOW: Final = 0xFFFFFFFF


def find_second_hand(scored: Scored, known: npt.NDArray[np.int64], *, articles: int, cap: int) -> tuple[Places, Places]:
    """Pairs that share a verified partner and are not among the ``known`` ones (sorted codes), each once.

    A partner with more than ``cap`` pairs brings nobody together, so their number stays linear.

    >>> one = np.array([0, 1], np.int32), np.array([1, 2], np.int32)
    >>> scores = Scored(*one, np.ones(2), np.ones(2), one[0])
    >>> [side.tolist() for side in find_second_hand(scored=scores, known=pair_codes(*one), articles=3, cap=9)]
    [[0], [2]]
    """
    left, right = np.concatenate((scored.left, scored.right)), np.concatenate((scored.right, scored.left))
    is_small = np.bincount(left, minlength=articles)[left] <= cap
    ends = (left[is_small], right[is_small])
    links = coo_array((np.ones(ends[0].size, np.int32), ends), (articles, articles)).tocsr()
    reached = triu(links.T @ links, k=1).tocoo()
    codes = np.setdiff1d(pair_codes(reached.row, reached.col), known, assume_unique=False)
    return split_codes(codes)


def pair_codes(left: npt.NDArray[np.integer], right: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """One sorted number for each different pair, the smaller place in its upper half.

    >>> pair_codes(np.array([2, 1]), np.array([1, 2])).tolist()
    [4294967298]
    """
    smaller, larger = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    return np.unique(smaller << 32 | larger)


def split_codes(codes: npt.NDArray[np.int64]) -> tuple[Places, Places]:
    """The pairs behind codes.

    >>> [side.tolist() for side in split_codes(np.array([4294967298]))]
    [[1], [2]]
    """
    return (codes >> 32).astype(np.int32), (codes & _LOW).astype(np.int32)
