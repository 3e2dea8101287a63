"""Connected components in SQL, where there are too many pairs for one machine. It looks at no scores.

Randomised contraction: R. Bögeholz, M. Brand, R.-A. Todor, In-database connected component analysis (ICDE 2020),
section 4. Every vertex moves to the smallest of itself and its neighbours in an order that is new in each round;
what is left is a smaller graph. The order of a round here is that of the keys XOR a number: keys are hashes
already, and XOR is undone by itself, so no table of the order is needed.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from storycluster.engines.base import Engine, Table

_SEED: Final = 1
_HIGHEST: Final = np.iinfo(np.int64).max


def label_components(edges: Table, engine: Engine) -> Table:
    """Table ``components``: each vertex ``key`` of the edges (``a``, ``b``) and the ``component`` it is in.

    The name of a component is one of its vertices. Every round is kept by a checkpoint.
    """
    random = np.random.default_rng(_SEED)
    graph = engine.checkpoint(engine.sql("contraction_0", _BOTH_WAYS.format(edges=edges)))
    moves: list[Table] = []
    while _has_rows(graph, engine):
        order = int(random.integers(_HIGHEST))
        moved = engine.sql(f"contraction_moved_{len(moves)}", _MOVE.format(graph=graph, order=order))
        moves.append(engine.checkpoint(moved))
        smaller = engine.sql(f"contraction_{len(moves)}", _CONTRACT.format(graph=graph, moved=moves[-1]))
        graph = engine.checkpoint(smaller)
    return _follow(moves, engine)


def _follow(moves: list[Table], engine: Engine) -> Table:
    """Where each vertex is after all rounds, put together from the last one back."""
    if not moves:
        return engine.sql("components", _NONE)
    there = moves[-1]
    for number, moved in reversed(list(enumerate(moves[:-1]))):
        query = _AND_ON.format(moved=moved, there=there)
        there = engine.checkpoint(engine.sql(f"contraction_followed_{number}", query))
    return engine.sql("components", f'SELECT v AS key, r AS component FROM "{there}"')


def _has_rows(table: Table, engine: Engine) -> bool:
    counted = engine.sql("contraction_left", f'SELECT count(*) AS n FROM "{table}"')
    return bool(engine.to_arrow(counted).column("n")[0].as_py())


_BOTH_WAYS: Final = """
SELECT a AS v, b AS w FROM "{edges}" WHERE a <> b UNION SELECT b AS v, a AS w FROM "{edges}" WHERE a <> b
"""

#: ``(x | y) - (x & y)`` is x XOR y and cannot overflow; the engines have no common operator for it.
_MOVE: Final = """
SELECT v, (nearest | {order}) - (nearest & {order}) AS r
FROM (SELECT v, least(min((w | {order}) - (w & {order})), min((v | {order}) - (v & {order}))) AS nearest
      FROM "{graph}" GROUP BY v) m
"""

_CONTRACT: Final = """
SELECT DISTINCT x.r AS v, y.r AS w FROM "{graph}" g
JOIN "{moved}" x ON g.v = x.v JOIN "{moved}" y ON g.w = y.v WHERE x.r <> y.r
"""

_AND_ON: Final = """
SELECT m.v, coalesce(t.r, m.r) AS r FROM "{moved}" m LEFT JOIN "{there}" t ON m.r = t.v
"""

_NONE: Final = "SELECT CAST(0 AS BIGINT) AS key, CAST(0 AS BIGINT) AS component WHERE 1 = 0"
