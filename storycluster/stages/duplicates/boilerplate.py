"""Boilerplate: shingles that many different articles of one source repeat, such as footers and notices.

They are left out of the comparison and listed; a signature never depends on them. Versions of one article
count once, so a story that a source carries in thirty versions is not taken for its footer.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.kernels.setjoin import Sets
from storycluster.stages.duplicates.bands import signature_values
from storycluster.stages.duplicates.corpus import Corpus, Places
from storycluster.stages.duplicates.verify import WANTED, load_sets

#: Articles looked at per source: a shingle in 10 % of them is found with an error of 2 points.
ARTICLES_PER_SOURCE: Final = 300
#: Estimated Jaccard from which two articles of a source are versions of one, whatever the threshold.
SAME_ARTICLE: Final = 0.5
NO_SETS: Final = Sets(np.empty(0, np.uint64), np.zeros(1, np.int64))
BOILERPLATE: Final = pa.schema(
    [("source", pa.string()), ("shingle", pa.int64()), ("articles", pa.int32()), ("of", pa.int32())]
)


def find_boilerplate(
    articles: Table, signatures: Table, *, corpus: Corpus, config: DedupConfig, engine: Engine
) -> Sets:
    """The boilerplate shingles of each source, in the order of ``corpus.source_names``; also kept as a table."""
    places = _sample(corpus, config)
    if not places.size:
        engine.table("boilerplate", [], BOILERPLATE)
        return Sets(NO_SETS.hashes, np.zeros(len(corpus.source_names) + 1, np.int64))
    sets = load_sets(places, articles=articles, corpus=corpus, boilerplate=NO_SETS, config=config, engine=engine)
    values = _values(places, signatures, corpus=corpus, engine=engine)
    sources = corpus.sources[places]
    found = [
        _repeated(sets, np.flatnonzero(sources == source), values=values, config=config)
        for source in range(len(corpus.source_names))
    ]
    engine.table("boilerplate", [_rows(found, corpus.source_names)], BOILERPLATE)
    ends = np.cumsum([0, *(shingles.size for shingles, _, _ in found)], dtype=np.int64)
    return Sets(np.concatenate([shingles for shingles, _, _ in found]), ends)


def _sample(corpus: Corpus, config: DedupConfig) -> Places:
    """The first ARTICLES_PER_SOURCE texts, in the order of their keys, of each source that has enough; sorted."""
    places = corpus.representatives()
    by_source = places[np.argsort(corpus.sources[places], kind="stable")]
    sources = corpus.sources[by_source]
    counts = np.bincount(sources, minlength=len(corpus.source_names))
    rank = np.arange(by_source.size) - np.repeat(np.cumsum(counts) - counts, counts)
    chosen = (rank < ARTICLES_PER_SOURCE) & (counts[sources] >= config.boilerplate_articles)
    return np.sort(by_source[chosen])


def _values(places: Places, signatures: Table, *, corpus: Corpus, engine: Engine) -> npt.NDArray[np.uint32]:
    """The signatures of the articles at ``places``."""
    ids = corpus.ids.take(pa.array(places))
    wanted = engine.table("wanted", [pa.record_batch([ids], schema=WANTED)], WANTED)
    query = f'SELECT s.article, s.signature FROM "{signatures}" s JOIN "{wanted}" w ON s.article = w.id'
    rows = engine.to_arrow(engine.sql("wanted_signatures", query)).combine_chunks()
    at = np.argsort(rows.column("article").to_numpy(), kind="stable")
    order = np.empty(places.size, np.int64)
    order[np.argsort(ids.to_numpy(zero_copy_only=False), kind="stable")] = at
    return signature_values(rows.column("signature").combine_chunks().take(pa.array(order)))


def _repeated(
    sets: Sets, members: npt.NDArray[np.int64], *, values: npt.NDArray[np.uint32], config: DedupConfig
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], int]:
    """The shingles that enough different articles among ``members`` repeat, sorted; in how many; of how many."""
    if members.size < config.boilerplate_articles:
        return NO_SETS.hashes, np.empty(0, np.int64), 0
    versions, version_of = _versions(values[members])
    sizes = np.diff(sets.offsets)[members]
    hashes = np.concatenate([sets.hashes[sets.offsets[place] : sets.offsets[place + 1]] for place in members])
    shingles, numbers = np.unique(hashes, return_inverse=True)
    seen = np.unique(numbers.reshape(-1) * versions + np.repeat(version_of, sizes))
    repeats = np.bincount(seen // versions, minlength=shingles.size)
    is_hot = repeats >= max(config.boilerplate_articles, config.boilerplate_share * versions)
    return shingles[is_hot], repeats[is_hot], versions


def _versions(values: npt.NDArray[np.uint32]) -> tuple[int, npt.NDArray[np.int64]]:
    """How many different articles there are, and which of them each one is a version of."""
    rows = [np.flatnonzero((values[at + 1 :] == values[at]).mean(axis=1) >= SAME_ARTICLE) for at in range(len(values))]
    left = np.repeat(np.arange(len(values)), [row.size for row in rows])
    right = np.concatenate(rows) + left + 1
    graph = coo_array((np.ones(left.size, np.int8), (left, right)), shape=(len(values), len(values)))
    count, labels = connected_components(graph, directed=False)
    return int(count), labels.astype(np.int64)


def _rows(found: list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], int]], names: list[str]) -> pa.RecordBatch:
    counts = [shingles.size for shingles, _, _ in found]
    columns = [
        pa.array(np.repeat(np.array(names, object), counts), pa.string()),
        pa.array(np.concatenate([shingles for shingles, _, _ in found]).view(np.int64)),
        pa.array(np.concatenate([repeats for _, repeats, _ in found]).astype(np.int32)),
        pa.array(np.repeat(np.array([of for _, _, of in found], np.int32), counts)),
    ]
    return pa.record_batch(columns, schema=BOILERPLATE)
