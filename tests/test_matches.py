"""Articles against an earlier run: the pairs there would be if both were compared at once, and a check of identity."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.config import DedupConfig
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.errors import StoreError
from storycluster.model import ARTICLES
from storycluster.stages.duplicates import check_identity, find_matches, identity, sign
from tests.duplicate_runs import article_table, changed, news, run

NEWS = DedupConfig()


def matches(new: dict[str, str], earlier: dict[str, str], config: DedupConfig = NEWS) -> list[dict[str, object]]:
    engine = DuckDBEngine(threads=1, memory_limit="", temp_directory=Path("spill"))
    tables = []
    for name, texts in (("articles", new), ("earlier", earlier)):
        articles = engine.table(name, article_table(texts).to_batches(), ARTICLES)
        signatures = engine.sql(f"{name}_signed", f'SELECT * FROM "{sign(articles, config, engine)}"')
        tables += [articles, signatures]
    found = find_matches(
        tables[0],
        tables[1],
        earlier_articles=tables[2],
        earlier_signatures=tables[3],
        config=config,
        engine=engine,
    )
    return engine.to_arrow(found).sort_by([("article", "ascending"), ("earlier", "ascending")]).to_pylist()


KINDS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=6)


@given(KINDS, KINDS, st.booleans())
@settings(max_examples=15, deadline=None)
def test_matches_are_the_pairs_across_both_runs(
    new: list[tuple[int, int]], earlier: list[tuple[int, int]], is_exact: bool
) -> None:
    def text(seed: int, kind: int) -> str:
        base = news(120, seed=seed)
        return [base, changed(base, [5]), " ".join(base.split()[:60]), "Two words", ""][kind]

    config = replace(NEWS, exact=is_exact)
    first = {f"n{place}": text(*what) for place, what in enumerate(new)}
    second = {f"e{place}": text(*what) for place, what in enumerate(earlier)}
    expected = [
        (row["b"], row["a"], row["relation"], row["jaccard"], row["containment"])
        for row in run(first | second, config).pairs
        if row["a"][0] != row["b"][0]
    ]
    found = [tuple(row.values())[:5] for row in matches(first, second, config)]
    assert found == sorted(expected)


def test_an_id_may_be_in_both_runs() -> None:
    text = news(80, seed=1)
    rows = matches({"a": text}, {"a": text, "b": news(80, seed=2)})
    assert [(row["article"], row["earlier"], row["relation"]) for row in rows] == [("a", "a", "exact")]


def test_an_article_contained_in_an_earlier_one_says_so() -> None:
    text = news(300, seed=1)
    rows = matches({"short": " ".join(text.split()[100:180])}, {"long": text})
    assert [(row["relation"], row["is_shorter"]) for row in rows] == [("contained", True)]


def test_copies_among_earlier_articles_are_not_matches() -> None:
    text = news(80, seed=1)
    assert matches({"n": news(80, seed=2)}, {"a": text, "b": text}) == []


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"shingle_words": 5}, "dedup.shingle_words 5, this run has 3"),
        ({"permutations": 64}, "dedup.permutations 64, this run has 128"),
        ({"seed": 7}, "dedup.seed 7, this run has 1"),
    ],
)
def test_signatures_made_otherwise_are_refused_by_name(changes: dict[str, int], name: str) -> None:
    with pytest.raises(StoreError, match=f"runs/monday has signatures of {name}"):
        check_identity(identity(replace(NEWS, **changes)), NEWS, origin="runs/monday")


@pytest.mark.parametrize("name", ["normaliser", "words", "scheme"])
def test_signatures_of_another_version_are_refused_by_name(name: str) -> None:
    with pytest.raises(StoreError, match=f"has signatures of {name} older"):
        check_identity(identity(NEWS) | {name: "older"}, NEWS, origin="runs/monday")


def test_a_run_that_does_not_say_how_it_signed_is_refused() -> None:
    with pytest.raises(StoreError, match="does not say how its signatures were made"):
        check_identity(None, NEWS, origin="runs/monday")


def test_the_empty_side_matches_nothing() -> None:
    assert matches({}, {"a": "x"}) == matches({"a": "x"}, {}) == []
