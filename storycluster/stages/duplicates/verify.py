"""Exact Jaccard and containment of candidate pairs, read from the texts themselves; estimates decide nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.kernels.setjoin import Sets, count_shared, jaccard_and_containment, leave_out, shingle_sets
from storycluster.stages.duplicates.corpus import Corpus, Places, article_keys
from storycluster.stages.duplicates.scored import Scored, together
from storycluster.stages.duplicates.signing import text_of
from storycluster.text.normalise import normalise_array

#: Articles whose shingles are in memory at once, at about 4 kB each for 450 words.
ARTICLES_AT_ONCE: Final = 65_536
#: An article keeps all its shingles where boilerplate is more than this share of them: nothing would be left.
MOST_BOILERPLATE: Final = 0.5

WANTED: Final = pa.schema([("id", pa.string())])
SHINGLE_SETS: Final = pa.schema([("key", pa.int64()), ("shingles", pa.large_binary())])


def verify(
    left: Places, right: Places, *, corpus: Corpus, boilerplate: Sets, config: DedupConfig, engine: Engine
) -> Scored:
    """The candidates that are pairs, scored; an article's boilerplate shingles are left out before counting."""
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    parts = []
    for first, last in _chunks(left, right):
        chunk = np.unique(np.concatenate((left[first:last], right[first:last])))
        sets = load_sets(chunk, corpus=corpus, boilerplate=boilerplate, config=config, engine=engine)
        a, b = (np.searchsorted(chunk, side[first:last]).astype(np.int32) for side in (left, right))
        scored = score(sets, a, right=b, shared=count_shared(sets, a, right=b))
        passed = passes(scored, sets, config)
        parts.append(scored.keep(passed).relabel(chunk))
    return together(parts)


def load_sets(places: Places, *, corpus: Corpus, boilerplate: Sets, config: DedupConfig, engine: Engine) -> Sets:
    """The shingle sets of the articles at sorted ``places``, without boilerplate."""
    numbers = corpus.side_of(places)
    parts = [
        _load_side(places[numbers == number], number, corpus=corpus, width=config.shingle_words, engine=engine)
        for number in range(len(corpus.sides))
    ]
    rows = pa.concat_tables(parts)
    # Places are in the order of keys, so rows sorted by key are in the order of places.
    ordered = rows.column("shingles").take(pc.sort_indices(rows.column("key")))
    return without_boilerplate(_sets_of(ordered.combine_chunks()), corpus.sources[places], boilerplate)


def load_texts(places: Places, number: int, *, corpus: Corpus, engine: Engine) -> Table:
    """Id and text of the articles at places of one side."""
    articles = corpus.sides[number].articles
    wanted = engine.table("wanted", [pa.record_batch([corpus.ids.take(pa.array(places))], schema=WANTED)], WANTED)
    return engine.sql("wanted_texts", f'SELECT a.id, a.text FROM "{articles}" a JOIN "{wanted}" w ON a.id = w.id')


def _load_side(places: Places, number: int, *, corpus: Corpus, width: int, engine: Engine) -> pa.Table:
    """Key and shingle set of the articles at places of one side."""
    texts = load_texts(places, number, corpus=corpus, engine=engine)
    rows = engine.map_batches("wanted_shingles", texts, partial(_set_rows, side=number, width=width), SHINGLE_SETS)
    engine.table(texts, [], WANTED)
    return engine.to_arrow(rows)


def without_boilerplate(full: Sets, sources: Places, boilerplate: Sets) -> Sets:
    """The sets without their source's boilerplate, but whole where more than MOST_BOILERPLATE of one would go."""
    if not boilerplate.hashes.size:
        return full
    sizes = np.diff(full.offsets)
    left = np.diff(leave_out(full, sources, unwanted=boilerplate).offsets)
    classes = np.where(left < (1 - MOST_BOILERPLATE) * sizes, np.int32(-1), sources)
    return leave_out(full, classes.astype(np.int32), unwanted=boilerplate)


def score(sets: Sets, left: Places, *, right: Places, shared: Places) -> Scored:
    """Pairs with their scores."""
    sizes = np.diff(sets.offsets)
    jaccard, containment = jaccard_and_containment(shared, sizes[left], right_sizes=sizes[right])
    return Scored(left, right, jaccard, containment, np.where(sizes[right] < sizes[left], right, left))


def passes(scored: Scored, sets: Sets, config: DedupConfig) -> npt.NDArray[np.bool_]:
    """Whether each pair is one: near enough, or contained with enough shingles."""
    sizes = np.diff(sets.offsets)[scored.shorter]
    is_near = scored.jaccard >= config.threshold
    is_contained = scored.containment >= config.containment_threshold
    passed: npt.NDArray[np.bool_] = is_near | (is_contained & (sizes >= config.least_contained_shingles))
    return passed & (sizes > 0)


def _chunks(left: Places, right: Places) -> Iterator[tuple[int, int]]:
    """Runs of pairs that touch no more than ARTICLES_AT_ONCE articles; one run where all do."""
    if left.size == 0:
        return
    step = ARTICLES_AT_ONCE // 2
    if np.unique(np.concatenate((left, right))).size <= ARTICLES_AT_ONCE:
        step = left.size
    for first in range(0, left.size, step):
        yield first, min(first + step, left.size)


def _set_rows(batch: pa.RecordBatch, *, side: int, width: int) -> pa.RecordBatch:
    buffer, offsets = normalise_array(text_of(batch))
    sets = shingle_sets(buffer, offsets, width=width)
    content = [None, pa.py_buffer(sets.offsets * sets.hashes.itemsize), pa.py_buffer(sets.hashes)]
    shingles = pa.Array.from_buffers(pa.large_binary(), batch.num_rows, content)
    return pa.record_batch([pa.array(article_keys(batch.column("id"), side)), shingles], schema=SHINGLE_SETS)


def _sets_of(shingles: pa.Array) -> Sets:
    _, offsets, content = shingles.cast(pa.large_binary()).buffers()
    ends = np.frombuffer(offsets, np.int64, len(shingles) + 1, shingles.offset * np.dtype(np.int64).itemsize)
    hashes = np.frombuffer(content or b"", np.uint64)
    return Sets(hashes[ends[0] >> 3 : ends[-1] >> 3], (ends - ends[0]) >> 3)
