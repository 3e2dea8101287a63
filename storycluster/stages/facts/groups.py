"""Ids of facts, which earlier facts a decision refers to, and equal facts of several articles as one group.

It decides nothing: what is known was decided before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from storycluster.model import Status
from storycluster.stages.facts.statements import Span
from storycluster.stages.facts.story import Fact

#: Bytes of a fact's id: 64 bits keep a billion facts apart from each other within one article with room to spare.
_ID_BYTES: Final = 8


#: Statuses of facts that say what an earlier fact says.
_REPEATING: Final[frozenset[Status]] = frozenset({"known", "new_speaker"})


def fact_id(article: str, span: Span) -> str:
    """An id from article and span, the same in every story and every run.

    >>> fact_id("a", Span(0, 5)) == fact_id("a", Span(0, 5)) != fact_id("a", Span(0, 5, "title"))
    True
    """
    key = f"{article}\0{span.field or 'text'}\0{span.start}\0{span.end}"
    return "f" + hashlib.blake2b(key.encode(), digest_size=_ID_BYTES).hexdigest()


def refer(facts: Sequence[Fact]) -> list[Fact | None]:
    """For each fact the earlier fact its evidence became, or None.

    The supporting clause may have been dropped as a repeat inside its article; then the fact of that article
    which shares most terms with it stands for it.
    """
    by_span: dict[tuple[str, Span], Fact] = {}
    by_article: dict[str, list[Fact]] = {}
    referred = []
    for fact in facts:
        referred.append(_reference(fact, by_span, by_article))
        article = fact.statement.article
        by_span[article, fact.statement.span] = fact
        by_article.setdefault(article, []).append(fact)
    return referred


def _reference(fact: Fact, by_span: dict[tuple[str, Span], Fact], by_article: dict[str, list[Fact]]) -> Fact | None:
    said = fact.decision.said_by
    if said is None:
        return None
    exact = by_span.get((said.article, said.span))
    if exact:
        return exact
    wanted = set(said.terms)
    others = by_article.get(said.article, [])
    return max(others, key=lambda each: len(wanted.intersection(each.statement.terms)), default=None)


def group_facts(facts: Sequence[Fact], references: Sequence[Fact | None], ids: Sequence[str]) -> list[str]:
    """For each fact the id of its group: that of the fact it repeats, whoever speaks, else its own of ``ids``."""
    groups: list[str] = []
    for fact, earlier, own in zip(facts, references, ids, strict=True):
        repeats = fact.decision.status in _REPEATING
        groups.append(groups[earlier.position] if repeats and earlier else own)
    return groups
