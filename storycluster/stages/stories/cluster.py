"""Which articles tell one event, and which stories belong to one running affair.

Works on the scored pairs alone: it reads no text and computes no similarity anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.kernels.graph import WEAK_EDGE, build_graph, find_communities, mean_between, merge_alike
from storycluster.kernels.tfidf import Floats, Integers
from storycluster.model import ARCS, MEMBERSHIPS, SPAN, STORIES
from storycluster.origins import count_independent
from storycluster.stages.stories.channels import CHANNELS

_HASH_MASK: Final = (1 << 64) - 1
#: Hexadecimal digits of a content hash that make the id of a story.
_ID_DIGITS: Final = 12


def cluster(
    articles: Table, groups: Table, similarities: Table, config: StoriesConfig, engine: Engine
) -> tuple[Table, Table, Table]:
    """The tables ``stories`` and ``arcs`` (without labels) and ``memberships`` (primary members and their copies).

    Stories are communities of the scores (see ``find_communities`` and ``merge_alike``); an arc is the same over
    stories, by their mean similarity without time.
    """
    rows = _articles(articles, groups, engine)
    kept = [row for row in rows if row["copy_of"] is None]
    place = {row["id"]: at for at, row in enumerate(kept)}
    scored, timeless = _graphs(engine.to_arrow(similarities), place, config)
    labels = find_stories(scored, config, threads=engine.threads)
    arc_labels = find_communities(_story_graph(timeless, labels), config.arc_threshold, threads=engine.threads)
    ids = _story_ids(kept, labels)
    arc_ids = [f"arc-{ids[int(story)].removeprefix('story-')}" for story in _first(arc_labels)]
    told = [int(labels[place[row["copy_of"] or row["id"]]]) for row in rows]
    members: list[list[Mapping[str, Any]]] = [[] for _ in ids]
    for story, row in zip(told, rows, strict=True):
        members[story].append(row)
    stories = [story_row(ids[at], arc_ids[int(arc_labels[at])], articles_of) for at, articles_of in enumerate(members)]
    by_arc: list[list[str]] = [[] for _ in arc_ids]
    for story_id, arc in zip(ids, arc_labels.tolist(), strict=True):
        by_arc[arc].append(story_id)
    arcs = [{"id": arc, "label": "", "stories": sorted(told_in)} for arc, told_in in zip(arc_ids, by_arc, strict=True)]
    strength = mean_score(scored, labels)
    memberships = membership_rows(
        rows, [ids[story] for story in told], strength[[place[row["copy_of"] or row["id"]] for row in rows]]
    )
    return (
        _keep(engine, "stories", pa.Table.from_pylist(stories, schema=STORIES)),
        _keep(engine, "arcs", pa.Table.from_pylist(arcs, schema=ARCS)),
        _keep(engine, "memberships", memberships),
    )


def find_stories(scored: sp.csr_matrix, config: StoriesConfig, *, threads: int = 1) -> Integers:
    """The story of each article by number: communities at ``threshold``, repaired where two are as one."""
    labels = find_communities(scored, config.threshold, threads=threads)
    return merge_alike(scored, labels, share=config.merge_share, least=WEAK_EDGE * config.threshold)


def _articles(articles: Table, groups: Table, engine: Engine) -> list[dict[str, Any]]:
    """Every article without its text, in the order in which ties break; copies name their kept article."""
    table = engine.sql(
        "stories__articles",
        f"""SELECT a.id, a.published, a.source, a.credits, a.language, a.content_hash, length(a.text) AS length,
                   CASE WHEN g.relation <> 'kept' THEN g.kept END AS copy_of
            FROM "{articles}" a LEFT JOIN "{groups}" g ON g.article = a.id
            ORDER BY coalesce(a.published, a.published_from) NULLS LAST, a.content_hash, a.id""",
    )
    rows: list[dict[str, Any]] = engine.to_arrow(table).to_pylist()
    return rows


def _graphs(pairs: pa.Table, place: Mapping[str, int], config: StoriesConfig) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """The graph of scores, and that of similarities without time and support."""
    ids = pa.array(list(place), pa.string())
    left, right = (pc.index_in(pairs.column(side), value_set=ids).to_numpy().astype(np.int64) for side in ("a", "b"))
    timeless = sum(np.asarray(pairs.column(name).to_numpy(), np.float64) * getattr(config, name) for name in CHANNELS)
    scores = np.asarray(pairs.column("score").to_numpy(), np.float64)
    return build_graph(left, right, scores, len(place)), build_graph(left, right, timeless, len(place))


def _story_graph(graph: sp.csr_matrix, labels: Integers) -> sp.csr_matrix:
    left, right, mean = mean_between(graph, labels)
    return build_graph(left, right, mean, int(labels.max()) + 1 if len(labels) else 0)


def _first(labels: Integers) -> Integers:
    """The first place of each label 0, 1, …"""
    return np.unique(labels, return_index=True)[1].astype(np.int64)


def _story_ids(kept: Sequence[Mapping[str, Any]], labels: Integers) -> list[str]:
    """An id per story from its founding article's content; the article's id is added where two are equal."""
    founders = [kept[int(at)] for at in _first(labels)]
    ids = [name_story(row["content_hash"]) for row in founders]
    counts = Counter(ids)
    return [story if counts[story] == 1 else f"{story}-{row['id']}" for story, row in zip(ids, founders, strict=True)]


def name_story(content_hash: int | None) -> str:
    """The id of a story by the content of its founding article.

    >>> name_story(-1)
    'story-ffffffffffff'
    """
    return f"story-{(content_hash or 0) & _HASH_MASK:016x}"[: len("story-") + _ID_DIGITS]


def mean_score(graph: sp.csr_matrix, labels: Integers) -> Floats:
    """Mean score of each article with the others of its story; 1 where it is alone."""
    coordinates = graph.tocoo()
    inside = labels[coordinates.row] == labels[coordinates.col]
    total = np.bincount(coordinates.row[inside], coordinates.data[inside], minlength=len(labels))
    others = np.bincount(labels)[labels] - 1
    return np.where(others > 0, total / np.maximum(others, 1), 1.0)


def story_row(story: str, arc: str, members: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """A row of ``stories`` without label and terms."""
    dates = sorted(row["published"] for row in members if isinstance(row["published"], datetime))
    return {
        "id": story,
        "label": "",
        "terms": [],
        "first_published": dates[0] if dates else None,
        "last_published": dates[-1] if dates else None,
        "articles": len(members),
        "sources": count_independent(members),
        "arc": arc,
    }


def membership_rows(rows: Sequence[Mapping[str, Any]], stories: Sequence[str], scores: Floats) -> pa.Table:
    """A primary membership of each article, over its whole text."""
    count = len(rows)
    lengths = np.array([row["length"] for row in rows], np.int32)
    whole = [np.zeros(count, np.int32), lengths, pa.array(["text"] * count, pa.string())]
    spans = pa.StructArray.from_arrays(whole, fields=list(SPAN))
    columns = {
        "story": stories,
        "article": [row["id"] for row in rows],
        "role": ["primary"] * count,
        "score": scores,
        "spans": pa.ListArray.from_arrays(np.arange(count + 1, dtype=np.int32), spans),
        "share": np.ones(count),
        "evidence": [[]] * count,
        "copy_of": [row["copy_of"] for row in rows],
    }
    return pa.table(columns, schema=MEMBERSHIPS)


def _keep(engine: Engine, name: str, rows: pa.Table) -> Table:
    return engine.table(name, rows.to_batches(), rows.schema)
