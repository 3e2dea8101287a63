"""Sets of words and cues: a cue finds what its pattern finds, with fewer searches."""

import re

from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.rules import load_rules
from storycluster.text.wordset import Cue, rare_words, word_set

PHRASES = load_rules("en", "clauses")["modality"]["planned"]
PIECES = st.lists(
    st.sampled_from([*PHRASES, "ferry", "n't", "’ll", " ", " ", "-", ",", "\u212a", "é", "1"]), max_size=12
)
PATTERN = re.compile(rf"(?<!\w)(?:{'|'.join(PHRASES)})(?!\w)", re.IGNORECASE)


def test_the_set_has_every_run_of_letters_in_folded_case() -> None:
    assert word_set("The U.S. didn't say 2nd Straße") == {"the", "u", "s", "didn", "t", "say", "nd", "strasse"}


def test_a_phrase_is_known_by_its_longest_word() -> None:
    assert rare_words(["ruled out", "is to", "did n't"]) == {"ruled", "is", "did"}


@given(PIECES)
def test_a_cue_finds_what_its_pattern_finds(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert bool(Cue(PATTERN, rare_words(PHRASES)).search(text)) == bool(PATTERN.search(text))
