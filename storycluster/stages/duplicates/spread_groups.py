"""Groups where there are more pairs than the driver may hold: components are grouped on executors.

A component is brought together whole; what a group is, is decided by the function that is handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import pyarrow as pa

from storycluster.components import label_components
from storycluster.engines.base import Engine, Table
from storycluster.model import GROUPS, PAIRS
from storycluster.stages.duplicates.corpus import article_keys

GroupPairs = Callable[[pa.Table, pa.Table], pa.Table]

_KEYED: Final = pa.schema([*PAIRS, pa.field("key_a", pa.int64()), pa.field("key_b", pa.int64())])
#: What decides which article is kept, once for each end of a pair.
_COPY: Final = ("id", "published", "source", "content_hash", "letters")


def group_by_component(articles: Table, pairs: Table, function: GroupPairs, engine: Engine) -> Table:
    """Table ``groups``: what ``function`` makes of the pairs of each component and of their articles."""
    keyed = engine.checkpoint(engine.map_batches("spread_keyed", pairs, _key_batch, _KEYED))
    edges = engine.sql("spread_edges", f'SELECT key_a AS a, key_b AS b FROM "{keyed}"')
    components = label_components(edges, engine)
    query = _COMPONENTS.format(keyed=keyed, components=components, articles=articles)
    whole = engine.sql("spread_components", query)
    return engine.map_groups("groups", whole, "component", partial(_group, function=function), GROUPS, several=True)


def _key_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [batch.column(name) for name in PAIRS.names]
    keys = [pa.array(article_keys(batch.column(side), 0)) for side in ("a", "b")]
    return pa.record_batch([*columns, *keys], schema=_KEYED)


def _group(rows: pa.Table, *, function: GroupPairs) -> pa.Table:
    """The groups of whole components; the order of their rows does not matter."""
    rows = rows.sort_by([("a", "ascending"), ("b", "ascending")]).combine_chunks()
    ends = [rows.select([f"{end}_{name}" for name in _COPY]).rename_columns(list(_COPY)) for end in ("a", "b")]
    copies = pa.concat_tables(ends)
    first = copies.append_column("at", pa.array(range(len(copies)))).group_by("id").aggregate([("at", "min")])
    return function(rows.select(PAIRS.names), copies.take(first.column("at_min")))


_COMPONENTS: Final = """
SELECT c.component, p.a, p.b, p.relation, p.jaccard, p.containment, p.shorter,
       x.id AS a_id, x.published AS a_published, x.source AS a_source, x.content_hash AS a_content_hash,
       length(x.text) AS a_letters, y.id AS b_id, y.published AS b_published, y.source AS b_source,
       y.content_hash AS b_content_hash, length(y.text) AS b_letters
FROM "{keyed}" p JOIN "{components}" c ON p.key_a = c.key
JOIN "{articles}" x ON x.id = p.a JOIN "{articles}" y ON y.id = p.b
"""
