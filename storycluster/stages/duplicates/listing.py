"""Boilerplate as words: the longest runs of left-out shingles, read from an article that holds them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine
from storycluster.kernels.minhash import shingle
from storycluster.kernels.tokens import tokenise
from storycluster.model import BOILERPLATE
from storycluster.stages.duplicates.corpus import Corpus, Places
from storycluster.stages.duplicates.signing import text_of
from storycluster.stages.duplicates.verify import load_texts
from storycluster.text.normalise import normalise_array

#: Runs listed per source; all its boilerplate is left out, listed or not.
LISTED_PER_SOURCE: Final = 50


class Repeated(NamedTuple):
    """Sorted shingles that a source repeats, in how many of its different articles, and how many those are."""

    shingles: npt.NDArray[np.uint64]
    articles: npt.NDArray[np.int64]
    of: int


def list_boilerplate(
    found: list[Repeated], places: Places, *, corpus: Corpus, config: DedupConfig, engine: Engine
) -> pa.RecordBatch:
    """Rows of the table ``boilerplate``: per source the runs of its shingles in its articles at ``places``."""
    rows = []
    for source, repeated in enumerate(found):
        if repeated.shingles.size:
            members = places[corpus.sources[places] == source]
            runs = _runs(_texts(members, corpus, engine), repeated, config.shingle_words)
            rows += [(corpus.source_names[source], text, count, repeated.of) for text, count in runs]
    columns = list(zip(*rows, strict=True)) or [()] * len(BOILERPLATE)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, BOILERPLATE, strict=True)]
    return pa.record_batch(arrays, schema=BOILERPLATE)


def _texts(places: Places, corpus: Corpus, engine: Engine) -> pa.Array:
    """The texts of articles, in the order of their ids."""
    parts = []
    for number in range(len(corpus.sides)):
        own = places[corpus.side_of(places) == number]
        parts.append(engine.to_arrow(load_texts(own, number, corpus=corpus, engine=engine)))
    rows = pa.concat_tables(parts).combine_chunks()
    return text_of(rows.take(pc.sort_indices(rows.column("id"))).to_batches(max_chunksize=None)[0])


def _runs(texts: pa.Array, repeated: Repeated, width: int) -> list[tuple[str, int]]:
    """Runs of shingles that stand next to each other, each shingle in the first text that has it, and their counts."""
    buffer, offsets = normalise_array(texts)
    words = tokenise(buffer, offsets)
    is_listed = np.zeros(repeated.shingles.size, np.bool_)
    runs: list[tuple[str, int]] = []
    for text in range(len(texts)):
        first, last = words.article_offsets[text], words.article_offsets[text + 1]
        places = _places(shingle(words.hashes[first:last], width), repeated.shingles)
        for begin, end in _stretches(places):
            members = places[begin:end]
            if len(runs) < LISTED_PER_SOURCE and not is_listed[members].all():
                is_listed[members] = True
                span = bytes(buffer[words.starts[first + begin] : words.ends[first + end + width - 2]])
                runs.append((span.decode(), int(repeated.articles[members].min())))
    return runs


def _places(shingles: npt.NDArray[np.uint64], listed: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """The place of each shingle in a sorted list, -1 where it is not in it."""
    at = np.minimum(np.searchsorted(listed, shingles), listed.size - 1)
    return np.where(listed[at] == shingles, at, -1)


def _stretches(places: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Begin and end of each stretch of places that are not -1."""
    edges = np.flatnonzero(np.diff(places >= 0, prepend=False, append=False))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
