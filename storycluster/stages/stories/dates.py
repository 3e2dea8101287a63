"""Articles in time: what is known of the days between two of them.

Reads dates, computes no similarity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.engines.base import Engine, Table
from storycluster.kernels.tfidf import Floats, Integers, Reach

_DAY_MICROSECONDS: Final = 86_400_000_000
#: Dates differ by up to a day without meaning: time zones, and a day given without the hour.
SAME_DAY: Final = 1.0
#: Part of a pile that has dates from which on a missing one is an exception.
USUALLY_DATED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Dates:
    """Days since 1970, NaN where unknown; ``at_least`` where a day is a lower bound or unknown."""

    days: Floats
    at_least: npt.NDArray[np.bool_]

    def take(self, places: Integers) -> Dates:
        """The dates at ``places``."""
        return Dates(self.days[places], self.at_least[places])

    def order(self) -> Integers:
        """Places of the dated articles by day, then of all others; what ``reach`` needs."""
        return np.lexsort((self.days, self.at_least))

    def gap(self, left: Integers, right: Integers) -> Floats:
        """Days that lie between two articles for certain; NaN where nothing is known of them."""
        ahead = self.days[left] - self.days[right]
        gap = np.where(self.at_least[left], np.maximum(ahead, 0.0), np.abs(ahead))
        gap = np.where(self.at_least[right], np.maximum(-ahead, 0.0), gap)
        bounded = self.at_least[left] | self.at_least[right]
        unknown = (self.at_least[left] & self.at_least[right]) | (bounded & (gap == 0.0))
        return np.where(unknown, np.nan, gap)

    def doubt(self, left: Integers, right: Integers) -> Floats:
        """How far dates that are missing speak against a pair, 0..1.

        1 where one article has a date and nothing is known of the other's. For two without a date, with lower bounds
        or not: twice the part of all articles that have one, at most 1; in a pile without dates nothing is missing.
        """
        unknown, dated = np.isnan(self.days), ~self.at_least
        one_sided = (dated[left] & unknown[right]) | (unknown[left] & dated[right])
        undated = ~(dated[left] | dated[right])
        usual = min(1.0, dated.sum() / max(USUALLY_DATED * len(dated), USUALLY_DATED))
        return np.where(one_sided, 1.0, np.where(undated, usual, 0.0))

    def closeness(self, left: Integers, right: Integers, width_days: float) -> Floats:
        """``exp(-gap² / (2 width²))``, 0..1, gaps up to a day counted as none; NaN where unknown."""
        return np.exp(-(np.maximum(self.gap(left, right) - SAME_DAY, 0.0) ** 2) / (2 * width_days**2))

    def reach(self, window_days: float) -> Reach:
        """Which later articles, in ``order``, may lie in the window of each.

        An article that has no date, or only a lower bound, may have appeared on any later day.
        """
        dated = int(np.count_nonzero(~self.at_least))
        ends = np.full(len(self.days), len(self.days), np.int64)
        ends[:dated] = np.searchsorted(self.days[:dated], self.days[:dated] + window_days, side="right")
        return Reach(ends, dated)


def read_dates(articles: Table, ids: Sequence[str], engine: Engine) -> Dates:
    """When the articles ``ids``, in the order in which ties break, were published, or not before when."""
    query = f'SELECT id, published, published_from FROM "{articles}" ORDER BY id'
    rows = engine.to_arrow(engine.sql("stories__dates", query))
    return days_of(rows).take(pc.index_in(pa.array(ids, pa.string()), value_set=rows.column("id")).to_numpy())


def days_of(rows: pa.Table) -> Dates:
    """The dates of rows of ``articles``, in their order."""
    micros = pc.cast(pc.coalesce(rows.column("published"), rows.column("published_from")), pa.int64()).to_numpy()
    at_least = pc.is_null(rows.column("published")).to_numpy()
    return Dates(np.asarray(micros, np.float64) / _DAY_MICROSECONDS, at_least)
