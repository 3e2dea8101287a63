"""Combining marks: composed as Unicode says, and never slow however many are piled on one letter."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.cleaning import clean_line, clean_text
from storycluster.text.marks import MOST_MARKS, compose

PILES = ["\u0301\u0323", "\u05b0\u0591", "\U0001e8d0\U0001e944", "\U0001d165\U0001d16e", "a\u0301\u0323"]


@given(st.text(alphabet="aeé 漢각ᄀ\u1161\u0301\u0323\u05b0\U0001e944\u212b", max_size=40))
def test_composition_is_that_of_unicode(text: str) -> None:
    longest = max(map(len, "".join("m" if unicodedata.category(c) == "Mn" else " " for c in text).split()), default=0)
    if longest <= MOST_MARKS:
        assert compose(text) == unicodedata.normalize("NFC", text)


@given(st.integers(0, 3 * MOST_MARKS))
def test_a_pile_keeps_the_marks_a_script_could_use(marks: int) -> None:
    assert compose("x" + "\u0323" * marks + "y") == "x" + "\u0323" * min(marks, MOST_MARKS) + "y"


@pytest.mark.parametrize("pile", PILES, ids=ascii)
@pytest.mark.parametrize("function", [compose, clean_text, clean_line])
def test_a_megabyte_of_marks_takes_well_under_a_second(function: object, pile: str) -> None:
    text = "e" + pile * (1_000_000 // len(pile))
    started = time.process_time()
    function(text)  # type: ignore[operator]
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize("decomposed", ["Cafe\u0301", "Ti\u0065\u0302\u0301ng Vi\u0065\u0323\u0302t", "Å"])
def test_decomposed_letters_are_stored_composed(decomposed: str) -> None:
    assert clean_text(decomposed) == unicodedata.normalize("NFC", decomposed)
