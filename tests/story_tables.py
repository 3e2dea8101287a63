"""Tables of a run with given stories, for tests of the facts stage."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from storycluster.config import FactsConfig
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.model import ARCS, ARTICLES, GROUPS, MEMBERSHIPS, STORIES
from storycluster.stages.facts import find_facts, track_figures

Row = dict[str, Any]


@dataclass(frozen=True)
class News:
    """An article of a test; ``text`` without its title."""

    id: str
    text: str
    published: str | None = "2024-05-01T08:00:00"
    title: str | None = None
    published_from: str | None = None
    source: str | None = None
    credits: tuple[str, ...] = ()

    @property
    def content_hash(self) -> int:
        digest = hashlib.blake2b(f"{self.title}\0{self.text}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)


@dataclass(frozen=True)
class Result:
    """The two tables of the stage as rows."""

    facts: list[Row]
    figures: list[Row]
    tables: Mapping[str, pa.Table]

    def of(self, article: str) -> list[Row]:
        return [fact for fact in self.facts if fact["article"] == article]

    def statuses(self, article: str) -> list[str]:
        return [fact["status"] for fact in self.of(article)]


def article_row(news: News) -> Row:
    row: Row = dict.fromkeys(ARTICLES.names)
    day = news.published is not None
    return row | {
        "id": news.id,
        "title": news.title,
        "text": news.text,
        "published": datetime.fromisoformat(news.published) if news.published else None,
        "published_precision": "second" if day else None,
        "published_from": datetime.fromisoformat(news.published_from) if news.published_from else None,
        "source": news.source,
        "credits": list(news.credits),
        "language": "en",
        "content_hash": news.content_hash,
    }


def member_row(story: str, article: str, role: str = "primary", spans: Sequence[tuple[int, int]] = ()) -> Row:
    passages = [{"start": start, "end": end, "field": "text"} for start, end in spans]
    return {
        "story": story, "article": article, "role": role, "score": 1.0, "spans": passages, "share": 1.0,
        "evidence": [], "copy_of": None,
    }  # fmt: skip


def run_facts(
    news: Sequence[News],
    *,
    members: Sequence[Row] | None = None,
    groups: Sequence[Row] = (),
    config: FactsConfig | None = None,
    threads: int = 1,
) -> Result:
    """Facts and figures of articles that all tell story "s" of arc "arc", or of the given memberships."""
    members = [member_row("s", each.id) for each in news] if members is None else list(members)
    stories = [
        dict.fromkeys(STORIES.names) | {"id": name, "arc": "arc", "terms": []}
        for name in sorted({row["story"] for row in members})
    ]
    engine = DuckDBEngine(threads=threads, memory_limit="", temp_directory=Path("/nonexistent-until-spilled"))
    contents: dict[str, tuple[Sequence[Row], pa.Schema]] = {
        "articles": ([article_row(each) for each in news], ARTICLES),
        "groups": (groups, GROUPS),
        "stories": (stories, STORIES),
        "arcs": ([{"id": "arc", "label": "", "stories": [row["id"] for row in stories]}], ARCS),
        "memberships": (members, MEMBERSHIPS),
    }
    made = {
        name: engine.table(name, pa.Table.from_pylist(list(rows), schema=schema).to_batches(), schema)
        for name, (rows, schema) in contents.items()
    }
    settings = config or FactsConfig()
    made["facts"] = find_facts(
        made["articles"], made["groups"], made["stories"], made["arcs"], made["memberships"], settings, engine
    )
    made["figures"] = track_figures(made["articles"], made["facts"], made["stories"], made["arcs"], settings, engine)
    tables = {name: engine.to_arrow(table) for name, table in made.items()}
    return Result(tables["facts"].to_pylist(), tables["figures"].to_pylist(), tables)
