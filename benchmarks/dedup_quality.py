"""Recall and precision of near-duplicates on Reuters against the exact join, beside other libraries.

    python benchmarks/dedup_quality.py [--write]

Truth is every pair of articles of equal settings, by brute-force counting of shared shingles (the prefix-filter join of
``--exact`` is held to the same counts). ``--write`` puts the tables into reports/dedup_quality.md.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import dedup_peers as peers
import numpy as np
import pyarrow as pa
from machine import describe_machine, markdown_table
from peer_environments import PEERS, NotInstalledError, read_pairs, run_other
from scipy.sparse import csr_array, triu

from storycluster.config import DedupConfig, EngineConfig
from storycluster.kernels.shinglesets import shingle_sets
from storycluster.model import ARTICLES
from storycluster.pipeline import open_engine
from storycluster.progress import Silent
from storycluster.stages import duplicates
from storycluster.text.normalise import normalise_array

ROOT = Path(__file__).resolve().parents[1]
REUTERS = ROOT.parent / "shared" / "corpora" / "reuters.jsonl.gz"
REPORT = ROOT / "reports" / "dedup_quality.md"
BANDS = ((0.9, 1.01), (0.8, 0.9), (0.7, 0.8), (0.6, 0.7), (0.5, 0.6))
THRESHOLDS = (0.8, 0.5)
LEAST_CONTAINED = 40
CONTAINED, NOT_NEAR = 0.8, 0.7
RENSA_LAYOUTS = {0.8: 16, 0.5: 32}
#: The width at which tools with environments of their own are run: the default of two of them.
OTHERS_WIDTH = 5

Pairs = Mapping[tuple[int, int], tuple[float, float, int]]


def true_pairs(texts: list[str], width: int) -> Pairs:
    """Jaccard, containment and the smaller set's size of every pair that shares a shingle, from a sparse product."""
    sets = shingle_sets(*normalise_array(pa.array(texts)), width=width)
    _, columns = np.unique(sets.hashes, return_inverse=True)
    sizes = np.diff(sets.offsets)
    shape = (len(texts), int(columns.max()) + 1)
    members = csr_array((np.ones(columns.size, np.int32), columns.reshape(-1), sets.offsets), shape)
    pairs = {}
    for start in range(0, len(texts), 2000):
        shared = triu(members[start : start + 2000] @ members.T, k=start + 1).tocoo()
        left, right, both = shared.row + start, shared.col, shared.data
        smaller = np.minimum(sizes[left], sizes[right])
        jaccard, containment = both / (sizes[left] + sizes[right] - both), both / smaller
        chosen = (jaccard >= min(THRESHOLDS)) | ((containment >= CONTAINED) & (smaller >= LEAST_CONTAINED))
        columns_of = (left, right, jaccard, containment, smaller)
        for a, b, j, c, size in zip(*(column[chosen].tolist() for column in columns_of), strict=True):
            pairs[a, b] = (j, c, size)
    return pairs


def our_pairs(texts: list[str], config: DedupConfig) -> tuple[dict[tuple[int, int], tuple[float, float]], float]:
    """Verified pairs by place with their scores, and the seconds from signing to pairs."""
    engine = open_engine(EngineConfig(), Silent())
    rows = {
        "id": [f"{place:06}" for place in range(len(texts))],
        "text": texts,
        "content_hash": list(range(len(texts))),
    }
    columns = [pa.array(rows.get(field.name, [None] * len(texts)), field.type) for field in ARTICLES]
    articles = engine.table("articles", [pa.record_batch(columns, schema=ARTICLES)], ARTICLES)
    start = time.perf_counter()
    signatures = duplicates.sign(articles, config, engine)
    found = engine.to_arrow(duplicates.find_pairs(articles, signatures, config, engine)).to_pylist()
    seconds = time.perf_counter() - start
    return {(int(row["a"]), int(row["b"])): (row["jaccard"], row["containment"]) for row in found}, seconds


def find_others(texts: list[str], threshold: float) -> tuple[dict[str, tuple[set[tuple[int, int]], float]], list[str]]:
    """Pairs of one group and seconds by tool, and why one is missing."""
    found, missing = {}, []
    with tempfile.TemporaryDirectory() as folder:
        articles, groups = Path(folder) / "articles.jsonl", Path(folder) / "groups.jsonl"
        rows = (json.dumps({"id": f"{place:06}", "text": text}) + "\n" for place, text in enumerate(texts))
        articles.write_text("".join(rows), encoding="utf-8")
        for name, (version, _) in PEERS.items():
            try:
                clock = run_other(name, articles, groups, threshold=threshold, words=OTHERS_WIDTH)
                found[version.replace("==", " ")] = (read_pairs(groups), clock["seconds"])
            except NotInstalledError as error:
                missing.append(f"Left out: {error}.")
    return found, missing


