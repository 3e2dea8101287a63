"""Table ``pairs``: candidates, verified, with the copies of equal texts put back. It forms no groups."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.kernels.lsh import choose_bands
from storycluster.model import PAIRS
from storycluster.stages.duplicates.bands import find_band_pairs
from storycluster.stages.duplicates.boilerplate import find_boilerplate
from storycluster.stages.duplicates.contained import find_contained_pairs
from storycluster.stages.duplicates.copies import equal_texts_across, with_copies
from storycluster.stages.duplicates.corpus import MICROSECONDS_A_DAY, UNDATED, Corpus, Side, load_corpus
from storycluster.stages.duplicates.neighbours import find_second_hand, pair_codes, split_codes
from storycluster.stages.duplicates.scored import Scored, together
from storycluster.stages.duplicates.shingles import Shingles
from storycluster.stages.duplicates.spread import find_spread_pairs
from storycluster.stages.duplicates.verify import passes, score, verify

COUNTS: Final = pa.schema([("name", pa.string()), ("value", pa.int64())])


def find_pairs(
    articles: Table, signatures: Table, config: DedupConfig, engine: Engine, *, sets: Table | None = None
) -> Table:
    """Table ``pairs``: every verified pair with its relation and scores; raises ConfigError as ``choose_bands`` does.

    ``sets`` are those of ``sign_and_shingle``; without them the texts are read again.
    """
    if engine.is_distributed:
        spread, counts = find_spread_pairs(articles, signatures, config, engine)
        _keep_counts(counts, engine)
        return spread
    corpus = load_corpus((Side(articles, signatures, sets),), engine)
    pairs, counts = compare(corpus, config, engine)
    _keep_counts(counts, engine)
    return engine.table("pairs", [_rows(pairs, corpus, config)], PAIRS)


def compare(corpus: Corpus, config: DedupConfig, engine: Engine) -> tuple[Scored, dict[str, int]]:
    """Every verified pair by place (of two sides: across them), and what was counted on the way."""
    shingles = Shingles(corpus, config, engine).keep()
    shingles = replace(shingles, boilerplate=find_boilerplate(shingles))
    scored, counts = (_search_all if config.exact else _search)(shingles)
    if corpus.is_crossed:
        is_equal = corpus.text_hashes[scored.left] == corpus.text_hashes[scored.right]
        scored = together([equal_texts_across(corpus), scored.keep(~is_equal)])
    pairs, left_out = with_copies(scored, corpus, cap=config.bucket_cap)
    if corpus.is_crossed:
        pairs = pairs.keep(corpus.side_of(pairs.left) != corpus.side_of(pairs.right))
    pairs = pairs.keep(_within_window(pairs, corpus, config.window_days))
    return pairs, {**counts, "pairs_of_equal_texts_left_out": left_out, "pairs": pairs.left.size}


def relations(pairs: Scored, corpus: Corpus, config: DedupConfig) -> npt.NDArray[np.str_]:
    """Of each pair: exact, near or contained."""
    is_exact = corpus.text_hashes[pairs.left] == corpus.text_hashes[pairs.right]
    return np.where(is_exact, "exact", np.where(pairs.jaccard >= config.threshold, "near", "contained"))


def read_counts(engine: Engine) -> dict[str, int]:
    """What the last ``find_pairs`` of an engine counted: candidates, hot buckets, what a cap left out."""
    rows = engine.to_arrow(Table("duplicate_counts")).to_pylist()
    return {row["name"]: row["value"] for row in rows}


def _search(shingles: Shingles) -> tuple[Scored, dict[str, int]]:
    """Pairs of different texts among the candidates of bands and of drawn shingles."""
    corpus, config, engine = shingles.corpus, shingles.config, shingles.engine
    banding = choose_bands(config.threshold, config.target_recall, permutations=config.permutations)
    left, right, hot = find_band_pairs(corpus, banding=banding, config=config, engine=engine)
    more_left, more_right, hot_shingles = find_contained_pairs(shingles)
    known = pair_codes(np.concatenate((left, more_left)), np.concatenate((right, more_right)))
    scored = verify(*split_codes(known), shingles=shingles)
    second_hand = find_second_hand(scored, known, articles=corpus.keys.size, cap=config.bucket_cap)
    counts = {"candidates": known.size, "second_hand_candidates": second_hand[0].size, **hot, **hot_shingles}
    return together([scored, verify(*second_hand, shingles=shingles)]), counts


def _search_all(shingles: Shingles) -> tuple[Scored, dict[str, int]]:
    """Every pair of different texts, by the prefix-filter join."""
    # Its kernels are compiled and loaded where the join is asked for, not at every start.
    from storycluster.kernels.prefixjoin import join

    config, places = shingles.config, shingles.corpus.representatives()
    sets = shingles.load(places)
    found = join(
        sets,
        jaccard=config.threshold,
        containment=config.containment_threshold,
        least_contained=config.least_contained_shingles,
    )
    scored = score(sets, found.left, right=found.right, shared=found.shared)
    return scored.keep(passes(scored, sets, config)).relabel(places), {"candidates": scored.left.size}


def _within_window(pairs: Scored, corpus: Corpus, window_days: int) -> npt.NDArray[np.bool_]:
    """Whether the articles of each pair are close in time; always where there is no window or no date."""
    first, second = corpus.published[pairs.left], corpus.published[pairs.right]
    is_undated = (first == UNDATED) | (second == UNDATED)
    # The difference of UNDATED and a date may overflow; is_undated covers it.
    is_close = np.abs(np.where(is_undated, 0, first) - np.where(is_undated, 0, second)) <= (
        window_days * MICROSECONDS_A_DAY
    )
    return is_close if window_days else np.ones(pairs.left.size, np.bool_)


def _rows(pairs: Scored, corpus: Corpus, config: DedupConfig) -> pa.RecordBatch:
    rank = np.empty(corpus.keys.size, np.int64)
    rank[pc.sort_indices(corpus.ids).to_numpy()] = np.arange(rank.size)
    is_ordered = rank[pairs.left] < rank[pairs.right]
    columns = [
        corpus.ids.take(pa.array(np.where(is_ordered, pairs.left, pairs.right))),
        corpus.ids.take(pa.array(np.where(is_ordered, pairs.right, pairs.left))),
        pa.array(relations(pairs, corpus, config), pa.string()),
        pa.array(pairs.jaccard),
        pa.array(pairs.containment),
        corpus.ids.take(pa.array(pairs.shorter)),
    ]
    return pa.record_batch(columns, schema=PAIRS)


def _keep_counts(counts: dict[str, int], engine: Engine) -> None:
    batch = pa.record_batch([list(counts), list(counts.values())], schema=COUNTS)
    engine.table("duplicate_counts", [batch], COUNTS)
