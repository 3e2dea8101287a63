"""The curves of a sweep as one picture, SVG or PNG by the ending of its name; equal sweeps are equal bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from storycluster.errors import EngineError, InputError
from storycluster.sweep import GroupCount, StoryCount

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EXTRA: Final = "--plot needs the html extra: pip install 'storycluster[html]'"
FORMATS: Final = (".svg", ".png")
#: Inches of the picture, per drawing.
WIDTH: Final = 7.0
HEIGHT: Final = 3.6
DOTS_PER_INCH: Final = 150
#: Colours that colour-blind readers tell apart, on white; lines differ in their marks as well.
BLUE: Final = "#0072b2"
ORANGE: Final = "#d55e00"
GREY: Final = "#666666"
#: The same text and ids in every file: letters stay text, and nothing random or dated goes in.
SALT: Final = "storycluster-sweep"
METADATA: Final = {".svg": {"Date": None, "Creator": None}, ".png": {"Software": None}}


def check_plot(path: Path) -> None:
    """Nothing where a picture can be drawn there; raises InputError for another ending, EngineError without the extra.

    >>> check_plot(Path("sweep.svg"))
    """
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"--plot {path}: the name must end with {' or '.join(FORMATS)}")
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise EngineError(EXTRA) from error
    mpl.set_loglevel("ERROR")  # a missing font is no news


def draw_sweeps(groups: Sequence[GroupCount], stories: Sequence[StoryCount], path: Path) -> None:
    """Write the picture; raises as ``check_plot`` does."""
    check_plot(path)
    parts = sum(1 for counts in (groups, stories) if counts)
    with open_figure(WIDTH, HEIGHT * max(parts, 1)) as figure:
        if groups:
            _draw_groups(figure.add_subplot(parts, 1, 1), groups)
        if stories:
            _draw_stories(figure.add_subplot(parts, 1, parts), stories)
        save_figure(figure, path)


@contextmanager
def open_figure(width: float, height: float) -> Iterator[Figure]:
    """An empty figure of that many inches, its text kept as letters."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": SALT}):
        yield Figure(figsize=(width, height), dpi=DOTS_PER_INCH, layout="constrained")


def save_figure(figure: Figure, path: Path) -> None:
    """Write the figure, SVG or PNG by the ending of the name, without date or version."""
    suffix = path.suffix.lower()
    figure.savefig(path, format=suffix.removeprefix("."), metadata=METADATA[suffix])


def _draw_groups(axes: Axes, counts: Sequence[GroupCount]) -> None:
    thresholds = [each.threshold for each in counts]
    axes.plot(thresholds, [each.copies for each in counts], color=BLUE, marker="o", label="copies")
    axes.plot(thresholds, [each.groups for each in counts], color=ORANGE, marker="s", label="groups")
    own = next((each.threshold for each in counts if each.is_run), None)
    _finish(axes, "dedup.threshold", own)


def _draw_stories(axes: Axes, counts: Sequence[StoryCount]) -> None:
    thresholds = [each.threshold for each in counts]
    axes.plot(thresholds, [each.stories for each in counts], color=BLUE, marker="o", label="stories")
    axes.plot(thresholds, [each.alone for each in counts], color=ORANGE, marker="s", label="of one article")
    axes.plot(thresholds, [each.largest for each in counts], color=GREY, marker="^", label="articles in the largest")
    own = next((each.threshold for each in counts if each.is_run), None)
    _finish(axes, "stories.threshold", own)


def _finish(axes: Axes, name: str, own: float | None) -> None:
    """Labels, a line at the run's own threshold, and counts from 0."""
    if own is not None:
        axes.axvline(own, color=GREY, linestyle=":", label="this run")
    axes.set_xlabel(name)
    axes.set_ylabel("number")
    axes.set_ylim(bottom=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
