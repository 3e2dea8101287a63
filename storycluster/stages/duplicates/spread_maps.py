"""What executors do with a batch or a group of rows when articles are spread over machines; pure functions.

Each takes the columns a query has put together and calls the same kernels as the search in memory.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.config import DedupConfig
from storycluster.kernels.lsh import Banding
from storycluster.kernels.sampling import list_shingles
from storycluster.kernels.setjoin import count_shared
from storycluster.kernels.shinglesets import shingle_sets
from storycluster.stages.duplicates.bands import band_rows, signature_values
from storycluster.stages.duplicates.boilerplate import find_repeated
from storycluster.stages.duplicates.contained import draw_rows, find_rows
from storycluster.stages.duplicates.corpus import article_keys
from storycluster.stages.duplicates.listing import READ_PER_SOURCE, list_runs
from storycluster.stages.duplicates.shingles import sets_of, without_boilerplate
from storycluster.stages.duplicates.signing import binary_sets, text_of
from storycluster.stages.duplicates.verify import passes, score
from storycluster.text.normalise import normalise_array

#: An article without its text; ``published`` in microseconds, null where undated.
SPREAD: Final = pa.schema(
    [
        ("key", pa.int64()),
        ("id", pa.string()),
        ("published", pa.int64()),
        ("source", pa.string()),
        ("shingles", pa.int32()),
        ("text_hash", pa.int64()),
        ("signature", pa.binary()),
    ]
)
#: Sorted shingles of a source's boilerplate, and its runs as words with their counts.
HOT: Final = pa.schema(
    [
        ("source", pa.string()),
        ("hot", pa.binary()),
        ("runs", pa.list_(pa.string())),
        ("articles", pa.list_(pa.int32())),
        ("versions", pa.int32()),
    ]
)
FILTER_WORDS: Final = pa.schema([("place", pa.int64()), ("bits", pa.int64())])
SETS: Final = pa.schema([("key", pa.int64()), ("shingles", pa.large_binary())])
VERIFIED: Final = pa.schema(
    [
        ("a", pa.int64()),
        ("b", pa.int64()),
        ("relation", pa.string()),
        ("jaccard", pa.float64()),
        ("containment", pa.float64()),
        ("shorter", pa.int64()),
    ]
)


def key_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Rows of SPREAD from articles joined with their signatures."""
    published = batch.column("published").cast(pa.timestamp("us")).cast(pa.int64())
    columns = {"key": pa.array(article_keys(batch.column("id"), 0)), "published": published}
    return pa.record_batch([columns.get(name, _column(batch, name)) for name in SPREAD.names], schema=SPREAD)


def _column(batch: pa.RecordBatch, name: str) -> pa.Array:
    return batch.column(name) if name in batch.schema.names else None


def band_batch(batch: pa.RecordBatch, *, banding: Banding) -> pa.RecordBatch:
    """The buckets of the articles of a batch."""
    return band_rows(signature_values(batch.column("signature")), _keys(batch), banding=banding)


def draw_batch(batch: pa.RecordBatch, *, seed: int) -> pa.RecordBatch:
    """The shingles drawn from the articles of a batch."""
    return draw_rows(signature_values(batch.column("signature")), _keys(batch), seed=seed)


def filter_batch(batch: pa.RecordBatch, *, bits: int) -> pa.RecordBatch:
    """What the drawn shingles of a batch set in a filter of ``bits``: 64-bit words that are not 0, and their places."""
    listed = list_shingles(batch.column("shingle").to_numpy(zero_copy_only=False).astype(np.uint32), bits=bits)
    places = np.flatnonzero(listed)
    return pa.record_batch([pa.array(places), pa.array(listed[places].view(np.int64))], schema=FILTER_WORDS)


def find_batch(batch: pa.RecordBatch, *, width: int, listed: npt.NDArray[np.uint64]) -> pa.RecordBatch:
    """The listed shingles that the texts of a batch hold."""
    return find_rows(text_of(batch), article_keys(batch.column("id"), 0), width=width, listed=listed)


def hot_of_source(rows: pa.Table, *, config: DedupConfig) -> pa.Table:
    """The boilerplate of one source from a sample of its articles; no row where it has none."""
    rows = rows.sort_by("key").combine_chunks()
    texts = text_of(rows.to_batches()[0])
    sets = shingle_sets(*normalise_array(texts), width=config.shingle_words)
    values = signature_values(rows.column("signature").combine_chunks())
    repeated = find_repeated(sets, values=values, config=config)
    if not repeated.shingles.size:
        return HOT.empty_table()
    runs = list_runs(texts.slice(0, READ_PER_SOURCE), repeated, config.shingle_words)
    row = {
        "source": rows.column("source")[0].as_py(),
        "hot": repeated.shingles.tobytes(),
        "runs": [words for words, _ in runs],
        "articles": [articles for _, articles in runs],
        "versions": repeated.of,
    }
    return pa.Table.from_pylist([row], schema=HOT)


def set_batch(batch: pa.RecordBatch, *, width: int) -> pa.RecordBatch:
    """The shingle sets of a batch, without the boilerplate (``hot``) of each article's source."""
    sources = pc.fill_null(batch.column("hot").cast(pa.binary()), b"").dictionary_encode()
    unwanted = sets_of(sources.dictionary)
    full = shingle_sets(*normalise_array(text_of(batch)), width=width)
    sets = without_boilerplate(full, sources.indices.to_numpy().astype(np.int32), unwanted)
    return pa.record_batch([batch.column("key"), binary_sets(sets)], schema=SETS)


def verify_batch(batch: pa.RecordBatch, *, config: DedupConfig) -> pa.RecordBatch:
    """The candidates of a batch that are pairs, scored on their two sets."""
    parts = [batch.column(side).cast(pa.large_binary()) for side in ("left_set", "right_set")]
    both = sets_of(pa.chunked_array(parts, pa.large_binary()).combine_chunks())
    left = np.arange(len(batch), dtype=np.int32)
    right = left + np.int32(len(batch))
    scored = score(both, left, right=right, shared=count_shared(both, left, right=right))
    scored = scored.keep(passes(scored, both, config))
    a, b = (batch.column(side).to_numpy(zero_copy_only=False)[scored.left] for side in ("a", "b"))
    columns = [
        pa.array(a),
        pa.array(b),
        pa.array(np.where(scored.jaccard >= config.threshold, "near", "contained"), pa.string()),
        pa.array(scored.jaccard),
        pa.array(scored.containment),
        pa.array(np.where(scored.shorter == scored.left, a, b)),
    ]
    return pa.record_batch(columns, schema=VERIFIED)


def _keys(batch: pa.RecordBatch) -> npt.NDArray[np.int64]:
    keys: npt.NDArray[np.int64] = batch.column("key").to_numpy(zero_copy_only=False)
    return keys
