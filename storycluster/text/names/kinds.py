"""What a name found in a text is: its span, its kind and the one wording it is shown and compared by."""

from __future__ import annotations

from typing import Literal, NamedTuple

NameKind = Literal["person", "country", "org", "place", "other"]


class Name(NamedTuple):
    """A name in a text; ``canonical`` is equal for all its wordings in one article.

    >>> Name(0, 5, "Paris", "country", "France").canonical
    'France'
    """

    start: int
    end: int
    text: str
    kind: NameKind
    canonical: str
