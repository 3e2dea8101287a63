"""Exact Jaccard and containment of candidate pairs, counted on shingle sets; estimates decide nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from storycluster.config import DedupConfig
from storycluster.kernels.setjoin import count_shared, jaccard_and_containment
from storycluster.kernels.shinglesets import Sets
from storycluster.stages.duplicates.corpus import Places
from storycluster.stages.duplicates.parts import map_parts
from storycluster.stages.duplicates.scored import Scored
from storycluster.stages.duplicates.shingles import Shingles, without_boilerplate

#: Articles of a part of a large corpus, at about 3.5 kB of shingles each for 450 words; some parts are in flight.
PART_ARTICLES: Final = 512


SCORED: Final = pa.schema(
    [
        ("left", pa.int32()),
        ("right", pa.int32()),
        ("jaccard", pa.float64()),
        ("containment", pa.float64()),
        ("shorter", pa.int32()),
    ]
)


class Part(NamedTuple):
    """Articles by sorted place, and pairs of them by their number among these."""

    places: Places
    left: Places
    right: Places


def verify(left: Places, right: Places, *, shingles: Shingles) -> Scored:
    """The candidates that are pairs, scored; an article's boilerplate shingles are left out before counting."""
    parts = list(_parts(left, right))

    def judge(number: int, full: Sets) -> pa.Table:
        part = parts[number]
        sets = without_boilerplate(full, shingles.corpus.sources[part.places], shingles.boilerplate)
        scored = score(sets, part.left, right=part.right, shared=count_shared(sets, part.left, right=part.right))
        scored = scored.keep(passes(scored, sets, shingles.config)).relabel(part.places)
        columns = (scored.left, scored.right, scored.jaccard, scored.containment, scored.shorter)
        return pa.table([pa.array(column) for column in columns], schema=SCORED)

    found = map_parts([part.places for part in parts], judge, SCORED, shingles=shingles)
    return Scored(*(column.to_numpy() for column in found.columns))


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


def _parts(left: Places, right: Places) -> Iterator[Part]:
    """Pairs in parts that touch about PART_ARTICLES articles, and most articles in one part only.

    Articles that candidates connect stay together; where that is too many, an article may come in several parts.
    """
    if left.size == 0:
        return
    places, ends = np.unique(np.concatenate((left, right)), return_inverse=True)
    ends = ends.reshape(2, -1)
    graph = coo_array((np.ones(left.size, np.int8), (ends[0], ends[1])), (places.size, places.size))
    component = connected_components(graph, directed=False)[1]
    part_of = np.cumsum(np.bincount(component)) // PART_ARTICLES
    part = part_of[component[ends[0]]]
    order = np.argsort(part, kind="stable")
    for pairs in np.split(order, np.flatnonzero(np.diff(part[order])) + 1):
        touched = np.unique(ends[:, pairs]).size
        pieces = 1 if touched <= 2 * PART_ARTICLES else -(-2 * pairs.size // PART_ARTICLES)
        for chosen in np.array_split(pairs, pieces):
            members, own = np.unique(ends[:, chosen], return_inverse=True)
            yield Part(places[members], *own.reshape(2, -1).astype(np.int32))
