"""Runs of the stories, overlap and labels stages over articles given as texts, for their tests."""

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from storycluster.config import StoriesConfig
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.indexing import index_articles
from storycluster.model import ARTICLES, GROUPS
from storycluster.stages import labels, overlap, stories

Row = dict[str, Any]


@dataclass(frozen=True)
class News:
    """An article of a test."""

    id: str
    text: str
    title: str | None = None
    published: str | None = None
    published_from: str | None = None
    source: str | None = None
    language: str | None = "en"

    def row(self) -> Row:
        digest = hashlib.blake2b(f"{self.title}\0{self.text}".encode(), digest_size=8).digest()
        return dict.fromkeys(ARTICLES.names) | {
            "id": self.id,
            "title": self.title,
            "text": self.text,
            "published": datetime.fromisoformat(self.published) if self.published else None,
            "published_from": datetime.fromisoformat(self.published_from) if self.published_from else None,
            "source": self.source,
            "language": self.language,
            "content_hash": int.from_bytes(digest, "big", signed=True),
        }


@dataclass(frozen=True)
class Found:
    """The tables of the stages as rows."""

    similarities: list[Row]
    stories: list[Row]
    arcs: list[Row]
    memberships: list[Row] = field(default_factory=list)

    def partition(self) -> set[frozenset[str]]:
        """Primary members of each story."""
        members: dict[str, set[str]] = {}
        for row in self.memberships:
            if row["role"] == "primary":
                members.setdefault(row["story"], set()).add(row["article"])
        return {frozenset(articles) for articles in members.values()}

    def score(self, a: str, b: str) -> Row | None:
        return next((row for row in self.similarities if {row["a"], row["b"]} == {a, b}), None)


def find_stories(
    news: Sequence[News],
    config: StoriesConfig | None = None,
    *,
    copies: Mapping[str, str] | None = None,
    threads: int = 1,
) -> Found:
    """All stages from similarities to labels; ``copies`` maps a copy to its kept article."""
    config = config or StoriesConfig()
    with tempfile.TemporaryDirectory() as folder:
        engine = DuckDBEngine(threads=threads, memory_limit="", temp_directory=Path(folder) / "spill")
        articles = engine.table(
            "articles", pa.Table.from_pylist([n.row() for n in news], schema=ARTICLES).to_batches(), ARTICLES
        )
        groups = engine.table("groups", _groups(copies or {}).to_batches(), GROUPS)
        by_language = index_articles(articles, groups, engine)
        measured = stories.measure(by_language, articles, config, engine)
        found, arcs, members = stories.cluster(articles, groups, measured, config, engine)
        members = overlap.find_passages(by_language, articles, measured, found, members, config, engine)
        found, arcs = labels.label(by_language, articles, members, found, arcs, config, engine)
        return Found(*(engine.to_arrow(table).to_pylist() for table in (measured, found, arcs, members)))


def _groups(copies: Mapping[str, str]) -> pa.Table:
    kept = {name: (name, "kept") for name in copies.values()}
    rows = [
        {"id": f"group-{of}", "kept": of, "article": name, "relation": relation, "jaccard": 1.0, "containment": 1.0}
        for name, (of, relation) in sorted((kept | {copy: (of, "near") for copy, of in copies.items()}).items())
    ]
    return pa.Table.from_pylist(rows, schema=GROUPS)
