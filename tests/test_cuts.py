"""Cuts: where a clause begins, and where "and" joins only words."""

import pytest

from storycluster.text.speech.cuts import find_cuts, has_content


def cut(sentence: str) -> list[str]:
    return [sentence[start:end].strip(" ,") for start, end in find_cuts(sentence, 0, len(sentence))]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It sank off Crete and killed three sailors", ["It sank off Crete", "killed three sailors"]),
        ("They sell bread and butter in Rome", ["They sell bread and butter in Rome"]),
        ("The old port closed, leaving ships outside", ["The old port closed", "leaving ships outside"]),
        ("They signed a treaty that includes defence", ["They signed a treaty", "that includes defence"]),
        ("He will go to Rome to meet the pope", ["He will go to Rome", "to meet the pope"]),
        ("They asked Rome to close the port", ["They asked Rome to close the port"]),
        ("He fears that it sank at noon", ["He fears that it sank at noon"]),
        ("It was built as a ferry for Crete", ["It was built as a ferry for Crete"]),
        ("The hit - and - run crash was seen", ["The hit - and - run crash was seen"]),
        ("It sank off Crete two days after the port closed", ["It sank off Crete", "two days after the port closed"]),
        ("It sank off Crete days after the port closed", ["It sank off Crete", "after the port closed"]),
        ("It rained for days while the port closed", ["It rained for days", "while the port closed"]),
        ("It closed at 6:44 in the evening", ["It closed at 6:44 in the evening"]),
    ],
)
def test_sentences_are_cut_where_a_clause_begins(sentence: str, expected: list[str]) -> None:
    assert cut(sentence) == expected


def test_whole_stretches_are_never_cut() -> None:
    sentence = "It sank fast, but nobody was hurt there"
    assert find_cuts(sentence, 0, len(sentence), whole=[(3, len(sentence))]) == [(0, len(sentence))]


@pytest.mark.parametrize("sentence", ["the old grey ferry sank and a, b c", "the old grey ferry sank and an; it c"])
def test_an_article_without_a_noun_behind_it_begins_no_part(sentence: str) -> None:
    assert find_cuts(sentence, 0, len(sentence))[0][0] == 0


def test_content_is_numbers_and_words_that_mean_something() -> None:
    sentence = "and it was the 7,000"
    assert has_content(sentence, (0, len(sentence)), least=1)
    assert not has_content(sentence, (0, len(sentence)), least=2)
    assert not has_content("", (0, 0), least=1)
