"""Copies of an earlier run's articles: new articles against stored signatures, which are not computed again."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.model import MATCHES
from storycluster.stages.duplicates.corpus import Side, load_corpus
from storycluster.stages.duplicates.pairs import compare, relations


def find_matches(
    articles: Table,
    signatures: Table,
    *,
    earlier_articles: Table,
    earlier_signatures: Table,
    config: DedupConfig,
    engine: Engine,
) -> Table:
    """Table ``matches``: each pair of an article with an earlier one, verified on both texts, with its scores.

    The earlier signatures must have passed ``check_identity``. Ids of the two runs may be equal.
    """
    sides = (Side(articles, signatures), Side(earlier_articles, earlier_signatures))
    corpus = load_corpus(sides, engine)
    pairs, _ = compare(corpus, config, engine)
    is_new = corpus.side_of(pairs.left) == 0
    new, earlier = np.where(is_new, pairs.left, pairs.right), np.where(is_new, pairs.right, pairs.left)
    columns = [
        corpus.ids.take(pa.array(new)),
        corpus.ids.take(pa.array(earlier)),
        pa.array(relations(pairs, corpus, config), pa.string()),
        pa.array(pairs.jaccard),
        pa.array(pairs.containment),
        pa.array(pairs.shorter == new),
    ]
    return engine.table("matches", [pa.record_batch(columns, schema=MATCHES)], MATCHES)
