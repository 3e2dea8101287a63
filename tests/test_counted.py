"""What a number counts, and whether it is planned or a part: the words around it decide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.quantities.counted import count_words, is_part, is_planned, read_counted, singular

ENGLISH = count_words("en")


def counted(sentence: str) -> tuple[str, str | None]:
    """What "@" in a sentence counts."""
    at = sentence.index("@")
    found = read_counted(sentence, at + 1, sentence[:at], ENGLISH)
    return found.words, found.count_class


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("@ soldiers left", ("soldiers", "troops")),
        ("@ of the soldiers left", ("soldiers", "troops")),
        ("@ U.S. viewers left", ("U.S. viewers", "viewer")),
        ("@ police officers left", ("police officers", "police")),
        ("@ people have been confirmed dead", ("people", "killed")),
        ("@ buses were hit", ("buses", "bus")),
        ("@ in all", ("", None)),
        ("the number of dead is @", ("", "killed")),
        ("arrests rose to @", ("", "arrested")),
        ("the toll of the quake passed @", ("", "killed")),
        ("the number of people injured in the crash rose to @", ("", "injured")),
        ("the company's staff grew to @", ("", "workers")),
    ],
)
def test_the_noun_next_to_a_number_is_counted(sentence: str, expected: tuple[str, str | None]) -> None:
    assert counted(sentence) == expected


def test_a_number_above_which_a_toll_has_risen_counts_the_dead() -> None:
    sentence = "The toll climbed above 40"
    found = read_counted(sentence, len(sentence), "The toll climbed ", ENGLISH, qualifier="above ")
    assert found.count_class == "killed"


@pytest.mark.parametrize("words", ["may", "could", "will", "is expected to", "has decided to", "plans to"])
def test_every_word_of_a_plan_makes_a_number_planned(words: str) -> None:
    sentence = f"It {words} send 50 tanks."
    at = sentence.index("50")
    assert is_planned(sentence, at, at + 2, ENGLISH)


@pytest.mark.parametrize("words", ["sent", "has sent", "said it sent", "did not send", "could have sent"])
def test_what_has_happened_is_not_planned(words: str) -> None:
    sentence = f"It {words} 50 tanks."
    at = sentence.index("50")
    assert not is_planned(sentence, at, at + 2, ENGLISH)


@pytest.mark.parametrize("before", ["some of the", "including", "another", "one of", "a portion of"])
def test_a_mark_of_a_part_before_a_number_makes_it_a_part(before: str) -> None:
    sentence = f"It sent {before} 50 tanks."
    at = sentence.index("50")
    begin = at - len("the ") if before.endswith("the") else at
    assert is_part(sentence, (begin, at), at + 2, at + 8, ENGLISH)


@given(st.text(max_size=60), st.integers(0, 60))
def test_any_words_behind_a_number_are_read(sentence: str, at: int) -> None:
    found = read_counted(sentence, min(at, len(sentence)), sentence[:at], ENGLISH)
    assert found.end <= len(sentence) or not found.words


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("vessels", "vessel"),
        ("countries", "country"),
        ("crashes", "crash"),
        ("virus", "virus"),
        ("glass", "glass"),
        ("houses", "house"),
    ],
)
def test_a_plural_loses_its_ending(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_a_language_without_word_lists_counts_nothing() -> None:
    assert read_counted("5 Panzer", 1, "", count_words("xx")).count_class is None
