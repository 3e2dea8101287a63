"""Runs of the duplicates stage over articles given as texts, for its tests."""

import random
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from storycluster.config import DedupConfig
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.model import ARTICLES
from storycluster.stages import duplicates

WORDS = [f"{first}{second}{third}" for first in "bdfgk" for second in "aeiou" for third in ("l", "n", "rt", "st", "m")]


def news(words: int, *, seed: int) -> str:
    """A text of that many words that no other seed gives."""
    chooser = random.Random(seed)  # noqa: S311 - texts, no secrets
    return " ".join(chooser.choice(WORDS) + chooser.choice(WORDS) for _ in range(words))


def article_table(texts: Mapping[str, str], **columns: Mapping[str, object]) -> pa.Table:
    """Articles by id; a further column maps ids to values, null where an id is left out."""
    rows = [
        {
            "id": name,
            "text": text,
            "content_hash": random.Random(name).getrandbits(62),  # noqa: S311 - no secret
            **{column: values.get(name) for column, values in columns.items()},
        }
        for name, text in texts.items()
    ]
    return pa.Table.from_pylist(rows, schema=ARTICLES)


class Found:
    """The tables of one run of the stage, as Python objects."""

    def __init__(self, articles: pa.Table, config: DedupConfig, *, threads: int = 1) -> None:
        spill = Path(tempfile.gettempdir()) / "storycluster-tests"
        self.engine = DuckDBEngine(threads=threads, memory_limit="", temp_directory=spill)
        table = self.engine.table("articles", articles.to_batches(), ARTICLES)
        signatures, sets = duplicates.sign_and_shingle(table, config, self.engine)
        pairs = duplicates.find_pairs(table, signatures, config, self.engine, sets=sets)
        groups = duplicates.group(table, pairs, config, self.engine)
        self.signatures = self._sorted(signatures, "article")
        self.pairs = self._sorted(pairs, "a", "b")
        self.groups = self._sorted(groups, "id", "article")
        self.counts = duplicates.read_counts(self.engine)

    def _sorted(self, name: str, *keys: str) -> list[dict[str, object]]:
        return self.engine.to_arrow(name).sort_by([(key, "ascending") for key in keys]).to_pylist()

    def relations(self) -> dict[tuple[str, str], str]:
        return {(row["a"], row["b"]): row["relation"] for row in self.pairs}

    def copies(self) -> dict[str, set[str]]:
        """The copies of each kept article, with it."""
        found: dict[str, set[str]] = {}
        for row in self.groups:
            found.setdefault(row["kept"], set()).add(row["article"])
        return found


def run(texts: Mapping[str, str], config: DedupConfig | None = None, **columns: Mapping[str, object]) -> Found:
    """The stage over some texts."""
    return Found(article_table(texts, **columns), config or DedupConfig())


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2024, 1, number, hour)


def changed(text: str, places: Sequence[int]) -> str:
    """A text with other words at some places."""
    words = text.split()
    for place in (place for place in places if place < len(words)):
        words[place] = f"other{place}"
    return " ".join(words)
