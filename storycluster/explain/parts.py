"""What an explanation of one article and one of a pair both show: names of articles, and channels of a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from storycluster.runs import Run

#: Letters of a text that may be shown for its title.
_LEAD_LETTERS: Final = 240


@dataclass(frozen=True, slots=True)
class ArticleName:
    """What names an article to a reader; ``lead`` is the beginning of its text."""

    id: str
    title: str | None
    lead: str
    published: str | None


@dataclass(frozen=True, slots=True)
class Channels:
    """A row of the similarities: the fused score and each channel, 0..1; ``time`` is None where a date is unknown."""

    score: float
    words: float
    word_pairs: float
    names: float
    lead: float
    time: float | None


def name_articles(run: Run, ids: Iterable[str]) -> dict[str, ArticleName]:
    """What names each of these articles."""
    return {
        name: ArticleName(name, row["title"], row["text"][:_LEAD_LETTERS], _day(row["published"]))
        for name, row in read_articles(run, ids).items()
    }


def channels_of(row: Mapping[str, Any]) -> Channels:
    """The channels of a row of the similarities."""
    return Channels(row["score"], row["words"], row["word_pairs"], row["names"], row["lead"], row["time"])


def read_articles(run: Run, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Id, title, text and date of these articles, by id."""
    articles = run.tables["articles"]
    found = articles.filter(pc.is_in(articles.column("id"), pa.array(list(ids), pa.string())))
    return {row["id"]: row for row in found.select(["id", "title", "text", "published"]).to_pylist()}


def _day(published: datetime | None) -> str | None:
    return published.date().isoformat() if published else None
