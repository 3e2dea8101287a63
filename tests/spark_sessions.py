"""A Spark session for tests, or the reason why there is none; and what is not equal in two runs."""

import importlib.util
import json
import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storycluster.config import Config, EngineConfig, load_config
from storycluster.engines.spark import SparkEngine
from storycluster.runs import Run
from storycluster.views.json import to_json
from storycluster.views.report import build_report

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: PySpark looks at the version of pandas, which storycluster never hands it.
PANDAS_WARNING = "ignore:PySpark does not yet fully support pandas"
#: A task may fail once: then it is run again, as on a cluster.
MASTER = "local[2,2]"
ROOT = Path(__file__).parents[1]
#: A test is over before Java has compiled much, queries included; and it has as many partitions as it says.
QUICK = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}
OPTIONS = {
    "spark.executorEnv.PYTHONPATH": str(ROOT),  # functions of tests are found by their module
    "spark.driver.memory": "2g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    "spark.sql.shuffle.partitions": "2",
    **QUICK,
}


def missing_for_spark() -> str:
    """What Spark needs and is not here; empty where it can run."""
    if importlib.util.find_spec("pyspark") is None:
        return "PySpark is not installed: pip install 'storycluster[spark]'"
    if not (shutil.which("java") or (Path(os.environ.get("JAVA_HOME", "")) / "bin" / "java").is_file()):
        return "Java is not installed"
    return ""


def start_spark(folder: Path, master: str = MASTER) -> "SparkSession":
    """The session of this process; skips the test where there can be none."""
    reason = missing_for_spark()
    if reason:
        pytest.skip(reason)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="PySpark does not yet")
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master(master).config("spark.local.dir", str(folder))
        for key, value in OPTIONS.items():
            builder = builder.config(key, value)
        return builder.getOrCreate()


def open_engine(
    session: "SparkSession", folder: Path, *, partitions: int = 2, driver_pairs: int = 1_000
) -> SparkEngine:
    """An engine on ``session`` with checkpoints below ``folder``."""
    defaults = EngineConfig()
    assert defaults.driver_pairs > driver_pairs
    return SparkEngine(
        session, threads=2, folder=str(folder / "checkpoints"), driver_pairs=driver_pairs, partitions=partitions
    )


def report_of(result: Run) -> object:
    """What ``report.json`` says."""
    return json.loads(to_json(build_report(result.tables, config=Config(), stages=result.stages)))


def differences(here: Run, there: Run) -> list[str]:
    """What is not the same: tables row by row, counts, the report."""
    found = [name for name in here.tables if not there.tables[name].equals(here.tables[name])]
    found += ["counts"] * (here.manifest["counts"] != there.manifest["counts"])
    return found + ["report"] * (report_of(here) != report_of(there))


def settings(folder: Path, partitions: int, *more: str) -> Config:
    """A config for Spark with checkpoints below ``folder``."""
    return load_config(
        None, [f"engine.checkpoint_folder={folder}/checkpoints", f"engine.partitions={partitions}", *more]
    )
