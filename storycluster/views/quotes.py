"""Words of articles given by span: the texts of those that are quoted are in memory, and of no others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa

from storycluster.run_tables import RunTables
from storycluster.views.articles import Articles
from storycluster.views.excerpt import cut_excerpt
from storycluster.views.shape import Field


class Quotes:
    """Excerpts of the texts and titles of some articles."""

    def __init__(self, tables: RunTables, articles: Articles, *, ids: Collection[str], letters: int) -> None:
        """Load the texts of the articles with these ids; ``letters`` is the length of the longest excerpt."""
        wanted = {"id": pa.array(sorted(ids), pa.string())}
        rows = tables.select("articles", ["id", "text"], where=wanted) if ids else None
        self._text = rows.column("text") if rows else None
        self._places = {identity: place for place, identity in enumerate(rows.column("id").to_pylist())} if rows else {}
        self._articles = articles
        self._letters = letters

    def text(self, article: str) -> str:
        """The whole text of an article."""
        text: str = self._text[self._places[article]].as_py() if self._text else ""
        return text

    def cut(self, article: str, span: Mapping[str, Any]) -> str:
        """The words of a span, in one line and cut where they are too long to show."""
        text = self._articles.find_title(article) if field_of(span) == "title" else self.text(article)
        return cut_excerpt(text, span["start"], span["end"], self._letters)


def span_of(span: Mapping[str, Any]) -> list[int]:
    """A span as the report gives it.

    >>> span_of({"start": 1, "end": 3, "field": None})
    [1, 3]
    """
    return [span["start"], span["end"]]


def field_of(span: Mapping[str, Any]) -> Field:
    """Where a span stands."""
    return "title" if span["field"] == "title" else "text"
