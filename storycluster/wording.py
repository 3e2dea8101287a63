"""The kept articles of a run as terms, per language: indexed once for all stages that compare articles by words.

Reads tables and finds the terms; it compares nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storycluster.engines.base import Engine, Table
from storycluster.vectors import TermIndex, common_language, index_terms


@dataclass(frozen=True, slots=True)
class Wording:
    """Kept articles of one language by time, content hash and id, and the terms of title and text of each."""

    language: str
    ids: list[str]
    index: TermIndex


def index_articles(articles: Table, groups: Table, engine: Engine) -> list[Wording]:
    """The wording of each language among the articles that are no copies; an empty title is an empty first line."""
    rows = engine.to_arrow(
        engine.sql(
            "wording__kept",
            f"""SELECT id, concat(coalesce(title, ''), chr(10), text) AS text, language
                FROM "{articles}"
                WHERE id NOT IN (SELECT article FROM "{groups}" WHERE relation <> 'kept')
                ORDER BY coalesce(published, published_from) NULLS LAST, content_hash, id""",
        )
    )
    ids, texts = rows.column("id").to_pylist(), rows.column("text").to_pylist()
    places: dict[str, list[int]] = {}
    for place, language in enumerate(common_language(rows.column("language").to_pylist())):
        places.setdefault(language, []).append(place)
    return [_wording(language, ids, texts, places[language]) for language in sorted(places)]


def _wording(language: str, ids: Sequence[str], texts: Sequence[str], places: Sequence[int]) -> Wording:
    return Wording(language, [ids[at] for at in places], index_terms([texts[at] for at in places], language))
