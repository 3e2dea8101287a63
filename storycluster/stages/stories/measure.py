"""How similar two kept articles are: a score per channel and the fused one, for every pair worth keeping.

Pairs come from a sparse product; there is no array of articles by articles, and no pair of two languages.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sp

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.kernels.graph import add_support, build_graph
from storycluster.kernels.tfidf import BLOCK_ROWS, Floats, Integers, drop_common, products, similar_pairs
from storycluster.model import SIMILARITIES
from storycluster.stages.stories.channels import Channels, build_channels, fuse
from storycluster.stages.stories.kept import Dates, KeptArticles, read_kept
from storycluster.vectors import index_terms

#: Closeness in time below which two articles are not near: gaps above one width of the bell curve and a day.
NEAR_IN_TIME: Final = 0.6
#: Names and numbers an article must have before their agreement is asked for.
FEW_NAMES: Final = 3
CHANNELS: Final = ("words", "word_pairs", "names", "lead")


def measure(articles: Table, groups: Table, config: StoriesConfig, engine: Engine) -> Table:
    """The ``similarities`` table: kept articles of one language whose score is at least ``least_similarity``."""
    kept = read_kept(articles, groups, engine)
    parts = [
        _measure_language(kept, places, language, config, engine.threads) for language, places in kept.by_language()
    ]
    table = pa.concat_tables(parts) if parts else SIMILARITIES.empty_table()
    return engine.table("similarities", table.to_batches(), SIMILARITIES)


def _measure_language(
    kept: KeptArticles, places: Integers, language: str, config: StoriesConfig, threads: int
) -> pa.Table:
    index = index_terms([kept.texts[place] for place in places], language)
    channels = build_channels(index, config)
    dates = Dates(kept.days[places], kept.at_least[places])
    left, right, score = _find_pairs(channels, dates, config, threads)
    closeness = dates.closeness(left, right, config.time_width_days)
    unknown = dates.one_sided(left, right)
    score *= np.where(unknown, config.unknown_in_time, time_factor(closeness, config.far_in_time))
    say = np.where(unknown | (closeness < NEAR_IN_TIME), 0.0, config.support * (score - config.support_floor))
    supported = add_support(
        build_graph(left, right, score, len(places)),
        build_graph(left, right, say, len(places)),
        config.support_neighbours,
    )
    scores = np.minimum(sp.triu(supported, k=1).tocsr().data, 1.0)
    keep = scores >= config.least_similarity
    ids = np.array([kept.ids[place] for place in places], dtype=object)
    return _table(ids, left[keep], right[keep], scores[keep], closeness[keep], channels)


def _find_pairs(
    channels: Channels, dates: Dates, config: StoriesConfig, threads: int
) -> tuple[Integers, Integers, Floats]:
    """Pairs left < right, sorted, inside the time window, with the weighted sum of their channels."""
    vectors = fuse(channels, config)
    cap = max(config.common_term_articles, int(config.common_term_share * vectors.shape[0]))
    candidates = drop_common(vectors, cap).astype(np.float32)
    found = [
        _pairs_of_block(candidates, begin, dates.window(begin, BLOCK_ROWS, config.window_days), config, threads)
        for begin in range(0, vectors.shape[0], BLOCK_ROWS)
    ]
    left, right = (np.concatenate(sides) for sides in zip(*found, strict=True))
    near = ~(dates.gap(left, right) > config.window_days)
    left, right = left[near], right[near]
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    return left, right, products(vectors, left, right) * name_agreement(channels, left, right, config.name_agreement)


def name_agreement(channels: Channels, left: Integers, right: Integers, enough: float) -> Floats:
    """A factor 0..1 on each pair: below 1 where names agree less than ``enough`` times as much as words.

    So the words that all bulletins, results and dividend notices share do not make them one story. It says
    nothing of articles with fewer than ``FEW_NAMES`` names.
    """
    names, words = products(channels.names, left, right), products(channels.words, left, right)
    known = np.minimum(channels.named[left], channels.named[right]) >= FEW_NAMES
    factor = np.minimum(names / np.maximum(enough * words, np.finfo(np.float64).tiny), 1.0)
    return np.where(known, factor, 1.0)


def _pairs_of_block(
    vectors: sp.csr_matrix, begin: int, window: Integers, config: StoriesConfig, threads: int
) -> tuple[Integers, Integers]:
    """Pairs of the rows of one block with later rows of ``window``."""
    rows = vectors[begin : begin + BLOCK_ROWS]
    left, right = similar_pairs(
        rows,
        vectors[window],
        threshold=config.least_similarity,
        most=config.most_neighbours,
        threads=threads,
    )
    left, right = left + begin, window[right]
    return left[left < right], right[left < right]


def time_factor(closeness: Floats, far_in_time: float) -> Floats:
    """What a score is multiplied with: 1 for the same day or an unknown date, ``far_in_time`` far apart.

    >>> time_factor(np.array([1.0, 0.0, np.nan]), 0.6)
    array([1. , 0.6, 1. ])
    """
    return np.where(np.isnan(closeness), 1.0, far_in_time + (1.0 - far_in_time) * closeness)


def _table(
    ids: npt.NDArray[np.object_], left: Integers, right: Integers, scores: Floats, closeness: Floats, channels: Channels
) -> pa.Table:
    """Rows with the smaller id first."""
    first, second = ids[left], ids[right]
    swapped = np.asarray(first > second, np.bool_)
    columns = {
        "a": pa.array(np.where(swapped, second, first), pa.string()),
        "b": pa.array(np.where(swapped, first, second), pa.string()),
        "score": pa.array(scores),
        **{name: pa.array(np.clip(products(getattr(channels, name), left, right), 0.0, 1.0)) for name in CHANNELS},
        "time": pa.array(closeness, from_pandas=True),
    }
    return pa.table(columns, schema=SIMILARITIES)
