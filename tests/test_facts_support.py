"""Which earlier sentence is shown as the support of a statement, and when a figure is another one."""

from __future__ import annotations

from datetime import datetime

import pytest

from storycluster.stages.facts.memory import Match
from storycluster.stages.facts.namebook import NameBook
from storycluster.stages.facts.order import Dates
from storycluster.stages.facts.slots import covers
from storycluster.stages.facts.statements import Source, Statement, Told, read_statements
from storycluster.stages.facts.support import best_support, same_days
from storycluster.text.lexicon import Lexicon
from storycluster.text.quantities import Quantity
from tests.story_tables import News, run_facts


def only(text: str, day: str) -> tuple[Told, Statement]:
    source = Source("a", None, text, "en", Dates(datetime.fromisoformat(day), None))
    (told,) = read_statements(source, Lexicon("en"), book=NameBook())
    return told, told.statements[0]


def number(low: float, high: float, *, approximate: bool = False) -> Quantity:
    return Quantity(0, 1, low, high, approximate, None, "people", "people", False, False)


@pytest.mark.parametrize(
    ("earlier", "same"),
    [
        ("Ada Kling called Lars Holm.", True),
        ("Ada Kling called Lars Holm on Saturday.", True),
        ("Ada Kling called Lars Holm on April 12.", False),
        ("Ada Kling called Lars Holm, who was elected on April 12.", True),
    ],
)
def test_a_report_without_a_date_speaks_of_the_days_around_it(earlier: str, same: bool) -> None:
    told, statement = only("Kling called Holm by telephone.", "2024-05-06")
    assert same_days(statement, told, only(earlier, "2024-05-05")[0]) is same


def test_a_plan_without_a_date_may_be_for_any_later_day() -> None:
    told, statement = only("Kling will call Holm by telephone.", "2024-05-06")
    assert same_days(statement, told, only("Ada Kling will call Lars Holm on May 20.", "2024-05-05")[0])
    assert not same_days(statement, told, only("Ada Kling will call Lars Holm on April 20.", "2024-04-15")[0])


def test_of_two_sentences_about_the_same_days_the_one_that_says_most_is_shown() -> None:
    told, statement = only("Kling called Holm by telephone.", "2024-05-06")
    first, second = (only(text, "2024-05-05")[0] for text in ("Kling called Holm.", "Holm was called."))
    assert best_support(statement, told, [Match(first, 0.9, 0.9), Match(second, 0.8, 0.8)]) == Match(first, 0.9, 0.9)
    assert best_support(statement, told, []) is None


def test_the_call_of_another_day_is_not_shown_as_what_said_it() -> None:
    news = [
        News(
            "old", "Mayor Ada Kling telephoned Governor Lars Holm on April 12 about the flood.", "2024-04-13T08:00:00"
        ),
        News("new", "Mayor Ada Kling telephoned Governor Lars Holm to ask for more boats.", "2024-05-05T08:00:00"),
        News("late", "Ada Kling telephoned Lars Holm.", "2024-05-06T08:00:00"),
    ]
    (fact,) = run_facts(news).of("late")
    assert (fact["status"], fact["support"]["article"]) == ("known", "new")


def test_the_title_of_a_person_is_no_news() -> None:
    news = [
        News("first", "Ada Kling resigned as leader of the harbour board of Lindholm.", "2024-05-01T08:00:00"),
        News("later", "Deputy Minister Ada Kling resigned as leader of the harbour board.", "2024-05-02"),
    ]
    assert run_facts(news).statuses("later") == ["known"]


@pytest.mark.parametrize(
    ("earlier", "now", "said"),
    [
        (number(10_000, 10_000, approximate=True), number(10_000, 12_000), False),
        (number(10_000, 12_000), number(10_000, 10_000), True),
        (number(10_000, 10_000, approximate=True), number(10_400, 10_400), True),
        (number(10_000, 10_000), number(10_400, 10_400), False),
    ],
)
def test_a_range_that_reaches_further_was_not_said(earlier: Quantity, now: Quantity, said: bool) -> None:
    assert covers(earlier, now) is said


def test_a_range_that_reaches_further_updates_the_figure() -> None:
    news = [
        News("a", "About 10,000 people were evacuated from Lindholm after the flood.", "2024-05-01T08:00:00"),
        News(
            "b", "Between 10,000 and 14,000 people were evacuated from Lindholm after the flood.", "2024-05-06T08:00:00"
        ),
    ]
    assert run_facts(news).statuses("b") == ["updated"]


@pytest.mark.parametrize(
    ("later", "status"),
    [
        ("The mother and the sister were killed.", "new"),
        ("The dog of the sister and the mother died in Lindholm.", "known"),
    ],
)
def test_a_short_clause_is_known_only_where_every_word_was_said(later: str, status: str) -> None:
    news = [
        News("a", "The sister, the mother and their dog died in a house in Lindholm.", "2024-05-01T08:00:00"),
        News("b", later, "2024-05-02T08:00:00"),
    ]
    assert run_facts(news).statuses("b") == [status]


def test_numbers_of_two_clubs_are_no_conflict() -> None:
    news = [
        News("a", "Ada Kling spent seven seasons as a coach of the Lindholm Rovers.", "2024-05-01T08:00:00"),
        News("b", "Lars Holm spent four seasons as a coach of the Holmvik Wanderers.", "2024-05-01T10:00:00"),
    ]
    assert not {"updated", "conflicting"} & set(run_facts(news).statuses("b"))


def test_a_bound_and_the_value_it_stands_on_are_no_conflict() -> None:
    news = [
        News("a", "Police said 46 demonstrators were arrested in Lindholm.", "2024-05-01T08:00:00"),
        News("b", "At least 46 demonstrators were arrested in Lindholm, police said.", "2024-05-01T10:00:00"),
    ]
    assert run_facts(news).statuses("b") == ["known"]


def test_a_denial_told_in_two_clauses_before_is_known_in_one() -> None:
    news = [
        News(
            "a", "The families asked for privacy, and the hospital did not release their names.", "2024-05-01T08:00:00"
        ),
        News("b", "The families asked for privacy as the hospital did not release names.", "2024-05-02T08:00:00"),
    ]
    assert set(run_facts(news).statuses("b")) == {"known"}


def test_a_sentence_read_as_a_mere_source_stands_in_no_later_sentences_way() -> None:
    source = "According to divers from Lindholm the ferry broke in two near the harbour."
    later = "The ferry from Lindholm broke in two near the harbour on Saturday."
    result = run_facts([News("a", source, "2024-05-01"), News("b", later, "2024-05-02")])
    assert (result.of("a"), result.statuses("b")) == ([], ["new"])
