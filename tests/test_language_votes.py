"""Languages of many texts at once are those of each text on its own."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.language_votes import guess_languages
from storycluster.text.languages import guess_language, languages_by_word

WORDS = st.sampled_from(sorted(languages_by_word()))
ODD = st.text(alphabet="ÉßÀÞ×÷éŸİ’“–…€ªµ\u00a0\u0085\u2028\x00\x1c\t漢Яя .,a", max_size=4)
GLUE = st.sampled_from([" ", " ", "\n", "  ", "\u00a0"])


@st.composite
def sentences(draw: st.DrawFn) -> str:
    words = draw(st.lists(st.one_of(WORDS, WORDS.map(str.upper), st.builds(str.__add__, ODD, WORDS), ODD), max_size=12))
    return draw(GLUE).join(words) * draw(st.sampled_from([1, 1, 40]))


@given(st.lists(sentences(), max_size=5))
def test_many_texts_have_the_languages_of_each(texts: list[str]) -> None:
    assert guess_languages(pa.array(texts, pa.string())) == [guess_language(text) for text in texts]


def test_a_slice_of_an_array_is_read_from_its_own_start() -> None:
    texts = pa.array(["x", "Der Hund und die Katze sind nicht in dem Haus mit der Frau."])
    assert guess_languages(texts[1:]) == ["de"]
