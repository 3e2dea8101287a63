"""How many independent sources say a fact: the article it is new in, and those that say it again.

It decides nothing: which facts are one was decided before, and which sources are independent is ``origins``'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storycluster.origins import count_independent
from storycluster.stages.facts.story import Fact


def count_sources(facts: Sequence[Fact], groups: Sequence[str], members: Mapping[str, Mapping[str, Any]]) -> list[int]:
    """For each fact the number of independent sources among the articles of its group, at least 1.

    ``groups`` are the ids of the facts' groups, ``members`` the rows of the story's articles by id, as
    ``count_independent`` takes them.
    """
    tellers: dict[str, dict[str, None]] = {}
    for fact, group in zip(facts, groups, strict=True):
        tellers.setdefault(group, {})[fact.statement.article] = None
    counts = {
        group: max(1, count_independent([members[article] for article in articles])) if len(articles) > 1 else 1
        for group, articles in tellers.items()
    }
    return [counts[group] for group in groups]
