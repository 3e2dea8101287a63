"""What the duplicates stage keeps on the driver of every article: a few numbers, never its text.

An article is named by its place here; the engine knows it by its key.
"""

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
MICROSECONDS_A_DAY: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Side:
    """Articles with their signatures, and their shingle sets where signing left them.

    Where two sides are compared, only pairs across them count.
    """

    articles: Table
    signatures: Table
    sets: Table | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles in the order of their ``keys``; an article is named by its place in it.

    A key is a hash of the id whose lowest bit is the number of the side. ``text_hashes`` is 0 for an article
    without words, ``published`` in microseconds or UNDATED, ``sources`` a place in ``source_names``. ``first``
    is the place that stands for all of the same text and side.
    """

    sides: tuple[Side, ...]
    ids: pa.Array
    keys: Keys
    text_hashes: Keys
    shingles: Places
    published: Keys
    sources: Places
    source_names: list[str]
    first: Places

    @property
    def is_crossed(self) -> bool:
        """Whether two sides are compared."""
        return len(self.sides) > 1

    def places(self, keys: Keys) -> Places:
        """The places of articles given by key."""
        found: Places = np.searchsorted(self.keys, keys).astype(np.int32)
        return found

    def side_of(self, places: Places) -> Keys:
        """The number of the side of each place."""
        return self.keys[places] & 1

    def representatives(self) -> Places:
        """One place per text that has shingles."""
        places: Places = np.arange(self.keys.size, dtype=np.int32)
        chosen: Places = places[(self.first == places) & (self.shingles > 0)]
        return chosen


def load_corpus(sides: tuple[Side, ...], engine: Engine) -> Corpus:
    """The corpus of one side, or of two that are to be compared."""
    parts = [_load_side(side, engine) for side in sides]
    keys = np.concatenate([article_keys(part.column("id"), side) for side, part in enumerate(parts)])
    order = np.argsort(keys)
    keys = keys[order]
    rows = pa.concat_tables(parts).take(pa.array(order)).combine_chunks()
    for place in np.flatnonzero(keys[1:] == keys[:-1])[:1].tolist():
        one, other = rows.column("id")[place : place + 2].to_pylist()
        raise EngineError(f"article ids {one!r} and {other!r} have the same 64-bit hash; change one of them")
    sources = pc.fill_null(rows.column("source"), "")
    names = pc.unique(sources).sort()
    text_hashes = _numbers(rows, "text_hash", np.int64)
    return Corpus(
        sides=sides,
        ids=_combined(rows.column("id")),
        keys=keys,
        text_hashes=text_hashes,
        shingles=_numbers(rows, "shingles", np.int32),
        published=_numbers(rows, "published", np.int64),
        sources=_combined(pc.index_in(sources, names)).to_numpy(zero_copy_only=False).astype(np.int32),
        source_names=names.to_pylist(),
        first=_first_of_equals(text_hashes, keys & 1),
    )


def article_keys(ids: pa.Array | pa.ChunkedArray, side: int) -> Keys:
    """The key of each article id on a side.

    >>> (article_keys(pa.array(["a", "b"]), 1) & 1).tolist()
    [1, 1]
    """
    return hash_texts(*text_buffers(_combined(ids))) & ~1 | side


def count(table: Table, engine: Engine, what: str = "count(*)") -> int:
    """The number of rows of a table, or another whole number that ``what`` makes of them (0 for none)."""
    counted = engine.sql("spread_count", f'SELECT CAST(coalesce({what}, 0) AS BIGINT) AS n FROM "{table}"')
    return int(engine.to_arrow(counted).column("n")[0].as_py())


def gather(name: str, parts: list[Table], engine: Engine) -> Table:
    """One table of the rows of all parts."""
    if len(parts) == 1:
        return parts[0]
    return engine.sql(name, " UNION ALL ".join(f'SELECT * FROM "{part}"' for part in parts))


def _load_side(side: Side, engine: Engine) -> pa.Table:
    query = (
        f'SELECT a.id, a.published, a.source, s.shingles, s.text_hash FROM "{side.articles}" a '
        f'JOIN "{side.signatures}" s ON a.id = s.article'
    )
    return engine.to_arrow(engine.sql("corpus", query))


def _combined(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _numbers(rows: pa.Table, name: str, kind: type[T]) -> npt.NDArray[T]:
    column = rows.column(name)
    if pa.types.is_timestamp(column.type):
        column = pc.fill_null(column.cast(pa.timestamp("us")).cast(pa.int64()), int(UNDATED))
    numbers: npt.NDArray[T] = column.combine_chunks().to_numpy(zero_copy_only=False).astype(kind)
    return numbers


def _first_of_equals(text_hashes: Keys, sides: Keys) -> Places:
    """For each place the first place of the same text hash and side; its own where the text is empty."""
    order = np.lexsort((np.arange(text_hashes.size), sides, text_hashes))
    hashes, sides = text_hashes[order], sides[order]
    begins = np.concatenate(([True], (hashes[1:] != hashes[:-1]) | (sides[1:] != sides[:-1])))[: order.size]
    first = np.empty(order.size, np.int32)
    first[order] = order[np.flatnonzero(begins)][np.cumsum(begins) - 1]
    return np.where(text_hashes == 0, np.arange(order.size), first).astype(np.int32)
