"""Lists of words as regular expressions that share their beginnings, so that a long list costs little per character.

Python tries the words of an alternation one by one; a tree of common beginnings leaves at the first wrong letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_END = ""


def either(words: Iterable[str]) -> str:
    """A pattern that matches the longest of the words, any white space between the words of a phrase.

    Of no words, a pattern that never matches.

    >>> either(["as of", "as", "at"])
    '(?:a(?:s(?:\\\\s+of)?|t))'
    >>> either([])
    '(?!)'
    """
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for character in word:
            node = node.setdefault(r"\s+" if character == " " else re.escape(character), {})
        node[_END] = {}
    tree.pop(_END, None)
    return f"(?:{_branches(tree)})" if tree else "(?!)"


def beginning(words: Iterable[str]) -> str:
    """A pattern of one character that one of the words begins with, in either case.

    Looked ahead for, it leaves at once the many places of a text where no word of a long list begins. Of no words,
    a pattern that never matches.

    >>> beginning(["two", "ten", "half"])
    '(?i:[ht])'
    """
    first = "".join(sorted({re.escape(word[0].lower()) for word in words}))
    return f"(?i:[{first}])" if first else "(?!)"


def _branches(tree: dict[str, Any]) -> str:
    return "|".join(part + _rest(tree[part]) for part in sorted(tree) if part != _END)


def _rest(node: dict[str, Any]) -> str:
    """What follows a letter: nothing, one way on, or a group of ways that may be left out where a word ends."""
    following = _branches(node)
    if not following:
        return ""
    ends = _END in node
    if len(node) > 1 or ends:
        return f"(?:{following}){'?' if ends else ''}"
    return following
