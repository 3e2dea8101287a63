"""Stories as a graph, where articles are too many for a triangle: circles by size, lines by what they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from storycluster.views.heat_map import Scores
from storycluster.views.outline import StoryPart
from storycluster.views.svg import ACCENT, MUTED, PAPER, Tip, new_figure, to_svg
from storycluster.views.wording import say_count

GRAPH_STORIES = 60
SIZE = 640.0  # px of the square, as all sizes here
MARGIN = 34.0
SMALLEST, LARGEST = 130.0, 1500.0  # areas of circles in px²
TEXT = 10.0
#: Lines drawn from a story, to the stories most like it.
NEIGHBOURS = 3
STEPS = 150  # of the layout; the picture no longer changes to the eye
STEP_LENGTH = 0.1  # of the side, shrinking to nothing
#: Keeps a distance from being divided by where two circles lie on one another.
TINY = 1e-3

#: Strength 0..1 of the line between two stories, by their places in the list.
Lines = Mapping[tuple[int, int], float]


def draw_story_graph(stories: Sequence[StoryPart], scores: Scores) -> str | None:
    """The graph as SVG, or None for fewer than two stories; circles lead to their stories."""
    shown = stories[:GRAPH_STORIES]
    if len(shown) < 2:
        return None
    lines = find_lines(shown, scores)
    places = lay_out(len(shown), lines) * (SIZE - 2 * MARGIN) + MARGIN
    figure = new_figure(SIZE, SIZE)
    axes = figure.axes[0]
    for (one, other), strength in lines.items():
        ends = places[[one, other]]
        axes.plot(ends[:, 0], ends[:, 1], color=MUTED, linewidth=1 + 2 * strength, alpha=0.2 + 0.5 * strength, zorder=0)
    tips: dict[str, Tip] = {}
    most = max(story.articles for story in shown) or 1
    for story, (x, y) in zip(shown, places, strict=True):
        name = f"story-{story.number}"
        tips[name] = Tip(f"{story.number}. {story.label}, {say_count(story.articles, 'article')}", f"s{story.number}")
        area = SMALLEST + (LARGEST - SMALLEST) * story.articles / most
        axes.scatter([x], [y], s=area, color=ACCENT, edgecolors=PAPER, linewidths=1.5, zorder=1, gid=name)
        axes.text(x, y, str(story.number), fontsize=TEXT, color=PAPER, ha="center", va="center")
    return to_svg(figure, "graph", label=describe_graph(stories, lines), tips=tips)


def describe_graph(stories: Sequence[StoryPart], lines: Lines) -> str:
    """The graph in a sentence."""
    shown = f", the {GRAPH_STORIES} largest shown" if len(stories) > GRAPH_STORIES else ""
    return f"{say_count(len(stories), 'story')}{shown}; {say_count(len(lines), 'line')} between stories that are alike."


def find_lines(stories: Sequence[StoryPart], scores: Scores) -> dict[tuple[int, int], float]:
    """The lines to draw: 1.0 where an article tells both stories, else the highest similarity of two articles."""
    own: dict[int, int] = {}
    strengths: dict[tuple[int, int], float] = {}
    told: dict[int, list[int]] = {}
    for place, story in enumerate(stories):
        for part in story.parts:
            told.setdefault(part.article.number, []).append(place)
            if part.role == "primary":
                own.setdefault(part.article.number, place)
    for places in told.values():
        strengths |= dict.fromkeys(combinations(sorted(set(places)), 2), 1.0)
    for (one, other), score in scores.items():
        if one in own and other in own and own[one] != own[other]:
            first, second = sorted((own[one], own[other]))
            strengths[first, second] = max(strengths.get((first, second), 0.0), score)
    return _strongest(strengths)


def _strongest(strengths: Lines) -> dict[tuple[int, int], float]:
    """Lines that are among the strongest ``NEIGHBOURS`` of one of their ends."""
    counts: dict[int, int] = {}
    kept = {}
    for line, strength in sorted(strengths.items(), key=lambda item: (-item[1], item[0])):
        if min(counts.get(place, 0) for place in line) < NEIGHBOURS:
            kept[line] = strength
            for place in line:
                counts[place] = counts.get(place, 0) + 1
    return kept


def lay_out(count: int, lines: Lines) -> npt.NDArray[np.float64]:
    """Places in the unit square, lines short and circles apart (Fruchterman and Reingold 1991, from a circle)."""
    turns = np.linspace(0.0, 2 * np.pi, count, endpoint=False)
    places = np.column_stack([np.cos(turns), np.sin(turns)]) * 0.5
    pull = np.zeros((count, count))
    for (one, other), strength in lines.items():
        pull[one, other] = pull[other, one] = strength
    ideal = 1.0 / np.sqrt(count)
    for step in range(STEPS):
        apart = places[:, None, :] - places[None, :, :]
        distance = np.maximum(np.linalg.norm(apart, axis=2), TINY)
        force = ideal**2 / distance**2 - pull * distance / ideal
        np.fill_diagonal(force, 0.0)
        move = (apart * force[:, :, None]).sum(axis=1) - places * ideal
        length = np.maximum(np.linalg.norm(move, axis=1, keepdims=True), TINY)
        places = places + move / length * np.minimum(length, STEP_LENGTH * (1 - step / STEPS))
    low, high = places.min(axis=0), places.max(axis=0)
    scaled: npt.NDArray[np.float64] = (places - low) / np.maximum(high - low, TINY)
    return scaled
