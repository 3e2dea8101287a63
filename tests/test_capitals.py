"""Runs of capitals: joined inside a name, parted between names and at the beginning of a sentence."""

import pytest

from storycluster.text.names.capitals import Joints, find_runs, fold_case, line_kind, words_in_lower_case
from storycluster.text.names.rules import load_name_rules

JOINTS: Joints = load_name_rules("en").joints


def runs(text: str) -> list[str]:
    return [" ".join(word.text for word in run.words) for run in find_runs(text, JOINTS)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we met Ana Silva and left", ["Ana Silva"]),
        ("we met Mr. Silva today", ["Mr Silva"]),
        ("we met John F. Kennedy today", ["John F. Kennedy"]),
        ("we met Ana, Rui and others", ["Ana", "Rui"]),
        ("we met Ursula von der Heide today", ["Ursula Heide"]),
        ("the Bank of Greece said", ["Bank Greece"]),
        ("we met Omar al-Bashir today", ["Omar al-Bashir"]),
        ("the Miami-based firm", ["Miami"]),
        ("the port's Ana Silva's boat", ["Ana Silva"]),
        ("we left. Then Ana came", ["Ana"]),
        ("we left on Monday in May with Ana", ["Ana"]),
        ("see http://example.com/Ana or @Ana", []),
        ("the long name of Ana\nSilva on the next line", ["Ana", "Silva"]),
    ],
)
def test_capitals_are_joined_to_runs(text: str, expected: list[str]) -> None:
    assert runs(text) == expected


def test_hard_wrapped_prose_joins_names_over_the_line_end() -> None:
    lines = (
        "the two ministers met for three hours in the old port and then Secretary Richard",
        "Lyng told the reporters who were waiting outside that nothing had been agreed so",
        "far and that the talks would go on for some more days in the same place as before",
        "if at all, he said",
    )
    text = "\n".join(lines)
    assert "Richard Lyng" in " ".join(runs(text))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Two Ferries Collide Off Northern Coast", "title"),
        ("TWO FERRIES COLLIDE OFF COAST", "capitals"),
        ("Two ferries collided off Crete", "prose"),
        ("President Ana Silva met Rui Costa in Rome.", "prose"),
        ("", "prose"),
    ],
)
def test_lines_in_which_capitals_mean_nothing_are_known(line: str, kind: str) -> None:
    assert line_kind(line) == kind


def test_shouted_words_are_folded_to_one_capital() -> None:
    words = next(find_runs("so NEW YORK voted", JOINTS)).words
    assert fold_case(words) == ["New", "York"]


def test_words_in_lower_case_are_whole_words() -> None:
    assert "ose" not in words_in_lower_case("Rose a Nose-job")
