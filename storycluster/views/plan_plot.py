"""The plan of a run as one picture: the chance that two articles are compared, over the pairs the run found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from storycluster.kernels.lsh import candidate_probability
from storycluster.views.sweep_plot import BLUE, GREY, HEIGHT, ORANGE, WIDTH, check_plot, open_figure, save_figure

if TYPE_CHECKING:
    from storycluster.stages.duplicates.plan import Plan

BINS: Final = 40  # of Jaccard similarity
POINTS: Final = 201  # of the curve; more are not seen


def draw_plan(plan: Plan, jaccards: Sequence[float], path: Path) -> None:
    """Write the picture, SVG or PNG by its ending; ``jaccards`` are the verified similarities of the run's pairs.

    Raises as ``check_plot`` does. Equal plans and pairs are equal bytes.
    """
    check_plot(path)
    from matplotlib.ticker import MaxNLocator

    with open_figure(WIDTH, HEIGHT) as figure:
        axes = figure.add_subplot(1, 1, 1)
        similarity = np.linspace(0.0, 1.0, POINTS)
        chances = [1.0 if plan.is_exact else _chance(plan, each) for each in similarity.tolist()]
        axes.plot(similarity, chances, color=BLUE, label="chance of being compared")
        axes.axvline(plan.threshold, color=GREY, linestyle=":", label=f"dedup.threshold = {plan.threshold:g}")
        axes.set_xlabel("Jaccard similarity of two articles")
        axes.set_ylabel("chance")
        axes.set_ylim(0, 1.05)
        pairs = axes.twinx()
        pairs.hist(jaccards, bins=BINS, range=(0.0, 1.0), color=ORANGE, alpha=0.6, label="pairs found")
        pairs.set_ylabel("pairs found")
        pairs.set_ylim(0, None if len(jaccards) else 1)
        pairs.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_zorder(pairs.get_zorder() + 1)  # the curve over the bars
        axes.patch.set_visible(False)
        for side in (axes, pairs):
            side.spines[["top"]].set_visible(False)
        lines, bars = axes.get_legend_handles_labels(), pairs.get_legend_handles_labels()
        axes.legend(lines[0] + bars[0], lines[1] + bars[1], frameon=False, loc="center left")
        save_figure(figure, path)


def _chance(plan: Plan, similarity: float) -> float:
    return candidate_probability(similarity, bands=plan.bands, rows=plan.rows)
