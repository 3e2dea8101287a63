"""Which of several copies is kept: an order over articles that no order of input changes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.stages.duplicates.corpus import UNDATED
from storycluster.stages.duplicates.shingles import WANTED

Numbers = npt.NDArray[np.int64]


def read_copies(articles: Table, ids: pa.Array, engine: Engine) -> pa.Table:
    """What decides which article is kept, of the articles of ``ids``."""
    wanted = engine.table("wanted", [pa.record_batch([ids], schema=WANTED)], WANTED)
    return engine.to_arrow(
        engine.sql(
            "copies",
            "SELECT a.id, a.published, a.source, a.content_hash, length(a.text) AS letters "
            f'FROM "{articles}" a JOIN "{wanted}" w ON a.id = w.id ORDER BY a.id',
        )
    )


def rank_copies(rows: pa.Table, pairs: pa.Table, config: DedupConfig) -> tuple[Numbers, Numbers]:
    """The rank by ``config.keep``, 0 the first to be kept, and the time or UNDATED of each article, sorted by id.

    ``rows`` has the columns of ``read_copies``. Ties break by time (undated last), then a contained article after
    the one of the same time that contains it, then by content hash and id.
    """
    rows = rows.take(pc.sort_indices(rows.column("id")))
    ids = rows.column("id").combine_chunks()
    published = pc.fill_null(rows.column("published").cast(pa.timestamp("us")).cast(pa.int64()), int(UNDATED))
    times = published.to_numpy()
    is_undated = times == UNDATED
    keys = {
        "earliest": (),
        "latest": (-np.where(is_undated, 0, times),),
        "longest": (-rows.column("letters").to_numpy(),),
        "source": (_source_ranks(rows.column("source"), config.sources),),
    }[config.keep]
    if config.keep == "latest":
        keys = (is_undated, *keys)
    is_part = _is_part_of_simultaneous(ids, pairs, times)
    ties = (is_undated, times, is_part, rows.column("content_hash").to_numpy(), np.arange(len(ids)))
    order = np.lexsort((*keys, *ties)[::-1])
    rank = np.empty(order.size, np.int64)
    rank[order] = np.arange(order.size)
    return rank, times


def _source_ranks(sources: pa.ChunkedArray, preferred: list[str]) -> Numbers:
    """The place of each source in the list of preferred ones, all others after it."""
    places = pc.index_in(sources, pa.array(preferred, pa.string()))
    ranks: Numbers = pc.fill_null(places, len(preferred)).to_numpy().astype(np.int64)
    return ranks


def _is_part_of_simultaneous(ids: pa.Array, pairs: pa.Table, times: Numbers) -> npt.NDArray[np.bool_]:
    """Whether an article is contained in one of the same time, or both are undated."""
    contained = pairs.filter(pc.equal(pairs.column("relation"), "contained"))
    left, right, part = (
        pc.index_in(contained.column(name), ids).to_numpy().astype(np.int64) for name in ("a", "b", "shorter")
    )
    is_part = np.zeros(len(ids), np.bool_)
    is_part[part[times[left] == times[right]]] = True
    return is_part
