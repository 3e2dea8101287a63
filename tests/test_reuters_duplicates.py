"""Near-duplicates of real newswire: what the bands and drawn shingles find is what the exact join finds."""

import gzip
import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from storycluster.config import DedupConfig
from tests.duplicate_runs import Found, run

#: Enough for hundreds of pairs, few enough for seconds.
ARTICLES = 6_000
RECALL, CONTAINED_RECALL = 0.99, 0.95


@pytest.fixture(scope="module")
def texts(corpora: Path) -> dict[str, str]:
    with gzip.open(corpora / "reuters.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, ARTICLES)]
    return {row["id"]: row["text"] for row in rows}


def scores(found: Found) -> dict[tuple[str, str], tuple[str, float, float]]:
    return {(row["a"], row["b"]): (row["relation"], row["jaccard"], row["containment"]) for row in found.pairs}


@pytest.mark.parametrize("threshold", [0.8, 0.5])
def test_nearly_all_pairs_of_the_exact_join_are_found_with_equal_scores(
    texts: dict[str, str], threshold: float
) -> None:
    config = replace(DedupConfig(), threshold=threshold, shingle_words=5)
    truth, found = scores(run(texts, replace(config, exact=True))), scores(run(texts, config))
    assert found.items() <= truth.items()
    near = {pair for pair, (_, jaccard, _) in truth.items() if jaccard >= threshold}
    contained = {pair for pair, (_, jaccard, share) in truth.items() if share >= 0.8 and jaccard < 0.7}
    assert len(near) > 100
    assert len(contained) > 40
    assert len(near & found.keys()) >= RECALL * len(near)
    assert len(contained & found.keys()) >= CONTAINED_RECALL * len(contained)
