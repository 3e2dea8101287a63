"""Why an article is where it is: its copies, its stories, the articles nearest to it, and what would move it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow.compute as pc

from storycluster.explain.means import StoryMeans, read_means
from storycluster.explain.parts import ArticleName, Channels, channels_of, name_articles
from storycluster.runs import Run
from storycluster.stored import copies, primary_stories, read_config, stories_are_given

#: Articles shown inside the story, and outside of it.
NEAREST: Final = 5


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """The group of copies an article is in; ``relation`` is "kept", or how the article copies ``kept``."""

    kept: str
    relation: str
    jaccard: float
    containment: float
    others: tuple[tuple[str, str, float, float], ...]


@dataclass(frozen=True, slots=True)
class StoryPlace:
    """One story an article tells: role, score 0..1, the words of its passages (empty for the whole text), evidence."""

    story: str
    label: str
    arc: str
    articles: int
    role: str
    score: float
    share: float
    passages: tuple[str, ...]
    evidence: tuple[str, ...]
    copy_of: str | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A near article with the stored scores, and its story."""

    article: ArticleName
    story: str
    label: str
    channels: Channels


@dataclass(frozen=True, slots=True)
class OtherStory:
    """The other story an article is nearest to by mean score, and the thresholds that matter.

    ``moves`` is the ``stories.threshold`` above (``moves_above``) or below which the article is better placed there,
    None where there is none; below ``merges_below`` both stories are better as one. All else as it is.
    """

    story: str
    label: str
    articles: int
    mean: float
    moves: float | None
    moves_above: bool
    merges_below: float


@dataclass(frozen=True, slots=True)
class ArticleExplanation:
    """Where an article is, what is near it, and what would change it.

    ``compared`` is the kept article whose scores stand for this one. Above ``alone_above``, its mean score with the
    others of its story, it is better alone; None where it is alone. ``measured`` is False where stories were given.
    """

    article: ArticleName
    compared: str
    threshold: float
    floor: float
    group: GroupPlace | None
    stories: tuple[StoryPlace, ...]
    measured: bool
    inside: tuple[Neighbour, ...]
    outside: tuple[Neighbour, ...]
    alone_above: float | None
    other: OtherStory | None


def explain_article(run: Run, article: str) -> ArticleExplanation:
    """Where one article of a run is, and why."""
    config = read_config(run).stories
    compared = copies(run).get(article, article)
    has_stories = "stories" in run.stages
    measured = has_stories and not stories_are_given(run)
    means = read_means(run) if measured else None
    labels = _labels(run) if has_stories else {}
    near = _neighbours(run, compared, labels) if measured else []
    own = primary_stories(run).get(compared) if has_stories else None
    return ArticleExplanation(
        article=name_articles(run, [article])[article],
        compared=compared,
        threshold=config.threshold,
        floor=config.least_similarity,
        group=_group(run, article),
        stories=_stories(run, article, labels) if has_stories else (),
        measured=measured,
        inside=tuple([each for each in near if each.story == own][:NEAREST]),
        outside=tuple([each for each in near if each.story != own][:NEAREST]),
        alone_above=means.own(compared) if means else None,
        other=_other_story(means, compared, labels) if means else None,
    )


def _labels(run: Run) -> dict[str, Mapping[str, Any]]:
    return {row["id"]: row for row in run.tables["stories"].to_pylist()}


def _group(run: Run, article: str) -> GroupPlace | None:
    groups = run.tables["groups"]
    mine = groups.filter(pc.equal(groups.column("article"), article)).to_pylist()
    if not mine:
        return None
    members = groups.filter(pc.equal(groups.column("id"), mine[0]["id"])).to_pylist()
    others = [
        (row["article"], row["relation"], row["jaccard"], row["containment"])
        for row in members
        if row["article"] != article
    ]
    own = mine[0]
    return GroupPlace(own["kept"], own["relation"], own["jaccard"], own["containment"], tuple(others))


def _stories(run: Run, article: str, labels: Mapping[str, Mapping[str, Any]]) -> tuple[StoryPlace, ...]:
    """The stories an article tells, the primary one first."""
    rows = run.tables["memberships"]
    mine = rows.filter(pc.equal(rows.column("article"), article)).to_pylist()
    order = {"primary": 0, "secondary": 1, "mention": 2}
    articles = run.tables["articles"]
    text = articles.filter(pc.equal(articles.column("id"), article)).to_pylist()[0]
    return tuple(
        StoryPlace(
            story=row["story"],
            label=labels[row["story"]]["label"],
            arc=labels[row["story"]]["arc"],
            articles=labels[row["story"]]["articles"],
            role=row["role"],
            score=row["score"],
            share=row["share"],
            passages=() if row["role"] == "primary" else tuple(_words(span, text) for span in row["spans"]),
            evidence=tuple(row["evidence"]),
            copy_of=row["copy_of"],
        )
        for row in sorted(mine, key=lambda row: (order[row["role"]], -row["score"], row["story"]))
    )


def _words(span: Mapping[str, Any], article: Mapping[str, Any]) -> str:
    field = article["title"] if span["field"] == "title" else article["text"]
    return (field or "")[span["start"] : span["end"]]


def _neighbours(run: Run, article: str, labels: Mapping[str, Mapping[str, Any]]) -> list[Neighbour]:
    """Every article with a stored score, the highest first."""
    rows = run.tables["similarities"]
    mine = rows.filter(pc.or_(pc.equal(rows.column("a"), article), pc.equal(rows.column("b"), article))).to_pylist()
    other = [(row["b"] if row["a"] == article else row["a"], channels_of(row)) for row in mine]
    names = name_articles(run, [name for name, _ in other])
    told = primary_stories(run)
    found = sorted(other, key=lambda each: (-each[1].score, each[0]))
    return [Neighbour(names[name], told[name], labels[told[name]]["label"], channels) for name, channels in found]


def _other_story(means: StoryMeans, article: str, labels: Mapping[str, Mapping[str, Any]]) -> OtherStory | None:
    """The story, but its own, with the highest mean score, and where the article would move to it.

    With sums S and T over its own story and the other, of s others and t articles, the article is better placed in
    the other where ``T - t * threshold > S - s * threshold``, and better there than alone where ``T > t * threshold``.
    """
    sums, sizes = means.sums(article), means.sizes()
    own = int(means.labels[means.scores.place[article]])
    mean = np.where(np.arange(len(sizes)) == own, -1.0, sums / sizes)
    best = int(np.argmax(mean))
    if mean[best] <= 0.0:
        return None
    others = int(sizes[own]) - 1
    difference = others - int(sizes[best])
    moves = float(sums[own] - sums[best]) / difference if difference else None
    if not others:
        moves = float(mean[best])
    is_real = moves is not None and 0.0 < moves <= float(mean[best])
    name = means.names[best]
    return OtherStory(
        story=name,
        label=labels[name]["label"],
        articles=labels[name]["articles"],
        mean=float(mean[best]),
        moves=moves if is_real else None,
        moves_above=difference > 0,
        merges_below=means.merges_below(means.names[own], name),
    )
