"""Time and memory of near-duplicates as the pile grows: 10,000, 100,000 and 1,000,000 generated articles.

    python benchmarks/dedup_growth.py [--sizes 10000 100000 1000000] [--limited 100000] [--write]

Each run is a process of its own, from a file of JSON lines to a run folder; articles are generated before it and
deleted after it. ``--limited`` repeats one size with an engine memory limit of 2 GiB and compares the groups.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyarrow.parquet as pq
from generate import generate, write_lines
from machine import describe_machine, markdown_table

SIZES = (10_000, 100_000, 1_000_000)
LIMIT = "2GiB"
POLL_SECONDS = 0.2
TABLES = ("signatures", "pairs", "groups")
REPORT = Path(__file__).parents[1] / "reports" / "dedup_growth.md"
#: The run a data engineer makes: tables and manifest, no report of every article.
COMMAND = """
import sys
from pathlib import Path
from storycluster.config import load_config
from storycluster.pipeline import Options, find_duplicates
find_duplicates([sys.argv[1]], load_config(None, sys.argv[3:]), options=Options(out=Path(sys.argv[2])))
"""


@dataclass(frozen=True)
class Run:
    """One measured run; ``peak_mb`` is the resident memory of the process and its children together."""

    articles: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    spilled_mb: float
    folder_bytes: float
    groups: bytes


def measure(path: Path, articles: int, out: Path, settings: list[str]) -> Run:
    spill = out / "spill"
    arguments = [
        sys.executable,
        "-c",
        COMMAND,
        str(path),
        str(out / "run"),
        f"engine.temp_directory={spill}",
        *settings,
    ]
    start = time.perf_counter()
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL) as child:
        peak = spilled = 0.0
        while child.poll() is None:
            peak, spilled = max(peak, resident(child.pid)), max(spilled, size_of(spill))
            time.sleep(POLL_SECONDS)
        if child.returncode:
            sys.exit(child.returncode)
    seconds = time.perf_counter() - start
    used = os.times()
    held = sum((out / "run" / f"{name}.parquet").stat().st_size for name in TABLES)
    groups = (out / "run" / "groups.parquet").read_bytes()
    return Run(articles, seconds, used.children_user + used.children_system, peak, spilled, held / articles, groups)


def resident(pid: int) -> float:
    """Resident megabytes of a process and its children."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return sum(member.memory_info().rss for member in family) / 2**20
    except psutil.Error:
        return 0.0


def size_of(folder: Path) -> float:
    """Megabytes of the files in a folder that is being written."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total / 2**20


def run_size(articles: int, settings: list[str]) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        write_lines(generate(articles), path)
        before = os.times()
        found = measure(path, articles, Path(folder), settings)
        pairs = pq.read_metadata(Path(folder) / "run" / "pairs.parquet").num_rows
        cpu = found.cpu_seconds - before.children_user - before.children_system
        print(
            f"{articles:,}: {found.seconds:.1f} s, {cpu:.1f} s cpu, {found.peak_mb:,.0f} MB, {pairs:,} pairs",
            file=sys.stderr,
        )
        return Run(articles, found.seconds, cpu, found.peak_mb, found.spilled_mb, found.folder_bytes, found.groups)


def report(runs: list[tuple[Run, str]], remark: str) -> str:
    head = [
        "articles",
        "memory limit",
        "seconds",
        "cpu seconds",
        "times the row above",
        "peak MB",
        "peak bytes per further article",
        "spilled MB",
        "folder bytes per article",
    ]
    rows = []
    for place, (run, limit) in enumerate(runs):
        is_grown = place > 0 and limit == "default"
        cells = [run.articles, run.seconds, run.cpu_seconds, run.peak_mb, run.spilled_mb, run.folder_bytes]
        articles, seconds, cpu, peak, spilled, folder = (f"{cell:,.0f}" for cell in cells)
        grown = f"{run.seconds / runs[place - 1][0].seconds:.1f}" if is_grown else ""
        further = ""
        if is_grown:
            before = runs[place - 1][0]
            further = f"{(run.peak_mb - before.peak_mb) * 2**20 / (run.articles - before.articles):,.0f}"
        rows.append([articles, limit, seconds, cpu, grown, peak, further, spilled, folder])
    return (
        "# Growth of near-duplicates\n\nMeasured by "
        f"`python benchmarks/dedup_growth.py {' '.join(sys.argv[1:])}` on generated articles of about 450 words, 30 % "
        "of them copies, with the default settings, from JSON lines to a run folder of tables (no rendered reports). "
        "Peak is resident memory of all processes; the folder is signatures, pairs and groups, without the articles. A "
        "signature and its band keys are 512 + 168 bytes. "
        "Other programs shared the machine: cpu seconds are steadier than seconds.\n\n"
        + describe_machine("storycluster", "numba", "duckdb", "pyarrow")
        + "\n\n"
        + markdown_table(head, rows)
        + remark
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--limited", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    runs = [(run_size(size, []), "default") for size in options.sizes]
    text = report(runs, "")
    print(text, flush=True)
    if options.limited:
        limited = run_size(options.limited, [f"engine.memory_limit={LIMIT}"])
        free = next((run.groups for run, _ in runs if run.articles == options.limited), None)
        same = {None: "not compared", limited.groups: "equal, byte for byte"}.get(free, "DIFFERENT")
        text = report([*runs, (limited, LIMIT)], f"\nGroups with and without the memory limit: {same}.\n")
        print(text)
    if options.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
