"""Whether the clause around a place in a text speaks of what has happened or of what is to come.

Reads verb forms of the nearest clause that has one; looks at a bounded window and never past the end of the sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from storycluster.text.alternation import either
from storycluster.text.rules import load_rules, primary_subtag

Direction = Literal["past", "future"]

#: So many characters before and after the place are read.
REACH: Final = 260
#: A word of so many letters in -ed may be a past tense.
SHORTEST_PAST: Final = 4

_SENTENCE_END: Final = re.compile(r"[.!?…][\"”’')]{0,3}\s+(?=[\"“‘(]?[A-Z])|\n\s*\n")


@dataclass(frozen=True, slots=True)
class _Tense:
    coming: re.Pattern[str]
    perfect: re.Pattern[str]
    turned: re.Pattern[str]
    gone: re.Pattern[str]
    clause: re.Pattern[str]
    opening: re.Pattern[str]


def find_direction(text: str, start: int, end: int, *, language: str = "en") -> Direction | None:
    """ "past" or "future" by the verb that governs the span, None where no verb form tells.

    >>> find_direction("He will land on Monday.", 13, 22), find_direction("On Monday he landed.", 0, 9)
    ('future', 'past')
    """
    rules = _tense(primary_subtag(language))
    if rules is None:
        return None
    left = _SENTENCE_END.split(text[max(0, start - REACH) : start])[-1]
    right = _SENTENCE_END.split(text[end : end + REACH], maxsplit=1)[0]
    before, after = rules.clause.split(left)[::-1], rules.clause.split(right)
    while len(after) > 1 and not after[0].strip():
        after.pop(0)
    sides = (after[:1], before, after[1:]) if rules.opening.search(left) else (before, after)
    return next((found for side in sides for part in side if (found := _of_clause(part, rules))), None)


def _of_clause(part: str, rules: _Tense) -> Direction | None:
    coming = rules.coming.search(part)
    if coming and not rules.perfect.match(part, coming.end()) and not rules.turned.search(part[: coming.start()]):
        return "future"
    return "past" if coming or rules.gone.search(part) else None


@cache
def _tense(language: str) -> _Tense | None:
    rules = load_rules(language, "dates").get("tense")
    if not rules:
        return None
    in_ed = rf"(?!(?:{'|'.join(rules['not_gone'])})\b)[a-z]{{{SHORTEST_PAST - 2},24}}ed"
    return _Tense(
        coming=re.compile(rf"(?<![\w’'])(?:{either(rules['coming'])})\b|(?<=\w)(?:'ll|’ll)\b"),
        perfect=re.compile(rf"(?: not| never| also| already| well)? ?(?:{either(rules['perfect'])})\b"),
        turned=re.compile(rf"\b(?:{either(rules['turned'])})\s+\Z"),
        gone=re.compile(rf"(?<![\w-])(?:{either(rules['gone'])}|{in_ed})(?![\w-])|(?<=\w)(?:'ve|’ve|'d|’d)\b"),
        clause=re.compile(rf"[;:()—–,\"“”]|\b(?:{either(rules['clause_words'])})\b"),
        opening=re.compile(
            rf"(?:\A|[;:(\"“—–]|(?<!\S)(?:{either([*rules['openers'], *rules['clause_words']])}))[\s,]*\Z"
        ),
    )
