"""Learns the weights of the channels on ECB+ by cross-validation over its topics.

    python benchmarks/stories_learn.py [--write]

Every mixture of a grid clusters all articles (whole, cut to leads, cut to short texts), at three thresholds around the
default; BCubed F1 is averaged over these nine. The ten best mixtures differ by less than the noise of one, so what is
learned is their mean. In each of five folds the mixture learned on the other topics is measured on the topics of the
fold. What is learned on all topics stands in ``StoriesConfig`` and ``configs/default.toml``. ``--write`` puts the table
into reports/stories_weights.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
from machine import markdown_table
from stories_corpora import CUTS, ROOT, load_corpus

from storycluster.config import StoriesConfig
from storycluster.kernels.graph import build_graph
from storycluster.stages.stories import find_stories
from storycluster.stages.stories.channels import build_channels
from storycluster.stages.stories.dates import Dates
from storycluster.stages.stories.measure import support_pairs
from storycluster.stages.stories.pairs import find_pairs
from storycluster.vectors import index_terms

FOLDS = 5
#: Mixtures that are as good as the best, within the noise of a single run.
BEST = 10
THRESHOLDS = (0.9, 1.0, 1.1)  # times the default
#: Sum of the weights; with it a threshold of 0.25 is the best one.
TOTAL = 1.05
Tried = tuple[Mapping[str, float], np.ndarray]
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


def scores_of(scores: np.ndarray, where: np.ndarray) -> list[str]:
    """F1 over everything, and for each cut."""
    runs = len(THRESHOLDS)
    parts = [scores, *(scores[at * runs : (at + 1) * runs] for at in range(len(CUTS)))]
    return [f"{f1(part, where):.4f}" for part in parts]


def choose(tried: Sequence[Tried], where: np.ndarray) -> Mapping[str, float]:
    """The mean of the ``BEST`` mixtures by mean F1, which differ by less than their noise."""
    best = sorted(tried, key=lambda entry: -f1(entry[1], where))[:BEST]
    return {name: round(float(np.mean([weights[name] for weights, _ in best])), 2) for name in GRID}


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
    topics = np.array(corpus.topics)
    order = sorted(set(topics), key=int)
    folds = np.array([order.index(topic) % FOLDS for topic in topics])
    held_out = np.empty_like(tried[0][1])
    for fold in range(FOLDS):
        chosen = measure(corpora, choose(tried, folds != fold))
        held_out[:, :, folds == fold] = chosen[:, :, folds == fold]
    everything = np.ones(len(gold), bool)
    learned = choose(tried, everything)
    ranked = sorted(tried, key=lambda entry: -f1(entry[1], everything))
    shown = [
        ("as configured before", shipped, measure(corpora, shipped)),
        ("learned on all topics", learned, measure(corpora, learned)),
        *((f"{at + 1}", *entry) for at, entry in enumerate(ranked[:BEST])),
        ("worst", *ranked[-1]),
    ]
    rows = [
        [name, *(f"{weights[channel]:.2f}" for channel in GRID), *scores_of(scores, everything)]
        for name, weights, scores in shown
    ]
    rows.append(["held out", *[""] * len(GRID), *scores_of(held_out, everything)])
    text = (
        f"# Weights of the channels, learned on ECB+\n\nBCubed F1, means over thresholds {THRESHOLDS} × the default. "
        f"{len(tried)} mixtures; learned is the mean of the {BEST} best. Held out: each of "
        f"{FOLDS} folds of topics by the weights learned on the others.\n\n"
        + markdown_table(["", *GRID, "mean F1", *CUTS], rows)
        + "\nMade by `python benchmarks/stories_learn.py --write`.\n"
    )
    print(text)
    if write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
