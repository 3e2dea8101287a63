"""Exact Jaccard and containment of candidate pairs, counted on shingle sets; estimates decide nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from storycluster.config import DedupConfig
from storycluster.kernels.setjoin import Sets, count_shared, jaccard_and_containment
from storycluster.stages.duplicates.corpus import Places
from storycluster.stages.duplicates.scored import Scored, together
from storycluster.stages.duplicates.shingles import ARTICLES_AT_ONCE, Shingles


def verify(left: Places, right: Places, *, shingles: Shingles) -> Scored:
    """The candidates that are pairs, scored; an article's boilerplate shingles are left out before counting."""
    parts = []
    for chosen in _chunks(left, right):
        chunk = np.unique(np.concatenate((left[chosen], right[chosen])))
        sets = shingles.load(chunk)
        a, b = (np.searchsorted(chunk, side[chosen]).astype(np.int32) for side in (left, right))
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


def _chunks(left: Places, right: Places) -> Iterator[npt.NDArray[np.int64]]:
    """Pairs by number, in parts that touch about ARTICLES_AT_ONCE articles, and most articles in one part only.

    Articles that candidates connect stay together; where that is too many, an article may come in several parts.
    """
    if left.size == 0:
        return
    places, ends = np.unique(np.concatenate((left, right)), return_inverse=True)
    ends = ends.reshape(2, -1)
    graph = coo_array((np.ones(left.size, np.int8), (ends[0], ends[1])), (places.size, places.size))
    component = connected_components(graph, directed=False)[1]
    part_of = np.cumsum(np.bincount(component)) // ARTICLES_AT_ONCE
    part = part_of[component[ends[0]]]
    order = np.argsort(part, kind="stable")
    for pairs in np.split(order, np.flatnonzero(np.diff(part[order])) + 1):
        touched = np.unique(ends[:, pairs]).size
        pieces = 1 if touched <= 2 * ARTICLES_AT_ONCE else -(-2 * pairs.size // ARTICLES_AT_ONCE)
        yield from np.array_split(pairs, pieces)
