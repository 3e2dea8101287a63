"""The stories that an article may tell besides its own: those of the articles it is most similar to.

Queries over stored similarities only; it reads no text. So no story is looked for beyond ``stories.window_days``.
"""

from __future__ import annotations

from typing import Final

from storycluster.engines.base import Engine, Table

#: Other stories an article is compared with: those it has most in common with.
CANDIDATES: Final = 10
#: The columns of a table of candidates that name stories, the nearest first; null where there are fewer.
NEAR: Final = tuple(f"near_{place}" for place in range(1, CANDIDATES + 1))
#: Scores are added as whole numbers of this part, so that their order does not change a sum.
_PARTS: Final = 1_000_000_000


def find_near(similarities: Table, memberships: Table, engine: Engine) -> Table:
    """Table ``overlap_near``: for each kept ``article`` the stories, its own left out, of those it has scores with.

    Of more than ``CANDIDATES`` those stay whose articles have the largest sum of scores with it.
    """
    chosen = ", ".join(f"max(CASE WHEN place = {at} THEN story END) AS {name}" for at, name in enumerate(NEAR, 1))
    query = _NEAR.format(pairs=similarities, memberships=memberships, parts=_PARTS, most=CANDIDATES, chosen=chosen)
    return engine.sql("overlap_near", query)


_NEAR: Final = """
WITH told AS (SELECT article, story FROM "{memberships}" WHERE role = 'primary' AND copy_of IS NULL),
ends AS (SELECT a AS article, b AS other, score FROM "{pairs}" UNION ALL SELECT b, a, score FROM "{pairs}"),
totals AS (
    SELECT e.article, y.story, sum(CAST(floor(e.score * {parts}) AS BIGINT)) AS total
    FROM ends e JOIN told x ON x.article = e.article JOIN told y ON y.article = e.other AND y.story <> x.story
    GROUP BY e.article, y.story),
ranked AS (
    SELECT article, story, row_number() OVER (PARTITION BY article ORDER BY total DESC, story) AS place FROM totals)
SELECT article, {chosen} FROM ranked WHERE place <= {most} GROUP BY article
"""
