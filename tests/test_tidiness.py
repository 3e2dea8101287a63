"""The quick look never calls a text tidy that is not, and misses no short line."""

import json
from pathlib import Path

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from storycluster.text.cleaning import clean_text
from storycluster.text.tidiness import glance

WORDS = st.text(alphabet="aéÃâ€™“ \n\t<&>\u00a0\u0301\u200b\u202e\u2028й\u0306Р”漢\x00\x9d")
TEXTS = st.lists(st.one_of(WORDS, st.text(alphabet=st.characters(codec="utf-8"))))


@given(TEXTS)
@example(["â€™ a", "Â\u00a0", "e\u0301", "\u212b", "a\n\n\nb", "a\n \nb", "a  b", "”â\n“", "\n".join("abcdef")])
def test_cleaning_changes_nothing_of_a_tidy_text_but_its_ends(texts: list[str]) -> None:
    seen = glance(pa.array(texts, pa.string()), short_chars=9)
    for text, is_tidy, is_loose in zip(texts, seen.is_tidy, seen.has_loose_ends, strict=True):
        assert not is_tidy or clean_text(text) == text.strip()
        assert not is_tidy or is_loose == (text != text.strip())


def test_no_two_characters_beside_each_other_are_tidy_where_cleaning_changes_them() -> None:
    characters = [chr(code) for code in range(0x80, 0x2200) if glance(pa.array([chr(code)]), short_chars=9).is_tidy[0]]
    texts = [f"A {first}{second} b" for first in characters for second in characters]
    tidy = glance(pa.array(texts), short_chars=9).is_tidy
    assert len(characters) > 400
    assert tidy.mean() > 0.8
    assert [text for text, is_tidy in zip(texts, tidy, strict=True) if is_tidy and clean_text(text) != text] == []


@given(
    st.lists(st.lists(st.sampled_from(["", "a", "é“b", "nine char", "more than nine", "Ж" * 9, "Ж" * 10])), max_size=9)
)
def test_a_short_line_among_several_is_seen(articles: list[list[str]]) -> None:
    texts = ["\n".join(lines) for lines in articles]
    seen = glance(pa.array(texts, pa.string()), short_chars=9)
    for text, is_tidy, has_short_lines in zip(texts, seen.is_tidy, seen.has_short_lines, strict=True):
        expected = "\n" in text and any(0 < len(line) <= 9 for line in text.split("\n"))
        assert not is_tidy or has_short_lines == expected


def test_most_news_texts_are_tidy(corpora: Path) -> None:
    with (corpora / "ecbplus_dev" / "articles.jsonl").open(encoding="utf-8") as file:
        texts = [json.loads(line)["text"].replace("\n", " ") for line in file]
    assert glance(pa.array(texts), short_chars=120).is_tidy.sum() > 0.8 * len(texts)


PLAIN = "Two ferries collided off the port on Monday, said the harbour master; 15 of 120 people were hurt."
ODD = ("", " ", "  ", "\n", "\n\n", "\n\n\n", " \n", "\t", "\x7f", "&", "<", "é", "Ã©")


@given(st.integers(1, len(PLAIN) - 1), st.sampled_from(ODD))
def test_an_odd_character_is_seen_wherever_it_stands_in_a_long_line(place: int, odd: str) -> None:
    text = PLAIN[:place] + odd + PLAIN[place:]
    is_clean = clean_text(text) == text.strip() and not set("&<") & set(text)
    assert glance(pa.array([text]), short_chars=9).is_tidy.tolist() == [is_clean]
