"""Learn the weights of the facts stage on labelled corpora, with an honest estimate: each event or text left out once.

    python benchmarks/facts_learn.py ../shared/corpora [--write]

``--write`` puts the weights into the package and the table into reports/facts_learned.md. The thresholds belong into
the config.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tabulate import tabulate

from storycluster.config import FactsConfig
from storycluster.stages.facts.memory import Memory
from storycluster.stages.facts.namebook import NameBook
from storycluster.stages.facts.nearness import said_by
from storycluster.stages.facts.novelty import known_features, new_features
from storycluster.stages.facts.order import Dates
from storycluster.stages.facts.repeats import drop_repeats
from storycluster.stages.facts.statements import Source, Statement, Told, read_statements, whole_statement
from storycluster.text.lexicon import Lexicon

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

KNOWN_FEATURES = ("said", "letters", "names", "missing", "last", "dates", "named", "sentence")
NEW_FEATURES = ("plain", "pairs", "told", "length", "words")
PRECISION_KNOWN = 0.90
ROUNDS = 4  # of choosing the clause that speaks for its sentence, then learning again
PENALTY = 1.0  # inverse strength of the penalty on weights, scikit-learn's default
ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = ROOT / "storycluster" / "stages" / "facts" / "novelty.toml"
REPORT = ROOT / "reports" / "facts_learned.md"
HEAD = """# Learned chances of the facts stage

Measured by `python benchmarks/facts_learn.py ../shared/corpora --write`. "Left out" is the honest figure: every text
cluster of `propsegment_a` and every event of `trec_ts_2014` is judged by weights and a threshold learned on the
others. "Shipped" are the weights of the package on what they were learned on.
"""
Row = tuple[str, str, float, float]


@dataclass(frozen=True)
class Samples:
    """One row of features per clause; ``owner`` is its sentence, ``fold`` what is left out together."""

    features: Floats
    owner: npt.NDArray[np.int64]
    labels: Flags
    folds: npt.NDArray[np.int64]


def read_lines(path: Path) -> Iterator[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def source(text: str, moment: datetime | None, name: str) -> Source:
    return Source(name, None, text, "en", Dates(moment, None))


def proposition_samples(path: Path) -> Samples:
    """One row per proposition, taken whole, against the sentences of the other text."""
    rows, labels, folds = [], [], []
    clusters: dict[object, int] = {}
    lexicon = Lexicon("en")
    for line in read_lines(path):
        book = NameBook()
        memory: Memory[Told] = Memory()
        for number, text in enumerate(line["earlier"]):
            for told in read_statements(source(text, None, str(number)), lexicon, book=book):
                memory.add(told)
        statement = whole_statement(source(str(line["proposition"]), None, "p"), lexicon, book=book)
        features = best_known_features(statement, memory)
        rows.append([features[name] for name in KNOWN_FEATURES])
        labels.append(line["label"] == "entails")
        folds.append(clusters.setdefault(line["cluster"], len(clusters)))
    return Samples(np.array(rows), np.arange(len(rows)), np.array(labels), np.array(folds))


def best_known_features(statement: Statement, memory: Memory[Told]) -> dict[str, float]:
    """Features against the earlier sentence that says most; all 0 where none shares a term."""
    comparison = memory.compare(statement.weights)
    found = [
        known_features(statement, match.sentence, said_by(comparison.weights, match.sentence), memory=memory)
        for match in comparison.matches
    ]
    return max(found, key=lambda features: features["said"], default=dict.fromkeys(KNOWN_FEATURES, 0.0))


def stream_samples(path: Path) -> Samples:
    """Rows for every clause of every judged sentence with a nugget, read in time order, an event a story."""
    rows: list[list[float]] = []
    owner: list[int] = []
    labels: list[bool] = []
    folds: list[int] = []
    events: dict[object, list[dict[str, object]]] = {}
    for line in read_lines(path):
        if line["new"] is not None:
            events.setdefault(line["event"], []).append(line)
    for fold, (_, lines) in enumerate(sorted(events.items())):
        for line, statements in zip(lines, event_features(lines), strict=True):
            rows.extend(statements)
            owner.extend([len(labels)] * len(statements))
            labels.append(bool(line["new"]))
            folds.append(fold)
    return Samples(np.array(rows), np.array(owner), np.array(labels), np.array(folds))


def event_features(lines: Sequence[dict[str, object]]) -> Iterator[list[list[float]]]:
    memory: Memory[Told] = Memory()
    lexicon, book, config = Lexicon("en"), NameBook(), FactsConfig()
    for line in lines:
        moment = datetime.fromtimestamp(int(line["time"]), UTC).replace(tzinfo=None)
        sentences = read_statements(source(str(line["text"]), moment, str(line["id"])), lexicon, book=book)
        yield [row(statement, memory) for _, statement in drop_repeats(sentences, config)]
        memory.add_article(sentences)


def row(statement: Statement, memory: Memory[Told]) -> list[float]:
    features = new_features(statement, memory.compare(statement.weights), memory)
    return [features[name] for name in NEW_FEATURES]


@dataclass(frozen=True)
class Fit:
    """A logistic model in the features' own units."""

    weights: Floats
    intercept: float

    def score(self, features: Floats) -> Floats:
        return 1.0 / (1.0 + np.exp(-(features @ self.weights + self.intercept)))


