"""What web pages put around an article: lines such as "Read more", and the outlet's name behind the headline.

Only whole short lines are dropped, and only a suffix that the article's own source or address confirms.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from storycluster.text.rules import load_rules

MAX_LINE_CHARS: Final = 120  # a longer line is prose, however it begins
_MARKS: Final = " \t.:!…>»•|*-–—"
_SUFFIX: Final = re.compile(r"\s(?:[-–—|•·]|\|\|)\s(?=[^-–—|•·\n]{2,60}$)")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
MIN_OUTLET_LETTERS: Final = 2


def drop_furniture(text: str, *, language: str) -> str:
    r"""The text without lines that belong to the page around it; all of it where nothing else would be left.

    >>> drop_furniture("Two people died.\nRead more\nMany swam.", language="en")
    'Two people died.\nMany swam.'
    """
    if "\n" not in text:
        return text
    whole, starts, initials = _rules(language)
    if not initials:
        return text
    lines = text.split("\n")
    kept = [
        line
        for line in lines
        if line.lstrip(_MARKS)[:2].lower() not in initials or not _is_furniture(line, whole, starts)
    ]
    if len(kept) == len(lines) or not any(kept):
        return text
    return re.sub("\n{3,}", "\n\n", "\n".join(kept)).strip()


def strip_outlet(title: str, *, source: str | None, url: str | None) -> str:
    """The title without the outlet's name at its end, where source or address say that it is the outlet's.

    >>> strip_outlet("Ferry sinks - Harbour News", source=None, url="http://www.harbournews.example/a")
    'Ferry sinks'
    """
    match = _SUFFIX.search(title)
    if not match:
        return title
    suffix = _letters(title[match.end() :])
    outlets = (_letters(source or ""), _letters(_host(url or "")))
    is_outlet = len(suffix) >= MIN_OUTLET_LETTERS and any(
        outlet and (suffix in outlet or (len(outlet) > MIN_OUTLET_LETTERS and outlet in suffix)) for outlet in outlets
    )
    return title[: match.start()].rstrip() if is_outlet and title[: match.start()].strip() else title


def _is_furniture(line: str, whole: frozenset[str], starts: tuple[str, ...]) -> bool:
    if len(line) > MAX_LINE_CHARS:
        return False
    bare = line.strip(_MARKS).lower()
    return bare in whole or (bool(bare) and line.lower().startswith(starts))


@cache
def _rules(language: str) -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    """Whole lines, starts, and the first two letters of both, which rule out most lines at once."""
    rules = load_rules(language, "furniture")
    whole, starts = rules.get("lines", ()), rules.get("starts", ())
    initials = {words.lstrip(_MARKS)[:2] for words in (*whole, *starts)}
    return frozenset(whole), tuple(starts), frozenset(initials)


def _host(url: str) -> str:
    """The name of a site without its protocol, ``www`` and top-level domain."""
    host = url.partition("://")[2].partition("/")[0] or url.partition("/")[0]
    return host.removeprefix("www.").rpartition(".")[0]


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()
