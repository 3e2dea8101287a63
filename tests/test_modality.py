"""Modality and negation of one clause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.speech.modality import is_infinitive, is_negated, read_modality


@pytest.mark.parametrize(
    ("clause", "modality"),
    [
        ("the port closed", "asserted"),
        ("the port is set to close", "planned"),
        ("they 'll close it", "planned"),
        ("the port could close", "possible"),
        ("the port allegedly closed", "claimed"),
        ("he denied the charge", "denied"),
        ("Minister to visit Rome", "planned"),
        ("he was denied bail", "asserted"),
        ("the willing port", "asserted"),
    ],
)
def test_cues_of_the_clause_tell_its_modality(clause: str, modality: str) -> None:
    assert read_modality(clause, claimed=False) == modality


def test_a_claim_is_claimed_unless_planned_possible_or_denied() -> None:
    assert read_modality("the port closed", claimed=True) == "claimed"
    assert read_modality("the port will close", claimed=True) == "planned"
    assert read_modality("the port closed", claimed=True, denied=True) == "denied"


@pytest.mark.parametrize(
    "clause", ["it did not sink", "it didn’t sink", "no ship sank", "nobody sank", "he failed to sink it"]
)
def test_negations_are_read(clause: str) -> None:
    assert is_negated(clause)


@pytest.mark.parametrize("clause", ["No. 5 sank", "not only Rome sank", "it sank at noon", "the notable ship"])
def test_what_looks_like_a_negation_is_none(clause: str) -> None:
    assert not is_negated(clause)


def test_an_infinitive_begins_a_dependent_clause() -> None:
    assert is_infinitive("to visit Rome")
    assert not is_infinitive("to Rome")


@given(st.text(max_size=60))
def test_without_rules_a_clause_is_claimed_or_asserted(clause: str) -> None:
    assert read_modality(clause, claimed=False, language="xx") == "asserted"
    assert not is_negated(clause, language="xx")
