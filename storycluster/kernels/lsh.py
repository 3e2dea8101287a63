"""Bands and rows for a threshold and a target recall, and the band keys of signatures.

A pair of Jaccard j becomes a candidate with probability ``1 - (1 - j**rows)**bands`` (Leskovec, Rajaraman,
Ullman, Mining of Massive Datasets, 3.4). It never looks at texts, and never trades recall for speed by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, comb, log
from typing import Final

import numpy as np
import numpy.typing as npt

from storycluster.compiling import kernel
from storycluster.errors import ConfigError
from storycluster.kernels.tokens import SEED, mix

#: With one row every shared slot makes a candidate: on news nearly all pairs.
MIN_ROWS: Final = 2
#: Jaccard similarity of two unrelated news articles on word trigrams; sets the expected false candidates.
BACKGROUND_JACCARD: Final = 0.01
#: Shingles drawn from the shorter side of a contained pair.
SAMPLED_SHINGLES: Final = 8


@dataclass(frozen=True, slots=True)
class Banding:
    """``bands`` of ``rows`` slots each, and the recall they promise at the threshold, 0..1."""

    bands: int
    rows: int
    expected_recall: float


def candidate_probability(jaccard: float, *, bands: int, rows: int) -> float:
    """The probability, 0..1, that a pair of that Jaccard shares a band.

    >>> round(candidate_probability(0.8, bands=21, rows=6), 3)
    0.998
    """
    return float(1.0 - (1.0 - jaccard**rows) ** bands)


def choose_bands(threshold: float, target_recall: float, *, permutations: int) -> Banding:
    """The most rows, so the fewest false candidates, whose bands still reach the target recall.

    Raises ConfigError where even ``MIN_ROWS`` rows do not, with the number of permutations that would.

    >>> choose_bands(0.8, 0.99, permutations=128)
    Banding(bands=21, rows=6, expected_recall=0.998311877818132)
    """
    for rows in range(permutations, MIN_ROWS - 1, -1):
        bands = permutations // rows
        recall = candidate_probability(threshold, bands=bands, rows=rows)
        if recall >= target_recall:
            return Banding(bands, rows, recall)
    raise ConfigError(
        f"dedup.threshold {threshold:g} with dedup.permutations {permutations} cannot reach "
        f"dedup.target_recall {target_recall:g}; {_enough_permutations(threshold, target_recall)} permutations would do"
    )


def _enough_permutations(threshold: float, target_recall: float) -> int:
    """The fewest permutations that reach the target with ``MIN_ROWS`` rows."""
    miss = 1.0 - threshold**MIN_ROWS
    bands = ceil(log(1.0 - target_recall) / log(miss)) if 0.0 < miss < 1.0 else 1
    while candidate_probability(threshold, bands=bands, rows=MIN_ROWS) < target_recall:
        bands += 1
    return bands * MIN_ROWS


def needed_matches(containment: float, target_recall: float, *, samples: int) -> int:
    """How many sampled shingles of the shorter side must be shared so that contained pairs reach the target.

    The most m with P(Binomial(samples, containment) >= m) >= target_recall, and at least 1.

    >>> needed_matches(0.8, 0.99, samples=8)
    3
    """
    return max(
        (m for m in range(1, samples + 1) if matched(containment, m, samples=samples) >= target_recall), default=1
    )


def matched(containment: float, matches: int, *, samples: int) -> float:
    """The probability that at least ``matches`` of ``samples`` shingles are shared.

    >>> round(matched(0.8, 3, samples=8), 4)
    0.9988
    """
    return sum(
        comb(samples, m) * containment**m * (1.0 - containment) ** (samples - m) for m in range(matches, samples + 1)
    )


def band_keys(values: npt.NDArray[np.uint32], bands: int, *, rows: int) -> npt.NDArray[np.int64]:
    """A 64-bit key per signature (row of ``values``) and band; equal slots of a band give equal keys.

    >>> keys = band_keys(np.array([[1, 2], [1, 3]], np.uint32), 2, rows=1)
    >>> (keys[0] == keys[1]).tolist()
    [True, False]
    """
    keys = np.empty((len(values), bands), np.int64)
    _band_keys(values, rows, keys)
    return keys


@kernel("void(Array(uint32, 2, 'C', readonly=True), int64, int64[:, ::1])")
def _band_keys(values, rows, keys):  # type: ignore[no-untyped-def]
    for signature in range(keys.shape[0]):
        for band in range(keys.shape[1]):
            key = SEED * np.uint64(band + 1)
            for slot in range(band * rows, (band + 1) * rows):
                key = mix(key ^ np.uint64(values[signature, slot]))
            keys[signature, band] = np.int64(key)
