"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Inputs = Annotated[
    list[str],
    typer.Argument(metavar="INPUT...", help="Files or folders of articles, or - for JSON lines on stdin."),
]
RunFolderArgument = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder, or a report.json in one.")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="A TOML file with settings.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="One setting, e.g. stories.threshold=0.3.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no summary on stderr.")]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first article that cannot be read.")]
Out = Annotated[Path | None, typer.Option("--out", help="Keep every table and all report formats in this folder.")]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace a run in --out that is of other input or settings.")
]
EngineName = Annotated[str | None, typer.Option("--engine", help="Where to compute: duckdb (default) or spark.")]
Threads = Annotated[int | None, typer.Option("--threads", min=1, help="Threads to use; all cores by default.")]
