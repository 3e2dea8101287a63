"""Numbers in digits: a number written in the way of a country is read back as that number, whole."""

import re
from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.cleaning import clean_text
from storycluster.text.numerals import decimal_mark, digits_pattern, plain_number
from storycluster.text.quantities import find_quantities

#: Marks for groups and decimals: point and comma, spaces and comma, comma and point, and the marks of Arabic script.
LOCALES = (
    *("de_DE", "es_ES", "pt_BR", "it_IT", "nl_NL", "da_DK", "tr_TR", "id_ID", "el_GR"),
    *("fr_FR", "pl_PL", "cs_CZ", "ru_RU", "uk_UA", "sv_SE", "nb_NO", "fi_FI", "pt_PT"),
    *("en_GB", "en_IN", "hi_IN", "bn_BD", "ja_JP", "ar_EG", "fa_IR"),
)
#: Their numbers are in the form of another region of the language where that form is unmistakable.
OTHER_REGIONS = ("de_AT", "es_MX")
NATIVE = "default"


def write(number: Decimal, locale: str) -> str:
    return format_decimal(number, locale=locale, numbering_system=NATIVE)


@given(st.integers(0, 10**15), st.sampled_from(LOCALES))
def test_a_number_written_for_a_country_is_read_whole_as_that_number(thousandths: int, locale: str) -> None:
    number = Decimal(thousandths) / 1000
    written, decimal = write(number, locale), decimal_mark(locale)
    match = re.match(digits_pattern(decimal), f"{written} x")
    assert match is not None
    assert match.group() == written
    assert Decimal(plain_number(written, decimal)) == number


@given(st.integers(10**8, 10**14), st.sampled_from([*LOCALES, *OTHER_REGIONS]))
def test_a_large_number_is_a_quantity_in_every_country(cents: int, locale: str) -> None:
    number = Decimal(cents) / 100
    sentence = clean_text(f"x {write(number, locale)}.")
    found = find_quantities(sentence, language=locale)
    assert [(sentence[each.start : each.end], each.low, each.high) for each in found] == [
        (sentence[2:-1], float(number), float(number))
    ]


@given(st.integers(10**8, 10**14), st.sampled_from(["de", "fr", "it"]), st.sampled_from("'’"))
def test_the_groups_of_switzerland_are_read_in_each_of_its_languages(
    cents: int, language: str, apostrophe: str
) -> None:
    # Written here, as Babel 2.19 takes the apostrophe for a quotation mark and leaves it out.
    number = Decimal(cents) / 100
    written = f"{number:,}".replace(",", apostrophe)
    assert [(each.start, each.end, each.low) for each in find_quantities(f"x {written}.", language=language)] == [
        (2, 2 + len(written), float(number))
    ]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("1.500.000", "1500000"),
        ("1,500,000", "1500000"),
        ("1,500.25", "1500.25"),
        ("1.234,5", "1234.5"),
        ("1,50,000", "150000"),
        ("1’500", "1500"),
        ("1\u202f500", "1500"),
        ("0,375", "0.375"),
        ("1500.125", "1500.125"),
        ("\u0967,\u096b\u0966,\u0966\u0966\u0966", "150000"),
        ("\uff11\uff0c\uff15\uff10\uff10\uff0c\uff10\uff10\uff10", "1500000"),
    ],
)
def test_an_unmistakable_form_is_read_alike_in_every_language(written: str, plain: str) -> None:
    for language in ("en", "de", "und"):
        assert plain_number(written, decimal_mark(language)) == plain
        (found,) = find_quantities(f"x {written}.", language=language)
        assert (found.start, found.end, found.low) == (2, 2 + len(written), float(plain))


@pytest.mark.parametrize(("language", "value"), [("de", 1500), ("pl", 1500), ("en", 1.5), ("und", 1.5), ("", 1.5)])
def test_a_point_before_three_digits_is_read_by_the_language_and_as_in_english_without_one(
    language: str, value: float
) -> None:
    assert [q.low for q in find_quantities("x 1.500 y", language=language)] == [value]


@pytest.mark.parametrize("written", ["3.11.2024", "1.2.3", "12:30", "1,234.567,8", "15th", "²"])
def test_what_is_no_number_stays_as_it_is(written: str) -> None:
    assert {plain_number(written, mark) for mark in ".,"} == {written}


def test_a_range_is_read_by_the_language() -> None:
    assert [(q.low, q.high) for q in find_quantities("x 1.500-2.000 y", language="de")] == [(1500, 2000)]


@pytest.mark.parametrize("sentence", ["x 3.11.2024 y", "x 192.168.1.20 y", "x 3,5,7 y", "x 1.234,567.8 y"])
def test_marks_that_are_of_no_number_are_none_in_any_language(sentence: str) -> None:
    assert [find_quantities(sentence, language=language) for language in ("en", "de", "fr")] == [[], [], []]
