"""A job as a user would submit it: separate executors that have the package from an archive, and lose some of theirs.

    python spark_job.py ARCHIVE ARTICLES FOLDER

Prints one JSON object: in which maps an executor was killed, where executors found the package, which tables differ.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
from pyspark.sql import SparkSession

import storycluster
from storycluster.config import Config, load_config
from storycluster.engines import sessions
from storycluster.engines.base import Table
from storycluster.engines.spark import SparkEngine
from storycluster.pipeline import Options, run
from storycluster.runs import Run
from storycluster.views.json import to_json
from storycluster.views.report import build_report

MASTER = "local-cluster[2,1,1024]"
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
#: The maps during which an executor dies: one of near-duplicates, one of stories in time windows, one of facts.
DEADLY = ("spread_bands", "stories_local", "facts__found")
WINDOWS = "stories.window_articles=2"
Rows = TypeVar("Rows", pa.RecordBatch, pa.Table)
WHERE = pa.schema([("path", pa.string()), ("process", pa.int64())])


def parent_of(process: int) -> int:
    """The parent of a process, from its line in /proc; a name there may hold blanks."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def die_once(rows: Rows, *, marker: Path, function: Callable[[Rows], Rows]) -> Rows:
    """Kill the executor that runs this, the first time it is called for a marker anywhere."""
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return function(rows)
    daemon = os.getppid()
    os.kill(parent_of(daemon), signal.SIGKILL)
    return function(rows)


def where(_batch: pa.RecordBatch) -> pa.RecordBatch:
    """Where an executor has the package from, and its process."""
    import storycluster

    return pa.record_batch([[storycluster.__file__], [parent_of(os.getppid())]], schema=WHERE)


class Mortal(SparkEngine):
    """Loses an executor several times in a run."""

    markers: Path

    def map_batches(
        self, name: str, source: Table, function: Callable[[pa.RecordBatch], pa.RecordBatch], schema: pa.Schema
    ) -> Table:
        mortal = partial(die_once, marker=self.markers / name, function=function)
        return super().map_batches(name, source, mortal if name in DEADLY else function, schema)

    def map_groups(
        self,
        name: str,
        source: Table,
        key: str,
        function: Callable[[pa.Table], pa.Table],
        schema: pa.Schema,
        *,
        several: bool = False,
    ) -> Table:
        mortal = partial(die_once, marker=self.markers / name, function=function)
        function = mortal if name in DEADLY else function
        return super().map_groups(name, source, key, function, schema, several=several)


def report_of(found: Run) -> str:
    """``report.json``, without what differs in two runs of the same articles."""
    return to_json(build_report(found.tables, config=Config(), stages=found.stages))


def main() -> None:
    archive, articles, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    builder = SparkSession.builder.master(MASTER).config("spark.archives", f"{archive}#site")
    options = {
        "spark.executorEnv.PYTHONPATH": "site",
        "spark.executor.memory": "1024m",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.sql.shuffle.partitions": "2",
        "spark.network.timeout": "600s",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.extraJavaOptions": QUICK_JAVA,
        "spark.executor.extraJavaOptions": QUICK_JAVA,
        "spark.local.dir": str(folder / "local"),
    }
    for key, value in options.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    Mortal.markers = folder / "killed"
    Mortal.markers.mkdir()
    sessions.SparkEngine = Mortal
    config = load_config(None, [f"engine.checkpoint_folder={folder}/checkpoints", "engine.partitions=32", WINDOWS])
    there = run([articles], config, options=Options(spark=session))
    here = run([articles], config)
    probe = session.range(1).mapInArrow(lambda batches: map(where, batches), "path string, process bigint")
    found = probe.toArrow().to_pylist()[0]
    print(
        json.dumps(
            {
                "killed": sorted(marker.name for marker in Mortal.markers.iterdir()),
                "driver": storycluster.__file__,
                "executor": found["path"],
                "is_another_process": found["process"] != os.getpid(),
                "different": [name for name in here.tables if not there.tables[name].equals(here.tables[name])],
                "same_report": report_of(there) == report_of(here),
                "rows": {name: len(here.tables[name]) for name in here.tables},
            }
        )
    )
    session.stop()


if __name__ == "__main__":
    main()
