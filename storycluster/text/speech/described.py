"""A speaker who is described and not named, in plain words: "the navy", "a second juror", "police".

Goes by closed lists of words; what can be no speaker ("17", "rather than", half a clause) is none, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from storycluster.text.rules import load_rules

_WORD: Final = re.compile(r"[^\W_](?:[\w'’.-]*\w)?")
#: A past form right before one of these is a verb with its object: "caused an estimated $1 million".
_PAST_WITH_OBJECT: Final = re.compile(r"\b([a-z]{2,20})\s(?:an?|the|his|her|their|its)\s")


@dataclass(frozen=True, slots=True)
class _Lists:
    """Words that a description ends in never, holds never, begins with never; that begin one; adverbs behind one."""

    never_last: frozenset[str]
    never_inside: frozenset[str]
    never_first: frozenset[str]
    opening: frozenset[str]
    trailing: frozenset[str]
    alone: frozenset[str]
    past: frozenset[str]
    relative: frozenset[str]


@cache
def _lists(language: str) -> _Lists:
    speech = load_rules(language, "speech")
    rules, resolve, words = speech.get("described", {}), speech.get("resolve", {}), speech.get("words", {})
    lists = {key: frozenset(rules.get(key, "").split()) for key in _KEYS}
    alone = f"{rules.get('alone', '')} {words.get('sources', '')} {resolve.get('body_nouns', '')}"
    return _Lists(
        **lists,
        alone=frozenset(alone.split()),
        past=frozenset(load_rules(language, "verbs").get("past", "").split()),
        relative=frozenset(words.get("relative", "").split()),
    )


_KEYS: Final = ("never_last", "never_inside", "never_first", "opening", "trailing")


def describe_speaker(wording: str, *, language: str = "en") -> str | None:
    """The description as it stands inside a sentence, without adverbs behind it; None where it is no speaker.

    >>> describe_speaker("The harbour police apparently"), describe_speaker("Rather than"), describe_speaker("17")
    ('the harbour police', None, None)
    """
    lists = _lists(language)
    plain = wording.strip(" ,")
    words = [word.casefold() for word in _WORD.findall(plain)]
    while words and words[-1] in lists.trailing:
        plain = plain[: plain.casefold().rindex(words.pop())].rstrip(" ,")
    if not words or _is_none(plain, words, lists):
        return None
    first = plain.split(maxsplit=1)[0]
    return first.casefold() + plain[len(first) :] if first.casefold() in lists.opening else plain


def _is_none(plain: str, words: list[str], lists: _Lists) -> bool:
    """Whether a wording can be nobody: cut off, half a clause, a number, one word that is no body and no plural."""
    if words[-1] in lists.never_last or words[0] in lists.never_first or lists.never_inside.intersection(words):
        return True
    if len(words) == 1:
        return not plain[:1].isupper() and words[0] not in lists.alone and not words[0].endswith("s")
    if words[0].isdigit() and not words[1].endswith(("s", "n")):
        return True
    return not lists.relative.intersection(words) and any(
        match[1] in lists.past or match[1].endswith("ed") for match in _PAST_WITH_OBJECT.finditer(plain)
    )
