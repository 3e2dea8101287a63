"""The facts stage as a whole: what is new, what is known, what never changes."""

from __future__ import annotations

import gc
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.config import FactsConfig
from storycluster.engines import duckdb, pools
from storycluster.engines.base import Table
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.model import FACTS, FIGURES
from storycluster.stages.facts.decide import Judge
from storycluster.stages.facts.novelty import load_novelty_model
from storycluster.stages.facts.order import Dates
from storycluster.stages.facts.statements import Source
from storycluster.stages.facts.story import Member, read_story
from tests.story_tables import News, Result, member_row, run_facts

FERRY = (
    "A ferry with 40 passengers sank near the harbour of Lindholm on Monday night. "
    "Coast guard divers searched the wreck until dawn. "
    "Mayor Ada Kling said the town would mourn for three days."
)
LATER = (
    "Investigators recovered the voyage recorder of the ferry from the seabed. "
    "The shipping company suspended its captain on Wednesday."
)
OTHER = "Prosecutors in Lindholm opened a criminal inquiry against the shipping company."

NEWS = ("new", "updated", "conflicting", "partly_new", "new_speaker")


def three_days() -> list[News]:
    return [
        News("a", FERRY, "2024-04-30T08:00:00", "Ferry sinks near Lindholm harbour"),
        News("b", LATER, "2024-05-02T08:00:00"),
        News("c", OTHER, "2024-05-03T08:00:00"),
    ]


def shown(result: Result, article: str) -> list[tuple[object, ...]]:
    return [(f["span"]["start"], f["status"], f["score"], tuple(f["new_terms"]), str(f["support"]))
            for f in result.of(article)]  # fmt: skip


def test_the_first_article_is_all_new() -> None:
    assert set(run_facts(three_days()).statuses("a")) == {"new"}


def test_tables_have_the_schemas_of_the_model() -> None:
    tables = run_facts(three_days()).tables
    assert tables["facts"].schema.equals(FACTS)
    assert tables["figures"].schema.equals(FIGURES)


def test_stories_are_read_once_even_where_an_engine_looks_at_what_it_sorts(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    keep = DuckDBEngine.checkpoint

    def checkpoint(engine: DuckDBEngine, source: Table) -> Table:
        kept.append(source)
        return keep(engine, source)

    monkeypatch.setattr(DuckDBEngine, "checkpoint", checkpoint)
    run_facts(three_days())
    assert {"facts__found", "figures__found"} <= set(kept)


def test_several_processes_read_what_one_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "START_SECONDS", 0.0)
    monkeypatch.setattr(duckdb, "PART_BYTES", 1)
    news = three_days()
    members = [member_row(story, each.id) for story in ("s", "t", "u") for each in news]
    one, several = (run_facts(news, members=members, threads=threads) for threads in (1, 2))
    assert several.tables["facts"].equals(one.tables["facts"])
    assert several.tables["figures"].equals(one.tables["figures"])


def test_spans_show_the_words_of_the_article() -> None:
    texts = {each.id: each for each in three_days()}
    for fact in run_facts(three_days()).facts:
        article = texts[fact["article"]]
        body = article.title if fact["span"]["field"] == "title" else article.text
        assert body is not None
        assert body[fact["span"]["start"] : fact["span"]["end"]] == fact["text"]


def test_a_copied_article_adds_no_fact() -> None:
    copy = News("copy", FERRY, "2024-05-01T08:00:00", "Ferry sinks near Lindholm harbour")
    result = run_facts([*three_days(), copy])
    assert set(result.statuses("copy")) == {"known"}


def test_every_known_fact_shows_an_earlier_sentence_that_is_there() -> None:
    copy = News("copy", FERRY, "2024-05-01T08:00:00")
    for fact in run_facts([*three_days(), copy]).of("copy"):
        span = fact["support"]["span"]
        assert fact["support"]["article"] == "a"
        assert fact["text"] in FERRY[span["start"] : span["end"]]


def test_an_exact_copy_of_a_group_is_not_read() -> None:
    copy = News("copy", FERRY, "2024-05-01T08:00:00")
    scores = {"jaccard": 1.0, "containment": 1.0}
    group = [
        {"id": "g", "kept": "a", "article": "a", "relation": "kept", **scores},
        {"id": "g", "kept": "a", "article": "copy", "relation": "exact", **scores},
    ]
    assert run_facts([*three_days(), copy], groups=group).of("copy") == []


