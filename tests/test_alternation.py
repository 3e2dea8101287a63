"""Word lists as patterns: match what a plain alternation of the words matches, longest first."""

import re

from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.alternation import either

WORDS = st.lists(
    st.text(alphabet="ab.$ ", min_size=1, max_size=5).filter(lambda word: word == word.strip()), max_size=8
)


@given(WORDS, st.text(alphabet="ab.$ ", max_size=8))
def test_the_longest_word_at_a_place_is_found(words: list[str], text: str) -> None:
    squeezed = re.sub(" +", " ", text)
    found = re.match(either(re.sub(" +", " ", word) for word in words), squeezed)
    expected = max((word for word in words if squeezed.startswith(re.sub(" +", " ", word))), key=len, default=None)
    assert (found.group() if found else None) == (re.sub(" +", " ", expected) if expected else None)


def test_any_white_space_stands_between_the_words_of_a_phrase() -> None:
    assert re.fullmatch(either(["as of"]), "as \n of")


def test_no_words_match_nothing() -> None:
    assert re.search(either([]), "anything") is None
