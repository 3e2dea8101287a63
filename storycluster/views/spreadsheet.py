"""A report as tables for people: stories, articles in stories, facts and figures, as CSV files or one workbook.

What a spreadsheet would take for a formula stays text in both.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from storycluster.errors import EngineError
from storycluster.views.escape import clean
from storycluster.views.shape import ArticleEntry, Report, Story, read_report
from storycluster.views.wording import say_value

Cell = str | int | float | None
#: Headers, then rows of the same length.
Sheet = list[list[Cell]]

EXTRA = "the xlsx format needs the xlsx extra: pip install 'storycluster[xlsx]'"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
#: Files carry no clock: the earliest time the zip format knows.
EARLIEST = datetime(1980, 1, 1)
CELL_LETTERS = 32_767  # more than this a spreadsheet refuses
SHEET_ROWS = 1_048_575  # one less than a sheet holds, for the line that says what is missing
COLUMN_LETTERS = 60  # width of the widest columns


def to_csv(report: Mapping[str, object]) -> bytes:
    """A zip of ``stories.csv``, ``memberships.csv``, ``facts.csv`` and ``figures.csv``, UTF-8 with a mark for Excel."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, sheet in make_sheets(read_report(report)).items():
            info = zipfile.ZipInfo(f"{name}.csv", EARLIEST.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, _write_csv(sheet))
    return buffer.getvalue()


def to_xlsx(report: Mapping[str, object]) -> bytes:
    """A workbook with a sheet per table. Raises EngineError where the ``xlsx`` extra is not installed."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise EngineError(EXTRA) from error
    buffer = io.BytesIO()
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    options |= {"in_memory": True, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": EARLIEST})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for name, sheet in make_sheets(read_report(report)).items():
            page = book.add_worksheet(name)
            page.freeze_panes(1, 0)
            page.autofilter(0, 0, max(len(sheet) - 1, 0), len(sheet[0]) - 1)
            page.write_row(0, 0, sheet[0], bold)
            for number, row in enumerate(sheet[1:SHEET_ROWS], start=1):
                page.write_row(number, 0, row, wrapped)
            if len(sheet) > SHEET_ROWS:
                page.write_row(SHEET_ROWS, 0, [f"{len(sheet) - SHEET_ROWS:,} more rows, see the CSV files"])
            for column in range(len(sheet[0])):
                page.set_column(column, column, _width([row[column] for row in sheet]))
    return buffer.getvalue()


def make_sheets(report: Report) -> dict[str, Sheet]:
    """The tables by name, in the order of the report; the first row of each names its columns."""
    articles = {entry.id: entry for entry in report.articles}
    return {
        "stories": [list(_STORY_COLUMNS), *map(_story_row, report.stories)],
        "memberships": [list(_MEMBERSHIP_COLUMNS), *_membership_rows(report, articles)],
        "facts": [list(_FACT_COLUMNS), *_fact_rows(report, articles)],
        "figures": [list(_FIGURE_COLUMNS), *_figure_rows(report, articles)],
    }


_STORY_COLUMNS = ("story", "label", "terms", "first published", "last published", "articles", "sources", "new facts")
_MEMBERSHIP_COLUMNS = ("story", "label", "article", "title", "published", "source", "role", "score", "copy of", "url")
_FACT_COLUMNS = (
    "fact", "story", "label", "article", "published", "source", "status", "statement", "speaker", "sentence",
    "said before", "in article", "time", "names",
)  # fmt: skip
_FIGURE_COLUMNS = (
    "figure", "counted", "planned", "conflicting", "value", "low", "high", "as of", "speaker", "status", "article",
    "published",
)  # fmt: skip


def _story_row(story: Story) -> list[Cell]:
    primary = sum(1 for member in story.articles if member.role == "primary")
    terms = ", ".join(story.terms)
    dates = (story.first_published, story.last_published)
    return [story.id, _text(story.label), _text(terms), *dates, primary, story.sources, story.new_facts]


def _membership_rows(report: Report, articles: Mapping[str, ArticleEntry]) -> Iterator[list[Cell]]:
    for story in report.stories:
        for member in story.articles:
            entry = articles[member.article]
            yield [
                story.id, _text(story.label), entry.id, _text(entry.title), entry.published, _text(entry.source),
                member.role, member.score, member.copy_of, _text(entry.url),
            ]  # fmt: skip


def _fact_rows(report: Report, articles: Mapping[str, ArticleEntry]) -> Iterator[list[Cell]]:
    for story in report.stories:
        for fact in story.facts:
            entry = articles[fact.article]
            before = (_text(fact.support.text), fact.support.article) if fact.support else (None, None)
            yield [
                fact.id, story.id, _text(story.label), entry.id, entry.published, _text(entry.source), fact.status,
                _text(fact.text), _text(fact.speaker), _text(fact.sentence_text), *before,
                _text(fact.when.expression) if fact.when else None, _text(", ".join(fact.entities)),
            ]  # fmt: skip


def _figure_rows(report: Report, articles: Mapping[str, ArticleEntry]) -> Iterator[list[Cell]]:
    for figure in report.figures:
        planned, conflicting = ("yes" if flag else "no" for flag in (figure.planned, figure.conflicting))
        for point in figure.series:
            yield [
                figure.id, _text(figure.counts), planned, conflicting, say_value(point), point.low, point.high,
                point.as_of, _text(point.speaker), point.status, point.article, articles[point.article].published,
            ]  # fmt: skip


def _text(words: str | None) -> str | None:
    return clean(words)[:CELL_LETTERS] if words else None


def _write_csv(sheet: Sheet) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([[_inert(cell) for cell in row] for row in sheet])
    return buffer.getvalue().encode("utf-8-sig")


def _inert(cell: Cell) -> Cell:
    """Text that a spreadsheet would compute, with the sign that stops it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _width(cells: Sequence[Cell]) -> int:
    return min(max((len(str(cell)) for cell in cells if cell is not None), default=0) + 2, COLUMN_LETTERS)
