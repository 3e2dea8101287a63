"""Run folders: complete or absent, resumed where cut off, never mixed."""

from contextlib import closing, suppress
from pathlib import Path

import pyarrow as pa
import pytest

from storycluster.engines.duckdb import DuckDBEngine
from storycluster.errors import StoreError
from storycluster.model import PAIRS, REJECTS, TABLES
from storycluster.runs import MANIFEST, ORDER, PARTIAL, Run, RunFolder

PAIR = {"a": "x", "b": "y", "relation": "near", "jaccard": 0.9, "containment": 0.95, "shorter": "y"}
BASE = {"schema_version": "1", "stages": "read duplicates"}


@pytest.fixture
def engine(tmp_path: Path) -> DuckDBEngine:
    return DuckDBEngine(threads=1, memory_limit="", temp_directory=tmp_path / "spill")


def keep_pairs(folder: RunFolder, engine: DuckDBEngine) -> None:
    folder.keep(engine, engine.table("pairs", pa.Table.from_pylist([PAIR], schema=PAIRS).to_batches(), PAIRS))


def finish(target: Path, engine: DuckDBEngine, key: str = "one", *, overwrite: bool = False) -> None:
    with closing(RunFolder(target, overwrite=overwrite)) as folder:
        folder.identify(key)
        keep_pairs(folder, engine)
        folder.commit(BASE)


def cut_off(target: Path, engine: DuckDBEngine) -> None:
    """A run of key "one" that ends before it has its name."""
    with closing(RunFolder(target, overwrite=False)) as folder:
        folder.identify("one")
        keep_pairs(folder, engine)
    assert not target.exists()


def test_every_table_has_an_order_on_disk() -> None:
    assert set(ORDER) == set(TABLES)
    assert all(column.split()[0] in TABLES[name].names for name in ORDER for column in ORDER[name].split(","))


def test_a_committed_folder_opens_as_a_run_with_its_tables(tmp_path: Path, engine: DuckDBEngine) -> None:
    finish(tmp_path / "run", engine)
    run = Run.open(tmp_path / "run")
    assert run.stages == ("read", "duplicates")
    assert run.tables["pairs"].to_pylist() == [PAIR]
    assert list(run.tables) == ["pairs"]


def test_a_report_json_beside_the_tables_names_the_run(tmp_path: Path, engine: DuckDBEngine) -> None:
    finish(tmp_path / "run", engine)
    (tmp_path / "run" / "report.json").write_text("{}")
    assert Run.open(tmp_path / "run" / "report.json").folder == tmp_path / "run"


def test_a_folder_cut_off_has_no_name_and_is_resumed_by_an_equal_run(tmp_path: Path, engine: DuckDBEngine) -> None:
    cut_off(tmp_path / "run", engine)
    again = RunFolder(tmp_path / "run", overwrite=False)
    again.identify("one")
    assert again.has("pairs")


def test_tables_of_another_run_are_never_taken_over(tmp_path: Path, engine: DuckDBEngine) -> None:
    cut_off(tmp_path / "run", engine)
    other = RunFolder(tmp_path / "run", overwrite=False)
    other.identify("two")
    assert not other.has("pairs")


class Cut(BaseException):
    """The process is gone."""


