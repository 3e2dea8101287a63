"""The tables ``stories`` and ``memberships`` of articles that have a story already, wherever those lie; and the arcs.

The same as ``cluster`` makes of a corpus in memory, by queries and by functions of one story or one affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pyarrow as pa

from storycluster.components import label_components
from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.kernels.graph import WEAK_EDGE, build_graph, find_communities
from storycluster.model import MEMBERSHIPS, STORIES
from storycluster.stages.stories.channels import CHANNELS
from storycluster.stages.stories.cluster import membership_rows, name_story, story_row

#: Scores are added as whole numbers of this part, so that their order does not change a sum.
_PARTS: Final = 1_000_000_000
#: A story by number, with what its first article sorts by.
_FOUND: Final = pa.schema(
    [
        *STORIES,
        ("number", pa.int64()),
        ("founded", pa.timestamp("us")),
        ("founder_hash", pa.int64()),
        ("founder", pa.string()),
    ]
)
_ARC_OF: Final = pa.schema([("number", pa.int64()), ("first", pa.int64())])


def assemble(
    articles: Table, groups: Table, similarities: Table, placed: Table, config: StoriesConfig, engine: Engine
) -> tuple[Table, Table]:
    """Tables ``stories`` (without labels) and ``memberships``; ``placed`` has the number of each article's story."""
    names = {"articles": articles, "groups": groups, "pairs": similarities, "placed": placed}
    engine.checkpoint(engine.sql("stories_scores", _SCORES.format(parts=_PARTS, **names)))
    members = engine.checkpoint(engine.sql("stories_members", _MEMBERS.format(parts=_PARTS, **names)))
    engine.checkpoint(engine.map_groups("stories_described", members, "number", _describe, _FOUND, several=True))
    engine.checkpoint(engine.sql("stories_named", _NAMED))
    arcs = _find_arcs(similarities, placed, config, engine)
    columns = ", ".join(f"s.{name}" for name in STORIES.names if name not in {"id", "arc"})
    stories = engine.sql("stories", _STORIES.format(columns=columns, arcs=arcs))
    memberships = engine.map_batches("memberships", engine.sql("stories_told", _TOLD), _membership_batch, MEMBERSHIPS)
    return stories, memberships


def _describe(members: pa.Table) -> pa.Table:
    """Each story of some articles and their copies, with the id that its founder gives it."""
    stories = groupby(members.to_pylist(), key=itemgetter("number"))
    return pa.Table.from_pylist([_describe_story(list(rows)) for _, rows in stories], schema=_FOUND)


def _describe_story(rows: Sequence[dict[str, Any]]) -> dict[str, object]:
    kept = [row for row in rows if row["copy_of"] is None]
    first = min(kept, key=lambda row: (row["founded"] is None, row["founded"], row["content_hash"], row["id"]))
    return {
        **story_row(name_story(first["content_hash"]), "", rows),
        "number": first["number"],
        "founded": first["founded"],
        "founder_hash": first["content_hash"],
        "founder": first["id"],
    }


def _find_arcs(similarities: Table, placed: Table, config: StoriesConfig, engine: Engine) -> Table:
    """Table ``stories_arcs``: the first story, by number, of the arc of each story that is in an arc with others."""
    timeless = " + ".join(f"p.{name} * CAST('{getattr(config, name)!r}' AS DOUBLE)" for name in CHANNELS)
    least = f"CAST('{WEAK_EDGE * config.arc_threshold!r}' AS DOUBLE)"
    query = _BETWEEN.format(pairs=similarities, placed=placed, timeless=timeless, parts=_PARTS, least=least)
    between = engine.checkpoint(engine.sql("stories_between", query))
    components = label_components(engine.sql("stories_edges", f'SELECT a, b FROM "{between}"'), engine)
    whole = engine.sql("stories_affairs", _AFFAIRS.format(between=between, components=components))
    function = partial(_arcs_of_component, resolution=config.arc_threshold)
    return engine.checkpoint(engine.map_groups("stories_arcs", whole, "component", function, _ARC_OF))


def _arcs_of_component(edges: pa.Table, *, resolution: float) -> pa.Table:
    """The first story of the arc of each story, of stories that hang together."""
    ends = [edges.select([f"{end}_{name}" for name in _ENDS]).rename_columns(list(_ENDS)) for end in ("a", "b")]
    order = [(name, "ascending") for name in ("founded", "founder_hash", "founder")]
    nodes = pa.concat_tables(ends).group_by(list(_ENDS)).aggregate([]).sort_by(order)
    numbers = nodes.column("number").to_numpy()
    by_number = np.argsort(numbers)
    left, right = (
        by_number[np.searchsorted(numbers, edges.column(f"{end}_number").to_numpy(), sorter=by_number)]
        for end in ("a", "b")
    )
    graph = build_graph(left, right, edges.column("mean").to_numpy(), len(numbers))
    labels = find_communities(graph, resolution)
    first = np.unique(labels, return_index=True)[1]
    return pa.table([pa.array(numbers), pa.array(numbers[first[labels]])], schema=_ARC_OF)


