"""Descriptions stand for a person or body only where the article makes it certain."""

import pytest

from storycluster.text.names import find_names


def described(text: str) -> list[tuple[str, str]]:
    return [(n.text, n.canonical) for n in find_names(text) if n.text.islower()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Peruvian Prime Minister Luis Vega left. The Peruvian prime minister smiled.",
            [("prime minister", "Luis Vega")],
        ),
        (
            "Peruvian President Luis Vega met French President Luc Petit. Peru's president left.",
            [("president", "Luis Vega")],
        ),
        ("Peruvian President Luis Vega left. The Chilean president stayed.", []),
        ("Peruvian President Luis Vega and Peruvian President Ana Ruiz met. The Peruvian president left.", []),
        ("The Peruvian army left.", [("army", "army (Peru)")]),
        ("The Peruvian President Hotel closed.", []),
    ],
)
def test_offices_and_bodies_are_found_where_certain(text: str, expected: list[tuple[str, str]]) -> None:
    assert described(text) == expected


def test_an_intelligence_agency_is_the_one_named_in_the_article() -> None:
    text = "Peru's intelligence agency spoke. The National Intelligence Directorate (NID) is new."
    assert described(text) == [("intelligence agency", "National Intelligence Directorate")]


def test_of_two_countries_the_named_body_is_neither_for_certain() -> None:
    text = "Peru's intelligence agency met Chile's intelligence agency. The National Intelligence Directorate is new."
    assert "National Intelligence Directorate" not in [canonical for _, canonical in described(text)]