def test_a_copy_with_one_number_changed_adds_one_changed_figure() -> None:
    copy = News("copy", FERRY.replace("40 passengers", "95 passengers"), "2024-05-06T08:00:00")
    result = run_facts([*three_days(), copy])
    changed = [fact for fact in result.of("copy") if fact["status"] != "known"]
    assert [fact["status"] for fact in changed] in (["updated"], ["conflicting"])


@settings(max_examples=8, deadline=None)
@given(text=st.sampled_from([FERRY, LATER, OTHER, "The ferry sank on Monday.", "Divers found 12 bodies on Friday."]))
def test_a_later_article_never_relabels_an_earlier_one(text: str) -> None:
    before = run_facts(three_days())
    after = run_facts([*three_days(), News("z", text, "2024-05-09T08:00:00")])
    for article in ("a", "b", "c"):
        assert shown(before, article) == shown(after, article)


@settings(max_examples=8, deadline=None)
@given(order=st.permutations([0, 1, 2, 3]))
def test_articles_of_one_time_stamp_give_the_same_facts_in_any_order(order: list[int]) -> None:
    news = [News(f"n{n}", text) for n, text in enumerate((FERRY, LATER, OTHER, FERRY.replace("40", "41")))]
    assert run_facts([news[place] for place in order]).facts == run_facts(news).facts


def test_what_was_planned_and_has_happened_is_new() -> None:
    plan = News("plan", "The minister will open the new bridge over the river Aln on Friday.", "2024-05-01T08:00:00")
    done = News("done", "The minister opened the new bridge over the river Aln on Friday.", "2024-05-04T08:00:00")
    assert run_facts([plan, done]).statuses("done") == ["new"]


def test_a_denial_is_not_known_because_the_claim_was() -> None:
    claim = News("claim", "The shipping company repaired the damaged ferry before its voyage.", "2024-05-01T08:00:00")
    denial = News(
        "denial", "The shipping company did not repair the damaged ferry before its voyage.", "2024-05-02T08:00:00"
    )
    assert "known" not in run_facts([claim, denial]).statuses("denial")


def test_a_repeated_headline_is_one_fact() -> None:
    result = run_facts(
        [News("a", "A ferry sank near the harbour of Lindholm.", title="Ferry sinks near Lindholm harbour")]
    )
    assert len(result.facts) == 1
    assert result.facts[0]["span"]["field"] is None


def test_of_a_secondary_member_only_the_passage_is_read() -> None:
    start, end = FERRY.index("Coast guard"), FERRY.index("Mayor")
    members = [member_row("s", "b"), member_row("s", "a", "secondary", [(start, end)])]
    facts = run_facts(three_days()[:2], members=members).of("a")
    assert facts
    assert all(start <= fact["span"]["start"] < end for fact in facts)


def test_an_undated_article_is_read_last_unless_it_bounds_itself() -> None:
    undated = News("u", OTHER, None)
    bounded = News("v", LATER.replace("captain", "first mate"), None, published_from="2024-05-01T00:00:00")
    result = run_facts([undated, bounded, *three_days()[:2]])
    first = {article: min(fact["position"] for fact in result.of(article)) for article in ("a", "b", "u", "v")}
    assert first["a"] < first["v"] < first["b"] < first["u"]


def test_a_fact_told_twice_is_one_group() -> None:
    copy = News("copy", FERRY, "2024-05-01T08:00:00")
    result = run_facts([*three_days(), copy])
    assert {fact["fact_group"] for fact in result.of("copy")} <= {fact["id"] for fact in result.of("a")}


@pytest.mark.parametrize("known_containment", [0.2, 0.99])
def test_a_lower_threshold_calls_more_known(known_containment: float) -> None:
    half = News("half", "Coast guard divers searched the wreck of a trawler and its cargo hold.", "2024-05-05T08:00:00")
    result = run_facts([*three_days(), half], config=FactsConfig(known_containment=known_containment, known_chance=0.0))
    assert ("known" in result.statuses("half")) == (known_containment < 0.5)


def test_a_low_chance_lists_all_as_new_and_a_high_one_as_new_in_part() -> None:
    half = News(
        "half", "Coast guard divers searched the wreck of a trawler and its cargo of timber.", "2024-05-05T08:00:00"
    )
    low = run_facts([*three_days(), half], config=FactsConfig(new_chance=0.0))
    high = run_facts([*three_days(), half], config=FactsConfig(new_chance=1.0))
    assert set(low.statuses("half")) == {"new"}
    assert set(high.statuses("half")) == {"partly_new"}


