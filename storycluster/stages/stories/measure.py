"""How similar two kept articles are: a score per channel and the fused one, for every pair worth keeping.

No pair of two languages is compared, and none that the time window keeps apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.indexing import IndexedArticles
from storycluster.kernels.graph import add_support, build_graph, upper_weights
from storycluster.kernels.tfidf import Floats
from storycluster.model import SIMILARITIES
from storycluster.stages.stories.channels import build_channels
from storycluster.stages.stories.dates import Dates, read_dates
from storycluster.stages.stories.pairs import Pairs, find_pairs

#: Closeness in time below which two articles are not near: gaps above one width of the bell curve and a day.
NEAR_IN_TIME: Final = 0.6


def measure(by_language: Sequence[IndexedArticles], articles: Table, config: StoriesConfig, engine: Engine) -> Table:
    """The ``similarities`` table: kept articles of one language whose score is at least ``least_similarity``.

    The score of a pair is the weighted sum of its channels, less where names or dates speak against it, joined
    with what the nearest articles of both say (see ``add_support``); a sure pair cannot lose by that.
    """
    parts = [_measure_language(indexed, articles, config, engine) for indexed in by_language]
    table = pa.concat_tables(parts) if parts else SIMILARITIES.empty_table()
    return engine.table("similarities", table.to_batches(), SIMILARITIES)


def _measure_language(indexed: IndexedArticles, articles: Table, config: StoriesConfig, engine: Engine) -> pa.Table:
    dates = read_dates(articles, indexed.ids, engine)
    pairs = find_pairs(build_channels(indexed.index, config), dates, config, engine.threads)
    return pair_rows(np.array(indexed.ids, dtype=object), pairs, support_pairs(pairs, dates, config))


def support_pairs(pairs: Pairs, dates: Dates, config: StoriesConfig) -> Floats:
    """The final score of each pair, 0..1: its own, joined with what near articles say; a sure pair cannot lose.

    Short texts are lifted last, so that what near articles say is weighed alike for all lengths.
    """
    sure = np.where(pairs.closeness < NEAR_IN_TIME, 0.0, 1.0 - dates.doubt(pairs.left, pairs.right))
    say = config.support * sure * (pairs.score - config.support_floor)
    articles = len(dates.days)
    supported = add_support(
        build_graph(pairs.left, pairs.right, pairs.score, articles),
        build_graph(pairs.left, pairs.right, say, articles),
        config.support_neighbours,
    )
    scores = upper_weights(supported)
    scores = np.where(pairs.score >= config.sure_similarity, np.maximum(scores, pairs.score), scores)
    return np.minimum(scores * pairs.lift, 1.0)


def pair_rows(ids: npt.NDArray[np.object_], pairs: Pairs, scores: Floats) -> pa.Table:
    """Rows of ``similarities``, the smaller id first."""
    first, second = ids[pairs.left], ids[pairs.right]
    swapped = np.asarray(first > second, np.bool_)
    columns = {
        "a": pa.array(np.where(swapped, second, first), pa.string()),
        "b": pa.array(np.where(swapped, first, second), pa.string()),
        "score": pa.array(scores),
        **{name: pa.array(np.clip(values, 0.0, 1.0)) for name, values in pairs.channels.items()},
        "time": pa.array(pairs.closeness, from_pandas=True),
    }
    return pa.table(columns, schema=SIMILARITIES)