def share(found: set[tuple[int, int]], wanted: set[tuple[int, int]]) -> str:
    return f"{len(found & wanted) / len(wanted):.4f} of {len(wanted)}" if wanted else "none there"


def is_contained(scores: tuple[float, float, int]) -> bool:
    jaccard, containment, size = scores
    return containment >= CONTAINED and jaccard < NOT_NEAR and size >= LEAST_CONTAINED


def measure(texts: list[str], width: int, threshold: float) -> tuple[list[list[str]], list[str]]:
    """Rows of the table for one threshold, and remarks on precision."""
    truth = true_pairs(texts, width)
    # Nothing is taken for boilerplate here, so that all are counted on the same sets.
    config = replace(DedupConfig(), threshold=threshold, shingle_words=width, boilerplate_articles=len(texts))
    ours, seconds = our_pairs(texts, config)
    exact, exact_seconds = our_pairs(texts, replace(config, exact=True))
    finders: dict[str, tuple[set[tuple[int, int]], float]] = {
        "storycluster": (set(ours), seconds),
        "storycluster --exact": (set(exact), exact_seconds),
    }
    options = {"width": width, "permutations": 128, "threshold": threshold}
    for name, find in (
        ("datasketch MinHashLSH", lambda: peers.datasketch_pairs(texts, **options)),
        ("rensa RMinHashLSH", lambda: peers.rensa_pairs(texts, **options, bands=RENSA_LAYOUTS[threshold])),
    ):
        start = time.perf_counter()
        finders[name] = (find(), time.perf_counter() - start)
    others, missing = find_others(texts, threshold) if width == OTHERS_WIDTH else ({}, [])
    finders |= others
    at_threshold = {pair for pair, scores in truth.items() if scores[0] >= threshold}
    contained = {pair for pair, scores in truth.items() if is_contained(scores)}
    rows = []
    for name, (found, took) in finders.items():
        bands = [
            share(found, {pair for pair, (jaccard, _, _) in truth.items() if low <= jaccard < high})
            for low, high in BANDS
            if low >= threshold
        ]
        bands += ["" for low, _ in BANDS if low < threshold]
        right = {pair for pair in found if pair in truth and (truth[pair][0] >= threshold or is_valid(truth[pair]))}
        precision = f"{len(right) / len(found):.4f} of {len(found)}" if found else "none found"
        rows.append([name, share(found, at_threshold), *bands, share(found, contained), precision, f"{took:.1f}"])
    wrong = sum(1 for pair, scores in ours.items() if pair not in truth or scores != truth[pair][:2])
    return rows, [f"Pairs of storycluster whose stored scores differ from the truth: {wrong} of {len(ours)}.", *missing]


def is_valid(scores: tuple[float, float, int]) -> bool:
    return scores[1] >= CONTAINED and scores[2] >= LEAST_CONTAINED


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--words", type=int, nargs="*", default=[5, DedupConfig().shingle_words])
    options = parser.parse_args()
    with gzip.open(REUTERS, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    texts = [text for text in texts if len(text.split()) >= 20]
    head = ["", "recall at threshold", *(f"{low:.1f} to {min(high, 1.0):.1f}" for low, high in BANDS)]
    head += ["contained", "precision", "seconds"]
    parts = [
        "# Quality of near-duplicates\n\nMeasured by `python benchmarks/dedup_quality.py --write` on "
        f"{len(texts):,} Reuters articles of at least 20 words against all pairs, counted by a sparse product. "
        "Columns by Jaccard are recalls; contained means containment of at least 0.8, Jaccard below 0.7 and 40 "
        "shingles in the shorter one. A found pair is right where it is at the threshold or contained. datasketch "
        "and rensa choose or are given bands as their documentation does; neither verifies. text-dedup, datatrove "
        "and semhash give groups: their pairs are all of one group. datatrove has 14 bands of 8 rows (32 of 4 at 0.5) "
        "and makes every digit 0 first, so that short reports of figures become one. "
        "semhash compares vectors of its own model, a download; here word runs are hashed into vectors, and the "
        "threshold is that cosine which sets of one size have at this Jaccard.\n\n"
        + describe_machine("storycluster", "datasketch", "rensa", "duckdb")
    ]
    for words in options.words:
        for threshold in THRESHOLDS:
            rows, remarks = measure(texts, words, threshold)
            parts.append(
                f"## Word {words}-grams, threshold {threshold}\n\n"
                + markdown_table(head, rows)
                + "\n"
                + "\n\n".join(remarks)
            )
    text = "\n\n".join(parts) + "\n"
    print(text)
    if options.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
