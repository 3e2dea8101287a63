"""What the comparison left out stands in the report of every form, shortly."""

from functools import partial

import pyarrow as pa
import pytest

from storycluster.config import load_config
from storycluster.model import BOILERPLATE
from storycluster.pipeline import find_duplicates
from storycluster.run_tables import RunTables
from storycluster.views.boilerplate import list_boilerplate
from storycluster.views.content import load_content
from storycluster.views.html import to_html
from storycluster.views.markdown import to_markdown
from storycluster.views.shown import choose_shown
from storycluster.views.text import to_text
from tests.duplicate_runs import news

FOOTER = "read all of our news about the ports and the ferries of the north on our pages"


def listed(*rows: tuple[str, str, int, int]) -> list[str]:
    table = pa.Table.from_pylist([dict(zip(BOILERPLATE.names, row, strict=True)) for row in rows], schema=BOILERPLATE)
    return list_boilerplate(RunTables({"boilerplate": table}))


def test_a_source_has_one_line_with_its_longest_passage() -> None:
    assert listed(("ANA", "read more", 20, 30), ("ANA", "read more on our pages", 21, 30), ("", "a b c", 5, 9)) == [
        "ANA: “read more on our pages”, in 21 of 30 different articles; 1 more passage",
        "no source: “a b c”, in 5 of 9 different articles",
    ]


def test_many_sources_are_cut_with_a_count() -> None:
    lines = listed(*((f"s{n:02}", "a b c", 5, 9) for n in range(23)))
    assert len(lines) == 21
    assert lines[-1] == "3 more sources, in the table boilerplate"


def test_a_run_without_the_table_lists_nothing() -> None:
    assert list_boilerplate(RunTables({})) == []


@pytest.mark.parametrize("form", [partial(to_text, width=100), to_markdown, to_html])
def test_every_report_lists_a_footer_and_a_pile_without_one_has_no_such_part(form) -> None:  # type: ignore[no-untyped-def]
    config = load_config(None, ["dedup.boilerplate_articles=5"])
    for footer in (FOOTER, ""):
        rows = [{"id": str(n), "text": f"{news(60, seed=n)}\n\n{footer}", "source": "ANA"} for n in range(8)]
        run = find_duplicates(rows, config)
        report = " ".join(form(choose_shown(load_content(run.tables, config=config, stages=run.stages))).split())
        assert ("Left out of the comparison" in report) == bool(footer)
        assert not footer or "in 8 of 8 different articles" in report
