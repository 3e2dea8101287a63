"""The similarity of articles as a triangle of cells, stories outlined; for up to ``HEAT_ARTICLES`` articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from storycluster.views.outline import StoryPart
from storycluster.views.svg import ACCENT, INK, MUTED, PAPER, Tip, new_figure, to_svg

HEAT_ARTICLES = 60
LARGEST_CELL = 46.0  # px, as all sizes here
MARGIN = 30.0
TEXT = 11.0
LETTER_SHARE = 0.6  # of a small cell, for the number in it
SMALL = 9.0
LETTERS_CELL = 22.0  # cells as large as this carry their score
DARK_SCORE = 0.6  # from here on a score is written in the colour of the paper
FAINTEST = 0.03  # a cell without similarity is still seen as a cell

#: Score of two articles by their numbers, the smaller first.
Scores = Mapping[tuple[int, int], float]


def order_articles(stories: Sequence[StoryPart]) -> list[tuple[int, int]]:
    """(article, story) numbers, story by story; copies left out, each article in the story it is about."""
    seen: set[int] = set()
    ordered = []
    for story in stories:
        for part in story.parts:
            number = part.article.number
            if part.role == "primary" and not part.copy_of and number not in seen:
                seen.add(number)
                ordered.append((number, story.number))
    return ordered


def draw_heat_map(stories: Sequence[StoryPart], scores: Scores, *, width: float) -> str | None:
    """The triangle as SVG of at most ``width`` px, or None for fewer than two or too many articles."""
    ordered = order_articles(stories)
    if not 2 <= len(ordered) <= HEAT_ARTICLES:
        return None
    cell = min(LARGEST_CELL, (width - 2 * MARGIN) / len(ordered))
    size = cell * len(ordered) + 2 * MARGIN
    figure = new_figure(size, size)
    axes = figure.axes[0]
    tips: dict[str, Tip] = {}
    for row, (number, _) in enumerate(ordered):
        for column, (other, _) in enumerate(ordered[:row]):
            score = scores.get((min(number, other), max(number, other)), 0.0)
            name = f"cell-{row}-{column}"
            tips[name] = Tip(f"[{other}] and [{number}]: {score:.2f}")
            _draw_cell(axes, (MARGIN + column * cell, MARGIN + row * cell), cell, score=score, gid=name)
        middle = MARGIN + (row + 0.5) * cell
        size_of_text = min(TEXT, cell * LETTER_SHARE)
        words = f"[{number}]" if cell >= LETTERS_CELL else str(number)
        axes.text(middle, middle, words, fontsize=size_of_text, color=INK, ha="center", va="center")
    for first, last in _runs([story for _, story in ordered]):
        corner, side = MARGIN + first * cell, (last - first + 1) * cell
        axes.add_patch(Rectangle((corner, corner), side, side, fill=False, edgecolor=MUTED, linewidth=1.2))
    return to_svg(figure, "heat", label=describe_heat_map(ordered, scores), tips=tips)


def _draw_cell(axes: Axes, corner: tuple[float, float], cell: float, *, score: float, gid: str) -> None:
    """A square as strong as the score, with the score in it where there is room."""
    axes.add_patch(
        Rectangle(corner, cell, cell, facecolor=ACCENT, edgecolor="none", alpha=max(score, FAINTEST), gid=gid)
    )
    if cell >= LETTERS_CELL:
        x, y = corner
        ink = PAPER if score >= DARK_SCORE else INK
        axes.text(x + cell / 2, y + cell / 2, f"{score:.2f}", fontsize=SMALL, color=ink, ha="center", va="center")


def describe_heat_map(ordered: Sequence[tuple[int, int]], scores: Scores) -> str:
    """The triangle in a sentence: how many articles and the most similar two."""
    if not scores:
        return f"Similarity of {len(ordered)} articles: no two have words in common that count."
    (one, other), score = max(scores.items(), key=lambda item: (item[1], -item[0][0], -item[0][1]))
    return f"Similarity of {len(ordered)} articles, 0 to 1; the most similar are [{one}] and [{other}], {score:.2f}."


def _runs(values: Sequence[int]) -> list[tuple[int, int]]:
    """First and last place of every run of equal values."""
    runs: list[tuple[int, int]] = []
    for place, value in enumerate(values):
        if runs and values[runs[-1][0]] == value:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
