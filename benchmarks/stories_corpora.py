"""The labelled corpora as tables, whole and cut to leads and short texts, for the benchmarks of stories."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.indexing import index_articles
from storycluster.model import ARTICLES, GROUPS
from storycluster.stages import overlap, stories

ROOT = Path(__file__).resolve().parents[1]
CORPORA = ROOT.parent / "shared" / "corpora"
#: Words an article is cut to: as it is, title and lead, short text.
CUTS: Mapping[str, int | None] = {"whole": None, "lead": 60, "short": 25}


@dataclass(frozen=True)
class Corpus:
    """Articles with their gold lines, in the order of the file."""

    ids: list[str]
    texts: list[str]
    gold: list[Mapping[str, Any]]

    @property
    def labels(self) -> list[str]:
        return [str(line["story"]) for line in self.gold]

    @property
    def topics(self) -> list[str]:
        """ECB+ topics: two confusable events each."""
        return [label.split("_")[0] for label in self.labels]

    def cut(self, words: int | None) -> Corpus:
        """The articles with their first ``words`` words only."""
        if words is None:
            return self
        return Corpus(self.ids, [" ".join(text.split(" ")[:words]) for text in self.texts], self.gold)


def load_corpus(name: str) -> Corpus:
    """``ecbplus_dev`` or ``roundups_dev``."""
    articles = _lines(CORPORA / name / "articles.jsonl")
    gold = {str(line["id"]): line for line in _lines(CORPORA / name / "gold.jsonl")}
    ids = [str(article["id"]) for article in articles]
    return Corpus(ids, [str(article["text"]) for article in articles], [gold[name] for name in ids])


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def open_engine(threads: int = 2) -> Engine:
    return DuckDBEngine(threads=threads, memory_limit="", temp_directory=Path(tempfile.mkdtemp()))


def load_tables(engine: Engine, rows: Sequence[Mapping[str, Any]]) -> tuple[Table, Table]:
    """Tables ``articles`` and (empty) ``groups``; a content hash is made from title and text."""
    full = [
        dict.fromkeys(ARTICLES.names) | {"language": "en", "content_hash": _content_hash(row)} | dict(row)
        for row in rows
    ]
    articles = engine.table("articles", pa.Table.from_pylist(full, schema=ARTICLES).to_batches(), ARTICLES)
    return articles, engine.table("groups", [], GROUPS)


def _content_hash(row: Mapping[str, Any]) -> int:
    digest = hashlib.blake2b(f"{row.get('title')}\0{row['text']}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def find_memberships(corpus: Corpus, config: StoriesConfig, *, passages: bool = False) -> list[dict[str, Any]]:
    """Membership rows of a corpus; with ``passages`` the secondary ones too."""
    engine = open_engine()
    rows = [{"id": name, "text": text} for name, text in zip(corpus.ids, corpus.texts, strict=True)]
    articles, groups = load_tables(engine, rows)
    by_language = index_articles(articles, groups, engine)
    measured = stories.measure(by_language, articles, config, engine)
    found, _, members = stories.cluster(articles, groups, measured, config, engine)
    if passages:
        members = overlap.find_passages(by_language, articles, measured, found, members, config, engine)
    return engine.to_arrow(members).to_pylist()
