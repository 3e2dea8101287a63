"""A report of a large run lists the largest parts and counts the rest by the setting that says so; no link is dead."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from storycluster.config import Config, ReportConfig
from storycluster.views.html import to_html
from storycluster.views.json import stream_json, to_json
from storycluster.views.markdown import to_markdown
from storycluster.views.report import build_report, stream_stories
from storycluster.views.text import to_text
from tests.report_fixture import make_rows, tables

STAGES = ("read", "duplicates", "stories", "facts")
GROUPS, COPIES = 5, 4


def many_copies() -> dict[str, list[dict[str, Any]]]:
    """Groups of 1, 2, 3 … copies, the largest the latest."""
    rows = make_rows()
    base, group = rows["articles"][0], rows["groups"][0]
    articles, groups = [], []
    for number in range(GROUPS):
        names = [f"g{number}m{member}" for member in range(number + 2)]
        articles += [base | {"id": name, "title": f"Title of {name}", "content_hash": len(articles)} for name in names]
        groups += [
            group | {"id": f"g{number}", "kept": names[0], "article": name, "relation": "near", "jaccard": 0.9}
            for name in names
        ]
    return {"articles": articles, "groups": groups, "rejects": []}


def show(rows: dict[str, Any], stages: tuple[str, ...], **report: int) -> dict[str, str]:
    content = {name: table for name, table in tables(make_rows() | rows).items() if name in rows}
    config = Config(report=ReportConfig(**report))
    built = build_report(content, config=config, stages=stages, most_stories=config.report.max_stories)
    forms = {"text": to_text(built, width=200), "markdown": to_markdown(built), "html": to_html(built, content)}
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


def test_facts_of_stories_not_listed_are_counted_but_not_read() -> None:
    rows = make_rows()
    whole = build_report(tables(rows), config=Config(), stages=STAGES)
    brief = build_report(tables(rows), config=Config(), stages=STAGES, most_stories=1)
    assert brief["counts"] == whole["counts"]
    assert [bool(story["facts"]) for story in brief["stories"]] == [True, False, False]  # type: ignore[attr-defined]


def test_stories_streamed_are_those_of_the_whole_report() -> None:
    content = tables()
    whole = build_report(content, config=Config(), stages=STAGES)
    brief = build_report(content, config=Config(), stages=STAGES, most_stories=0)
    streamed = stream_json({**brief, "stories": stream_stories(content, config=Config())})
    assert isinstance(streamed, Iterator)
    assert "".join(streamed) == to_json(whole) == json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("value", [{}, {"a": []}, {"a": {}, "b": ["\n", {"c": [1, {}]}]}])
def test_json_in_pieces_is_json(value: dict[str, object]) -> None:
    assert to_json(value) == json.dumps(value, ensure_ascii=False, indent=2) + "\n"
