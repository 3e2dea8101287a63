"""Candidates for near copies: pairs of articles that share a band of their signatures. It verifies nothing."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.kernels.lsh import Banding, band_keys
from storycluster.stages.duplicates.corpus import Corpus, Keys, Places, article_keys, gather
from storycluster.stages.duplicates.signing import ARTICLES_AT_ONCE

BANDS: Final = pa.schema([("bucket", pa.int64()), ("key", pa.int64())])


def find_band_pairs(
    corpus: Corpus, *, banding: Banding, config: DedupConfig, engine: Engine
) -> tuple[Places, Places, dict[str, int]]:
    """Pairs of representatives that share a bucket, by place, each once, and the counts of hot buckets.

    A bucket of more than ``bucket_cap`` articles is hot: it is compared in blocks of that many, and all of it
    with its first article.
    """
    left_out = np.setdiff1d(corpus.keys, corpus.keys[corpus.representatives()])
    parts = [
        engine.map_batches(
            f"bands_{number}",
            side.signatures,
            partial(_band_rows, side=number, banding=banding, left_out=left_out),
            BANDS,
        )
        for number, side in enumerate(corpus.sides)
    ]
    if corpus.keys.size <= ARTICLES_AT_ONCE:
        parts = [drop_single(parts, "bucket", BANDS, engine)]
    joined, counts = join_bands(parts, cap=config.bucket_cap, engine=engine, is_crossed=corpus.is_crossed)
    pairs = engine.to_arrow(joined)
    left = corpus.places(pairs.column("a").to_numpy())
    right = corpus.places(pairs.column("b").to_numpy())
    return left, right, counts


def join_bands(parts: list[Table], *, cap: int, engine: Engine, is_crossed: bool) -> tuple[Table, dict[str, int]]:
    """Pairs of keys ``a < b`` that share a bucket, each once, and the counts of hot buckets; the bands are freed."""
    bands = gather("bands", parts, engine)
    shared = engine.checkpoint(engine.sql("shared_bands", _SHARED.format(bands=bands)))
    for table in {bands, *parts}:
        engine.table(table, [], BANDS)
    hot = engine.sql("hot_bands", _HOT.format(shared=shared, cap=cap))
    across = _ACROSS if is_crossed else ""
    pairs = engine.sql("band_pairs", _PAIRS.format(shared=shared, hot=hot, cap=cap, across=across))
    counted = engine.to_arrow(engine.sql("hot_counts", _COUNTS.format(hot=hot))).to_pylist()[0]
    return pairs, {name: int(value) for name, value in counted.items()}


def signature_values(signatures: pa.Array) -> npt.NDArray[np.uint32]:
    """The slots of a column of signatures, a row each.

    >>> signature_values(pa.array([b"\\x01\\x00\\x00\\x00\\x02\\x00\\x00\\x00"])).tolist()
    [[1, 2]]
    """
    _, offsets, content = signatures.cast(pa.binary()).buffers()
    ends = np.frombuffer(offsets, np.int32, len(signatures) + 1, signatures.offset * np.dtype(np.int32).itemsize)
    values = np.frombuffer(content or b"", "<u4")[ends[0] >> 2 : ends[-1] >> 2].astype(np.uint32, copy=False)
    return values.reshape(len(signatures), -1)


def is_listed(keys: Keys, listed: Keys) -> npt.NDArray[np.bool_]:
    """Whether each key is in a sorted list.

    >>> is_listed(np.array([1, 2]), np.array([2])).tolist()
    [False, True]
    """
    at = np.searchsorted(listed, keys)
    return np.append(listed, 0)[at] == keys if listed.size else np.zeros(keys.size, np.bool_)


def drop_single(parts: list[Table], column: str, schema: pa.Schema, engine: Engine) -> Table:
    """One table of the rows of all parts whose value another row has too: no other row is joined. All are in memory."""
    rows = pa.concat_tables([engine.to_arrow(part) for part in parts])
    for part in parts[1:]:
        engine.table(part, [], schema)
    kept = rows.filter(pa.array(is_repeated(rows.column(column).to_numpy())))
    return engine.table(parts[0], kept.to_batches(), schema)


def is_repeated(values: Keys) -> npt.NDArray[np.bool_]:
    """Whether each value stands there twice or more.

    >>> is_repeated(np.array([3, 1, 3])).tolist()
    [True, False, True]
    """
    order = np.argsort(values)
    is_equal = np.diff(values[order]) == 0
    repeated = np.empty(values.size, np.bool_)
    repeated[order] = np.append(is_equal, False) | np.append(False, is_equal) if values.size else False
    return repeated


def _band_rows(batch: pa.RecordBatch, *, side: int, banding: Banding, left_out: Keys) -> pa.RecordBatch:
    keys = article_keys(batch.column("article"), side)
    is_in = ~is_listed(keys, left_out)
    return band_rows(signature_values(batch.column("signature"))[is_in], keys[is_in], banding=banding)


def band_rows(values: npt.NDArray[np.uint32], keys: Keys, *, banding: Banding) -> pa.RecordBatch:
    """The buckets of signatures, a row per band, with the keys of their articles."""
    buckets = band_keys(values, banding.bands, rows=banding.rows)
    return pa.record_batch([pa.array(buckets.reshape(-1)), pa.array(np.repeat(keys, banding.bands))], schema=BANDS)


_SHARED: Final = """
SELECT x.bucket, x.key, n.members FROM "{bands}" x
JOIN (SELECT bucket, count(*) AS members FROM "{bands}" GROUP BY bucket HAVING count(*) > 1) n ON x.bucket = n.bucket
"""

_HOT: Final = """
SELECT bucket, key, row_number() OVER (PARTITION BY bucket ORDER BY key) AS place, first_key,
       floor((row_number() OVER (PARTITION BY bucket ORDER BY key) - 1) / {cap}) AS block
FROM (SELECT bucket, key, min(key) OVER (PARTITION BY bucket) AS first_key FROM "{shared}" WHERE members > {cap}) h
"""

_PAIRS: Final = """
SELECT x.key AS a, y.key AS b FROM "{shared}" x JOIN "{shared}" y ON x.bucket = y.bucket
WHERE x.key < y.key AND x.members <= {cap}{across}
UNION
SELECT x.key AS a, y.key AS b FROM "{hot}" x JOIN "{hot}" y ON x.bucket = y.bucket AND x.block = y.block
WHERE x.key < y.key{across}
UNION
SELECT x.first_key AS a, y.key AS b FROM "{hot}" x JOIN "{hot}" y ON x.bucket = y.bucket AND x.key = x.first_key
WHERE x.key < y.key{across}
"""

#: Only pairs of the two sides, which the lowest bit of a key tells apart.
_ACROSS: Final = " AND (x.key & 1) <> (y.key & 1)"

_COUNTS: Final = """
SELECT count(DISTINCT bucket) AS hot_buckets, count(DISTINCT key) AS articles_in_hot_buckets FROM "{hot}"
"""