def test_questions_and_single_words_state_no_fact() -> None:
    assert run_facts([News("a", "Why did the ferry sink so quickly?\nDetails.")]).facts == []


def test_figures_of_an_arc_form_a_series_with_its_conflict() -> None:
    news = [
        News("a", "Police said 12 people were killed in the ferry accident near Lindholm.", "2024-05-01T08:00:00"),
        News(
            "b", "The hospital said 19 people were killed in the ferry accident near Lindholm.", "2024-05-01T20:00:00"
        ),
        News("c", "Police said 31 people were killed in the ferry accident near Lindholm.", "2024-05-09T08:00:00"),
    ]
    figures = run_facts(news).figures
    assert len(figures) == 1
    assert [(point["low"], point["status"]) for point in figures[0]["series"]] == [
        (12.0, "new"), (19.0, "conflicting"), (31.0, "updated"),
    ]  # fmt: skip
    assert figures[0]["conflicting"]


def test_two_series_that_begin_in_one_statement_have_ids_of_their_own() -> None:
    news = [
        News("a", "The bank buys bonds of 30 to 69 days and bonds of 70 to 88 days.", "2024-05-01"),
        News("b", "The bank bought bonds of 30 to 69 days and bonds of 70 to 88 days.", "2024-05-02"),
    ]
    figures = run_facts(news).figures
    assert [len({point["fact"] for figure in figures for point in figure["series"][:1]}), len(figures)] == [1, 2]
    assert len({figure["id"] for figure in figures}) == 2


def test_a_toll_is_one_series_in_whatever_words_it_is_told() -> None:
    news = [
        News("a", "The death toll from the ferry accident near Lindholm passed 10 on Wednesday.", "2024-05-01"),
        News("b", "Divers searched the wreck off Lindholm. The toll rose to 19, the mayor said.", "2024-05-02"),
        News("c", "At least 31 people have died in the ferry accident.", "2024-05-03"),
        News("d", "The number of people killed climbed above 40. In 1987 a storm killed 33 in Lindholm.", "2024-05-04"),
    ]
    figures = [figure for figure in run_facts(news).figures if figure["counts"] == "killed"]
    assert [[(point["value"], point["status"]) for point in figure["series"]] for figure in figures] == [
        [("10", "new"), ("19", "updated"), ("at least 31", "updated"), ("at least 40", "updated")]
    ]


def test_a_series_and_its_fact_agree_that_a_range_reaches_further_than_before() -> None:
    news = [
        News("a", "Police said about 100 people were killed in the ferry accident near Lindholm.", "2024-05-01"),
        News("b", "Police said 100 to 120 people were killed in the ferry accident near Lindholm.", "2024-05-02"),
        News("c", "Police said 103 people were killed in the ferry accident near Lindholm.", "2024-05-03"),
    ]
    result = run_facts(news)
    assert [point["status"] for point in result.figures[0]["series"]] == ["new", "updated", "known"]
    assert result.statuses("b") == ["updated"]


def test_nothing_is_known_where_the_chance_must_be_certain() -> None:
    copy = News("copy", FERRY, "2024-05-01T08:00:00")
    sure = run_facts([*three_days(), copy], config=FactsConfig(known_chance=1.0))
    assert "known" not in sure.statuses("copy")


def test_another_number_in_other_words_is_no_changed_figure_by_itself() -> None:
    other = News("o", FERRY.replace("40 passengers", "95 passengers").replace("sank", "docked safely"), "2024-05-09")
    strict = FactsConfig(same_containment=1.0, changed_chance=1.0)
    assert not {"updated", "conflicting"} & set(run_facts([*three_days(), other], config=strict).statuses("o"))


def test_a_fact_told_by_another_speaker_is_of_the_same_group() -> None:
    news = [
        News("a", "Mayor Ada Kling said the ferry hit a rock near the harbour of Lindholm.", "2024-05-01T08:00:00"),
        News("b", "Governor Lars Holm said the ferry hit a rock near the harbour of Lindholm.", "2024-05-02T08:00:00"),
    ]
    result = run_facts(news)
    assert result.statuses("b") == ["new_speaker"]
    assert result.of("b")[0]["fact_group"] == result.of("a")[0]["fact_group"]


def test_a_name_with_an_age_states_nothing() -> None:
    assert run_facts([News("a", "Ada Kling, 52.")]).facts == []
    assert len(run_facts([News("a", "At least 12 people dead.")]).facts) == 1


