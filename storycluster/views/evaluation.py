"""Measures against gold labels as tables for a terminal. It computes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from storycluster.evaluate.agreement import Score
from storycluster.evaluate.facts import FactsEvaluation
from storycluster.evaluate.overlap import Overlap
from storycluster.evaluate.sentences import SentenceEvaluation
from storycluster.evaluate.stories import Evaluation
from storycluster.views.tables import say_score, write_heading, write_paragraph, write_table
from storycluster.views.wording import say_count, say_list, say_name

SHOWN_IDS = 3


def write_evaluation(found: Evaluation) -> str:
    """The stories of a run against gold, with what was left out."""
    return "\n".join(_evaluation(found)) + "\n"


def write_facts_evaluation(found: FactsEvaluation) -> str:
    """Facts against an annotation: a table of shares, then what is missing."""
    return "\n".join(_facts(found)) + "\n"


def write_sentence_evaluation(found: SentenceEvaluation) -> str:
    """Articles called new against sentence labels."""
    return "\n".join(_sentences(found)) + "\n"


def _evaluation(found: Evaluation) -> Iterator[str]:
    yield from write_paragraph(
        f"{say_count(found.articles, 'labelled article')} of the run in {say_count(found.stories, 'story')}; "
        f"the gold has {say_count(found.gold_stories, 'story')}. Alone in their story: "
        f"{found.singleton_share:.1%} of the articles; in the gold, {found.gold_singleton_share:.1%}."
    )
    if found.missing:
        names = [say_name(name) for name in found.missing[:SHOWN_IDS]]
        more = len(found.missing) - len(names)
        shown = say_list([*names, *([f"{more:,} more"] if more else [])])
        yield from write_paragraph(f"Not in the run, left out: {say_count(len(found.missing), 'gold id')} ({shown}).")
    if found.unlabelled:
        yield from write_paragraph(f"Without a label, left out: {say_count(found.unlabelled, 'article')}.")
    yield from write_heading("Stories")
    low, high = found.interval
    rows = [
        ("BCubed", *_score(found.bcubed), f"95 % interval: {say_score(low)}–{say_score(high)}"),
        ("extended BCubed", *_score(found.extended), "passages included"),
        ("pairs", *_score(found.pairs), "articles in one story"),
    ]
    yield from write_table(("measure", "precision", "recall", "F1", "note"), rows, text=("measure", "note"))
    yield ""
    single = [
        ("AMI", say_score(found.ami), "adjusted mutual information; 0 is chance"),
        ("ARI", say_score(found.ari), "adjusted Rand index; 0 is chance"),
        ("homogeneity", say_score(found.homogeneity), "1 where no story mixes gold stories"),
        ("completeness", say_score(found.completeness), "1 where no gold story is split"),
    ]
    yield from write_table(("measure", "value", "note"), single, text=("measure", "note"))
    yield from _overlap(found.overlap)


def _score(score: Score) -> tuple[str, str, str]:
    return say_score(score.precision), say_score(score.recall), say_score(score.f1)


def _overlap(found: Overlap) -> Iterator[str]:
    yield from write_heading("Articles that tell several stories")
    if not found.overlapping:
        yield from write_paragraph(f"None in the gold. {found.added:.1%} of the articles were given a secondary story.")
        return
    yield from write_paragraph(
        f"{say_count(found.overlapping, 'article')}; every story found in {found.all_found:.1%} of them. "
        f"Of the other articles {found.added:.1%} were given a secondary story."
    )
    yield ""
    rows = [
        ("secondary stories", *_score(found.secondary), "told in a passage"),
        ("all their stories", *_score(found.memberships), "whichever is the primary one"),
    ]
    yield from write_table(("measure", "precision", "recall", "F1", "note"), rows, text=("measure", "note"))
    if found.span_iou is not None:
        yield ""
        yield from write_paragraph(
            f"Passages: {say_score(found.span_iou)} intersection over union of letters, "
            f"mean of {say_count(found.spans, 'right passage')}."
        )


def _facts(found: FactsEvaluation) -> Iterator[str]:
    yield from write_heading("Facts")
    rows = [(f"{share.right:,}", f"{share.total:,}", f"{share.value:.1%}", name) for name, share in found.rows()]
    yield from write_table(("right", "of", "share", "measure"), rows, text=("measure",))
    for name, share in found.rows():
        if share.missing:
            yield ""
            yield from write_paragraph(f"Missing of {name}: {', '.join(map(say_name, share.missing))}")


def _sentences(found: SentenceEvaluation) -> Iterator[str]:
    yield from write_heading("New articles")
    yield from write_paragraph(
        f"{say_count(found.articles, 'labelled article')}, {found.labelled_new:,} of them new; "
        f"{found.called_new:,} called new, updated or conflicting."
    )
    if found.missing:
        yield from write_paragraph(f"Not in the run, left out: {say_count(found.missing, 'gold id')}.")
    yield ""
    rows = [
        ("the run", *_score(found.score), ""),
        ("baseline", *_score(found.all_new), "every article called new"),
    ]
    yield from write_table(("", "precision", "recall", "F1", "note"), rows, text=("", "note"))
