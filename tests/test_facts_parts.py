"""Parts of the facts stage: reading order, slots, repeats, ranks, groups, figures, the learned chances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.config import FactsConfig
from storycluster.stages.facts.dateless import without_date
from storycluster.stages.facts.figurebook import change
from storycluster.stages.facts.figures import Point, Series, shown
from storycluster.stages.facts.namebook import NameBook
from storycluster.stages.facts.novelty import Logistic, load_novelty_model
from storycluster.stages.facts.order import Dates, reading_key
from storycluster.stages.facts.rank import rank
from storycluster.stages.facts.repeats import drop_repeats
from storycluster.stages.facts.slots import happened_since, numbers_agree, ranges_agree, same_speaker, times_agree
from storycluster.stages.facts.statements import Source, Span, Statement, Told, read_statements
from storycluster.text.lexicon import Lexicon
from storycluster.text.names import Name
from storycluster.text.quantities import Quantity

MONDAY = Dates(datetime(2024, 5, 6, 8), None)
NUMBERS = st.floats(min_value=1, max_value=1e6)


def read(text: str, *, title: str | None = None, dates: Dates = MONDAY) -> list[Told]:
    return read_statements(Source("a", title, text, "en", dates), Lexicon("en"), book=NameBook())


def only(text: str, dates: Dates = MONDAY) -> tuple[Told, Statement]:
    (told,) = read(text, dates=dates)
    return told, told.statements[0]


def number(low: float, high: float | None = None, *, approximate: bool = False) -> Quantity:
    return Quantity(0, 1, low, high or low, approximate, None, "people", "people", False, False)


def point(
    value: float,
    *,
    article: str = "a",
    day: int = 1,
    month: int = 5,
    scope: Sequence[str] = ("Lindholm",),
    text: str = "people died in the fire",
) -> Point:
    return Point("s", article, f"{article}{value}", value, value, False, None, None, "killed",
                 date(2024, month, day), None, frozenset(scope), text, 0)  # fmt: skip


# --- reading order ---------------------------------------------------------------------------------


def test_articles_are_read_by_publication_then_bound_then_undated() -> None:
    dates = {
        "last": Dates(None, None),
        "bound": Dates(None, datetime(2024, 5, 2)),
        "first": Dates(datetime(2024, 5, 1), None),
        "late": Dates(datetime(2024, 5, 3), datetime(2020, 1, 1)),
    }
    order = sorted(dates, key=lambda name: reading_key(dates[name], content_hash=0, article=name))
    assert order == ["first", "bound", "late", "last"]


def test_ties_break_by_content_then_id() -> None:
    keys = [reading_key(MONDAY, content_hash=size, article=name) for size, name in ((2, "a"), (1, "b"), (1, "a"))]
    assert sorted(keys) == [keys[2], keys[1], keys[0]]


# --- slots -----------------------------------------------------------------------------------------


@given(NUMBERS, NUMBERS, st.booleans(), st.booleans())
def test_agreement_of_numbers_goes_both_ways(one: float, other: float, rough: bool, rough_too: bool) -> None:
    first, second = number(one, approximate=rough), number(other, approximate=rough_too)
    assert ranges_agree(first, second) == ranges_agree(second, first)
    assert ranges_agree(first, first)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (number(40), number(40), True),
        (number(40), number(41), False),
        (number(3000, approximate=True), number(3200), True),
        (number(10_000, approximate=True), number(12_000), False),
        (number(10_000, 12_000), number(11_000), True),
    ],
)
def test_only_an_approximate_number_leaves_room(one: Quantity, other: Quantity, agree: bool) -> None:
    assert ranges_agree(one, other) is agree


@pytest.mark.parametrize(
    ("later", "earlier", "agree"),
    [
        ("The fire killed 40 people.", "About 41 people were killed when the fire spread.", True),
        ("The fire killed 40 people.", "The fire killed 60 people.", False),
        ("The fire killed 40 people.", "The fire killed many people.", False),
        ("The fire killed many people.", "The fire killed 40 people.", True),
    ],
)
def test_every_number_must_have_been_said(later: str, earlier: str, agree: bool) -> None:
    assert numbers_agree(only(later)[1], only(earlier)[0]) is agree


@pytest.mark.parametrize(
    ("later", "earlier", "agree"),
    [
        ("The mayor resigned on Sunday.", "The mayor resigned on May 5, 2024.", True),
        ("The mayor resigned on Sunday.", "The mayor resigned on May 2, 2024.", False),
        ("The mayor resigned.", "The mayor resigned on May 2, 2024.", True),
        ("The mayor resigned on May 6, 2024.", "The mayor resigned.", True),
        ("The mayor resigned on May 1, 2024.", "The mayor resigned.", False),
    ],
)
def test_every_date_must_have_been_said_or_be_the_day_it_was_said(later: str, earlier: str, agree: bool) -> None:
    assert times_agree(only(later)[1], only(earlier)[0]) is agree


def test_a_plan_that_is_reported_as_done_has_happened_since() -> None:
    plan, done = only("The minister will open the bridge.")[1], only("The minister opened the bridge.")[1]
    assert happened_since(done, plan)
    assert not happened_since(plan, done)


@pytest.mark.parametrize(("one", "other", "same"), [("Ada Kling", "Mayor Kling", True), ("Kling", "Holm", False),
                                                    (None, None, True), ("Kling", None, False)])  # fmt: skip
def test_speakers_are_the_same_by_a_name(one: str | None, other: str | None, same: bool) -> None:
    assert same_speaker(one, other) is same


# --- statements, repeats, dates ---------------------------------------------------------------------


def test_a_person_is_one_term_by_any_of_the_names_an_article_uses() -> None:
    first, second = read("Ada Kling resigned in Lindholm. Kling had led the council for years.")
    assert set(first.terms) & set(second.terms) == {"@ada kling"}


def test_a_value_is_one_term_however_it_is_written() -> None:
    assert "=12000" in only("Police counted 12,000 marchers.")[1].terms
    assert "=12000" in only("Police counted twelve thousand marchers.")[1].terms


def test_a_headline_that_the_text_repeats_is_dropped_and_not_the_text() -> None:
    told = read("The council of Lindholm closed its harbour on Friday.", title="Lindholm council closes harbour")
    assert [each.span.field for _, each in drop_repeats(told, FactsConfig())] == [None]


@pytest.mark.parametrize(("repeat_containment", "fields"), [(0.6, ["title", None]), (0.2, [None])])
def test_from_its_repeat_containment_on_a_headline_says_nothing_of_its_own(
    repeat_containment: float, fields: list[str | None]
) -> None:
    told = read("The council of Lindholm closed its harbour on Friday.", title="Lindholm council sells timber barges")
    found = drop_repeats(told, FactsConfig(repeat_containment=repeat_containment))
    assert [each.span.field for _, each in found] == fields


def test_the_date_at_the_edge_of_a_statement_can_be_left_out() -> None:
    told, statement = only("The mayor will open the harbour on Friday")
    trimmed = without_date(statement, told.span.start)
    assert trimmed is not None
    assert trimmed.text == "The mayor will open the harbour"
    assert (trimmed.span.start, trimmed.span.end) == (0, len(trimmed.text))


# --- ranks, names, chances --------------------------------------------------------------------------


def test_figures_and_speakers_come_before_background() -> None:
    def ranked(text: str) -> float:
        return rank(only(text)[1], "new", share_new=1.0, published=date(2024, 5, 6))

    plain = ranked("The harbour closed for repairs.")
    assert ranked("The harbour closed for 40 ships.") > plain
    assert ranked("The harbour closed for repairs, Ada Kling said.") > plain
    assert ranked("The harbour closed for repairs in March 2019.") < plain


def test_what_stands_first_comes_before_what_stands_last() -> None:
    lead = only("The harbour closed for repairs.")[1]
    last = lead._replace(span=Span(3_000, 3_030))
    ranks = [rank(statement, "new", share_new=0.5, published=None) for statement in (lead, last)]
    assert ranks[0] > ranks[1]


def test_a_name_keeps_the_form_of_the_first_article() -> None:
    book = NameBook()

    def known(text: str) -> str:
        return book.known_as(Name(0, len(text), text, "person", text)).canonical

    assert known("Volodymyr Petrenko") == "Volodymyr Petrenko"
    assert known("Volodimir Petrenko") == "Volodymyr Petrenko"
    assert known("Petrenko") == "Volodymyr Petrenko"
    assert known("Olena Petrenko") == "Olena Petrenko"


def test_the_chance_is_the_logistic_of_the_weighted_features() -> None:
    assert Logistic({"a": 2.0, "b": -1.0}, 0.5).chance({"a": 1.0, "b": 2.5, "c": 9.0}) == pytest.approx(0.5)


def test_the_shipped_model_finds_the_unsaid_new_and_the_said_known() -> None:
    model = load_novelty_model()
    said = {"plain": 1.0, "pairs": 0.0, "told": 5.0, "length": 2.0, "words": 0.0}
    unsaid = said | {"plain": 0.1, "pairs": 2.0, "words": 1.4}
    assert model.new.chance(said) < FactsConfig().new_chance < model.new.chance(unsaid)


# --- figures ----------------------------------------------------------------------------------------


def test_a_later_value_updates_and_one_of_the_same_day_contradicts() -> None:
    assert change(date(2024, 5, 9), date(2024, 5, 1), same_article=False) == "updated"
    assert change(date(2024, 5, 2), date(2024, 5, 1), same_article=False) == "updated"
    assert change(date(2024, 5, 1), date(2024, 5, 1), same_article=False) == "conflicting"
    assert change(date(2024, 5, 9), date(2024, 5, 1), same_article=True) == "conflicting"
    assert change(None, date(2024, 5, 1), same_article=False) == "updated"


def test_a_series_takes_one_subject_and_one_number_of_a_clause() -> None:
    series = Series("killed")
    series.add(point(12))
    assert series.takes(point(19, article="b"))
    assert not series.takes(point(19, article="b", scope=("Holmvik",)))
    assert not series.takes(point(12))


def test_a_value_of_long_ago_or_of_another_magnitude_is_of_another_matter() -> None:
    series = Series("killed")
    series.add(point(12))
    assert series.takes(point(100, article="b"))
    assert not series.takes(point(130, article="b"))
    assert not series.takes(point(19, article="b", day=1, month=1))


def test_the_dead_of_a_story_are_one_series_in_any_words_and_other_things_are_not() -> None:
    for counts, is_taken in (("killed", True), ("house", False)):
        series = Series(counts)
        series.add(point(12))
        assert series.takes(point(19, article="b", text="the toll rises", scope=())) is is_taken


def test_a_value_said_before_is_known_in_its_series() -> None:
    series = Series("killed")
    for each in (point(12), point(19, article="b", day=9), point(12, article="c", day=10)):
        series.add(each)
    assert series.statuses == ["new", "updated", "known"]


def test_values_are_shown_as_a_reader_writes_them() -> None:
    assert shown(1.5e6, 1.5e6, approximate=False) == "1,500,000"
    assert shown(8000, 8000, approximate=True) == "about 8,000"


# --- title and text --------------------------------------------------------------------------------


def test_a_title_does_not_run_on_into_a_text_that_begins_small() -> None:
    headline, body = read("wind and fog held up the rescue, Ana Silva said.", title="Ferry Sinks Near Northern Coast")
    assert headline.entities == frozenset()
    assert [statement.entities for statement in body.statements] == [()]
    assert body.statements[0].speaker == "Ana Silva"
