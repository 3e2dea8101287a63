"""Numbers as written: digits, fractions and words have the value a reader gives them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.quantities.numbers import number_words, place_value, read_number

ENGLISH = number_words("en")
PATTERN = re.compile(ENGLISH.pattern)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,500", 1500),
        ("1 500", 1500),
        ("5.93", 5.93),
        ("11-1/2", 11.5),
        ("7/8", 0.875),
        ("12½", 12.5),
        ("twenty-five", 25),
        ("a dozen", 12),
        ("half a million", 500_000),
        ("two and a half million", 2_500_000),
        ("two hundred and five thousand and three", 205_003),
        ("fourteen hundred", 1400),
    ],
)
def test_a_number_is_found_whole_and_has_its_value(written: str, value: float) -> None:
    match = PATTERN.match(written)
    assert match is not None
    assert match.group() == written
    found = read_number(written, ENGLISH)
    assert found is not None
    assert (found.low, found.high, found.vague) == (value, value, False)


def test_a_plural_of_a_magnitude_is_a_vague_range() -> None:
    found = read_number("tens of thousands", ENGLISH)
    assert found is not None
    assert (found.low, found.high, found.vague) == (20_000, 100_000, True)


@pytest.mark.parametrize("text", ["two and three", "one, two", "ten five"])
def test_two_numbers_are_not_added_up(text: str) -> None:
    assert len(PATTERN.findall(text)) == 2


def test_nothing_is_no_number() -> None:
    assert read_number(" ", ENGLISH) is None


@given(st.integers(1, 10**12))
def test_the_place_value_divides_the_number_and_ten_times_it_does_not(number: int) -> None:
    place = int(place_value(float(number)))
    assert number % place == 0
    assert number % (10 * place) != 0


def test_zero_has_no_place_value() -> None:
    assert place_value(0.0) == 0.0
