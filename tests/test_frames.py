"""Attribution frames: their span, their speaker and the side they cover."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.speech.frames import MAX_SENTENCE, find_frames


def frames(sentence: str) -> list[tuple[str, str | None]]:
    return [(f.covers, sentence[slice(*f.speaker)] if f.speaker else None) for f in find_frames(sentence)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Ana Silva said that it sank.", [("after", "Ana Silva")]),
        ("It sank, Ana Silva said.", [("before", "Ana Silva")]),
        ("It sank, Ana Silva said, because of ice.", [("around", "Ana Silva")]),
        ("It sank, said Ana Silva, who saw it.", [("before", "Ana Silva")]),
        ("Ana Silva, who said that it sank, left.", [("after", "Ana Silva")]),
        ("A ship, which she said is old, sank.", [("after", "she")]),
        ("Ana Silva condemned the attack.", [("clause", "Ana Silva")]),
        ("It was reported that it sank.", [("after", None)]),
        ("It sank on Monday, according to two officials.", [("before", "two officials")]),
        ("Ana Silva said it sank, adding that nobody died.", [("after", "Ana Silva"), ("after", "Ana Silva")]),
        ("Rome said it sank, with Oslo expecting a rescue.", [("after", "Rome"), ("clause", "Oslo")]),
        ("Rome said it sank, with officials warning that others may.", [("after", "Rome"), ("after", "officials")]),
        ("Rome met with officials warning that others may.", []),
        ("Rome said it sank, with Oslo having lost a ship saying so.", [("after", "Rome")]),
        ("While the army said it sank, the port denied that.", [("after", "the army"), ("clause", "the port")]),
        ("The agency, based in Rome, said it sank.", [("after", "The agency, based in Rome")]),
        ("GenFirm, a maker of ships, announced a new deal.", [("clause", "GenFirm, a maker of ships")]),
        ("The officer told him to leave.", [("clause", "The officer")]),
        ("Everything was said to be fine.", []),
        ("He was told to leave the ship.", []),
        ("“He said no,” she wrote.", [("before", "she")]),
    ],
)
def test_frames_are_read(sentence: str, expected: list[tuple[str, str | None]]) -> None:
    assert frames(sentence) == expected


def test_a_sentence_of_no_sensible_length_has_no_frames() -> None:
    assert find_frames("Ana said it. " * MAX_SENTENCE) == []


def test_a_language_without_rules_has_no_frames() -> None:
    assert find_frames("Ana said that it sank.", language="xx") == []


@given(
    st.lists(
        st.sampled_from(
            [
                "Ana",
                "said",
                "told",
                "that",
                ",",
                "“",
                "”",
                "it",
                "and",
                "by",
                "according to",
                "not",
                "did",
                "confirm",
                "which",
                "adding",
                ".",
            ]
        ),
        max_size=18,
    )
)
def test_frames_never_overlap(words: list[str]) -> None:
    found = find_frames(" ".join(words))
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= f.start <= f.end <= len(" ".join(words)) for f in found)


def test_what_stands_behind_a_full_stop_is_not_said_in_the_frame_before_it() -> None:
    sentence = "The ferry sank, police said . e"
    (frame,) = find_frames(sentence)
    assert (frame.covers, sentence[frame.start : frame.end]) == ("before", ", police said . ")
