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
from storycluster.kernels.tfidf import Floats, Integers

_DAY_MICROSECONDS: Final = 86_400_000_000
#: Dates differ by up to a day without meaning: time zones, and a day given without the hour.
SAME_DAY: Final = 1.0


@dataclass(frozen=True, slots=True)
class Dates:
    """Days since 1970 in rising order, NaN where unknown and last; ``at_least`` where a day is a lower bound."""

    days: Floats
    at_least: npt.NDArray[np.bool_]

    def gap(self, left: Integers, right: Integers) -> Floats:
        """Days that lie between two articles for certain; NaN where nothing is known of them."""
        ahead = self.days[left] - self.days[right]
        gap = np.where(self.at_least[left], np.maximum(ahead, 0.0), np.abs(ahead))
        gap = np.where(self.at_least[right], np.maximum(-ahead, 0.0), gap)
        bounded = self.at_least[left] | self.at_least[right]
        unknown = (self.at_least[left] & self.at_least[right]) | (bounded & (gap == 0.0))
        return np.where(unknown, np.nan, gap)

    def one_sided(self, left: Integers, right: Integers) -> npt.NDArray[np.bool_]:
        """Whether one article of a pair has a date and nothing is known of the other's."""
        unknown = np.isnan(self.days)
        one_sided: npt.NDArray[np.bool_] = unknown[left] != unknown[right]
        return one_sided

    def closeness(self, left: Integers, right: Integers, width_days: float) -> Floats:
        """``exp(-gap² / (2 width²))``, 0..1, gaps up to a day counted as none; NaN where unknown."""
        return np.exp(-(np.maximum(self.gap(left, right) - SAME_DAY, 0.0) ** 2) / (2 * width_days**2))

    def window(self, begin: int, rows: int, window_days: float) -> Integers:
        """Places from ``begin`` on that may lie in the window of one of the next ``rows`` articles."""
        places = np.arange(begin, len(self.days))
        last = self.days[min(begin + rows, len(self.days)) - 1]
        inside: Integers = places[~(self.days[begin:] > last + window_days)]
        return inside


def read_dates(articles: Table, ids: Sequence[str], engine: Engine) -> Dates:
    """When the articles ``ids``, in the order in which ties break, were published, or not before when."""
    rows = engine.to_arrow(
        engine.sql(
            "stories__dates",
            f"""SELECT id, coalesce(published, published_from) AS published, published IS NULL AS at_least
                FROM "{articles}" ORDER BY id""",
        )
    )
    places = pc.index_in(pa.array(ids, pa.string()), value_set=rows.column("id"))
    micros = pc.cast(rows.column("published"), pa.int64()).take(places).to_numpy()
    return Dates(np.asarray(micros, np.float64) / _DAY_MICROSECONDS, rows.column("at_least").take(places).to_numpy())
