"""The same pairs as in memory, where articles are spread over machines: queries and maps only.

Nothing that grows with the corpus comes to the driver. It shares every query and kernel that decides a pair
with the search in memory, and the tests hold the two equal.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.errors import EngineError
from storycluster.kernels.lsh import SAMPLED_SHINGLES, choose_bands
from storycluster.kernels.sampling import filter_bits
from storycluster.model import BOILERPLATE
from storycluster.stages.duplicates import spread_maps as maps
from storycluster.stages.duplicates.bands import BANDS, join_bands
from storycluster.stages.duplicates.boilerplate import ARTICLES_PER_SOURCE
from storycluster.stages.duplicates.contained import SHINGLES, join_drawn
from storycluster.stages.duplicates.corpus import count
from storycluster.stages.duplicates.spread_copies import pairs_of_articles

#: Bits of the filter of drawn shingles at most: 32 MiB, which every executor gets.
MOST_FILTER_BITS: Final = 1 << 28


def find_spread_pairs(
    articles: Table, signatures: Table, config: DedupConfig, engine: Engine
) -> tuple[Table, dict[str, int]]:
    """Table ``pairs`` and what was counted on the way; raises EngineError for ``dedup.exact``, which needs memory."""
    if config.exact:
        raise EngineError(
            "dedup.exact compares in the memory of one machine: use engine duckdb, or dedup.exact = false"
        )
    spread = _spread(articles, signatures, engine)
    texts = engine.checkpoint(engine.sql("spread_texts", _TEXTS.format(spread=spread)))
    hot = _find_boilerplate(articles, texts, config, engine)
    candidates, counts = _find_candidates(articles, texts, config, engine)
    sets = _read_sets(articles, texts, hot, candidates=candidates, config=config, engine=engine)
    first = _verify("spread_verified", candidates, sets, config, engine)
    query = _SECOND_HAND.format(verified=first, candidates=candidates, cap=config.bucket_cap)
    second_hand = engine.checkpoint(engine.sql("spread_second_hand", query))
    second = _verify("spread_verified_again", second_hand, sets, config, engine)
    verified = engine.sql("spread_all_verified", f'SELECT * FROM "{first}" UNION ALL SELECT * FROM "{second}"')
    counts |= {"candidates": count(candidates, engine), "second_hand_candidates": count(second_hand, engine)}
    pairs, left_out = pairs_of_articles(verified, spread, config, engine)
    return pairs, {**counts, "pairs_of_equal_texts_left_out": left_out, "pairs": count(pairs, engine)}


def _spread(articles: Table, signatures: Table, engine: Engine) -> Table:
    """Every article with its key and signature, without its text."""
    joined = engine.sql("spread_joined", _JOINED.format(articles=articles, signatures=signatures))
    spread = engine.checkpoint(engine.map_batches("spread", joined, maps.key_batch, maps.SPREAD))
    if count(spread, engine, "count(*) - count(DISTINCT key)"):
        raise EngineError("two article ids have the same 64-bit hash; change one of them")
    return spread


def _find_boilerplate(articles: Table, texts: Table, config: DedupConfig, engine: Engine) -> Table:
    """The boilerplate of each source that has any; also listed as the table ``boilerplate``."""
    query = _SAMPLE.format(articles=articles, texts=texts, most=ARTICLES_PER_SOURCE, least=config.boilerplate_articles)
    sample = engine.sql("spread_sample", query)
    function = partial(maps.hot_of_source, config=config)
    hot = engine.checkpoint(engine.map_groups("spread_hot", sample, "source", function, maps.HOT))
    rows = engine.to_arrow(engine.sql("spread_runs", f'SELECT * FROM "{hot}" ORDER BY source')).to_pylist()
    listed = [
        {"source": row["source"], "text": text, "articles": articles, "of": row["versions"]}
        for row in rows
        for text, articles in zip(row["runs"], row["articles"], strict=True)
    ]
    engine.table("boilerplate", pa.Table.from_pylist(listed, schema=BOILERPLATE).to_batches(), BOILERPLATE)
    return hot


def _find_candidates(
    articles: Table, texts: Table, config: DedupConfig, engine: Engine
) -> tuple[Table, dict[str, int]]:
    """Pairs of texts by key, each once: those of bands and those of drawn shingles."""
    banding = choose_bands(config.threshold, config.target_recall, permutations=config.permutations)
    bands = engine.map_batches("spread_bands", texts, partial(maps.band_batch, banding=banding), BANDS)
    near, hot_buckets = join_bands([bands], cap=config.bucket_cap, engine=engine, is_crossed=False)
    drawn, found = _find_drawn(articles, texts, config, engine)
    contained, hot_shingles = join_drawn(drawn, found, config=config, engine=engine, is_crossed=False)
    query = f'SELECT a, b FROM "{near}" UNION SELECT a, b FROM "{contained}"'
    return engine.checkpoint(engine.sql("spread_candidates", query)), {**hot_buckets, **hot_shingles}


def _find_drawn(articles: Table, texts: Table, config: DedupConfig, engine: Engine) -> tuple[Table, Table]:
    """The shingles drawn from each text that is long enough, and those that each of them holds of all drawn ones."""
    query = f'SELECT * FROM "{texts}" WHERE shingles >= {config.least_contained_shingles}'
    able = engine.sql("spread_able", query)
    draw = partial(maps.draw_batch, seed=config.seed)
    drawn = engine.checkpoint(engine.map_batches("spread_drawn", able, draw, SHINGLES))
    bits = min(filter_bits(count(able, engine) * SAMPLED_SHINGLES), MOST_FILTER_BITS)
    find = partial(maps.find_batch, width=config.shingle_words, listed=_filter(drawn, bits, engine))
    every = engine.map_batches(
        "spread_found_by_all", engine.sql("spread_read", _READ.format(articles=articles)), find, SHINGLES
    )
    return drawn, engine.checkpoint(engine.sql("spread_found", _FOUND.format(found=every, able=able)))


def _filter(drawn: Table, bits: int, engine: Engine) -> npt.NDArray[np.uint64]:
    """The filter of all drawn shingles; its size has a bound, whatever the corpus."""
    words = engine.map_batches("spread_filter", drawn, partial(maps.filter_batch, bits=bits), maps.FILTER_WORDS)
    query = f'SELECT place, bit_or(bits) AS bits FROM "{words}" GROUP BY place'
    rows = engine.to_arrow(engine.sql("spread_filter_words", query))
    listed = np.zeros(bits >> 6, np.int64)
    listed[rows.column("place").to_numpy()] = rows.column("bits").to_numpy()
    return listed.view(np.uint64)


def _read_sets(
    articles: Table, texts: Table, hot: Table, *, candidates: Table, config: DedupConfig, engine: Engine
) -> Table:
    """The shingle sets of the texts that are in a candidate."""
    query = _TOUCHED.format(articles=articles, texts=texts, hot=hot, candidates=candidates)
    touched = engine.sql("spread_touched", query)
    read = partial(maps.set_batch, width=config.shingle_words)
    return engine.checkpoint(engine.map_batches("spread_sets", touched, read, maps.SETS))


def _verify(name: str, candidates: Table, sets: Table, config: DedupConfig, engine: Engine) -> Table:
    """The candidates that are pairs."""
    both = engine.sql(f"{name}_sets", _BOTH_SETS.format(candidates=candidates, sets=sets))
    return engine.checkpoint(engine.map_batches(name, both, partial(maps.verify_batch, config=config), maps.VERIFIED))


_JOINED: Final = """
SELECT a.id, a.published, coalesce(a.source, '') AS source, s.shingles, s.text_hash, s.signature
FROM "{articles}" a JOIN "{signatures}" s ON a.id = s.article
"""

#: One article per text that has shingles: the one with the smallest key.
_TEXTS: Final = """
SELECT s.key, s.id, s.source, s.shingles, s.signature FROM "{spread}" s
JOIN (SELECT min(key) AS key FROM "{spread}" WHERE text_hash <> 0 GROUP BY text_hash) t ON s.key = t.key
WHERE s.shingles > 0
"""

_SAMPLE: Final = """
SELECT p.key, p.source, p.signature, a.text FROM (
    SELECT key, id, source, signature, row_number() OVER (PARTITION BY source ORDER BY key) AS place,
           count(*) OVER (PARTITION BY source) AS texts FROM "{texts}") p
