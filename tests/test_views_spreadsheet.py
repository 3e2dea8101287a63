"""Tables for people: every story, place, fact and value has its row; nothing in a cell computes."""

import csv
import io
import zipfile

import openpyxl

from storycluster.config import Config
from storycluster.views.report import build_report
from storycluster.views.spreadsheet import to_csv, to_xlsx
from tests.report_fixture import hostile_tables, tables

STAGES = ("read", "duplicates", "stories", "facts")
SHEETS = ["stories", "memberships", "facts", "figures"]


def build(content=None):
    return build_report(content or tables(), config=Config(), stages=STAGES)


def rows_of_csv(report):
    with zipfile.ZipFile(io.BytesIO(to_csv(report))) as archive:
        names = archive.namelist()
        texts = [archive.read(name).decode("utf-8-sig") for name in names]
    return dict(zip(names, [list(csv.reader(io.StringIO(text, newline=""))) for text in texts], strict=True))


def rows_of_xlsx(report):
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(report)))
    return {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in book}


def test_every_row_of_the_report_is_in_the_tables():
    report = build()
    found = rows_of_csv(report)
    assert list(found) == [f"{name}.csv" for name in SHEETS]
    assert [len(rows) - 1 for rows in found.values()] == [3, 7, 11, 4]
    assert all(len(row) == len(rows[0]) for rows in found.values() for row in rows)


def test_workbook_and_csv_say_the_same():
    report = build()
    workbook = rows_of_xlsx(report)
    for name, rows in rows_of_csv(report).items():
        cells = [["" if cell.value is None else str(cell.value) for cell in row] for row in workbook[name[:-4]]]
        assert [[_number(cell) for cell in row] for row in cells] == [[_number(cell) for cell in row] for row in rows]


def _number(cell):
    try:
        return float(cell)
    except ValueError:
        return cell


def test_same_report_gives_the_same_bytes():
    assert to_csv(build()) == to_csv(build())
    assert to_xlsx(build()) == to_xlsx(build())


def test_no_cell_is_a_formula():
    report = build(hostile_tables("=cmd()|' /C calc'!A0"))
    for rows in rows_of_xlsx(report).values():
        assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}
    for rows in rows_of_csv(report).values():
        assert not [cell for row in rows for cell in row if cell.startswith("=")]


def test_controls_and_endless_texts_do_not_reach_a_cell():
    report = build(hostile_tables("\x1b\x00\u202e" + "x" * 100_000))
    for rows in rows_of_xlsx(report).values():
        assert all(len(str(cell.value)) <= 32_767 for row in rows for cell in row)
