"""Stories found in time windows beside those of the same articles clustered at once.

    python benchmarks/stories_windows.py [--planted] [--write]

BCubed F1 takes the stories found at once as labels; "another seed" is what is left of them where Leiden starts from
other random numbers, which is as near as two runs of it come. With ``--planted`` those of stories_planted.py are
looked for as well, among generated articles. ``--write`` puts the tables into reports/stories_windows.md.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from machine import describe_machine, markdown_table
from stories_corpora import ROOT, load_tables, open_engine
from stories_learn import article_scores, f1
from stories_planted import LARGE, PAIRS, planted
from stories_speed import generated, reuters

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.indexing import index_articles
from storycluster.kernels import graph
from storycluster.stages import overlap, stories

REPORT = ROOT / "reports" / "stories_windows.md"
OTHERS = 20_000
LARGE_DAYS = 10.0
Labels = dict[str, str]
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Found:
    """The story and the arc of each article, all passages, articles seen in all windows, processor seconds."""

    story: Labels
    arc: Labels
    passages: set[tuple[object, ...]]
    seen: int
    seconds: float


class Pile:
    """Articles in an engine, to be clustered in one way or another; copies are not looked for."""

    def __init__(self, rows: Rows) -> None:
        self.engine: Engine = open_engine()
        self.rows = rows
        self.articles, self.groups = load_tables(self.engine, rows)

    def at_once(self) -> Found:
        start, config = time.process_time(), StoriesConfig()
        self.by_language = index_articles(self.articles, self.groups, self.engine)
        self.measured = stories.measure(self.by_language, self.articles, config, self.engine)
        found, _, members = stories.cluster(self.articles, self.groups, self.measured, config, self.engine)
        members = overlap.find_passages(
            self.by_language, self.articles, self.measured, found, members, config, self.engine
        )
        return self._found(found, members, len(self.rows), start)

    def with_seed(self, seed: int) -> Found:
        """The same similarities, clustered from other random numbers."""
        usual, graph.SEED = graph.SEED, seed
        start, config = time.process_time(), StoriesConfig()
        found, _, members = stories.cluster(self.articles, self.groups, self.measured, config, self.engine)
        graph.SEED = usual
        members = overlap.find_passages(
            self.by_language, self.articles, self.measured, found, members, config, self.engine
        )
        return self._found(found, members, len(self.rows), start)

    def in_windows(self, window_articles: int) -> Found:
        start, config = time.process_time(), StoriesConfig(window_articles=window_articles)
        windows = stories.open_windows(self.articles, self.groups, config, self.engine)
        clustered = stories.cluster_windows(self.articles, self.groups, windows, config, self.engine)
        measured, found, members, seen = clustered
        arguments = self.articles, measured, found, members, seen, config, self.engine
        members = overlap.find_window_passages(*arguments, frequencies=windows.frequencies)
        return self._found(found, members, len(self.engine.to_arrow(seen)), start)

    def _found(self, told: Table, memberships: Table, seen: int, start: float) -> Found:
        seconds = time.process_time() - start
        members = self.engine.to_arrow(memberships).to_pylist()
        arc_of = {row["id"]: row["arc"] for row in self.engine.to_arrow(told).to_pylist()}
        story = {row["article"]: row["story"] for row in members if row["role"] == "primary"}
        passages = {(row["article"], row["spans"][0]["start"]) for row in members if row["role"] != "primary"}
        return Found(story, {article: arc_of[name] for article, name in story.items()}, passages, seen, seconds)


def bcubed(found: Labels, expected: Labels) -> str:
    names = sorted(expected)
    labels, gold = (np.array([side[name] for name in names]) for side in (found, expected))
    return f"{f1(article_scores(labels, gold)[None], np.ones(len(names), bool)):.4f}"


def compare(name: str, rows: Rows, sizes: Sequence[int]) -> list[list[str]]:
    pile = Pile(rows)
    once = pile.at_once()
    tried = [("at once", once), ("at once, another seed", pile.with_seed(1_000))]
    tried += [(f"windows of {size:,}", pile.in_windows(size)) for size in sizes]
    return [
        [
            f"{name} ({len(rows):,})",
            how,
            f"{found.seen / len(rows):.1f}",
            bcubed(found.story, once.story),
            bcubed(found.arc, once.arc),
            f"{len(set(found.story.values())):,}",
            f"{len(found.passages & once.passages):,} of {len(found.passages):,}",
            f"{found.seconds:.0f}",
        ]
        for how, found in tried
    ]


def find_planted(others: Rows, window_articles: int) -> list[list[str]]:
    """What became of the planted stories."""
    dates = [row["published"] for row in others]
    pile = Pile([*planted(min(dates), (max(dates) - min(dates)) / timedelta(days=1) + 1.0, LARGE_DAYS), *others])
    tried = [("at once", pile.at_once()), (f"windows of {window_articles:,}", pile.in_windows(window_articles))]
    return [[how, *planted_cells(found.story)] for how, found in tried]


def planted_cells(story: Labels) -> list[str]:
    pieces = Counter(story[f"large-{at}"] for at in range(LARGE))
    largest, most = max(pieces.items(), key=lambda entry: entry[1])
    together = sum(story[f"pair{pair}-0"] == story[f"pair{pair}-1"] for pair in range(PAIRS))
    return [f"{most:,} of {LARGE:,}", f"{Counter(story.values())[largest] - most}", f"{together} of {PAIRS}"]


def report(rows: list[list[str]]) -> str:
    """Head and table of the comparison."""
    head = ["articles", "clustered", "times an article is seen", "BCubed F1 of stories", "of arcs", "stories"]
    return (
        f"# Stories in time windows\n\n{describe_machine('graspologic-native', 'duckdb')}\n"
        "Made by `python benchmarks/stories_windows.py --write`; default config but for `stories.window_articles`, "
        "words to passages. The stories of the same articles clustered at once are taken as labels; “another seed” is "
        "what is left of them where Leiden starts from other random numbers: two runs come no nearer to each other. "
        "Generated articles have 1,000 a day, so that each window sees most of them. Other programs shared the "
        "machine.\n\n" + markdown_table([*head, "passages found at once as well", "processor seconds"], rows)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.relative_to(ROOT)}")
    parser.add_argument("--planted", action="store_true", help="look for planted stories too")
    options = parser.parse_args()
    others = generated(OTHERS)
    rows = [*compare("Reuters", reuters(), (5_000, 2_000)), *compare("generated", others, (5_000,))]
    print(rows, flush=True)
    text = report(rows)
    if options.planted:
        head = ["clustered", "large story in one piece", "strangers in it", "pairs together"]
        text += (
            f"\n## Planted stories\n\nOne story of {LARGE:,} articles over {LARGE_DAYS:.0f} days and {PAIRS} pairs "
            f"among {len(others):,} generated articles.\n\n{markdown_table(head, find_planted(others, 5_000))}"
        )
    print(text)
    if options.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
