"""Learns the weights of the channels on ECB+ by cross-validation over its topics.

    python benchmarks/stories_learn.py [--write]

Every setting of the grid clusters all articles (whole, cut to leads, cut to short texts), at three thresholds around
the default; BCubed F1 is averaged over these nine. In each of five folds the setting best on the other topics is
measured on the topics of the fold. What ships is the setting best on all topics: it is printed, and stands in
``StoriesConfig`` and ``configs/default.toml``. ``--write`` puts the table into reports/stories_weights.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

import numpy as np
from machine import markdown_table
from stories_corpora import CUTS, ROOT, load_corpus

from storycluster.config import StoriesConfig
from storycluster.kernels.graph import build_graph
from storycluster.stages.stories import find_stories
from storycluster.stages.stories.channels import build_channels
from storycluster.stages.stories.kept import Dates
from storycluster.stages.stories.measure import support_pairs
from storycluster.stages.stories.pairs import find_pairs
from storycluster.vectors import index_terms

FOLDS = 5
THRESHOLDS = (0.9, 1.0, 1.1)  # times the default
#: Sum of the weights; with it a threshold of 0.25 is the best one.
TOTAL = 1.05
GRID = {"words": (2, 3, 4), "word_pairs": (0, 1, 2, 3), "names": (2, 3, 4), "lead": (1, 2, 3)}
REPORT = ROOT / "reports" / "stories_weights.md"


def settings() -> Iterator[Mapping[str, float]]:
    """Every different mixture of the grid, with the same total."""
    seen = set()
    for parts in product(*GRID.values()):
        weights = tuple(round(TOTAL * part / sum(parts), 2) for part in parts)
        if weights not in seen:
            seen.add(weights)
            yield dict(zip(GRID, weights, strict=True))


def article_scores(labels: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """BCubed precision and recall of every article."""
    _, found = np.unique(labels, return_inverse=True)
    _, true = np.unique(gold, return_inverse=True)
    both = np.zeros((found.max() + 1, true.max() + 1))
    np.add.at(both, (found, true), 1)
    together = both[found, true]
    return np.stack([together / both.sum(1)[found], together / both.sum(0)[true]])


def f1(scores: np.ndarray, where: np.ndarray) -> float:
    """Mean over the runs of the harmonic mean of precision and recall."""
    precision, recall = scores[:, 0, where].mean(1), scores[:, 1, where].mean(1)
    return float((2 * precision * recall / (precision + recall)).mean())


def measure(corpora: Mapping[str, tuple[object, np.ndarray]], weights: Mapping[str, float]) -> np.ndarray:
    """BCubed precision and recall per cut and threshold, and article."""
    config = replace(StoriesConfig(), **weights)
    result = []
    for channels, gold in corpora.values():
        count = len(gold)
        dates = Dates(np.full(count, np.nan), np.ones(count, bool))
        pairs = find_pairs(channels, dates, config, 2)
        graph = build_graph(pairs.left, pairs.right, support_pairs(pairs, dates, config), count)
        for factor in THRESHOLDS:
            tried = replace(config, threshold=config.threshold * factor)
            result.append(article_scores(find_stories(graph, tried), gold))
    return np.stack(result)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.relative_to(ROOT)}")
    write = parser.parse_args().write
    corpus = load_corpus("ecbplus_dev")
    gold = np.array(corpus.labels)
    corpora = {
        name: (build_channels(index_terms(corpus.cut(words).texts, "en"), StoriesConfig()), gold)
        for name, words in CUTS.items()
    }
    tried = [(weights, measure(corpora, weights)) for weights in settings()]
    shipped = {name: getattr(StoriesConfig(), name) for name in GRID}
    tried.append((shipped, measure(corpora, shipped)))
    topics = np.array(corpus.topics)
    order = sorted(set(topics), key=int)
    folds = np.array([order.index(topic) % FOLDS for topic in topics])
    held_out, whole_held_out = [], []
    for fold in range(FOLDS):
        best = max(tried, key=lambda entry: f1(entry[1], folds != fold))
        held_out.append(f1(best[1], folds == fold))
        whole_held_out.append(f1(best[1][: len(THRESHOLDS)], folds == fold))
    everything = np.ones(len(gold), bool)
    ranked = sorted(tried, key=lambda entry: -f1(entry[1], everything))
    rows = [
        [*(f"{weights[name]:.2f}" for name in GRID), f"{f1(scores, everything):.4f}"]
        + [f"{f1(scores[at * 3 : at * 3 + 3], everything):.4f}" for at in range(len(CUTS))]
        for weights, scores in [(shipped, tried[-1][1]), *ranked[:10], ranked[-1]]
    ]
    text = (
        f"# Weights of the channels, learned on ECB+\n\n{len(tried)} mixtures. Held out, {FOLDS} folds of topics: "
        f"BCubed F1 {np.mean(held_out):.4f} over all cuts, {np.mean(whole_held_out):.4f} on whole articles (means over "
        f"folds and thresholds {THRESHOLDS} × the default).\nFirst the shipped mixture, then the ten best and the "
        "worst on all topics.\n\n" + markdown_table([*GRID, "mean F1", *CUTS], rows)
    )
    print(text)
    if write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
