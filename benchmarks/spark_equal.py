"""The same articles on DuckDB and on Spark with 2, 7 and 32 partitions: are all tables and the report equal?

    python benchmarks/spark_equal.py [--articles 20000] [--words 450] [--reuters FILE] [--last facts] [--every]

One run on Spark, with 7 partitions, takes all stages up to ``--last``, stories in time windows, with a driver that may
hold no pair, so that components are contracted in SQL. The others end with near-duplicates, or with ``--every`` where
that one ends: 2 and 32 partitions with components on the driver, 32 with a driver that may hold no pair. Prints a
table, and with ``--write`` puts it into reports/spark.md, in the place of rows about the same corpus, behind what
spark_growth.py writes there; ends with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from generate import MEAN_WORDS, generate, write_lines
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
#: A run is over before Java has compiled much, queries included; and it has as many partitions as it says.
OPTIONS = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}
SPARK = ("engine.name=spark", f"engine.options={json.dumps(OPTIONS).replace(': ', ' = ')}")
#: Partitions, and how many pairs the driver may hold (None: as many as usual); the first run takes every stage.
RUNS: tuple[tuple[int, int | None], ...] = ((7, 0), (2, None), (32, None), (32, 0))
HEAD = [
    "corpus",
    "articles",
    "up to",
    "partitions",
    "components",
    "seconds on DuckDB",
    "on Spark",
    "tables, counts and report",
]


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
    given = [*WINDOWS, f"engine.threads={options.threads}"]
    lasts = [options.last if options.every or not place else "duplicates" for place in range(len(RUNS))]
    expected = {last: run(path, last, given, folder / f"{name}-duckdb-{last}") for last in dict.fromkeys(lasts)}
    rows = []
    for place, ((partitions, limit), last) in enumerate(zip(RUNS, lasts, strict=True)):
        settings = [*SPARK, *given, f"engine.partitions={partitions}"]
        settings += [] if limit is None else [f"engine.driver_pairs={limit}"]
        there, seconds = run(path, last, settings, folder / f"{name}-{place}")
        here, known_seconds = expected[last]
        found = differences(here, there)
        rows.append(
            [
                name,
                f"{len(here.tables['articles']):,}",
                last,
                str(partitions),
                "driver" if limit is None else "SQL",
                f"{known_seconds:.0f}",
                f"{seconds:.0f}",
                "differ: " + ", ".join(found) if found else f"equal ({sizes(here)})",
            ]
        )
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def sizes(found: Run) -> str:
    """The rows of the tables that the last stages made."""
    shown = ("pairs", "groups", "stories", "memberships", "facts")
    return ", ".join(f"{len(found.tables[name]):,} {name}" for name in shown if name in found.tables)


def write(rows: list[list[str]], given: str) -> None:
    """Put rows into the report, in the place of those about the same corpora as far."""
    before, _, stored = REPORT.read_text(encoding="utf-8").partition(EQUAL)
    kept = [[cell.strip() for cell in line.strip("|").split("|")] for line in stored.splitlines() if line[:1] == "|"][
        2:
    ]
    made = {(row[0], row[1]) for row in rows}
    all_rows = [*(row for row in kept if (row[0], row[1]) not in made), *rows]
    text = (
        f"{EQUAL}\nCompared by `python benchmarks/spark_equal.py --write`{given}: all tables row by row, the counts of "
        f"the run and `report.json`; {', '.join(WINDOWS)}, so that stories are found in windows. Runs that are not "
        "listed were not made. Other programs shared the machine.\n\n" + markdown_table(HEAD, all_rows)
    )
    REPORT.write_text(before + text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=MEAN_WORDS, help="mean words of a generated article")
    parser.add_argument("--reuters", type=Path)
    parser.add_argument("--last", choices=sorted(WORK), default="facts")
    parser.add_argument("--every", action="store_true", help="every run goes as far as the first")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.articles:
            write_lines(generate(options.articles, mean_words=options.words), folder / "generated.jsonl")
            rows += compare(f"generated, {options.words} words", folder / "generated.jsonl", options, folder)
        if options.reuters:
            rows += compare("Reuters", options.reuters, options, folder)
    print(markdown_table(HEAD, rows))
    if options.write:
        write(rows, f", --last {options.last} --threads {options.threads}")
    sys.exit(any("differ" in cell for row in rows for cell in row))


if __name__ == "__main__":
    main()
