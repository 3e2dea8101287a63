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
from storycluster.indexing import IndexedArticles
from storycluster.kernels.highest import best_columns
from storycluster.model import MEMBERSHIPS
from storycluster.stages.overlap.corpus import LEAST_GAIN, Corpus, build_corpus, find_candidates
from storycluster.stages.overlap.near import NEAR, find_near
from storycluster.stages.overlap.passages import EVIDENCE_TERMS, Passage, Text, find_in_article

#: Sentences that make a passage long enough for a secondary membership.
PASSAGE_SENTENCES: Final = 2
#: Decimals of what a term tells; what differs by less is equal.
_DECIMALS: Final = 9
_IDS: Final = pa.schema([("id", pa.string())])


def find_passages(
    by_language: Sequence[IndexedArticles],
    articles: Table,
    similarities: Table,
    stories: Table,
    memberships: Table,
    config: StoriesConfig,
    engine: Engine,
) -> Table:
    """``memberships`` with the secondary and mention rows added, and the evidence of primary rows filled in."""
    rows = _kept_members(similarities, stories, memberships, engine)
    added: dict[str, list[dict[str, Any]]] = {}
    evidence: dict[str, list[str]] = {}
    for indexed in by_language:
        places = pc.index_in(pa.array(indexed.ids, pa.string()), value_set=rows.column("id"))
        corpus = build_corpus(rows.take(places), indexed.index, config)
        candidates = find_candidates(corpus)
        texts = _read_texts([corpus.ids[at] for at in candidates], articles, engine)
        for row in find_in_corpus(corpus, candidates, texts, indexed.language, config):
            added.setdefault(row["article"], []).append(row)
        evidence.update(primary_evidence(corpus))
    inherited = [row for copy in _copies(added, articles, memberships, engine) for row in inherit(copy, added)]
    primary = _with_evidence(engine.to_arrow(memberships), evidence)
    found = [row for rows_of in added.values() for row in rows_of]
    table = pa.concat_tables([primary, pa.Table.from_pylist([*found, *inherited], schema=MEMBERSHIPS)])
    ordered = table.sort_by([(name, "ascending") for name in ("story", "article", "role")])
    return engine.table("memberships", ordered.to_batches(), MEMBERSHIPS)


def _with_evidence(memberships: pa.Table, evidence: Mapping[str, list[str]]) -> pa.Table:
    """Primary memberships with the evidence of the article, or of the one that it copies."""
    kept = pc.coalesce(memberships.column("copy_of"), memberships.column("article")).to_pylist()
    told = pa.array([evidence.get(article, []) for article in kept], MEMBERSHIPS.field("evidence").type)
    table = memberships.set_column(memberships.schema.get_field_index("evidence"), "evidence", told)
    return table.cast(MEMBERSHIPS)


def _kept_members(similarities: Table, stories: Table, memberships: Table, engine: Engine) -> pa.Table:
    """The kept articles without their texts: story, arc, and the other stories that they may tell."""
    near = find_near(similarities, memberships, engine)
    query = f"""SELECT m.article AS id, m.story, coalesce(s.arc, s.id) AS arc, {", ".join(NEAR)}
                FROM "{memberships}" m JOIN "{stories}" s ON s.id = m.story
                LEFT JOIN "{near}" n ON n.article = m.article
                WHERE m.role = 'primary' AND m.copy_of IS NULL"""
    return engine.to_arrow(engine.sql("overlap__kept", query))


def _read_texts(ids: Sequence[str], articles: Table, engine: Engine) -> dict[str, Text]:
    """Title and text of some articles."""
    asked = engine.table("overlap__asked", pa.table([ids], schema=_IDS).to_batches(), _IDS)
    query = f"""SELECT a.id, coalesce(a.title, '') AS title, a.text
                FROM "{articles}" a JOIN "{asked}" f ON f.id = a.id"""
    rows = engine.to_arrow(engine.sql("overlap__texts", query)).to_pylist()
    return {row["id"]: Text(row["title"], row["text"]) for row in rows}


