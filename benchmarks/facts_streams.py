"""The facts stage on labelled streams and propositions, beside simple baselines, with its speed.

    python benchmarks/facts_streams.py ../shared/corpora

Each judged sentence with a nugget is an article of a given story; an article is called new when one of its facts is
``new``, ``updated`` or ``conflicting``. Baselines get the best threshold with hindsight, the stage does not.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score
from tabulate import tabulate

from storycluster.config import FactsConfig
from storycluster.stages.facts.decide import Judge
from storycluster.stages.facts.novelty import load_novelty_model
from storycluster.stages.facts.order import Dates
from storycluster.stages.facts.statements import Source
from storycluster.stages.facts.story import Member, read_story
from storycluster.text.lexicon import Lexicon

NEW = frozenset({"new", "updated", "conflicting"})
COSINE_LIMIT = 0.6  # similarity from which the 2004 systems called a sentence redundant
Line = dict[str, object]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """One event: its lines in time order, their labels, and what the stage said."""

    lines: Sequence[Line]
    labels: npt.NDArray[np.bool_]
    called: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]


def events(path: Path) -> Iterator[list[Line]]:
    grouped: dict[str, list[Line]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if line["new"] is not None:
                grouped[line["event"]].append(line)
    yield from (grouped[event] for event in sorted(grouped))


def judge_event(lines: Sequence[Line], judge: Judge) -> Judged:
    members = []
    for line in lines:
        moment = datetime.fromtimestamp(int(str(line["time"])), UTC).replace(tzinfo=None)
        members.append(Member(Source(str(line["id"]), None, str(line["text"]), "en", Dates(moment, None)), None))
    statuses: dict[str, set[str]] = defaultdict(set)
    for fact in read_story(members, judge):
        statuses[fact.statement.article].add(fact.decision.status)
    found = [statuses[member.source.article] for member in members]
    return Judged(
        lines,
        np.array([bool(line["new"]) for line in lines]),
        np.array([bool(NEW & each) for each in found]),
        np.array([each == {"known"} for each in found]),
    )


def baselines(lines: Sequence[Line], lexicon: Lexicon) -> tuple[Floats, Floats]:
    """Largest cosine with an earlier sentence, and the idf share of unseen words (TREC 2003's best run)."""
    cosines, shares = [], []
    seen: Counter[str] = Counter()
    earlier: list[dict[str, float]] = []
    for line in lines:
        weights = {word.term: word.weight for word in lexicon.words(str(line["text"]))}
        total = sum(weights.values()) or 1.0
        shares.append(sum(weight for term, weight in weights.items() if term not in seen) / total)
        cosines.append(max((cosine(weights, other) for other in earlier), default=0.0))
        seen.update(weights)
        earlier.append(weights)
    return np.array(cosines), np.array(shares)


def cosine(one: dict[str, float], other: dict[str, float]) -> float:
    shared = sum(weight * other[term] for term, weight in one.items() if term in other)
    length = math.sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
    return shared / length if length else 0.0


def scores(called: npt.NDArray[np.bool_], labels: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    right = float((called & labels).sum())
    precision, recall = right / max(1, called.sum()), right / max(1, labels.sum())
    return precision, recall, 2 * right / max(1.0, float(called.sum() + labels.sum()))


def best_f1(values: Floats, labels: npt.NDArray[np.bool_]) -> float:
    order = np.argsort(-values, kind="stable")
    right = np.cumsum(labels[order])
    return float((2 * right / (np.arange(1, len(labels) + 1) + labels.sum())).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    asked = parser.parse_args()
    judge = Judge(FactsConfig(), load_novelty_model())
    grouped = list(events(asked.corpora / "trec_ts_2014.jsonl.gz"))
    start = time.perf_counter()
    judged = [judge_event(lines, judge) for lines in grouped]
    seconds = time.perf_counter() - start
    labels, called, known = (np.concatenate([getattr(each, name) for each in judged])
                             for name in ("labels", "called", "known"))  # fmt: skip
    lexicon = Lexicon("en")
    pairs = [baselines(lines, lexicon) for lines in grouped]
    cosines, shares = (np.concatenate([pair[number] for pair in pairs]) for number in (0, 1))
    rows = [
        ("all new", *scores(np.ones_like(labels), labels), None),
        (f"cosine below {COSINE_LIMIT}", *scores(cosines < COSINE_LIMIT, labels), roc_auc_score(labels, -cosines)),
        ("unseen idf share, best threshold", None, None, best_f1(shares, labels), roc_auc_score(labels, shares)),
        ("statuses of the stage", *scores(called, labels), None),
        ("known is not new", *scores(known, ~labels), None),
    ]
    headers = ("trec_ts_2014", "precision", "recall", "F1", "AUC")
    print(tabulate(rows, headers=headers, tablefmt="pipe", floatfmt=".3f"))
    print(f"\n{len(labels)} one-sentence articles in {seconds:.1f} s: {len(labels) / seconds:.0f}/s on one core")
    speed = judge_event([line for lines in grouped for line in lines][:5000], judge)
    half = time.perf_counter()
    judge_event(speed.lines[:2500], judge)
    whole = time.perf_counter()
    judge_event(speed.lines, judge)
    end = time.perf_counter()
    print(f"one story of 2,500: {whole - half:.1f} s; of 5,000: {end - whole:.1f} s ({5000 / (end - whole):.0f}/s)")


if __name__ == "__main__":
    main()
