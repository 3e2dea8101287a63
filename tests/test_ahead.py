"""A second process compiles what the first run needs late, and nothing twice; it never outlives the run."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from storycluster.kernels import ahead
from storycluster.pipeline import COMPILING


def record_processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that are started from here on."""
    started: list[subprocess.Popen[bytes]] = []
    start = ahead._start

    def keep(modules: list[str]) -> subprocess.Popen[bytes]:
        started.append(start(modules))
        return started[-1]

    monkeypatch.setattr(ahead, "_start", keep)
    return started


def test_every_kernel_named_exists() -> None:
    names = [name for modules in ahead.HELPED.values() for name in modules]
    assert all(importlib.util.find_spec(f"storycluster.kernels.{name}") for name in names)


def test_a_first_run_is_told_by_its_folder_of_kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert ahead.seems_first()
    (tmp_path / "kernels_1").mkdir()
    (tmp_path / "kernels_1" / "tokens._tokenise-1.py311.nbi").touch()
    assert not ahead.seems_first()


def test_the_process_has_ended_well_when_the_block_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "HELPED", {"stories": ("bcubed",)})
    started = record_processes(monkeypatch)
    with ahead.second_process(["read", "stories"]) as helper:
        helper.start()
    assert [process.returncode for process in started] == [0]


def test_the_process_is_ended_where_the_run_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    started = record_processes(monkeypatch)
    block = ahead.second_process(["stories"])
    block.__enter__().start()
    failure = KeyError("no article")
    assert not block.__exit__(KeyError, failure, None)
    assert started[0].returncode not in {0, None}


def test_a_stage_waits_for_its_own_kernels_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "HELPED", {"stories": ("bcubed",), "facts": ("lsh",)})
    started = record_processes(monkeypatch)
    with ahead.second_process(["read", "duplicates", "stories", "facts"]) as helper:
        helper.start()
        helper.wait_before("duplicates")
        helper.wait_before("stories")
        lines = started[0].stdout
        assert lines
        assert lines.readline() == b"lsh\n"  # that of facts is left
        helper.wait_before("facts")  # and is not waited for a second time
    assert started[0].returncode == 0


def test_a_process_that_fails_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "HELPED", {"stories": ("no_such_module", "graph")})
    started = record_processes(monkeypatch)
    with ahead.second_process(["stories"]) as helper:
        helper.start()
        helper.wait_before("stories")
    assert started[0].returncode == 1


def test_stages_without_kernels_of_their_own_start_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    started = record_processes(monkeypatch)
    with ahead.second_process(["read", "duplicates"]) as helper:
        helper.start()
    assert not started


def test_no_process_is_started_where_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    started = record_processes(monkeypatch)
    with ahead.second_process(["stories"]):
        pass
    assert not started


@pytest.mark.slow
def test_the_first_run_says_once_that_it_compiles_and_reports_the_same(tmp_path: Path) -> None:
    seeds = Path(__file__).resolve().parents[1] / "seeds"
    command = [sys.executable, "-m", "storycluster", "report", str(seeds)]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    first, second = (
        subprocess.run(command, capture_output=True, text=True, env=environment, check=True) for _ in range(2)
    )
    assert (first.stderr.strip(), second.stderr) == (COMPILING, "")
    assert first.stdout == second.stdout
