"""Engines: the same verbs give the same rows, whatever the threads."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.engines import duckdb as duckdb_engine
from storycluster.engines import held
from storycluster.engines.base import Engine, Table
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.engines.groups import whole_groups
from storycluster.errors import EngineError

SCHEMA = pa.schema([("key", pa.string()), ("n", pa.int64())])
ROWS = [("b", 1), ("a", 2), ("b", 3), ("c", 4), ("a", 5)]


def open_duckdb(threads: int = 2, memory_limit: str = "") -> DuckDBEngine:
    return DuckDBEngine(threads=threads, memory_limit=memory_limit, temp_directory=Path("/nonexistent-until-spilled"))


@pytest.fixture(params=[(1, 1 << 30), (2, 1 << 30), (2, 0)], ids=["one thread", "two threads", "tables on disk"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    threads, memory_bytes = request.param
    monkeypatch.setattr(held, "MEMORY_BYTES", memory_bytes)
    return DuckDBEngine(threads=threads, memory_limit="", temp_directory=tmp_path / "spill")


def batches(rows: list[tuple[str, int]]) -> list[pa.RecordBatch]:
    return [pa.RecordBatch.from_pylist([{"key": key, "n": n}], schema=SCHEMA) for key, n in rows]


def rows_of(table: pa.Table) -> list[tuple[str, int]]:
    return sorted((row["key"], row["n"]) for row in table.to_pylist())


def doubled(batch: pa.RecordBatch) -> pa.RecordBatch:
    rows = [{"key": row["key"], "n": row["n"] * 2} for row in batch.to_pylist()]
    return pa.RecordBatch.from_pylist(rows, schema=SCHEMA)


def first_row(table: pa.Table) -> pa.Table:
    return table.slice(0, 1)


def test_map_batches_applies_the_function_to_every_row(engine: Engine) -> None:
    source = engine.table("numbers", batches(ROWS), SCHEMA)
    assert rows_of(engine.to_arrow(engine.map_batches("doubled", source, doubled, SCHEMA))) == sorted(
        (key, n * 2) for key, n in ROWS
    )


def test_map_groups_sees_all_rows_of_a_key_at_once(engine: Engine) -> None:
    seen: list[list[str]] = []

    def count(table: pa.Table) -> pa.Table:
        seen.append(table.column("key").to_pylist())
        return pa.table({"key": [table["key"][0].as_py()], "n": [table.num_rows]}, schema=SCHEMA)

    source = engine.table("numbers", batches(ROWS), SCHEMA)
    counted = engine.to_arrow(engine.map_groups("counted", source, "key", count, SCHEMA))
    assert rows_of(counted) == [("a", 2), ("b", 2), ("c", 1)]
    assert all(len(set(keys)) == 1 for keys in seen)


@pytest.mark.parametrize(
    "map_rows",
    [lambda e, t: e.map_batches("m", t, doubled, SCHEMA), lambda e, t: e.map_groups("m", t, "key", first_row, SCHEMA)],
)
def test_mapping_an_empty_table_gives_an_empty_table(
    engine: Engine, map_rows: Callable[[Engine, Table], Table]
) -> None:
    source = engine.table("numbers", [], SCHEMA)
    assert engine.to_arrow(map_rows(engine, source)).num_rows == 0


def test_a_table_may_be_replaced_by_a_query_over_itself(engine: Engine) -> None:
    engine.table("numbers", batches(ROWS), SCHEMA)
    engine.sql("numbers", "SELECT * FROM numbers WHERE n > 3")
    assert rows_of(engine.to_arrow(Table("numbers"))) == [("a", 5), ("c", 4)]


def test_an_error_inside_a_mapped_function_reaches_the_caller(engine: Engine) -> None:
    def fail(_batch: pa.RecordBatch) -> pa.RecordBatch:
        raise ValueError("poison article")

    source = engine.table("numbers", batches(ROWS), SCHEMA)
    with pytest.raises(ValueError, match="poison article"):
        engine.map_batches("failed", source, fail, SCHEMA)


@given(st.permutations(ROWS))
def test_equal_tables_are_equal_bytes_on_disk(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("written")
    engine = open_duckdb()
    for name, content in (("given", rows), ("sorted", sorted(ROWS))):
        engine.write(engine.table(name, batches(content), SCHEMA), folder / name, "key, n")
    assert (folder / "given").read_bytes() == (folder / "sorted").read_bytes()
    assert rows_of(pq.read_table(folder / "given")) == sorted(ROWS)


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 9)), max_size=60), st.integers(1, 7))
def test_a_table_on_disk_is_written_like_one_in_memory(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]], group_rows: int
) -> None:
    folder = tmp_path_factory.mktemp("written")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb_engine, "ROW_GROUP_ROWS", group_rows)
        patch.setattr(held, "PART_BYTES", 300)
        patch.setattr(held, "_MOVED_ROWS", 4)
        for name, memory_bytes in (("memory", 1 << 30), ("disk", 0)):
            patch.setattr(held, "MEMORY_BYTES", memory_bytes)
            engine = DuckDBEngine(threads=1, memory_limit="", temp_directory=folder / "spill")
            engine.write(
                engine.table(name, batches(sorted(set(rows), key=lambda row: (row[1], row[0][::-1]))), SCHEMA),
                folder / name,
                "key, n",
            )
    assert (folder / "disk").read_bytes() == (folder / "memory").read_bytes()
    assert rows_of(pq.read_table(folder / "disk")) == sorted(set(rows))


def test_files_of_tables_go_with_their_tables_and_their_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "MEMORY_BYTES", 0)
    engine = DuckDBEngine(threads=1, memory_limit="", temp_directory=tmp_path / "spill")
    for _ in range(3):
        engine.table("numbers", batches(ROWS), SCHEMA)
    assert len(list(tmp_path.rglob("*.parquet"))) == 1
    assert rows_of(engine.to_arrow(Table("numbers"))) == sorted(ROWS)
    del engine
    assert list(tmp_path.rglob("*.parquet")) == []


def test_read_gives_what_write_wrote(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "it's.parquet"
    engine.write(engine.table("numbers", batches(ROWS), SCHEMA), path, "n")
    assert rows_of(engine.to_arrow(engine.read("again", path))) == sorted(ROWS)


def test_a_memory_limit_that_is_no_size_is_refused_by_its_key() -> None:
    with pytest.raises(EngineError, match=r"engine\.memory_limit"):
        open_duckdb(memory_limit="much")


def test_a_spill_folder_below_a_missing_one_is_used(tmp_path: Path) -> None:
    engine = DuckDBEngine(threads=1, memory_limit="64MiB", temp_directory=tmp_path / "none" / "here" / "spill")
    wide = engine.sql("wide", "SELECT range AS n, repeat('x', 100) || range AS text FROM range(1500000)")
    assert (
        engine.to_arrow(engine.sql("counted", f'SELECT count(DISTINCT text) AS n FROM "{wide}"'))["n"][0].as_py()
        == 1500000
    )


def test_a_spill_folder_that_cannot_be_made_is_an_error_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match=r"engine\.temp_directory .*file"):
        DuckDBEngine(threads=1, memory_limit="", temp_directory=tmp_path / "file" / "below" / "spill")


@given(
    st.lists(st.integers(1, 5), max_size=12), st.lists(st.integers(1, 9), min_size=40, max_size=40), st.integers(0, 99)
)
def test_groups_are_whole_however_batches_and_parts_are_cut(
    sizes: list[int], batch_rows: list[int], least_bytes: int
) -> None:
    keys = [key for key, size in enumerate(sizes) for _ in range(size)]
    whole = pa.table({"key": pa.array(keys, pa.int64())})
    batches, start = [], 0
    for rows in batch_rows:
        batches += whole.slice(start, rows).combine_chunks().to_batches()
        start += rows
    parts = [part["key"].to_pylist() for part in whole_groups(batches, "key", least_bytes=least_bytes)]
    assert [key for part in parts for key in part] == keys
    assert sum(len(set(part)) for part in parts) == len(sizes)  # no key is in two parts
    assert all(len(part) * 8 >= least_bytes for part in parts[:-1])
    assert all(least_bytes or len(set(part)) == 1 for part in parts)
