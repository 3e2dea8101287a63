"""Clean text: repaired, without markup and controls, wording untouched."""

import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storycluster.text.cleaning import clean_line, clean_text, show_safely

MEGABYTE = 1_000_000


@given(st.text(alphabet="ab. 1\n\t\r\x00\x1b[m“’é\u0301\u00a0\u200b\u202e\u2028漢ا…>#;"))
@example("é’a\u202e\u0301")
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


def test_a_tag_that_never_closes_takes_no_text_with_it() -> None:
    text = "<img src= `` a.jpg'' <br>The mayor spoke of the <b>harbour</b>. '' >"
    assert clean_text(text) == "<img src= `` a.jpg''\nThe mayor spoke of the harbour. '' >"


@given(st.text())
def test_no_control_bidi_or_surrogate_character_survives(text: str) -> None:
    cleaned = clean_text(text)
    assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"} for c in cleaned)
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff\u200b")


#: A letter with an accent right beside a quotation mark looks like wrong decoding, and is repaired.
LOOKS_DECODED_WRONGLY = re.compile("[’“”]é|é[’“”]")


@given(
    st.lists(
        st.text(alphabet="abcdefghij XYZ.,’“”é", min_size=1)
        .map(str.strip)
        .filter(lambda line: bool(line) and not LOOKS_DECODED_WRONGLY.search(line)),
        min_size=1,
        max_size=4,
    )
)
def test_tidy_lines_stay_as_they_are(lines: list[str]) -> None:
    text = "\n".join(" ".join(line.split()) for line in lines)
    assert clean_text(text) == unicodedata.normalize("NFC", text)


def test_quotes_and_dashes_keep_their_form() -> None:
    text = "“It’s done” – he said — ‘now’ …"
    assert clean_text(text) == text


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "macroman", "cp1251"])
def test_text_decoded_with_a_wrong_encoding_is_repaired(encoding: str) -> None:
    text = "It’s done – the café’s owner said so" if encoding != "cp1251" else "It’s done – he said so"
    assert clean_text(text.encode("utf-8").decode(encoding)) == text


def test_good_letters_beside_quotes_are_not_repaired_away() -> None:
    text = "«Voilà» dit-il à l’été: “voilà” où?"
    assert clean_text(text) == text


def test_markup_becomes_lines_and_words() -> None:
    page = '<p>One &amp; <b>two</b>.</p><script>var a = "<p>";</script><!-- no --><p class="x">Three<br/>four</p>'
    assert clean_text(page) == "One & two.\n\nThree\nfour"


def test_markup_that_was_escaped_as_a_whole_is_stripped_too() -> None:
    assert clean_text("&lt;p&gt;One &amp;amp; two&lt;/p&gt;") == "One & two"


def test_tickers_comparisons_and_ampersands_are_no_markup() -> None:
    text = "AT&T <T> fell; 3 < 5 and R&D; see <Reuter>."
    assert clean_text(text) == text


def test_escape_sequences_leave_no_trace() -> None:
    assert clean_text("\x1b[31mred\x1b[0m \x1b]0;title\x07alert\x00\x08") == "red alert"


def test_no_break_spaces_stay_only_between_digits() -> None:
    assert clean_text("10\u00a0000 men\u00a0left 5\u202f000") == "10\u00a0000 men left 5\u202f000"


def test_lines_broken_at_a_column_become_paragraphs() -> None:
    wire = (
        "   The dry period means that the crop will be late this\nyear, and normal humidity has not been\nrestored.\n"
    )
    assert clean_text(wire * 4).count("\n") == 3


def test_short_verses_are_not_joined() -> None:
    verse = "One short line\nanother short line\n" * 6
    assert clean_text(verse).count("\n") == 11


def test_a_line_has_no_line_break() -> None:
    assert clean_line("A<br>b\r\nc\u2028d") == "A b c d"


@given(st.text(), st.integers(5, 50))
def test_an_excerpt_is_short_and_printable(text: str, max_chars: int) -> None:
    shown = show_safely(text, max_chars=max_chars)
    assert len(shown) <= max_chars
    assert shown.isprintable()


HOSTILE = (
    "<",
    "&",
    "<p ",
    "<script>",
    "<!--",
    "\x1b[",
    " \n",
    "a",
    "é",
    "Ã",
    "&#",
    " ",
    "</",
    "<p>&amp;",
    "“",
    "[",
    "Mr. ",
)
MORE_HOSTILE = ("?!.", "<script>a</script>", "<b x", "\x1b]x", "â€™", "\u202e", "&lt;", "a\n", "<br", "\r", "\ud800")


@pytest.mark.parametrize("unit", [*HOSTILE, *MORE_HOSTILE])
def test_a_hostile_megabyte_is_cleaned_in_a_second_or_two(unit: str) -> None:
    text = unit * (MEGABYTE // len(unit))
    started = time.process_time()
    clean_text(text)
    clean_text("<p>" + text + "é")
    assert time.process_time() - started < 4.0
