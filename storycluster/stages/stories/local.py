"""One time window as if it were the whole corpus: its scored pairs, and the story of each article among them.

A pure function of the rows of a window: the order of rows, the machine and the other windows change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.config import StoriesConfig
from storycluster.frequencies import Frequencies
from storycluster.indexing import index_window
from storycluster.kernels.graph import build_graph
from storycluster.kernels.tfidf import Integers
from storycluster.kernels.tokens import hash_texts
from storycluster.model import SIMILARITIES
from storycluster.stages.stories.channels import build_channels
from storycluster.stages.stories.cluster import find_stories, mean_score
from storycluster.stages.stories.dates import days_of
from storycluster.stages.stories.measure import pair_rows, support_pairs
from storycluster.stages.stories.pairs import find_pairs
from storycluster.text.normalise import text_buffers

#: Rows of two kinds: pairs of ``similarities``; and, where ``b`` is null, article ``a`` with its ``story`` in the
#: window ``number`` and its mean ``score`` there, whether it ``is_home`` and ``is_dated``, and whether its story has a
#: dated article.
LOCAL: Final = pa.schema(
    [
        *SIMILARITIES,
        ("number", pa.int64()),
        ("story", pa.int64()),
        ("is_home", pa.bool_()),
        ("is_dated", pa.bool_()),
        ("has_date", pa.bool_()),
    ]
)


def cluster_window(rows: pa.Table, *, frequencies: Mapping[str, Frequencies], config: StoriesConfig) -> pa.Table:
    """The rows of LOCAL of one window, of articles with title and text.

    Of two articles the earlier one's home keeps the pair. The number of a story is a hash of window and founder.
    """
    rows, indexed = index_window(rows, frequencies)
    dates = days_of(rows)
    pairs = find_pairs(build_channels(indexed.index, config), dates, config, 1)
    scores = support_pairs(pairs, dates, config)
    graph = build_graph(pairs.left, pairs.right, scores, len(rows))
    labels = find_stories(graph, config)
    is_home = rows.column("is_home").to_numpy()
    is_kept = is_home[np.minimum(pairs.left, pairs.right)]
    scored = pair_rows(np.array(indexed.ids, dtype=object), pairs.where(is_kept), scores[is_kept])
    is_dated = ~np.isnan(dates.days)
    told = {
        "a": pa.array(indexed.ids, pa.string()),
        "score": pa.array(mean_score(graph, labels)),
        "number": rows.column("number").combine_chunks(),
        "story": pa.array(_story_keys(rows, labels)),
        "is_home": pa.array(is_home),
        "is_dated": pa.array(is_dated),
        "has_date": pa.array((np.bincount(labels, is_dated) > 0)[labels]),
    }
    return pa.concat_tables([_filled(dict(zip(scored.column_names, scored.columns, strict=True))), _filled(told)])


def _story_keys(rows: pa.Table, labels: Integers) -> Integers:
    """A 64-bit number for each article's story, of the window and the story's first article."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    founders = pc.cast(rows.column("number"), pa.string()), rows.column("id")
    names = pc.binary_join_element_wise(*founders, " ").take(pa.array(first)).combine_chunks()
    keys: Integers = hash_texts(*text_buffers(names))[inverse.reshape(-1)]
    return keys


def _filled(columns: Mapping[str, pa.Array | pa.ChunkedArray]) -> pa.Table:
    """Rows of LOCAL of which some columns are known."""
    rows = len(next(iter(columns.values())))
    return pa.table(
        [columns[field.name] if field.name in columns else pa.nulls(rows, field.type) for field in LOCAL], schema=LOCAL
    )
