"""The table of states: complete entries, no wording for two states."""

from collections import defaultdict

import pytest

from storycluster.text.names.countries import find_flags, flag_of, load_countries


def test_no_wording_stands_for_two_states() -> None:
    states = defaultdict(set)
    for surface in load_countries("en").surfaces:
        states[surface.wording].add(surface.state)
    assert {wording: found for wording, found in states.items() if len(found) > 1} == {}


def test_about_two_hundred_states_have_a_name_and_nearly_all_an_adjective() -> None:
    surfaces = load_countries("en").surfaces
    states = {surface.state for surface in surfaces}
    assert len(states) > 195
    assert len({s.state for s in surfaces if s.kind == "adjective"}) > 190
    assert len({s.state for s in surfaces if s.kind == "capital"}) > 170


def test_every_state_has_its_own_flag() -> None:
    countries = load_countries("en")
    assert len(countries.flags) == len({s.state for s in countries.surfaces}) - 1  # the union has none here


@pytest.mark.parametrize(
    ("wording", "state"), [("Swiss", "Switzerland"), ("Britons", "United Kingdom"), ("Poles", "Poland")]
)
def test_people_are_known_by_their_plural(wording: str, state: str) -> None:
    assert load_countries("en").adjectives[wording] == state


def test_flags_are_found_side_by_side_and_unknown_pairs_are_not() -> None:
    flags = load_countries("en").flags
    assert [state for _, _, state in find_flags(flag_of("FR") + flag_of("DE") + flag_of("ZZ"), flags)] == [
        "France",
        "Germany",
    ]


def test_a_language_without_a_table_knows_no_state() -> None:
    assert load_countries("xx").surfaces == ()
