"""One article per id: the smallest content hash stays, whatever the order of the files; the others become rejects."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from storycluster.config import ReadConfig
from storycluster.engines.base import Engine, Table
from storycluster.model import ARTICLES
from storycluster.stages.read.columns import to_json
from storycluster.stages.read.originals import original_records
from storycluster.stages.read.records import Reject
from storycluster.stages.read.registry import STDIN
from storycluster.stages.read.rejects import RejectLog

RECORDS: Final = "records"  # stands for a path where articles come from memory
#: Which of several articles of one id stays; engines differ in where a null stands unless they are told.
ORDER: Final = ", ".join(
    f"{name} NULLS LAST"
    for name in ("content_hash", "published", "published_raw", "source", "url", "language", "title", "path", "line")
)
_COLUMNS: Final = ", ".join(f'"{name}"' for name in ARTICLES.names)
RECORD_FIELDS: Final = ("id", "title", "text", "published_raw", "source", "url", "language")
PART_CHARS: Final = 32_000_000  # text of rejected articles from memory held at a time


def keep_one_per_id(articles: Table, rejects: RejectLog, config: ReadConfig, engine: Engine) -> Table:
    """The articles without those whose id another one has; each of these is noted in ``rejects``."""
    repeated = engine.sql("read_repeated", f'SELECT id FROM "{articles}" GROUP BY id HAVING count(*) > 1')
    if engine.to_arrow(repeated).num_rows == 0:
        return articles
    ranked = engine.sql(
        "read_ranked",
        f"SELECT {_COLUMNS}, row_number() OVER (PARTITION BY id ORDER BY {ORDER}) AS place "
        f'FROM "{articles}" WHERE id IN (SELECT id FROM "{repeated}")',
    )
    kept = engine.sql(
        "articles",
        f'SELECT {_COLUMNS} FROM "{articles}" WHERE id NOT IN (SELECT id FROM "{repeated}") '
        f'UNION ALL SELECT {_COLUMNS} FROM "{ranked}" WHERE place = 1',
    )
    _note_losers(ranked, rejects, config, engine)
    return kept


def _note_losers(ranked: Table, rejects: RejectLog, config: ReadConfig, engine: Engine) -> None:
    """Reject the rows that lost their id, each with its original record, one pass over each file."""
    places = engine.sql(
        "read_losers",
        f"SELECT id, path, line FROM \"{ranked}\" WHERE place > 1 AND path <> '{STDIN}' ORDER BY path, line",
    )
    for path, rows in groupby(engine.to_arrow(places).to_pylist(), key=lambda row: str(row["path"])):
        ids = {row["line"]: row["id"] for row in rows}
        for line, record in original_records(path, ids, config):
            rejects.add(path, Reject(line, duplicate_id(ids.pop(line)), record))
        for line, identity in ids.items():
            rejects.add(path, Reject(line, duplicate_id(identity)))
    for row in _unlisted(ranked, engine):
        record = to_json({name: row[name] for name in RECORD_FIELDS if row[name] is not None})
        line = row["line"] if isinstance(row["line"], int) else None
        rejects.add(str(row["path"] or RECORDS), Reject(line, duplicate_id(row["id"]), record))


def _unlisted(ranked: Table, engine: Engine) -> Iterator[dict[str, object]]:
    """Rows that lost their id and came from no file, some at a time."""
    parts = engine.sql(
        "read_parts",
        f"SELECT {_COLUMNS}, CAST(floor(sum(length(text)) OVER (ORDER BY path, line, id, {ORDER}) / {PART_CHARS}) "
        f"AS BIGINT) AS part FROM \"{ranked}\" WHERE place > 1 AND (path IS NULL OR path = '{STDIN}')",
    )
    last = (
        engine.to_arrow(engine.sql("read_last", f'SELECT max(part) AS part FROM "{parts}"')).column("part")[0].as_py()
    )
    for part in range(0 if last is None else last + 1):
        query = f'SELECT {_COLUMNS} FROM "{parts}" WHERE part = {part} ORDER BY path, line, id, {ORDER}'
        yield from engine.to_arrow(engine.sql("read_part", query)).to_pylist()


def duplicate_id(identity: object) -> str:
    """The reason of a reject whose id another article has.

    >>> duplicate_id("a")
    'duplicate id: a'
    """
    return f"duplicate id: {identity}"
