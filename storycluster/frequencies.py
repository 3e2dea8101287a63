"""In how many articles of a whole corpus a term is, for functions that see a part of the corpus only.

Counts are made where the articles are. What comes to the driver has a bound: the commonest terms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.engines.base import Engine, Table
from storycluster.kernels.termlists import distinct
from storycluster.vectors import Integers, TermIndex, find_name_tokens, index_terms

#: Terms whose counts every function gets at most, some 40 bytes each; those of fewer articles are left out.
MOST_TERMS: Final = 1_000_000
#: A term of one article is counted where it is seen.
_LEAST_ARTICLES: Final = 2
#: Articles that have a term; how often it has a capital inside a sentence, and how often it is written small.
_COUNTED: Final = ("articles", "as_name", "as_word")
_COUNTS: Final = pa.schema(
    [("language", pa.string()), ("term", pa.string()), *((name, pa.int64()) for name in _COUNTED)]
)


@dataclass(frozen=True, slots=True)
class Frequencies:
    """The number of ``articles`` of one language, and what was counted in them of each term: the rows of ``terms``."""

    articles: int
    terms: pa.Table

    def inform(self, index: TermIndex) -> TermIndex:
        """The index of a part of these articles as one that knows the counts of all."""
        own, _ = distinct(index.tokens, index.offsets)
        here = np.bincount(own, minlength=len(index.terms))
        places = pc.index_in(pa.array(index.terms, pa.string()), value_set=self.terms.column("term"))
        articles, as_name, as_word = (
            self._look_up(name, places, unknown)
            for name, unknown in zip(_COUNTED, (here, index.as_name, index.as_word), strict=True)
        )
        return replace(
            index,
            names=find_name_tokens(index.tokens, index.marks, as_name, as_word),
            articles=self.articles,
            scale=np.maximum(articles / np.maximum(here, 1), 1.0),
        )

    def _look_up(self, name: str, places: pa.Array, unknown: Integers) -> Integers:
        found: Integers = pc.coalesce(self.terms.column(name).take(places), pa.array(unknown)).to_numpy()
        return found


def count_terms(kept: Table, articles: dict[str, int], engine: Engine) -> dict[str, Frequencies]:
    """The frequencies of each language among ``kept`` articles (language, text), of which there are ``articles``."""
    parts = engine.map_batches("terms_of_batches", kept, _count, _COUNTS)
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in _COUNTED)
    query = f"""SELECT language, term, {sums} FROM "{parts}"
                GROUP BY language, term HAVING sum(articles) >= {_LEAST_ARTICLES}"""
    counted = engine.checkpoint(engine.sql("terms_counted", query))
    least = _LEAST_ARTICLES
    while _count_rows(counted, least, engine) > MOST_TERMS:
        least *= 2
    query = f'SELECT * FROM "{counted}" WHERE articles >= {least} ORDER BY language, term'
    rows = engine.to_arrow(engine.sql("terms_known", query))
    return {
        language: Frequencies(number, rows.filter(pc.equal(rows.column("language"), language)).combine_chunks())
        for language, number in articles.items()
    }


def _count_rows(counted: Table, least: int, engine: Engine) -> int:
    query = f'SELECT count(*) AS n FROM "{counted}" WHERE articles >= {least}'
    return int(engine.to_arrow(engine.sql("terms_count", query)).column("n")[0].as_py())


def _count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The terms of a batch of articles, each with the number of them that have it."""
    found = [_count_language(batch, language) for language in pc.unique(batch.column("language")).to_pylist()]
    table = pa.concat_tables(found) if found else _COUNTS.empty_table()
    return pa.RecordBatch.from_arrays([column.combine_chunks() for column in table.columns], schema=_COUNTS)


def _count_language(batch: pa.RecordBatch, language: str) -> pa.Table:
    texts = batch.column("text").filter(pc.equal(batch.column("language"), language)).to_pylist()
    index = index_terms(texts, language)
    columns, _ = distinct(index.tokens, index.offsets)
    counts = np.bincount(columns, minlength=len(index.terms)), index.as_name, index.as_word
    words = pa.array([language] * len(index.terms), pa.string()), pa.array(index.terms, pa.string())
    return pa.Table.from_arrays([*words, *map(pa.array, counts)], schema=_COUNTS)
