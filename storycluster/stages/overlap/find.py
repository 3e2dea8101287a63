"""Secondary memberships and mentions with their spans, and the evidence of every membership.

A passage never moves a story's terms, label or members, and no article loses its primary story by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.model import MEMBERSHIPS
from storycluster.stages.overlap.corpus import LEAST_GAIN, Corpus, build_corpus, find_candidates
from storycluster.stages.overlap.passages import EVIDENCE_TERMS, Passage, find_in_article
from storycluster.wording import Wording

#: Sentences that make a passage long enough for a secondary membership.
PASSAGE_SENTENCES: Final = 2


def find_passages(
    wordings: Sequence[Wording],
    articles: Table,
    stories: Table,
    memberships: Table,
    config: StoriesConfig,
    engine: Engine,
) -> Table:
    """``memberships`` with the secondary and mention rows added, and the evidence of primary rows filled in."""
    rows = {row["id"]: row for row in _kept_members(articles, stories, memberships, engine)}
    added: list[dict[str, Any]] = []
    evidence: dict[str, list[str]] = {}
    for wording in wordings:
        corpus = build_corpus([rows[article] for article in wording.ids], wording.index, config)
        added.extend(find_in_corpus(corpus, find_candidates(corpus), wording.language, config))
        evidence.update(primary_evidence(corpus))
    texts = {article: row["text"] for article, row in rows.items()}
    for copy in _copies(articles, memberships, engine):
        added.extend(inherit(copy, [row for row in added if row["article"] == copy["copy_of"]], texts))
    primary = _with_evidence(engine.to_arrow(memberships), evidence)
    table = pa.concat_tables([primary, pa.Table.from_pylist(added, schema=MEMBERSHIPS)])
    ordered = table.sort_by([(name, "ascending") for name in ("story", "article", "role")])
    return engine.table("memberships", ordered.to_batches(), MEMBERSHIPS)


def _with_evidence(memberships: pa.Table, evidence: Mapping[str, list[str]]) -> pa.Table:
    """Primary memberships with the evidence of the article, or of the one that it copies."""
    kept = pc.coalesce(memberships.column("copy_of"), memberships.column("article")).to_pylist()
    told = pa.array([evidence.get(article, []) for article in kept], MEMBERSHIPS.field("evidence").type)
    table = memberships.set_column(memberships.schema.get_field_index("evidence"), "evidence", told)
    return table.cast(MEMBERSHIPS)


def _kept_members(articles: Table, stories: Table, memberships: Table, engine: Engine) -> list[dict[str, Any]]:
    table = engine.sql(
        "overlap__kept",
        f"""SELECT a.id, coalesce(a.title, '') AS title, a.text, m.story, coalesce(s.arc, s.id) AS arc
            FROM "{memberships}" m JOIN "{articles}" a ON a.id = m.article JOIN "{stories}" s ON s.id = m.story
            WHERE m.role = 'primary' AND m.copy_of IS NULL
            ORDER BY a.id""",
    )
    rows: list[dict[str, Any]] = engine.to_arrow(table).to_pylist()
    return rows


def _copies(articles: Table, memberships: Table, engine: Engine) -> list[dict[str, Any]]:
    table = engine.sql(
        "overlap__copies",
        f"""SELECT a.id, a.text, m.copy_of FROM "{memberships}" m JOIN "{articles}" a ON a.id = m.article
            WHERE m.role = 'primary' AND m.copy_of IS NOT NULL ORDER BY a.id""",
    )
    rows: list[dict[str, Any]] = engine.to_arrow(table).to_pylist()
    return rows


def find_in_corpus(
    corpus: Corpus, candidates: Mapping[int, Sequence[int]], language: str, config: StoriesConfig
) -> Iterator[dict[str, Any]]:
    """Rows of memberships by passage, of articles for some of their candidate stories."""
    for article, stories in candidates.items():
        words = corpus.tokens(article)
        for passage in find_in_article(corpus, article, stories, language):
            yield _row(corpus, article, passage, words.stop - words.start, config)


def _row(corpus: Corpus, article: int, passage: Passage, words: int, config: StoriesConfig) -> dict[str, Any]:
    row = corpus.rows[article]
    is_long = passage.gain >= LEAST_GAIN and (
        passage.sentences >= PASSAGE_SENTENCES
        or passage.words >= config.passage_words
        or passage.words >= config.passage_share * words
    )
    return {
        "story": corpus.stories[passage.story],
        "article": row["id"],
        "role": "secondary" if is_long else "mention",
        "score": min(passage.score, 1.0),
        "spans": [{"start": passage.start, "end": passage.end, "field": "text"}],
        "share": (passage.end - passage.start) / max(len(row["text"]), 1),
        "evidence": passage.evidence,
        "copy_of": None,
    }


def primary_evidence(corpus: Corpus) -> Iterator[tuple[str, list[str]]]:
    """For each article with others in its story the words it shares with them, the most telling first."""
    for article in np.flatnonzero(corpus.sizes[corpus.story] > 1).tolist():
        row, story = corpus.rows[article], int(corpus.story[article])
        begin, end = corpus.profiles.indptr[story], corpus.profiles.indptr[story + 1]
        terms = corpus.terms(article)
        others = corpus.profiles.data[begin:end][np.searchsorted(corpus.profiles.indices[begin:end], terms)] - 1.0
        telling = corpus.weights[terms] * others / (others + 1.0)
        order = np.lexsort((terms, -telling.round(9)))[:EVIDENCE_TERMS]
        yield row["id"], [corpus.index.shown[int(terms[at])] for at in order if telling[at] > 0]


def inherit(
    copy: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], texts: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The rows of the kept article for its copy, where the copy has the words of the passage."""
    for row in rows:
        span = row["spans"][0]
        start = copy["text"].find(texts[copy["copy_of"]][span["start"] : span["end"]])
        if start >= 0:
            moved = {"start": start, "end": start + span["end"] - span["start"], "field": span["field"]}
            share = (moved["end"] - moved["start"]) / max(len(copy["text"]), 1)
            yield {**row, "article": copy["id"], "spans": [moved], "share": share, "copy_of": copy["copy_of"]}
