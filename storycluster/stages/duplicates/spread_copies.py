"""Verified pairs of texts become pairs of articles: queries put copies of equal texts back. It verifies nothing.

The same as ``with_copies`` does in memory, with the same cap.
"""

from __future__ import annotations

from typing import Final

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.stages.duplicates.corpus import MICROSECONDS_A_DAY


def pairs_of_articles(verified: Table, spread: Table, config: DedupConfig, engine: Engine) -> tuple[Table, int]:
    """Table ``pairs``, and how many pairs of equal texts the cap left out."""
    members = engine.checkpoint(engine.sql("spread_members", _MEMBERS.format(spread=spread)))
    equal = engine.sql("spread_equal", _EQUAL.format(members=members, cap=config.bucket_cap))
    near = engine.sql("spread_near", _NEAR.format(verified=verified, members=members, cap=config.bucket_cap))
    union = f'SELECT * FROM "{equal}" UNION ALL SELECT * FROM "{near}"'
    found = engine.checkpoint(engine.sql("spread_pairs", union))
    left_out = _number("spread_possible", _POSSIBLE.format(members=members, verified=verified), engine) - _number(
        "spread_made", f'SELECT count(*) AS n FROM "{found}"', engine
    )
    window = _WINDOW.format(most=config.window_days * MICROSECONDS_A_DAY) if config.window_days else ""
    return engine.checkpoint(engine.sql("pairs", _PAIRS.format(found=found, spread=spread, window=window))), left_out


def _number(name: str, query: str, engine: Engine) -> int:
    return int(engine.to_arrow(engine.sql(name, query)).column("n")[0].as_py())


#: Every article with the first one of its text and its place among them; a text without words is alone.
_MEMBERS: Final = """
SELECT key, min(key) OVER (PARTITION BY text_hash) AS first_key, count(*) OVER (PARTITION BY text_hash) AS size,
       row_number() OVER (PARTITION BY text_hash ORDER BY key) - 1 AS place
FROM "{spread}" WHERE text_hash <> 0
"""

_EQUAL: Final = """
SELECT x.key AS a, y.key AS b, 'exact' AS relation, CAST(1 AS DOUBLE) AS jaccard, CAST(1 AS DOUBLE) AS containment,
       x.key AS shorter
FROM "{members}" x JOIN "{members}" y ON x.first_key = y.first_key
WHERE x.size > 1 AND y.size > 1 AND x.place < y.place AND (x.place = 0 OR y.place < {cap})
"""

_NEAR: Final = """
SELECT x.key AS a, y.key AS b, v.relation, v.jaccard, v.containment,
       CASE WHEN v.shorter = v.a THEN x.key ELSE y.key END AS shorter
FROM "{verified}" v JOIN "{members}" x ON x.first_key = v.a AND x.place < {cap}
JOIN "{members}" y ON y.first_key = v.b AND y.place < {cap}
"""

_POSSIBLE: Final = """
SELECT CAST(coalesce(sum(n), 0) AS BIGINT) AS n FROM (
    SELECT CAST(sum(place) AS BIGINT) AS n FROM "{members}"
    UNION ALL
    SELECT CAST(sum(x.size * y.size) AS BIGINT) AS n FROM "{verified}" v
    JOIN "{members}" x ON x.key = v.a JOIN "{members}" y ON y.key = v.b) p
"""

_PAIRS: Final = """
SELECT CASE WHEN x.id < y.id THEN x.id ELSE y.id END AS a, CASE WHEN x.id < y.id THEN y.id ELSE x.id END AS b,
       f.relation, f.jaccard, f.containment, CASE WHEN f.shorter = f.a THEN x.id ELSE y.id END AS shorter
FROM "{found}" f JOIN "{spread}" x ON f.a = x.key JOIN "{spread}" y ON f.b = y.key{window}
"""

#: An article without a date is close to every other.
_WINDOW: Final = " WHERE coalesce(abs(x.published - y.published) <= {most}, TRUE)"
