"""The report is what the tables say, in one order, and fits its schema."""

import json
import random
from importlib.resources import files

import jsonschema
import pyarrow as pa
import pytest

from storycluster.config import Config, ReportConfig
from storycluster.views.json import to_json
from storycluster.views.report import build_report
from storycluster.views.shape import make_schema, read_report
from storycluster.views.text import to_text
from tests.report_fixture import PASSAGE, STAGES, TEXTS, choose, hostile_tables, make_rows, tables


def build(content=None, **config):
    return build_report(content or tables(), config=Config(**config), stages=STAGES)


def shipped_schema():
    return json.loads(files("storycluster.views").joinpath("report.schema.json").read_text(encoding="utf-8"))


def test_shipped_schema_is_made_from_the_types():
    assert shipped_schema() == make_schema()


def test_schema_is_valid_and_accepts_the_report():
    jsonschema.Draft202012Validator.check_schema(shipped_schema())
    jsonschema.validate(json.loads(to_json(build())), shipped_schema())


@pytest.mark.parametrize("key", ["stories", "counts", "settings"])
def test_schema_refuses_a_report_without_a_part(key):
    report = build()
    del report[key]
    with pytest.raises(jsonschema.ValidationError, match=key):
        jsonschema.validate(report, shipped_schema())


def test_languages_without_word_lists_are_counted_and_named():
    rows = make_rows()
    rows["articles"][0]["language"] = "de"
    assert build(tables(rows))["counts"]["without_rules"] == {"de": 1}
    assert "1 article (language: de)" in to_text(choose(tables(rows)), width=1000)
    assert "word lists" not in to_text(choose(), width=1000)


def test_order_of_rows_changes_no_byte():
    expected = to_json(build())
    shuffler = random.Random(7)  # noqa: S311 - shuffles rows
    for _ in range(5):
        rows = make_rows()
        for values in rows.values():
            shuffler.shuffle(values)
        assert to_json(build(tables(rows))) == expected


def test_spans_give_the_words_shown():
    report = read_report(build())
    for story in report.stories:
        for fact in story.facts:
            start, end = fact.span
            assert TEXTS[fact.article][start:end] == fact.text
            start, end = fact.sentence
            assert TEXTS[fact.article][start:end] == fact.sentence_text
            if fact.support:
                start, end = fact.support.span
                assert TEXTS[fact.support.article][start:end] == fact.support.text


def test_a_fact_in_a_title_shows_the_words_of_the_title():
    rows = make_rows()
    at = {"start": 0, "end": 15, "field": "title"}
    rows["facts"] = [rows["facts"][0] | {"span": at, "sentence": at, "text": "Ferries collide"}]
    fact = read_report(build(tables(rows))).stories[0].facts[0]
    assert (fact.field, fact.sentence_text) == ("title", "Ferries collide")


def test_articles_stand_in_time_order_and_undated_last():
    report = read_report(build())
    assert [article.id for article in report.articles] == ["collision", "repeat", "update", "council", "bell"]


def test_only_passages_of_secondary_articles_are_quoted():
    quoted = {
        (member.article, member.role): member.passages
        for story in read_report(build()).stories
        for member in story.articles
    }
    assert quoted["update", "secondary"] == [PASSAGE]
    assert quoted["update", "primary"] == []


def test_time_of_day_is_given_where_it_is_known():
    rows = make_rows()
    rows["articles"][1] |= {"published_precision": "second"}
    published = {article.id: article.published for article in read_report(build(tables(rows))).articles}
    assert published["collision"] == "2024-03-04T00:00:00Z"
    assert published["council"] == "2024-03-06"


def test_counts_leave_kept_articles_and_known_facts_out():
    counts = read_report(build()).counts
    assert (counts.articles, counts.undated, counts.groups, counts.copies) == (5, 2, 1, 1)
    assert (counts.facts, counts.new_facts, counts.rejects) == (11, 10, 3)


def test_a_fact_that_two_stories_tell_counts_once():
    rows = make_rows()
    rows["facts"].append(rows["facts"][0] | {"story": "s-bell"})
    counts = read_report(build(tables(rows))).counts
    assert (counts.facts, counts.new_facts) == (11, 10)


def test_long_sentences_are_cut_at_the_configured_length():
    report = read_report(build(report=ReportConfig(excerpt_letters=24)))
    sentence = report.stories[0].facts[0].sentence_text
    assert sentence == "Two ferries collided…"


def test_tables_of_stages_that_did_not_run_may_be_missing():
    read_only = {name: tables()[name] for name in ("articles", "rejects")}
    report = build_report(read_only, config=Config(), stages=("read",))
    assert report["stages"] == ["read"]
    assert report["stories"] == report["figures"] == []
    jsonschema.validate(report, shipped_schema())


def test_null_columns_are_empty_not_an_error():
    rows = make_rows()
    for row in rows["facts"]:
        row |= dict.fromkeys(("refs", "new_terms", "entities", "quantities", "speaker", "modality", "score"))
    for row in rows["articles"]:
        row |= dict.fromkeys(("credits", "source", "path", "title", "content_hash"))
    report = build(tables(rows))
    jsonschema.validate(report, shipped_schema())
    assert {fact["speaker"] for story in report["stories"] for fact in story["facts"]} == {None}
    assert [article["credits"] for article in report["articles"]] == [[]] * len(rows["articles"])


def test_engine_settings_are_no_part_of_the_report():
    assert sorted(build()["settings"]) == ["dedup", "facts", "read", "report", "stories"]


def test_empty_run_is_a_valid_report():
    empty = {name: pa.table({field.name: pa.array([], field.type) for field in table.schema})
             for name, table in tables().items()}  # fmt: skip
    report = build(empty)
    jsonschema.validate(report, shipped_schema())
    assert report["articles"] == report["stories"] == []


def test_hostile_words_survive_as_json():
    words = "\u202e</script>\x1b[31m\n" + '"\\'
    report = build(hostile_tables(words))
    assert json.loads(to_json(report)) == report
