"""Tools that cannot stand beside us in one environment, each run by the Python of an environment of its own.

    PYTHON benchmarks/dedup_others.py NAME ARTICLES.jsonl GROUPS.jsonl [--threshold 0.8] [--words 5]

Called by the other benchmarks; imports nothing of the package. A tool reads the file and writes its groups, warm (it
first does 300 articles); the last line says seconds, processor seconds and peak memory, processes it starts included.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import struct
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

WARMING = 300
PERMUTATIONS = 128
#: The bands of its documentation for about these thresholds; 14 x 8 is its default.
DATATROVE_BANDS = {0.8: (14, 8), 0.5: (32, 4)}
SEMHASH_FEATURES = 2_048

Owners = dict[str, str]  # the id of the article that stands for a group, by the id of each article


def group_text_dedup(path: Path, folder: Path, threshold: float, words: int) -> Owners:
    """Groups of ``python -m text_dedup.minhash`` with its own bands for the threshold."""
    from text_dedup import minhash

    options = {"path": "json", "data_files": path, "split": "train", "column": "text", "ngram": words}
    options |= {"cache_dir": folder / "cache", "output": folder / "kept", "threshold": threshold}
    options |= {"num_perm": PERMUTATIONS, "num_proc": os.cpu_count()}
    minhash.main([part for key, value in options.items() for part in (f"--{key}", str(value))], standalone_mode=False)
    ids = read_ids(path)
    return {name: ids[minhash.uf.find(place)] for place, name in enumerate(ids)}


def group_datatrove(path: Path, folder: Path, threshold: float, words: int) -> Owners:
    """Groups of its four MinHash steps, on all cores where a step can be split."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import JsonlReader

    bands, rows = DATATROVE_BANDS[threshold]
    config = MinhashConfig(n_grams=words, num_buckets=bands, hashes_per_bucket=rows)
    signed, paired, removed = (str(folder / name) for name in ("signed", "paired", "removed"))
    reader = JsonlReader(str(path.parent), glob_pattern=path.name)
    steps: list[tuple[list[object], int]] = [
        ([reader, MinhashDedupSignature(signed, config=config)], 1),
        ([MinhashDedupBuckets(signed, paired, config=config)], bands),
        ([MinhashDedupCluster(paired, removed, config=config, save_cluster_id=True)], 1),
    ]
    for number, (pipeline, tasks) in enumerate(steps):
        workers = min(tasks, os.cpu_count() or 1)
        LocalPipelineExecutor(pipeline, tasks=tasks, workers=workers, logging_dir=str(folder / f"log{number}")).run()
    ids = read_ids(path)
    owners = {name: name for name in ids}
    first: dict[int, str] = {}
    for file in sorted((folder / "removed").glob("*.clusters")):
        for place, cluster in sorted(struct.iter_unpack("<II", file.read_bytes())):
            owners[ids[place]] = first.setdefault(cluster, ids[place])
    return owners


def group_semhash(path: Path, folder: Path, threshold: float, words: int) -> Owners:  # noqa: ARG001 - same for all
    """Groups of its nearest neighbours; its own model is a download, so word runs are hashed into vectors instead."""
    import numpy as np
    from semhash import SemHash
    from sklearn.feature_extraction.text import HashingVectorizer

    class Encoder:
        def encode(self, inputs: list[str], **_: object) -> np.ndarray:
            hasher = HashingVectorizer(n_features=SEMHASH_FEATURES, ngram_range=(words, words), binary=True)
            return np.asarray(hasher.transform(inputs).todense(), np.float32)

    with path.open(encoding="utf-8") as lines:
        records = [{name: row[name] for name in ("id", "text")} for row in map(json.loads, lines)]
    made = SemHash.from_records(records, columns=["text"], model=Encoder())
    # The cosine of two equal sets' vectors; of sets of equal size with this Jaccard it is 2 J / (1 + J).
    result = made.self_deduplicate(threshold=2 * threshold / (1 + threshold))
    owners = {record["id"]: record["id"] for record in records}
    same = {record["text"]: record["id"] for record in reversed(records)}
    for duplicate in result.filtered:
        owner = duplicate.duplicate_of
        owners[duplicate.record["id"]] = owner["id"] if owner else same[duplicate.record["text"]]
    return owners


TOOLS: dict[str, Callable[[Path, Path, float, int], Owners]] = {
    "text-dedup": group_text_dedup,
    "datatrove": group_datatrove,
    "semhash": group_semhash,
}


def read_ids(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["id"] for line in lines]


def resolve(owners: Owners) -> Owners:
    """The owners of owners: one article stands for all of a group."""
    while any(owners[kept] != kept for kept in owners.values()):
        owners = {name: owners[kept] for name, kept in owners.items()}
    return owners


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=TOOLS)
    parser.add_argument("articles", type=Path)
    parser.add_argument("groups", type=Path)
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--words", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.jsonl"
        with options.articles.open(encoding="utf-8") as lines:
            small.write_text("".join(line for line, _ in zip(lines, range(WARMING), strict=False)), encoding="utf-8")
        for number, path in enumerate((small, options.articles)):
            work = Path(folder) / str(number)
            work.mkdir()
            before, start = sum(os.times()[:4]), time.perf_counter()
            owners = resolve(TOOLS[options.name](path, work, options.threshold, options.words))
            lines_of = (json.dumps({"id": name, "kept": kept}) + "\n" for name, kept in owners.items())
            options.groups.write_text("".join(lines_of), encoding="utf-8")
            seconds, cpu = time.perf_counter() - start, sum(os.times()[:4]) - before
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak}))


if __name__ == "__main__":
    main()
