"""Groups of copies from verified pairs: each with one kept article that every copy is verified against.

Connected components alone would join a chain whose ends have nothing in common; here a copy is always within
the thresholds of the kept article itself. It deletes nothing.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.model import GROUPS
from storycluster.stages.duplicates.corpus import count
from storycluster.stages.duplicates.preference import rank_copies, read_copies
from storycluster.stages.duplicates.round_ups import Edges, spare_round_ups, times_of_texts
from storycluster.stages.duplicates.spread_groups import group_by_component

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_FULL: Final = 1.0


def group(articles: Table, pairs: Table, config: DedupConfig, engine: Engine) -> Table:
    """Table ``groups``: kept articles and their copies, with the relation and scores of each copy to the kept one.

    The kept article is the first by ``config.keep``; its copies are the articles paired with it that no better
    article has taken. A longer article that contains the kept one is a copy only from ``config.copied_share`` on,
    and what a round-up gathered is no copy of it.
    """
    if engine.is_distributed and count(pairs, engine) > engine.driver_pairs:
        return group_by_component(articles, pairs, partial(group_pairs, config=config), engine)
    rows = engine.to_arrow(pairs)
    copies = read_copies(articles, ids_of_pairs(rows), engine)
    return engine.table("groups", group_pairs(rows, copies, config=config).to_batches(), GROUPS)


def group_pairs(rows: pa.Table, copies: pa.Table, *, config: DedupConfig) -> pa.Table:
    """The groups of whole components: all their pairs, and of their articles the columns of ``read_copies``."""
    rows = rows.combine_chunks()
    ids = ids_of_pairs(rows)
    left, right = (pc.index_in(rows.column(side), ids).to_numpy().astype(np.int64) for side in ("a", "b"))
    rank, times = rank_copies(copies, rows, config)
    texts = _texts(rows, left, right=right, articles=len(ids), is_windowed=config.window_days > 0)
    edges = _edges(rows, texts[left], right=texts[right], copied_share=config.copied_share)
    edges = spare_round_ups(edges, times_of_texts(texts, times))
    kept, edge = _keep(texts, rank, edges)
    return pa.Table.from_batches([_rows(ids, texts, rank=rank, kept=kept, edge=edge, edges=edges)])


def ids_of_pairs(rows: pa.Table) -> pa.Array:
    """The different ids in pairs, sorted.

    >>> ids_of_pairs(pa.table({"a": ["y", "x"], "b": ["z", "y"]})).to_pylist()
    ['x', 'y', 'z']
    """
    return pc.unique(pa.chunked_array([*rows.column("a").chunks, *rows.column("b").chunks], pa.string())).sort()


def copied_shares(jaccard: Floats, containment: Floats) -> Floats:
    """The share, 0..1, of the larger set that stands in the smaller one, from the two scores.

    With I shared of A and B, ``|A or B| = I / J`` and ``min(|A|, |B|) = I / C``, so the larger set has
    ``I / J + I - I / C`` members.

    >>> copied_shares(np.array([0.25]), np.array([1.0])).tolist()
    [0.25]
    """
    shares: Floats = 1.0 / (1.0 / jaccard + 1.0 - 1.0 / containment)
    return shares


def _texts(rows: pa.Table, left: Numbers, *, right: Numbers, articles: int, is_windowed: bool) -> Numbers:
    """The number of each article's text; in a window equal texts may be too far apart and stay on their own."""
    is_exact = pc.equal(rows.column("relation"), "exact").to_numpy() & (not is_windowed)
    graph = coo_array((np.ones(is_exact.sum(), np.int8), (left[is_exact], right[is_exact])), (articles, articles))
    return connected_components(graph, directed=False)[1].astype(np.int64) if articles else np.empty(0, np.int64)


def _edges(rows: pa.Table, left: Numbers, *, right: Numbers, copied_share: float) -> Edges:
    jaccard, containment = (rows.column(name).to_numpy() for name in ("jaccard", "containment"))
    relation = rows.column("relation").to_numpy()
    is_whole = (relation != "contained") | (copied_shares(jaccard, containment) >= copied_share)
    is_left_shorter = pc.equal(rows.column("shorter"), rows.column("a")).to_numpy()
    of, to = np.concatenate((left, right)), np.concatenate((right, left))
    may_copy = np.concatenate((is_whole | is_left_shorter, is_whole | ~is_left_shorter))
    is_part = np.concatenate((~is_whole & is_left_shorter, ~is_whole & ~is_left_shorter))
    order = np.lexsort((of, to))
    order = order[of[order] != to[order]]
    begins = np.searchsorted(to[order], np.arange(to.max(initial=-1) + 2))
    pair = order % left.size
    return Edges(of[order], begins, relation[pair], jaccard[pair], containment[pair], may_copy[order], is_part[order])


def _keep(texts: Numbers, rank: Numbers, edges: Edges) -> tuple[Numbers, Numbers]:
    """For each text the text it is a copy of (itself where kept), and the edge that says so (-1 for kept ones)."""
    count = int(texts.max(initial=-1)) + 1
    best = np.full(count, rank.size, np.int64)
    np.minimum.at(best, texts, rank)
    # Plain lists: most texts have one pair or two, for which an array costs more than it saves.
    kept, edge = [-1] * count, [-1] * count
    begins, of, may_copy = edges.begins.tolist(), edges.of.tolist(), edges.may_copy.tolist()
    for text in np.argsort(best).tolist():
        if kept[text] >= 0:
            continue
        kept[text] = text
        for at in range(begins[text], begins[text + 1]):
            if kept[of[at]] < 0 and may_copy[at]:
                kept[of[at]], edge[of[at]] = text, at
    return np.array(kept, np.int64), np.array(edge, np.int64)


def _rows(
    ids: pa.Array, texts: Numbers, *, rank: Numbers, kept: Numbers, edge: Numbers, edges: Edges
) -> pa.RecordBatch:
    """A row per member of a group of two or more, the kept one first."""
    owner = kept[texts]
    order = np.lexsort((rank, edge[texts] >= 0, owner))
    begins = np.flatnonzero(np.diff(owner[order], prepend=-1))
    sizes = np.diff(np.append(begins, order.size))
    first = np.repeat(order[begins], sizes)
    chosen = np.repeat(sizes > 1, sizes)
    member, first = order[chosen], first[chosen]
    at = edge[texts[member]]
    # The kept text has edge -1: the last place of each column, which stands for equal texts.
    relation = np.where(member == first, "kept", np.append(edges.relation, "exact")[at])
    columns = [
        pc.binary_join_element_wise("copies-of", ids.take(pa.array(first)), ":"),
        ids.take(pa.array(first)),
        ids.take(pa.array(member)),
        pa.array(relation, pa.string()),
        pa.array(np.append(edges.jaccard, _FULL)[at]),
        pa.array(np.append(edges.containment, _FULL)[at]),
    ]
    return pa.record_batch(columns, schema=GROUPS)
