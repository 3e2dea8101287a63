"""Boilerplate as words: the longest runs of left-out shingles, read from an article that holds them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from storycluster.kernels.shinglesets import shingle
from storycluster.kernels.tokens import tokenise
from storycluster.model import BOILERPLATE
from storycluster.stages.duplicates.corpus import Corpus, Places, article_keys
from storycluster.stages.duplicates.shingles import Shingles
from storycluster.text.normalise import normalise_array

#: Runs listed per source; all its boilerplate is left out, listed or not.
LISTED_PER_SOURCE: Final = 50
#: Articles of a source whose texts are read for the list.
READ_PER_SOURCE: Final = 20
#: Stands for a shingle that is not listed.
_NONE: Final = -1


class Repeated(NamedTuple):
    """Sorted shingles that a source repeats, in how many of its different articles, and how many those are."""

    shingles: npt.NDArray[np.uint64]
    articles: npt.NDArray[np.int64]
    of: int


def list_boilerplate(found: list[Repeated], places: Places, shingles: Shingles) -> pa.RecordBatch:
    """Rows of the table ``boilerplate``: per source the runs of its shingles in its articles at ``places``."""
    corpus = shingles.corpus
    is_hot = np.array([repeated.shingles.size > 0 for repeated in found], np.bool_)
    members = _first_of_sources(places[is_hot[corpus.sources[places]]], corpus)
    texts = _texts(members, shingles)
    rows = []
    for source in np.flatnonzero(is_hot).tolist():
        own = texts.filter(pa.array(corpus.sources[members] == source))
        runs = list_runs(own, found[source], shingles.config.shingle_words)
        rows += [(corpus.source_names[source], text, count, found[source].of) for text, count in runs]
    columns = list(zip(*rows, strict=True)) or [()] * len(BOILERPLATE)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, BOILERPLATE, strict=True)]
    return pa.record_batch(arrays, schema=BOILERPLATE)


def _first_of_sources(places: Places, corpus: Corpus) -> Places:
    """The first READ_PER_SOURCE of the places of each source, sorted."""
    by_source = places[np.argsort(corpus.sources[places], kind="stable")]
    begins = np.searchsorted(corpus.sources[by_source], corpus.sources[by_source])
    return np.sort(by_source[np.arange(by_source.size) - begins < READ_PER_SOURCE])


def _texts(places: Places, shingles: Shingles) -> pa.Array:
    """The texts of articles at sorted places, in their order."""
    parts, keys = [], []
    numbers = shingles.corpus.side_of(places)
    for number in range(len(shingles.corpus.sides)):
        parts.append(shingles.engine.to_arrow(shingles.load_texts(places[numbers == number], number)))
        keys.append(article_keys(parts[-1].column("id"), number))
    rows = pa.concat_tables(parts).take(pa.array(np.argsort(np.concatenate(keys)))).combine_chunks()
    return rows.column("text").combine_chunks()


def list_runs(texts: pa.Array, repeated: Repeated, width: int) -> list[tuple[str, int]]:
    """Runs of shingles that stand next to each other, each shingle in the first text that has it, and their counts."""
    buffer, offsets = normalise_array(texts)
    words = tokenise(buffer, offsets)
    places = _places(shingle(words.hashes, width), repeated.shingles)
    text_of = np.repeat(np.arange(len(texts)), np.diff(words.article_offsets))
    places[text_of[: places.size] != text_of[width - 1 :]] = _NONE  # begins in one text and ends in the next
    is_listed = np.zeros(repeated.shingles.size, np.bool_)
    runs: list[tuple[str, int]] = []
    for begin, end in _stretches(places, words.article_offsets):
        members = places[begin:end]
        if len(runs) < LISTED_PER_SOURCE and not is_listed[members].all():
            is_listed[members] = True
            span = bytes(buffer[words.starts[begin] : words.ends[end + width - 2]])
            runs.append((span.decode(), int(repeated.articles[members].min())))
    return runs


def _places(shingles: npt.NDArray[np.uint64], listed: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """The place of each shingle in a sorted list, _NONE where it is not in it."""
    at = np.minimum(np.searchsorted(listed, shingles), listed.size - 1)
    return np.where(listed[at] == shingles, at, _NONE)


def _stretches(places: npt.NDArray[np.int64], cuts: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Begin and end of each stretch of places that are not _NONE; one that goes over a cut is two."""
    is_place = places != _NONE
    begins = is_place & ~np.append(False, is_place[:-1])
    begins[cuts[cuts < places.size]] = True
    begins &= is_place
    ends = np.flatnonzero(is_place & np.append(~is_place[1:] | begins[1:], True)) + 1
    return list(zip(np.flatnonzero(begins).tolist(), ends.tolist(), strict=True))
