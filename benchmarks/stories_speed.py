"""Speed and memory of stories on Reuters and on generated piles, beside scikit-learn's TfidfVectorizer.

    python benchmarks/stories_speed.py [--articles 20000 100000] [--write]

Each pile runs in its own process, compiled code warm. ``--write`` puts the table into reports/stories_speed.md.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from generate import generate
from machine import describe_machine, markdown_table
from stories_corpora import CORPORA, ROOT, load_tables, open_engine

from storycluster import cluster_stories
from storycluster.config import StoriesConfig
from storycluster.indexing import index_articles
from storycluster.stages import labels, overlap, stories

REPORT = ROOT / "reports" / "stories_speed.md"
#: Generated articles of a day, the same in every pile.
A_DAY = 1_000
_WARM_TEXTS = 20


def reuters() -> list[Mapping[str, Any]]:
    with gzip.open(CORPORA / "reuters.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [
        {"id": row["id"], "title": row.get("title"), "text": row["text"], "published": _date(row.get("published"))}
        for row in rows
    ]


def _date(value: str | None) -> datetime | None:
    try:
        return datetime.strptime((value or "").split(".")[0].strip(), "%d-%b-%Y %H:%M:%S")
    except ValueError:
        return None


def generated(count: int) -> list[Mapping[str, Any]]:
    start = datetime(2024, 1, 1)
    return [
        {
            "id": article.id,
            "title": article.title,
            "text": article.text,
            "published": start + timedelta(days=at / A_DAY),
        }
        for at, article in enumerate(generate(count))
        if article.copy_of is None
    ]


def run_stages(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Seconds per stage; the tables are loaded before."""
    engine, config = open_engine(), StoriesConfig()
    articles, groups = load_tables(engine, rows)
    seconds: dict[str, float] = {}

    def timed(name: str, call: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = call()
        seconds[name] = time.process_time() - start
        return result

    by_language = timed("words", lambda: index_articles(articles, groups, engine))
    measured = timed("measure", lambda: stories.measure(by_language, articles, config, engine))
    found, arcs, members = timed("cluster", lambda: stories.cluster(articles, groups, measured, config, engine))
    members = timed(
        "passages", lambda: overlap.find_passages(by_language, articles, measured, found, members, config, engine)
    )
    timed("labels", lambda: labels.label(by_language, articles, members, found, arcs, config, engine))
    seconds["pairs"] = engine.to_arrow(measured).num_rows
    seconds["stories"] = engine.to_arrow(found).num_rows
    return seconds


def measure(name: str, count: int, out: Any) -> None:
    """One pile in this process: its row of the table."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = reuters() if name == "reuters" else generated(count)
    run_stages(rows[:_WARM_TEXTS])
    seconds = run_stages(rows)
    command, waited = _timed(lambda: cluster_stories(rows))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    texts = [f"{row['title']}\n{row['text']}" for row in rows]
    vectorizer, waited_too = _timed(lambda: TfidfVectorizer().fit_transform(texts))
    parts = [seconds[part] for part in ("words", "measure", "cluster", "passages", "labels")]
    per_vectorizer = [f"{sum(parts) / vectorizer:.1f}", f"{command / vectorizer:.1f}", f"{waited / waited_too:.1f}"]
    times = [f"{part:.1f}" for part in (vectorizer, *parts, command, waited)]
    found = [f"{seconds[part]:,.0f}" for part in ("pairs", "stories")]
    out.put([f"{name} ({len(rows):,})", *times, *per_vectorizer, f"{memory:.1f}", *found])


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    """Processor seconds of all threads, and seconds on the clock."""
    start = time.process_time(), time.perf_counter()
    call()
    return time.process_time() - start[0], time.perf_counter() - start[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, nargs="*", default=[20_000, 100_000], help="generated piles")
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.relative_to(ROOT)}")
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    rows = []
    for name, count in [("reuters", 0), *(("generated", count) for count in options.articles)]:
        queue = context.Queue()
        process = context.Process(target=measure, args=(name, count, queue))
        process.start()
        rows.append(queue.get())
        process.join()
        print(rows[-1], flush=True)
    head = ["articles", "TfidfVectorizer", "words", "measure", "cluster", "passages", "labels", "all of `cluster`"]
    head += ["on the clock", "stories / vectorizer", "all / vectorizer", "on the clock", "peak GiB", "pairs", "stories"]
    text = (
        f"# Speed of stories\n\n{describe_machine('scikit-learn', 'numba', 'duckdb')}\n"
        f"Measured by `python benchmarks/stories_speed.py --write`; generated piles have {A_DAY:,} articles a day, "
        "copies left out. Processor seconds of all threads; “all of `cluster`” is reading, near-duplicates and stories "
        "of articles that are in memory before.\n\n" + markdown_table(head, rows)
    )
    print(text)
    if options.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
