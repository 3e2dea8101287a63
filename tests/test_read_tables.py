"""Articles that are a table already are read as records in memory are, rejects included."""

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest

from storycluster.config import ReadConfig
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.errors import InputError
from storycluster.model import ARTICLES, REJECTS
from storycluster.stages.read import read_articles, read_table

NOW = datetime(2024, 6, 1)
RECORDS = [
    {"id": "a", "headline": "Ferries collide", "body": "Two ferries collided off Brindle.", "date": "2024-03-05"},
    {"id": "b", "headline": None, "body": "A day of March was named.", "date": "03/14/2024"},
    {"id": "a", "headline": "Ferries collide", "body": "The id of another one.", "date": "2024-03-06"},
    {"id": "c", "headline": "Nothing below", "body": "   ", "date": None},
    {"id": "d", "headline": "No text at all", "body": None, "date": None},
    {"id": "e", "headline": "Too long", "body": "word " * 60, "date": None},
    {"id": None, "headline": "No id", "body": "Named by its content \U0001f680.", "date": "not a date"},
]
CONFIG = ReadConfig(max_article_bytes=200)


def open_engine() -> DuckDBEngine:
    return DuckDBEngine(threads=1, memory_limit="", temp_directory=Path("/nonexistent-until-spilled"))


def read_both(records: list[dict[str, object]], config: ReadConfig) -> list[list[pa.Table]]:
    frame = pa.Table.from_pylist(records)
    here, there = open_engine(), open_engine()
    source = there.table("lake", frame.to_batches(), frame.schema)
    found = (
        (here, read_articles(frame, config, here, now=NOW)),
        (there, read_table(source, config, there, now=NOW)),
    )
    orders = ("id", "reason, record")
    return [
        [
            engine.to_arrow(engine.sql("sorted", f'SELECT * FROM "{table}" ORDER BY {order}'))
            for table, order in zip(tables, orders, strict=True)
        ]
        for engine, tables in found
    ]


def test_a_table_gives_the_articles_and_rejects_that_records_give() -> None:
    (articles, rejects), (read, rejected) = read_both(RECORDS, CONFIG)
    assert read.cast(ARTICLES).equals(articles.cast(ARTICLES))
    assert rejected.drop_columns(["line"]).equals(rejects.drop_columns(["line"]))
    assert (len(read), len(rejected)) == (3, 4)


def test_a_table_without_repeated_ids_is_read_like_records_too() -> None:
    (articles, rejects), (read, rejected) = read_both(RECORDS[:2] + RECORDS[3:], CONFIG)
    assert read.cast(ARTICLES).equals(articles.cast(ARTICLES))
    assert rejected.drop_columns(["line"]).equals(rejects.drop_columns(["line"]))
    assert (len(read), len(rejected)) == (3, 3)


def test_a_table_of_nothing_but_rejects_has_no_articles() -> None:
    _, (read, rejected) = read_both(RECORDS[3:5], CONFIG)
    assert (read.num_rows, rejected.num_rows) == (0, 2)
    assert rejected.schema.names == REJECTS.names


def test_strict_stops_at_a_reject() -> None:
    engine = open_engine()
    frame = pa.Table.from_pylist(RECORDS[:1] + RECORDS[3:4])
    with pytest.raises(InputError, match=r"empty text \(--strict"):
        read_table(engine.table("lake", frame.to_batches(), frame.schema), CONFIG, engine, strict=True, now=NOW)
