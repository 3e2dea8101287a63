"""Articles of a run against labels that say which bring something new: for streams of judged sentences.

It reads the status of facts and a gold file and changes neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storycluster.errors import InputError
from storycluster.evaluate.agreement import Score
from storycluster.evaluate.facts import NEW
from storycluster.runs import Run
from storycluster.stored import require_stage


@dataclass(frozen=True, slots=True)
class SentenceEvaluation:
    """How the articles called new agree with those labelled new, over the labelled articles of the run.

    An article is called new where one of its facts is new, updated or conflicting. ``all_new`` is the score of
    calling every article new; ``missing`` are labelled ids that are not in the run.
    """

    articles: int
    labelled_new: int
    called_new: int
    score: Score
    all_new: Score
    missing: int


def evaluate_sentences(run: Run, is_new: Mapping[str, bool]) -> SentenceEvaluation:
    """How the facts of ``run`` agree with the labels of articles by id.

    Raises InputError for a run without facts, and where no labelled article is in the run.
    """
    require_stage(run, "facts")
    known = set(run.tables["articles"].column("id").to_pylist())
    labels = {name: new for name, new in is_new.items() if name in known}
    if not labels:
        raise InputError(f"none of the {len(is_new):,} labelled ids is in the run, as {next(iter(is_new))!r}")
    facts = run.tables["facts"].select(["article", "status"]).to_pylist()
    called = {fact["article"] for fact in facts if fact["status"] in NEW} & set(labels)
    wanted = {name for name, new in labels.items() if new}
    return SentenceEvaluation(
        articles=len(labels),
        labelled_new=len(wanted),
        called_new=len(called),
        score=Score.of_counts(len(called & wanted), found=len(called), wanted=len(wanted)),
        all_new=Score.of_counts(len(wanted), found=len(labels), wanted=len(wanted)),
        missing=len(is_new) - len(labels),
    )
