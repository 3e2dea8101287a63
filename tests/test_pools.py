"""Functions on threads and in processes: the same results in the same order, and nothing that outlives the run."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import loky
import psutil
import pyarrow as pa
import pytest

from storycluster.engines import duckdb, pools
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.engines.pools import map_in_processes
from storycluster.errors import EngineError

NUMBERED = pa.schema([("key", pa.int64()), ("process", pa.int64())])
#: A run of its own, as a script that never asks whether it is the main module.
SCRIPT = """
import os, sys, time
import pyarrow as pa
from storycluster.cli.interrupt import ending_on_interrupt
from storycluster.engines import duckdb, pools

pools.START_SECONDS = 0.0
own = os.getpid()

def sleep(part):
    if os.getpid() != own:
        print(os.getpid(), flush=True)
        time.sleep(600)

with ending_on_interrupt():
    list(pools.map_in_processes(sleep, [pa.table({"n": [n]}) for n in range(4)], rows=4, processes=2))
"""
SECONDS_TO_END = 20  # a busy machine; they look once a second


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes start after the first part, however fast that was."""
    monkeypatch.setattr(pools, "START_SECONDS", 0.0)


def parts_of(count: int) -> list[pa.Table]:
    """Parts of one to three rows, each a slice of one table."""
    whole = pa.table({"key": [key for key in range(count) for _ in range(key % 3 + 1)]})
    starts = [sum(key % 3 + 1 for key in range(place)) for place in range(count)]
    return [whole.slice(start, key % 3 + 1) for key, start in enumerate(starts)]


def mapped(function: Callable[[pa.Table], pa.Table], count: int = 40, processes: int = 2) -> list[pa.Table]:
    rows = sum(part.num_rows for part in parts_of(count))
    return list(map_in_processes(function, iter(parts_of(count)), rows=rows, processes=processes))


def name_process(rows: pa.Table) -> pa.Table:
    return rows.append_column("process", pa.array([os.getpid()] * rows.num_rows))


def fail_on_nine(rows: pa.Table) -> pa.Table:
    if rows["key"][0].as_py() == 9:
        raise ValueError("no nine")
    return rows


def end_process(rows: pa.Table, *, but: int) -> pa.Table:
    if os.getpid() != but:
        os._exit(1)
    return rows


@pytest.mark.usefixtures("at_once")
def test_processes_give_what_one_gives_in_the_same_order() -> None:
    made = pa.concat_tables(mapped(name_process))
    assert made["key"].to_pylist() == pa.concat_tables(parts_of(40))["key"].to_pylist()
    assert made["process"].to_pylist().count(os.getpid()) == parts_of(1)[0].num_rows  # the first part only


@pytest.mark.parametrize(("processes", "count"), [(1, 40), (2, 1), (2, 0)], ids=["one process", "one part", "no part"])
@pytest.mark.usefixtures("at_once")
def test_no_process_starts_without_need(processes: int, count: int) -> None:
    made = mapped(name_process, count, processes)
    assert {pid for rows in made for pid in rows["process"].to_pylist()} <= {os.getpid()}
    assert len(made) == count


def test_what_is_fast_starts_no_process() -> None:
    assert set(pa.concat_tables(mapped(name_process))["process"].to_pylist()) == {os.getpid()}


@pytest.mark.usefixtures("at_once")
def test_a_system_that_refuses_processes_is_done_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSYS, "no semaphores")

    monkeypatch.setattr(loky, "ProcessPoolExecutor", refuse)
    assert set(pa.concat_tables(mapped(name_process))["process"].to_pylist()) == {os.getpid()}


@pytest.mark.usefixtures("at_once")
def test_what_goes_wrong_in_a_process_is_raised_here() -> None:
    with pytest.raises(ValueError, match="no nine"):
        mapped(fail_on_nine)


@pytest.mark.usefixtures("at_once")
def test_a_process_that_ends_by_itself_is_an_engine_error() -> None:
    with pytest.raises(EngineError, match=r"lower engine\.threads"):
        mapped(partial(end_process, but=os.getpid()))


def test_a_slice_travels_without_what_it_is_a_slice_of() -> None:
    whole = pa.table({"text": ["a" * 100_000, "b"]})
    assert pools._pack(whole.slice(1)).size < 1_000


@pytest.mark.usefixtures("at_once")
def test_the_engine_takes_processes_for_several_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duckdb, "PART_BYTES", 64)
    engine = DuckDBEngine(threads=2, memory_limit="", temp_directory=tmp_path / "spill")
    rows = pa.concat_tables(parts_of(40)).combine_chunks()
    source = engine.table("numbers", rows.to_batches(), rows.schema)
    for several in (True, False):
        made = engine.to_arrow(engine.map_groups("named", source, "key", name_process, NUMBERED, several=several))
        assert made["key"].to_pylist() == rows["key"].to_pylist()
        assert (len(set(made["process"].to_pylist())) > 1) == several


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_processes_end_with_the_one_that_started_them(end: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as parent:
        assert parent.stdout
        workers = [psutil.Process(int(parent.stdout.readline())) for _ in range(2)]
        parent.send_signal(end)
        parent.wait(timeout=SECONDS_TO_END)
    gone, alive = psutil.wait_procs(workers, timeout=SECONDS_TO_END)
    assert len(gone) == 2, alive
