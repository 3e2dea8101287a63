"""Names, times and speakers of a run's articles against a hand annotation.

It reads the articles with the same rules as the run and compares; it changes nothing.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import pyarrow as pa

from storycluster.text.dates import Time, find_times
from storycluster.text.names import Name, find_names, join_names
from storycluster.text.sentences import find_sentences

Gold = Mapping[str, Any]
Ids = Mapping[str, str]
Interval = tuple[date | None, date | None]

#: Words of a speaker's name that name nobody.
_EMPTY: Final = frozenset({"the", "a", "an", "of", "and", "in", "to", "source", "official", "officials", "government"})
_WEEK: Final = re.compile(r"(\d{4})-W(\d{2})\Z")
_SMALL_PARTS: Final = frozenset({"the", "der", "von", "van", "de", "of"})
_PRONOUNS: Final = frozenset({"he", "she", "they", "it"})


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many are right, and the names of the others."""

    right: int
    total: int
    missing: tuple[str, ...]

    @property
    def value(self) -> float:
        """Share 0..1; 1 where there was nothing to get right."""
        return self.right / self.total if self.total else 1.0

    @classmethod
    def of(cls, checked: Iterable[tuple[str, bool]]) -> Share:
        """The share of (name, whether it is right).

        >>> Share.of([("a", True), ("b", False)])
        Share(right=1, total=2, missing=('b',))
        """
        results = list(checked)
        missing = tuple(name for name, right in results if not right)
        return cls(len(results) - len(missing), len(results), missing)


def joined(text: str) -> tuple[str, list[int]]:
    """The text without blanks, and where each of its letters stood.

    >>> joined("a b")
    ('ab', [0, 2])
    """
    positions = [place for place, letter in enumerate(text) if not letter.isspace()]
    return "".join(text[place] for place in positions), positions


def check_speakers(stated: Iterable[tuple[str, str, list[str]]]) -> Share:
    """Facts whose annotated speaker is among the found ones: (fact, annotated, found).

    >>> check_speakers([("f1", "Ada Kling", ["Mayor Kling"]), ("f2", "Ada Kling", [])]).right
    1
    """
    return Share.of(
        (name, any(_speaker_words(wanted) & _speaker_words(one) for one in found)) for name, wanted, found in stated
    )


def _speaker_words(speaker: str) -> set[str]:
    """Words of a speaker, each name also under its joined form: "Washington" and "US" are one."""
    words = re.findall(r"\w+", speaker)
    initials = "".join(word[0] for word in words if word[0].isupper())
    plain = {word.casefold() for word in words} - _EMPTY
    return plain | {initials.casefold()} | {name.canonical.casefold() for name in find_names(speaker)}


def check_times(gold: Gold, articles: pa.Table, ids: Ids) -> Share:
    """Annotated time expressions that were read right from the article alone.

    Of an article without a date, a time that holds the annotated day or stays unresolved is right; a span of time
    ("for weeks") is right when no day was made of it.
    """
    rows = {row["id"]: row for row in articles.to_pylist()}
    results = []
    for wanted in gold["time_expressions"]:
        row = rows.get(ids[wanted["article"]])
        right = row is not None and _time_right(wanted, row)
        results.append((f"{wanted['article']} {wanted['expression']}", right))
    return Share.of(results)


def _time_right(wanted: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    found = _time_at(wanted, row)
    resolved = found is not None and (found.first, found.last) != (None, None)
    if wanted["value"] is None:
        return found is None or found.kind == "duration" or not resolved
    interval = _interval(wanted["value"])
    if found is None:
        return False
    if (found.first, found.last) == interval:
        return True
    return row["published"] is None and (not resolved or _holds(found, interval))


def _holds(found: Time, interval: Interval) -> bool:
    starts = found.first is None or interval[0] is None or found.first <= interval[0]
    ends = found.last is None or interval[1] is None or interval[1] <= found.last
    return starts and ends


def _time_at(wanted: Mapping[str, Any], row: Mapping[str, Any]) -> Time | None:
    """The time found where the expression stands in its context, in title or text."""
    for text, is_body in ((row["title"] or "", False), (row["text"], True)):
        letters, positions = joined(text)
        frame, _ = joined(wanted["context"])
        expression, _ = joined(wanted["expression"])
        place = letters.find(frame)
        if place < 0:
            continue
        start = positions[place + max(frame.find(expression), 0)]
        for time in _times(text, row, split=is_body):
            if time.start <= start + len(wanted["expression"]) - 1 and start < time.end:
                return time
    return None


def _times(text: str, row: Mapping[str, Any], *, split: bool) -> Iterator[Time]:
    published = _day(row["published"])
    bound = published or _day(row["published_from"])
    spans = [(each.start, each.end) for each in find_sentences(text, title=row["title"])] if split else [(0, len(text))]
    for start, end in spans:
        for time in find_times(text[start:end], published=published, not_before=bound):
            yield Time(time.start + start, time.end + start, time.expression, time.first, time.last, time.kind)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _interval(value: str) -> Interval:
    """Days of "2024", "2024-06", "2024-W44", "2024-06-01", or of a range with "/" whose ends may be open."""
    if "/" in value:
        first, _, last = value.partition("/")
        return (_interval(first)[0] if first else None, _interval(last)[1] if last else None)
    week = _WEEK.match(value)
    if week:
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return monday, monday + timedelta(days=6)
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        year, month = parts
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    day = date.fromisoformat(value)
    return day, day


def check_names(gold: Gold, articles: pa.Table, ids: Ids) -> Share:
    """Annotated names of which every variant is found under one form over all articles, a form nobody else has.

    A variant may also stand for something else where it is also that (a capital: the city and the state). Variants
    that are descriptions or pronouns ("the agency", "She", a handle, a flag) need not be found.
    """
    found = {row["id"]: find_names(f"{row['title'] or ''}\n{row['text']}") for row in articles.to_pylist()}
    joined_forms = join_names(found)
    forms: dict[str, str | None] = {}
    for name, entry in gold["entities"].items():
        variants = list(_variant_forms(entry, found, joined_forms, ids))
        shared = set.intersection(*variants) if variants else set()
        forms[name] = min(shared) if shared else None
    owners = Counter(forms.values())
    return Share.of((name, form is not None and owners[form] == 1) for name, form in forms.items())


def _variant_forms(
    entry: Mapping[str, Any],
    found: Mapping[str, list[Name]],
    forms: Mapping[tuple[str, str], str],
    ids: Ids,
) -> Iterator[set[str]]:
    """For each variant in each article the run-wide forms of the names with its words."""
    for article, variants in entry["variants"].items():
        names = found.get(ids[article], [])
        for variant in filter(_is_name, variants):
            canonical = {name.canonical for name in names if _same_words(name.text, variant)}
            yield {forms.get((ids[article], one), one) for one in canonical}


def _is_name(variant: str) -> bool:
    """Whether the words are a name that stands in capitals, not a description, pronoun, handle or flag."""
    words = variant.split()
    plain = [word for word in words if word[0].islower() and word not in _SMALL_PARTS]
    return not plain and variant.casefold() not in _PRONOUNS and all(word[0].isalpha() for word in _bare(variant))


def _same_words(found: str, variant: str) -> bool:
    """Whether a found name is the variant, or the variant without the title before it."""
    wanted, words = _bare(variant), _bare(found)
    return bool(words) and wanted[-len(words) :] == words


def _bare(text: str) -> list[str]:
    """Words without article, genitive and the short form in brackets behind."""
    outside = text.partition(" (")[0]
    return [word.rstrip("’'s") for word in outside.casefold().split() if word != "the"]
