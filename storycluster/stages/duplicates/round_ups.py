"""Round-ups: articles that gather several others are no originals of them, though each is contained in them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from storycluster.stages.duplicates.corpus import UNDATED

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Edges:
    """Verified pairs, each in both directions, ordered by ``to``: ``of`` may be a copy of ``to`` where it ``may_copy``.

    The ends are numbers of texts; ``begins[t]`` is where the edges to text t begin. ``is_part`` where ``of`` is
    contained in ``to`` and ``to`` has much more.
    """

    of: Numbers
    begins: Numbers
    relation: npt.NDArray[np.object_]
    jaccard: Floats
    containment: Floats
    may_copy: npt.NDArray[np.bool_]
    is_part: npt.NDArray[np.bool_]


def spare_round_ups(edges: Edges, times: Numbers) -> Edges:
    """The edges without those from parts to a round-up.

    A round-up has two parts or more, none of them later than itself, that have nothing to do with each other: not
    even a chain of pairs among them joins them. ``times`` is the earliest time of each text, or UNDATED.
    """
    may_copy = edges.may_copy.copy()
    targets = np.repeat(np.arange(edges.begins.size - 1), np.diff(edges.begins))
    is_dated = (times[edges.of] != UNDATED) & (times[targets] != UNDATED)
    is_later = is_dated & (times[edges.of] > times[targets])
    gathered = np.flatnonzero(edges.is_part & ~is_later)
    begins = np.flatnonzero(np.diff(targets[gathered], prepend=-1))
    for at in np.split(gathered, begins[1:]):
        if at.size > 1 and not _are_joined(set(edges.of[at].tolist()), edges):
            may_copy[at] = False
    return replace(edges, may_copy=may_copy)


def times_of_texts(texts: Numbers, times: Numbers) -> Numbers:
    """The earliest time of the articles of each text, UNDATED where one has none.

    >>> times_of_texts(np.array([0, 1, 0]), np.array([5, 7, 3])).tolist()
    [3, 7]
    """
    earliest = np.full(int(texts.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(earliest, texts, times)
    return earliest


def _are_joined(parts: set[int], edges: Edges) -> bool:
    """Whether pairs among the parts join all of them."""
    waiting = [min(parts)]
    left = parts - set(waiting)
    while waiting and left:
        part = waiting.pop()
        reached = left.intersection(edges.of[edges.begins[part] : edges.begins[part + 1]].tolist())
        left -= reached
        waiting += sorted(reached)
    return not left
