"""Spark: the verbs do what they do on DuckDB, and a run gives the same tables and the same report."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.generate import generate
from storycluster.config import load_config
from storycluster.engines import sessions
from storycluster.engines.base import Engine, Table
from storycluster.engines.groups import whole_groups
from storycluster.engines.spark import SparkEngine
from storycluster.errors import EngineError
from storycluster.pipeline import Options, find_duplicates, run
from storycluster.run_tables import ORDER
from storycluster.runs import Run
from tests.spark_sessions import PANDAS_WARNING, differences, open_engine, settings, start_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings(PANDAS_WARNING)]

Rows = TypeVar("Rows", pa.RecordBatch, pa.Table)
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


def counted_keys(rows: pa.Table) -> pa.Table:
    """What ``counted`` makes of rows of several keys, which come in order."""
    return pa.concat_tables([counted(part) for part in whole_groups(rows.to_batches(), "key")])


def test_functions_see_every_row_and_every_group_whole(engine: Engine) -> None:
    source = numbers(engine)
    mapped = engine.checkpoint(engine.map_batches("doubled", source, doubled, SCHEMA))
    assert rows_of(engine.to_arrow(mapped)) == sorted((key, n * 2) for key, n in ROWS)
    groups = engine.map_groups("counted", source, "key", counted, SCHEMA)
    assert rows_of(engine.to_arrow(groups)) == [("a", 2), ("b", 2), ("c", 1)]
    several = engine.to_arrow(engine.map_groups("counted", source, "key", counted_keys, SCHEMA, several=True))
    assert rows_of(several) == [("a", 2), ("b", 2), ("c", 1)]


def left_alone(_batch: pa.RecordBatch) -> pa.RecordBatch:
    return pa.record_batch([["objects"], [gc.get_freeze_count()]], schema=SCHEMA)


def test_the_search_for_garbage_after_each_task_leaves_loaded_modules_alone(engine: Engine) -> None:
    found = engine.to_arrow(engine.map_batches("left_alone", numbers(engine), left_alone, SCHEMA))
    assert min(found["n"].to_pylist()) > 50_000


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


def fails_once(rows: Rows, *, marker: Path, function: Callable[[Rows], Rows]) -> Rows:
    """Raise the first time that this is called for a marker, in whatever process."""
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return function(rows)
    raise OSError("the disk of this executor is gone")


class Fragile(SparkEngine):
    """The maps over batches or groups that are named fail once, which ends their Python process."""

    markers: Path
    names: frozenset[str]

    def map_batches(
        self, name: str, source: Table, function: Callable[[pa.RecordBatch], pa.RecordBatch], schema: pa.Schema
    ) -> Table:
        fragile = partial(fails_once, marker=self.markers / name, function=function)
        return super().map_batches(name, source, fragile if name in self.names else function, schema)

    def map_groups(
        self,
        name: str,
        source: Table,
        key: str,
        function: Callable[[pa.Table], pa.Table],
        schema: pa.Schema,
        *,
        several: bool = False,
    ) -> Table:
        fragile = partial(fails_once, marker=self.markers / name, function=function)
        function = fragile if name in self.names else function
        return super().map_groups(name, source, key, function, schema, several=several)


@pytest.fixture
def failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file for each map that has failed once."""
    monkeypatch.setattr(sessions, "SparkEngine", Fragile)
    Fragile.markers = tmp_path / "markers"
    Fragile.markers.mkdir()
    return Fragile.markers


def poison(row: dict[str, object]) -> list[dict[str, object]]:
    """Records like ``row`` that are no articles."""
    return [{**row, "id": f"poison-{at}", "text": text} for at, text in enumerate(("   ", None, "\u200b" * 9))]


def without_lines(result: Run) -> pa.Table:
    order = [("reason", "ascending"), ("record", "ascending")]
    return result.tables["rejects"].drop_columns(["line"]).sort_by(order)


def has_ties(name: str, rows: pa.Table) -> bool:
    """Whether the order of a table leaves rows whose order an engine is free to choose."""
    key = [column.split()[0] for column in ORDER[name].split(", ")]
    return len(rows.group_by(key).aggregate([])) < len(rows)


ARTICLES = 20_000
#: Of an article: those of long ones are read for facts for minutes.
MEAN_WORDS = 90
WINDOWS = ("stories.window_articles=7000", "stories.window_days=2")
#: What executors do where the driver may hold no pair and stories are found in time windows.
MAPS = frozenset(
    {
        *("read_rows", "signatures", "spread", "spread_hot", "spread_bands", "spread_drawn", "spread_filter"),
        *("spread_found_by_all", "spread_sets", "spread_verified", "spread_keyed", "groups"),
        *("terms_of_batches", "stories_local", "stories_described", "stories_arcs", "memberships", "overlap_found"),
        *("labels_told", "arcs", "facts__found", "figures__found"),
    }
)


def many_articles() -> pa.Table:
    """Generated articles, some of them without a date, and a few records that are no articles."""
    rows = [asdict(article) for article in generate(ARTICLES, mean_words=MEAN_WORDS)]
    for row in rows[::11]:
        row["published"] = None
    return pa.Table.from_pylist(rows + poison(rows[0]))


@pytest.mark.slow
def test_everything_about_many_articles_is_the_same_with_groups_made_on_executors_and_whatever_fails_once(
    session: "SparkSession", failed: Path
) -> None:
    Fragile.names = MAPS
    table = many_articles()
    here = run(table, load_config(None, WINDOWS))
    config = settings(failed.parent, 7, "engine.driver_pairs=0", *WINDOWS)
    there = run(session.createDataFrame(table), config, options=Options(spark=session))
    assert {path.name for path in failed.iterdir()} == MAPS
    assert differences(here, there) == ["rejects", "report"]  # a row of a data frame has no number
    assert without_lines(there) == without_lines(here)
    assert not [name for name in here.tables if has_ties(name, here.tables[name])]
    rows = {name: len(found) for name, found in here.tables.items()}
    assert rows["rejects"] == 3
    assert min(rows["groups"], rows["stories"], rows["facts"]) > ARTICLES // 20
    assert rows["memberships"] > ARTICLES  # some articles tell several stories


@pytest.mark.slow
def test_near_duplicates_of_reuters_are_the_same(session: "SparkSession", corpora: Path, tmp_path: Path) -> None:
    news = [corpora / "reuters.jsonl.gz"]
    here = find_duplicates(news)
    there = find_duplicates(news, settings(tmp_path, 2), options=Options(spark=session))
    assert differences(here, there) == []
    assert len(here.tables["groups"]) > 1_000


def test_a_session_of_other_machines_needs_a_folder_they_can_write(session: "SparkSession", seeds: Path) -> None:
    with pytest.raises(EngineError, match=r"engine\.checkpoint_folder must name a folder"):
        run([str(seeds)], options=Options(spark=session))
