"""The charts: what they draw stands in them, they are the same each time, and they say in words what they show."""

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.views.figure_chart import draw_figure
from storycluster.views.heat_map import HEAT_ARTICLES, draw_heat_map
from storycluster.views.outline import arrange
from storycluster.views.story_graph import NEIGHBOURS, draw_story_graph, find_lines, lay_out
from storycluster.views.story_map import draw_story_map
from tests.report_fixture import choose, make_rows, tables


def made(rows=None):
    shown = choose(tables(rows))
    return shown, arrange(shown)


def map_of(rows=None, width=760):
    shown, outline = made(rows)
    return draw_story_map(outline.stories, shown.articles.entry, width=width)


def tips(svg):
    return [title.text for title in ElementTree.fromstring(svg).iter("title")]  # noqa: S314 - made by the code under test


@pytest.mark.parametrize("width", [336, 760])
def test_every_place_of_every_article_is_a_link_in_the_map(width):
    targets = re.findall(r'href="#(s\d+-a\d+)"', map_of(width=width))
    assert sorted(targets) == ["s1-a1", "s1-a2", "s1-a3", "s1-a4", "s2-a3", "s2-a4", "s3-a5"]


def test_charts_are_the_same_each_time():
    assert map_of() == map_of()


def test_no_chart_has_a_style_a_script_or_a_date():
    svg = map_of()
    assert not re.search(r"style=|<style|<script|<metadata|clip-path|20\d\d-\d\d-\d\dT", svg)


def test_labels_of_the_map_are_escaped():
    rows = make_rows()
    rows["stories"][1]["label"] = "<script>alert(1)</script> & more"
    svg = map_of(rows)
    assert "<script>" not in svg
    assert "&lt;script&gt;alert(1)" in svg


@pytest.mark.parametrize("label", ["台风登陆台湾", "मोरबी में पुल गिरा", "🔥", "From $5 to $10", "$\\frac{$", "_a^b_ $x$"])
def test_a_label_in_any_script_or_with_signs_of_mathematics_stands_as_it_is(label):
    rows = make_rows()
    rows["stories"][1]["label"] = label
    assert escape(label) in map_of(rows)


@given(st.lists(st.integers(0, 4000), min_size=5, max_size=5))
@settings(max_examples=25, deadline=None)
def test_every_mark_stands_inside_the_map(days):
    rows = make_rows()
    for row, day in zip(rows["articles"], days, strict=True):
        row["published"] = datetime(2015, 1, 1) + timedelta(days=day)
    svg = ElementTree.fromstring(map_of(rows, width=336))  # noqa: S314 - made by the code under test
    places = [float(one.get("x")) for one in svg.iter("use")]
    assert places
    assert all(0 <= place <= 336 for place in places)


def test_map_says_how_many_articles_are_in_several_stories():
    assert (
        'aria-label="Articles over time, one lane per story: 3 stories, 2 articles in more than one story."' in map_of()
    )


def test_triangle_has_a_cell_for_every_two_articles():
    _, outline = made()
    svg = draw_heat_map(outline.stories, {(1, 3): 0.61, (3, 4): 0.19}, width=760)
    assert sorted(tips(svg)) == sorted([
        "[1] and [3]: 0.61", "[1] and [4]: 0.00", "[3] and [4]: 0.19",
        "[1] and [5]: 0.00", "[3] and [5]: 0.00", "[4] and [5]: 0.00",
    ])  # fmt: skip
    assert "the most similar are [1] and [3], 0.61" in svg


def test_one_article_has_no_triangle():
    _, outline = made()
    assert draw_heat_map(outline.stories[2:], {}, width=760) is None
    assert HEAT_ARTICLES == 60


def test_a_conflict_is_marked_in_the_chart_of_its_figure():
    shown, outline = made()
    svg = draw_figure(outline.figures[0], shown.figures[0])
    assert "≠ 38 million" in svg
    assert "alert" in svg
    assert "alert" not in draw_figure(outline.figures[1], shown.figures[1])


def test_a_figure_without_numbers_has_no_chart():
    rows = make_rows()
    for one in rows["figures"][0]["series"]:
        one |= {"low": None, "high": None, "value": "dozens"}
    shown, outline = made(rows)
    assert draw_figure(outline.figures[1], shown.figures[1]) is None


def test_stories_that_share_an_article_are_joined():
    _, outline = made()
    assert find_lines(outline.stories, {(1, 5): 0.3}) == {(0, 1): 1.0, (0, 2): 0.3}
    assert re.findall(r'href="#(s\d)"', draw_story_graph(outline.stories, {})) == ["s1", "s2", "s3"]


@given(st.integers(2, 40), st.data())
@settings(max_examples=25, deadline=None)
def test_circles_of_the_graph_stay_in_their_square_and_apart(count, data):
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] < pair[1])
    lines = dict.fromkeys(data.draw(st.lists(ends, max_size=NEIGHBOURS * count)), 0.5)
    places = lay_out(count, lines)
    assert np.isfinite(places).all()
    assert places.min() >= 0
    assert places.max() <= 1
    assert len({tuple(place) for place in places.round(6)}) == count
