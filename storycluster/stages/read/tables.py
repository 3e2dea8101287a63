"""Articles that are a table of the engine already: read where they are, not through the driver.

What is an article and what is a reject is decided as for any other input. A row has no path and no line here, and
a doubtful date (03/04/2024) is decided by ``read.date_order`` alone: there is no file whose other dates prove it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import pyarrow as pa

from storycluster.config import ReadConfig
from storycluster.engines.base import Engine, Table
from storycluster.errors import InputError
from storycluster.model import ARTICLES, REJECTS
from storycluster.stages.read.columns import Columns, check_fields, pick_article, to_json
from storycluster.stages.read.identity import ORDER, RECORD_FIELDS, RECORDS, duplicate_id
from storycluster.stages.read.records import Reject, excerpt
from storycluster.stages.read.rejects import MAX_REASON_CHARS, keep
from storycluster.stages.read.rows import Drafts, make_batch
from storycluster.text.cleaning import show_safely

#: Articles and rejects in one table: a row has a reason where it is a reject.
_READ: Final = pa.schema([*ARTICLES, *(field for field in REJECTS if field.name not in ARTICLES.names)])


def read_table(
    source: Table, config: ReadConfig, engine: Engine, *, strict: bool = False, now: datetime | None = None
) -> tuple[Table, Table]:
    """The tables ``articles`` and ``rejects`` of the rows of ``source``, with the usual names of columns.

    Raises ConfigError for a mapping of unknown fields, and under ``strict`` InputError where there is a reject.
    """
    check_fields(config.fields)
    moment = now or datetime.now(UTC).replace(tzinfo=None)
    read = partial(_read_batch, config=config, now=moment)
    found = engine.checkpoint(engine.map_batches("read_rows", source, read, _READ))
    repeated = engine.checkpoint(engine.sql("read_repeated", _REPEATED.format(found=found)))
    kept = f'SELECT {_names(ARTICLES)} FROM "{found}" WHERE reason IS NULL'
    refused = f'SELECT {_names(REJECTS)} FROM "{found}" WHERE reason IS NOT NULL'
    if _has_rows(repeated, engine):
        ranked = engine.sql("read_ranked", _RANKED.format(found=found, repeated=repeated, columns=_names(ARTICLES)))
        kept = _KEPT.format(found=found, repeated=repeated, ranked=ranked, columns=_names(ARTICLES))
        losers = engine.sql("read_losers", f'SELECT {_names(ARTICLES)} FROM "{ranked}" WHERE place > 1')
        lost = engine.map_batches("read_lost", losers, _lose_batch, REJECTS)
        refused = f'{refused} UNION ALL SELECT * FROM "{lost}"'
    articles = engine.checkpoint(engine.sql("articles", kept))
    rejects = engine.checkpoint(engine.sql("rejects", refused))
    if strict:
        _refuse(rejects, engine)
    return articles, rejects


def _has_rows(table: Table, engine: Engine) -> bool:
    return bool(engine.to_arrow(engine.sql("read_any", f'SELECT 1 AS n FROM "{table}" LIMIT 1')).num_rows)


def _read_batch(batch: pa.RecordBatch, *, config: ReadConfig, now: datetime) -> pa.RecordBatch:
    """Articles and rejects of a batch of records."""
    columns, drafts = Columns(config.fields), Drafts()
    order = None if config.date_order == "evidence" else config.date_order
    for record in batch.to_pylist():
        found = pick_article(record, columns, line=None, max_nesting=config.max_nesting)
        if isinstance(found, Reject):
            drafts.rejects.append((None, Reject(None, found.reason, to_json(record))))
        else:
            drafts.add(found, None, order=order)
    articles, rejects = make_batch(drafts, config=config, now=now)
    rows = [_row(reject.reason, reject.record) for _, reject in rejects]
    table = pa.concat_tables(
        [pa.Table.from_batches([articles]), pa.Table.from_pylist(rows, schema=REJECTS)], promote_options="default"
    )
    return table.select(_READ.names).cast(_READ).combine_chunks().to_batches(max_chunksize=None)[0]


def _lose_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Rejects of articles whose id another one has."""
    rows = [
        _row(duplicate_id(row["id"]), to_json({name: row[name] for name in RECORD_FIELDS if row[name] is not None}))
        for row in batch.to_pylist()
    ]
    return pa.RecordBatch.from_pylist(rows, schema=REJECTS)


def _row(reason: str, record: bytes | str) -> dict[str, Any]:
    shown = show_safely(reason, max_chars=MAX_REASON_CHARS)
    return {"path": RECORDS, "line": None, "reason": shown, "excerpt": excerpt(record), "record": keep(record)}


def _refuse(rejects: Table, engine: Engine) -> None:
    first = engine.sql("read_first", f'SELECT reason FROM "{rejects}" ORDER BY reason, record LIMIT 1')
    for row in engine.to_arrow(first).to_pylist():
        raise InputError(f"{RECORDS}: {row['reason']} (--strict stops at the first reject)")


def _names(schema: pa.Schema) -> str:
    return ", ".join(f'"{name}"' for name in schema.names)


#: Few ids are repeated, most often none: then no text is moved; else those of their articles, to be ranked.
_REPEATED: Final = """
SELECT id FROM "{found}" WHERE reason IS NULL GROUP BY id HAVING count(*) > 1
"""

_RANKED: Final = f"""
SELECT {{columns}}, row_number() OVER (PARTITION BY id ORDER BY {ORDER}) AS place
FROM "{{found}}" f WHERE reason IS NULL AND EXISTS (SELECT 1 FROM "{{repeated}}" r WHERE r.id = f.id)
"""

_KEPT: Final = """
SELECT {columns} FROM "{found}" f
WHERE reason IS NULL AND NOT EXISTS (SELECT 1 FROM "{repeated}" r WHERE r.id = f.id)
UNION ALL SELECT {columns} FROM "{ranked}" WHERE place = 1
"""
