"""Stories of time windows become one where they share most of the articles that both windows see.

Queries only: nothing comes to the driver.
"""

from __future__ import annotations

from typing import Final

from storycluster.components import label_components
from storycluster.engines.base import Engine, Table


def link_windows(local: Table, engine: Engine) -> Table:
    """Table ``stories_placed``: the number of the ``story`` of each ``article``, and its home window ``number``.

    ``local`` has the rows of LOCAL that are no pairs.

    An article is in the story that it has in its home window. A story of one window and one of the next are the same
    where they share more than half of the articles that either has among those that both windows see; so each is
    linked to one at most. Undated articles, which every window sees, link only stories that have no others. Such an
    article is in the story with dated articles to which it is nearest, in the earlier window where two are as near.
    """
    shared = engine.checkpoint(engine.sql("stories_shared", _SHARED.format(local=local)))
    components = label_components(engine.sql("stories_links", _LINKS.format(shared=shared)), engine)
    chosen = engine.sql("stories_chosen", _CHOSEN.format(local=local))
    return engine.checkpoint(engine.sql("stories_placed", _PLACED.format(chosen=chosen, components=components)))


_SHARED: Final = """
SELECT x.story AS a, y.story AS b, count(*) AS articles
FROM "{local}" x JOIN "{local}" y ON x.a = y.a AND y.number = x.number + 1
WHERE x.is_dated OR NOT (x.has_date OR y.has_date) GROUP BY x.story, y.story
"""

_LINKS: Final = """
SELECT s.a, s.b FROM "{shared}" s
JOIN (SELECT a, sum(articles) AS articles FROM "{shared}" GROUP BY a) x ON s.a = x.a
JOIN (SELECT b, sum(articles) AS articles FROM "{shared}" GROUP BY b) y ON s.b = y.b
WHERE 3 * s.articles > x.articles + y.articles
"""

#: Scores are compared to six digits: those of two windows are hardly ever the same to the last.
_CHOSEN: Final = """
SELECT article, story, number FROM (
    SELECT a AS article, story, number, row_number() OVER (
        PARTITION BY a ORDER BY CASE WHEN has_date THEN 0 ELSE 1 END, -floor(score * 1000000), number) AS place
    FROM "{local}" WHERE is_home OR NOT is_dated) ranked
WHERE place = 1
"""

_PLACED: Final = """
SELECT c.article, c.number, coalesce(n.component, c.story) AS story
FROM "{chosen}" c LEFT JOIN "{components}" n ON c.story = n.key
"""
