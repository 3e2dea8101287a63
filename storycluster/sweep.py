"""What other thresholds would give: groups and stories of a run over a range of thresholds.

It works on stored scores and measures no similarity anew.
"""

from __future__ import annotations

from collections.abc import Iterator


def steps(first: float, last: float, *, width: float) -> Iterator[float]:
    """Thresholds from first to last, both included, ``width`` apart.

    >>> list(steps(0.8, 0.9, width=0.05))
    [0.8, 0.85, 0.9]
    """
    for number in range(round((last - first) / width) + 1):
        yield round(first + number * width, 6)
