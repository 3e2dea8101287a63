"""The story map: articles over time in a lane per story; lines join copies and the places of one article."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from matplotlib.axes import Axes

from storycluster.views.excerpt import shorten
from storycluster.views.outline import ArticlePart, StoryPart
from storycluster.views.shape import ArticleEntry
from storycluster.views.svg import ACCENT, INK, MUTED, PAPER, RULE, TINT, Tip, new_figure, to_svg
from storycluster.views.wording import UNDATED, say_count, say_day

#: Stories drawn; with more the lanes would fill several screens. The caption names the rest.
MAP_STORIES = 30
#: Articles up to which each mark carries its number.
NUMBERED_ARTICLES = 99

TEXT = 11.0  # px; sizes below are px too
SMALL = 9.0
MARGIN = 16.0
MARK_AREA = {"primary": 230.0, "secondary": 190.0, "mention": 190.0}
DOT_SHARE = 0.3  # of a mark's area, where marks carry no number
STEP = 19.0  # between marks of one day in one lane
DOT_STEP = 9.0  # the same for marks without numbers
LANE_MOST = 120.0  # height of the marks of a lane; beyond it they move together
LABEL_HEIGHT = 22.0
LANE_GAP = 14.0
AXIS_HEIGHT = 30.0
UNDATED_WIDTH = 60.0
LETTER_WIDTH = 6.7
TICK_WIDTH = 92.0
ARROW = 13.0  # of "not before", to the right of its mark


@dataclass(frozen=True, slots=True)
class _Mark:
    """An article in a lane."""

    part: ArticlePart
    x: float
    y: float
    is_bound: bool


class _Scale:
    """Days to px; undated articles have a column of their own at the right."""

    def __init__(self, articles: Sequence[ArticleEntry], width: float) -> None:
        days = [day for day in map(_day, articles) if day]
        self.has_undated = any(_day(article) is None for article in articles)
        self.first = min(days, default=None)
        self.last = max(days, default=None)
        self.left = MARGIN + STEP / 2
        self.right = width - MARGIN - ARROW - STEP / 2 - (UNDATED_WIDTH if self.has_undated else 0.0)
        self.undated = width - MARGIN - UNDATED_WIDTH / 2 if self.first else width / 2

    def place(self, day: date | None) -> float:
        """Where a day stands."""
        if day is None or self.first is None or self.last is None:
            return self.undated
        span = (self.last - self.first).days
        return self.left + (self.right - self.left) * ((day - self.first).days / span if span else 0.5)

    def ticks(self) -> Iterator[date]:
        """A few days to label, the first and the last among them."""
        if self.first is None or self.last is None:
            return
        span = (self.last - self.first).days
        step = max(1, math.ceil(span * TICK_WIDTH / (self.right - self.left)))
        for days in range(0, max(span - step + 1, 1), step):
            yield self.first + timedelta(days=days)
        if span:
            yield self.last


def draw_story_map(stories: Sequence[StoryPart], entry: Callable[[int], ArticleEntry], *, width: float) -> str:
    """The map as SVG of ``width`` px; marks are numbered as the articles are and lead to them."""
    shown = stories[:MAP_STORIES]
    numbers = {part.article.number for story in shown for part in story.parts}
    used = {number: entry(number) for number in numbers}
    scale = _Scale(list(used.values()), width)
    numbered = len(numbers) <= NUMBERED_ARTICLES
    lanes: list[tuple[StoryPart, float, list[_Mark]]] = []
    y = MARGIN
    for story in shown:
        marks, height = _stack(story, used, scale, top=y + LABEL_HEIGHT, step=STEP if numbered else DOT_STEP)
        lanes.append((story, y, marks))
        y += LABEL_HEIGHT + height + LANE_GAP
    figure = new_figure(width, y + AXIS_HEIGHT)
    axes = figure.axes[0]
    _draw_axis(axes, scale, top=MARGIN, bottom=y)
    _draw_links(axes, [mark for _, _, marks in lanes for mark in marks])
    tips: dict[str, Tip] = {}
    for story, top, marks in lanes:
        label = shorten(f"{story.number}. {story.label}", int((width - 2 * MARGIN) / LETTER_WIDTH))
        behind = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}  # over the lines of the days
        axes.text(MARGIN, top + SMALL, label, fontsize=TEXT, color=INK, fontweight="bold", va="center", bbox=behind)
        _draw_marks(axes, story, marks, tips, numbered=numbered)
    return to_svg(figure, f"map-{width:.0f}", label=describe_map(stories), tips=tips)


def describe_map(stories: Sequence[StoryPart]) -> str:
    """The map in a sentence, for who cannot see it."""
    several = sum(1 for numbers in _stories_of(stories).values() if len(numbers) > 1)
    shown = f", the {MAP_STORIES} largest shown" if len(stories) > MAP_STORIES else ""
    overlap = f"{say_count(several, 'article')} in more than one story"
    return f"Articles over time, one lane per story: {say_count(len(stories), 'story')}{shown}, {overlap}."


def _stories_of(stories: Sequence[StoryPart]) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for story in stories:
        for part in story.parts:
            found[part.article.number].append(story.number)
    return found


def _day(article: ArticleEntry) -> date | None:
    moment = article.published or article.published_from
    return date.fromisoformat(moment[:10]) if moment else None


def _stack(
    story: StoryPart, articles: Mapping[int, ArticleEntry], scale: _Scale, *, top: float, step: float
) -> tuple[list[_Mark], float]:
    """The marks of a lane, one under the other where they would touch, and the height they need."""
    levels: list[float] = []
    placed = []
    for part in story.parts:
        article = articles[part.article.number]
        is_bound = article.published is None and article.published_from is not None
        x = scale.place(_day(article))
        level = next((number for number, last in enumerate(levels) if x - last >= step), len(levels))
        levels[level : level + 1] = [x + (ARROW if is_bound else 0.0)]
        placed.append((part, x, level, is_bound))
    height = min(step * len(levels), max(LANE_MOST, step))
    row = height / max(len(levels), 1)
    return [_Mark(part, x, top + row * (level + 0.5), is_bound) for part, x, level, is_bound in placed], height


def _draw_axis(axes: Axes, scale: _Scale, *, top: float, bottom: float) -> None:
    ticks = list(scale.ticks())
    for number, day in enumerate(ticks):
        x = scale.place(day)
        axes.plot([x, x], [top + LABEL_HEIGHT, bottom], color=RULE, linewidth=0.8, zorder=0)
        align: Literal["left", "center", "right"] = "center"
        if number == 0 and len(ticks) > 1:  # the first and the last day stand inside the drawing
            x, align = scale.left - STEP / 2, "left"
        elif number > 0 and number == len(ticks) - 1:
            x, align = scale.right + STEP / 2, "right"
        axes.text(x, bottom + AXIS_HEIGHT / 2, say_day(day.isoformat()), fontsize=TEXT, color=MUTED, ha=align)
    if scale.has_undated:
        axes.text(scale.undated, bottom + AXIS_HEIGHT / 2, UNDATED, fontsize=TEXT, color=MUTED, ha="center")


def _draw_links(axes: Axes, marks: Sequence[_Mark]) -> None:
    """Lines between the places of one article, and from a copy to the article it copies."""
    places: dict[int, list[_Mark]] = defaultdict(list)
    for mark in marks:
        places[mark.part.article.number].append(mark)
    for own in places.values():
        for one, other in pairwise(own):
            axes.plot([one.x, other.x], [one.y, other.y], color=ACCENT, linewidth=1.4, alpha=0.55, zorder=1)
    for mark in marks:
        for kept in places.get(mark.part.copy_of or 0, ())[:1]:
            axes.plot([mark.x, kept.x], [mark.y, kept.y], color=MUTED, linewidth=1.0, linestyle=(0, (2, 2)), zorder=1)


def _draw_marks(axes: Axes, story: StoryPart, marks: Sequence[_Mark], tips: dict[str, Tip], *, numbered: bool) -> None:
    for mark in marks:
        part, article = mark.part, mark.part.article
        name = f"mark-{story.number}-{article.number}"
        how = f"copy of [{part.copy_of}]" if part.copy_of else part.how
        tips[name] = Tip(
            f"[{article.number}] {article.name}, {article.date}, {how}", f"s{story.number}-a{article.number}"
        )
        area = MARK_AREA[part.role] * (1.0 if numbered else DOT_SHARE)
        filled = part.role == "primary" and not part.copy_of
        face = ACCENT if filled else TINT if part.copy_of else PAPER
        edge = MUTED if part.copy_of or part.role == "mention" else ACCENT
        dash = (0, (2, 1.6)) if part.role == "mention" else "solid"
        axes.scatter(
            [mark.x], [mark.y], s=area, color=face, edgecolors=edge, linewidths=1.4, linestyle=dash, zorder=2, gid=name
        )
        if mark.is_bound:  # an arrow to the right: this day or later
            tip, barb = mark.x + STEP / 2 + ARROW, ARROW / 4
            axes.plot([mark.x + STEP / 2, tip], [mark.y, mark.y], color=ACCENT, linewidth=1.3)
            axes.plot(
                [tip - barb, tip, tip - barb], [mark.y - barb, mark.y, mark.y + barb], color=ACCENT, linewidth=1.3
            )
        if numbered:
            ink = PAPER if filled else INK
            axes.text(mark.x, mark.y, str(article.number), fontsize=SMALL, color=ink, ha="center", va="center")
