"""The Markdown report: same order and words as the text report, links that lead somewhere, nothing that is markup."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from storycluster.views.markdown import to_markdown
from storycluster.views.text import to_text
from tests.report_fixture import choose, hostile_tables

PARSER = MarkdownIt("gfm-like", {"linkify": False})


def show(content=None):
    return to_markdown(choose(content))


def tokens(markdown):
    for token in PARSER.parse(markdown):
        yield token
        yield from token.children or ()


def plain_words(markdown):
    """What a reader of the rendered page sees."""
    return " ".join(token.content for token in tokens(markdown) if token.type == "text")


def test_every_link_leads_to_a_target_that_stands_once():
    markdown = show()
    targets = re.findall(r'<a id="(\w+)"></a>', markdown)
    links = set(re.findall(r"\(#(\w+)\)", markdown))
    assert len(targets) == len(set(targets))
    assert links
    assert links <= set(targets)


def test_a_changed_figure_links_to_the_fact_it_changes():
    markdown = show()
    target = re.search(r'<a id="(f\d+)"></a>The coast guard said 12', markdown)[1]
    assert f"(before: 12 [\\[1\\]](#{target}))" in markdown


def test_wording_and_order_are_those_of_the_text_report():
    def words(text):
        return [word for word in re.findall(r"\w+", text) if not word.isdigit()]

    text = to_text(choose(), width=100)
    text = text[text.index("1. Ferries") :]
    markdown = PARSER.render(show())
    markdown = re.sub(r"<[^>]+>", " ", markdown[markdown.index("1. Ferries") :])
    assert words(markdown.replace("&lt;", " ").replace("&gt;", " ").replace("&quot;", " ")) == words(text)


def test_story_table_is_a_table_with_a_row_per_story():
    rows = [token for token in tokens(show()) if token.type == "tr_open"]
    assert len(rows) == 1 + 3


HOSTILE = [
    "<script>alert(1)</script>",
    "](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "| a | b |\n|---|---|\n| c | d |",
    "```\ncode",
    "1. one\n2. two",
    "# heading",
    "[ref]: http://evil.example",
    "&lt;b&gt; &amp;",
    "a  \n\n---\n\nb",
    "<!-- comment",
    "$x$ ~~gone~~ **bold** __it__",
    "+ item",
    "\\",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_shown_as_they_are_and_mean_nothing(words):
    markdown = show(hostile_tables(words))
    kinds = {token.type for token in tokens(markdown)}
    assert not kinds & {"image", "code_inline", "fence", "code_block", "hr", "s_open", "em_open", "html_block"}
    raw = {token.content for token in tokens(markdown) if token.type == "html_inline"}
    assert all(re.fullmatch(r'<a id="\w+">|</a>', tag) for tag in raw)
    hrefs = {token.attrGet("href") for token in tokens(markdown) if token.type == "link_open"}
    assert all(re.fullmatch(r"#\w+", href) for href in hrefs)
    assert re.sub(r"\s+", "", words) in re.sub(r"\s+", "", plain_words(markdown))


@given(st.text(alphabet="<>[]()*_`#|\\!&;:/.@-+=~ \n1aä$", max_size=30))
@settings(max_examples=40, deadline=None)
def test_no_words_become_markup(words):
    markdown = show(hostile_tables(words))
    expected = show(hostile_tables("plain words"))
    structure = [token.type for token in PARSER.parse(markdown) if token.type != "inline"]
    headings = [kind for kind in structure if kind == "heading_open"]
    assert headings == [token.type for token in PARSER.parse(expected) if token.type == "heading_open"]
    raw = {token.content for token in tokens(markdown) if token.type.startswith("html")}
    assert all(re.fullmatch(r'<a id="\w+">|</a>', tag) for tag in raw)
    assert not {"em_open", "image", "code_inline", "s_open"} & {token.type for token in tokens(markdown)}


def test_mentions_and_addresses_are_not_linked_by_a_forge():
    markdown = show(hostile_tables("@SecGen #12 https://evil.example www.evil.example"))
    assert not re.search(r"[@#](?=SecGen|12)|https://|www\.", markdown)
