"""Candidates for contained articles: shingles drawn from one article and found in another. It verifies nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.kernels.lsh import SAMPLED_SHINGLES, needed_matches
from storycluster.kernels.sampling import draw_shingles, find_listed, list_shingles
from storycluster.kernels.shinglesets import Sets, shingle_sets
from storycluster.stages.duplicates.bands import is_listed, signature_values
from storycluster.stages.duplicates.corpus import Corpus, Keys, Places, article_keys, gather
from storycluster.stages.duplicates.neighbours import split_codes
from storycluster.stages.duplicates.shingles import Kept, Shingles
from storycluster.stages.duplicates.signing import text_of
from storycluster.text.normalise import normalise_array

#: Rows of two articles and a shared shingle that are joined in memory, at about 40 bytes each.
MOST_JOINED: Final = 2_000_000
SHINGLES: Final = pa.schema([("shingle", pa.int64()), ("key", pa.int64())])


def find_contained_pairs(shingles: Shingles) -> tuple[Places, Places, dict[str, int]]:
    """Pairs of representatives of which one holds enough of the other's drawn shingles, each once, and counts.

    A shingle that more than ``bucket_cap`` articles hold is hot and counts as shared without being joined.
    """
    corpus, config, engine = shingles.corpus, shingles.config, shingles.engine
    able = corpus.representatives()
    able = able[corpus.shingles[able] >= config.least_contained_shingles]
    drawn = _draw(corpus, corpus.keys[able], config=config, engine=engine)
    listed = list_shingles(engine.to_arrow(drawn).column("shingle").to_numpy().astype(np.uint32))
    if shingles.kept:
        found = _look_up(able, listed, shingles=shingles, kept=shingles.kept)
        if in_memory := _join_in_memory(engine.to_arrow(drawn), engine.to_arrow(found), corpus=corpus, config=config):
            return in_memory
    else:
        found = _find(able, listed, shingles)
    joined, counts = join_drawn(drawn, found, config=config, engine=engine, is_crossed=corpus.is_crossed)
    pairs = engine.to_arrow(joined)
    engine.table(found, [], SHINGLES)
    left = corpus.places(pairs.column("a").to_numpy())
    right = corpus.places(pairs.column("b").to_numpy())
    return left, right, counts


def join_drawn(
    drawn: Table, found: Table, *, config: DedupConfig, engine: Engine, is_crossed: bool
) -> tuple[Table, dict[str, int]]:
    """Pairs of keys ``a < b`` of which one has enough of the other's drawn shingles, each once, and counts."""
    needed = needed_matches(config.containment_threshold, config.target_recall, samples=SAMPLED_SHINGLES)
    held = engine.checkpoint(engine.sql("held_shingles", _HELD.format(found=found, drawn=drawn)))
    usable = engine.sql("usable_shingles", _USABLE.format(drawn=drawn, held=held, cap=config.bucket_cap))
    across = _ACROSS if is_crossed else ""
    pairs = engine.sql("contained_pairs", _PAIRS.format(usable=usable, found=found, needed=needed, across=across))
    counted = engine.sql("hot_shingles", _COUNTS.format(held=held, cap=config.bucket_cap))
    counts = engine.to_arrow(counted).to_pylist()[0]
    return pairs, {name: int(value) for name, value in counts.items()}


def _draw(corpus: Corpus, able: Keys, *, config: DedupConfig, engine: Engine) -> Table:
    """The shingles drawn from each able article."""
    parts = [
        engine.map_batches(
            f"drawn_{number}", side.signatures, partial(_drawn_rows, side=number, able=able, seed=config.seed), SHINGLES
        )
        for number, side in enumerate(corpus.sides)
    ]
    return gather("drawn", parts, engine)


def _find(able: Places, listed: npt.NDArray[np.uint64], shingles: Shingles) -> Table:
    """The listed shingles that each able article holds, read from the texts."""
    keys, width = shingles.corpus.keys[able], shingles.config.shingle_words
    parts = [
        shingles.engine.map_batches(
            f"found_{number}",
            side.articles,
            partial(_found_rows, side=number, able=keys, width=width, listed=listed),
            SHINGLES,
        )
        for number, side in enumerate(shingles.corpus.sides)
    ]
    return gather("found", parts, shingles.engine)


def _look_up(able: Places, listed: npt.NDArray[np.uint64], *, shingles: Shingles, kept: Kept) -> Table:
    """The same from the sets in memory, which is quicker."""
    is_able = np.zeros(shingles.corpus.keys.size, np.bool_)
    is_able[able] = True

    def look_up(begin: int, sets: Sets) -> pa.RecordBatch:
        found = find_listed(sets, listed)
        holders = kept.places[begin + found.sets]
        chosen = is_able[holders]
        return _rows(found.shingles[chosen], shingles.corpus.keys[holders[chosen]])

    with ThreadPoolExecutor(shingles.engine.threads) as pool:
        batches = pool.map(look_up, kept.begins.tolist(), kept.parts)
        return shingles.engine.table("found", batches, SHINGLES)