def cut_off_before(renamed: str, target: Path, engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of key "one" and a count, up to where a file or folder of this name would be renamed."""
    rename = Path.rename

    def cut(path: Path, to: Path) -> Path:
        if path.name == renamed:
            raise Cut
        return rename(path, to)

    with closing(RunFolder(target, overwrite=False)) as folder:
        folder.identify("one")
        folder.note({"read": 7})
        keep_pairs(folder, engine)
        with monkeypatch.context() as patch, suppress(Cut):
            patch.setattr(Path, "rename", cut)
            folder.note({"pairs": 1})
            folder.commit(BASE)
    assert not target.exists()


@pytest.mark.parametrize("renamed", [".run.partial", f"{PARTIAL}.part"], ids=["all but named", "counts half written"])
def test_a_run_cut_off_at_its_end_keeps_its_counts_and_no_other_run_takes_its_tables(
    renamed: str, tmp_path: Path, engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("one", "two"):
        cut_off_before(renamed, tmp_path / key / "run", engine, monkeypatch)
        again = RunFolder(tmp_path / key / "run", overwrite=False)
        assert not again.is_new
        again.identify(key)
        assert again.has("pairs") is (key == "one")
        again.note({"pairs": 1})
        again.commit(BASE)
        assert Run.open(tmp_path / key / "run").manifest["counts"] == {
            "pairs": 1,
            **({"read": 7} if key == "one" else {}),
        }


def test_a_finished_run_of_the_same_input_gives_its_tables(tmp_path: Path, engine: DuckDBEngine) -> None:
    finish(tmp_path / "run", engine)
    again = RunFolder(tmp_path / "run", overwrite=False)
    again.identify("one")
    assert again.has("pairs")


def test_a_run_of_other_input_is_refused_and_overwrite_replaces_it(tmp_path: Path, engine: DuckDBEngine) -> None:
    finish(tmp_path / "run", engine)
    with pytest.raises(StoreError, match="add --overwrite to replace it"):
        finish(tmp_path / "run", engine, "two")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]
    finish(tmp_path / "run", engine, "two", overwrite=True)
    assert Run.open(tmp_path / "run").manifest["key"] == "two"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


def test_a_folder_is_written_by_one_run_at_a_time(tmp_path: Path, engine: DuckDBEngine) -> None:
    with closing(RunFolder(tmp_path / "run", overwrite=False)) as first:
        first.identify("one")
        with pytest.raises(StoreError, match="another run is being written there; wait for its end or choose another"):
            RunFolder(tmp_path / "run", overwrite=True)
        keep_pairs(first, engine)
        first.commit(BASE)
        finish(tmp_path / "run", engine, "two", overwrite=True)  # the first one is done, closed or not
    assert Run.open(tmp_path / "run").manifest["key"] == "two"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


def test_what_the_user_has_put_into_the_folder_stays_there(tmp_path: Path, engine: DuckDBEngine) -> None:
    finish(tmp_path / "run", engine)
    (tmp_path / "run" / "notes.txt").write_text("mine")
    (tmp_path / "run" / "plots").mkdir()
    for key in ("one", "two"):
        finish(tmp_path / "run", engine, key, overwrite=True)
        assert (tmp_path / "run" / "notes.txt").read_text() == "mine"
        assert (tmp_path / "run" / "plots").is_dir()
    assert Run.open(tmp_path / "run").manifest["key"] == "two"


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path, engine: DuckDBEngine) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    finish(tmp_path / "link", engine)
    finish(tmp_path / "link", engine, "two", overwrite=True)
    assert (tmp_path / "link").is_symlink()
    assert Run.open(tmp_path / "real").manifest["key"] == "two"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]


def test_a_hidden_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".run.old").mkdir()
    (tmp_path / ".run.old" / "thesis.tex").write_text("precious")
    with pytest.raises(StoreError, match=r"\.run\.old is in the way and no run; move it or choose another folder"):
        RunFolder(tmp_path / "run", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == [".run.old"]


def test_the_folder_of_work_may_be_named_and_the_root_not(
    tmp_path: Path, engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    finish(Path(), engine)
    assert Run.open(tmp_path / "here").manifest["key"] == "one"
    with pytest.raises(StoreError, match="--out / cannot be replaced by a run; name a folder"):
        RunFolder(Path("/"), overwrite=True)


def test_a_run_that_wrote_nothing_leaves_no_trace(tmp_path: Path) -> None:
    RunFolder(tmp_path / "run", overwrite=False).close()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_run_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(StoreError, match="not a run folder; choose another folder"):
        RunFolder(tmp_path, overwrite=True)
    with pytest.raises(StoreError, match="is a file, not a folder"):
        RunFolder(tmp_path / "thesis.tex", overwrite=True)
    assert (tmp_path / "thesis.tex").read_text() == "precious"


def test_equal_runs_are_equal_bytes(tmp_path: Path, engine: DuckDBEngine) -> None:
    finish(tmp_path / "one", engine)
    finish(tmp_path / "two", engine)
    for name in (MANIFEST, "pairs.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_opening_what_is_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"is not a run folder: it has no manifest\.json"):
        Run.open(tmp_path)


def test_a_run_of_another_schema_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"schema_version": "0", "stages": "read"}')
    with pytest.raises(StoreError, match="schema version 0, this is version 1; run again with --overwrite"):
        Run.open(tmp_path)


def test_a_table_is_written_whole_or_not_at_all(tmp_path: Path, engine: DuckDBEngine) -> None:
    folder = RunFolder(tmp_path / "run", overwrite=False)
    folder.identify("one")
    broken = engine.table("rejects", pa.Table.from_pylist([], schema=REJECTS).to_batches(), REJECTS)
    engine.sql("rejects", "SELECT path FROM rejects")
    with pytest.raises(Exception, match="line"):
        folder.keep(engine, broken)
    assert not folder.has("rejects")
