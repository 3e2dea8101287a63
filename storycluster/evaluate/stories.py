"""Stories of a run against gold labels: how well articles that belong together are together.

It reads tables and a gold file and changes neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, homogeneity_completeness_v_measure

from storycluster.errors import InputError
from storycluster.evaluate.agreement import Score, f1_of
from storycluster.evaluate.gold import GoldArticle, read_gold
from storycluster.evaluate.overlap import Overlap, evaluate_overlap
from storycluster.kernels.bcubed import count_pairs, item_precision, membership_matrix
from storycluster.runs import Run
from storycluster.stored import require_stage

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Seed of the draws behind the interval where none is given.
SEED: Final = 1
DRAWS: Final = 1_000
#: Shares of the draws below and above a 95 % interval.
_TAILS: Final = (0.025, 0.975)
#: Ids shown where none of the gold is in the run.
_EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How the stories of a run agree with gold labels, over the labelled articles of the run.

    Scores are 0..1, ``ami`` and ``ari`` at most 1. ``missing`` are gold ids that are not in the run, ``unlabelled``
    its articles without a label; neither counts. Shares of singletons are of articles. ``interval`` holds
    95 % of the BCubed F1 over gold stories drawn with replacement, each with its articles' precision and recall.
    """

    articles: int
    missing: tuple[str, ...]
    unlabelled: int
    stories: int
    gold_stories: int
    singleton_share: float
    gold_singleton_share: float
    bcubed: Score
    interval: tuple[float, float]
    extended: Score
    pairs: Score
    ami: float
    ari: float
    homogeneity: float
    completeness: float
    overlap: Overlap


def evaluate(run: Run, gold: Path, *, seed: int = SEED) -> Evaluation:
    """How the stories of ``run`` agree with the labels in ``gold``; the same ``seed`` gives the same interval.

    BCubed, pairs, AMI, ARI, homogeneity and completeness compare primary stories; extended BCubed compares all
    stories an article tells, mentions left out. Raises InputError for gold that cannot be read, for
    gold without one article of the run, and for a run without stories.
    """
    require_stage(run, "stories")
    labelled = read_gold(gold).articles
    if not labelled:
        raise InputError(f"gold {gold} labels no stories, only new sentences; add --facts")
    ids = run.tables["articles"].column("id").to_pylist()
    known = set(ids)
    articles = [labelled[name] for name in ids if name in labelled]
    if not articles:
        examples = ", ".join(ids[:_EXAMPLES])
        raise InputError(
            f"none of the {len(labelled):,} ids of gold {gold} is in the run, whose ids are like {examples}"
        )
    told = read_told(run, [each.id for each in articles])
    missing = tuple(sorted(name for name in labelled if name not in known))
    return _compare(run, articles, told, missing=missing, unlabelled=len(ids) - len(articles), seed=seed)


def read_told(run: Run, ids: Iterable[str]) -> list[tuple[str, ...]]:
    """The stories each article tells, the primary one first; an article of no story has one of its own.

    Mentions are left out.
    """
    rows = run.tables["memberships"].select(["article", "role", "story"]).to_pylist()
    found: dict[str, dict[str, None]] = {}
    for wanted in ("primary", "secondary"):
        for row in rows:
            if row["role"] == wanted:
                found.setdefault(row["article"], {})[row["story"]] = None
    return [tuple(found.get(name) or {f"\0alone {name}": None}) for name in ids]


def _compare(
    run: Run,
    articles: Sequence[GoldArticle],
    told: Sequence[tuple[str, ...]],
    *,
    missing: tuple[str, ...],
    unlabelled: int,
    seed: int,
) -> Evaluation:
    system, labels = (_numbers(names) for names in ([each[0] for each in told], [each.story for each in articles]))
    items = np.arange(len(articles))
    single = [membership_matrix(items, each, shape=(len(items), int(each.max()) + 1)) for each in (system, labels)]
    precision, recall = item_precision(single[0], single[1]), item_precision(single[1], single[0])
    homogeneity, completeness, _ = homogeneity_completeness_v_measure(labels, system)
    table = (single[0].T @ single[1]).tocsr()
    return Evaluation(
        articles=len(articles),
        missing=missing,
        unlabelled=unlabelled,
        stories=int(system.max()) + 1,
        gold_stories=int(labels.max()) + 1,
        singleton_share=_singletons(system),
        gold_singleton_share=_singletons(labels),
        bcubed=Score.of(float(precision.mean()), float(recall.mean())),
        interval=bootstrap_interval(precision, recall, stories=labels, seed=seed),
        extended=_extended(told, [(each.story, *each.secondary) for each in articles]),
        pairs=_pairs(table.data, np.bincount(system), np.bincount(labels)),
        ami=float(adjusted_mutual_info_score(labels, system)),
        ari=float(adjusted_rand_score(labels, system)),
        homogeneity=float(homogeneity),
        completeness=float(completeness),
        overlap=evaluate_overlap(run, articles, told),
    )


def _numbers(names: Sequence[str]) -> Integers:
    """Equal names as equal numbers from 0, in the order of the names."""
    numbers = {name: at for at, name in enumerate(sorted(set(names)))}
    return np.array([numbers[name] for name in names], np.int64)


def _singletons(stories: Integers) -> float:
    """The share of articles that are alone in their story."""
    return float((np.bincount(stories)[stories] == 1).mean())


def _extended(told: Sequence[tuple[str, ...]], labels: Sequence[tuple[str, ...]]) -> Score:
    clusters, wanted = (_matrix(each) for each in (told, labels))
    return Score.of(float(item_precision(clusters, wanted).mean()), float(item_precision(wanted, clusters).mean()))


def _matrix(groups: Sequence[tuple[str, ...]]) -> sp.csr_matrix:
    items = np.repeat(np.arange(len(groups)), [len(each) for each in groups])
    numbers = _numbers([name for each in groups for name in each])
    return membership_matrix(items, numbers, shape=(len(groups), int(numbers.max()) + 1))


def _pairs(shared: Floats, system: Integers, labels: Integers) -> Score:
    """Precision and recall of pairs of articles in one story; 1 where there is no pair to get wrong."""
    return Score.of_counts(count_pairs(shared), found=count_pairs(system), wanted=count_pairs(labels))


def bootstrap_interval(
    precision: Floats, recall: Floats, *, stories: Integers, seed: int, draws: int = DRAWS
) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of F1 over ``draws`` draws of gold stories with replacement.

    A story drawn twice counts twice, with the precision and recall each of its articles has in the whole run.
    """
    generator = np.random.default_rng(seed)
    sums = [np.bincount(stories, weights=each) for each in (np.ones(len(stories)), precision, recall)]
    count = len(sums[0])
    scores = np.empty(draws)
    for draw in range(draws):
        chosen = generator.integers(0, count, count)
        size, right, found = (float(each[chosen].sum()) for each in sums)
        scores[draw] = f1_of(right / size, found / size)
    low, high = np.quantile(scores, _TAILS)
    return float(low), float(high)
