"""Which facts of an article a reader wants first: figures, speakers, events and leads before background and colour.

A rank orders facts for display; it never hides one.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from storycluster.model import Status
from storycluster.stages.facts.statements import Statement

_STATUS: Final[dict[Status, float]] = {
    "conflicting": 5.0,
    "updated": 4.5,
    "new": 3.0,
    "new_speaker": 2.8,
    "partly_new": 1.0,
    "known": 0.0,
}
#: What words that nobody used before add: they may be news, or colour.
_UNHEARD: Final = 0.5
#: News stands first in its article: what the first words add, and the letters after which half of it is left.
_LEAD: Final = 1.2
_LEAD_LETTERS: Final = 400
_FIGURE: Final = 0.8
_SPEAKER: Final = 0.4
_NAMES: Final = 0.3
_DATED: Final = 0.2
_UNCERTAIN: Final = -0.2
_BACKGROUND: Final = -0.8
#: A clause with fewer terms is seldom news by itself.
_SCRAP_TERMS: Final = 4
_SCRAP: Final = -0.5
#: A time that ended so long before publication tells how it came, not what is new.
_OLD: Final = timedelta(days=60)


def rank(statement: Statement, status: Status, *, share_new: float, published: date | None) -> float:
    """Larger for what should be shown first, about 0..8; ``share_new`` is the part not contained before, 0..1."""
    old = _is_old(statement, published)
    return (
        _STATUS[status]
        + _UNHEARD * share_new
        + _LEAD / (1 + statement.span.start / _LEAD_LETTERS)
        + _FIGURE * any(each.count_class or each.unit for each in statement.quantities)
        + _SPEAKER * (statement.speaker is not None)
        + _NAMES * bool(statement.entities)
        + _DATED * (any(time.first for time in statement.times) and not old)
        + _UNCERTAIN * (statement.modality == "possible")
        + _BACKGROUND * old
        + _SCRAP * (len(set(statement.terms)) < _SCRAP_TERMS)
    )


def _is_old(statement: Statement, published: date | None) -> bool:
    ends = [time.last for time in statement.times if time.last]
    return published is not None and bool(ends) and max(ends) < published - _OLD