def _join_in_memory(
    drawn: pa.Table, found: pa.Table, *, corpus: Corpus, config: DedupConfig
) -> tuple[Places, Places, dict[str, int]] | None:
    """``join_drawn`` as places, a pair perhaps both ways round, quicker than queries; None where memory is short."""
    needed = needed_matches(config.containment_threshold, config.target_recall, samples=SAMPLED_SHINGLES)
    held, held_by = _by_shingle(found, corpus)
    drawn_shingles, owners = _by_shingle(drawn, corpus)
    shingles, begins, times = np.unique(held, return_index=True, return_counts=True)
    at = np.searchsorted(shingles, drawn_shingles)  # whoever drew a shingle was found to hold it
    is_hot = times[at] > config.bucket_cap
    hot = np.bincount(owners[is_hot], minlength=corpus.keys.size)
    counts = {"hot_shingles": np.unique(at[is_hot]).size}
    is_shared = ~is_hot & (times[at] > 1)
    at, owners = at[is_shared], owners[is_shared]
    if times[at].sum() > MOST_JOINED:
        return None
    ends = np.cumsum(times[at])
    left = np.repeat(owners, times[at])
    right = held_by[np.arange(left.size) + np.repeat(begins[at] + times[at] - ends, times[at])]
    is_other = (corpus.side_of(left) != corpus.side_of(right)) if corpus.is_crossed else left != right
    codes, matches = np.unique(left[is_other].astype(np.int64) << 32 | right[is_other], return_counts=True)
    left, right = split_codes(codes)
    enough = matches + hot[left] >= needed
    return left[enough], right[enough], counts


def _by_shingle(rows: pa.Table, corpus: Corpus) -> tuple[Keys, Places]:
    """Shingles in order, and whose they are."""
    shingles, keys = (rows.column(name).to_numpy() for name in SHINGLES.names)
    order = np.argsort(shingles)
    return shingles[order], corpus.places(keys)[order]


def _drawn_rows(batch: pa.RecordBatch, *, side: int, able: Keys, seed: int) -> pa.RecordBatch:
    """The different shingles drawn from each able article."""
    keys = article_keys(batch.column("article"), side)
    is_able = is_listed(keys, able)
    return draw_rows(signature_values(batch.column("signature"))[is_able], keys[is_able], seed=seed)


def draw_rows(values: npt.NDArray[np.uint32], keys: Keys, *, seed: int) -> pa.RecordBatch:
    """The different shingles drawn from signatures, with the keys of their articles."""
    drawn = np.sort(draw_shingles(values, min(SAMPLED_SHINGLES, values.shape[1]), seed=seed), axis=1)
    is_new = np.ones(drawn.shape, np.bool_)
    is_new[:, 1:] = drawn[:, 1:] != drawn[:, :-1]
    return _rows(drawn[is_new], np.repeat(keys, is_new.sum(axis=1)))


def _found_rows(
    batch: pa.RecordBatch, *, side: int, able: Keys, width: int, listed: npt.NDArray[np.uint64]
) -> pa.RecordBatch:
    """The listed shingles that each able article holds."""
    keys = article_keys(batch.column("id"), side)
    is_able = is_listed(keys, able)
    return find_rows(text_of(batch).filter(pa.array(is_able)), keys[is_able], width=width, listed=listed)


def find_rows(texts: pa.Array, keys: Keys, *, width: int, listed: npt.NDArray[np.uint64]) -> pa.RecordBatch:
    """The listed shingles that texts hold, with the keys of their articles."""
    found = find_listed(shingle_sets(*normalise_array(texts), width=width), listed)
    return _rows(found.shingles, keys[found.sets])


def _rows(shingles: npt.NDArray[np.uint32], keys: Keys) -> pa.RecordBatch:
    return pa.record_batch([pa.array(shingles.astype(np.int64)), pa.array(keys)], schema=SHINGLES)


_HELD: Final = """
SELECT f.shingle, count(*) AS holders FROM "{found}" f
JOIN (SELECT DISTINCT shingle FROM "{drawn}") d ON f.shingle = d.shingle
GROUP BY f.shingle HAVING count(*) > 1
"""

_USABLE: Final = """
SELECT d.shingle, d.key, t.hot FROM "{drawn}" d
JOIN "{held}" h ON d.shingle = h.shingle AND h.holders <= {cap}
JOIN (SELECT d.key, sum(CASE WHEN h.holders > {cap} THEN 1 ELSE 0 END) AS hot
      FROM "{drawn}" d LEFT JOIN "{held}" h ON d.shingle = h.shingle GROUP BY d.key) t ON d.key = t.key
"""

_PAIRS: Final = """
SELECT DISTINCT least(x, y) AS a, greatest(x, y) AS b FROM (
    SELECT u.key AS x, f.key AS y FROM "{usable}" u JOIN "{found}" f ON u.shingle = f.shingle
    WHERE u.key <> f.key{across} GROUP BY u.key, f.key HAVING count(*) + max(u.hot) >= {needed}) p
"""

#: Only pairs of the two sides, which the lowest bit of a key tells apart.
_ACROSS: Final = " AND (u.key & 1) <> (f.key & 1)"

_COUNTS: Final = """
SELECT count(*) AS hot_shingles FROM "{held}" WHERE holders > {cap}
"""
