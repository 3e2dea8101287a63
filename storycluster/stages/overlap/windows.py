"""Passages where the corpus is seen in time windows: those of each article in its home window, its copies after it.

The same functions as in memory; a story is known here by those of its articles that the window sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import pyarrow as pa

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.frequencies import Frequencies
from storycluster.indexing import WINDOW_ROWS, index_window
from storycluster.model import MEMBERSHIPS
from storycluster.stages.overlap.corpus import build_corpus, find_candidates
from storycluster.stages.overlap.find import find_in_corpus, inherit, primary_evidence
from storycluster.stages.overlap.near import NEAR, find_near
from storycluster.stages.overlap.passages import Text


def find_window_passages(
    articles: Table,
    similarities: Table,
    stories: Table,
    memberships: Table,
    seen: Table,
    config: StoriesConfig,
    engine: Engine,
    *,
    frequencies: Mapping[str, Frequencies],
) -> Table:
    """``memberships`` with the secondary and mention rows added, and the evidence of primary rows filled in."""
    names = {"articles": articles, "stories": stories, "memberships": memberships, "seen": seen}
    near = engine.checkpoint(find_near(similarities, memberships, engine))
    rows = engine.sql(WINDOW_ROWS, _WINDOWS.format(near=near, columns=", ".join(NEAR), **names))
    function = partial(_passages_of_window, frequencies=frequencies, config=config)
    found = engine.checkpoint(engine.map_groups("overlap_found", rows, "number", function, MEMBERSHIPS))
    copied = engine.sql("overlap_copied", _COPIED.format(found=found, **names))
    inherited = engine.map_batches("overlap_inherited", copied, _inherit_batch, MEMBERSHIPS)
    columns = ", ".join(MEMBERSHIPS.names)
    query = _TOGETHER.format(columns=columns, found=found, inherited=inherited, memberships=memberships)
    return engine.sql("overlap_memberships", query)


def _passages_of_window(rows: pa.Table, *, frequencies: Mapping[str, Frequencies], config: StoriesConfig) -> pa.Table:
    """The memberships that passages of the home articles make, and for each of those a row with its evidence."""
    rows, indexed = index_window(rows, frequencies)
    corpus = build_corpus(rows, indexed.index, config)
    is_home = rows.column("is_home").to_pylist()
    candidates = {at: stories for at, stories in find_candidates(corpus).items() if is_home[at]}
    asked = rows.select(["id", "title", "text"]).take(pa.array(list(candidates), pa.int64())).to_pylist()
    texts = {row["id"]: Text(row["title"] or "", row["text"]) for row in asked}
    found = find_in_corpus(corpus, candidates, texts, indexed.language, config)
    words = dict(primary_evidence(corpus))
    nothing = dict.fromkeys(MEMBERSHIPS.names)
    evidence = [
        {**nothing, "article": article, "role": "primary", "evidence": words.get(article, [])}
        for article, at_home in zip(corpus.ids, is_home, strict=True)
        if at_home
    ]
    return pa.Table.from_pylist([*found, *evidence], schema=MEMBERSHIPS)


def _inherit_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows of copies, from rows of their kept articles with ``copy_id`` and both texts."""
    rows = list[dict[str, Any]]()
    for row in batch.to_pylist():
        rows.extend(_inherited(row))
    return pa.RecordBatch.from_pylist(rows, schema=MEMBERSHIPS)


def _inherited(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    copy = {"id": row["copy_id"], "text": row["copy_text"], "copy_of": row["article"], "kept_text": row["kept_text"]}
    return inherit(copy, {row["article"]: [{name: row[name] for name in MEMBERSHIPS.names}]})


_WINDOWS: Final = """
SELECT s.*, a.title, a.text, m.story, coalesce(t.arc, t.id) AS arc, {columns}
FROM "{seen}" s JOIN "{articles}" a ON a.id = s.id
JOIN "{memberships}" m ON m.article = s.id AND m.role = 'primary' AND m.copy_of IS NULL
JOIN "{stories}" t ON t.id = m.story LEFT JOIN "{near}" n ON n.article = s.id
"""

_COPIED: Final = """
SELECT f.*, c.article AS copy_id, x.text AS copy_text, y.text AS kept_text FROM "{found}" f
JOIN (SELECT article, copy_of AS kept FROM "{memberships}" WHERE role = 'primary') c ON c.kept = f.article
JOIN "{articles}" x ON x.id = c.article JOIN "{articles}" y ON y.id = f.article
WHERE f.role <> 'primary'
"""

_TOGETHER: Final = """
SELECT {columns} FROM "{found}" WHERE role <> 'primary' UNION ALL SELECT {columns} FROM "{inherited}"
UNION ALL SELECT m.story, m.article, m.role, m.score, m.spans, m.share, e.evidence, m.copy_of FROM "{memberships}" m
JOIN (SELECT article AS kept, evidence FROM "{found}" WHERE role = 'primary') e
ON e.kept = coalesce(m.copy_of, m.article)
"""
