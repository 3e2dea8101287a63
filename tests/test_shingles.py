"""Shingle sets are the same whether a corpus is read once or in parts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from storycluster.config import DedupConfig
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.model import ARTICLES
from storycluster.stages import duplicates
from storycluster.stages.duplicates import shingles as module
from storycluster.stages.duplicates import signing
from storycluster.stages.duplicates import verify as verification
from storycluster.stages.duplicates.corpus import Side, load_corpus
from storycluster.stages.duplicates.shingles import Shingles
from tests.duplicate_runs import article_table, changed, news, run


def test_a_corpus_read_in_parts_has_the_pairs_of_one_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {}
    for seed in range(25):
        base = news(120, seed=seed)
        texts |= {f"{seed}a": base, f"{seed}b": changed(base, [7]), f"{seed}c": " ".join(base.split()[:60])}
    whole = run(texts)
    monkeypatch.setattr(module, "ARTICLES_AT_ONCE", 10)
    monkeypatch.setattr(signing, "ARTICLES_AT_ONCE", 10)
    monkeypatch.setattr(verification, "PART_ARTICLES", 10)
    parts = run(texts)
    assert len(whole.pairs) == 75
    assert parts.pairs == whole.pairs
    assert parts.groups == whole.groups


def test_places_are_located_in_kept_and_in_read_sets(tmp_path: Path) -> None:
    engine = DuckDBEngine(threads=1, memory_limit="", temp_directory=tmp_path)
    texts = {f"n{seed}": news(40 + seed, seed=seed) for seed in range(12)} | {"short": "x"}
    table = engine.table("articles", article_table(texts).to_batches(), ARTICLES)
    config = DedupConfig()
    signatures, sets = duplicates.sign_and_shingle(table, config, engine)
    corpus = load_corpus((Side(table, signatures),), engine)
    signed = replace(corpus, sides=(Side(table, signatures, sets),))
    reading = Shingles(corpus, config, engine)
    places = corpus.representatives()[::3]
    for shingles in (reading, reading.keep(), Shingles(signed, config, engine).keep()):
        sizes = np.diff(shingles.load_whole(places).offsets)
        assert sizes.tolist() == corpus.shingles[places].tolist()
        assert np.diff(shingles.load(places).offsets).tolist() == sizes.tolist()
