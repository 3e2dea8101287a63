"""Stories of a run against gold labels: how well articles that belong together are together.

It reads tables and a gold file and changes neither.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]


def pairs_within(labels: Labels) -> int:
    """The number of unordered pairs of items with an equal label.

    >>> pairs_within(np.array([0, 0, 0, 1]))
    3
    """
    sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())
