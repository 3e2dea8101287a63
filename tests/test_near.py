"""The stories that an article may tell besides its own."""

import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.engines.duckdb import DuckDBEngine
from storycluster.model import MEMBERSHIPS, SIMILARITIES
from storycluster.stages.overlap.near import CANDIDATES, NEAR, find_near

from .story_runs import News, Row, find_stories
from .test_overlap import PILE, ROUND_UP

IDS = [f"a{number:02}" for number in range(16)]
PAIRS = [(a, b) for a in IDS for b in IDS if a < b]


def near(scores: dict[tuple[str, str], float], story: dict[str, str]) -> dict[str, list[str]]:
    """What the query finds, with a copy of the first article in the way."""
    channels = dict.fromkeys(("words", "word_pairs", "names", "lead"), 0.0)
    pairs: list[Row] = [{"a": a, "b": b, "score": score, **channels} for (a, b), score in scores.items()]
    told = [*((name, None) for name in story), ("copy", "a00")]
    members: list[Row] = [
        {"story": story[of or name], "article": name, "role": "primary", "score": 1.0, "share": 1.0, "copy_of": of}
        for name, of in told
    ]
    with tempfile.TemporaryDirectory() as folder:
        engine = DuckDBEngine(threads=1, memory_limit="", temp_directory=Path(folder) / "spill")
        similarities = engine.table(
            "similarities", pa.Table.from_pylist(pairs, schema=SIMILARITIES).to_batches(), SIMILARITIES
        )
        memberships = engine.table(
            "memberships", pa.Table.from_pylist(members, schema=MEMBERSHIPS).to_batches(), MEMBERSHIPS
        )
        rows = engine.to_arrow(find_near(similarities, memberships, engine)).to_pylist()
    return {row["article"]: [row[name] for name in NEAR if row[name]] for row in rows}


@settings(max_examples=10)
@given(
    st.dictionaries(st.sampled_from(PAIRS), st.integers(60, 999).map(lambda part: part / 1_000)),
    st.lists(st.sampled_from([f"s{number:02}" for number in range(14)]), min_size=len(IDS), max_size=len(IDS)),
)
def test_the_near_stories_are_those_with_the_largest_sums_of_scores(
    scores: dict[tuple[str, str], float], stories: list[str]
) -> None:
    story = dict(zip(IDS, stories, strict=True))
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for (a, b), score in scores.items():
        for one, other in ((a, b), (b, a)):
            if story[one] != story[other]:
                sums[one][story[other]] += int(score * 1_000_000_000)
    expected = {name: sorted(found, key=lambda told: (-found[told], told)) for name, found in sums.items()}
    assert near(scores, story) == {name: found[:CANDIDATES] for name, found in expected.items()}


@pytest.mark.parametrize(("day", "roles"), [("2024-03-10", {"primary", "secondary"}), ("2024-04-10", {"primary"})])
def test_a_passage_tells_no_story_that_lies_beyond_the_window_of_days(day: str, roles: set[str]) -> None:
    pile = [News(news.id, news.text, published="2024-03-08" if news.id.startswith("strike") else day) for news in PILE]
    rows = find_stories([*pile, News("both", ROUND_UP, published=day)]).memberships
    assert {row["role"] for row in rows if row["article"] == "both"} == roles
