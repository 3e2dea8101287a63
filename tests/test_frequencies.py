"""A part of a corpus knows the counts of all of it, however the articles were cut into batches."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from storycluster import frequencies
from storycluster.engines import duckdb
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.frequencies import Frequencies, count_terms
from storycluster.vectors import index_terms

KEPT = pa.schema([("language", pa.string()), ("text", pa.string())])
TEXTS = [
    "The Harbour ferry sank near Ostrava. A harbour pilot wept.",
    "Near the harbour a ferry burned; Rose Ostrava saw it.",
    "Prices rose in Ostrava. Prices rose again.",
    "A ferry burned.",
]


def counted(texts: list[str]) -> Frequencies:
    engine = DuckDBEngine(threads=2, memory_limit="", temp_directory=Path("/nonexistent-until-spilled"))
    rows = pa.table([["en"] * len(texts), texts], schema=KEPT)
    return count_terms(engine.table("kept", rows.to_batches(), KEPT), {"en": len(texts)}, engine)["en"]


@pytest.mark.parametrize("batch_rows", [1, 3, 2_048])
def test_a_part_has_the_counts_and_names_of_the_whole(batch_rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duckdb, "BATCH_ROWS", batch_rows)
    whole = index_terms(TEXTS, "en")
    known = counted(TEXTS)
    places = {term: at for at, term in enumerate(whole.terms)}
    everywhere = whole.count_articles(np.concatenate([np.unique(t[t >= 0]) for t in _by_text(whole)]))
    for at, text in enumerate(TEXTS):
        part = known.inform(index_terms([text], "en"))
        assert part.articles == len(TEXTS)
        assert part.scale.tolist() == [everywhere[places[term]] for term in part.terms]
        assert part.names.tolist() == whole.names[whole.offsets[at] : whole.offsets[at + 1]].tolist()


def _by_text(index: object) -> list[np.ndarray]:
    return np.split(index.tokens, index.offsets[1:-1])  # type: ignore[attr-defined]


def test_only_the_commonest_terms_come_to_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frequencies, "MOST_TERMS", 2)
    known = counted(3 * TEXTS)
    assert known.terms.column("term").to_pylist() == ["ferri", "ostrava"]
    part = known.inform(index_terms([TEXTS[3]], "en"))
    assert dict(zip(part.terms, part.scale.tolist(), strict=True)) == {"burn": 1.0, "ferri": 9.0}
