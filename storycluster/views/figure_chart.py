"""One small chart for a thing counted: its values in the order they were said, conflicts marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes

from storycluster.views.excerpt import shorten
from storycluster.views.outline import FigurePart
from storycluster.views.shape import Figure, Point
from storycluster.views.svg import ACCENT, ALERT, INK, MUTED, PAPER, RULE, Tip, new_figure, to_svg

WIDTH = 336.0  # px, as all sizes here; fits a phone without scaling
HEIGHT = 132.0
TOP = 40.0
BOTTOM = 104.0
SIDE = 40.0
TEXT = 11.0
SMALL = 9.5
MARK_AREA = 42.0
BEHIND = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}  # of a value, over the line between marks
#: Values shown; of a longer series the last ones.
POINTS = 8
LETTER_WIDTH = 5.6
FEWEST_LETTERS = 6
LIFT = 9.0  # of a value above its mark
POINTS_IN_A_ROW = 4  # values side by side; more alternate between two rows
ROW = 12.0
DROP = 14.0  # of an article's number below the line


def draw_figure(part: FigurePart, figure: Figure) -> str | None:
    """The chart as SVG, or None where no value is a number."""
    pairs = zip(part.points, figure.series, strict=True)
    shown = [(one, point) for one, point in pairs if _middle(point) is not None][-POINTS:]
    if not shown:
        return None
    canvas = new_figure(WIDTH, HEIGHT)
    axes = canvas.axes[0]
    axes.plot([SIDE / 2, WIDTH - SIDE / 2], [BOTTOM, BOTTOM], color=RULE, linewidth=1.0, zorder=0)
    top = max(_bounds(point)[1] for _, point in shown) or 1.0
    places = _places(len(shown))
    middles = [_height(_middle(point) or 0.0, top) for _, point in shown]
    dash = (0, (3, 3)) if figure.planned else "solid"
    axes.plot(places, middles, color=MUTED, linewidth=1.0, linestyle=dash, zorder=1)
    rows = 2 if len(shown) > POINTS_IN_A_ROW else 1
    letters = max(int((WIDTH - SIDE) * rows / len(shown) / LETTER_WIDTH), FEWEST_LETTERS)
    tips: dict[str, Tip] = {}
    for number, ((one, point), x) in enumerate(zip(shown, places, strict=True)):
        name = f"point-{part.number}-{number}"
        _draw_point(axes, point, x, top=top, gid=name)
        conflict = point.status == "conflicting"
        tips[name] = Tip(f"{one.value}, {one.date}, [{one.article}]{', in conflict' if conflict else ''}")
        words = one.value.replace("about ", "≈ ").replace(" to ", "–")
        value, ink = shorten(f"{'≠ ' if conflict else ''}{words}", letters), ALERT if conflict else INK
        height = _height(_bounds(point)[1], top) - LIFT - ROW * (number % rows)
        shift, align = _keep_inside(x, len(value))
        axes.text(x + shift, height, value, fontsize=TEXT, color=ink, ha=align, va="bottom", bbox=BEHIND)
        axes.text(x, BOTTOM + DROP, f"[{one.article}]", fontsize=SMALL, color=MUTED, ha="center", va="center")
    return to_svg(canvas, f"figure-{part.number}", label=describe_figure(part), tips=tips)


def _draw_point(axes: Axes, point: Point, x: float, *, top: float, gid: str) -> None:
    """A mark at the middle of the value, a bar over its range."""
    conflict = point.status == "conflicting"
    colour = ALERT if conflict else ACCENT
    low, high = (_height(bound, top) for bound in _bounds(point))
    if low != high:
        axes.plot([x, x], [low, high], color=colour, linewidth=5.0, alpha=0.35, zorder=1, solid_capstyle="round")
    face, marker = (PAPER, "D") if conflict else (colour, "o")
    y = _height(_middle(point) or 0.0, top)
    axes.scatter([x], [y], s=MARK_AREA, color=face, edgecolors=colour, linewidths=1.8, marker=marker, zorder=2, gid=gid)


def _keep_inside(x: float, letters: int) -> tuple[float, Literal["left", "center", "right"]]:
    """How a value is set so that it does not run over an edge: how far from its mark, and what stands there."""
    half = letters * LETTER_WIDTH / 2
    if x - half < 0:
        return -x + 2, "left"
    return (WIDTH - x - 2, "right") if x + half > WIDTH else (0.0, "center")


def _height(value: float, top: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / top


def describe_figure(part: FigurePart) -> str:
    """The chart in words: what is counted and each value with its date."""
    values = "; ".join(f"{point.value}, {point.date}" for point in part.points[-POINTS:])
    return f"{part.counts}: {values}"


def _places(count: int) -> Sequence[float]:
    if count == 1:
        return [WIDTH / 2]
    return [SIDE + (WIDTH - 2 * SIDE) * number / (count - 1) for number in range(count)]


def _bounds(point: Point) -> tuple[float, float]:
    low = point.low if point.low is not None else point.high
    high = point.high if point.high is not None else point.low
    return max(low or 0.0, 0.0), max(high or 0.0, 0.0)


def _middle(point: Point) -> float | None:
    if point.low is None and point.high is None:
        return None
    low, high = _bounds(point)
    return (low + high) / 2
