"""What texts say about themselves, a batch at a time: whom they credit, and the latest past day that they name.

The rules that read it are exact and slow; a linear scan over the whole batch first leaves out texts that cannot match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from functools import cache
from itertools import islice
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from storycluster.text.credits import HEAD, find_credits
from storycluster.text.dates import latest_absolute_date
from storycluster.text.rules import load_rules

_MONTH: Final = r"(?i:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)"
_YEAR: Final = r"(?:1[6-9]|20)\d\d\b"
#: A month or a numeric day beside a year; without one no day is named in full.
_DAY: Final = rf"\b{_MONTH}\b[^\n]{{0,12}}\b{_YEAR}|\b{_YEAR}-\d\d|\d[./-]\d\d?[./-]{_YEAR}|\b{_YEAR}[./]\d"
_SITE: Final = r"(?i:\.(?:com|org|net|info|az|ru|ua|uk|fr|de|tv|eu|by|kz|ge|am))\b"
#: Where a line or, behind a word that is no abbreviation, a sentence ends.
_PART_END: Final = re.compile(r"\n+|(?<=[a-z]{4}[.!?])\s(?=[A-Z“\"])")
_RELAYS: Final = ("with reference to", "citing", "quoting", "referring to")


def find_batch_credits(texts: pa.Array, languages: Sequence[str]) -> list[list[str]]:
    """The outlets that each text credits.

    >>> find_batch_credits(pa.array(["He left, the paper said, citing Yonhap.", "He left."]), ["en", "en"])
    [['Yonhap'], []]
    """
    found: list[list[str]] = [[] for _ in languages]
    for language in sorted(set(languages)):
        pattern = _credit_pattern(language)
        rows = [row for row, given in enumerate(languages) if given == language]
        for row, words in _matching_parts(texts, rows, pattern) if pattern else ():
            found[row] = find_credits(words, language=language)
    return found


def find_lower_bounds(
    texts: pa.Array, languages: Sequence[str], rows: Iterable[int], *, now: datetime
) -> list[datetime | None]:
    """The latest day before ``now`` on which a text says that something happened; looked for in these rows only.

    >>> find_lower_bounds(pa.array(["It sank on May 2, 2023."]), ["en"], [0], now=datetime(2024, 1, 1))
    [datetime.datetime(2023, 5, 2, 0, 0)]
    """
    found: list[datetime | None] = [None] * len(languages)
    for row in _matching(texts, list(rows), _DAY):
        day = latest_absolute_date(texts[row].as_py(), language=languages[row])
        found[row] = datetime.combine(day, time()) if day is not None and day <= now.date() else None
    return found


def _matching_parts(texts: pa.Array, rows: Sequence[int], pattern: str) -> Iterator[tuple[int, str]]:
    """Of the texts that hold a pattern, the lines and sentences that do.

    What is left out before them counts up to ``HEAD`` letters, and after them stands a stop, so that a rule for the
    beginning or the end of a text sees no other text as one.
    """
    hits = _matching(texts, rows, pattern)
    parts = {row: _PART_END.split(texts[row].as_py()) for row in hits}
    masks = iter(_match(pa.array([f"\n{part}" for row in hits for part in parts[row]], pa.string()), pattern))
    for row in hits:
        mask = list(islice(masks, len(parts[row])))
        if any(mask):
            yield row, _join_kept(parts[row], mask)


def _matching(texts: pa.Array, rows: Sequence[int], pattern: str) -> list[int]:
    """Of these rows, those whose text holds a pattern of the linear RE2 engine."""
    some = texts.take(pa.array(rows, pa.int64()))
    return [row for row, is_hit in zip(rows, _match(some, pattern), strict=True) if is_hit]


def _join_kept(parts: Sequence[str], mask: Sequence[bool]) -> str:
    ahead = sum(len(part) + 1 for part in parts[: mask.index(True)])
    kept = "\n".join(part for part, is_hit in zip(parts, mask, strict=True) if is_hit)
    return " " * min(HEAD, ahead) + "\n" + kept + ("" if mask[-1] else "\n.")


def _match(texts: pa.Array, pattern: str) -> list[bool]:
    mask: list[bool] = pc.match_substring_regex(texts, pattern).to_pylist()
    return mask


@cache
def _credit_pattern(language: str) -> str | None:
    """A necessary condition of a credit: a cue and an outlet, in the order the rules want, on one line."""
    rules = load_rules(language, "credits")
    if not rules:
        return None
    agencies = _any({form for name, forms in rules["agencies"].items() for form in (name, *forms)})
    heads = set(rules["outlet_heads"].split())
    rare_heads, nouns = _any(heads - set(rules["common_heads"].split())), _any(rules["outlet_nouns"].split())
    strict, weak = _any(set(rules["cues"]) - set(rules["weak_cues"])), _any(rules["weak_cues"])
    verbs = _any(rules["verbs"].split())
    return "|".join(
        (
            rf"\((?:{agencies})\b|\([^()\n]{{1,60}}{_SITE}",
            rf"\n[\s(©]*(?:{agencies})[^\n]*\z",
            rf"\b(?i:{strict})\b[^\n]*(?:\b(?:{agencies}|{_any(heads)}|{nouns}|reports?|news)\b|{_SITE})",
            rf"\b(?i:{weak})\b[^\n]*(?:\b(?:{agencies})\b|{_SITE})",
            rf"(?:\b(?:{agencies}|{rare_heads}|{nouns})\b|{_SITE})[^\n]*\b(?:{verbs})\b",
            rf"\b(?:{verbs})\b[^\n]*\b(?:{_any(_RELAYS)})\b",
        )
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(set(words), key=lambda w: (-len(w), w)))
