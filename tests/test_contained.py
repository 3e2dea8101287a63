"""What is joined in memory is what the queries join; and bands that only one article has bring nobody together."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storycluster.config import DedupConfig
from storycluster.engines.base import Table
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.stages.duplicates import bands, contained
from storycluster.stages.duplicates.contained import SHINGLES, join_drawn
from storycluster.stages.duplicates.corpus import Corpus, Side
from tests.duplicate_runs import changed, news, run

KEYS = np.array([10, 11, 20, 21, 30, 31, 41, 50], np.int64)
#: The shingles that each article holds, one perhaps twice, and how many of them it drew.
HOLDINGS = st.lists(
    st.tuples(st.lists(st.integers(0, 9), max_size=9), st.integers(0, 9)), min_size=KEYS.size, max_size=KEYS.size
)


def corpus_of(sides: int) -> Corpus:
    """Eight articles of which nothing but the keys is looked at."""
    numbers, places = np.zeros(KEYS.size, np.int64), np.arange(KEYS.size, dtype=np.int32)
    side = Side(Table("none"), Table("none"))
    ids = pa.array(map(str, KEYS))
    return Corpus((side,) * sides, ids, KEYS, numbers, places, numbers, places, [""], places)


def rows(shingles: list[list[int]]) -> pa.RecordBatch:
    """A row for each shingle of each article."""
    pairs = [(shingle, key) for key, own in zip(KEYS.tolist(), shingles, strict=True) for shingle in own]
    return pa.record_batch([pa.array(column, pa.int64()) for column in np.array(pairs).reshape(-1, 2).T], SHINGLES)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> DuckDBEngine:
    return DuckDBEngine(threads=1, memory_limit="", temp_directory=tmp_path_factory.mktemp("spill"))


@given(HOLDINGS, st.sampled_from([1, 2]), st.sampled_from([2, 3, 200]), st.sampled_from([0.3, 0.8]))
@example([([1, 2, 3, 4], 4)] * KEYS.size, 2, 2, 0.8)
@example([([1, 2, 3, 4], 4)] * KEYS.size, 2, 200, 0.8)
def test_rows_joined_in_memory_are_those_of_the_queries(
    engine: DuckDBEngine, holdings: list[tuple[list[int], int]], sides: int, cap: int, least: float
) -> None:
    config = replace(DedupConfig(), bucket_cap=cap, containment_threshold=least)
    held, drew = rows([own for own, _ in holdings]), rows([sorted(set(own))[:drawn] for own, drawn in holdings])
    tables = [engine.table(name, [batch], SHINGLES) for name, batch in (("drew", drew), ("held", held))]
    joined, counts = join_drawn(tables[0], tables[1], config=config, engine=engine, is_crossed=sides == 2)
    expected = {(row["a"], row["b"]) for row in engine.to_arrow(joined).to_pylist()}
    found = contained._join_in_memory(
        engine.to_arrow(tables[0]), engine.to_arrow(tables[1]), corpus=corpus_of(sides), config=config
    )
    assert found is not None
    left, right = KEYS[found[0]], KEYS[found[1]]
    assert set(zip(np.minimum(left, right).tolist(), np.maximum(left, right).tolist(), strict=True)) == expected
    assert found[2] == counts


def test_what_takes_much_memory_is_joined_by_queries_and_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {}
    for seed in range(12):
        base = news(120, seed=seed)
        texts |= {f"{seed}a": base, f"{seed}b": changed(base, [7]), f"{seed}c": " ".join(base.split()[:60])}
    quick = run(texts)
    monkeypatch.setattr(contained, "MOST_JOINED", 0)
    monkeypatch.setattr(bands, "ARTICLES_AT_ONCE", 0)
    queried = run(texts)
    assert (queried.pairs, queried.counts) == (quick.pairs, quick.counts)
    assert len(quick.pairs) == 36
