"""Pairs of articles worth a score: their channels, how far their names agree, and the sum before support.

Pairs come from a sparse product inside the time window; there is no array of articles by articles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from storycluster.config import StoriesConfig
from storycluster.kernels.tfidf import Floats, Integers, drop_common, products, similar_pairs
from storycluster.stages.stories.channels import CHANNELS, Channels, fuse
from storycluster.stages.stories.dates import Dates

#: Names and numbers an article must have before their agreement is asked for.
FEW_NAMES: Final = 3


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs left < right in order, the similarity of each channel, closeness in time (NaN: unknown), and the score.

    ``lift`` is what the final score is multiplied with where texts are short (see ``length_lift``).
    """

    left: Integers
    right: Integers
    channels: dict[str, Floats]
    closeness: Floats
    score: Floats
    lift: Floats

    def where(self, keep: npt.NDArray[np.bool_]) -> Pairs:
        """The pairs that are to be kept."""
        channels = {name: values[keep] for name, values in self.channels.items()}
        left, right, lift = self.left[keep], self.right[keep], self.lift[keep]
        return Pairs(left, right, channels, self.closeness[keep], self.score[keep], lift)


def find_pairs(channels: Channels, dates: Dates, config: StoriesConfig, threads: int) -> Pairs:
    """All pairs inside the time window whose score, time and names included, is at least ``least_similarity``."""
    left, right = _candidates(channels, dates, config, threads)
    similarity = {name: products(getattr(channels, name), left, right) for name in CHANNELS}
    score = sum((getattr(config, name) * values for name, values in similarity.items()), np.zeros(len(left)))
    score *= _name_agreement(channels, left, right, similarity, config.name_agreement)
    closeness = dates.closeness(left, right, config.time_width_days)
    score *= time_factor(closeness, config.far_in_time)
    score *= 1.0 - (1.0 - config.unknown_in_time) * dates.doubt(left, right)
    lift = length_lift(channels.sizes[left], channels.sizes[right], config.short_lift)
    return Pairs(left, right, similarity, closeness, score, lift).where(score >= config.least_similarity)


def length_lift(left: Integers, right: Integers, short_lift: float) -> Floats:
    """``1 + short_lift / sqrt(n m)`` for texts of n and m different terms; 1 where one has none.

    Two short texts on one event leave out most of what the other tells, so they have less in common than long ones.

    >>> length_lift(np.array([4, 100]), np.array([9, 100]), 3.0)
    array([1.5 , 1.03])
    """
    size = np.sqrt(left.astype(np.float64) * right)
    lift: Floats = 1.0 + np.divide(short_lift, size, out=np.zeros(len(size)), where=size > 0)
    return lift


def time_factor(closeness: Floats, far_in_time: float) -> Floats:
    """What a score is multiplied with: 1 for the same day or an unknown date, ``far_in_time`` far apart.

    >>> time_factor(np.array([1.0, 0.0, np.nan]), 0.6)
    array([1. , 0.6, 1. ])
    """
    return np.where(np.isnan(closeness), 1.0, far_in_time + (1.0 - far_in_time) * closeness)


def _name_agreement(
    channels: Channels, left: Integers, right: Integers, similarity: dict[str, Floats], enough: float
) -> Floats:
    """A factor 0..1 on each pair: below 1 where names agree less than ``enough`` times as much as words.

    So the words that all bulletins, results and dividend notices share do not make them one story. It says
    nothing of articles with fewer than ``FEW_NAMES`` names.
    """
    known = np.minimum(channels.named[left], channels.named[right]) >= FEW_NAMES
    needed = enough * similarity["words"]
    lacking = known & (similarity["names"] < needed)
    return np.where(lacking, similarity["names"] / np.where(lacking, needed, 1.0), 1.0)


def _candidates(channels: Channels, dates: Dates, config: StoriesConfig, threads: int) -> tuple[Integers, Integers]:
    """Pairs left < right, sorted, that share enough of terms that are not common, inside the time window."""
    cap = max(config.common_term_articles, int(config.common_term_share * channels.articles))
    by_day = dates.order()
    one, other = similar_pairs(
        drop_common(fuse(channels, config), cap, channels.scale)[by_day],
        dates.take(by_day).reach(config.window_days),
        threshold=config.least_similarity,
        most=config.most_neighbours,
        threads=threads,
    )
    one, other = by_day[one], by_day[other]
    left, right = np.minimum(one, other), np.maximum(one, other)
    near = ~(dates.gap(left, right) > config.window_days)
    left, right = left[near], right[near]
    order = np.lexsort((right, left))
    return left[order], right[order]
