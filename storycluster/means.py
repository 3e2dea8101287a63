"""Mean similarities of kept articles with stories: what decides, at a threshold, who is together.

Counts stored scores; a pair without a stored score counts as 0, as it does when stories are found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components

from storycluster.kernels.graph import find_communities
from storycluster.runs import Run
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
        one, other = (np.flatnonzero(self.labels == self.names.index(name)) for name in (first, second))
        total = self.scores.graph[one][:, other].sum()
        return float(total) / (one.size * other.size)

    def together(self, first: str, second: str, *, thresholds: Sequence[float], most: int) -> list[bool] | None:
        """Whether two articles are found in one story at each threshold, all else of the run as it is.

        None where the articles that hang together with them are more than ``most``.
        """
        component = connected_components(self.scores.graph, directed=False)[1]
        a, b = self.scores.place[first], self.scores.place[second]
        if component[a] != component[b]:
            return [False] * len(thresholds)
        nodes = np.flatnonzero(component == component[a])
        if nodes.size > most:
            return None
        part = self.scores.graph[nodes][:, nodes]
        one, other = np.searchsorted(nodes, [a, b])
        found = (find_communities(part, threshold) for threshold in thresholds)
        return [bool(labels[one] == labels[other]) for labels in found]


def read_means(run: Run) -> StoryMeans:
    """The stored scores of a run with its stories; raises as ``read_scores`` does."""
    scores = read_scores(run)
    stories: Mapping[str, str] = primary_stories(run)
    told = [stories[article] for article in scores.place]
    names = tuple(sorted(set(told)))
    numbers = {name: at for at, name in enumerate(names)}
    return StoryMeans(scores, names, np.array([numbers[story] for story in told], np.int64))
