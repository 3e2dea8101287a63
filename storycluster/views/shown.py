"""The parts of a run that a report for people lists; the rest is only counted, and never loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storycluster.views.articles import Articles
from storycluster.views.boilerplate import list_boilerplate
from storycluster.views.content import Content
from storycluster.views.groups import Groups
from storycluster.views.shape import Counts, Figure, Reject, Story


@dataclass(frozen=True, slots=True)
class Shown:
    """What the views need of a run; ``figures`` are those listed, ``stated`` those that facts of ``stories`` state.

    ``other_articles`` tell the stories that are not listed.
    """

    stages: Sequence[str]
    settings: dict[str, Any]
    counts: Counts
    articles: Articles
    groups: Groups
    boilerplate: list[str]
    stories: list[Story]
    other_articles: int
    figures: list[Figure]
    other_figures: int
    stated: list[Figure]
    rejects: list[Reject]


def choose_shown(content: Content) -> Shown:
    """The stories and figures that the settings of the report list, and all articles and groups by number."""
    limits = content.settings["report"]
    stories = content.stories.list_first(limits["max_stories"])
    figures = content.figures.list_first(limits["max_figures"])
    return Shown(
        stages=content.stages,
        settings=content.settings,
        counts=content.counts,
        articles=content.articles,
        groups=content.groups,
        boilerplate=list_boilerplate(content.tables),
        stories=stories,
        other_articles=content.stories.count_articles(after=len(stories)),
        figures=figures,
        other_figures=len(content.figures) - len(figures),
        stated=content.figures.list_stating({fact.id for story in stories for fact in story.facts}),
        rejects=content.rejects,
    )
