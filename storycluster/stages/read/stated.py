"""What texts say about themselves, a batch at a time: whom they credit, and the latest past day that they name.

The rules that read it are exact and slow; a linear scan over the whole batch first leaves out texts that cannot match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from functools import cache, reduce
from itertools import chain, compress, islice
from typing import Final, NamedTuple

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
#: Where a line or, behind a word that is no abbreviation, a sentence ends; it begins with white space, by which Python
#: skips all else.
_PART_END: Final = re.compile(r"\s(?:(?<=\n)\n*|(?<=[a-z]{4}[.!?]\s)(?=[A-Z“\"]))")
_RELAYS: Final = ("with reference to", "citing", "quoting", "referring to")


class _Conditions(NamedTuple):
    """Necessary conditions of a credit, for the linear RE2 engine.

    ``lone`` of an agency on a last line of its own; ``others``, one of which holds for any other credit, are a cue and
    an outlet on one line in the order that the rules want. Each on its own is matched faster than all together.
    """

    lone: str
    others: tuple[str, ...]


def find_batch_credits(texts: pa.Array, languages: Sequence[str]) -> list[list[str]]:
    """The outlets that each text credits.

    >>> find_batch_credits(pa.array(["He left, the paper said, citing Yonhap.", "He left."]), ["en", "en"])
    [['Yonhap'], []]
    """
    found: list[list[str]] = [[] for _ in languages]
    for language in sorted(set(languages)):
        conditions = _credit_conditions(language)
        if not conditions:
            continue
        rows = [row for row, given in enumerate(languages) if given == language]
        others = _matching(texts, rows, conditions.others)
        lone = sorted(set(_matching(texts, rows, [conditions.lone])).difference(others))
        parts = chain(_matching_parts(texts, others, conditions), _last_parts(texts, lone, conditions))
        known: dict[str, list[str]] = {}  # many texts end in the same line
        for row, words in parts:
            if words not in known:
                known[words] = find_credits(words, language=language)
            found[row] = known[words]
    return found


def find_lower_bounds(
    texts: pa.Array, languages: Sequence[str], rows: Iterable[int], *, now: datetime
) -> list[datetime | None]:
    """The latest day before ``now`` on which a text says that something happened; looked for in these rows only.

    >>> find_lower_bounds(pa.array(["It sank on May 2, 2023."]), ["en"], [0], now=datetime(2024, 1, 1))
    [datetime.datetime(2023, 5, 2, 0, 0)]
    """
    found: list[datetime | None] = [None] * len(languages)
    for row in _matching(texts, list(rows), [_DAY]):
        day = latest_absolute_date(texts[row].as_py(), language=languages[row])
        found[row] = datetime.combine(day, time()) if day is not None and day <= now.date() else None
    return found


def _matching_parts(texts: pa.Array, rows: Sequence[int], conditions: _Conditions) -> Iterator[tuple[int, str]]:
    """Of these texts the lines and sentences that may hold a credit.

    What is left out before them counts up to ``HEAD`` letters, and after them stands a stop, so that a rule for the
    beginning or the end of a text sees no other text as one.
    """
    parts = {row: _PART_END.split(texts[row].as_py()) for row in rows}
    lines = pa.array([f"\n{part}" for row in rows for part in parts[row]], pa.string())
    masks = iter(_match(lines, [conditions.lone, *conditions.others]))
    for row in rows:
        mask = list(islice(masks, len(parts[row])))
        if any(mask):
            yield row, _join_kept(parts[row], mask)


def _last_parts(texts: pa.Array, rows: Sequence[int], conditions: _Conditions) -> Iterator[tuple[int, str]]:
    """The same of texts of which only the last line may hold a credit."""
    lines = (text.rpartition("\n")[2] for text in texts.take(pa.array(rows, pa.int64())).to_pylist())
    parts = [f"\n{_PART_END.split(line)[-1]}" for line in lines]
    mask = _match(pa.array(parts, pa.string()), [conditions.lone])
    yield from compress(zip(rows, parts, strict=True), mask)


def _matching(texts: pa.Array, rows: Sequence[int], patterns: Sequence[str]) -> list[int]:
    """Of these rows, those whose text holds one of the patterns."""
    some = texts.take(pa.array(rows, pa.int64()))
    return [row for row, is_hit in zip(rows, _match(some, patterns), strict=True) if is_hit]


def _join_kept(parts: Sequence[str], mask: Sequence[bool]) -> str:
    ahead = sum(len(part) + 1 for part in parts[: mask.index(True)])
    kept = "\n".join(part for part, is_hit in zip(parts, mask, strict=True) if is_hit)
    return " " * min(HEAD, ahead) + "\n" + kept + ("" if mask[-1] else "\n.")


def _match(texts: pa.Array, patterns: Sequence[str]) -> list[bool]:
    """Whether each text holds one of the patterns."""
    masks = [pc.match_substring_regex(texts, pattern) for pattern in patterns]
    mask: list[bool] = reduce(pc.or_, masks).to_pylist()
    return mask


@cache
def _credit_conditions(language: str) -> _Conditions | None:
    rules = load_rules(language, "credits")
    if not rules:
        return None
    agencies = _any({form for name, forms in rules["agencies"].items() for form in (name, *forms)})
    heads = set(rules["outlet_heads"].split())
    rare_heads, nouns = _any(heads - set(rules["common_heads"].split())), _any(rules["outlet_nouns"].split())
    strict, weak = _any(set(rules["cues"]) - set(rules["weak_cues"])), _any(rules["weak_cues"])
    verbs = _any(rules["verbs"].split())
    others = (
        rf"\((?:{agencies})\b|\([^()\n]{{1,60}}{_SITE}",
        rf"\b(?i:{strict})\b[^\n]*(?:\b(?:{agencies}|{_any(heads)}|{nouns}|reports?|news)\b|{_SITE})",
        rf"\b(?i:{weak})\b[^\n]*(?:\b(?:{agencies})\b|{_SITE})",
        rf"(?:\b(?:{agencies}|{rare_heads}|{nouns})\b|{_SITE})[^\n]*\b(?:{verbs})\b",
        rf"\b(?:{verbs})\b[^\n]*\b(?:{_any(_RELAYS)})\b",
    )
    return _Conditions(rf"\n[\s(©]*(?:{agencies})[^\n]*\z", others)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(set(words), key=lambda w: (-len(w), w)))
