"""What the duplicates stage keeps on the driver of every article: a few numbers, never its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.engines.base import Engine, Table
from storycluster.errors import EngineError
from storycluster.kernels.tokens import hash_texts
from storycluster.text.normalise import text_buffers

Keys = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
T = TypeVar("T", bound=np.generic)

#: An article without a date; earlier than any.
UNDATED: Final = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles in the order of their ``keys`` (a hash of the id); an article is named by its place in it.

    ``text_hashes`` is 0 for an article without words, ``published`` in microseconds or UNDATED,
    ``sources`` a place in ``source_names``. ``first`` is the place that stands for all of the same text.
    """

    ids: pa.Array
    keys: Keys
    text_hashes: Keys
    shingles: Places
    published: Keys
    sources: Places
    source_names: list[str]
    content_hashes: Keys
    first: Places

    def places(self, keys: Keys) -> Places:
        """The places of articles given by key."""
        found: Places = np.searchsorted(self.keys, keys).astype(np.int32)
        return found

    def representatives(self) -> Places:
        """One place per text that has shingles."""
        places: Places = np.arange(self.keys.size, dtype=np.int32)
        chosen: Places = places[(self.first == places) & (self.shingles > 0)]
        return chosen


def load_corpus(articles: Table, signatures: Table, engine: Engine) -> Corpus:
    """The corpus of two tables of the same articles."""
    rows = engine.to_arrow(
        engine.sql(
            "corpus",
            f'SELECT a.id, a.published, a.source, a.content_hash, s.shingles, s.text_hash FROM "{articles}" a '
            f'JOIN "{signatures}" s ON a.id = s.article',
        )
    ).combine_chunks()
    keys = article_keys(rows.column("id"))
    order = np.argsort(keys)
    if (np.diff(keys[order]) == 0).any():
        raise EngineError("two article ids have the same 64-bit hash; change one of them")
    rows = rows.take(pa.array(order))
    sources = pc.fill_null(rows.column("source"), "")
    names = pc.unique(sources).sort()
    text_hashes = _numbers(rows, "text_hash", np.int64)
    return Corpus(
        ids=rows.column("id").combine_chunks(),
        keys=keys[order],
        text_hashes=text_hashes,
        shingles=_numbers(rows, "shingles", np.int32),
        published=_numbers(rows, "published", np.int64),
        sources=pc.index_in(sources, names).combine_chunks().to_numpy(zero_copy_only=False).astype(np.int32),
        source_names=names.to_pylist(),
        content_hashes=_numbers(rows, "content_hash", np.int64),
        first=_first_of_equals(text_hashes),
    )


def article_keys(ids: pa.Array | pa.ChunkedArray) -> Keys:
    """The key of each article id.

    >>> article_keys(pa.array(["a", "b"])).size
    2
    """
    ids = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    return hash_texts(*text_buffers(ids))


def _numbers(rows: pa.Table, name: str, kind: type[T]) -> npt.NDArray[T]:
    column = rows.column(name)
    if pa.types.is_timestamp(column.type):
        column = pc.fill_null(column.cast(pa.timestamp("us")).cast(pa.int64()), int(UNDATED))
    numbers: npt.NDArray[T] = column.combine_chunks().to_numpy(zero_copy_only=False).astype(kind)
    return numbers


def _first_of_equals(text_hashes: Keys) -> Places:
    """For each place the first place of the same text hash; its own where the text is empty."""
    order = np.argsort(text_hashes, kind="stable")
    ordered = text_hashes[order]
    begins = np.concatenate(([True], ordered[1:] != ordered[:-1]))[: order.size]
    first = np.empty(order.size, np.int32)
    first[order] = order[np.flatnonzero(begins)][np.cumsum(begins) - 1]
    return np.where(text_hashes == 0, np.arange(order.size), first).astype(np.int32)
