"""Near-duplicates on Spark as the pile grows: seconds, processor time and shuffle bytes of each step.

    python benchmarks/spark_growth.py [--sizes 20000 200000] [--broadcast] [--write]

Each size is a process of its own on ``local[2]``, from Parquet that Spark reads to Parquet in the checkpoint folder.
Seconds and bytes of a step come from Spark's event log; processor time is of all processes together. Small tables
are not broadcast unless ``--broadcast`` says so, so that every join shuffles as it does where no table is small.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from generate import generate
from machine import describe_machine, markdown_table

SIZES = (20_000, 200_000)
REPORT = Path(__file__).parents[1] / "reports" / "spark.md"
ROW_GROUP = 5_000
#: The tables that belong to a step; what is not named here is counted as "other".
STEPS = {
    "read": ("articles", "rejects", "read_rows", "counted"),
    "sign": ("signatures",),
    "key, one per text": ("spread", "spread_texts", "spread_count"),
    "boilerplate": ("spread_hot", "spread_runs"),
    "bands and their join": ("shared_bands", "hot_counts", "spread_candidates"),
    "drawn shingles": ("spread_drawn", "spread_filter_words", "spread_found", "held_shingles", "hot_shingles"),
    "sets and verification": ("spread_sets", "spread_verified", "spread_second_hand", "spread_verified_again"),
    "pairs of articles": ("spread_members", "spread_pairs", "pairs", "spread_possible", "spread_made"),
    "groups": ("copies", "groups", "wanted"),
}
STEP_OF = {table: step for step, tables in STEPS.items() for table in tables}


def work(folder: Path, *, is_broadcast: bool) -> None:
    """One run in this process; what it measured is written to ``measured.json``."""
    from pyspark.sql import SparkSession

    from storycluster.config import load_config
    from storycluster.engines import sessions
    from storycluster.engines.base import Table
    from storycluster.engines.spark import SparkEngine
    from storycluster.pipeline import Options, find_duplicates

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]").config("spark.driver.memory", "6g")
    options = {
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": "8",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.dir": f"file://{folder}",
        "spark.local.dir": str(folder / "local"),
    }
    if not is_broadcast:
        options["spark.sql.autoBroadcastJoinThreshold"] = "-1"
    for key, value in options.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()

    class Described(SparkEngine):
        """Names each job after the table it makes."""

        def checkpoint(self, source: Table) -> Table:
            session.sparkContext.setJobDescription(source)
            return super().checkpoint(source)

        def to_arrow(self, source: Table) -> pa.Table:
            session.sparkContext.setJobDescription(source)
            return super().to_arrow(source)

    sessions.SparkEngine = Described
    config = load_config(None, [f"engine.checkpoint_folder={folder}/checkpoints"])
    start = time.perf_counter()
    lake = session.read.parquet(str(folder / "articles.parquet"))
    found = find_duplicates(lake, config, options=Options(spark=session))
    groups, pairs = len(found.tables["groups"]), len(found.tables["pairs"])
    seconds = time.perf_counter() - start
    cpu, peak = tree_usage()
    stored = sum(path.stat().st_size for path in (folder / "checkpoints").rglob("*.parquet"))
    session.stop()
    measured = {"seconds": seconds, "cpu": cpu, "peak_mb": peak, "groups": groups, "pairs": pairs, "stored": stored}
    (folder / "measured.json").write_text(json.dumps(measured))


def tree_usage() -> tuple[float, float]:
    """Processor seconds, and resident megabytes at the end, of this process and all it started."""
    own = psutil.Process()
    family = [own, *own.children(recursive=True)]
    times = [member.cpu_times() for member in family]
    return (
        sum(used.user + used.system + used.children_user + used.children_system for used in times),
        sum(member.memory_info().rss for member in family) / 2**20,
    )


def steps_of(log: Path) -> dict[str, list[float]]:
    """Of each step: task seconds, shuffle bytes written."""
    description: dict[int, str] = {}
    found: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for line in log.read_text(encoding="utf-8").splitlines():
        event: dict[str, Any] = json.loads(line)
        if event["Event"] == "SparkListenerJobStart":
            name = event["Properties"].get("spark.job.description", "")
            description.update(dict.fromkeys(event["Stage IDs"], name))
        elif event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            metrics = event["Task Metrics"]
            step = found[STEP_OF.get(description.get(event["Stage ID"], ""), "other")]
            step[0] += metrics["Executor Run Time"] / 1_000
            step[1] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
    return found


def run_size(articles: int, more: list[str]) -> tuple[dict[str, float], dict[str, list[float]]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_parquet(articles, folder / "articles.parquet")
        subprocess.run([sys.executable, "-W", "ignore", __file__, "--work", name, *more], check=True)
        measured: dict[str, float] = json.loads((folder / "measured.json").read_text())
        (log,) = [path for path in folder.glob("local-*") if path.is_file()]
        steps = steps_of(log)
    print(f"{articles:,}: {measured} {dict(steps)}", file=sys.stderr, flush=True)
    return measured, steps


def write_parquet(articles: int, path: Path) -> None:
    names = ("id", "title", "text", "published", "source")
    schema = pa.schema([(name, pa.string()) for name in names])
    with pq.ParquetWriter(path, schema) as writer:
        rows: list[dict[str, str]] = []
        for article in generate(articles):
            rows.append({name: getattr(article, name) for name in names})
            if len(rows) == ROW_GROUP:
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, schema=schema))


def report(sizes: list[int], runs: list[tuple[dict[str, float], dict[str, list[float]]]], given: str) -> str:
    head = ["articles", "seconds", "cpu seconds", "shuffle bytes per article", "checkpoint bytes per article"]
    rows = [
        [
            f"{size:,}",
            f"{measured['seconds']:.0f}",
            f"{measured['cpu']:.0f}",
            f"{sum(step[1] for step in steps.values()) / size:,.0f}",
            f"{measured['stored'] / size:,.0f}",
            f"{measured['pairs']:,}",
            f"{measured['peak_mb']:,.0f}",
        ]
        for size, (measured, steps) in zip(sizes, runs, strict=True)
    ]
    per_step = []
    for step in (*STEPS, "other"):
        cells = [step]
        for size, (_, steps) in zip(sizes, runs, strict=True):
            seconds, shuffled = steps.get(step, [0.0, 0.0])
            cells += [f"{seconds:,.0f}", f"{shuffled / size:,.0f}"]
        per_step.append(cells)
    step_head = ["step", *(f"{size:,}: {what}" for size in sizes for what in ("task seconds", "bytes per article"))]
    return (
        f"# Near-duplicates on Spark\n\nMeasured by `python benchmarks/spark_growth.py --write`{given} on generated "
        "articles of about 450 words, 30 % of them copies, with the default settings on `local[2]`, from Parquet read "
        "by Spark to groups on the driver. Shuffle bytes are what tasks wrote for other tasks, compressed; checkpoint "
        "bytes are tables kept as Parquet. No table is broadcast unless the command says so. Other programs "
        "shared the machine: bytes are exact, seconds are not.\n\n"
        + describe_machine("storycluster", "pyspark", "numba", "pyarrow")
        + "\n\n"
        + markdown_table([*head, "pairs", "MB at the end"], rows)
        + "\n## Steps\n\nTask seconds are summed over tasks, two of which run at a time.\n\n"
        + markdown_table(step_head, per_step)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--broadcast", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    if options.work:
        work(options.work, is_broadcast=options.broadcast)
        return
    more = ["--broadcast"] if options.broadcast else []
    given = "".join([f", --sizes {' '.join(map(str, options.sizes))}", *(f", {flag}" for flag in more)])
    text = report(options.sizes, [run_size(size, more) for size in options.sizes], given)
    print(text)
    if options.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
