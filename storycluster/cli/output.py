"""What a run prints and keeps: the report in the form asked for, the plan, and a line on what was rejected."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from storycluster.cli.runs import print_text
from storycluster.errors import EngineError, InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from storycluster.config import Config
    from storycluster.runs import Run

REPORT_WIDTH = 80  # columns where stdout is not a terminal
PLAN_ARTICLES = (10_000, 100_000, 1_000_000)  # the plan is printed before anything is counted


class Format(StrEnum):
    """How a report is printed."""

    text = "text"
    markdown = "markdown"
    json = "json"
    html = "html"
    csv = "csv"
    xlsx = "xlsx"


#: The forms a run folder holds.
KEPT_FORMS = {
    Format.text: "report.txt",
    Format.markdown: "report.md",
    Format.json: "report.json",
    Format.html: "report.html",
}
_FILE_ENDINGS = {Format.csv: "zip", Format.xlsx: "xlsx"}


class Earlier:
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


def print_plan(config: Config, output_format: Format) -> None:
    """The plan before anything is read: on stdout with a report for people, else on stderr."""
    from storycluster.stages.duplicates import explain_plan
    from storycluster.views.plan import write_plan

    printed = write_plan([explain_plan(config.dedup, articles=articles) for articles in PLAN_ARTICLES])
    if output_format is Format.text:
        print_text(f"{printed}\n")
    else:
        sys.stderr.write(printed)
        sys.stderr.flush()


def check_plan_plot(path: Path, *, is_explained: bool) -> None:
    """Nothing where the plan can be drawn there; raises InputError or EngineError before anything is read."""
    from storycluster.views.sweep_plot import check_plot

    if not is_explained:
        raise InputError(f"--plot {path} draws the plan; add --explain-plan")
    check_plot(path)


def plot_plan(result: Run, config: Config, path: Path) -> None:
    """Draw the plan over the similarities of the pairs that were found."""
    from storycluster.stages.duplicates import explain_plan
    from storycluster.views.plan_plot import draw_plan

    draw_plan(explain_plan(config.dedup), result.tables["pairs"].column("jaccard").to_pylist(), path)


def _forms(
    result: Run, config: Config, earlier: Earlier | None
) -> dict[Format, Callable[[int], str | bytes | Iterator[str]]]:
    """How to write each form of the report, for a number of columns; what it does not show stays in the tables."""
    from storycluster.views import html, json, markdown, spreadsheet, text
    from storycluster.views.content import load_content
    from storycluster.views.matches import write_matches
    from storycluster.views.report import build_report, stream_report
    from storycluster.views.shown import choose_shown

    content = load_content(result.tables, config=config, stages=result.stages)
    shown = cache(lambda: choose_shown(content))
    build = partial(build_report, result.tables, config=config, stages=result.stages)
    found = earlier.matches_of(result) if earlier else None
    more = "" if found is None or earlier is None else f"\n{write_matches(found, origin=str(earlier.path))}"
    rows = {} if found is None else {"matches": found.to_pylist()}
    return {
        Format.text: lambda width: text.to_text(shown(), width=width) + more,
        Format.markdown: lambda _: markdown.to_markdown(shown()) + (f"\n```\n{more.lstrip()}```\n" if more else ""),
        Format.json: lambda _: json.stream_json({**stream_report(content), **rows}),
        Format.html: lambda _: html.to_html(shown(), result.tables),
        Format.csv: lambda _: spreadsheet.to_csv(build()),
        Format.xlsx: lambda _: spreadsheet.to_xlsx(build()),
    }


def render_all(result: Run, config: Config, earlier: Earlier | None) -> dict[str, str | bytes | Iterator[str]]:
    """Every report file of a run folder by name."""
    from storycluster.views.matches import matches_to_lines

    forms = _forms(result, config, earlier)
    plain = (form for form in KEPT_FORMS if form is not Format.html)
    files = {KEPT_FORMS[form]: forms[form](REPORT_WIDTH) for form in plain}
    if earlier:
        files["matches.jsonl"] = matches_to_lines(earlier.matches_of(result))
    try:
        return files | {KEPT_FORMS[Format.html]: forms[Format.html](REPORT_WIDTH)}
    except EngineError as error:  # the html extra is not installed; the other forms are still wanted
        sys.stderr.write(f"storycluster: {error}\n")
        return files


def print_report(result: Run, config: Config, output_format: Format, *, earlier: Earlier | None = None) -> None:
    """Print the report on stdout, as wide as the terminal; one that the run folder holds is not made again."""
    width = shutil.get_terminal_size((REPORT_WIDTH, 0)).columns if sys.stdout.isatty() else REPORT_WIDTH
    kept = result.folder / KEPT_FORMS[output_format] if result.folder and output_format in KEPT_FORMS else None
    if kept and kept.is_file() and (output_format is not Format.text or width == REPORT_WIDTH):
        with kept.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.flush()
        return
    printed = _forms(result, config, earlier)[output_format](width)
    if isinstance(printed, bytes):
        _print_bytes(printed, output_format)
        return
    for part in [printed] if isinstance(printed, str) else printed:
        print_text(part)


def _print_bytes(content: bytes, output_format: Format) -> None:
    """A file on stdout, unless that is a terminal. Raises InputError there."""
    if sys.stdout.isatty():
        raise InputError(f"--format {output_format} is a file; send it to one: > report.{_FILE_ENDINGS[output_format]}")
    sys.stdout.buffer.write(content)
    sys.stdout.flush()


def summarise(result: Run, *, quiet: bool) -> None:
    """One line on stderr where articles were rejected."""
    rejected = result.tables.select("rejects", ["path"]).num_rows
    if rejected and not quiet:
        noun = "record was" if rejected == 1 else "records were"
        where = f"; see {result.folder / 'rejects.jsonl'}" if result.folder else "; add --out FOLDER to keep them"
        sys.stderr.write(f"storycluster: {rejected} {noun} rejected{where}\n")
