"""Normalised texts: the compiled path equals the plain one, and equal texts become equal bytes."""

import itertools
import time
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.normalise import normalise, normalise_array, normaliser_name

TEXTS = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from(" \n\u00a0'\u2019éßﬁ½İ\u0301하हि्ไม่👍\ufe0f\u00ad"))
)


def array_of(texts: list[str | None]) -> list[str]:
    folded, offsets = normalise_array(pa.array(texts, pa.string()))
    return [bytes(folded[start:end]).decode() for start, end in itertools.pairwise(offsets)]


@given(st.lists(TEXTS))
def test_texts_of_an_array_equal_those_normalised_one_by_one(texts: list[str]) -> None:
    assert array_of(texts) == [normalise(text) for text in texts]


def test_every_character_alone_and_between_letters_is_the_same_on_both_paths() -> None:
    characters = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]
    texts = [f"a{character}b" for character in characters]
    assert array_of(texts) == [normalise(text) for text in texts]


@given(st.text(st.characters(codec="utf-8")))
def test_composed_and_decomposed_forms_are_one_text(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(unicodedata.normalize("NFC", text))


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Z", "S"])))
def test_white_space_is_folded_and_trimmed(text: str) -> None:
    result = normalise(f"\n {text}\t\u00a0")
    assert result == " ".join(result.split(" "))
    assert result.strip(" ") == result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Don’t,” he said — twice", '"don\'t," he said - twice'),
        ("non\u2011breaking and minus \u22125", "non-breaking and minus -5"),
        ("ﬁnal o\ufb03ce", "final office"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("STRASSE straße", "strasse strasse"),
        ("Toll rose from 12 to 15", "toll rose from 12 to 15"),
        ("ＦＵＬＬ　ｗｉｄｔｈ １５", "full width 15"),
        ("", ""),
    ],
)
def test_what_is_written_in_two_ways_is_one_text(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_digits_are_kept_apart() -> None:
    assert normalise("12 dead") != normalise("15 dead")


def test_a_slice_of_an_array_is_normalised_as_its_own() -> None:
    texts = pa.array(["Naïve", None, "İstanbul", "The End"]).slice(1, 3)
    folded, offsets = normalise_array(texts)
    assert bytes(folded).decode() == normalise("İstanbul") + "the end"
    assert offsets.tolist() == [0, 0, len(normalise("İstanbul").encode()), len(folded)]


def test_no_texts_give_no_bytes() -> None:
    folded, offsets = normalise_array(pa.array([], pa.string()))
    assert (folded.size, offsets.tolist()) == (0, [0])


@pytest.mark.parametrize(
    "text",
    ["Mr. " * 50_000, "a" + "\u0301\u0316" * 300_000, "👍🏽" * 100_000, "ﷺ" * 100_000, " \u00a0" * 300_000],
    ids=["abbreviations", "marks on one letter", "emoji", "ligatures", "spaces"],
)
def test_a_hostile_text_of_a_megabyte_takes_less_than_two_seconds(text: str) -> None:
    start = time.thread_time()
    array_of([text])
    assert time.thread_time() - start < 2


def test_the_name_states_the_unicode_version() -> None:
    assert normaliser_name().endswith(unicodedata.unidata_version)


PIECES = st.sampled_from(["Plain words of a text, 15 of them. ", "\n\n", "  ", "`", "É", "’", "\x7f", "A", "ﬁ", "\t"])


@given(st.lists(st.lists(PIECES, max_size=12).map("".join), max_size=3))
def test_long_texts_folded_in_blocks_are_the_same(texts: list[str]) -> None:
    assert array_of(list(texts)) == [normalise(text) for text in texts]
