"""Runs cut off by a kill or a full disk: the earlier run stays, and the same command gives the undisturbed bytes."""

import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from storycluster.engines.duckdb import DuckDBEngine
from storycluster.errors import EngineError
from storycluster.runs import RunFolder

#: What a run makes, in order; it is killed as soon as one of them stands in its folder.
MADE = (
    "articles.parquet",
    "signatures.part",
    "groups.parquet",
    "memberships.parquet",
    "facts.parquet",
    "report.html",
)
LIMIT_SECONDS = 60.0


def command(inputs: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "storycluster", "report", str(inputs), "--out", str(out), "--quiet", *more]


def finish(arguments: list[str], limit: Callable[[], None] | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(arguments, capture_output=True, check=False, preexec_fn=limit)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def kill_when(arguments: list[str], due: Callable[[float], bool]) -> bool:
    """Whether the run was still going when it was killed."""
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        started = time.monotonic()
        while child.poll() is None and not due(time.monotonic() - started):
            time.sleep(0.0005)
            assert time.monotonic() - started < LIMIT_SECONDS
        child.send_signal(signal.SIGKILL)
    return child.returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def whole(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("whole") / "run"
    assert finish(command(seeds, out)).returncode == 0
    return contents(out)


@pytest.mark.slow
def test_a_run_killed_at_every_table_in_turn_ends_with_the_undisturbed_bytes(
    seeds: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    out, partial_folder = tmp_path / "run", tmp_path / ".run.partial"
    killed = 0
    for name in MADE:
        killed += kill_when(command(seeds, out), lambda _, name=name: (partial_folder / name).exists())  # type: ignore[misc]
        if killed:
            assert not out.exists() or contents(out) == whole
    assert killed >= len(MADE) - 2  # what stands there for a moment only may be missed
    assert finish(command(seeds, out)).returncode == 0
    assert contents(out) == whole
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_killed_at_any_moment_leaves_the_earlier_one_or_its_own(
    seed: int, seeds: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    arguments = command(seeds, out, "--overwrite")
    assert finish([*arguments, "--set", "stories.threshold=0.9"]).returncode == 0
    earlier = contents(out)
    moment = random.Random(seed).uniform(0.5, 4.0)  # noqa: S311
    kill_when(arguments, lambda seconds: seconds > moment)
    assert not out.exists() or contents(out) in (earlier, whole)
    assert finish(arguments).returncode == 0
    assert contents(out) == whole


@pytest.mark.slow
def test_of_runs_that_start_at_once_the_folder_holds_one_and_no_other_fails_unsaid(
    seeds: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    started = [
        subprocess.Popen(command(seeds, tmp_path / "run"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ended = {(child.communicate()[1], child.returncode) for child in started}
    busy = f"storycluster: --out {tmp_path / 'run'}: another run is being written there; wait for its end or choose "
    assert ("", 0) in ended
    assert ended <= {("", 0), (f"{busy}another folder\n", 1)}
    assert contents(tmp_path / "run") == whole
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_earlier_run_is_back_after_a_kill_while_it_was_replaced(tmp_path: Path) -> None:
    (tmp_path / ".run.old").mkdir()
    (tmp_path / ".run.old" / "manifest.json").write_text('{"key": "one"}')
    RunFolder(tmp_path / "run", overwrite=False).close()
    assert (tmp_path / "run" / "manifest.json").exists()
    assert not (tmp_path / ".run.old").exists()


def limit_files(most_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))


@pytest.mark.slow
@pytest.mark.parametrize(("room", "name"), [(2_000, "articles.parquet"), (60_000, "report.")])
def test_a_full_disk_is_one_line_and_the_earlier_run_stays(
    room: int, name: str, seeds: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    out.mkdir()
    for file, content in whole.items():
        (out / file).write_bytes(content)
    arguments = command(seeds, out, "--overwrite", "--set", "facts.max_per_article=3")
    full = finish(arguments, partial(limit_files, room))
    assert full.returncode == 1
    assert full.stdout == b""
    assert len(full.stderr.splitlines()) == 1
    said = full.stderr.decode()
    assert f"{out}: {name}" in said
    assert "cannot be written: File too large; the run that is there stays as it was" in said
    assert contents(out) == whole
    assert finish(arguments).returncode == 0
    assert contents(out) != whole


def test_no_room_to_spill_is_an_engine_error_that_names_the_settings(tmp_path: Path) -> None:
    code = f"""
import resource
from tests.test_cut_off import limit_files, spill_much
from pathlib import Path
limit_files(1 << 20)
spill_much(Path({str(tmp_path)!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert done.stdout == "engine.temp_directory is named\n", done.stderr


def spill_much(folder: Path) -> None:
    """Sort more than fits into memory; say whether the error names the setting."""
    engine = DuckDBEngine(threads=1, memory_limit="40MB", temp_directory=folder / "spill")
    try:
        engine.sql("x", "SELECT md5(range::VARCHAR) AS b FROM range(2000000) ORDER BY b")
    except EngineError as error:
        if "point engine.temp_directory at a larger disk" in str(error) and "File too large" in str(error):
            sys.stdout.write("engine.temp_directory is named\n")
