"""The Python interface: twelve names, and the same result as the command line for any form of input."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import storycluster
from storycluster import Article, Config, InputError, Options, Run, cluster_stories, find_duplicates, load_config, run
from storycluster.model import TABLES
from storycluster.views.report import build_report
from storycluster.views.text import to_text
from tests.report_fixture import choose

RECORDS = [
    {
        "id": f"{place.lower()}-{day}",
        "title": f"{count} hurt as two ferries collide off {place}",
        "text": (
            f"Two ferries collided off {place} in thick fog on Tuesday. The coast guard said {count} people were "
            f"hurt. Rescuers brought the passengers ashore in {place} before dusk, and the harbour stayed closed."
        ),
        "published": f"2024-03-0{day}",
        "source": source,
    }
    for place, count, day, source in [
        ("Brindle", 12, 5, "Gazette"),
        ("Brindle", 15, 6, "Courier"),
        ("Marlow", 3, 5, "Gazette"),
    ]
]


def tables_of(result: Run) -> dict[str, list[dict[str, object]]]:
    """Every table, without the place in the file that a record came from."""
    found = {name: result.tables[name].to_pylist() for name in result.tables}
    for row in found["articles"]:
        row.pop("path")
        row.pop("line")
    return found


def test_the_public_names_are_these_twelve() -> None:
    names = [
        "Article",
        "Config",
        "ConfigError",
        "InputError",
        "Options",
        "Run",
        "StoryClusterError",
        "cluster_stories",
        "find_duplicates",
        "find_new_facts",
        "load_config",
        "run",
    ]
    assert sorted(storycluster.__all__) == names
    assert all(getattr(storycluster, name).__name__ == name for name in names)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'dedupe'"):
        storycluster.dedupe  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize(
    "make",
    [
        lambda records: [Article(**record) for record in records],
        lambda records: iter(records),
        pd.DataFrame,
        pl.DataFrame,
        pa.Table.from_pylist,
    ],
    ids=["articles", "an iterator of mappings", "pandas", "polars", "arrow"],
)
def test_every_form_of_input_gives_the_same_tables(make: Callable[[list[Mapping[str, object]]], object]) -> None:
    assert tables_of(run(make(RECORDS))) == tables_of(run(RECORDS))  # type: ignore[arg-type]


def test_the_command_line_reports_what_the_interface_reports(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    command = [sys.executable, "-m", "storycluster", "report", str(path), "--format", "json", "--quiet"]
    printed = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    result = run([path])
    assert printed == json.loads(json.dumps(build_report(result.tables, config=Config(), stages=result.stages)))


def test_a_run_has_every_table_with_its_schema() -> None:
    result = run(RECORDS)
    assert {name: result.tables[name].schema for name in result.tables} == TABLES


def test_a_kept_run_opens_with_the_same_tables(tmp_path: Path) -> None:
    kept = run(RECORDS, options=Options(out=tmp_path / "run"))
    assert tables_of(kept) == tables_of(run(RECORDS))
    assert tables_of(Run.open(tmp_path / "run")) == tables_of(kept)


def test_a_run_cut_off_after_any_table_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    whole = run(RECORDS, options=Options(out=tmp_path / "whole"))
    assert whole.folder is not None
    for stop_after in ("signatures", "groups", "similarities", "memberships", "facts"):
        target = tmp_path / stop_after
        partial = tmp_path / f".{stop_after}.partial"
        with pytest.MonkeyPatch.context() as patch:
            _fail_after(stop_after, patch)
            with pytest.raises(KeyboardInterrupt):
                run(RECORDS, options=Options(out=target))
        assert not target.exists()
        assert (partial / f"{stop_after}.parquet").exists()
        run(RECORDS, options=Options(out=target))
        for path in whole.folder.iterdir():
            assert path.read_bytes() == (target / path.name).read_bytes(), path.name


def _fail_after(name: str, patch: pytest.MonkeyPatch) -> None:
    from storycluster.runs import RunFolder

    keep = RunFolder.keep

    def keep_then_stop(self: RunFolder, engine: object, table: str) -> None:
        keep(self, engine, table)  # type: ignore[arg-type]
        if table == name:
            raise KeyboardInterrupt

    patch.setattr(RunFolder, "keep", keep_then_stop)


@pytest.mark.parametrize(
    ("setting", "before", "after"),
    [("dedup.threshold=0.5", 0, 1), ("dedup.threshold=0.99", 0, 0)],
)
def test_the_copy_threshold_decides_what_is_a_copy(setting: str, before: int, after: int) -> None:
    strict = find_duplicates(RECORDS, load_config(None, ["dedup.threshold=0.99", "dedup.containment_threshold=1.0"]))
    loose = find_duplicates(RECORDS, load_config(None, [setting, "dedup.containment_threshold=1.0"]))
    groups = [len(set(table.tables["groups"].column("id").to_pylist())) for table in (strict, loose)]
    assert groups == [before, after]


@pytest.mark.parametrize(("threshold", "stories"), [(0.05, 1), (0.25, 3)])
def test_the_story_threshold_decides_how_large_stories_are(threshold: float, stories: int, seeds: Path) -> None:
    found = cluster_stories([seeds], load_config(None, [f"stories.threshold={threshold}"]))
    assert found.tables["stories"].num_rows == stories


@pytest.mark.parametrize(("shown", "left_out"), [(1, True), (100, False)])
def test_the_number_of_facts_shown_is_a_setting(shown: int, left_out: bool, seeds: Path) -> None:
    config = load_config(None, [f"facts.max_per_article={shown}"])
    result = run([seeds], config)
    printed = to_text(choose(result.tables, config=config, stages=result.stages), width=80)
    assert ("more new facts" in printed) == left_out


def test_the_share_that_makes_a_statement_known_is_a_setting(seeds: Path) -> None:
    def known(share: float) -> int:
        found = run([seeds], load_config(None, [f"facts.known_containment={share}"]))
        return found.tables["facts"].column("status").to_pylist().count("known")

    assert known(1.0) < known(0.67)


def test_nothing_to_read_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no article was accepted, 1 rejected"):
        run([Article(text=" ")])
