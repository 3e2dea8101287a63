"""Boilerplate: shingles that many different articles of one source repeat, such as footers and notices.

They are left out of the comparison and listed; a signature never depends on them. Versions of one article
count once, so a story that a source carries in thirty versions is not taken for its footer.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.kernels.minhash import count_equal
from storycluster.kernels.repeats import find_repeats
from storycluster.kernels.shinglesets import Sets
from storycluster.model import BOILERPLATE
from storycluster.stages.duplicates.bands import is_listed, signature_values
from storycluster.stages.duplicates.corpus import Corpus, Places, article_keys
from storycluster.stages.duplicates.listing import Repeated, list_boilerplate
from storycluster.stages.duplicates.parts import map_parts
from storycluster.stages.duplicates.shingles import NO_SETS, WANTED, Shingles
from storycluster.stages.duplicates.signing import ARTICLES_AT_ONCE

#: Articles looked at per source: a shingle in 10 % of them is found with an error of 2 points.
ARTICLES_PER_SOURCE: Final = 300
#: Estimated Jaccard from which two articles of a source are versions of one, whatever the threshold.
SAME_ARTICLE: Final = 0.5

#: ``Repeated`` of one source as a row, its arrays as bytes.
REPEATED: Final = pa.schema(
    [("source", pa.int32()), ("shingles", pa.large_binary()), ("articles", pa.large_binary()), ("of", pa.int64())]
)


def find_boilerplate(shingles: Shingles) -> Sets:
    """The boilerplate shingles of each source, in the order of ``corpus.source_names``; also listed as a table."""
    corpus, config, engine = shingles.corpus, shingles.config, shingles.engine
    places = _sample(corpus, config)
    found = [Repeated(NO_SETS.hashes, np.empty(0, np.int64), 0)] * len(corpus.source_names)
    if places.size:
        values = _values(places, corpus, config, engine)
        search = _search_kept if shingles.kept else _search_parts
        for source, repeated in search(shingles, places, values=values):
            found[source] = repeated
    engine.table("boilerplate", [list_boilerplate(found, places, shingles)], BOILERPLATE)
    ends = np.cumsum([0, *(repeated.shingles.size for repeated in found)], dtype=np.int64)
    return Sets(np.concatenate([NO_SETS.hashes, *(repeated.shingles for repeated in found)]), ends)


def _search_kept(
    shingles: Shingles, places: Places, *, values: npt.NDArray[np.uint32]
) -> Iterator[tuple[int, Repeated]]:
    """What each source of the articles at ``places`` repeats, from the sets in memory."""
    sources = shingles.corpus.sources[places]

    def search(source: int) -> tuple[int, Repeated]:
        own = np.flatnonzero(sources == source)
        return source, find_repeated(shingles.load_whole(places[own]), values=values[own], config=shingles.config)

    with ThreadPoolExecutor(shingles.engine.threads) as pool:
        yield from pool.map(search, np.unique(sources).tolist())


def _search_parts(
    shingles: Shingles, places: Places, *, values: npt.NDArray[np.uint32]
) -> Iterator[tuple[int, Repeated]]:
    """The same from the texts, source by source."""
    sources = shingles.corpus.sources[places]
    names = np.unique(sources)
    members = [np.flatnonzero(sources == source) for source in names]

    def search(number: int, sets: Sets) -> pa.Table:
        repeated = find_repeated(sets, values=values[members[number]], config=shingles.config)
        columns = [[int(names[number])], [repeated.shingles.tobytes()], [repeated.articles.tobytes()], [repeated.of]]
        return pa.table(columns, schema=REPEATED)

    found = map_parts([places[own] for own in members], search, REPEATED, shingles=shingles)
    for source, hashes, counts, of in zip(*(column.to_pylist() for column in found.columns), strict=True):
        yield source, Repeated(np.frombuffer(hashes, np.uint64), np.frombuffer(counts, np.int64), of)


def _sample(corpus: Corpus, config: DedupConfig) -> Places:
    """The first ARTICLES_PER_SOURCE texts, in the order of their keys, of each source that has enough; sorted."""
    places = corpus.representatives()
    by_source = places[np.argsort(corpus.sources[places], kind="stable")]
    sources = corpus.sources[by_source]
    counts = np.bincount(sources, minlength=len(corpus.source_names))
    rank = np.arange(by_source.size) - np.repeat(np.cumsum(counts) - counts, counts)
    chosen = (rank < ARTICLES_PER_SOURCE) & (counts[sources] >= config.boilerplate_articles)
    return np.sort(by_source[chosen])


def _values(places: Places, corpus: Corpus, config: DedupConfig, engine: Engine) -> npt.NDArray[np.uint32]:
    """The signatures of the articles at sorted ``places``."""
    values = np.empty((places.size, config.permutations), np.uint32)
    for number in range(len(corpus.sides)):
        for batch in engine.to_arrow(_wanted_signatures(places, number, corpus=corpus, engine=engine)).to_batches():
            keys = article_keys(batch.column("article"), number)
            is_wanted = is_listed(keys, corpus.keys[places])
            at = np.searchsorted(corpus.keys[places], keys[is_wanted])
            values[at] = signature_values(batch.column("signature"))[is_wanted]
    return values


def _wanted_signatures(places: Places, number: int, *, corpus: Corpus, engine: Engine) -> Table:
    """The signatures of at least the articles at places of one side; of a small corpus all, which are in memory."""
    side = corpus.sides[number]
    if corpus.keys.size <= ARTICLES_AT_ONCE:
        return side.signatures
    ids = corpus.ids.take(pa.array(places[corpus.side_of(places) == number]))
    wanted = engine.table("wanted", [pa.record_batch([ids], schema=WANTED)], WANTED)
    query = f'SELECT s.article, s.signature FROM "{side.signatures}" s JOIN "{wanted}" w ON s.article = w.id'
    return engine.sql("wanted_signatures", query)


def find_repeated(sets: Sets, *, values: npt.NDArray[np.uint32], config: DedupConfig) -> Repeated:
    """What enough different articles repeat; the sets and the signatures are of one source's articles."""
    found = find_repeats(sets, least=config.boilerplate_articles)
    if not found.hashes.size:
        return Repeated(NO_SETS.hashes, np.empty(0, np.int64), 0)
    versions, version_of = _versions(values)
    seen = np.unique(found.places * versions + version_of[found.members])
    repeats = np.bincount(seen // versions, minlength=found.hashes.size)
    is_hot = repeats >= max(config.boilerplate_articles, config.boilerplate_share * versions)
    return Repeated(found.hashes[is_hot], repeats[is_hot], versions)


def _versions(values: npt.NDArray[np.uint32]) -> tuple[int, npt.NDArray[np.int64]]:
    """How many different articles there are, and which of them each one is a version of."""
    is_same = count_equal(values) >= SAME_ARTICLE * values.shape[1]
    count, labels = connected_components(csr_array(is_same), directed=False)
    return int(count), labels.astype(np.int64)
