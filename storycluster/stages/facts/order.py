"""The order in which the articles of a story are read. It never looks at another article's date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

#: Sorts after every real date; never written to a table.
_LAST: Final = datetime.max


@dataclass(frozen=True, slots=True)
class Dates:
    """What an article says about its own time: when it was published, or not before when."""

    published: datetime | None
    published_from: datetime | None

    @property
    def day(self) -> date | None:
        """The day of publication, None where only a bound or nothing is known."""
        return self.published.date() if self.published else None

    @property
    def not_before(self) -> date | None:
        """The day from which on the article may have been published."""
        bound = self.published or self.published_from
        return bound.date() if bound else None


def reading_key(dates: Dates, *, content_hash: int, article: str) -> tuple[datetime, int, str]:
    """Sort key: published, else the article's own lower bound, else last; ties by content, then id.

    >>> early = Dates(datetime(2024, 5, 1), None)
    >>> reading_key(early, content_hash=9, article="b") < reading_key(Dates(None, None), content_hash=1, article="a")
    True
    """
    return dates.published or dates.published_from or _LAST, content_hash, article
