"""The terminal report: what stands where, how wide it is, and that nothing in it can harm a terminal."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import width as display_width

from storycluster.config import Config, FactsConfig
from storycluster.views.text import to_text
from tests.report_fixture import INJURED_15, PASSAGE, STAGES, choose, hostile_tables, make_rows, tables


def show(content=None, *, width=80, stages=STAGES, config=None):
    return to_text(choose(content, config=config, stages=stages), width=width)


def section(text, heading):
    """The lines between a heading and the next one."""
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"no section {heading}"
    return re.split(r"\n\n\n", rest)[0]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_no_line_is_wider_than_asked(width):
    assert max(map(display_width, show(width=width).splitlines())) <= width


@pytest.mark.parametrize("words", ["漢字" * 60, "a" * 500, "e\u0301" * 200, "🇰🇷" * 100, "مرحبا " * 50])
def test_wide_and_endless_words_fit_too(words):
    assert max(map(display_width, show(hostile_tables(words)).splitlines())) <= 80


def test_a_wide_terminal_gets_a_wider_table_but_no_endless_lines():
    rows = make_rows()
    rows["stories"][1]["label"] = "Ferries " * 15
    lines = show(tables(rows), width=200).splitlines()
    assert max(map(len, lines)) > 110
    assert max(len(line) for line in lines if line.startswith("    • ")) <= 100


def test_first_paragraph_says_what_was_read_and_found():
    first = " ".join(show().split("\n\n")[0].split())
    assert first == (
        "Read 5 articles, 2 of them undated, from 7 files. "
        "Found 3 stories, 10 new facts and 1 copy. 3 records rejected."
    )


def test_stages_that_did_not_run_are_not_mentioned():
    text = show(stages=("read", "duplicates"), content=only("articles", "groups", "rejects"))
    assert "1 copy." in text
    assert "stor" not in text.lower()
    assert "fact" not in text


def test_a_run_without_dates_says_so_once():
    rows = make_rows()
    for row in rows["articles"]:
        row["published"] = row["published_from"] = None
    for row in rows["stories"]:
        row["first_published"] = row["last_published"] = None
    text = show(tables(rows))
    assert "Read 5 articles, all undated, from" in text
    assert "Dates" not in text.split("Copies")[0]


def test_a_passage_that_its_facts_say_word_for_word_is_not_quoted_as_well():
    rows = make_rows()
    secondary = next(row for row in rows["memberships"] if row["role"] == "secondary")
    fact = next(row for row in rows["facts"] if row["article"] == secondary["article"])
    quoted = f"“{PASSAGE[:30]}"
    assert quoted in " ".join(show(tables(rows)).split())
    whole = {"start": secondary["spans"][0]["start"], "end": secondary["spans"][0]["end"], "field": "text"}
    fact |= {"story": secondary["story"], "status": "new", "text": PASSAGE, "span": whole, "sentence": whole}
    text = " ".join(show(tables(rows | {"figures": []})).split())
    assert quoted not in text
    assert f"• {PASSAGE[:30]}" in text


def test_a_passage_that_a_changed_figure_says_word_for_word_is_not_quoted_as_well():
    rows = make_rows()
    member = next(row for row in rows["memberships"] if (row["article"], row["story"]) == ("update", "s-collision"))
    text = next(row["text"] for row in rows["articles"] if row["id"] == "update")
    start = text.index(INJURED_15)
    member |= {"role": "mention", "spans": [{"start": start, "end": start + len(INJURED_15), "field": "text"}]}
    shown = " ".join(section(show(tables(rows)), "1. Ferries collide off Lannoch").split())
    assert f"→ 15 injured: {INJURED_15}" in shown
    assert f"“{INJURED_15}" not in shown


def only(*names):
    return {name: table for name, table in tables().items() if name in names}


def test_empty_sections_are_left_out():
    rows = make_rows() | {"groups": [], "figures": [], "rejects": []}
    text = show(tables(rows))
    assert "Nothing was rejected." in text
    for heading in ("Copies", "Figures over time", "Rejected"):
        assert f"\n{heading}\n" not in text


def test_copies_name_the_kept_article_and_the_share():
    copies = " ".join(section(show(), "Copies").split())
    assert "[1] Ferries collide off Lannoch, 4 Mar 2024, Lannoch Wire" in copies
    assert "nearly the same words, 93 % shared" in copies


def test_articles_of_a_story_stand_in_time_order_with_their_dates():
    story = section(show(), "1. Ferries collide off Lannoch")
    assert re.findall(r"^\[(\d)\]", story, re.M) == ["1", "2", "3", "4"]
    assert re.findall(r"^    (\d.*?|not before .*?|undated) · ", story, re.M) == [
        "4 Mar 2024", "5 Mar 2024", "not before 5 Mar 2024", "6 Mar 2024",
    ]  # fmt: skip


def test_an_article_without_title_and_date_is_shown_by_its_first_words():
    story = section(show(), "3. Divers found a bell")
    assert "[5] “Divers found a bell. The bell is older than the harbour…” (bell)\n    undated · full article" in story


def test_figures_come_first_among_new_facts():
    story = re.sub(r"\n {6}(?=\S)", " ", section(show(), "1. Ferries collide off Lannoch"))
    bullets = re.findall(r"^    • (.*)$", story, re.M)
    assert bullets[:2] == [
        "The coast guard said 12 people were injured.",
        "Two ferries collided off Lannoch on Monday. (also in [4], 2 independent sources)",
    ]


def test_changed_figures_stand_with_the_values_before():
    text = " ".join(show().split())
    assert "→ 15 injured: Fifteen people were injured" in text
    assert "(before: 12 [1])" in text
    assert "≠ 38 million crowns: The council of Lannoch" in text
    assert "(before: 40 million [3])" in text


def test_an_earlier_value_is_named_once_however_often_it_was_said():
    rows = make_rows()
    series = rows["figures"][0]["series"]
    series[1:1] = [series[0] | {"fact": "again"}, series[0] | {"article": "update", "fact": "once more"}]
    assert "(before: 12 [1])" in " ".join(show(tables(rows)).split())


def test_passage_is_quoted_and_known_facts_are_one_line():
    text = show()
    assert "“It comes a day after two ferries collided.”\n    Known already: 1 fact, first said by [1]" in text


def test_figures_over_time_are_one_line_each():
    figures = " ".join(section(show(), "Figures over time").split())
    assert "injured: 12 (4 Mar 2024, coast guard) [1] → 15 (not before 5 Mar 2024, hospital) [3]" in figures


def test_what_is_beyond_the_limit_is_counted():
    text = show(config=Config(facts=FactsConfig(max_per_article=1)))
    assert "and 2 more new facts" in text
    assert "12 people were injured" in text


def test_rejects_are_summed_by_reason():
    assert "• no text: wire/empty.txt and wire/more.jsonl, line 9" in section(show(), "Rejected")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_control_or_reordering_character_reaches_a_terminal(words):
    text = show(hostile_tables(words))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert max(map(display_width, text.splitlines())) <= 80


@pytest.mark.parametrize("words", ["Mr. ", "“", "\u0301"])
def test_a_megabyte_of_hostile_text_is_fast(words):
    content = hostile_tables(words * (1_000_000 // len(words)))
    shown = choose(content)
    start = time.process_time()
    to_text(shown, width=80)
    assert time.process_time() - start < 1
