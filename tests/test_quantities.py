"""Quantities: range, unit, what is counted, planned or actual, part or whole; and none where a number is no count."""

import json
import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.dates import find_times
from storycluster.text.quantities import Quantity, find_quantities
from storycluster.text.sentences import find_sentences
from tests.strategies import HOSTILE_TEXTS, news_texts

#: No hostile text of a megabyte may take longer; a quiet core needs a tenth.
PATIENCE_SECONDS = 4.0
PUBLISHED = date(2024, 10, 30)


def read(sentence: str, language: str = "en") -> list[Quantity]:
    times = find_times(sentence, published=PUBLISHED, language=language)
    return find_quantities(sentence, times=times, language=language)


def only(sentence: str) -> Quantity:
    (quantity,) = read(sentence)
    return quantity


@pytest.mark.parametrize(
    ("sentence", "low", "high", "approximate"),
    [
        ("They sent 1,500 troops.", 1500, 1500, False),
        ("They sent twelve thousand five hundred troops.", 12_500, 12_500, False),
        ("They sent two dozen tanks.", 24, 24, False),
        ("They sent around 3,000 troops.", 3000, 3000, True),
        ("They sent an estimated 3 000 troops.", 3000, 3000, True),
        ("They sent between 10,000 and 12,000 troops.", 10_000, 12_000, False),
        ("They sent 10-12 thousand troops.", 10_000, 12_000, False),
        ("They sent 10,000 to 12,000 troops.", 10_000, 12_000, False),
        ("They sent more than 300 troops.", 300, 400, False),
        ("They sent at least 35 troops.", 35, 36, False),
        ("They sent 35 or more troops.", 35, 36, False),
        ("They sent up to 500 troops.", 400, 500, False),
        ("They sent dozens of tanks.", 24, 100, True),
        ("They sent tens of thousands of troops.", 20_000, 100_000, True),
        ("They sent half a million troops.", 500_000, 500_000, False),
        ("They sent 1.2 million troops.", 1_200_000, 1_200_000, False),
        ("They sent 8K troops.", 8000, 8000, False),
        ("They sent 4, 051 troops.", 4051, 4051, False),
        ("A crowd of 1.7m people came.", 1_700_000, 1_700_000, False),
    ],
)
def test_a_number_is_a_range(sentence: str, low: float, high: float, approximate: bool) -> None:
    found = only(sentence)
    assert (found.low, found.high, found.approximate) == (low, high, approximate)


@pytest.mark.parametrize(
    ("sentence", "low", "unit"),
    [
        ("It cost $1.2 billion.", 1.2e9, "USD"),
        ("It cost 5.93 mln dlrs.", 5.93e6, "USD"),
        ("It cost £5m.", 5e6, "GBP"),
        ("It cost 22 billion Euros.", 22e9, "EUR"),
        ("It cost USD 200 million.", 200e6, "USD"),
        ("It fell 3.5 pct.", 3.5, "%"),
        ("It fell 24 % again.", 24, "%"),
        ("It is about 160 meters long.", 160, "m"),
        ("It is a 10-metre boat.", 10, "m"),
        ("It was minus 38.1 degrees Celsius.", -38.1, "degree"),
        ("It was a magnitude 6.1 quake.", 6.1, "magnitude"),
        ("It was a 6.1-magnitude quake.", 6.1, "magnitude"),
        ("He got 15 years in prison.", 15, "year"),
        ("A 29-year-old man came.", 29, "year"),
        ("Ana Dias, 29, came.", 29, "year"),
    ],
)
def test_a_measure_has_its_unit(sentence: str, low: float, unit: str) -> None:
    assert [(q.low, q.unit) for q in read(sentence)] == [(low, unit)]


