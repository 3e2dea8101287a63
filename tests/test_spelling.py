"""Spellings: transliterations fold to one skeleton, genders and other given names do not."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.names.spelling import frame_of, load_given_names, name_parts, part_close, same_name, skeleton

NAMES = load_given_names("en")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Moon Jeong Suk", "Mun Jong-sok"),
        ("Volodymyr Petrenko", "Vladimir Petrenko"),
        ("Andriy Koval", "Andrii Koval"),
        ("Muhammad Saleh", "Mohamed Saleh"),
        ("Ivan Kovalsky", "Ivan Kovalskyy"),
        ("Ivan Kovalskiy", "Ivan Kovalsky"),
        ("Jose Perez", "José Pérez"),
        ("Omar al-Bashir", "Omar Bashir"),
        ("John F. Kennedy", "John Kennedy"),
        ("Lee Jong-un", "Lee Jong Un"),
        ("Jong-un Lee", "Lee Jong Un"),
    ],
)
def test_spellings_of_one_name_are_the_same(first: str, second: str) -> None:
    assert same_name(first, second, given=NAMES)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Kim Yong Hmun", "Lee Jong Un"),
        ("Maria Rossi", "Mario Rossi"),
        ("Ivan Petrov", "Ivana Petrov"),
        ("Anna Orlov", "Anna Orlova"),
        ("Karen Holt", "Karin Holt"),
        ("Ann Lee", "Ann Leigh"),
        ("Ana Silva", "Silva"),
        ("Martin King Sr.", "Martin King Jr."),
        ("George W. Bush", "George H. Bush"),
        ("Ana Ruiz", "Ana Rua"),
    ],
)
def test_different_names_stay_different(first: str, second: str) -> None:
    assert not same_name(first, second, given=NAMES)


@given(st.text(max_size=30), st.text(max_size=30))
def test_sameness_does_not_depend_on_the_order(first: str, second: str) -> None:
    assert same_name(first, second, given=NAMES) == same_name(second, first, given=NAMES)


WORDS = st.text(alphabet="aeiouyhkmst", min_size=1, max_size=8)


@given(st.lists(WORDS, min_size=2, max_size=3), st.lists(WORDS, min_size=2, max_size=3))
def test_names_of_different_frames_are_never_the_same_in_order(first: list[str], second: list[str]) -> None:
    ours, theirs = name_parts(" ".join(first)), name_parts(" ".join(second))
    if len(ours) == len(theirs) and all(part_close(a, b, given=NAMES) for a, b in zip(ours, theirs, strict=True)):
        assert frame_of(ours, NAMES) == frame_of(theirs, NAMES)


@given(st.text(max_size=40))
def test_a_skeleton_has_no_doubled_letter(word: str) -> None:
    folded = skeleton(word)
    assert all(a != b for a, b in itertools.pairwise(folded))


def test_particles_and_initials_are_no_parts() -> None:
    assert name_parts("Ursula von der Heide") == name_parts("Ursula Heide")
    assert name_parts("A. B. Holt") == ("holt",)
