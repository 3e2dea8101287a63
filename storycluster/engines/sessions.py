"""A Spark session as a config asks for it, and the engine on top; it starts no session where one is handed over."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Final

from storycluster.config import EngineConfig
from storycluster.engines.base import Engine, Table
from storycluster.engines.spark import SparkEngine
from storycluster.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Of a session on this machine that we start ourselves; ``engine.options`` has the last word.
_LOCAL_OPTIONS: Final = {
    "spark.driver.memory": "4g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
_PARTITIONS_PER_THREAD: Final = 2


def open_spark(config: EngineConfig, *, threads: int, session: SparkSession | None = None) -> SparkEngine:
    """The engine on ``session``, or on one that ``config`` describes.

    Raises EngineError where PySpark or Java is missing, and where executors of other machines have no folder.
    """
    master = config.master or f"local[{threads}]"
    is_local = session is None and master.startswith("local")
    folder = config.checkpoint_folder.rstrip("/")
    if not folder and not is_local:
        raise EngineError(
            "engine.checkpoint_folder must name a folder that every executor can write, e.g. s3a://bucket/storycluster"
        )
    found = session or _start(config, master, threads)
    return SparkEngine(
        found,
        threads=threads,
        folder=f"{folder or tempfile.gettempdir()}/storycluster-{uuid.uuid4().hex}",
        driver_pairs=config.driver_pairs,
        partitions=config.partitions,
    )


def adopt_frame(articles: object, engine: Engine) -> Table | None:
    """The name of a Spark data frame inside a Spark engine; None for anything else."""
    if not isinstance(engine, SparkEngine) or not type(articles).__module__.startswith("pyspark."):
        return None
    from pyspark.sql import DataFrame

    return engine.adopt("lake", articles) if isinstance(articles, DataFrame) else None


def _start(config: EngineConfig, master: str, threads: int) -> SparkSession:
    """A session of our own, or the one that runs already in this process."""
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineError("engine.name = spark needs PySpark: pip install 'storycluster[spark]'") from error
    if not (shutil.which("java") or (Path(os.environ.get("JAVA_HOME", "")) / "bin" / "java").is_file()):
        raise EngineError("engine.name = spark needs Java 17 or newer: install it, or set JAVA_HOME")
    options = {**config.options}
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # executors of this machine, with these packages
        partitions = config.partitions or threads * _PARTITIONS_PER_THREAD
        options = {**_LOCAL_OPTIONS, "spark.sql.shuffle.partitions": str(partitions), **options}
    builder = SparkSession.builder.appName("storycluster").master(master)
    for key, value in options.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise EngineError(f"Spark did not start on engine.master {master}: {str(error).splitlines()[0]}") from error
