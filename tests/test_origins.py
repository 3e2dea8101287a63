"""Independent sources: agencies, outlets and copies count once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from storycluster.origins import count_independent

NAMES = st.sampled_from(["Courier", "Herald", "Reuters", "AP"])
ROWS = st.lists(st.tuples(st.none() | NAMES, st.lists(NAMES, max_size=2), st.booleans()), max_size=5)


def row(name: str, source: str | None = None, cited: Sequence[str] = (), copy_of: str | None = None) -> dict[str, Any]:
    return {"id": name, "source": source, "credits": list(cited), "copy_of": copy_of, "language": "en"}


def rows_of(drawn: Sequence[tuple[str | None, list[str], bool]]) -> list[dict[str, Any]]:
    return [row(f"n{n}", source, cited, "n" if copy else None) for n, (source, cited, copy) in enumerate(drawn)]


def independent(one: dict[str, Any], other: dict[str, Any]) -> bool:
    first, second = ({each["source"], *each["credits"]} - {None} for each in (one, other))
    return not first & second


def test_two_articles_that_cite_one_agency_are_one_source() -> None:
    assert count_independent([row("a", "Courier", ["Yonhap"]), row("b", "Herald", ["Yonhap"])]) == 1


def test_an_agency_and_who_cites_it_are_one_source_by_any_of_its_names() -> None:
    assert count_independent([row("a", "AP"), row("b", "Herald", ["Associated Press"])]) == 1


def test_an_outlet_and_its_site_are_one_source() -> None:
    sites = [row("a", "apnews.com"), row("b", "AP"), row("c", "lindholm.example"), row("d", "Tribune", ["Lindholm"])]
    assert count_independent(sites) == 2
    assert count_independent([row("a", "news.az"), row("b", "news.am")]) == 2


def test_two_articles_of_one_outlet_are_one_source() -> None:
    assert count_independent([row("a", "Courier"), row("b", "Courier")]) == 1


def test_articles_that_name_no_source_count_each_for_itself() -> None:
    assert count_independent([row("a"), row("b"), row("c", "Courier")]) == 3


def test_an_article_that_cites_two_agencies_does_not_make_them_one() -> None:
    wires = [row("a", "Courier", ["Reuters"]), row("b", "Herald", ["AP"])]
    assert count_independent([*wires, row("c", "Tribune", ["AP", "Reuters"])]) == 2


@given(ROWS)
def test_a_copy_adds_no_source(drawn: list[tuple[str | None, list[str], bool]]) -> None:
    rows = rows_of(drawn)
    assert count_independent([*rows, row("copy", "Tribune", copy_of="n0")]) == count_independent(rows)


@given(ROWS)
def test_no_more_are_counted_than_some_set_of_articles_in_which_any_two_are_independent(
    drawn: list[tuple[str | None, list[str], bool]],
) -> None:
    originals = [each for each in rows_of(drawn) if not each["copy_of"]]
    sizes = [
        size
        for size in range(len(originals) + 1)
        for chosen in combinations(originals, size)
        if all(independent(*pair) for pair in combinations(chosen, 2))
    ]
    found = count_independent(rows_of(drawn))
    assert bool(originals) <= found <= max(sizes)


@given(ROWS, st.randoms())
def test_the_order_of_articles_changes_nothing(drawn: list[tuple[str | None, list[str], bool]], random: Any) -> None:
    rows = rows_of(drawn)
    mixed = random.sample(rows, len(rows))
    assert count_independent(mixed) == count_independent(rows)
