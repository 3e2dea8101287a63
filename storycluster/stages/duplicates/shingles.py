"""Shingle sets of articles, read from their texts when they are needed; the only place that reads them.

A small corpus is read once and kept; a large one is read in parts, so memory does not grow with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.kernels.setjoin import Sets, leave_out, shingle_sets, take_sets
from storycluster.stages.duplicates.bands import is_listed
from storycluster.stages.duplicates.corpus import Corpus, Keys, Places, article_keys
from storycluster.stages.duplicates.signing import text_of
from storycluster.text.normalise import normalise_array

#: The shingles of so many articles are kept in memory, at about 3.5 kB each for 450 words.
ARTICLES_AT_ONCE: Final = 32_768
#: An article keeps all its shingles where boilerplate is more than this share of them: nothing would be left.
MOST_BOILERPLATE: Final = 0.5

NO_SETS: Final = Sets(np.empty(0, np.uint64), np.zeros(1, np.int64))
WANTED: Final = pa.schema([("id", pa.string())])
SHINGLE_SETS: Final = pa.schema([("key", pa.int64()), ("shingles", pa.large_binary())])


class Kept(NamedTuple):
    """The sets of all representatives, whose place each one is, and where that of each representative is."""

    sets: Sets
    places: Places
    at: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shingles:
    """The way from places in a corpus to shingle sets. ``kept`` holds those of all representatives, or is None."""

    corpus: Corpus
    config: DedupConfig
    engine: Engine
    boilerplate: Sets | None = None
    kept: Kept | None = None

    def load(self, places: Places) -> Sets:
        """The sets of the articles at sorted places, without their source's boilerplate where that is known."""
        sets, at = self.locate(places)
        sets = sets if self.kept is None else take_sets(sets, at)
        return without_boilerplate(sets, self.corpus.sources[places], self.boilerplate)

    def locate(self, places: Places) -> tuple[Sets, npt.NDArray[np.int64]]:
        """Sets with boilerplate, and where among them those of the sorted places are; copies nothing kept."""
        if self.kept is not None:
            return self.kept.sets, self.kept.at[np.searchsorted(self.corpus.representatives(), places)]
        return self._read(places), np.arange(places.size)

    def keep(self) -> Shingles:
        """The same with all sets in memory, where they are few enough."""
        places = self.corpus.representatives()
        if places.size > ARTICLES_AT_ONCE:
            return self
        keys = self.corpus.keys[places]
        parts = [self._sets(side.articles, number, keys) for number, side in enumerate(self.corpus.sides)]
        rows = pa.concat_tables(parts)
        order = pc.sort_indices(rows.column("key")).to_numpy().astype(np.int64)
        owners = np.empty_like(places)
        owners[order] = places
        return replace(self, kept=Kept(sets_of(rows.column("shingles")), owners, order))

    def load_texts(self, places: Places, number: int) -> Table:
        """Id and text of the articles at places of one side."""
        ids = self.corpus.ids.take(pa.array(places))
        wanted = self.engine.table("wanted", [pa.record_batch([ids], schema=WANTED)], WANTED)
        articles = self.corpus.sides[number].articles
        query = f'SELECT a.id, a.text FROM "{articles}" a JOIN "{wanted}" w ON a.id = w.id'
        return self.engine.sql("wanted_texts", query)

    def _read(self, places: Places) -> Sets:
        numbers = self.corpus.side_of(places)
        parts = []
        for number in range(len(self.corpus.sides)):
            texts = self.load_texts(places[numbers == number], number)
            parts.append(self._sets(texts, number, self.corpus.keys[places]))
            self.engine.table(texts, [], WANTED)
        return _by_key(parts)

    def _sets(self, texts: Table, number: int, keys: Keys) -> pa.Table:
        read = partial(_set_rows, side=number, width=self.config.shingle_words, keys=keys)
        return self.engine.to_arrow(self.engine.map_batches("wanted_shingles", texts, read, SHINGLE_SETS))


def without_boilerplate(full: Sets, sources: Places, boilerplate: Sets | None) -> Sets:
    """The sets without their source's boilerplate, but whole where more than MOST_BOILERPLATE of one would go."""
    if boilerplate is None or not boilerplate.hashes.size:
        return full
    return leave_out(full, sources, unwanted=boilerplate, least_share=1 - MOST_BOILERPLATE)


def _set_rows(batch: pa.RecordBatch, *, side: int, width: int, keys: Keys) -> pa.RecordBatch:
    """Key and set of the articles of a batch that are in the sorted ``keys``."""
    own = article_keys(batch.column("id"), side)
    is_wanted = is_listed(own, keys)
    sets = shingle_sets(*normalise_array(text_of(batch).filter(pa.array(is_wanted))), width=width)
    content = [None, pa.py_buffer(sets.offsets * sets.hashes.itemsize), pa.py_buffer(sets.hashes)]
    shingles = pa.Array.from_buffers(pa.large_binary(), int(is_wanted.sum()), content)
    return pa.record_batch([pa.array(own[is_wanted]), shingles], schema=SHINGLE_SETS)


def _by_key(parts: list[pa.Table]) -> Sets:
    """The sets of all rows in the order of their keys, which is that of places."""
    rows = pa.concat_tables(parts)
    return take_sets(sets_of(rows.column("shingles")), pc.sort_indices(rows.column("key")).to_numpy())


def sets_of(shingles: pa.ChunkedArray) -> Sets:
    """The sets in a column of binary values, each the sorted hashes of one set.

    >>> sets_of(pa.chunked_array([[b"\\x01" + bytes(7)]], pa.binary())).hashes.tolist()
    [1]
    """
    column = shingles.cast(pa.large_binary()).combine_chunks()
    _, offsets, content = column.buffers()
    ends = np.frombuffer(offsets, np.int64, len(column) + 1, column.offset * np.dtype(np.int64).itemsize)
    hashes = np.frombuffer(content or b"", np.uint64)
    return Sets(hashes[ends[0] >> 3 : ends[-1] >> 3], (ends - ends[0]) >> 3)
