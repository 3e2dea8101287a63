"""Verified pairs as columns of numbers; the form in which the duplicates stage hands them from step to step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Scored:
    """Pairs by place with exact scores, 0..1; ``shorter`` is the place of the smaller set, the left one of equals."""

    left: Places
    right: Places
    jaccard: Floats
    containment: Floats
    shorter: Places

    def keep(self, chosen: npt.NDArray[np.bool_]) -> Scored:
        """The pairs where ``chosen`` holds."""
        return Scored(
            self.left[chosen],
            self.right[chosen],
            self.jaccard[chosen],
            self.containment[chosen],
            self.shorter[chosen],
        )

    def relabel(self, places: Places) -> Scored:
        """The pairs with each place replaced by ``places`` of it."""
        return Scored(places[self.left], places[self.right], self.jaccard, self.containment, places[self.shorter])


def together(parts: Sequence[Scored]) -> Scored:
    """All pairs of the parts, in their order.

    >>> together([]).left.size
    0
    """
    no_place, no_score = np.empty(0, np.int32), np.empty(0, np.float64)
    return Scored(
        np.concatenate([no_place, *(part.left for part in parts)]),
        np.concatenate([no_place, *(part.right for part in parts)]),
        np.concatenate([no_score, *(part.jaccard for part in parts)]),
        np.concatenate([no_score, *(part.containment for part in parts)]),
        np.concatenate([no_place, *(part.shorter for part in parts)]),
    )
