"""Paragraphs: lines, put together where the text is hard-wrapped."""

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.sentences.paragraphs import find_paragraphs
from tests.strategies import news_texts

SENTENCES = st.lists(st.integers(1, 12), min_size=30, max_size=90)


def paragraphs(text: str) -> list[str]:
    return [text[start:end] for start, end in find_paragraphs(text)]


@given(news_texts())
def test_paragraphs_hold_everything_but_white_space(text: str) -> None:
    assert "".join("".join(paragraphs(text)).split()) == "".join(text.split())


@given(st.lists(SENTENCES, min_size=2, max_size=4), st.integers(50, 100), st.booleans())
def test_a_wrapped_text_gives_back_its_paragraphs(lengths: list[list[int]], width: int, indented: bool) -> None:
    plain = [" ".join("word"[:length] * (1 + length // 4) for length in one) + "." for one in lengths]
    indent = "    " if indented else ""
    wrapped = [textwrap.fill(one, width, initial_indent=indent) for one in plain]
    text = ("\n" if indented else "\n\n").join(wrapped)
    assert [" ".join(one.split()) for one in paragraphs(text)] == plain


def test_lines_of_their_own_stay_apart() -> None:
    text = "Ferries collide in fog\nBy Ana Dias\nTwo ferries collided.\nNobody was hurt."
    assert paragraphs(text) == text.split("\n")


def test_a_table_is_not_put_together() -> None:
    text = "    Shr 34 cts vs 1.19 dlrs\n    Net 807,000 vs 906,000\n    Revs 2.1 mln"
    assert len(paragraphs(text)) == 3