def test_reading_a_story_leaves_nothing_to_the_search_for_cycles() -> None:
    """The stage turns that search off while it reads a story, which takes no memory only as long as this holds."""
    members = [
        Member(
            Source(each.id, each.title, each.text, "en", Dates(datetime.fromisoformat(str(each.published)), None)), None
        )
        for each in three_days()
    ]
    judge = Judge(FactsConfig(), load_novelty_model())
    read_story(members, judge)
    gc.collect()
    gc.disable()
    try:
        read_story(members, judge)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_the_search_for_cycles_goes_on_after_the_facts() -> None:
    run_facts(three_days())
    assert gc.isenabled()


def test_a_changed_figure_is_compared_with_the_sentence_that_has_its_words() -> None:
    earlier = "In Lindholm 300 people watched the ferry race. At least 40 people marched through Lindholm."
    facts = run_facts(
        [News("a", earlier), News("b", "In Lindholm 500 people watched the ferry race.", "2024-05-01T09:00:00")]
    ).facts
    (changed,) = [fact for fact in facts if fact["article"] == "b"]
    (said,) = [fact for fact in facts if fact["id"] in changed["refs"]]
    assert changed["status"] == "conflicting"
    assert "300 people" in said["text"]


@pytest.mark.parametrize(("one", "other"), [("soldiers", "sailors"), ("Dutch tourists", "German tourists")])
def test_numbers_of_different_people_are_no_conflict(one: str, other: str) -> None:
    told = [
        News("a", f"The storm killed 12 {one} near Lindholm harbour."),
        News("b", f"The storm killed 30 {other} near Lindholm harbour.", "2024-05-01T09:00:00"),
    ]
    result = run_facts(told)
    assert {fact["status"] for fact in result.facts} <= {"new", "partly_new"}
    assert not result.figures


def test_a_fact_counts_the_independent_sources_that_say_it() -> None:
    told = "A ferry with 40 passengers sank near Lindholm harbour."
    news = [
        News("a", told, "2024-05-01T08:00:00", source="Harbour Post"),
        News("b", told, "2024-05-01T09:00:00", source="Island Times", credits=("Harbour Post",)),
        News("c", told, "2024-05-01T10:00:00", source="Coast Radio"),
        News("d", "Divers searched the wreck until dawn.", "2024-05-01T11:00:00", source="Fjord Daily"),
    ]
    result = run_facts(news)
    assert result.statuses("b") == result.statuses("c") == ["known"]
    assert [fact["sources"] for fact in result.facts] == [2, 2, 2, 1]


def test_a_copy_is_no_source_of_a_fact() -> None:
    told = "A ferry with 40 passengers sank near Lindholm harbour."
    news = [News("a", told, source="Harbour Post"), News("b", told, "2024-05-01T09:00:00", source="Island Times")]
    copied = [member_row("s", "a"), member_row("s", "b") | {"copy_of": "a"}]
    assert {fact["sources"] for fact in run_facts(news, members=copied).facts} == {1}


def test_another_persons_age_and_another_length_of_time_are_no_changed_figures() -> None:
    news = [
        News("a", "Ada Kling, 52, served a 5-year sentence in Lindholm prison for arson."),
        News("b", "In Lindholm prison Lars Holm, 61, served a 12-year sentence for fraud.", "2024-05-01T09:00:00"),
    ]
    result = run_facts(news)
    assert not {"updated", "conflicting"} & {fact["status"] for fact in result.facts}
    assert not any(figure["conflicting"] for figure in result.figures)


def test_the_toll_of_an_earlier_disaster_is_no_other_toll_of_this_one() -> None:
    news = [
        News("a", "An earthquake near Lindholm killed 10 people on Sunday.", "2024-11-25T08:00:00"),
        News("b", "A quake hit Lindholm in February last year, killing 60 people.", "2024-11-25T09:00:00"),
    ]
    result = run_facts(news)
    assert not {"updated", "conflicting"} & set(result.statuses("b"))


def test_a_vaguer_number_is_no_other_value() -> None:
    news = [
        News("a", "The storm killed 612 people in Lindholm."),
        News("b", "In Lindholm the storm killed hundreds of people.", "2024-05-01T09:00:00"),
    ]
    result = run_facts(news)
    assert not {"updated", "conflicting"} & set(result.statuses("b"))
    assert not any(figure["conflicting"] for figure in result.figures)
