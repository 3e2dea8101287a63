"""What is written beside the work is the same as what is written before it, and its errors are not lost."""

from pathlib import Path
from threading import Event

import pytest

from storycluster import work
from storycluster.config import Config, DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.errors import StoreError
from storycluster.pipeline import Options, find_duplicates
from storycluster.runs import RunFolder
from storycluster.stages import duplicates
from tests.duplicate_runs import changed, news

ROWS = [{"id": f"n{seed}", "text": text} for seed in range(5) for text in [news(60, seed=seed)]]
ROWS += [{"id": "copy", "text": changed(news(60, seed=1), [7])}]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_tables_written_beside_the_work_are_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find_duplicates(ROWS, Config(), options=Options(out=tmp_path / "beside"))
    monkeypatch.setattr(work, "WRITTEN_BESIDE", 0)
    find_duplicates(ROWS, Config(), options=Options(out=tmp_path / "before"))
    assert files_of(tmp_path / "beside") == files_of(tmp_path / "before")
    assert "groups.parquet" in files_of(tmp_path / "beside")


def test_a_disk_that_takes_no_articles_ends_the_run_before_another_table_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []

    def keep(_: RunFolder, __: Engine, table: Table) -> None:
        kept.append(table)
        raise StoreError(f"{table} cannot be written")

    monkeypatch.setattr(RunFolder, "keep", keep)
    with pytest.raises(StoreError, match="articles cannot be written"):
        find_duplicates(ROWS, Config(), options=Options(out=tmp_path / "run"))
    assert kept == ["articles"]


def test_articles_are_compared_while_they_are_still_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_pairs, keep, compared = duplicates.find_pairs, RunFolder.keep, Event()

    def compare(
        articles: Table, signatures: Table, config: DedupConfig, engine: Engine, *, sets: Table | None
    ) -> Table:
        compared.set()
        return find_pairs(articles, signatures, config, engine, sets=sets)

    def wait_and_keep(folder: RunFolder, engine: Engine, table: Table) -> None:
        assert compared.wait(timeout=20)
        keep(folder, engine, table)

    monkeypatch.setattr(duplicates, "find_pairs", compare)
    monkeypatch.setattr(RunFolder, "keep", wait_and_keep)
    run = find_duplicates(ROWS, Config(), options=Options(out=tmp_path / "run"))
    assert run.tables["articles"].num_rows == len(ROWS)
