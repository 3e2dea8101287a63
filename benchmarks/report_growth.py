"""Time, memory and size of the reports as a run grows: 2,000 generated articles, and that run repeated 10 and 50 times.

    python benchmarks/report_growth.py [--times 1 10 50] [--write]

All stages run once over the generated articles; larger runs are its tables repeated under other ids, since what is
measured is the making of the reports, from a run folder as the command makes them. Each size is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from generate import generate, write_lines
from machine import describe_machine, markdown_table

from storycluster.cli.output import render_all
from storycluster.config import Config
from storycluster.engines.duckdb import ROW_GROUP_ROWS
from storycluster.pipeline import Options, run
from storycluster.runs import MANIFEST, Run

ARTICLES = 2_000
TIMES = (1, 10, 50)
REPORT = Path(__file__).parents[1] / "reports" / "report_growth.md"
#: Columns that name an article, a story, a group, an arc or a fact; names inside lists stay those of the first time.
NAMES = ("id", "article", "story", "kept", "arc", "copy_of", "a", "b")
MEGABYTE = 1e6


def repeat(folder: Path, target: Path, times: int) -> None:
    """A run folder with the tables of another so many times over, each time under ids of its own."""
    target.mkdir()
    shutil.copy(folder / MANIFEST, target)
    for path in folder.glob("*.parquet"):
        table = pq.read_table(path)
        with pq.ParquetWriter(target / path.name, table.schema, compression="zstd") as writer:
            for number in range(times):
                writer.write_table(_rename(table, f"z{number:03}" if number else ""), row_group_size=ROW_GROUP_ROWS)


def _rename(table: pa.Table, prefix: str) -> pa.Table:
    for place, field in enumerate(table.schema):
        if prefix and field.name in NAMES and pa.types.is_string(field.type):
            renamed = pc.binary_join_element_wise(prefix, table.column(place), "-").cast(field.type)
            table = table.set_column(place, field, renamed)
    return table


def measure(folder: Path) -> dict[str, float]:
    """What making all reports of a run takes; call it in a process of its own."""
    run_made = Run.open(folder)
    before, started, sizes = peak_resident(), time.process_time(), {}
    for name, content in render_all(run_made, Config(), None).items():
        pieces = [content] if isinstance(content, str | bytes) else content
        sizes[name] = sum(len(piece.encode() if isinstance(piece, str) else piece) for piece in pieces)
    rows = {name: pq.read_metadata(folder / f"{name}.parquet").num_rows for name in ("articles", "facts")}
    return {
        **rows,
        "seconds": time.process_time() - started,
        "tables": sum(path.stat().st_size for path in folder.glob("*.parquet")) / MEGABYTE,
        "before": before / MEGABYTE,
        "peak": peak_resident() / MEGABYTE,
        **sizes,
    }


def peak_resident() -> int:
    """The most bytes of this process that were resident; what its parent held before the start is not among them."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, nargs="*", default=TIMES)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--measure", type=Path)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    with tempfile.TemporaryDirectory() as name:
        articles, folder = Path(name) / "articles.jsonl", Path(name) / "run"
        write_lines(generate(ARTICLES), articles)
        started = time.process_time()
        run([articles], options=Options(out=folder))
        stages = time.process_time() - started
        found = []
        for times in options.times:
            repeat(folder, repeated := Path(name) / f"run-{times}", times)
            command = [sys.executable, __file__, "--measure", str(repeated)]
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
    headers = ["articles", "facts", "processor time", "tables on disk", "memory on top", "text", "Markdown", "HTML"]
    table = markdown_table([*headers, "JSON"], rows)
    said = f"All stages of {ARTICLES:,} articles take {stages:.0f} s of processor time. {describe_machine()}"
    print(table, said, sep="\n\n")
    if options.write:
        REPORT.write_text(
            f"# Reports as a run grows\n\nMade by `python benchmarks/report_growth.py --write`.\n\n{table}\n\n{said}\n"
        )


if __name__ == "__main__":
    main()
