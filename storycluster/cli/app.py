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

from storycluster.cli import runs
from storycluster.cli.interrupt import ending_on_interrupt
from storycluster.cli.options import (
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
from storycluster.cli.output import (
    Earlier,
    Format,
    check_plan_plot,
    plot_plan,
    print_plan,
    print_report,
    render_all,
    summarise,
)
from storycluster.cli.start import leave_out_pandas
from storycluster.cycles import look_for_cycles_seldom
from storycluster.errors import StoryClusterError

if TYPE_CHECKING:
    from storycluster.config import Config
    from storycluster.pipeline import Options
    from storycluster.runs import Run


app = typer.Typer(
    name="storycluster",
    help="Find copies, overlapping stories and the new facts of each article in a pile of news.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Keep(StrEnum):
    """Which article of a group of copies is kept."""

    earliest = "earliest"
    latest = "latest"
    longest = "longest"
    source = "source"


STDIN = "-"
FormatOption = Annotated[Format, typer.Option("--format", help="Format of the report on stdout.")]


def main() -> None:
    """Run the command line; one line on stderr for an error a user can act on."""
    look_for_cycles_seldom()
    try:
        with ending_on_interrupt():
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
    print_report(result, loaded, output_format)
    summarise(result, quiet=quiet)


@app.command()
def dedup(
    inputs: Inputs,
    threshold: Annotated[float | None, typer.Option(help="Jaccard similarity of a copy, 0..1 (default 0.8).")] = None,
    exact: Annotated[bool, typer.Option("--exact", help="Find every pair (recall 1), in memory.")] = False,
    keep: Annotated[Keep | None, typer.Option(help="Which article of a group is kept.")] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Also find copies of articles of an earlier run.")
    ] = None,
    write_kept: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the input without its copies.")] = None,
    explain_plan: Annotated[bool, typer.Option("--explain-plan", help="Show bands, recall and cost first.")] = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --explain-plan: draw plan and pairs, as .svg or .png.")
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
    """Find near-duplicates only: which articles are copies of which."""
    from storycluster import kept, pipeline
    from storycluster.replacing import check_place

    chosen = {"dedup.threshold": threshold, "dedup.exact": exact or None, "dedup.keep": keep and keep.value}
    loaded = _load(config, settings, engine=engine, threads=threads, chosen=chosen)
    if plot:
        check_plan_plot(plot, is_explained=explain_plan)
    if write_kept:
        check_place(write_kept, "--write-kept")
    if explain_plan:
        print_plan(loaded, output_format)
    earlier = Earlier(against, loaded) if against else None
    with (
        _options(loaded, out=out, overwrite=overwrite, quiet=quiet, strict=strict, earlier=earlier) as options,
        _stdin_copy(inputs, loaded, wanted=bool(write_kept)) as copy,
    ):
        result = pipeline.find_duplicates(inputs, loaded, options=replace(options, stdin_copy=copy))
        if write_kept:
            matches = earlier and earlier.matches_of(result)
            left = kept.write_kept(result, write_kept, config=loaded, matches=matches, stdin_copy=copy)
    if plot:
        plot_plan(result, loaded, plot)
    print_report(result, loaded, output_format, earlier=earlier)
    summarise(result, quiet=quiet)
    if write_kept and not quiet:
        sys.stderr.write(f"storycluster: {left:,} articles written to {write_kept}, copies left out\n")


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
    print_report(result, loaded, output_format)
    summarise(result, quiet=quiet)


@app.command()
def facts(
    inputs: Inputs,
    stories: Annotated[
        Path | None, typer.Option(metavar="FILE", help='Your stories, as lines of {"id": …, "story": …}.')
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
    print_report(result, loaded, output_format)
    summarise(result, quiet=quiet)


app.command()(runs.explain)
app.command()(runs.sweep)
app.command()(runs.evaluate)


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
    earlier: Earlier | None = None,
) -> Iterator[Options]:
    """The options of a run, with progress on the terminal while it lasts."""
    leave_out_pandas()
    from storycluster.pipeline import Options, scratch
    from storycluster.progress import Notices

    def render(result: Run) -> dict[str, str | bytes | Iterator[str]]:
        return render_all(result, config, earlier)

    plain = Options(
        out=out,
        overwrite=overwrite,
        strict=strict,
        stdin=sys.stdin.buffer,
        given_stories=given,
        against=earlier.path if earlier else None,
        render=render,
        second_process=config.engine.threads != 1,
    )
    with ending_on_interrupt(scratch(config.engine, "*")):
        if quiet:
            yield plain
            return
        if not sys.stderr.isatty():
            yield replace(plain, progress=Notices())
            return
        from storycluster.views.progress import TerminalProgress

        with TerminalProgress() as progress:
            yield replace(plain, progress=progress)


@contextmanager
def _stdin_copy(inputs: list[str], config: Config, *, wanted: bool) -> Iterator[Path | None]:
    """Where a copy of standard input goes while it is needed; None where it is not."""
    if not wanted or STDIN not in inputs:
        yield None
        return
    from storycluster.pipeline import scratch

    folder = scratch(config.engine, "stdin")
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder / STDIN
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _one_line(message: str) -> str:
    """A message that cannot break the line or move the cursor."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in message)
