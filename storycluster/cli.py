"""The command line: parse, call one function, print. Results go to stdout, talk to stderr."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storycluster import cli_runs
from storycluster.cli_options import (
    ConfigFile,
    EngineName,
    Inputs,
    Out,
    Overwrite,
    Quiet,
    Settings,
    Strict,
    Threads,
)
from storycluster.cli_runs import print_text
from storycluster.errors import EngineError, StoryClusterError

if TYPE_CHECKING:
    import pyarrow as pa

    from storycluster.config import Config
    from storycluster.pipeline import Options
    from storycluster.runs import Run

MISUSE = 2
REPORT_WIDTH = 80  # columns where stdout is not a terminal
PLAN_ARTICLES = (10_000, 100_000, 1_000_000)  # the plan is printed before anything is counted

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
    from storycluster import kept, pipeline

    chosen = {"dedup.threshold": threshold, "dedup.exact": exact or None, "dedup.keep": keep and keep.value}
    loaded = _load(config, settings, engine=engine, threads=threads, chosen=chosen)
    if explain_plan:
        _print_plan(loaded, output_format)
    earlier = _Earlier(against, loaded) if against else None
    with _options(loaded, out=out, overwrite=overwrite, quiet=quiet, strict=strict, earlier=earlier) as options:
        result = pipeline.find_duplicates(inputs, loaded, options=options)
    if write_kept:
        left = kept.write_kept(result, write_kept, config=loaded, matches=earlier and earlier.matches_of(result))
    _print_report(result, loaded, output_format, earlier=earlier)
    _summarise(result, quiet=quiet)
    if write_kept and not quiet:
        sys.stderr.write(f"storycluster: {left:,} articles without copies written to {write_kept}\n")


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


app.command()(cli_runs.explain)
app.command()(cli_runs.sweep)
app.command()(cli_runs.evaluate)


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
    earlier: _Earlier | None = None,
) -> Iterator[Options]:
    """The options of a run, with progress on the terminal while it lasts."""
    from storycluster.pipeline import Options
    from storycluster.views.progress import TerminalProgress

    def render(result: Run) -> dict[str, str]:
        return _render_all(result, config, earlier)

    plain = Options(
        out=out,
        overwrite=overwrite,
        strict=strict,
        stdin=sys.stdin.buffer,
        given_stories=given,
        against=earlier.path if earlier else None,
        render=render,
    )
    if quiet:
        yield plain
        return
    with TerminalProgress() as progress:
        yield replace(plain, progress=progress)


class _Earlier:
    """An earlier run, and the copies of its articles in this run once they are found."""

    def __init__(self, path: Path, config: Config) -> None:
        """Open the run. Raises StoreError where its signatures cannot be compared with these."""
        from storycluster.kept import check_earlier
        from storycluster.runs import Run

        self.path = path
        self._config = config
        self._run = Run.open(path)
        self._matches: pa.Table | None = None
        check_earlier(self._run, config, origin=str(path))

    def matches_of(self, result: Run) -> pa.Table:
        """The table ``matches`` of this run, found at the first call."""
        from storycluster.kept import find_earlier

        if self._matches is None:
            self._matches = find_earlier(result, self._run, self._config, origin=str(self.path))
        return self._matches


def _print_plan(config: Config, output_format: Format) -> None:
    """The plan before anything is read: on stdout with a report for people, else on stderr."""
    from storycluster.stages.duplicates import explain_plan
    from storycluster.views.plan import write_plan

    printed = write_plan([explain_plan(config.dedup, articles=articles) for articles in PLAN_ARTICLES])
    if output_format is Format.text:
        print_text(f"{printed}\n")
    else:
        sys.stderr.write(printed)
        sys.stderr.flush()


def _forms(result: Run, config: Config, earlier: _Earlier | None) -> dict[Format, Callable[[int], str]]:
    """How to write each form of the report, for a number of columns."""
    from storycluster.views import html, json, markdown, text
    from storycluster.views.matches import write_matches
    from storycluster.views.report import build_report

    content = build_report(result.tables, config=config, stages=result.stages)
    found = earlier.matches_of(result) if earlier else None
    more = "" if found is None or earlier is None else f"\n{write_matches(found, origin=str(earlier.path))}"
    rows = {} if found is None else {"matches": found.to_pylist()}
    return {
        Format.text: lambda width: text.to_text(content, width=width) + more,
        Format.markdown: lambda _: markdown.to_markdown(content) + (f"\n```\n{more.lstrip()}```\n" if more else ""),
        Format.json: lambda _: json.to_json({**content, **rows}),
        Format.html: lambda _: html.to_html(content, result.tables),
    }


def _render_all(result: Run, config: Config, earlier: _Earlier | None) -> dict[str, str]:
    """Every report file of a run folder by name."""
    from storycluster.views.matches import matches_to_lines

    forms = _forms(result, config, earlier)
    wanted = {"report.txt": Format.text, "report.md": Format.markdown, "report.json": Format.json}
    files = {name: forms[form](REPORT_WIDTH) for name, form in wanted.items()}
    if earlier:
        files["matches.jsonl"] = matches_to_lines(earlier.matches_of(result))
    try:
        return files | {"report.html": forms[Format.html](REPORT_WIDTH)}
    except EngineError as error:  # the html extra is not installed; the other forms are still wanted
        sys.stderr.write(f"storycluster: {error}\n")
        return files


def _print_report(result: Run, config: Config, output_format: Format, *, earlier: _Earlier | None = None) -> None:
    width = shutil.get_terminal_size((REPORT_WIDTH, 0)).columns if sys.stdout.isatty() else REPORT_WIDTH
    print_text(_forms(result, config, earlier)[output_format](width))


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
