"""What is written beside the work is the same as what is written before it, and its errors are not lost."""

from pathlib import Path
from threading import Event

import pyarrow as pa
import pytest

from storycluster import work
from storycluster.config import Config, DedupConfig, EngineConfig
from storycluster.engines.base import Engine, Table
from storycluster.errors import StoreError
from storycluster.model import ARTICLES
from storycluster.pipeline import Options, find_duplicates
from storycluster.runs import RunFolder
from storycluster.stages import duplicates
from storycluster.stages.duplicates import EarlySigning, signing
from storycluster.stages.read import stage
from tests.duplicate_runs import changed, news

ROWS = [{"id": f"n{seed}", "text": text} for seed in range(5) for text in [news(60, seed=seed)]]
ROWS += [{"id": "copy", "text": changed(news(60, seed=1), [7])}]

ONE_THREAD, TWO_THREADS = (Config(engine=EngineConfig(threads=threads)) for threads in (1, 2))


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


def signed_early(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many articles each run from here on finds signed when they are read."""
    taken, take = [], EarlySigning.take

    def note(early: EarlySigning, articles: int) -> list[pa.RecordBatch]:
        batches = take(early, articles)
        taken.append(sum(batch.num_rows for batch in batches))
        return batches

    monkeypatch.setattr(EarlySigning, "take", note)
    return taken


def test_articles_signed_while_others_are_read_are_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "BATCH_ROWS", 2)
    taken = signed_early(monkeypatch)
    find_duplicates(ROWS, TWO_THREADS, options=Options(out=tmp_path / "early"))
    find_duplicates(ROWS, ONE_THREAD, options=Options(out=tmp_path / "late"))
    assert files_of(tmp_path / "early") == files_of(tmp_path / "late")
    assert taken == [len(ROWS)]


def test_an_article_rejected_for_its_id_keeps_no_signature_made_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = signed_early(monkeypatch)
    rows = [*ROWS, {"id": "copy", "text": news(60, seed=9)}]
    early = find_duplicates(rows, TWO_THREADS, options=Options(out=tmp_path / "early"))
    late = find_duplicates(rows, ONE_THREAD, options=Options(out=tmp_path / "late"))
    assert early.tables["signatures"].equals(late.tables["signatures"])
    assert early.tables["signatures"].num_rows == len(ROWS)
    assert taken == [0]


def test_no_more_articles_are_signed_early_than_sets_are_kept_of(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = signed_early(monkeypatch)
    monkeypatch.setattr(signing, "ARTICLES_AT_ONCE", len(ROWS) - 1)
    monkeypatch.setattr(stage, "BATCH_ROWS", 2)
    with EarlySigning(DedupConfig(), threads=1) as early:
        for number in range(len(ROWS)):
            early.add(pa.RecordBatch.from_pylist([{"id": f"{number}", "text": "x"}], ARTICLES))
        assert early.take(len(ROWS)) == []
    assert taken == [0]
    assert find_duplicates(ROWS, TWO_THREADS).tables["signatures"].num_rows == len(ROWS)