JOIN "{articles}" a ON a.id = p.id WHERE p.place <= {most} AND p.texts >= {least}
"""

_READ: Final = 'SELECT id, text FROM "{articles}"'

#: Every text is read where it is, that of a copy as well: its shingles cost less to move than it does.
_FOUND: Final = """
SELECT f.shingle, f.key FROM "{found}" f JOIN "{able}" t ON f.key = t.key
"""

_TOUCHED: Final = """
SELECT t.key, a.text, h.hot FROM "{texts}" t
JOIN (SELECT a AS key FROM "{candidates}" UNION SELECT b AS key FROM "{candidates}") c ON t.key = c.key
JOIN "{articles}" a ON a.id = t.id LEFT JOIN "{hot}" h ON t.source = h.source
"""

_BOTH_SETS: Final = """
SELECT c.a, c.b, x.shingles AS left_set, y.shingles AS right_set FROM "{candidates}" c
JOIN "{sets}" x ON c.a = x.key JOIN "{sets}" y ON c.b = y.key
"""

#: Pairs that share a verified partner and are no candidates yet; one with more than ``cap`` pairs brings none.
_SECOND_HAND: Final = """
WITH ends AS (SELECT a AS partner, b AS key FROM "{verified}"
              UNION ALL SELECT b AS partner, a AS key FROM "{verified}"),
     small AS (SELECT partner FROM ends GROUP BY partner HAVING count(*) <= {cap})
SELECT DISTINCT x.key AS a, y.key AS b FROM small s
JOIN ends x ON x.partner = s.partner JOIN ends y ON y.partner = s.partner AND x.key < y.key
LEFT JOIN "{candidates}" c ON c.a = x.key AND c.b = y.key WHERE c.a IS NULL
"""
