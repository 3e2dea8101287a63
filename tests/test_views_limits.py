"""A report of a large run lists the largest parts and counts the rest by the setting that says so; no link is dead."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from storycluster.config import Config, ReportConfig
from storycluster.run_tables import with_selection
from storycluster.views import articles, figures, groups, stories
from storycluster.views.content import load_content
from storycluster.views.html import to_html
from storycluster.views.json import stream_json, to_json
from storycluster.views.markdown import to_markdown
from storycluster.views.report import build_report, stream_report
from storycluster.views.text import to_text
from tests.report_fixture import STAGES, choose, make_rows, tables

GROUPS, COPIES = 5, 4


def many_copies() -> dict[str, list[dict[str, Any]]]:
    """Groups of 1, 2, 3 … copies, the largest the latest."""
    rows = make_rows()
    base, group = rows["articles"][0], rows["groups"][0]
    copies, members = [], []
    for number in range(GROUPS):
        names = [f"g{number}m{member}" for member in range(number + 2)]
        copies += [base | {"id": name, "title": f"Title of {name}", "content_hash": len(copies)} for name in names]
        members += [
            group | {"id": f"g{number}", "kept": names[0], "article": name, "relation": "near", "jaccard": 0.9}
            for name in names
        ]
    return {"articles": copies, "groups": members, "rejects": []}


def show(rows: dict[str, Any], stages: tuple[str, ...], **report: int) -> dict[str, str]:
    content = {name: table for name, table in tables(make_rows() | rows).items() if name in rows}
    config = Config(report=ReportConfig(**report))
    shown = choose(content, config=config, stages=stages)
    page = to_html(shown, with_selection(content))
    forms = {"text": to_text(shown, width=200), "markdown": to_markdown(shown), "html": page}
    return {
        form: printed.replace("\\_", "_").replace("\\(", "(").replace("\\)", ")") for form, printed in forms.items()
    }


def dead_links(form: str, printed: str) -> set[str]:
    pattern = r'href="#([^"]+)"' if form == "html" else r"\]\(#([^)]+)\)"
    return set(re.findall(pattern, printed)) - set(re.findall(r'id="([^"]+)"', printed))


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_the_largest_groups_are_listed_and_the_rest_counted(form: str) -> None:
    limits = {"max_groups": 2, "max_copies": COPIES, "max_articles": 3, "html_articles": 3}
    printed = show(many_copies(), ("read", "duplicates"), **limits)[form]
    assert "3 smaller groups with 6 copies not listed (report.max_groups = 2)" in printed
    assert "1 more copy not listed (report.max_copies = 4)" in printed
    assert "Title of g4m0" in printed
    left = "html_articles = 3" if form == "html" else "max_articles = 3"
    assert re.search(rf"\d+ more articles not listed \(report\.{left}\)", printed)
    assert dead_links(form, printed) == set()


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_articles_of_a_story_beyond_the_limit_are_counted(form: str) -> None:
    printed = show(make_rows(), STAGES, max_story_articles=1, html_articles=0)[form]
    assert "more articles of this story not listed (report.max_story_articles = 1)" in printed
    assert "12 people were injured" in printed  # of the article that adds most
    assert dead_links(form, printed) == set()


def test_stories_not_listed_are_counted_but_not_made() -> None:
    brief = choose(config=Config(report=ReportConfig(max_stories=1)))
    assert brief.counts == choose().counts
    assert [len(shown.stories) for shown in (brief, choose())] == [1, 3]


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_a_report_made_in_pieces_is_the_whole_report(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = build_report(tables(), config=Config(), stages=STAGES)
    monkeypatch.setattr(stories, "ARTICLES_AT_ONCE", at_once)
    for module in (articles, groups, figures):
        monkeypatch.setattr(module, "_AT_ONCE", at_once)
    streamed = stream_json(stream_report(load_content(tables(), config=Config(), stages=STAGES)))
    assert isinstance(streamed, Iterator)
    assert "".join(streamed) == to_json(whole) == json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("value", [{}, {"a": []}, {"a": {}, "b": ["\n", {"c": [1, {}]}]}])
def test_json_in_pieces_is_json(value: dict[str, object]) -> None:
    assert to_json(value) == json.dumps(value, ensure_ascii=False, indent=2) + "\n"
