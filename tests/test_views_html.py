"""The page as a file: self-contained, deterministic, everything in it without a script."""

import base64
import gzip
import json
import re
import time
from html import unescape

import pytest

from storycluster.config import Config, FactsConfig, ReportConfig
from storycluster.run_tables import with_selection
from storycluster.views.html import to_html
from tests.report_fixture import STAGES, TEXTS, choose, hostile_tables, make_rows, tables


def show(content=None, *, stages=STAGES, **config):
    content = content or tables()
    return to_html(choose(content, config=Config(**config), stages=stages), with_selection(content))


def texts_in(page):
    packed = re.search(r'id="texts">([^<]*)<', page)[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def test_same_report_gives_the_same_bytes():
    assert show() == show()


def test_nothing_is_loaded_from_outside():
    page = show()
    assert "default-src 'none'" in page
    assert not re.findall(r'(?:src|href)="(?!#|data:,")[^"]+"', page)
    assert not re.findall(r"@import|url\((?!#)", page)


def test_no_style_attribute_needs_an_exception_from_the_policy():
    assert " style=" not in show()


def test_every_fact_and_figure_is_in_the_page_without_a_script():
    page = re.sub(r"<script.*?</script>", "", show(), flags=re.S)
    words = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)))
    for story in choose().stories:
        assert story.label in words
        for fact in story.facts:
            assert fact.text in words
    assert "40 million" in words


def test_facts_beyond_the_limit_are_folded_not_dropped():
    page = show(facts=FactsConfig(max_per_article=1))
    assert "2 more new facts" in page
    assert "The harbour will stay closed" in page


def test_every_link_leads_somewhere_and_no_id_stands_twice():
    page = show()
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_texts_are_packed_and_cut_at_the_limits():
    texts = texts_in(show(report=ReportConfig(html_article_letters=30, html_letters=70)))
    assert [len(text["text"]) for text in texts] == [30, 30, 10, 0, 0]
    assert all(text["cut"] for text in texts)
    whole = texts_in(show())
    assert [text["text"] for text in whole] == [
        TEXTS[name] for name in ("collision", "repeat", "update", "council", "bell")
    ]


def test_without_tables_the_page_says_that_texts_are_missing():
    assert 'id="texts"></script>' in to_html(choose())


def test_dedup_alone_has_no_stories_and_no_facts():
    content = {name: tables()[name] for name in ("articles", "groups", "rejects")}
    page = show(content, stages=("read", "duplicates"))
    assert 'id="copies"' in page
    assert 'id="stories"' not in page
    assert "New facts" not in page


def test_stories_beyond_the_limit_are_counted():
    page = show(report=ReportConfig(max_stories=2))
    assert "1 smaller story with 1 article not listed" in page
    assert "according to the museum" not in page


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "</script><img src=x onerror=alert(1)>",
        '" onmouseover="alert(1)',
        "javascript:alert(1)",
        "{{ 7*7 }}{% raw %}",
        "]]>--><!--",
        "&lt;b&gt;",
        "\u202e\u0000\x1b",
    ],
)
def test_hostile_words_are_text(words):
    page = show(hostile_tables(words))
    plain = show()
    assert page.count("<script") == plain.count("<script") == 2
    assert "onerror=alert(1)>" not in page.replace("onerror=alert(1)&gt;", "")
    assert not re.findall(r'href="(?!#|data:,")[^"]*"', page)
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_a_safe_address_is_a_link_and_another_is_not():
    rows = make_rows()
    rows["articles"][0]["url"] = "https://wire.example/1"
    rows["articles"][1]["url"] = "javascript:alert(1)"
    page = show(tables(rows))
    assert '<a class="address" href="https://wire.example/1" rel="noopener noreferrer">' in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("words", ["Mr. ", "\u0301"])
def test_a_megabyte_of_hostile_text_is_fast(words):
    content = hostile_tables(words * (1_000_000 // len(words)))
    shown = choose(content)
    start = time.process_time()
    to_html(shown, with_selection(content))
    assert time.process_time() - start < 5


def test_stories_beyond_the_statement_limit_keep_articles_and_counts():
    page = show(report=ReportConfig(html_statements=9))
    assert "1 story at the end of the list: articles and counts only" in page
    assert '<p class="meta">2 new facts</p>' in page
    assert "according to the museum" not in page
    assert not {*re.findall(r'href="#([^"]+)"', page)} - {*re.findall(r' id="([^"]+)"', page)}


def test_figures_beyond_the_limit_are_counted():
    assert "1 more figure not listed (report.max_figures = 1)" in show(report=ReportConfig(max_figures=1))
