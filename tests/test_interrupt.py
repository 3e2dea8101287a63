"""Ctrl-C ends a run within two seconds, whatever it is doing, and leaves nothing that looks complete."""

import json
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

LIMIT_SECONDS = 2.0

QUERY = """
import duckdb
connection = duckdb.connect()
print("begun", flush=True)
connection.execute("CREATE TABLE x AS SELECT sum(sqrt(a.range * b.range)) FROM range(10000000) a, range(10000000) b")
"""
KERNEL = """
import numba, numpy
@numba.njit("void(float64[::1])", nogil=True)
def grow(numbers):
    while numbers[0] < numpy.inf:
        numbers[0] += 1.0
print("begun", flush=True)
grow(numpy.zeros(1))
"""
PYTHON = """
print("begun", flush=True)
while True:
    pass
"""
POOL = """
from concurrent.futures import ThreadPoolExecutor
import time
print("begun", flush=True)
with ThreadPoolExecutor(2) as pool:
    list(pool.map(time.sleep, [60] * 8))
"""
BLOCK = """
from pathlib import Path
from storycluster.cli.interrupt import ending_on_interrupt
with ending_on_interrupt(Path({scratch!r}) / "mine-*"):
    exec({work!r})
"""


def interrupt(child: subprocess.Popen[bytes]) -> tuple[float, bytes]:
    """Seconds from SIGINT to the end, and what stands on stderr."""
    started = time.monotonic()
    child.send_signal(signal.SIGINT)
    child.wait(timeout=60)
    assert child.stderr
    return time.monotonic() - started, child.stderr.read()


@pytest.mark.parametrize("work", [QUERY, KERNEL, PYTHON, POOL], ids=["query", "kernel", "python", "pool"])
def test_no_kind_of_work_holds_an_interrupt_up(work: str, tmp_path: Path) -> None:
    for name in ("mine-1", "mine-2", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "spilled").write_bytes(b"x")
    code = BLOCK.format(scratch=str(tmp_path), work=work)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline() == b"begun\n"
        time.sleep(0.3)  # now it is inside
        seconds, said = interrupt(child)
    assert seconds < LIMIT_SECONDS
    assert (child.returncode, said) == (130, b"storycluster: interrupted\n")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_after_the_block_an_interrupt_is_the_callers_again() -> None:
    from storycluster.cli.interrupt import ending_on_interrupt

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
    try:
        with ending_on_interrupt(), ending_on_interrupt(Path("nowhere")):
            assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_run_interrupted_while_it_reads_leaves_no_run_folder_and_the_earlier_one_whole(tmp_path: Path) -> None:
    line = json.dumps({"text": "Two ferries collided off Brindle on Tuesday, the coast guard said. " * 30}) + "\n"
    first, out = tmp_path / "first.jsonl", tmp_path / "run"
    first.write_text(line)
    command = [sys.executable, "-m", "storycluster", "dedup", "-", "--out", str(out), "--overwrite"]
    for earlier in (False, True):
        if earlier:
            subprocess.run([*command, "--quiet"], input=first.read_bytes(), stdout=subprocess.DEVNULL, check=True)
        left = {path.name: path.read_bytes() for path in out.iterdir()} if earlier else {}
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            feeder = threading.Thread(target=feed, args=(child, line.encode()), daemon=True)
            feeder.start()
            time.sleep(3.0)  # long enough to be reading, and there is no end to what it reads
            seconds, said = interrupt(child)
            feeder.join(timeout=10)
        assert seconds < LIMIT_SECONDS
        assert (child.returncode, said) == (130, b"storycluster: interrupted\n")
        assert out.exists() is earlier
        assert left == ({path.name: path.read_bytes() for path in out.iterdir()} if earlier else {})


def feed(child: subprocess.Popen[bytes], line: bytes) -> None:
    """Lines without end, until nobody reads them."""
    assert child.stdin
    with suppress(OSError), child.stdin as stream:
        while True:
            stream.write(line)
