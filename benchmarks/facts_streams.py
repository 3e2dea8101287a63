"""The facts stage on labelled streams and propositions, beside simple baselines, with its speed.

    python benchmarks/facts_streams.py ../shared/corpora [--write]

``--write`` puts the tables into reports/facts_streams.md. Each judged sentence with a nugget is an article of a given
story; an article is called new when one of its facts is ``new``, ``updated`` or ``conflicting``. Baselines get the
best threshold with hindsight, the stage does not.
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
from storycluster.stages.facts.decide import Judge, decide
from storycluster.stages.facts.figurebook import FigureBook
from storycluster.stages.facts.memory import Memory
from storycluster.stages.facts.namebook import NameBook
from storycluster.stages.facts.novelty import load_novelty_model
from storycluster.stages.facts.order import Dates
from storycluster.stages.facts.statements import Source, Span, Told, read_statements, whole_statement
from storycluster.stages.facts.story import Member, read_story
from storycluster.text.lexicon import Lexicon

REPORT = Path(__file__).resolve().parents[1] / "reports" / "facts_streams.md"
HEAD = """# The facts stage on labelled streams and propositions

Measured by `python benchmarks/facts_streams.py ../shared/corpora --write`. An article of the stream is one judged
sentence of `trec_ts_2014`; it is called new when one of its facts is new, updated or conflicting. Its weights were
learned on the same events; reports/facts_learned.md has the figures left out. Baselines get the best threshold with
hindsight. A proposition of `propsegment_a` is decided against the sentences of the other text.
"""
NEW = frozenset({"new", "updated", "conflicting"})
GROWTH = (1250, 2500, 5000)
COSINE_LIMIT = 0.6  # similarity from which the 2004 systems called a sentence redundant
NOTHING = Told("p", Span(0, 0), "body", (), frozenset(), (), (), (), None, None)
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


def known_propositions(path: Path, judge: Judge) -> tuple[npt.NDArray[np.bool_], list[object]]:
    """Which propositions the stage calls known, and their labels."""
    called, labels = [], []
    lexicon = Lexicon("en")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            book, memory = NameBook(), Memory[Told]()
            for number, text in enumerate(line["earlier"]):
                memory.add_article(read_statements(undated(str(number), text), lexicon, book=book))
            statement = whole_statement(undated("p", line["proposition"]), lexicon, book=book)
            told = NOTHING._replace(terms=statement.terms, statements=(statement,))
            called.append(decide(statement, told, memory=memory, figures=FigureBook(), judge=judge).status == "known")
            labels.append(line["label"])
    return np.array(called), labels


def undated(name: str, text: str) -> Source:
    return Source(name, None, text, "en", Dates(None, None))


def stream_rows(grouped: Sequence[Sequence[Line]], judged: Sequence[Judged]) -> list[tuple[object, ...]]:
    labels, called, known = (np.concatenate([getattr(each, name) for each in judged])
                             for name in ("labels", "called", "known"))  # fmt: skip
    lexicon = Lexicon("en")
    pairs = [baselines(lines, lexicon) for lines in grouped]
    cosines, shares = (np.concatenate([pair[number] for pair in pairs]) for number in (0, 1))
    return [
        ("all new", *scores(np.ones_like(labels), labels), None),
        (f"cosine below {COSINE_LIMIT}", *scores(cosines < COSINE_LIMIT, labels), roc_auc_score(labels, -cosines)),
        ("unseen idf share, best threshold", None, None, best_f1(shares, labels), roc_auc_score(labels, shares)),
        ("statuses of the stage", *scores(called, labels), None),
        ("known is not new", *scores(known, ~labels), None),
    ]


def known_row(path: Path, judge: Judge) -> tuple[object, ...]:
    called, labels = known_propositions(path, judge)
    entails = np.array([label == "entails" for label in labels])
    contradictions = sum(bool(known) and label == "contradicts" for known, label in zip(called, labels, strict=True))
    return ("known by the stage", *scores(called, entails), contradictions)


def speed_rows(lines: Sequence[Line], judge: Judge) -> list[tuple[int, float, float]]:
    rows = []
    for count in GROWTH:
        start = time.process_time()
        judge_event(lines[:count], judge)
        seconds = time.process_time() - start
        rows.append((count, seconds, count / seconds))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    judge = Judge(FactsConfig(), load_novelty_model())
    grouped = list(events(asked.corpora / "trec_ts_2014.jsonl.gz"))
    judged = [judge_event(lines, judge) for lines in grouped]
    tables = [
        (("trec_ts_2014", "precision", "recall", "F1", "AUC"), stream_rows(grouped, judged), ".3f"),
        (
            ("propsegment_a", "precision", "recall", "F1", "contradictions called known"),
            [known_row(asked.corpora / "propsegment_a.jsonl.gz", judge)],
            ".3f",
        ),
        (
            ("one-sentence articles in one story", "processor seconds", "a second"),
            speed_rows([line for lines in grouped for line in lines], judge),
            ".1f",
        ),
    ]
    shown = [tabulate(rows, headers=head, tablefmt="pipe", floatfmt=form) for head, rows, form in tables]
    text = "\n".join([HEAD, *(f"{table}\n" for table in shown)])
    print(text)
    if asked.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
