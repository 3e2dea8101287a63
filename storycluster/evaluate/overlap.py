"""Articles that tell several stories, against gold labels: which stories, and in which passages.

A story of the run stands for the gold story it shares most articles with, each for one at most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storycluster.evaluate.agreement import Score
from storycluster.evaluate.gold import GoldArticle
from storycluster.runs import Run

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Overlap:
    """How well further stories of articles are found. Scores and shares are 0..1.

    ``overlapping`` articles have a secondary story in the gold. ``secondary`` compares secondary memberships;
    ``memberships`` all stories of the overlapping articles, whichever is called primary; ``all_found`` is the share
    of these with every story found. ``added`` is the share of the other articles that were given a secondary story.
    ``span_iou`` is the mean share of letters, intersection over union, of ``spans`` right secondary memberships
    whose passages the gold knows; None where there are none.
    """

    overlapping: int
    secondary: Score
    memberships: Score
    all_found: float
    added: float
    span_iou: float | None
    spans: int


def evaluate_overlap(run: Run, articles: Sequence[GoldArticle], told: Sequence[tuple[str, ...]]) -> Overlap:
    """How the further stories of ``articles`` agree with their labels; ``told`` as ``read_told`` gives it."""
    names = match_stories([each[0] for each in told], [each.story for each in articles])
    found = {
        (article.id, story): names.get(story, story)
        for article, stories in zip(articles, told, strict=True)
        for story in stories
        if names.get(story) not in article.open
    }
    secondary = {(article.id, story) for article, stories in zip(articles, told, strict=True) for story in stories[1:]}
    several = {article.id for article in articles if article.secondary}
    wanted = {(article.id, story) for article in articles for story in article.secondary}
    every = {(article.id, story) for article in articles for story in (article.story, *article.secondary)}
    every = {place for place in every if place[0] in several}
    told_by = {(article, names.get(story, story)) for article, story in found if article in several}
    claimed = {(article, name) for (article, story), name in found.items() if (article, story) in secondary}
    single = {article.id for article in articles} - several
    right = {(article, story) for article, story in secondary if (article, found.get((article, story))) in wanted}
    overlaps = _span_overlaps(run, {article.id: article for article in articles}, right, names)
    return Overlap(
        overlapping=len(several),
        secondary=Score.of_counts(len(claimed & wanted), found=len(claimed), wanted=len(wanted)),
        memberships=Score.of_counts(len(told_by & every), found=len(told_by), wanted=len(every)),
        all_found=1.0 - len({article for article, _ in every - told_by}) / len(several) if several else 1.0,
        added=len({article for article, _ in claimed} & single) / len(single) if single else 0.0,
        span_iou=sum(overlaps) / len(overlaps) if overlaps else None,
        spans=len(overlaps),
    )


def match_stories(system: Sequence[str], gold: Sequence[str]) -> dict[str, str]:
    """The gold story each story of the run stands for: one to one, the largest overlaps first.

    Both list the story of each article. Of equal overlaps those of smaller stories come first, then by name.

    >>> match_stories(["a", "a", "b"], ["x", "x", "x"])
    {'a': 'x'}
    """
    cells, sizes, wanted = Counter(zip(system, gold, strict=True)), Counter(system), Counter(gold)
    matched: dict[str, str] = {}
    taken: set[str] = set()
    for story, name in sorted(cells, key=lambda cell: (-cells[cell], sizes[cell[0]] + wanted[cell[1]], cell)):
        if story not in matched and name not in taken:
            matched[story] = name
            taken.add(name)
    return matched


def _span_overlaps(
    run: Run, articles: Mapping[str, GoldArticle], right: set[tuple[str, str]], names: Mapping[str, str]
) -> list[float]:
    """Intersection over union of each right secondary membership whose passages the gold knows."""
    overlaps = []
    for row in run.tables["memberships"].to_pylist():
        article = articles.get(row["article"])
        if article is None or row["role"] != "secondary" or (article.id, row["story"]) not in right:
            continue
        gold = (article.spans or {}).get(names[row["story"]])
        if gold:
            system = [(span["start"], span["end"]) for span in row["spans"] if span["field"] != "title"]
            overlaps.append(span_iou(system, gold))
    return overlaps


def span_iou(left: Iterable[Span], right: Iterable[Span]) -> float:
    """The letters in both over the letters in either, 0..1; 0 where both are empty.

    >>> span_iou([(0, 10)], [(5, 15)]).__round__(3)
    0.333
    """
    first, second = _merge(left), _merge(right)
    either = sum(end - start for start, end in _merge([*first, *second]))
    both = sum(end - start for start, end in first) + sum(end - start for start, end in second) - either
    return both / either if either else 0.0


def _merge(spans: Iterable[Span]) -> list[Span]:
    """The same letters as spans that do not meet, in order."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
