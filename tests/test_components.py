"""Components in SQL: the same as scipy's, whatever the graph, in few rounds."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from storycluster.components import label_components
from storycluster.engines.duckdb import DuckDBEngine

EDGES = pa.schema([("a", pa.int64()), ("b", pa.int64())])


def open_engine() -> DuckDBEngine:
    return DuckDBEngine(threads=1, memory_limit="", temp_directory=Path("/nonexistent-until-spilled"))


def partition(pairs: list[tuple[int, int]], engine: DuckDBEngine) -> set[frozenset[int]]:
    left, right = zip(*pairs, strict=True) if pairs else ((), ())
    batch = pa.record_batch([pa.array(left, pa.int64()), pa.array(right, pa.int64())], schema=EDGES)
    rows = engine.to_arrow(label_components(engine.table("edges", [batch], EDGES), engine)).to_pylist()
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row["component"], set()).add(row["key"])
    assert all(component in members for component, members in found.items())
    return {frozenset(members) for members in found.values()}


def expected(pairs: list[tuple[int, int]]) -> set[frozenset[int]]:
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    keys = sorted({key for pair in pairs for key in pair})
    place = {key: at for at, key in enumerate(keys)}
    ends = np.array([[place[a], place[b]] for a, b in pairs], np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(pairs)), (ends[:, 0], ends[:, 1])), (len(keys), len(keys)))
    labels = connected_components(graph, directed=False)[1] if keys else np.empty(0, np.int64)
    return {frozenset(key for key, own in zip(keys, labels, strict=True) if own == label) for label in set(labels)}


@given(st.lists(st.tuples(*[st.integers(-4, 12).map(lambda n: n * 2**59 + n)] * 2), max_size=30))
def test_components_are_those_of_scipy(pairs: list[tuple[int, int]]) -> None:
    assert partition(pairs, open_engine()) == expected(pairs)


@pytest.mark.parametrize("shape", ["path", "star", "rising path"])
def test_a_large_component_is_contracted_in_few_rounds(shape: str) -> None:
    keys = np.unique(np.random.default_rng(7).integers(-(2**62), 2**62, 20_000))
    np.random.default_rng(8).shuffle(keys)
    keys = np.sort(keys) if shape == "rising path" else keys
    before = keys[:-1] if "path" in shape else np.repeat(keys[0], keys.size - 1)
    engine = open_engine()
    found = partition(list(zip(before.tolist(), keys[1:].tolist(), strict=True)), engine)
    assert found == {frozenset(keys.tolist())}
    names = engine.to_arrow(engine.sql("names", "SELECT table_name AS name FROM duckdb_tables()"))["name"].to_pylist()
    rounds = sum(name.startswith("contraction_moved_") for name in names)
    # At most 3/4 of the vertices are expected to be left by a round; 20,000 are gone after 35 of such.
    assert rounds <= 35
