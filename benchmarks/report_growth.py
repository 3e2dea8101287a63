"""Time, memory and size of the reports as a run grows: 2,000 generated articles, and that run repeated 10 and 50 times.

    python benchmarks/report_growth.py [--times 1 10 50] [--write]

All stages run once over the generated articles; larger runs are its tables repeated under other ids, since what is
measured is the making of the reports. Each size is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from generate import generate, write_lines
from machine import describe_machine, markdown_table

from storycluster.cli.output import render_all
from storycluster.config import Config
from storycluster.pipeline import STAGES, Options, run
from storycluster.run_tables import with_selection
from storycluster.runs import Run

ARTICLES = 2_000
TIMES = (1, 10, 50)
REPORT = Path(__file__).parents[1] / "reports" / "report_growth.md"
#: Columns that name an article, a story, a group, an arc or a fact; names inside lists stay those of the first time.
NAMES = ("id", "article", "story", "kept", "arc", "copy_of", "a", "b")
MEGABYTE = 1e6


def repeat(tables: Mapping[str, pa.Table], times: int) -> dict[str, pa.Table]:
    """The tables so many times over, each time under ids of its own."""
    return {
        name: pa.concat_tables([_rename(tables[name], str(number or "")) for number in range(times)]) for name in tables
    }


def _rename(table: pa.Table, suffix: str) -> pa.Table:
    for place, field in enumerate(table.schema):
        if suffix and field.name in NAMES and pa.types.is_string(field.type):
            renamed = pc.binary_join_element_wise(table.column(place), suffix, "-").cast(field.type)
            table = table.set_column(place, field, renamed)
    return table


def measure(folder: Path, times: int) -> dict[str, float]:
    """What making all reports of a run of that size takes; call it in a process of its own."""
    tables = repeat({path.stem: pq.read_table(path) for path in folder.glob("*.parquet")}, times)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    sizes = {}
    for name, content in render_all(Run(with_selection(tables), STAGES, {}), Config(), None).items():
        pieces = [content] if isinstance(content, str | bytes) else content
        sizes[name] = sum(len(piece.encode() if isinstance(piece, str) else piece) for piece in pieces)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    held = sum(table.nbytes for table in tables.values()) / MEGABYTE
    return {
        "articles": tables["articles"].num_rows,
        "facts": tables["facts"].num_rows,
        "seconds": seconds,
        "tables": held,
        "before": before * 1024 / MEGABYTE,
        "peak": peak * 1024 / MEGABYTE,
        **sizes,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, nargs="*", default=TIMES)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--measure", nargs=2)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(Path(options.measure[0]), int(options.measure[1]))))
        return
    with tempfile.TemporaryDirectory() as name:
        articles, folder = Path(name) / "articles.jsonl", Path(name) / "run"
        write_lines(generate(ARTICLES), articles)
        started = time.process_time()
        run([articles], options=Options(out=folder))
        stages = time.process_time() - started
        found = []
        for times in options.times:
            command = [sys.executable, __file__, "--measure", str(folder), str(times)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
            found.append(json.loads(done.stdout))
    rows = [
        [
            f"{one['articles']:,}",
            f"{one['facts']:,}",
            f"{one['seconds']:.0f} s",
            f"{one['tables']:,.0f} MB",
            f"{one['peak'] - one['before']:,.0f} MB",
            *(f"{one[form] / MEGABYTE:,.1f} MB" for form in ("report.txt", "report.md", "report.html", "report.json")),
        ]
        for one in found
    ]
    headers = ["articles", "facts", "processor time", "tables in memory", "memory on top", "text", "Markdown", "HTML"]
    table = markdown_table([*headers, "JSON"], rows)
    said = f"All stages of {ARTICLES:,} articles take {stages:.0f} s of processor time. {describe_machine()}"
    print(table, said, sep="\n\n")
    if options.write:
        REPORT.write_text(
            f"# Reports as a run grows\n\nMade by `python benchmarks/report_growth.py --write`.\n\n{table}\n\n{said}\n"
        )


if __name__ == "__main__":
    main()
