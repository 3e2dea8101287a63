"""Exact Jaccard and containment of candidate pairs, counted on shingle sets; estimates decide nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from storycluster.config import DedupConfig
from storycluster.kernels.setjoin import Sets, count_shared, jaccard_and_containment
from storycluster.stages.duplicates.corpus import Places
from storycluster.stages.duplicates.scored import Scored, together
from storycluster.stages.duplicates.shingles import ARTICLES_AT_ONCE, Shingles


def verify(left: Places, right: Places, *, shingles: Shingles) -> Scored:
    """The candidates that are pairs, scored; an article's boilerplate shingles are left out before counting."""
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    parts = []
    for first, last in _chunks(left, right):
        chunk = np.unique(np.concatenate((left[first:last], right[first:last])))
        sets = shingles.load(chunk)
        a, b = (np.searchsorted(chunk, side[first:last]).astype(np.int32) for side in (left, right))
        scored = score(sets, a, right=b, shared=count_shared(sets, a, right=b))
        parts.append(scored.keep(passes(scored, sets, shingles.config)).relabel(chunk))
    return together(parts)


def score(sets: Sets, left: Places, *, right: Places, shared: Places) -> Scored:
    """Pairs with their scores."""
    sizes = np.diff(sets.offsets)
    jaccard, containment = jaccard_and_containment(shared, sizes[left], right_sizes=sizes[right])
    return Scored(left, right, jaccard, containment, np.where(sizes[right] < sizes[left], right, left))


def passes(scored: Scored, sets: Sets, config: DedupConfig) -> npt.NDArray[np.bool_]:
    """Whether each pair is one: near enough, or contained with enough shingles."""
    sizes = np.diff(sets.offsets)[scored.shorter]
    is_near = scored.jaccard >= config.threshold
    is_contained = scored.containment >= config.containment_threshold
    passed: npt.NDArray[np.bool_] = is_near | (is_contained & (sizes >= config.least_contained_shingles))
    return passed & (sizes > 0)


def _chunks(left: Places, right: Places) -> Iterator[tuple[int, int]]:
    """Runs of pairs that touch no more than ARTICLES_AT_ONCE articles; one run where all do."""
    if left.size == 0:
        return
    step = ARTICLES_AT_ONCE // 2
    if np.unique(np.concatenate((left, right))).size <= ARTICLES_AT_ONCE:
        step = left.size
    for first in range(0, left.size, step):
        yield first, min(first + step, left.size)
