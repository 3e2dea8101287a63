"""Parts of tables are the same rows wherever a run keeps them, and what is not asked for is not loaded."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from storycluster.engines.duckdb import DuckDBEngine
from storycluster.run_tables import EngineTables, FolderTables, RunTables
from tests.report_fixture import TEXTS, tables

Keep = Callable[[Mapping[str, pa.Table], Path], RunTables]


def in_memory(content: Mapping[str, pa.Table], _: Path) -> RunTables:
    return RunTables(content)


def in_folder(content: Mapping[str, pa.Table], folder: Path) -> RunTables:
    for name, table in content.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return FolderTables(folder)


def in_engine(content: Mapping[str, pa.Table], folder: Path) -> RunTables:
    engine = DuckDBEngine(threads=2, memory_limit="", temp_directory=folder / "spill")
    for name, table in content.items():
        engine.table(name, table.to_batches(), table.schema)
    return EngineTables(engine, tuple(content))


@pytest.mark.parametrize("keep", [in_memory, in_folder, in_engine])
def test_chosen_columns_and_rows_are_those_of_the_whole_table(keep: Keep, tmp_path: Path) -> None:
    whole = tables()["facts"]
    kept = keep(tables(), tmp_path)
    wanted = pa.array(["s-bell", "s-council", "s-unknown"])
    found = kept.select("facts", ["id", "when", "status"], where={"story": wanted, "status": pa.array(["new"])})
    rows = [row for row in whole.to_pylist() if row["story"] in {"s-bell", "s-council"} and row["status"] == "new"]
    assert found.schema.names == ["id", "when", "status"]
    assert sorted(found.column("id").to_pylist()) == sorted(row["id"] for row in rows)
    assert kept.select("facts", ["id"]).num_rows == whole.num_rows


@pytest.mark.parametrize("keep", [in_memory, in_folder, in_engine])
@pytest.mark.parametrize("letters", [0, 3, 1_000])
def test_headings_hold_the_first_letters_of_each_text_by_code_point(keep: Keep, letters: int, tmp_path: Path) -> None:
    content = tables()
    texts = {name: f"\U0001f525é{text}" for name, text in TEXTS.items()}
    rows = [row | {"text": texts[row["id"]]} for row in content["articles"].to_pylist()]
    kept = keep(content | {"articles": pa.Table.from_pylist(rows, content["articles"].schema)}, tmp_path)
    found = kept.headings(["id"], letters=letters)
    assert {row["id"]: row["text"] for row in found.to_pylist()} == {name: texts[name][:letters] for name in texts}


@pytest.mark.parametrize("keep", [in_memory, in_folder, in_engine])
def test_a_table_that_was_not_made_has_no_rows(keep: Keep, tmp_path: Path) -> None:
    kept = keep({"articles": tables()["articles"]}, tmp_path)
    assert list(kept) == ["articles"]
    assert kept.select("stories", ["id", "terms"]).num_rows == 0


def test_tables_of_other_runs_in_a_folder_are_left_out(tmp_path: Path) -> None:
    in_folder(tables(), tmp_path)
    kept = FolderTables(tmp_path, ["articles", "groups"])
    assert sorted(kept) == ["articles", "groups"]
    with pytest.raises(KeyError, match="stories"):
        kept["stories"]


def test_a_column_that_an_earlier_version_has_not_written_is_null(tmp_path: Path) -> None:
    content = tables()
    kept = in_folder(content | {"facts": content["facts"].drop_columns(["negated"])}, tmp_path)
    where = {"id": content["facts"].column("id").combine_chunks()}
    for found in (kept.select("facts", ["id", "negated"]), kept.select("facts", ["id", "negated"], where=where)):
        assert found.column("negated").null_count == content["facts"].num_rows
