"""Mean similarities of kept articles with stories: what decides, at a threshold, who is together.

Counts stored scores; a pair without a stored score counts as 0, as it does when stories are found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from storycluster.config import StoriesConfig
from storycluster.kernels.graph import WEAK_EDGE
from storycluster.runs import Run
from storycluster.stages.stories import find_stories
from storycluster.stored import StoredScores, primary_stories, read_scores

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StoryMeans:
    """Stored scores with the story of each kept article, as a number into ``names``."""

    scores: StoredScores
    names: tuple[str, ...]
    labels: Integers

    def sums(self, article: str) -> Floats:
        """The sum of an article's scores with each story."""
        row = self.scores.graph[self.scores.place[article]]
        return np.bincount(self.labels[row.indices], row.data, minlength=len(self.names)).astype(np.float64)

    def sizes(self) -> Integers:
        """Kept articles of each story."""
        return np.bincount(self.labels, minlength=len(self.names)).astype(np.int64)

    def own(self, article: str) -> float | None:
        """The mean score of an article with the others of its story; None where it is alone."""
        story = self.labels[self.scores.place[article]]
        others = int(self.sizes()[story]) - 1
        return float(self.sums(article)[story]) / others if others else None

    def between(self, first: str, second: str) -> float:
        """The mean score over all pairs of an article of one story and an article of another."""
        scores, pairs = self._scores_between(first, second)
        return float(scores.sum()) / pairs

    def merges_below(self, first: str, second: str) -> float:
        """The ``stories.threshold`` below which two stories are better as one, all else as it is; 0 where none is.

        At a threshold t, scores below ``WEAK_EDGE * t`` count as none; so it is the largest t that the mean over all
        pairs, of the scores that count, reaches. It is at most ``between``.
        """
        scores, pairs = self._scores_between(first, second)
        largest_first = np.sort(scores)[::-1]
        reached = np.minimum(largest_first / WEAK_EDGE, np.cumsum(largest_first) / pairs)
        return float(reached.max(initial=0.0))

    def _scores_between(self, first: str, second: str) -> tuple[Floats, int]:
        """The stored scores of articles of one story with those of another, and how many pairs there are."""
        one, other = (np.flatnonzero(self.labels == self.names.index(name)) for name in (first, second))
        scores: Floats = self.scores.graph[one][:, other].data
        return scores, one.size * other.size

    def component(self, first: str, second: str) -> tuple[sp.csr_matrix, tuple[int, int]] | None:
        """The scores among all articles that hang together with two, and the places of these; None where they do not.

        Stories of other articles do not depend on it, nor it on them.
        """
        component = connected_components(self.scores.graph, directed=False)[1]
        a, b = self.scores.place[first], self.scores.place[second]
        if component[a] != component[b]:
            return None
        nodes = np.flatnonzero(component == component[a])
        places = np.searchsorted(nodes, [a, b])
        return self.scores.graph[nodes][:, nodes], (int(places[0]), int(places[1]))


def first_change(
    graph: sp.csr_matrix,
    places: tuple[int, int],
    *,
    thresholds: Sequence[float],
    config: StoriesConfig,
    are_together: bool,
) -> float | None:
    """The first of ``thresholds`` at which two articles are found the other way; None where there is none.

    >>> pair = sp.csr_matrix([[0.0, 0.5], [0.5, 0.0]])
    >>> first_change(pair, (0, 1), thresholds=[0.3, 0.6], config=StoriesConfig(), are_together=True)
    0.6
    """
    for threshold in thresholds:
        labels = find_stories(graph, replace(config, threshold=threshold))
        if bool(labels[places[0]] == labels[places[1]]) != are_together:
            return threshold
    return None


def read_means(run: Run) -> StoryMeans:
    """The stored scores of a run with its stories; raises as ``read_scores`` does."""
    scores = read_scores(run)
    stories: Mapping[str, str] = primary_stories(run)
    told = [stories[article] for article in scores.place]
    names = tuple(sorted(set(told)))
    numbers = {name: at for at, name in enumerate(names)}
    return StoryMeans(scores, names, np.array([numbers[story] for story in told], np.int64))
