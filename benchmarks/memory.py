"""Memory of ``dedup`` on a gigabyte of JSON lines, stage by stage, and the time from Ctrl-C to the end of the command.

    python benchmarks/memory.py [--articles 345000] [--interrupted 10000] [--file articles.jsonl] [--write]

The command is the real one, reports and all, at default settings, in a process of its own. The stage at work is seen
from outside: it is told by the newest file of the run folder that is being built. ``--file`` takes a file of generated
articles in place of making one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import psutil
from generate import generate, write_lines
from machine import describe_machine, markdown_table

ARTICLES, INTERRUPTED = 345_000, 10_000
POLL_SECONDS = 0.02
REPORT = Path(__file__).parents[1] / "reports" / "memory.md"
#: What is done once a file is the newest of the run folder; before the first one articles are read.
STAGES = {
    "articles.part": "writing the articles",
    "rejects.parquet": "fingerprinting",
    "signatures.part": "writing the signatures",
    "signatures.parquet": "comparing",
    "pairs.part": "grouping",
    "rejects.jsonl": "reports",
}
#: When Ctrl-C is pressed: the stage, and how long it has been at work.
MOMENTS = (("reading", 2.0), ("fingerprinting", 0.5), ("comparing", 1.0), ("reports", 0.2), ("reports", 1.5))


@dataclass
class Watched:
    """A command at work: since when each stage is, and the most it held."""

    began: dict[str, float] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)


def watch(child: subprocess.Popen[bytes], out: Path, *, until: Callable[[Watched], bool] = lambda _: False) -> Watched:
    """What the command did until it ended, or until it did what it was watched for."""
    seen, stage, start = Watched(), "reading", time.perf_counter()
    process = psutil.Process(child.pid)
    while child.poll() is None and not until(seen):
        stage = STAGES.get(newest(out.with_name(f".{out.name}.partial")), stage)
        seen.began.setdefault(stage, time.perf_counter() - start)
        with suppress(psutil.Error):
            seen.peaks[stage] = max(seen.peaks.get(stage, 0.0), process.memory_info().rss / 2**20)
        time.sleep(POLL_SECONDS)
    seen.began["end"] = time.perf_counter() - start
    return seen


def newest(folder: Path) -> str:
    """The file that was begun last; empty where there is none."""
    found = []
    with suppress(OSError):
        for entry in os.scandir(folder):
            with suppress(OSError):
                found.append((entry.stat().st_ctime_ns, entry.name))
    return max((one for one in found if one[1] in STAGES), default=(0, ""))[1]


def start(path: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "storycluster", "dedup", str(path), "--out", str(out), "--quiet"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def measure(path: Path, out: Path) -> tuple[Watched, float]:
    """The whole command, and its seconds of processor time."""
    before = os.times()
    with start(path, out) as child:
        seen = watch(child, out)
    if child.returncode:
        sys.exit(child.returncode)
    used = os.times()
    return seen, sum(used[2:4]) - sum(before[2:4])


def interrupt(path: Path, out: Path, *, stage: str, after: float) -> tuple[float, str]:
    """Seconds from Ctrl-C to the end of the command, and what is left behind in words."""
    pressed = [0.0]

    def is_time(seen: Watched) -> bool:
        if stage not in seen.began:
            return False
        pressed[0] = pressed[0] or time.perf_counter()
        return time.perf_counter() - pressed[0] >= after

    with start(path, out) as child:
        watch(child, out, until=is_time)
        began = time.perf_counter()
        child.send_signal(signal.SIGINT)
        child.wait()
        seconds = time.perf_counter() - began
    left = "no run folder" if not out.exists() else "A RUN FOLDER"
    shutil.rmtree(out.with_name(f".{out.name}.partial"), ignore_errors=True)
    return seconds, f"{left}, exit code {child.returncode}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--interrupted", type=int, default=INTERRUPTED)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the command must not inherit that it is ignored
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = options.file or folder / "articles.jsonl"
        if not options.file:
            write_lines(generate(options.articles), path)
        seen, cpu = measure(path, folder / "run")
        print(seen, file=sys.stderr, flush=True)
        few = folder / "few.jsonl"
        with path.open("rb") as lines, few.open("wb") as file:
            file.writelines(islice(lines, options.interrupted))
        stops = [(stage, after, *interrupt(few, folder / "cut", stage=stage, after=after)) for stage, after in MOMENTS]
        size = path.stat().st_size
    text = report(seen, cpu, size=size, stops=stops, interrupted=options.interrupted)
    print(text)
    if options.write:
        REPORT.write_text(text, encoding="utf-8")


def report(
    seen: Watched, cpu: float, *, size: int, stops: list[tuple[str, float, float, str]], interrupted: int
) -> str:
    ends = [*list(seen.began.values())[1:]]
    rows = [
        [stage, f"{end - seen.began[stage]:,.0f}", f"{seen.peaks[stage]:,.0f}"]
        for stage, end in zip(seen.peaks, ends, strict=True)
    ]
    rows.append(["all", f"{seen.began['end']:,.0f}", f"{max(seen.peaks.values()):,.0f}"])
    pressed = [[f"{stage}, after {after} s", f"{seconds:.2f}", left] for stage, after, seconds, left in stops]
    return (
        "# Memory of near-duplicates, and Ctrl-C\n\nMeasured by `python benchmarks/memory.py --write`: the command "
        f"`dedup articles.jsonl --out run` on {size / 1e9:.2f} GB of generated JSON lines at default settings, all "
        f"reports included. Processor time {cpu:,.0f} s; other programs shared the machine, so seconds may be more "
        "than on an idle one.\n\n"
        f"{describe_machine('storycluster', 'duckdb', 'pyarrow')}\n\n"
        f"{markdown_table(['stage', 'seconds', 'peak resident MiB'], rows)}\n"
        f"## From Ctrl-C to the end, {interrupted:,} articles\n\n"
        f"{markdown_table(['pressed while', 'seconds', 'left behind'], pressed)}"
    )


if __name__ == "__main__":
    main()