@pytest.mark.parametrize(
    ("sentence", "counts", "count_class"),
    [
        ("They sent 1,500 North Korean soldiers to the front.", "North Korean soldiers", "troops"),
        ("They sent 1,500 forces.", "forces", "troops"),
        ("Using four amphibious assault ships, they left.", "amphibious assault ships", "ships"),
        ("All 32 member countries are there.", "member countries", "countries"),
        ("23 Somali and Yemeni pirates fled.", "Somali and Yemeni pirates", "pirate"),
        ("A 15-member crew left.", "member crew", "crew"),
        ("35 people were killed.", "people", "killed"),
        ("35 people, including three children, were killed.", "people", "killed"),
        ("The blast killed 35 people.", "people", "killed"),
        ("The blast left 35 dead.", "", "killed"),
        ("The death toll rose to 35.", "", "killed"),
        ("Deaths reached 35.", "", "killed"),
        ("24 of them died.", "", "killed"),
        ("Hundreds were injured.", "", "injured"),
        ("The storm wounded 120.", "", "injured"),
        ("It freed two merchant ships.", "merchant ships", "ships"),
        ("Police detained 40 protesters.", "protesters", "arrested"),
    ],
)
def test_what_is_counted_has_a_class(sentence: str, counts: str, count_class: str) -> None:
    found = read(sentence)[0]
    assert (found.counts, found.count_class) == (counts, count_class)


@pytest.mark.parametrize(
    ("sentence", "planned"),
    [
        ("They sent 10,000 troops.", False),
        ("They have decided to send 10,000 troops.", True),
        ("They expect 10,000 soldiers to be deployed.", True),
        ("10,000 soldiers are expected to be deployed.", True),
        ("10,000 soldiers will march.", True),
        ("10,000 soldiers were sent to help.", False),
        ("They said they sent 3,000 troops, with the army expecting more.", False),
        ("They could have sent 10,000 troops.", False),
    ],
)
def test_a_plan_is_not_a_fact(sentence: str, planned: bool) -> None:
    assert read(sentence)[0].planned is planned


@pytest.mark.parametrize(
    ("sentence", "subset"),
    [
        ("They sent 8,000 troops.", False),
        ("Some of the 8,000 troops left.", True),
        ("8,000 of the troops left.", True),
        ("8,000 troops were near the eastern border.", True),
        ("Another 8,000 troops left.", True),
        ("8,000 more troops left.", True),
        ("The dead include 12 children.", False),
        ("The dead, including 12 children, lay there.", True),
        ("One pit was 160 meters long and the other 120 meters.", True),
        ("It fell to 5.6 pct.", False),
    ],
)
def test_a_part_is_not_the_whole(sentence: str, subset: bool) -> None:
    assert [q.subset for q in read(sentence)] == [subset] * len(read(sentence))
    assert read(sentence)


def test_the_old_value_of_a_change_is_marked() -> None:
    assert [(q.low, q.subset) for q in read("It fell to 5.6 pct from 10.7 pct.")] == [(5.6, False), (10.7, True)]


@pytest.mark.parametrize(
    ("sentence", "now"),
    [
        ("The death toll has risen from 28 to 40.", 40),
        ("The death toll has risen to 45 from 40.", 45),
        ("The death toll was 45, up from 40 on Monday.", 45),
        ("Nine workers are missing, down from 11 this morning.", 9),
        ("About 9,000 homes are without power, compared with 22,000 homes on Saturday.", 9_000),
    ],
)
def test_only_the_new_value_of_a_change_is_compared_with_others(sentence: str, now: float) -> None:
    assert [quantity.low for quantity in read(sentence) if quantity.count_class] == [now]


def test_from_and_to_that_frame_a_range_are_no_change() -> None:
    assert [(q.low, q.high, q.subset) for q in read("Estimates range from 28 to 40 dead.")] == [(28, 40, False)]


