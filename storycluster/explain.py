"""Why an article is where it is, and why two articles are together or apart.

It reads the tables of a run and measures no similarity anew.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from storycluster.errors import InputError

_NEAREST_IDS = 3  # enough to find a mistyped id, few enough for one line


def check_id(article: str, known: Sequence[str]) -> None:
    """Nothing where the id is known; raises InputError with the nearest ids where it is not.

    >>> check_id("a", ["a", "b"])
    """
    if article in known:
        return
    near = difflib.get_close_matches(article, known, n=_NEAREST_IDS, cutoff=0.0)
    raise InputError(f"no article {article} in the run; the nearest ids are {', '.join(near)}")
