"""Why an article is where it is, or why two articles are together or apart.

It reads the tables of a run and measures no similarity anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from rapidfuzz import fuzz, process

from storycluster.errors import InputError
from storycluster.explain.article import ArticleExplanation, explain_article
from storycluster.explain.pair import PairExplanation, explain_pair
from storycluster.runs import Run
from storycluster.stored import require_stage

_NEAREST_IDS: Final = 3  # enough to find a mistyped id, few enough for one line

Explanation: TypeAlias = ArticleExplanation | PairExplanation


def explain(run: Run, a: str, b: str | None = None) -> Explanation:
    """Why article ``a`` is where it is, or why ``a`` and ``b`` are together or apart.

    Raises InputError, with the nearest ids, for an article that is not in the run, and for one named twice.
    """
    if a == b:
        raise InputError(f"{a!r} is named twice; name two articles, or one alone")
    known = run.tables["articles"].column("id").to_pylist()
    for article in (a, b):
        if article is not None:
            check_id(article, known)
    require_stage(run, "duplicates")
    return explain_article(run, a) if b is None else explain_pair(run, a, b)


def check_id(article: str, known: Sequence[str]) -> None:
    """Nothing where the id is known; raises InputError with the nearest ids where it is not.

    >>> check_id("a", ["a", "b"])
    """
    if article in known:
        return
    near = process.extract(article, known, scorer=fuzz.ratio, limit=_NEAREST_IDS)
    names = ", ".join(str(found[0]) for found in near)
    raise InputError(f"no article {article!r} in the run; the nearest ids are {names}")