def fit(features: Floats, labels: Flags) -> Fit:
    """Learn on standardised features, so that the penalty treats them alike; give back plain units."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    model = LogisticRegression(C=PENALTY, max_iter=1000).fit((features - mean) / spread, labels)
    weights = model.coef_[0] / spread
    return Fit(weights, float(model.intercept_[0] - weights @ mean))


def fit_best_clause(samples: Samples, chosen: Flags) -> Fit:
    """Learn on one clause per sentence: the one the last round found most new; the first round takes the longest."""
    inside = chosen[samples.owner]
    features, owner = samples.features[inside], samples.owner[inside]
    score = features[:, NEW_FEATURES.index("length")]
    learned = None
    for _ in range(ROUNDS):
        best = best_rows(owner, score)
        learned = fit(features[best], samples.labels[owner[best]])
        score = learned.score(features)
    assert learned is not None
    return learned


def best_rows(owner: npt.NDArray[np.int64], score: Floats) -> npt.NDArray[np.int64]:
    order = np.lexsort((-score, owner))
    _, first = np.unique(owner[order], return_index=True)
    return order[first]


def sentence_scores(samples: Samples, learned: Fit) -> Floats:
    """Score of each sentence's best clause; 0 for a sentence without one."""
    scores = np.zeros(len(samples.labels))
    np.maximum.at(scores, samples.owner, learned.score(samples.features))
    return scores


def best_threshold(scores: Floats, labels: Flags) -> tuple[float, float]:
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(labels[order])
    f1 = 2 * right / (np.arange(1, len(labels) + 1) + labels.sum())
    best = int(f1.argmax())
    return float(scores[order][best]), float(f1[best])


def f1_of(called: Flags, labels: Flags) -> float:
    return float(2 * (called & labels).sum() / (called.sum() + labels.sum()))


def recall_at(scores: Floats, labels: Flags, precision: float) -> tuple[float, float]:
    """The largest recall at which precision holds, and its threshold."""
    order = np.argsort(-scores, kind="stable")
    ranked, right = scores[order], np.cumsum(labels[order])
    last = np.append(ranked[1:] != ranked[:-1], True)
    good = last & (right / np.arange(1, len(labels) + 1) >= precision)
    if not good.any():
        return 0.0, 1.0
    best = int(np.flatnonzero(good)[-1])
    return float(right[best] / labels.sum()), float(ranked[best])


def learn_known(path: Path) -> tuple[Fit, list[Row]]:
    samples = proposition_samples(path)
    contradicts = np.array([line["label"] == "contradicts" for line in read_lines(path)])
    left_out = np.zeros(len(samples.labels))
    for fold in np.unique(samples.folds):
        out = samples.folds == fold
        left_out[out] = fit(samples.features[~out], samples.labels[~out]).score(samples.features[out])
    learned = fit(samples.features, samples.labels)
    both = (left_out, learned.score(samples.features))
    (recall, threshold), (shipped, limit) = (recall_at(scores, samples.labels, PRECISION_KNOWN) for scores in both)
    return learned, [
        ("known", "AUC", *(roc_auc_score(samples.labels, scores) for scores in both)),
        ("known", f"recall at precision {PRECISION_KNOWN:.2f}", recall, shipped),
        ("known", "threshold there", threshold, limit),
        (
            "known",
            "contradictions called known",
            *(
                float((scores[contradicts] >= least).sum())
                for scores, least in zip(both, (threshold, limit), strict=True)
            ),
        ),
    ]


def learn_new(path: Path) -> tuple[Fit, list[Row]]:
    samples = stream_samples(path)
    called = np.zeros(len(samples.labels), dtype=bool)
    left_out = np.zeros(len(samples.labels))
    for fold in np.unique(samples.folds):
        out = samples.folds == fold
        learned = fit_best_clause(samples, ~out)
        scores = sentence_scores(samples, learned)
        threshold, _ = best_threshold(scores[~out], samples.labels[~out])
        left_out[out], called[out] = scores[out], scores[out] >= threshold
    learned = fit_best_clause(samples, np.ones(len(samples.labels), dtype=bool))
    scores = sentence_scores(samples, learned)
    threshold, f1 = best_threshold(scores, samples.labels)
    everything = f1_of(np.ones_like(called), samples.labels)
    return learned, [
        ("new", "F1", f1_of(called, samples.labels), f1),
        ("new", "F1 of all called new", everything, everything),
        ("new", "AUC", roc_auc_score(samples.labels, left_out), roc_auc_score(samples.labels, scores)),
        ("new", "threshold", float("nan"), threshold),
    ]


def toml(known: Fit, new: Fit) -> str:
    lines = ["# Weights learned by benchmarks/facts_learn.py: known on propsegment_a, new on trec_ts_2014."]
    for name, learned, features in (("known", known, KNOWN_FEATURES), ("new", new, NEW_FEATURES)):
        pairs = ", ".join(
            f"{feature} = {weight:.3f}" for feature, weight in zip(features, learned.weights, strict=True)
        )
        lines += [f"[{name}]", f"intercept = {learned.intercept:.3f}", f"weights = {{ {pairs} }}", ""]
    return "\n".join(lines[:-1]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    known, known_rows = learn_known(asked.corpora / "propsegment_a.jsonl.gz")
    new, new_rows = learn_new(asked.corpora / "trec_ts_2014.jsonl.gz")
    headers = ("chance", "measure", "left out", "shipped")
    table = tabulate(known_rows + new_rows, headers=headers, tablefmt="pipe", floatfmt=".3f")
    print(table, toml(known, new), sep="\n\n")
    if asked.write:
        WEIGHTS.write_text(toml(known, new), encoding="utf-8")
        REPORT.write_text(f"{HEAD}\n{table}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
