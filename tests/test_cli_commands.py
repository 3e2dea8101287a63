"""The commands that read a run, and what dedup shows and writes beside its report."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from storycluster import cli
from storycluster.pipeline import Options, cluster_stories
from storycluster.runs import OURS
from tests.small_runs import articles

Storycluster = Callable[..., tuple[int, str, str]]


@pytest.fixture
def storycluster(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Storycluster:
    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["storycluster", *map(str, arguments)])
        status = 0
        try:
            cli.main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        printed = capfdbinary.readouterr()
        return status, printed.out.decode(), printed.err.decode()

    return call


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("inputs") / "news.jsonl"
    lines = [{"id": each.id, "text": each.text, "published": each.published} for each in articles()]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    cluster_stories([inputs], options=Options(out=folder, render=lambda _: {"report.json": "{}"}))
    return folder


def test_explain_says_where_an_article_is_and_names_ids_near_an_unknown_one(
    storycluster: Storycluster, run: Path
) -> None:
    status, printed, _ = storycluster("explain", run, "ferry-1", "--quiet")
    assert status == 0
    assert "What would change it" in printed
    status, printed, _ = storycluster("explain", run / "report.json", "ferry-1", "strike-1")
    assert status == 0
    assert "No: in different stories" in printed
    status, printed, said = storycluster("explain", run, "fery-1")
    assert (status, printed, len(said.splitlines())) == (1, "", 1)
    assert "ferry-1" in said


def test_sweep_prints_both_tables_and_draws(storycluster: Storycluster, run: Path, tmp_path: Path) -> None:
    status, printed, said = storycluster("sweep", run, "--plot", tmp_path / "sweep.svg")
    assert (status, said) == (0, "")
    assert "dedup.threshold" in printed
    assert "stories.threshold" in printed
    assert (tmp_path / "sweep.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_sweep_of_copies_alone_says_on_stderr_that_stories_are_left_out(
    storycluster: Storycluster, inputs: Path, tmp_path: Path
) -> None:
    storycluster("dedup", inputs, "--out", tmp_path / "copies", "--quiet")
    status, printed, said = storycluster("sweep", tmp_path / "copies")
    assert status == 0
    assert "stories.threshold" not in printed
    assert "left out" in said
    assert storycluster("sweep", tmp_path / "copies", "--quiet") == (0, printed, "")


def test_evaluate_measures_a_run(storycluster: Storycluster, run: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    lines = [{"id": each.id, "story": str(each.id).split("-")[0]} for each in articles()]
    gold.write_text("".join(json.dumps(line) + "\n" for line in [*lines, {"id": "gone", "story": "x"}]))
    status, printed, _ = storycluster("evaluate", run, "--gold", gold)
    assert status == 0
    assert "BCubed                 1.000     1.000  1.000" in printed
    assert "1 gold id (gone)" in printed
    status, _, said = storycluster("evaluate", run, "--gold", gold, "--strict")
    assert status == 1
    assert "gone" in said
    status, _, said = storycluster("evaluate", run, "--gold", gold, "--facts")
    assert status == 1
    assert "no facts" in said


def test_evaluate_measures_the_facts_of_the_seeds(storycluster: Storycluster, seeds: Path, tmp_path: Path) -> None:
    storycluster("report", seeds, "--out", tmp_path / "run", "--quiet")
    gold = Path(__file__).parent / "gold" / "seeds.json"
    status, printed, _ = storycluster("evaluate", tmp_path / "run", "--gold", gold, "--facts")
    assert status == 0
    assert "BCubed" in printed
    assert "new facts reported new" in printed
    assert max(map(len, printed.splitlines())) <= 80


def test_a_folder_that_is_no_run_is_one_line(storycluster: Storycluster, tmp_path: Path) -> None:
    for arguments in (("explain", tmp_path, "a"), ("sweep", tmp_path), ("evaluate", tmp_path, "--gold", tmp_path)):
        status, printed, said = storycluster(*arguments)
        assert (status, printed, len(said.splitlines())) == (1, "", 1)


def test_a_wrong_setting_is_told_by_the_commands_that_read_a_run(storycluster: Storycluster, run: Path) -> None:
    status, _, said = storycluster("sweep", run, "--set", "stories.treshold=1")
    assert status == 1
    assert "did you mean stories.threshold" in said


def test_the_plan_is_printed_before_anything_is_read(storycluster: Storycluster, inputs: Path, tmp_path: Path) -> None:
    status, printed, said = storycluster("dedup", tmp_path / "nowhere", "--explain-plan")
    assert status == 1
    assert "21 bands of 6 rows" in printed
    assert "0.9983" in printed
    status, printed, said = storycluster("dedup", inputs, "--explain-plan", "--format", "json", "--quiet")
    assert status == 0
    assert json.loads(printed)["stages"] == ["read", "duplicates"]
    assert "21 bands of 6 rows" in said


def test_the_plan_of_the_exact_join_promises_all_pairs(storycluster: Storycluster, inputs: Path) -> None:
    assert "expected recall 1" in storycluster("dedup", inputs, "--explain-plan", "--exact")[1]


def test_the_plan_is_drawn_with_the_pairs_that_were_found(
    storycluster: Storycluster, inputs: Path, tmp_path: Path
) -> None:
    pictures = [tmp_path / name for name in ("one.svg", "two.svg", "exact.png")]
    for picture in pictures:
        more = ("--exact",) if picture.name == "exact.png" else ()
        status, _, said = storycluster("dedup", inputs, "--explain-plan", "--plot", picture, "--quiet", *more)
        assert (status, said) == (0, "")
    drawn = pictures[0].read_text(encoding="utf-8")
    assert all(words in drawn for words in ("chance of being compared", "pairs found", "dedup.threshold = 0.8"))
    assert pictures[1].read_text(encoding="utf-8") == drawn
    assert pictures[2].read_bytes().startswith(b"\x89PNG")


def test_a_plot_without_a_plan_or_of_another_kind_is_refused_before_reading(
    storycluster: Storycluster, tmp_path: Path
) -> None:
    status, _, said = storycluster("dedup", tmp_path / "nowhere", "--plot", "plan.svg")
    assert status == 1
    assert "add --explain-plan" in said
    status, _, said = storycluster("dedup", tmp_path / "nowhere", "--explain-plan", "--plot", "plan.gif")
    assert status == 1
    assert "must end with .svg or .png" in said


def test_write_kept_leaves_the_copies_out_and_the_rest_as_it_was(
    storycluster: Storycluster, inputs: Path, tmp_path: Path
) -> None:
    status, _, said = storycluster(
        "dedup", inputs, "--write-kept", tmp_path / "kept.jsonl", "--set", "dedup.threshold=0.9"
    )
    assert status == 0, said
    assert "9 articles written to" in said
    lines = inputs.read_bytes().splitlines(keepends=True)
    assert (tmp_path / "kept.jsonl").read_bytes() == b"".join(line for line in lines if b"ferry-copy" not in line)


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "lines": lambda lines: lines,
    "packed": gzip.compress,
    "table": lambda lines: b"id,text,more\n" + b"".join(b"%d,%b,=1\n" % line for line in enumerate(texts(lines))),
}


def texts(lines: bytes) -> list[bytes]:
    return [json.dumps(json.loads(line)["text"], ensure_ascii=False).encode() for line in lines.splitlines()]


@pytest.mark.parametrize("form", FORMS)
def test_write_kept_gives_the_lines_of_standard_input_as_they_came(form: str, inputs: Path, tmp_path: Path) -> None:
    lines, kept = FORMS[form](inputs.read_bytes()), tmp_path / "kept"
    command = [sys.executable, "-m", "storycluster", "dedup", "-", "--write-kept", str(kept)]
    more = ["--set", "dedup.threshold=0.9", "--set", f"engine.temp_directory={tmp_path / 'spill'}"]
    done = subprocess.run([*command, *more], input=lines, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    came = (gzip.decompress(lines) if form == "packed" else lines).splitlines(keepends=True)
    written = kept.read_bytes().splitlines(keepends=True)
    assert len(written) == len(came) - 1
    assert written == [line for line in came if line in written]
    assert list((tmp_path / "spill").iterdir()) == []


@pytest.mark.parametrize("name", ["news.parquet", "news.feather"])
def test_write_kept_gives_whole_rows_of_tables(
    storycluster: Storycluster, name: str, inputs: Path, tmp_path: Path
) -> None:
    rows = [json.loads(line) | {"more": {"n": n}} for n, line in enumerate(inputs.read_text().splitlines())]
    source, target = tmp_path / name, tmp_path / f"kept.{name.split('.')[1]}"
    table = pa.Table.from_pylist(rows)
    if name.endswith("parquet"):
        pq.write_table(table, source, row_group_size=4)
    else:
        feather.write_feather(table, str(source), compression="uncompressed", chunksize=4)
    command = ("dedup", source, "--set", "dedup.threshold=0.9", "--quiet", "--write-kept")
    status, _, said = storycluster(*command, target)
    assert status == 0, said
    written = (pq.read_table if name.endswith("parquet") else feather.read_table)(str(target)).to_pylist()
    assert written == [row for row in rows if row["id"] != "ferry-copy"]
    status, _, said = storycluster(*command, tmp_path / "kept.jsonl")
    assert status == 1
    assert "need a name with ." in said
    (tmp_path / "other.jsonl").write_text('{"id": "other", "text": "A museum in Lund has shown a map."}')
    status, _, said = storycluster("dedup", source, tmp_path / "other.jsonl", "--quiet", "--write-kept", target)
    assert status == 1
    assert "files of different formats" in said


def test_against_names_the_copies_of_an_earlier_run(storycluster: Storycluster, run: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.jsonl"
    copy = {"id": "again", "text": articles()[4].text}
    other = {"id": "other", "text": "A museum in Lund has shown a map of 1612 for the first time since it was found."}
    later.write_text("".join(json.dumps(line) + "\n" for line in (copy, other)))
    out = tmp_path / "later"
    status, printed, said = storycluster("dedup", later, "--against", run, "--out", out, "--write-kept", tmp_path / "k")
    assert status == 0, said
    assert "again = strike-1" in printed
    assert (out / "report.txt").read_text(encoding="utf-8") == printed
    assert all(OURS.fullmatch(path.name) for path in out.iterdir())
    found = [json.loads(line) for line in (out / "matches.jsonl").read_text().splitlines()]
    assert ("again", "strike-1", "exact") in [(row["article"], row["earlier"], row["relation"]) for row in found]
    assert {row["article"] for row in json.loads((out / "report.json").read_text())["matches"]} == {"again"}
    assert (tmp_path / "k").read_bytes() == later.read_bytes().splitlines(keepends=True)[1]


def test_against_a_run_of_other_signatures_is_refused_before_reading(
    storycluster: Storycluster, run: Path, tmp_path: Path
) -> None:
    status, _, said = storycluster("dedup", tmp_path / "nowhere", "--against", run, "--set", "dedup.seed=2")
    assert status == 1
    assert "dedup.seed" in said


def test_the_command_line_loads_nothing_heavy_before_a_command_runs() -> None:
    heavy = ("numpy", "pyarrow", "duckdb", "numba", "sklearn", "scipy", "tabulate", "matplotlib")
    code = f"import storycluster.cli.app, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