def _membership_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    rows = batch.to_pylist()
    table = membership_rows(rows, [row["story"] for row in rows], batch.column("score").to_numpy())
    return pa.RecordBatch.from_arrays([column.combine_chunks() for column in table.columns], schema=MEMBERSHIPS)


#: What is known of a story at an end of an edge.
_ENDS: Final = ("number", "founded", "founder_hash", "founder")

#: The number of articles of each story, and the sum of the scores of each article with others of its story.
_SCORES: Final = """
SELECT ends.article, sum(CAST(floor(ends.score * {parts}) AS BIGINT)) AS total FROM (
    SELECT p.a AS article, p.b AS other, p.score FROM "{pairs}" p
    UNION ALL SELECT p.b AS article, p.a AS other, p.score FROM "{pairs}" p) ends
JOIN "{placed}" x ON ends.article = x.article JOIN "{placed}" y ON ends.other = y.article AND x.story = y.story
GROUP BY ends.article
"""

_MEMBERS: Final = """
SELECT k.story AS number, a.id, a.published, coalesce(a.published, a.published_from) AS founded, a.source, a.credits,
       a.language, a.content_hash, length(a.text) AS length, g.kept AS copy_of,
       CASE WHEN n.articles = 1 THEN CAST(1 AS DOUBLE)
            ELSE CAST(coalesce(s.total, 0) AS DOUBLE) / {parts} / (n.articles - 1) END AS score
FROM "{articles}" a LEFT JOIN (SELECT article, kept FROM "{groups}" WHERE relation <> 'kept') g ON g.article = a.id
JOIN "{placed}" k ON k.article = coalesce(g.kept, a.id)
JOIN (SELECT story, count(*) AS articles FROM "{placed}" GROUP BY story) n ON n.story = k.story
LEFT JOIN "stories_scores" s ON s.article = k.article
"""

#: Two stories whose founders have the same content are told apart by the founder's id.
_NAMED: Final = """
SELECT d.number, d.founded, d.founder_hash, d.founder,
       CASE WHEN count(*) OVER (PARTITION BY d.id) = 1 THEN d.id ELSE concat(d.id, '-', d.founder) END AS story
FROM "stories_described" d
"""

_BETWEEN: Final = """
SELECT t.a, t.b, t.total / (x.articles * y.articles) AS mean FROM (
    SELECT least(x.story, y.story) AS a, greatest(x.story, y.story) AS b,
           CAST(sum(CAST(floor(({timeless}) * {parts}) AS BIGINT)) AS DOUBLE) / {parts} AS total
    FROM "{pairs}" p JOIN "{placed}" x ON x.article = p.a JOIN "{placed}" y ON y.article = p.b
    WHERE x.story <> y.story GROUP BY least(x.story, y.story), greatest(x.story, y.story)) t
JOIN (SELECT story, count(*) AS articles FROM "{placed}" GROUP BY story) x ON x.story = t.a
JOIN (SELECT story, count(*) AS articles FROM "{placed}" GROUP BY story) y ON y.story = t.b
WHERE t.total / (x.articles * y.articles) >= {least}
"""

_AFFAIRS: Final = (
    "SELECT c.component, e.mean, "
    + ", ".join(f"{end}.{name} AS {end}_{name}" for end in ("a", "b") for name in _ENDS)
    + """ FROM "{between}" e JOIN "{components}" c ON c.key = e.a
JOIN "stories_named" a ON a.number = e.a JOIN "stories_named" b ON b.number = e.b
"""
)

_STORIES: Final = """
SELECT n.story AS id, {columns}, concat('arc-', substr(coalesce(f.story, n.story), length('story-') + 1)) AS arc
FROM "stories_described" s JOIN "stories_named" n ON n.number = s.number
LEFT JOIN "{arcs}" r ON r.number = s.number LEFT JOIN "stories_named" f ON f.number = r.first
"""

_TOLD: Final = """
SELECT n.story, m.id, m.length, m.copy_of, m.score
FROM "stories_members" m JOIN "stories_named" n ON n.number = m.number
"""
