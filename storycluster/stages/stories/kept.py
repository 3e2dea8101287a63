"""The articles a story is made of: kept ones, in the order in which ties break, with their place in time.

Reads tables, computes no similarity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.engines.base import Engine, Table
from storycluster.kernels.tfidf import Floats, Integers
from storycluster.vectors import common_language

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


@dataclass(frozen=True, slots=True)
class KeptArticles:
    """Kept articles by time, content hash and id; ``days`` is NaN where unknown, ``at_least`` where it is a bound."""

    ids: list[str]
    texts: list[str]
    languages: list[str]
    days: Floats
    at_least: npt.NDArray[np.bool_]

    def by_language(self) -> Iterator[tuple[str, Integers]]:
        """Each language with the places of its articles."""
        languages = np.array(self.languages, dtype=object)
        for language in sorted(set(self.languages)):
            yield language, np.flatnonzero(languages == language)


def read_kept(articles: Table, groups: Table, engine: Engine) -> KeptArticles:
    """The articles that are no copies, title and text as one."""
    rows = engine.to_arrow(
        engine.sql(
            "stories__kept",
            f"""SELECT id, concat(coalesce(title, ''), chr(10), text) AS text, language,
                       coalesce(published, published_from) AS published, published IS NULL AS at_least
                FROM "{articles}"
                WHERE id NOT IN (SELECT article FROM "{groups}" WHERE relation <> 'kept')
                ORDER BY coalesce(published, published_from) NULLS LAST, content_hash, id""",
        )
    )
    return KeptArticles(
        ids=rows.column("id").to_pylist(),
        texts=rows.column("text").to_pylist(),
        languages=common_language(rows.column("language").to_pylist()),
        days=_days(rows.column("published")),
        at_least=rows.column("at_least").to_numpy(),
    )


def _days(published: pa.ChunkedArray) -> Floats:
    micros = pc.cast(published, pa.int64()).to_numpy()
    return np.asarray(micros, np.float64) / _DAY_MICROSECONDS
