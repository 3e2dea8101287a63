"""Where the quoted parts of a sentence stand, also where a quote begins or ends in another sentence.

Knows curly and straight marks, guillemets and the `` '' of tokenised text; single quotes only where curly.
"""

from __future__ import annotations

import re
from typing import Final

#: One by one, not as a class: Python looks for the first characters of such a pattern without trying it at each place.
_MARK: Final = re.compile(r"``|''|\"|“|”|„|«|»")
_OPENING: Final = frozenset({"``", "“", "„", "«"})
_CLOSING: Final = frozenset({"''", "”", "»"})


def find_quotes(sentence: str) -> list[tuple[int, int]]:
    """Spans inside quote marks, marks excluded; up to the end of the sentence where a quote stays open.

    >>> find_quotes('He said "go" and left.')
    [(9, 11)]
    >>> find_quotes('We go," he said.')
    [(0, 6)]
    """
    marks = list(_MARK.finditer(sentence))
    if not marks:
        return []
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for at, match in enumerate(marks):
        opens = _opens(sentence, match, opened is not None, first=at == 0, odd=len(marks) % 2 == 1)
        if opens and opened is None:
            opened = match.end()
        elif not opens and (opened is not None or not spans):
            spans.append((opened or 0, match.start()))
            opened = None
    if opened is not None and opened < len(sentence):
        spans.append((opened, len(sentence)))
    return spans


def _opens(sentence: str, match: re.Match[str], inside: bool, *, first: bool, odd: bool) -> bool:
    mark = match[0]
    if mark in _CLOSING or mark in _OPENING:
        return mark in _OPENING and not (mark == "``" and inside)
    if inside or not (first and odd):
        return not inside
    after = sentence[match.end() : match.end() + 1]
    before = sentence[: match.start()].rstrip()[-1:]
    spaced = not after or after in " ,.;:!?"
    glued = not sentence[match.start() - 1 : match.start()].isspace()
    return not (before and spaced and (glued or before in ",.!?"))


def share_inside(start: int, end: int, quotes: list[tuple[int, int]]) -> float:
    """The part of [start, end) that is quoted, 0..1.

    >>> share_inside(0, 10, [(5, 20)])
    0.5
    """
    covered = sum(max(0, min(end, stop) - max(start, begin)) for begin, stop in quotes)
    return covered / max(1, end - start)
