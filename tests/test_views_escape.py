"""Unsafe characters go, the words stay."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.views.escape import MARKS_PER_LETTER, clean, clean_in_place, escape_markdown

UNSAFE = {"Cc", "Cs", "Zl", "Zp"}


@given(st.text(alphabet=st.characters()))
def test_clean_text_has_no_control_and_is_clean_already(text):
    cleaned = clean(text)
    assert not [letter for letter in cleaned if unicodedata.category(letter) in UNSAFE]
    assert clean(cleaned) == cleaned


@given(st.text(alphabet=st.characters()))
def test_cleaning_in_place_keeps_every_offset(text):
    cleaned = clean_in_place(text)
    assert len(cleaned) == len(text)
    assert all(new in (old, "\u200b") for old, new in zip(text, cleaned, strict=True))


@given(st.text(alphabet=st.characters()) | st.text("ab\n\u0301\u0302\u202e’"))
def test_what_looks_harmless_at_a_glance_is_harmless(text):
    assert clean(text) == clean(text + "\x01")
    assert clean_in_place(text) + "\u200b" == clean_in_place(text + "\x01")


@pytest.mark.parametrize("words", ["Ðà Nẵng’s “quote” – naïve", "हिन्दी में", "เชียงใหม่", "👩‍🚒 🇰🇷", "נִקּוּד", "a b"])
def test_ordinary_words_of_any_script_stay(words):
    assert clean(words) == words


def test_a_tower_of_marks_is_cut():
    assert clean("e" + "\u0301" * 1000) == "e" + "\u0301" * MARKS_PER_LETTER


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\u061c", "\x1b", "\x9b", "\ufeff", "\U000e0041"])
def test_reordering_and_control_characters_go(sign):
    assert clean(f"a{sign}b") == "ab"


def test_escaped_signs_are_markdown_for_themselves():
    assert escape_markdown("a_b|c [d] <e> `f`") == "a\\_b\\|c \\[d\\] &lt;e&gt; \\`f\\`"


@pytest.mark.parametrize("function", [clean, clean_in_place, escape_markdown])
@pytest.mark.parametrize("words", ["\u0301", "\u202e", "[", "a\u0301" * 3, "1. "])
def test_the_time_for_a_megabyte_grows_with_the_text_and_not_with_its_square(function, words):
    def seconds(letters):
        start = time.process_time()
        function(words * (letters // len(words)))
        return time.process_time() - start

    seconds(1_000)  # patterns and tables are made once
    part = min(seconds(250_000) for _ in range(3))
    assert min(seconds(1_000_000) for _ in range(3)) < 8 * part + 0.05
