"""The direction of a clause from its verb."""

import re

import pytest

from storycluster.text.dates.tense import find_direction


@pytest.mark.parametrize(
    ("sentence", "direction"),
    [
        ("The group will visit Rome on @.", "future"),
        ("The group visited Rome on @.", "past"),
        ("The trip follows a call that he had asked for on @.", "past"),
        ("He said on @ that it will sail.", "past"),
        ("He said that on @ it will sail.", "future"),
        ("On @, the group will meet.", "future"),
        ("During a meeting in Rome on @, they voiced concern.", "past"),
        ("It would have sailed on @.", "past"),
        ("It is set to sail on @.", "future"),
        ("He expects it to be sent by @.", "future"),
        ("He had expected to leave on @.", "past"),
        ("It sank on @. It will be raised.", "past"),
        ("He will resign. It sank on @.", "past"),
        ("Ferry, @", None),
        ("He was arrested and on @ will appear in court.", "future"),
        ("They'll meet on @.", "future"),
    ],
)
def test_the_nearest_verb_decides(sentence: str, direction: str | None) -> None:
    place = re.search(r"(?:(?:on|On|by) )?@", sentence)
    assert place is not None
    assert find_direction(sentence, *place.span()) == direction


def test_a_language_without_word_lists_has_no_direction() -> None:
    assert find_direction("He left on Monday.", 8, 17, language="xx") is None


def test_verbs_far_away_do_not_count() -> None:
    assert find_direction("He left " + "x " * 400 + "Monday", 808, 814) is None