def _copies(
    added: Mapping[str, object], articles: Table, memberships: Table, engine: Engine
) -> Iterator[dict[str, Any]]:
    """The copies of articles with passages, each with its own text and that of the article."""
    asked = engine.table("overlap__asked", pa.table([list(added)], schema=_IDS).to_batches(), _IDS)
    query = f"""SELECT a.id, a.text, m.copy_of, k.text AS kept_text FROM "{memberships}" m
                JOIN "{asked}" f ON f.id = m.copy_of
                JOIN "{articles}" a ON a.id = m.article JOIN "{articles}" k ON k.id = m.copy_of
                WHERE m.role = 'primary' ORDER BY a.id"""
    for batch in engine.to_arrow(engine.sql("overlap__copies", query)).to_batches():
        yield from batch.to_pylist()


def find_in_corpus(
    corpus: Corpus,
    candidates: Mapping[int, Sequence[int]],
    texts: Mapping[str, Text],
    language: str,
    config: StoriesConfig,
) -> Iterator[dict[str, Any]]:
    """Rows of memberships by passage, of articles for some of their candidate stories."""
    for article, stories in candidates.items():
        text, words = texts[corpus.ids[article]], corpus.tokens(article)
        for passage in find_in_article(corpus, article, stories, text, language):
            yield _row(corpus, article, passage, words.stop - words.start, len(text.body), config)


def _row(
    corpus: Corpus, article: int, passage: Passage, words: int, letters: int, config: StoriesConfig
) -> dict[str, Any]:
    is_long = passage.gain >= LEAST_GAIN and (
        passage.sentences >= PASSAGE_SENTENCES
        or passage.words >= config.passage_words
        or passage.words >= config.passage_share * words
    )
    return {
        "story": corpus.stories[passage.story],
        "article": corpus.ids[article],
        "role": "secondary" if is_long else "mention",
        "score": min(passage.score, 1.0),
        "spans": [{"start": passage.start, "end": passage.end, "field": "text"}],
        "share": (passage.end - passage.start) / max(letters, 1),
        "evidence": passage.evidence,
        "copy_of": None,
    }


def primary_evidence(corpus: Corpus) -> Iterator[tuple[str, list[str]]]:
    """For each article with others in its story the words it shares with them, the most telling first."""
    articles = np.flatnonzero(corpus.sizes[corpus.story] > 1)
    stories, told = np.unique(corpus.story[articles], return_inverse=True)
    terms, profiles, width = corpus.own[articles], corpus.profiles[stories], len(corpus.weights)
    asked = np.repeat(told * width, np.diff(terms.indptr)) + terms.indices
    there = np.repeat(np.arange(len(stories)) * width, np.diff(profiles.indptr)) + profiles.indices
    others = profiles.data[np.searchsorted(there, asked)].astype(np.float64) - 1.0
    telling = (corpus.weights[terms.indices] * others / (others + 1.0)).round(_DECIMALS)
    best, _ = best_columns(terms.indptr.astype(np.int64), terms.indices.astype(np.int32), telling, EVIDENCE_TERMS)
    shown = corpus.index.shown
    for article, found in zip(articles.tolist(), best.tolist(), strict=True):
        yield corpus.ids[article], [shown[term] for term in found if term >= 0]


def inherit(copy: Mapping[str, Any], added: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[dict[str, Any]]:
    """The rows of its kept article for a copy, where the copy has the words of the passage."""
    for row in added[copy["copy_of"]]:
        span = row["spans"][0]
        start = copy["text"].find(copy["kept_text"][span["start"] : span["end"]])
        if start >= 0:
            moved = {"start": start, "end": start + span["end"] - span["start"], "field": span["field"]}
            share = (moved["end"] - moved["start"]) / max(len(copy["text"]), 1)
            yield {**row, "article": copy["id"], "spans": [moved], "share": share, "copy_of": copy["copy_of"]}
