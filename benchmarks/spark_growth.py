"""Near-duplicates and stories on Spark as the pile grows: seconds, processor time and shuffle bytes of each step.

    python benchmarks/spark_growth.py [--sizes 20000 200000] [--stories 20000] [--threads 2] [--broadcast] [--write]

Each size is a process of its own on ``local[threads]``, from Parquet that Spark reads to Parquet in checkpoints.
Seconds and bytes of a step come from Spark's event log; processor time is of all processes together. Small tables
are not broadcast unless ``--broadcast`` says so, so that every join shuffles as it does where no table is small.
Stories are found of the sizes that ``--stories`` lists, in windows of ``WINDOW_ARTICLES``.
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
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from generate import generate
from machine import describe_machine, markdown_table

#: What a run took, and of each step task seconds and shuffle bytes.
Measured = tuple[dict[str, float], dict[str, list[float]]]
SIZES = (20_000, 200_000)
REPORT = Path(__file__).parents[1] / "reports" / "spark.md"
#: Where the part of the report begins that spark_equal.py writes.
EQUAL = "\n## The same as on DuckDB\n"
ROW_GROUP = 5_000
#: The tables that belong to a step; what is not named here is counted as "other".
STEPS = {
    "read": ("articles", "rejects", "read_rows", "read_repeated", "read_any", "counted"),
    "sign": ("signatures",),
    "key, one per text": ("spread", "spread_texts", "spread_count"),
    "boilerplate": ("spread_hot", "spread_runs"),
    "bands and their join": ("shared_bands", "hot_counts", "spread_candidates"),
    "drawn shingles": ("spread_drawn", "spread_filter_words", "spread_found", "held_shingles", "hot_shingles"),
    "sets and verification": ("spread_sets", "spread_verified", "spread_second_hand", "spread_verified_again"),
    "pairs of articles": ("spread_members", "spread_pairs", "pairs", "spread_possible", "spread_made"),
    "groups": ("copies", "groups", "wanted"),
}
STORY_STEPS = {
    "count days and words": (
        *("stories_kept_count", "stories_languages", "stories_days", "stories_seen"),
        *("terms_counted", "terms_count", "terms_known"),
    ),
    "stories of each window": ("stories_local", "similarities"),
    "links": ("stories_shared", "stories_placed", "stories_seen_placed"),
    "tables and arcs": (
        *("stories_scores", "stories_members", "stories_described"),
        *("stories_named", "stories_between", "stories_arcs"),
    ),
    "passages": ("overlap_found", "overlap_memberships"),
    "labels": ("labels_told", "labels_stories", "stories", "arcs", "memberships"),
}
#: Rounds of the search for components; groups are made on the driver here, so all of them are those of stories.
LINK_ROUNDS = "contraction_"
WINDOW_ARTICLES = 5_000
OTHER = "other"
STEP_OF = {table: step for step, tables in [*STEPS.items(), *STORY_STEPS.items()] for table in tables}


def work(folder: Path, *, threads: int, is_broadcast: bool, with_stories: bool) -> None:
    """One run in this process; what it measured is written to ``measured.json``."""
    from pyspark.sql import SparkSession

    from storycluster.config import load_config
    from storycluster.engines import sessions
    from storycluster.engines.base import Table
    from storycluster.engines.spark import SparkEngine
    from storycluster.pipeline import Options, cluster_stories, find_duplicates

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(f"local[{threads}]").config("spark.driver.memory", "6g")
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

    measured: dict[str, float] = {}

    class Described(SparkEngine):
        """Names each job after the table it makes, and notes what was used when stories begin."""

        def checkpoint(self, source: Table) -> Table:
            session.sparkContext.setJobDescription(source)
            return super().checkpoint(source)

        def to_arrow(self, source: Table) -> pa.Table:
            if source == "stories_kept_count":
                measured.update(used(start, folder))
            session.sparkContext.setJobDescription(source)
            return super().to_arrow(source)

    sessions.SparkEngine = Described
    settings = [f"engine.checkpoint_folder={folder}/checkpoints", f"stories.window_articles={WINDOW_ARTICLES}"]
    start = time.perf_counter()
    lake = session.read.parquet(str(folder / "articles.parquet"))
    find = cluster_stories if with_stories else find_duplicates
    found = find(lake, load_config(None, settings), options=Options(spark=session))
    counts = {name: float(len(found.tables[name])) for name in found.tables if name in {"groups", "pairs", "stories"}}
    end = used(start, folder)
    measured = {**end, **measured, **counts, "all_seconds": end["seconds"], "all_cpu": end["cpu"]}
    session.stop()
    (folder / "measured.json").write_text(json.dumps(measured))


def used(start: float, folder: Path) -> dict[str, float]:
    """What a run has taken until now."""
    seconds = time.perf_counter() - start
    cpu, memory = tree_usage()
    stored = sum(path.stat().st_size for path in (folder / "checkpoints").rglob("*.parquet"))
    return {"seconds": seconds, "cpu": cpu, "peak_mb": memory, "stored": stored}


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
            table = description.get(event["Stage ID"], "")
            step = found["links" if table.startswith(LINK_ROUNDS) else STEP_OF.get(table, OTHER)]
            step[0] += metrics["Executor Run Time"] / 1_000
            step[1] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
    return found


def run_size(articles: int, more: list[str]) -> Measured:
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


def report(sizes: Sequence[int], runs: Sequence[Measured], given: str) -> str:
    head = ["articles", "seconds", "cpu seconds", "shuffle bytes per article", "checkpoint bytes per article"]
    rows = [
        [
            f"{size:,}",
            f"{measured['seconds']:.0f}",
            f"{measured['cpu']:.0f}",
            f"{sum(steps.get(name, [0.0, 0.0])[1] for name in (*STEPS, 'other')) / size:,.0f}",
            f"{measured['stored'] / size:,.0f}",
            f"{measured['pairs']:,.0f}",
            f"{measured['peak_mb']:,.0f}",
        ]
        for size, (measured, steps) in zip(sizes, runs, strict=True)
    ]
    return (
        f"# Near-duplicates and stories on Spark\n\nMeasured by `python benchmarks/spark_growth.py --write`{given} on "
        "generated articles of about 450 words, 30 % of them copies, with the default settings (`local[2]` unless "
        "the command says so), from "
        "Parquet read by Spark to groups on the driver. Shuffle bytes are what tasks wrote for other tasks, "
        "compressed; checkpoint bytes are tables kept as Parquet. No table is broadcast unless the command says so. "
        "Other programs shared the machine: bytes are exact, seconds are not.\n\n"
        + describe_machine("storycluster", "pyspark", "numba", "pyarrow")
        + "\n\n"
        + markdown_table([*head, "pairs", "MB at the end"], rows)
        + "\n## Steps\n\nTask seconds are summed over tasks, as many of which run at a time as there are threads.\n\n"
        + step_table((*STEPS, OTHER), sizes, runs)
        + stories_report(sizes, runs)
    )


def step_table(names: Sequence[str], sizes: Sequence[int], runs: Sequence[Measured]) -> str:
    rows = []
    for step in names:
        cells = [step]
        for size, (_, steps) in zip(sizes, runs, strict=True):
            seconds, shuffled = steps.get(step, [0.0, 0.0])
            cells += [f"{seconds:,.0f}", f"{shuffled / size:,.0f}"]
        rows.append(cells)
    head = ["step", *(f"{size:,}: {what}" for size in sizes for what in ("task seconds", "bytes per article"))]
    return markdown_table(head, rows)


def stories_report(sizes: Sequence[int], runs: Sequence[Measured]) -> str:
    with_stories = [(size, run) for size, run in zip(sizes, runs, strict=True) if "stories" in run[0]]
    if not with_stories:
        return ""
    found_sizes, found = zip(*with_stories, strict=True)
    told = ", ".join(
        f"{run['all_cpu'] - run['cpu']:,.0f} s more of processors for {size:,} articles, {run['stories']:,.0f} stories"
        for size, (run, _) in with_stories
    )
    return (
        f"\n## Stories\n\nIn windows of {WINDOW_ARTICLES:,} articles, of the same runs: {told}. The articles of a "
        "window are sent to it, and those of the 14 days before and after it.\n\n"
        + step_table(tuple(STORY_STEPS), found_sizes, found)
    )


def kept_part() -> str:
    """What spark_equal.py has written into the report."""
    stored = REPORT.read_text(encoding="utf-8") if REPORT.is_file() else ""
    _, heading, rest = stored.partition(EQUAL)
    return heading + rest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--stories", type=int, nargs="*", default=[SIZES[0]], help="sizes whose stories are found too")
    parser.add_argument("--with-stories", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--broadcast", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    if options.work:
        work(options.work, threads=options.threads, is_broadcast=options.broadcast, with_stories=options.with_stories)
        return
    more = [f"--threads={options.threads}"] + ["--broadcast"] * options.broadcast
    given = "".join([f", --sizes {' '.join(map(str, options.sizes))}", *(f", {flag}" for flag in more)])
    runs = [run_size(size, more + ["--with-stories"] * (size in options.stories)) for size in options.sizes]
    text = report(options.sizes, runs, given) + kept_part()
    print(text)
    if options.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
