"""How many independent sources tell a story: agencies, outlets and copies count once. It reads no text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from storycluster.text.credits import usual_name

#: Articles of which two may draw on the same outlet; fewer need no look at their names.
FEW: Final = 2


def count_independent(members: Sequence[Mapping[str, Any]]) -> int:
    """The number of independent sources of articles, given as rows with id, source, credits, copy_of and language.

    Two articles are independent when they come from different outlets, credit no common outlet, neither credits the
    outlet of the other, and neither is a copy. The number is that of the articles of a set of which any two are
    independent, taken greedily: those that draw on fewest others first. So ten articles that cite one agency are one
    source, and one that cites two agencies does not make them one. An article that names no source is its own.

    >>> wire = {"source": None, "credits": ["Yonhap"], "copy_of": None, "language": "en"}
    >>> count_independent([wire | {"id": "a"}, wire | {"id": "b"}, wire | {"id": "c", "credits": []}])
    2
    """
    originals = [row for row in members if not row["copy_of"]]
    if len(originals) < FEW:
        return len(originals)
    taken: set[str] = set()
    count = 0
    for names in sorted(map(_drawn_on, originals), key=lambda names: (len(names), sorted(names))):
        if taken.isdisjoint(names):
            taken |= names
            count += 1
    return count


def _drawn_on(row: Mapping[str, Any]) -> frozenset[str]:
    """The outlet of an article and the outlets it credits; the article itself where it names none."""
    language = row["language"] or "en"
    names = [name for name in (row["source"], *(row["credits"] or ())) if name]
    return frozenset(usual_name(name, language=language).casefold() for name in names) or frozenset({f"\0{row['id']}"})
