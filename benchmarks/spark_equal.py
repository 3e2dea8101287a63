"""The same articles on DuckDB and on Spark with 2, 7 and 32 partitions: are all tables and the report equal?

    python benchmarks/spark_equal.py [--articles 20000] [--reuters FILE] [--partitions 2 7 32] [--last facts] [--write]

Every run on Spark with a number of partitions is made with components on the driver; one more has a driver that
may hold no pair, so that components are contracted in SQL. Stories are found in time windows. Prints a table, and with
``--write`` puts it into reports/spark.md, behind what spark_growth.py writes there; ends with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from generate import generate, write_lines
from machine import markdown_table
from spark_growth import EQUAL, REPORT

from storycluster import pipeline
from storycluster.config import Config, load_config
from storycluster.pipeline import Options
from storycluster.runs import Run
from storycluster.views.json import to_json
from storycluster.views.report import build_report

WORK = {"duplicates": pipeline.find_duplicates, "stories": pipeline.cluster_stories, "facts": pipeline.run}
#: Several windows of either pile, each of which sees two days more on both sides.
WINDOWS = ("stories.window_articles=7000", "stories.window_days=2")
SPARK = ("engine.name=spark", 'engine.options={"spark.sql.adaptive.coalescePartitions.enabled"="false"}')


def run(path: Path, last: str, settings: list[str], out: Path) -> tuple[Run, float]:
    start = time.perf_counter()
    found = WORK[last]([path], load_config(None, settings), options=Options(out=out))
    return found, time.perf_counter() - start


def differences(here: Run, there: Run) -> list[str]:
    """The tables that are not equal row by row, and the report."""
    names = [name for name in here.tables if not there.tables[name].equals(here.tables[name])]
    reports = [
        json.loads(to_json(build_report(found.tables, config=Config(), stages=found.stages))) for found in (here, there)
    ]
    counts = [found.manifest["counts"] for found in (here, there)]
    return names + ["report"] * (reports[0] != reports[1]) + ["counts"] * (counts[0] != counts[1])


def compare(name: str, path: Path, options: argparse.Namespace, folder: Path) -> list[list[str]]:
    here, seconds = run(path, options.last, [*WINDOWS], folder / f"{name}-duckdb")
    rows = [[name, "duckdb", "", "", f"{seconds:.0f}", ""]]
    for place, (partitions, limit) in enumerate(
        [*((n, None) for n in options.partitions), (options.partitions[-1], 0)]
    ):
        settings = [*SPARK, *WINDOWS, f"engine.partitions={partitions}"]
        settings += [] if limit is None else [f"engine.driver_pairs={limit}"]
        there, seconds = run(path, options.last, settings, folder / f"{name}-{place}")
        found = differences(here, there)
        where = "driver" if limit is None else "SQL"
        rows.append(
            [
                name,
                "spark",
                str(partitions),
                where,
                f"{seconds:.0f}",
                "differs: " + ", ".join(found) if found else "equal",
            ]
        )
        print(rows[-1], file=sys.stderr, flush=True)
    sizes = ", ".join(f"{table} {len(here.tables[table]):,}" for table in here.tables)
    print(f"{name}: {sizes}", file=sys.stderr)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--reuters", type=Path)
    parser.add_argument("--partitions", type=int, nargs="*", default=[2, 7, 32])
    parser.add_argument("--last", choices=sorted(WORK), default="facts")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.articles:
            write_lines(generate(options.articles), folder / "generated.jsonl")
            rows += compare("generated", folder / "generated.jsonl", options, folder)
        if options.reuters:
            rows += compare("reuters", options.reuters, options, folder)
    table = markdown_table(["corpus", "engine", "partitions", "components", "seconds", "against duckdb"], rows)
    print(table)
    if options.write:
        given = f"--articles {options.articles} --last {options.last}" + " --reuters FILE" * bool(options.reuters)
        text = (
            f"{EQUAL}\nCompared by `python benchmarks/spark_equal.py --write`, {given}: all tables row by row, the "
            f"counts of the run and `report.json`; {', '.join(WINDOWS)}, so that stories are found in windows.\n\n"
            + table
        )
        REPORT.write_text(REPORT.read_text(encoding="utf-8").partition(EQUAL)[0] + text, encoding="utf-8")
    sys.exit(any("differs" in cell for row in rows for cell in row))


if __name__ == "__main__":
    main()
