"""Speakers without a name: what stays of a wording, and what is no speaker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.speech.described import describe_speaker


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("The navy", "the navy"),
        ("A Surrey Police spokeswoman", "a Surrey Police spokeswoman"),
        ("Police", "police"),
        ("Two jurors who spoke outside the courtroom", "two jurors who spoke outside the courtroom"),
        ("the club's board apparently", "the club's board"),
        ("State media proudly", "State media"),
        ("the ship's owner ,", "the ship's owner"),
        ("17 survivors", "17 survivors"),
        ("an ally", "an ally"),
        ("colleagues", "colleagues"),
    ],
)
def test_a_description_stands_as_it_would_inside_a_sentence(wording: str, expected: str) -> None:
    assert describe_speaker(wording) == expected


@pytest.mark.parametrize(
    "wording",
    [
        "17",
        "30 Tuesday morning someone",
        "a",
        "His",
        "blaze",
        "rest",
        "Rather than",
        "Clearly, I",
        "it appears she",
        "not least as all candidates",
        "Police at",
        "blows the",
        "the players find themselves with money, and they've",
        "An overnight fire caused an estimated $ 1 million in damage, and investigators",
        "apparently",
        " , ",
        "",
    ],
)
def test_what_can_be_nobody_is_no_speaker(wording: str) -> None:
    assert describe_speaker(wording) is None


@given(st.text(max_size=60))
def test_a_description_is_made_of_the_words_it_is_given(wording: str) -> None:
    described = describe_speaker(wording)
    assert described is None or described.casefold() in wording.casefold()
    assert described is None or describe_speaker(described) == described
