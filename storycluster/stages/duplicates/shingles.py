"""Shingle sets of articles: those that signing left, else read from their texts when they are needed.

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
from storycluster.kernels.setjoin import copy_sets, leave_out, take_sets
from storycluster.kernels.shinglesets import Sets, shingle_sets
from storycluster.stages.duplicates.bands import is_listed
from storycluster.stages.duplicates.corpus import Corpus, Keys, Places, article_keys
from storycluster.stages.duplicates.signing import ARTICLES_AT_ONCE, SHINGLE_SETS, binary_sets, text_of
from storycluster.text.normalise import normalise_array

#: An article keeps all its shingles where boilerplate is more than this share of them: nothing would be left.
MOST_BOILERPLATE: Final = 0.5

NO_SETS: Final = Sets(np.empty(0, np.uint64), np.zeros(1, np.int64))
WANTED: Final = pa.schema([("id", pa.string())])


class Kept(NamedTuple):
    """Sets of at least all representatives, in parts as they were made.

    ``begins`` are the numbers of the first set of each part, and of the end; ``sizes`` of all sets by number;
    ``places`` says whose each set is, and ``numbers`` which is that of each place.
    """

    parts: list[Sets]
    begins: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    places: Places
    numbers: npt.NDArray[np.int64]

    def take(self, places: Places) -> Sets:
        """The sets of the articles at places, in that order."""
        numbers = self.numbers[places]
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(self.sizes[numbers])))
        hashes = np.empty(offsets[-1], np.uint64)
        order = np.argsort(numbers)
        ends = np.searchsorted(numbers[order], self.begins)
        for begin, sets, first, end in zip(self.begins, self.parts, ends, ends[1:], strict=False):
            own = order[first:end]
            copy_sets(sets, numbers[own] - begin, to=offsets[own], hashes=hashes)
        return Sets(hashes, offsets)


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
        return without_boilerplate(self.load_whole(places), self.corpus.sources[places], self.boilerplate)

    def load_whole(self, places: Places) -> Sets:
        """The same with boilerplate."""
        return self._read(places) if self.kept is None else self.kept.take(places)

    def keep(self) -> Shingles:
        """The same with all sets in memory, where they are few enough."""
        places = self.corpus.representatives()
        if places.size > ARTICLES_AT_ONCE:
            return self
        sides = [self._side_sets(number, self.corpus.keys[places]) for number in range(len(self.corpus.sides))]
        rows = pa.concat_tables(sides)
        owners = self.corpus.places(rows.column("key").to_numpy())
        numbers = np.zeros(self.corpus.keys.size, np.int64)
        numbers[owners] = np.arange(owners.size)
        parts = [sets_of(part) for part in rows.column("set").chunks]
        begins = np.cumsum([0, *(part.offsets.size - 1 for part in parts)], dtype=np.int64)
        sizes = np.concatenate([np.empty(0, np.int64), *(np.diff(part.offsets) for part in parts)])
        for side in self.corpus.sides:
            if side.sets is not None:  # from here on they are kept once
                self.engine.table(side.sets, [], SHINGLE_SETS)
        return replace(self, kept=Kept(parts, begins, sizes, owners, numbers))

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

    def _side_sets(self, number: int, keys: Keys) -> pa.Table:
        """Key and set of at least the articles of one side that are in the sorted ``keys``."""
        side = self.corpus.sides[number]
        if side.sets is None:
            return self._sets(side.articles, number, keys)
        rows = self.engine.to_arrow(side.sets)
        return rows.set_column(0, "key", pa.array(rows.column("key").to_numpy() | number))

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
    return pa.record_batch([pa.array(own[is_wanted]), binary_sets(sets)], schema=SHINGLE_SETS)


def _by_key(parts: list[pa.Table]) -> Sets:
    """The sets of all rows in the order of their keys, which is that of places."""
    rows = pa.concat_tables(parts)
    return take_sets(sets_of(rows.column("set").combine_chunks()), pc.sort_indices(rows.column("key")).to_numpy())


def sets_of(shingles: pa.Array) -> Sets:
    """The sets in an array of binary values, each the sorted hashes of one set.

    >>> sets_of(pa.array([b"\\x01" + bytes(7)], pa.binary())).hashes.tolist()
    [1]
    """
    column = shingles.cast(pa.large_binary())
    _, offsets, content = column.buffers()
    ends = np.frombuffer(offsets, np.int64, len(column) + 1, column.offset * np.dtype(np.int64).itemsize)
    hashes = np.frombuffer(content or b"", np.uint64)
    return Sets(hashes[ends[0] >> 3 : ends[-1] >> 3], (ends - ends[0]) >> 3)
