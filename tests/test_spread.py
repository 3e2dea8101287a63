"""The search that is spread over machines finds what the search in memory finds, with the same counts."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from storycluster.config import DedupConfig, ReadConfig, load_config
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.errors import EngineError
from storycluster.model import ARTICLES
from storycluster.stages import duplicates
from storycluster.stages.read import read_articles
from tests.duplicate_runs import Found, article_table, changed, day, news


class Spread(DuckDBEngine):
    """DuckDB that is taken for many machines."""

    is_distributed = True
    driver_pairs = 1_000_000


class Grouped(Spread):
    """The same with a driver that may hold no pair."""

    driver_pairs = 0


def found_on(engine: type[DuckDBEngine], articles: pa.Table, config: DedupConfig) -> dict[str, object]:
    held = engine(threads=2, memory_limit="", temp_directory=Path("/nonexistent-until-spilled"))
    table = held.table("articles", articles.to_batches(), ARTICLES)
    pairs = duplicates.find_pairs(table, duplicates.sign(table, config, held), config, held)
    groups = duplicates.group(table, pairs, config, held)
    return {
        "pairs": held.to_arrow(held.sql("p", f'SELECT * FROM "{pairs}" ORDER BY a, b')).to_pylist(),
        "groups": held.to_arrow(held.sql("g", f'SELECT * FROM "{groups}" ORDER BY id, article')).to_pylist(),
        "counts": duplicates.read_counts(held),
        "boilerplate": held.to_arrow(held.sql("b", 'SELECT * FROM "boilerplate" ORDER BY source, text')).to_pylist(),
    }


def planted(articles: int = 160) -> tuple[dict[str, str], dict[str, Mapping[str, object]]]:
    """Originals with exact, near, contained and short copies, sources with a footer, some without a date."""
    texts: dict[str, str] = {}
    footer = news(30, seed=99)
    for number in range(articles):
        base = news(150, seed=number // 4)
        kinds = (
            base,
            base,
            changed(base, range(number % 7)),
            " ".join(base.split()[: 60 + number % 50]),
        )
        text = kinds[number % 4]
        texts[f"a{number:03}"] = f"{text}\n\n{footer}" if number % 3 else text
    texts |= {"short-1": "Two words", "short-2": "Two words", "empty-1": "", "empty-2": ""}
    names = list(texts)
    columns = {
        "source": {name: f"source-{at % 2}" for at, name in enumerate(names) if at % 5},
        "published": {name: day(1 + at % 20) for at, name in enumerate(names) if at % 6},
    }
    return texts, columns


@pytest.mark.parametrize(
    "settings",
    [
        [],
        ["dedup.bucket_cap=2"],
        ["dedup.window_days=3"],
        ["dedup.threshold=0.5", "dedup.containment_threshold=0.6", "dedup.boilerplate_articles=60"],
        ["dedup.keep=source", "dedup.sources=['source-1']"],
        ["dedup.keep=longest", "dedup.bucket_cap=3"],
    ],
    ids=" ".join,
)
def test_the_spread_search_finds_the_same_as_the_search_in_memory(settings: list[str]) -> None:
    config = load_config(None, settings).dedup
    texts, columns = planted()
    articles = article_table(texts, **columns)
    expected = found_on(DuckDBEngine, articles, config)
    assert len(expected["pairs"]) > 100
    assert found_on(Spread, articles, config) == expected
    assert found_on(Grouped, articles, config) == expected


@pytest.mark.slow
def test_the_spread_search_finds_the_same_on_reuters(corpora: Path) -> None:
    engine = DuckDBEngine(threads=2, memory_limit="", temp_directory=Path("/nonexistent-until-spilled"))
    read, _ = read_articles([corpora / "reuters.jsonl.gz"], ReadConfig(credits=False), engine)
    articles = engine.to_arrow(read)
    expected = found_on(DuckDBEngine, articles, DedupConfig())
    assert len(expected["groups"]) > 500
    assert found_on(Grouped, articles, DedupConfig()) == expected


def test_no_articles_worth_comparing_give_no_pairs() -> None:
    found = found_on(Grouped, article_table({"a": "", "b": "one"}), DedupConfig())
    assert (found["pairs"], found["groups"]) == ([], [])


def test_an_exact_search_is_refused_with_what_to_do() -> None:
    with pytest.raises(EngineError, match=r"dedup\.exact .* use engine duckdb"):
        found_on(Spread, article_table({"a": news(50, seed=1)}), DedupConfig(exact=True))


def test_both_searches_are_told_apart_by_the_engine() -> None:
    assert not DuckDBEngine.is_distributed
    assert Found(article_table({"a": news(50, seed=1), "b": news(50, seed=1)}), DedupConfig()).copies() == {
        "a": {"a", "b"}
    }
