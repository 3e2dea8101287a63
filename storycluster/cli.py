"""The command line: parse, call one function, print. Results go to stdout, talk to stderr."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storycluster.errors import EngineError, StoryClusterError

if TYPE_CHECKING:
    from storycluster.config import Config
    from storycluster.pipeline import Options
    from storycluster.runs import Run

MISUSE = 2
REPORT_WIDTH = 80  # columns where stdout is not a terminal

app = typer.Typer(
    name="storycluster",
    help="Find copies, overlapping stories and the new facts of each article in a pile of news.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Format(StrEnum):
    """How a report is printed."""

    text = "text"
    markdown = "markdown"
    json = "json"
    html = "html"


class Keep(StrEnum):
    """Which article of a group of copies is kept."""

    earliest = "earliest"
    latest = "latest"
    longest = "longest"
    source = "source"


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
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a run of other input or config in --out.")]
EngineName = Annotated[str | None, typer.Option("--engine", help="duckdb or spark.")]
Threads = Annotated[int | None, typer.Option("--threads", min=1, help="Threads to use; all cores by default.")]
FormatOption = Annotated[Format, typer.Option("--format", help="What is printed on stdout.")]


def main() -> None:
    """Run the command line; one line on stderr for an error a user can act on."""
    try:
        app()
    except StoryClusterError as error:
        sys.stderr.write(f"storycluster: {_one_line(str(error))}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        sys.stderr.write(f"storycluster: {error.filename or 'input or output'}: {error.strerror or error}\n")
        sys.exit(1)


@app.command()
def report(
    inputs: Inputs,
    output_format: FormatOption = Format.text,
    config: ConfigFile = None,
    settings: Settings = None,
    out: Out = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    strict: Strict = False,
    engine: EngineName = None,
    threads: Threads = None,
) -> None:
    """Report copies, stories and the new facts of each article."""
    from storycluster import pipeline

    loaded = _load(config, settings, engine=engine, threads=threads)
    with _options(loaded, out=out, overwrite=overwrite, quiet=quiet, strict=strict) as options:
        result = pipeline.run(inputs, loaded, options=options)
    _print_report(result, loaded, output_format)
    _summarise(result, quiet=quiet)


@app.command()
def dedup(
    inputs: Inputs,
    threshold: Annotated[float | None, typer.Option(help="Jaccard similarity of a copy, 0..1 (default 0.8).")] = None,
    exact: Annotated[bool, typer.Option("--exact", help="Compare with recall 1 (prefix-filter join).")] = False,
    keep: Annotated[Keep | None, typer.Option(help="Which article of a group is kept.")] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Find copies of an earlier run's articles.")
    ] = None,
    write_kept: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the articles without copies.")] = None,
    explain_plan: Annotated[bool, typer.Option("--explain-plan", help="Show bands, rows and expected recall.")] = False,
    output_format: FormatOption = Format.text,
    config: ConfigFile = None,
    settings: Settings = None,
    out: Out = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    strict: Strict = False,
    engine: EngineName = None,
    threads: Threads = None,
) -> None:
    """Find near-duplicates only: which articles are copies of which."""
    from storycluster import pipeline

    chosen = {"dedup.threshold": threshold, "dedup.exact": exact or None, "dedup.keep": keep and keep.value}
    loaded = _load(config, settings, engine=engine, threads=threads, chosen=chosen)
    with _options(loaded, out=out, overwrite=overwrite, quiet=quiet, strict=strict, against=against) as options:
        result = pipeline.find_duplicates(inputs, loaded, options=options)
    _print_report(result, loaded, output_format)
    _summarise(result, quiet=quiet)


@app.command()
def cluster(
    inputs: Inputs,
    threshold: Annotated[float | None, typer.Option(help="Similarity inside a story, 0..1 (default 0.25).")] = None,
    output_format: FormatOption = Format.text,
    config: ConfigFile = None,
    settings: Settings = None,
    out: Out = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    strict: Strict = False,
    engine: EngineName = None,
    threads: Threads = None,
) -> None:
    """Find copies and stories, no facts."""
    from storycluster import pipeline

    loaded = _load(config, settings, engine=engine, threads=threads, chosen={"stories.threshold": threshold})
    with _options(loaded, out=out, overwrite=overwrite, quiet=quiet, strict=strict) as options:
        result = pipeline.cluster_stories(inputs, loaded, options=options)
    _print_report(result, loaded, output_format)
    _summarise(result, quiet=quiet)


@app.command()
def facts(
    inputs: Inputs,
    stories: Annotated[
        Path | None, typer.Option(metavar="FILE", help='Given stories, lines of {"id": …, "story": …}.')
    ] = None,
    output_format: FormatOption = Format.text,
    config: ConfigFile = None,
    settings: Settings = None,
    out: Out = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    strict: Strict = False,
    engine: EngineName = None,
    threads: Threads = None,
) -> None:
    """Find the new facts of each article; with --stories, in the stories given."""
    from storycluster import pipeline

    loaded = _load(config, settings, engine=engine, threads=threads)
    with _options(loaded, out=out, overwrite=overwrite, quiet=quiet, strict=strict, given=stories) as options:
        result = pipeline.find_new_facts(inputs, loaded, options=options)
    _print_report(result, loaded, output_format)
    _summarise(result, quiet=quiet)


def _load(
    path: Path | None,
    settings: list[str] | None,
    *,
    engine: str | None = None,
    threads: int | None = None,
    chosen: Mapping[str, object] | None = None,
) -> Config:
    """The config file, then --set, then the options of the command."""
    from storycluster.config import load_config

    named = {"engine.name": engine, "engine.threads": threads, **(chosen or {})}
    flags = [f"{key}={str(value).lower()}" for key, value in named.items() if value is not None]
    return load_config(path, [*(settings or []), *flags])


@contextmanager
def _options(
    config: Config,
    *,
    out: Path | None,
    overwrite: bool,
    quiet: bool,
    strict: bool,
    given: Path | None = None,
    against: Path | None = None,
) -> Iterator[Options]:
    """The options of a run, with progress on the terminal while it lasts."""
    from storycluster.pipeline import Options
    from storycluster.views.progress import TerminalProgress

    def render(result: Run) -> dict[str, str]:
        return _render_all(result, config)

    plain = Options(
        out=out,
        overwrite=overwrite,
        strict=strict,
        stdin=sys.stdin.buffer,
        given_stories=given,
        against=against,
        render=render,
    )
    if quiet:
        yield plain
        return
    with TerminalProgress() as progress:
        yield replace(plain, progress=progress)


def _render_all(result: Run, config: Config) -> dict[str, str]:
    """Every report file of a run folder by name."""
    from storycluster.views import html, json, markdown, text
    from storycluster.views.report import build_report

    content = build_report(result.tables, config=config, stages=result.stages)
    files = {
        "report.txt": text.to_text(content, width=REPORT_WIDTH),
        "report.md": markdown.to_markdown(content),
        "report.json": json.to_json(content),
    }
    try:
        return files | {"report.html": html.to_html(content, result.tables)}
    except EngineError as error:  # the html extra is not installed; the other forms are still wanted
        sys.stderr.write(f"storycluster: {error}\n")
        return files


def _print_report(result: Run, config: Config, output_format: Format) -> None:
    from storycluster.views import html, json, markdown, text
    from storycluster.views.report import build_report

    content = build_report(result.tables, config=config, stages=result.stages)
    width = shutil.get_terminal_size((REPORT_WIDTH, 0)).columns if sys.stdout.isatty() else REPORT_WIDTH
    printed = {
        Format.text: lambda: text.to_text(content, width=width),
        Format.markdown: lambda: markdown.to_markdown(content),
        Format.json: lambda: json.to_json(content),
        Format.html: lambda: html.to_html(content, result.tables),
    }[output_format]()
    _write(printed)


def _write(content: str) -> None:
    """UTF-8 on stdout whatever the locale says."""
    sys.stdout.buffer.write(content.encode("utf-8"))
    sys.stdout.flush()


def _summarise(result: Run, *, quiet: bool) -> None:
    """One line on stderr where articles were rejected."""
    rejected = result.tables["rejects"].num_rows
    if rejected and not quiet:
        noun = "record was" if rejected == 1 else "records were"
        where = f"; see {result.folder / 'rejects.jsonl'}" if result.folder else "; --out FOLDER keeps them"
        sys.stderr.write(f"storycluster: {rejected} {noun} rejected{where}\n")


def _one_line(message: str) -> str:
    """A message that cannot break the line or move the cursor."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in message)
