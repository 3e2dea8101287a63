"""Spark: the verbs do what they do on DuckDB, and a run gives the same tables and the same report."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from storycluster.config import Config, load_config
from storycluster.engines.base import Engine, Table
from storycluster.errors import EngineError
from storycluster.model import TABLES
from storycluster.pipeline import Options, run
from storycluster.runs import ORDER, Run
from storycluster.views.json import to_json
from storycluster.views.report import build_report
from tests.spark_sessions import PANDAS_WARNING, open_engine, start_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings(PANDAS_WARNING)]

SCHEMA = pa.schema([("key", pa.string()), ("n", pa.int64())])
ROWS = [("b", 1), ("a", 2), ("b", 3), ("c", 4), ("a", 5)]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[SparkSession]":
    session = start_spark(tmp_path_factory.mktemp("spark"))
    yield session
    session.stop()


@pytest.fixture
def engine(session: "SparkSession", tmp_path: Path) -> Engine:
    return open_engine(session, tmp_path)


def numbers(engine: Engine) -> Table:
    batches = [pa.RecordBatch.from_pylist([{"key": key, "n": n}], schema=SCHEMA) for key, n in ROWS]
    return engine.table("numbers", batches, SCHEMA)


def rows_of(table: pa.Table) -> list[tuple[str, int]]:
    return sorted((row["key"], row["n"]) for row in table.to_pylist())


def doubled(batch: pa.RecordBatch) -> pa.RecordBatch:
    rows = [{"key": row["key"], "n": row["n"] * 2} for row in batch.to_pylist()]
    return pa.RecordBatch.from_pylist(rows, schema=SCHEMA)


def counted(rows: pa.Table) -> pa.Table:
    return pa.table({"key": [rows["key"][0].as_py()], "n": [rows.num_rows]}, schema=SCHEMA)


def test_functions_see_every_row_and_every_group_whole(engine: Engine) -> None:
    source = numbers(engine)
    mapped = engine.checkpoint(engine.map_batches("doubled", source, doubled, SCHEMA))
    assert rows_of(engine.to_arrow(mapped)) == sorted((key, n * 2) for key, n in ROWS)
    groups = engine.map_groups("counted", source, "key", counted, SCHEMA)
    assert rows_of(engine.to_arrow(groups)) == [("a", 2), ("b", 2), ("c", 1)]


def test_a_table_may_be_replaced_by_a_query_over_itself(engine: Engine) -> None:
    numbers(engine)
    engine.sql("numbers", 'SELECT * FROM "numbers" WHERE n > 3')
    assert rows_of(engine.to_arrow(Table("numbers"))) == [("a", 5), ("c", 4)]


def test_a_table_of_several_pieces_is_written_as_one_sorted_file(engine: Engine, tmp_path: Path) -> None:
    wide = pa.schema([("n", pa.int64()), ("text", pa.string())])
    batches = [pa.record_batch([list(range(n, -1, -2)), ["x" * 2_000] * 2_000], schema=wide) for n in (3_998, 3_999)]
    big = engine.table("big", [*batches, *(batch.slice(0, 0) for batch in batches), *([batches[0]] * 3)], wide)
    path = tmp_path / "it's.parquet"
    engine.write(big, path, "n")
    assert pq.read_table(path)["n"].to_pylist() == sorted([*range(4_000), *([*range(0, 4_000, 2)] * 3)])
    assert engine.to_arrow(engine.sql("again", f'SELECT count(*) AS n FROM "{engine.read("read", path)}"'))[
        "n"
    ].to_pylist() == [10_000]


def report_of(result: Run) -> object:
    return json.loads(to_json(build_report(result.tables, config=Config(), stages=result.stages)))


def run_on(
    session: "SparkSession", config: Config, articles: list[str], folder: Path, work: Callable[..., Run] = run
) -> Run:
    return work(articles, config, options=Options(spark=session, out=folder))


def test_the_seeds_give_the_same_tables_and_report(session: "SparkSession", seeds: Path, tmp_path: Path) -> None:
    config = load_config(None, [f"engine.checkpoint_folder={tmp_path}/checkpoints", "engine.partitions=2"])
    here = run([str(seeds)], config, options=Options(out=tmp_path / "duckdb"))
    there = run_on(session, config, [str(seeds)], tmp_path / "spark")
    assert set(there.tables) == set(TABLES)
    for name in TABLES:
        assert there.tables[name].equals(here.tables[name]), (name, ORDER[name])
    assert report_of(there) == report_of(here)


def test_a_session_of_other_machines_needs_a_folder_they_can_write(session: "SparkSession", seeds: Path) -> None:
    with pytest.raises(EngineError, match=r"engine\.checkpoint_folder must name a folder"):
        run([str(seeds)], options=Options(spark=session))