@pytest.mark.parametrize(
    "sentence",
    [
        "He came on October 23, 2024.",
        "It began in 1953.",
        "the 2011 floods",
        "He came 2nd in the 36th race.",
        "They won 3-2.",
        "a 41-33 victory",
        "They lost 14-20.",
        "Call 555-1234 or (212) 555-1234 now.",
        "Call 0845 125 2222 now.",
        "an F-16 and a Su-27",
        "Boeing 747 and Flight 370",
        "version 3.5.2 is out",
        "at 5:30 p.m. and 7 am",
        "at 1200 GMT",
        "It was 1. a mistake 2. a crime.",
        "See http://a.b/c?d=12345 now.",
        "at 40 East Fifth Avenue",
        "No. 5 and Article 5",
        "one of them and no one else",
        "the Group of Five",
        "a two-for-one split",
        "9/11 and 24/7",
    ],
)
def test_numbers_that_count_nothing_are_no_quantities(sentence: str) -> None:
    assert read(sentence) == []


def test_a_number_inside_a_time_is_no_quantity_but_a_length_of_time_is_one() -> None:
    assert [(q.low, q.count_class) for q in read("On May 5 he got 15 years.")] == [(15, "duration")]


@given(news_texts())
def test_quantities_are_disjoint_in_order_and_outside_dates(sentence: str) -> None:
    times = find_times(sentence, published=PUBLISHED)
    last = 0
    for found in find_quantities(sentence, times=times):
        assert last <= found.start < found.end <= len(sentence)
        assert found.low <= found.high
        number = sentence[found.start : found.end]
        assert re.search(r"\d|[½¼¾a-z]", number, re.IGNORECASE)
        last = found.end


@given(st.integers(1, 10**9))
def test_digits_with_commas_are_read_as_the_number(value: int) -> None:
    assert [(q.low, q.high) for q in read(f"They counted {value:,} tanks.")] == [(value, value)]


@given(st.integers(2, 99))
def test_number_words_are_read_as_the_number(value: int) -> None:
    ones = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    small = [*ones.split(), "eighteen", "nineteen"]
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    word = (
        small[value - 1] if value < 20 else tens[value // 10 - 2] + (f"-{small[value % 10 - 1]}" if value % 10 else "")
    )
    assert only(f"They counted {word} tanks.").low == value


@pytest.mark.parametrize("name", sorted(HOSTILE_TEXTS))
def test_hostile_text_takes_no_longer_than_plain_text(name: str) -> None:
    started = time.process_time()
    find_quantities(HOSTILE_TEXTS[name])
    assert time.process_time() - started < PATIENCE_SECONDS


def test_a_language_without_word_lists_has_digits_without_classes() -> None:
    (found,) = read("Er sah 1,500 Panzer.", language="xx")
    assert (found.low, found.unit, found.planned, found.subset) == (1500, None, False, False)


def test_every_figure_of_the_seeds_is_found_with_its_range_and_status() -> None:
    gold = json.loads((Path(__file__).parent / "gold" / "seeds.json").read_text(encoding="utf-8"))
    planned = {"expected", "decided"}
    missing = []
    for name, fact in gold["facts"].items():
        for figure in (entry for entry in fact.get("figures", ()) if not entry.get("ordinal")):
            sentence = fact["mentions"][0]["sentence"]
            wanted = (figure.get("low", figure.get("value")), figure.get("high", figure.get("value")))
            status = any(word in figure.get("scope", "") for word in planned)
            hits = [q for q in read(sentence) if (q.low, q.high) == wanted and q.unit == figure.get("unit")]
            expected_subset = "subset" in figure.get("scope", "") or "structure" in figure["counts"]
            if not any(q.subset == expected_subset and (q.planned == status or not figure.get("scope")) for q in hits):
                missing.append((name, figure))
    assert missing == []


def test_sentences_of_the_seeds_state_no_other_figures(seeds: Path) -> None:
    gold = json.loads((Path(__file__).parent / "gold" / "seeds.json").read_text(encoding="utf-8"))
    stated = {
        value for fact in gold["facts"].values() for figure in fact.get("figures", ()) for value in figure.values()
    }
    for file in gold["files"].values():
        text = (seeds / file["file"]).read_text(encoding="utf-8")
        for sentence in find_sentences(text):
            for found in read(text[sentence.start : sentence.end]):
                assert found.low in stated or found.count_class == "duration"
