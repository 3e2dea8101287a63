"""The kept articles of a run as terms, per language: indexed once for all stages that compare articles by words.

Reads tables and finds the terms; it compares nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from storycluster.engines.base import Engine, Table
from storycluster.frequencies import Frequencies
from storycluster.vectors import TermIndex, common_language, index_terms

#: The rows with texts that a function of windows gets: always under this name, so that an engine keeps one such table.
WINDOW_ROWS: Final = "window_rows"
_TIME: Final = "time__"


@dataclass(frozen=True, slots=True)
class IndexedArticles:
    """Kept articles of one language by time, content hash and id, and the terms of title and text of each."""

    language: str
    ids: list[str]
    index: TermIndex


def index_articles(articles: Table, groups: Table, engine: Engine) -> list[IndexedArticles]:
    """The articles that are no copies, indexed per language; an empty title is an empty first line."""
    rows = engine.to_arrow(
        engine.sql(
            "indexing__kept",
            f"""SELECT id, concat(coalesce(title, ''), chr(10), text) AS text, language
                FROM "{articles}"
                WHERE id NOT IN (SELECT article FROM "{groups}" WHERE relation <> 'kept')
                ORDER BY coalesce(published, published_from) NULLS LAST, content_hash, id""",
        )
    )
    ids, texts, languages = (rows.column(name).to_pylist() for name in ("id", "text", "language"))
    del rows  # the texts are large, and kept once
    places: dict[str, list[int]] = {}
    for place, language in enumerate(common_language(languages)):
        places.setdefault(language, []).append(place)
    return [_index(language, ids, texts, places[language]) for language in sorted(places)]


def index_window(rows: pa.Table, frequencies: Mapping[str, Frequencies]) -> tuple[pa.Table, IndexedArticles]:
    """Rows of articles of one language by time, content hash and id, and their index; a part of a larger corpus.

    Rows have id, language, title, text, published, published_from and content_hash.
    """
    times = pc.coalesce(rows.column("published"), rows.column("published_from"))
    keys = [(name, "ascending") for name in (_TIME, "content_hash", "id")]
    rows = rows.append_column(_TIME, times).sort_by(keys).drop_columns([_TIME]).combine_chunks()
    titles = pc.fill_null(rows.column("title"), "")
    texts = pc.binary_join_element_wise(titles, rows.column("text"), "\n").to_pylist()
    language = rows.column("language")[0].as_py()
    index = frequencies[language].inform(index_terms(texts, language))
    return rows, IndexedArticles(language, rows.column("id").to_pylist(), index)


def _index(language: str, ids: Sequence[str], texts: Sequence[str], places: Sequence[int]) -> IndexedArticles:
    return IndexedArticles(language, [ids[at] for at in places], index_terms([texts[at] for at in places], language))
