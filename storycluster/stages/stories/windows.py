"""Time windows of a corpus that is too large to be clustered at once: which articles are seen together.

It brings the number of articles per language and day to the driver and reads no text itself.

Every dated article is at home in one window of its language: whole days in a row, with about
``stories.window_articles`` articles. It is also seen in each window whose days are so near that two articles can
be compared (``stories.window_days``), so that every article is clustered once beside all articles that can join it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from math import ceil
from operator import itemgetter
from typing import Final

import numpy as np
import pyarrow as pa

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.frequencies import Frequencies, count_terms
from storycluster.indexing import WINDOW_ROWS
from storycluster.model import SIMILARITIES
from storycluster.stages.stories.assembly import assemble
from storycluster.stages.stories.links import link_windows
from storycluster.stages.stories.local import LOCAL, cluster_window
from storycluster.vectors import choose_languages

#: The day under which articles without any date are counted.
NO_DAY: Final = date.min
#: Undated articles are seen in every window while they are at most this part of the articles of one; else they have
#: a window of their own.
UNDATED_SHARE: Final = 0.1
_LANGUAGES: Final = pa.schema([("language", pa.string()), ("used", pa.string())])
_DAYS: Final = pa.schema(
    [("language", pa.string()), ("day", pa.date32()), ("number", pa.int64()), ("is_home", pa.bool_())]
)


@dataclass(frozen=True, slots=True)
class Windows:
    """``seen`` has a row for each window that an article is seen in; ``frequencies`` are by language."""

    seen: Table
    frequencies: Mapping[str, Frequencies]


def need_windows(articles: Table, groups: Table, config: StoriesConfig, engine: Engine) -> bool:
    """Whether more articles than ``stories.window_articles`` are no copies."""
    counted = engine.to_arrow(engine.sql("stories_kept_count", _COUNT_KEPT.format(articles=articles, groups=groups)))
    return int(counted.column("n")[0].as_py()) > config.window_articles


def open_windows(articles: Table, groups: Table, config: StoriesConfig, engine: Engine) -> Windows:
    """The windows of all articles that are no copies, in the order of language and time."""
    kept = _name_languages(articles, groups, engine)
    counted = engine.to_arrow(engine.sql("stories_days", _COUNT_DAYS.format(kept=kept)))
    days: dict[str, dict[date, int]] = {}
    for row in counted.to_pylist():
        days.setdefault(row["language"], {})[row["day"]] = row["articles"]
    rows = list(plan_windows(days, config))
    engine.table("stories_window_days", pa.Table.from_pylist(rows, schema=_DAYS).to_batches(), _DAYS)
    seen = engine.checkpoint(engine.sql("stories_seen", _SEEN.format(kept=kept)))
    texts = engine.sql(WINDOW_ROWS, _TEXTS.format(kept=kept, articles=articles))
    return Windows(seen, count_terms(texts, {name: sum(days[name].values()) for name in sorted(days)}, engine))


def cluster_windows(
    articles: Table, groups: Table, windows: Windows, config: StoriesConfig, engine: Engine
) -> tuple[Table, Table, Table, Table]:
    """Tables ``similarities``, ``stories``, ``memberships`` and ``seen``.

    Stories have no labels yet; memberships are primary members and their copies; ``seen`` is that of the windows with
    the home that each undated article has found.
    """
    rows = engine.sql(WINDOW_ROWS, _WITH_TEXT.format(seen=windows.seen, articles=articles))
    function = partial(cluster_window, frequencies=windows.frequencies, config=config)
    found = engine.checkpoint(engine.map_groups("stories_local", rows, "number", function, LOCAL))
    columns = ", ".join(SIMILARITIES.names)
    pairs = engine.checkpoint(engine.sql("similarities", f'SELECT {columns} FROM "{found}" WHERE b IS NOT NULL'))
    local = engine.sql("stories_local_members", f'SELECT * FROM "{found}" WHERE b IS NULL')
    placed = link_windows(local, engine)
    stories, memberships = assemble(articles, groups, pairs, placed, config, engine)
    seen = engine.checkpoint(engine.sql("stories_seen_placed", _SEEN_PLACED.format(seen=windows.seen, placed=placed)))
    return pairs, stories, memberships, seen


def plan_windows(days: Mapping[str, Mapping[date, int]], config: StoriesConfig) -> Iterator[dict[str, object]]:
    """For each language and day the windows that see it, and whether it is at home there; numbers go on over all.

    An undated article is at home in the first window of its language, as far as that says which window keeps a pair.

    >>> rows = plan_windows({"en": {date(2024, 1, 1): 9, date(2024, 3, 1): 9}}, StoriesConfig(window_articles=9))
    >>> [(row["day"].month, row["number"], row["is_home"]) for row in rows]
    [(1, 0, True), (3, 1, True)]
    """
    reach = timedelta(days=ceil(config.window_days))
    number = 0
    for language in sorted(days):
        counts = {day: days[language][day] for day in sorted(days[language]) if day != NO_DAY}
        undated = days[language].get(NO_DAY, 0)
        homes = _cut_days(counts, config.window_articles)
        for window, home in enumerate(homes, start=number):
            for day in counts:
                if home[0] - reach <= day <= home[-1] + reach:
                    yield _row(language, day, window, home[0] <= day <= home[-1])
        number += len(homes)
        if undated and (not homes or (len(homes) > 1 and undated > UNDATED_SHARE * config.window_articles)):
            yield _row(language, NO_DAY, number, True)
            number += 1
        elif undated:
            first = number - len(homes)
            yield from (_row(language, NO_DAY, window, window == first) for window in range(first, number))


def _cut_days(counts: Mapping[date, int], window_articles: int) -> list[list[date]]:
    """Days in a row, cut into windows of about as many articles each, at most about ``window_articles``."""
    if not counts:
        return []
    before = np.cumsum([0, *counts.values()])[:-1]
    total = sum(counts.values())
    windows = ceil(total / window_articles)
    number = before * windows // total
    numbered = zip(number.tolist(), counts, strict=True)
    return [[day for _, day in rows] for _, rows in groupby(numbered, key=itemgetter(0))]


def _row(language: str, day: date, window: int, is_home: bool) -> dict[str, object]:
    return {"language": language, "day": day, "number": window, "is_home": is_home}


def _name_languages(articles: Table, groups: Table, engine: Engine) -> Table:
    """The articles that are no copies, each with the language it is read in and its day."""
    counted = engine.to_arrow(
        engine.sql("stories_languages", _COUNT_LANGUAGES.format(articles=articles, groups=groups))
    )
    counts = dict(zip(*(counted.column(name).to_pylist() for name in ("language", "articles")), strict=True))
    rows: Sequence[dict[str, str]] = [
        {"language": language, "used": used} for language, used in sorted(choose_languages(counts).items())
    ]
    engine.table("stories_read_as", pa.Table.from_pylist(rows, schema=_LANGUAGES).to_batches(), _LANGUAGES)
    return engine.sql("stories_kept", _KEPT.format(articles=articles, groups=groups))


_KEPT_ROWS: Final = """
FROM "{articles}" a LEFT JOIN (SELECT article FROM "{groups}" WHERE relation <> 'kept') g ON g.article = a.id
"""

_COUNT_KEPT: Final = f"SELECT count(*) AS n {_KEPT_ROWS} WHERE g.article IS NULL"

_COUNT_LANGUAGES: Final = f"""
SELECT coalesce(a.language, '') AS language, count(*) AS articles {_KEPT_ROWS}
WHERE g.article IS NULL GROUP BY coalesce(a.language, '')
"""

_KEPT: Final = f"""
SELECT a.id, l.used AS language, a.published, a.published_from, a.content_hash,
       coalesce(CAST(coalesce(a.published, a.published_from) AS DATE), DATE '{NO_DAY.isoformat()}') AS day
{_KEPT_ROWS} JOIN "stories_read_as" l ON coalesce(a.language, '') = l.language WHERE g.article IS NULL
"""

_COUNT_DAYS: Final = """
SELECT language, day, count(*) AS articles FROM "{kept}" GROUP BY language, day
"""

_SEEN: Final = """
SELECT d.number, d.is_home, k.id, k.language, k.published, k.published_from, k.content_hash
FROM "{kept}" k JOIN "stories_window_days" d ON k.language = d.language AND k.day = d.day
"""

_TEXTS: Final = """
SELECT k.language, concat(coalesce(a.title, ''), chr(10), a.text) AS text
FROM "{kept}" k JOIN "{articles}" a ON a.id = k.id
"""

_WITH_TEXT: Final = """
SELECT s.*, a.title, a.text FROM "{seen}" s JOIN "{articles}" a ON a.id = s.id
"""

_SEEN_PLACED: Final = """
SELECT s.id, s.language, s.number, p.number = s.number AS is_home, s.published, s.published_from, s.content_hash
FROM "{seen}" s JOIN "{placed}" p ON p.article = s.id
"""
