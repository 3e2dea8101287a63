"""Labels where the corpus is seen in time windows: each story is labelled in the first home window of its articles.

The same functions as in memory; it also puts the arcs together, whose labels are those of stories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import pyarrow as pa

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.frequencies import Frequencies
from storycluster.indexing import WINDOW_ROWS, index_window
from storycluster.model import ARCS, STORIES
from storycluster.stages.labels.headlines import choose_label
from storycluster.stages.labels.members import Member
from storycluster.stages.labels.terms import find_terms

_TOLD: Final = pa.schema([("story", pa.string()), STORIES.field("label"), STORIES.field("terms")])


def label_windows(
    articles: Table,
    memberships: Table,
    stories: Table,
    seen: Table,
    config: StoriesConfig,
    engine: Engine,
    *,
    frequencies: Mapping[str, Frequencies],
) -> tuple[Table, Table]:
    """``stories`` with labels and terms, and ``arcs``."""
    query = _MEMBERS.format(articles=articles, memberships=memberships, seen=seen)
    members = engine.sql(WINDOW_ROWS, query)
    function = partial(_label_window, frequencies=frequencies, config=config)
    told = engine.checkpoint(engine.map_groups("labels_told", members, "number", function, _TOLD))
    columns = ", ".join(f"{'t' if name in _TOLD.names else 's'}.{name}" for name in STORIES.names)
    query = f'SELECT {columns} FROM "{stories}" s JOIN "{told}" t ON t.story = s.id'
    labelled = engine.checkpoint(engine.sql("labels_stories", query))
    return labelled, engine.map_groups("arcs", labelled, "arc", _arcs, ARCS, several=True)


def _label_window(rows: pa.Table, *, frequencies: Mapping[str, Frequencies], config: StoriesConfig) -> pa.Table:
    """Label and terms of each story whose articles are in the rows."""
    rows, indexed = index_window(rows, frequencies)
    by_story: dict[str, list[Member]] = {}
    for row in rows.to_pylist():
        told = Member(row["id"], row["story"], row["title"] or "", row["text"], indexed.language, row["score"])
        by_story.setdefault(told.story, []).append(told)
    terms = find_terms([indexed], [member for members in by_story.values() for member in members], config)
    labels = [
        {"story": story, "terms": terms.get(story, []), "label": choose_label(members, terms.get(story, []))}
        for story, members in by_story.items()
    ]
    return pa.Table.from_pylist(labels, schema=_TOLD)


def _arcs(stories: pa.Table) -> pa.Table:
    """Each arc from the rows of its stories, with the label of the largest."""
    arcs = groupby(stories.to_pylist(), key=itemgetter("arc"))
    return pa.Table.from_pylist([_arc(list(rows)) for _, rows in arcs], schema=ARCS)


def _arc(stories: Sequence[dict[str, Any]]) -> dict[str, object]:
    largest = min(stories, key=lambda row: (-row["articles"], str(row["first_published"] or "~"), row["id"]))
    return {"id": largest["arc"], "label": largest["label"], "stories": sorted(row["id"] for row in stories)}


_MEMBERS: Final = """
SELECT min(s.number) OVER (PARTITION BY m.story) AS number, a.id, s.language, m.story, a.title, a.text, m.score,
       a.published, a.published_from, a.content_hash
FROM "{memberships}" m JOIN "{articles}" a ON a.id = m.article JOIN "{seen}" s ON s.id = a.id AND s.is_home
WHERE m.role = 'primary' AND m.copy_of IS NULL
"""
