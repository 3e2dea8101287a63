"""What is done with a finished run of near-duplicates: its articles without the copies, and copies of an earlier run.

Works on the tables of the run; it finds no pairs within it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from storycluster.config import Config
from storycluster.engines.base import Engine, Table
from storycluster.errors import StoreError
from storycluster.model import ARTICLES, GROUPS, MATCHES, SIGNATURES
from storycluster.runs import Run
from storycluster.stages import duplicates
from storycluster.stages.read import STDIN, copy_rows, original_header, original_records
from storycluster.stored import open_memory_engine


def write_kept(
    run: Run, target: Path, *, config: Config, matches: pa.Table | None = None, stdin_copy: Path | None = None
) -> int:
    """The number of articles written to ``target``: all but the copies, and but those in ``matches``.

    Records come byte for byte as they were read, those of standard input from its copy; rows of Parquet and Arrow
    files stay rows of such a file. Raises InputError where one cannot be read again.
    """
    engine = open_memory_engine()
    articles = _find_stdin(run.tables["articles"], stdin_copy)
    return duplicates.write_kept(
        engine.table("articles", articles.to_batches(), ARTICLES),
        _load(engine, run, "groups"),
        target,
        engine=engine,
        read_records=partial(original_records, config=config.read),
        read_header=partial(original_header, config=config.read),
        copy_rows=partial(copy_rows, config=config.read),
        matches=engine.table("matches", matches.to_batches(), MATCHES) if matches is not None else None,
    )


def find_earlier(run: Run, earlier: Run, config: Config, *, origin: str) -> pa.Table:
    """The table ``matches``: pairs of an article of ``run`` with one of ``earlier``, by article, then earlier one.

    Raises StoreError for an earlier run without signatures, or with such as may not be compared with these.
    """
    check_earlier(earlier, config, origin=origin)
    engine = open_memory_engine()
    found = duplicates.find_matches(
        _load(engine, run, "articles"),
        _load(engine, run, "signatures"),
        earlier_articles=_load(engine, earlier, "articles", name="earlier_articles"),
        earlier_signatures=_load(engine, earlier, "signatures", name="earlier_signatures"),
        config=config.dedup,
        engine=engine,
    )
    return engine.to_arrow(found).sort_by([("article", "ascending"), ("earlier", "ascending")])


def check_earlier(earlier: Run, config: Config, *, origin: str) -> None:
    """Nothing where the signatures of an earlier run may be compared with those of ``config``; else StoreError."""
    if "duplicates" not in earlier.stages:
        raise StoreError(f"{origin} has no signatures: its stages are {', '.join(earlier.stages)}; name a run of dedup")
    duplicates.check_identity(earlier.manifest.get("signatures"), config.dedup, origin=origin)


def _find_stdin(articles: pa.Table, copy: Path | None) -> pa.Table:
    """The articles, those of standard input with the path of its copy."""
    if copy is None:
        return articles
    paths = articles.column("path")
    found = pc.if_else(pc.equal(paths, STDIN), str(copy), paths)
    return articles.set_column(articles.column_names.index("path"), ARTICLES.field("path"), found)


def _load(engine: Engine, run: Run, table: str, *, name: str = "") -> Table:
    schema = {"articles": ARTICLES, "groups": GROUPS, "signatures": SIGNATURES}[table]
    return engine.table(name or table, run.tables[table].to_batches(), schema)
