"""The command line as a person meets it: exit codes, one line per error, results on stdout only."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from storycluster.model import TABLES


def storycluster(*arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "storycluster", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "200"},
    )


ARTICLE = {
    "id": "ferry",
    "title": "Two ferries collide off the harbour of Brindle",
    "text": "Two ferries collided off Brindle on Tuesday. The coast guard said 12 people were hurt.",
    "published": "2024-03-05",
}


def json_lines(*records: dict[str, object]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def test_help_names_every_command_of_the_contract() -> None:
    printed = storycluster("--help").stdout.decode()
    assert all(
        f" {name} " in printed for name in ("report", "dedup", "cluster", "facts", "explain", "sweep", "evaluate")
    )


def test_a_misspelt_option_is_misuse() -> None:
    done = storycluster("report", "--formatt", "text", "x")
    assert done.returncode == 2
    assert b"--formatt" in done.stderr


def test_an_input_that_is_not_there_is_one_line_and_exit_1(tmp_path: Path) -> None:
    done = storycluster("report", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert done.stdout == b""
    assert len(done.stderr.splitlines()) == 1
    assert b"nowhere" in done.stderr


def test_a_wrong_setting_stops_before_reading(tmp_path: Path) -> None:
    done = storycluster("report", str(tmp_path / "nowhere"), "--set", "dedup.treshold=0.5")
    assert done.returncode == 1
    assert done.stderr == b"storycluster: unknown key dedup.treshold (--set); did you mean dedup.threshold?\n"


def test_json_lines_on_stdin_are_reported() -> None:
    done = storycluster("report", "-", "--format", "json", stdin=json_lines(ARTICLE))
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [article["id"] for article in report["articles"]] == ["ferry"]
    assert report["stages"] == ["read", "duplicates", "stories", "facts"]


def test_every_article_rejected_is_exit_3() -> None:
    done = storycluster("report", "-", stdin=json_lines({"id": "empty", "text": "   "}))
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1


def test_a_reject_is_told_on_stderr_and_stops_a_strict_run() -> None:
    stdin = json_lines(ARTICLE, {"id": "empty", "text": ""})
    told = storycluster("dedup", "-", stdin=stdin)
    assert told.returncode == 0, told.stderr
    assert b"1 record was rejected" in told.stderr
    strict = storycluster("dedup", "-", "--strict", stdin=stdin)
    assert strict.returncode == 1
    assert strict.stdout == b""


def test_quiet_is_quiet() -> None:
    done = storycluster("dedup", "-", "--quiet", stdin=json_lines(ARTICLE, {"id": "empty", "text": ""}))
    assert (done.returncode, done.stderr) == (0, b"")


def test_out_keeps_every_table_and_every_format(seeds: Path, tmp_path: Path) -> None:
    done = storycluster("report", str(seeds), "--out", str(tmp_path / "run"))
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names >= {f"{name}.parquet" for name in TABLES}
    assert names >= {"report.txt", "report.md", "report.json", "report.html", "rejects.jsonl", "manifest.json"}
    assert (tmp_path / "run" / "report.txt").read_bytes() == done.stdout


def test_the_report_fits_80_columns_and_has_no_escapes_in_a_pipe(seeds: Path) -> None:
    printed = storycluster("report", str(seeds)).stdout.decode()
    assert max(len(line) for line in printed.splitlines()) <= 80
    assert "\x1b" not in printed


@pytest.mark.parametrize("command", ["dedup", "cluster", "facts"])
def test_each_command_says_which_stages_ran(command: str, seeds: Path) -> None:
    last = {"dedup": "duplicates", "cluster": "stories", "facts": "facts"}[command]
    done = storycluster(command, str(seeds), "--format", "json")
    assert json.loads(done.stdout)["stages"][-1] == last


def test_a_folder_of_another_run_is_refused_by_name(seeds: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    assert storycluster("dedup", str(seeds), "--out", out).returncode == 0
    refused = storycluster("dedup", str(seeds), "--out", out, "--threshold", "0.7")
    assert refused.returncode == 1
    assert out.encode() in refused.stderr
    assert storycluster("dedup", str(seeds), "--out", out, "--threshold", "0.7", "--overwrite").returncode == 0


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = ("numpy", "pyarrow", "duckdb", "numba", "sklearn")
    code = f"import storycluster, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
