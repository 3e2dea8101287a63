"""A capital city is a place or a government, by the words around it."""

import pytest

from storycluster.text.names.cities import is_city
from storycluster.text.names.rules import load_name_rules


def city(text: str, name: str, *, named: bool = True) -> bool:
    start = text.index(name)
    words = load_name_rules("en").city
    return is_city(text, start, start + len(name), words=words, countries=frozenset({"France"}), state_is_named=named)


@pytest.mark.parametrize(
    "text",
    [
        "a meeting in Paris",
        "near Paris",
        "central Paris",
        "he flew to Paris",
        "the road from Paris",
        "Paris police said",
        "a Paris hotel",
        "Paris-based",
        "Paris • AFP",
        "Paris (AP) - It",
        "the town of Paris, France",
        "they visited Paris",
    ],
)
def test_a_place_is_a_place(text: str) -> None:
    assert city(text, "Paris")


@pytest.mark.parametrize(
    "text", ["Paris said", "ties between Paris and Rome", "pressure on Paris", "Paris's allies", "to help Paris"]
)
def test_a_government_is_a_government(text: str) -> None:
    assert not city(text, "Paris")


def test_without_its_state_in_the_article_only_acts_of_government_count() -> None:
    assert city("a man of Paris", "Paris", named=False)
    assert not city("Paris said", "Paris", named=False)
