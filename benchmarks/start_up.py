"""How long it takes to start: help, a small report, and the very first run, each beside its limit.

    python benchmarks/start_up.py [--rounds 5] [--write]

Medians of processes that take turns, so that another program on the machine slows all of them. The limits are ratios
to importing what such a program has to import, and seconds for the first run, whose kernels are compiled into an empty
cache. ``--write`` puts the table into reports/start_up.md.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from machine import describe_machine, markdown_table

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "reports" / "start_up.md"
ROUNDS = 5
IMPORT = (sys.executable, "-c", "import sklearn")
IMPORTS = (sys.executable, "-c", "import sklearn.feature_extraction.text, numba")
COMMAND = (sys.executable, "-m", "storycluster")
HELP = (*COMMAND, "--help")
SMALL_REPORT = (*COMMAND, "report", str(ROOT / "seeds"), "--quiet")
FIRST = "first run"
#: The most that each may take: times as long as the import named, or seconds.
HELP_LIMIT = 0.5
REPORT_LIMIT = 3.0
FIRST_LIMIT_SECONDS = 15.0


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock on the wall, and of all processors together."""

    wall: float
    processor: float


def run(command: Sequence[str], cache: str) -> Cost:
    """What one process costs, with those that it starts."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env={**os.environ, "NUMBA_CACHE_DIR": cache}, check=True, capture_output=True, cwd=ROOT)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measure(rounds: int) -> dict[str, Cost]:
    """The median cost of each, by name."""
    kinds = {"import": IMPORT, "help": HELP, "imports": IMPORTS, "report": SMALL_REPORT}
    costs: dict[str, list[Cost]] = {name: [] for name in [*kinds, FIRST]}
    with tempfile.TemporaryDirectory() as warm:
        for command in kinds.values():
            run(command, warm)
        for _ in range(rounds):
            for name, command in kinds.items():
                costs[name].append(run(command, warm))
            with tempfile.TemporaryDirectory() as cold:
                costs[FIRST].append(run(SMALL_REPORT, cold))
    return {
        name: Cost(median(cost.wall for cost in found), median(cost.processor for cost in found))
        for name, found in costs.items()
    }


def table(costs: dict[str, Cost]) -> str:
    rows = [
        row("`storycluster --help`", costs["help"], costs["import"], f"{HELP_LIMIT:g} × `import sklearn`"),
        row(
            "`storycluster report seeds/`",
            costs["report"],
            costs["imports"],
            f"{REPORT_LIMIT:g} × `import sklearn.feature_extraction.text, numba`",
        ),
        row("the same, the very first time", costs[FIRST], costs["imports"], f"{FIRST_LIMIT_SECONDS:g} s"),
    ]
    return markdown_table(
        ["", "seconds", "processor seconds", "times the import", "in processor time", "at most"], rows
    )


def row(name: str, cost: Cost, imported: Cost, limit: str) -> list[str]:
    ratios = cost.wall / imported.wall, cost.processor / imported.processor
    return [name, f"{cost.wall:.2f}", f"{cost.processor:.2f}", *(f"{ratio:.2f}" for ratio in ratios), limit]


def describe(costs: dict[str, Cost], rounds: int) -> str:
    imports = ", ".join(
        f"`{command[-1]}` {costs[name].wall:.2f} s ({costs[name].processor:.2f} s of processor time)"
        for name, command in (("import", IMPORT), ("imports", IMPORTS))
    )
    load = os.getloadavg()[1]
    return (
        "# Time to start\n\nMeasured by `python benchmarks/start_up.py --write`: medians of "
        f"{rounds} processes each, which took turns.\n\n"
        f"{describe_machine('storycluster', 'numba', 'pyarrow', 'duckdb', 'scikit-learn')}\n\n"
        f"{table(costs)}\nThe imports: {imports}. The first run compiles its kernels with two processes, hence its "
        f"processor time. On average {load:.1f} programs wanted the machine's processors meanwhile: seconds are those "
        "of a busy machine, ratios are steadier.\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    text = describe(measure(options.rounds), options.rounds)
    sys.stdout.write(text)
    if options.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
