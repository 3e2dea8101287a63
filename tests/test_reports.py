"""The reports of the seeds that stand in ``reports/`` are what the program prints today."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from benchmarks.seed_reports import ROOT, render_seeds

REPORTS = ROOT / "reports"


class _Words(HTMLParser):
    """The words of a page outside drawings, style and script: these depend on library versions."""

    SKIPPED = frozenset({"svg", "script", "style"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._depth += tag in self.SKIPPED

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag in self.SKIPPED

    def handle_data(self, data: str) -> None:
        if not self._depth:
            self.words += re.findall(r"\S+", data)


def words_of(page: str) -> list[str]:
    parser = _Words()
    parser.feed(page)
    return parser.words


@pytest.fixture(scope="module")
def rendered() -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return render_seeds()


@pytest.mark.parametrize("name", ["seeds.txt", "seeds.md", "seeds.json"])
def test_the_stored_report_is_what_is_printed_today(name: str, rendered: dict[str, str]) -> None:
    stored = (REPORTS / name).read_text(encoding="utf-8")
    assert rendered[name] == stored, "regenerate with: python -m benchmarks.seed_reports"


def test_the_stored_page_says_what_is_said_today(rendered: dict[str, str]) -> None:
    stored = (REPORTS / "seeds.html").read_text(encoding="utf-8")
    assert len(words_of(stored)) > 1_000
    assert words_of(rendered["seeds.html"]) == words_of(stored), "regenerate with: python -m benchmarks.seed_reports"


def test_new_facts_by_story_and_in_all_are_those_of_the_json(rendered: dict[str, str]) -> None:
    report = json.loads(rendered["seeds.json"])
    by_story, in_all = sum(story["new_facts"] for story in report["stories"]), report["counts"]["new_facts"]
    assert by_story > in_all
    for name in ("seeds.txt", "seeds.md", "seeds.html"):
        assert f"counts in each story it tells: {by_story} by story, {in_all} in all." in rendered[name]


def test_tables_in_reports_name_their_command() -> None:
    tables = sorted(path for path in Path(REPORTS).glob("*.md") if path.name != "seeds.md")
    assert tables
    for path in tables:
        assert re.search(r"`python benchmarks/\w+\.py[^`\n]*`", path.read_text(encoding="utf-8")), path.name
