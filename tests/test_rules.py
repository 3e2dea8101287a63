"""Word lists per language: found by tag, empty where there are none, never outside the package."""

import pytest

from storycluster.text.rules import has_rules, load_rules, primary_subtag


@pytest.mark.parametrize("tag", ["en", "EN", "en-GB", "en_US", " en "])
def test_every_form_of_a_tag_leads_to_the_same_word_lists(tag: str) -> None:
    assert load_rules(tag, "dates")["months"]["december"] == 12
    assert has_rules(tag)


@pytest.mark.parametrize("tag", ["", "xx", "../en", "/", "en/../en", "ｅｎ", "a" * 10_000])
def test_a_language_without_word_lists_is_empty_and_says_so(tag: str) -> None:
    assert dict(load_rules(tag, "dates")) == {}
    assert not has_rules(tag)


def test_an_unknown_topic_is_empty() -> None:
    assert dict(load_rules("en", "no_such_topic")) == {}
    assert dict(load_rules("en", "../en/dates")) == {}


def test_word_lists_cannot_be_changed_by_a_caller() -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        load_rules("en", "dates")["months"] = {}  # type: ignore[index]


def test_the_primary_subtag_is_the_part_before_the_region() -> None:
    assert primary_subtag("sr-Latn-RS") == "sr"
