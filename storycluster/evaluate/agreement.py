"""Precision, recall and F1 as one value. It counts nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean, each 0..1."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, precision: float, recall: float) -> Score:
        """The score of a precision and a recall.

        >>> Score.of(1.0, 0.5).f1.__round__(3)
        0.667
        """
        return cls(precision, recall, f1_of(precision, recall))

    @classmethod
    def of_counts(cls, right: int, *, found: int, wanted: int) -> Score:
        """The score of ``right`` ones among those found and those wanted; 1 where there was nothing to get wrong.

        >>> Score.of_counts(1, found=2, wanted=1)
        Score(precision=0.5, recall=1.0, f1=0.6666666666666666)
        """
        return cls.of(right / found if found else 1.0, right / wanted if wanted else 1.0)


def f1_of(precision: float, recall: float) -> float:
    """The harmonic mean; 0 where both are 0.

    >>> f1_of(0.0, 0.0)
    0.0
    """
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
