"""The word lists of dates, sentences and quantities: written as the code expects, and ignorant of the seeds."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storycluster.text.rules import load_rules

TOPICS = ("dates", "sentences", "quantities")
#: Patterns and address endings keep their capitals.
WITH_CAPITALS = {"sourcing", "address"}


def words_of(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every word of a table with the key it stands under; keys of tables of numbers are words too."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, list):
        for entry in value:
            yield from words_of(entry, key)
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from words_of(entry, name)


@pytest.mark.parametrize("topic", TOPICS)
def test_words_are_lower_case_without_white_space_at_the_ends(topic: str) -> None:
    for name, table in load_rules("en", topic).items():
        if name in ("currencies", "units"):
            continue
        for key, word in words_of(table, name):
            assert word == word.strip() != "", (name, key)
            assert key in WITH_CAPITALS or word == word.lower(), (name, key, word)


def test_every_pattern_of_a_sourcing_line_compiles() -> None:
    for pattern in load_rules("en", "sentences")["sourcing"]:
        assert re.compile(pattern).match("") is None


def test_a_word_counts_in_one_class_only() -> None:
    classes = load_rules("en", "quantities")["classes"]
    every = [word for members in classes.values() for word in members]
    assert len(every) == len(set(every))


def test_months_and_weekdays_are_complete() -> None:
    rules = load_rules("en", "dates")
    assert sorted(rules["months"].values()) == list(range(1, 13))
    assert sorted(rules["weekdays"].values()) == list(range(7))


@pytest.mark.parametrize("topic", TOPICS)
def test_no_name_of_the_seeds_is_in_a_word_list(topic: str) -> None:
    gold = json.loads((Path(__file__).parent / "gold" / "seeds.json").read_text(encoding="utf-8"))
    names = {
        part.lower()
        for entity in gold["entities"].values()
        if entity["type"] == "person"
        for variants in entity["variants"].values()
        for variant in variants
        for part in re.findall(r"[A-Z]\w{3,}", variant)
    } - {"president", "general", "minister", "secretary", "deputy", "press", "leader", "chief"}
    words = {word.lower() for _, word in words_of(dict(load_rules("en", topic)))}
    assert names
    assert not names & words
