"""The texts of a batch are stored as each would be on its own."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from storycluster.stages.read.texts import drop_repeated_title, store_texts
from storycluster.text.cleaning import clean_text
from storycluster.text.furniture import drop_furniture
from storycluster.text.languages import guess_language

PIECES = [
    "Fire sinks",
    "Read more",
    "Share this:",
    "The ship was on its way to the port and it is in the sea.",
    " ",
    "  ",
]
PIECES += ["\n", "\n\n", "\t", "&amp;", "<p>x</p>", "â€™", "’", "é", "\ud800", "\x00", "x" * 130, "Photo: AP", "漢字"]
TITLES = st.sampled_from([None, "Fire sinks", "Read more", "é"])
ARTICLES = st.lists(
    st.tuples(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), TITLES, st.sampled_from([None, "en", "de"]))
)


@given(ARTICLES)
def test_a_batch_of_texts_is_stored_like_each_on_its_own(articles: list[tuple[str, str | None, str | None]]) -> None:
    texts, languages = store_texts(*(list(column) for column in zip(*articles, strict=True))) if articles else ([], [])
    for (raw, title, given_language), text, language in zip(articles, texts, languages, strict=True):
        expected = clean_text(raw)
        expected = drop_repeated_title(expected, title) if title is not None else expected
        expected_language = given_language or guess_language(expected)
        assert language == expected_language
        assert text.as_py() == drop_furniture(expected, language=expected_language)


def test_no_texts_are_no_texts() -> None:
    assert store_texts([], [], []) == (pa.array([], pa.string()), [])


def test_a_first_line_that_repeats_the_title_goes_only_where_more_follows() -> None:
    assert drop_repeated_title("Fire.\n\nTwo died.", "fire") == "Two died."
    assert drop_repeated_title("Fire.\n \n", "fire") == "Fire.\n \n"
    assert drop_repeated_title("Fire again in the port\nTwo died.", "fire") == "Fire again in the port\nTwo died."
