"""Articles per second from raw text to signatures, and from a file to written groups, beside other libraries.

    python benchmarks/dedup_speed.py [--articles 20000] [--write]

Signatures: processor time of one thread, the best of three rounds that take turns. End to end: a process of its own
for each, warm (it first does a small file), in wall-clock time with its peak memory; tools that have environments of
their own do the file once, or are left out by ``--quick``. ``--write`` puts the tables into reports/dedup_speed.md.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dedup_peers as peers
import pyarrow as pa
from generate import generate, write_lines
from machine import describe_machine, markdown_table
from peer_environments import PEERS, NotInstalledError, run_other

WIDTH = 5
PERMUTATIONS = 128
THRESHOLD = 0.8
RENSA_BANDS = 8
SIGNED = 2_000
ROUNDS = 3
BATCH = 500
PIPELINES = ("storycluster", "datasketch", "rensa")
REPORT = Path(__file__).parents[1] / "reports" / "dedup_speed.md"


def sign_ours(texts: pa.Array) -> None:
    from storycluster.kernels.minhash import sign_texts
    from storycluster.text.normalise import normalise_array

    sign_texts(*normalise_array(texts), width=WIDTH, count=PERMUTATIONS, seed=1)


def best(work: Callable[[], object], clock: Callable[[], float], rounds: int = ROUNDS) -> float:
    seconds = []
    for _ in range(rounds):
        start = clock()
        work()
        seconds.append(clock() - start)
    return min(seconds)


def measure_signatures(texts: list[str]) -> dict[str, float]:
    """Articles per second of one core."""
    column = pa.array(texts)
    sign_ours(column[:10])
    works: dict[str, Callable[[], object]] = {
        "storycluster": lambda: sign_ours(column),
        "rensa": lambda: peers.rensa_signatures(texts, WIDTH, PERMUTATIONS),
        "datasketch": lambda: peers.datasketch_signatures(texts, WIDTH, PERMUTATIONS),
    }
    seconds = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name, work in works.items():
            seconds[name] = min(seconds[name], best(work, time.process_time, 1))
    return {name: len(texts) / found for name, found in seconds.items()}


def measure_threads(texts: list[str]) -> float:
    """How many times faster two threads sign than one, over batches, in wall-clock time."""
    column = pa.array(texts * 10)
    batches = [column[start : start + BATCH] for start in range(0, len(column), BATCH)]

    def with_threads(threads: int) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(sign_ours, batches))

    ratios = []
    for _ in range(ROUNDS):
        one = best(lambda: with_threads(1), time.perf_counter, 1)
        ratios.append(one / best(lambda: with_threads(2), time.perf_counter, 1))
    return max(ratios)


def dedup_ours(path: Path, out: Path) -> None:
    from storycluster.config import load_config
    from storycluster.pipeline import Options, find_duplicates

    settings = [f"dedup.threshold={THRESHOLD}", f"dedup.shingle_words={WIDTH}"]
    # A folder of its own each time: an equal run left in place would be taken over.
    find_duplicates([path], load_config(None, settings), options=Options(out=out / uuid.uuid4().hex))


def dedup_datasketch(path: Path, out: Path) -> None:
    ids, texts = peers.read_texts(path)
    pairs = peers.datasketch_pairs(texts, width=WIDTH, permutations=PERMUTATIONS, threshold=THRESHOLD)
    peers.write_groups(ids, peers.groups_of(pairs, len(ids)), out / "groups.jsonl")


def dedup_rensa(path: Path, out: Path) -> None:
    ids, texts = peers.read_texts(path)
    pairs = peers.rensa_pairs(texts, width=WIDTH, permutations=PERMUTATIONS, threshold=THRESHOLD, bands=RENSA_BANDS)
    peers.write_groups(ids, peers.groups_of(pairs, len(ids)), out / "groups.jsonl")


def run_child(name: str, path: Path) -> None:
    """Do a pipeline on a small file, then on ``path``; print its seconds and peak memory."""
    work = {"storycluster": dedup_ours, "datasketch": dedup_datasketch, "rensa": dedup_rensa}[name]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        small = out / "small.jsonl"
        write_lines(generate(300, seed=7), small)
        work(small, out)
        rounds = []
        for _ in range(ROUNDS):
            before = sum(os.times()[:4])
            seconds = best(lambda: work(path, out), time.perf_counter, 1)
            rounds.append((seconds, sum(os.times()[:4]) - before))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": min(rounds)[0], "cpu": min(cpu for _, cpu in rounds), "peak_mb": peak}))


def measure_pipelines(path: Path) -> dict[str, dict[str, float]]:
    found = {}
    for name in PIPELINES:
        command = [sys.executable, __file__, "--child", name, "--file", str(path)]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, "RAYON_NUM_THREADS": "2"}
        )
        found[name] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure_others(path: Path) -> tuple[dict[str, dict[str, float]], list[str]]:
    """The same of the tools with environments of their own, and why one is missing."""
    found, missing = {}, []
    for name, (version, _) in PEERS.items():
        try:
            groups = path.with_name("groups.jsonl")
            found[version.replace("==", " ")] = run_other(name, path, groups, threshold=THRESHOLD, words=WIDTH)
        except NotInstalledError as error:
            missing.append(f"Left out: {error}.")
    return found, missing


def report(
    signed: dict[str, float], threads: float, piped: dict[str, dict[str, float]], articles: int, missing: list[str]
) -> str:
    ours, own = signed["storycluster"], piped["storycluster"]["seconds"]
    first = [
        [name, f"{rate:,.0f}", f"{ours / rate:.1f}"] for name, rate in sorted(signed.items(), key=lambda pair: -pair[1])
    ]
    second = [
        [
            name,
            f"{row['seconds']:.2f}",
            f"{row['cpu']:.2f}",
            f"{articles / row['seconds']:,.0f}",
            f"{row['seconds'] / own:.1f}",
            f"{row['peak_mb']:,.0f}",
        ]
        for name, row in piped.items()
    ]
    return (
        "# Speed of near-duplicates\n\n"
        "Measured by `python benchmarks/dedup_speed.py --write` on generated articles of about 450 words, "
        f"word {WIDTH}-grams, {PERMUTATIONS} permutations.\n\n"
        + describe_machine("storycluster", "numba", "datasketch", "rensa", "duckdb")
        + "\n\n## Raw text to signatures, one core\n\n"
        + markdown_table(["", "articles/s", "storycluster is faster by"], first)
        + f"\nTwo threads sign {threads:.2f} times as fast as one (wall clock).\n"
        + f"\n## File to written groups, {articles:,} articles, threshold {THRESHOLD}, both cores\n\n"
        + markdown_table(["", "seconds", "cpu seconds", "articles/s", "times as long", "peak MB"], second)
        + "\nstorycluster verifies each pair and writes articles, signatures, pairs, groups and rejects; the others "
        "write ids of unverified groups. Other programs shared the machine: ratios are steadier than seconds.\n"
        + "".join(f"\n{line}\n" for line in missing)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--child", choices=PIPELINES)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.child:
        run_child(options.child, options.file)
        return
    texts = [article.text for article in generate(SIGNED, seed=3)]
    signed, threads = measure_signatures(texts), measure_threads(texts)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        write_lines(generate(options.articles), path)
        piped = measure_pipelines(path)
        others, missing = ({}, []) if options.quick else measure_others(path)
    text = report(signed, threads, piped | others, options.articles, missing)
    print(text)
    if options.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
