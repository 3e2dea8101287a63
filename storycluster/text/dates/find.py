"""Dates in running text as intervals of days: absolute, relative to the day of publication, or mere durations.

What cannot be resolved stays unresolved; a date is never invented and the clock is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, Literal, NamedTuple

from storycluster.text.dates.cores import read_core
from storycluster.text.dates.intervals import ONE_DAY, Interval, week_of
from storycluster.text.dates.spans import Core
from storycluster.text.dates.tense import find_direction
from storycluster.text.dates.words import DateWords, date_words
from storycluster.text.rules import primary_subtag
from storycluster.text.wordset import word_set

TimeKind = Literal["absolute", "relative", "duration"]

#: Preposition, shade and modifier of a date are at most this long together.
PREFIX_REACH: Final = 44
#: Dates that are read together with the word before them ("last March", "next Friday").
PRECEDED: Final = ("month", "weekday")
#: A text with more dates than this is a table; the rest is left.
MOST_TIMES: Final = 1000
#: Years without a preposition ("the 2012 vote") count only between these.
BARE_YEARS: Final = (1900, 2099)

_POSSESSIVE: Final = re.compile(r"\s?['’]s\b")
_COUNTED: Final = re.compile(r"\s+(?!(?:was|is|has|as|its|this|does|says|his)\b)[a-z]{2,}s\b")
_OWNER: Final = re.compile(r"(?:\b(?:the|a|an|his|her|its|their|our|this)|['’]s)\s\Z", re.IGNORECASE)
_DIGIT: Final = re.compile(r"\d")
_WORD_NEXT: Final = re.compile(r"\s[A-Za-z]")
_ISO: Final = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])")


class Time(NamedTuple):
    """A time expression: its span and words, first and last day (None is open; both None unresolved), and its kind.

    "absolute" names its year; "relative" was resolved from the day of publication, or not at all;
    a "duration" has no days.
    """

    start: int
    end: int
    expression: str
    first: date | None
    last: date | None
    kind: TimeKind


def find_times(
    text: str, *, published: date | None, not_before: date | None = None, language: str = "en"
) -> list[Time]:
    """Time expressions of a sentence or a text, in order, disjoint.

    ``published`` resolves relative ones; without it ``not_before``, the earliest day of publication, gives open
    intervals that certainly hold the day meant.

    >>> [(t.expression, t.first.isoformat()) for t in find_times("He left on Monday.", published=date(2024, 10, 30))]
    [('on Monday', '2024-10-28')]
    """
    language = primary_subtag(language)
    words = date_words(language)
    if words is None:
        return [_iso_time(match) for match in _ISO.finditer(text) if _iso_day(match)]
    if words.cues.isdisjoint(word_set(text)) and not _DIGIT.search(text):
        return []
    published, not_before = _day(published), _day(not_before)
    times: list[Time] = []
    for start, core, prefix in _cores(text, words):
        if len(times) >= MOST_TIMES:
            break
        days = _resolve(text, start, core, prefix, words, published, not_before, language)
        kind: TimeKind = "duration" if core.shape == "length" else "absolute" if core.days else "relative"
        times.append(Time(start, core.end, text[start : core.end], *days, kind))
    return times


def latest_absolute_date(text: str, *, language: str = "en") -> date | None:
    """The latest day, named with its year, that the text says something has happened on; None where there is none.

    >>> latest_absolute_date("On May 2, 2023 a ferry sank. It will be raised on June 1, 2030.")
    datetime.date(2023, 5, 2)
    """
    days = [
        time.last
        for time in find_times(text, published=None, language=language)
        if time.kind == "absolute" and time.last and time.first == time.last
        if find_direction(text, time.start, time.end, language=language) == "past"
    ]
    return max(days, default=None)


def _day(day: date | None) -> date | None:
    """A plain date also where a caller has a time of day."""
    return date(day.year, day.month, day.day) if day else None


def _iso_day(match: re.Match[str]) -> date | None:
    try:
        return date.fromisoformat(match.group())
    except ValueError:
        return None


def _iso_time(match: re.Match[str]) -> Time:
    day = _iso_day(match)
    return Time(match.start(), match.end(), match.group(), day, day, "absolute")


def _cores(text: str, words: DateWords) -> Iterator[tuple[int, Core, re.Match[str] | None]]:
    """Dates with where their expression begins and the words before them that belong to them."""
    done = 0
    for anchor in words.anchor.finditer(text):
        at = anchor.start()
        if at < done:
            continue
        core = None
        if anchor.lastgroup not in PRECEDED:
            core = read_core(text, anchor, words, "")
            if core is None:
                continue
        base = max(done, at - PREFIX_REACH)
        prefix = words.prefix.search(text, base, at) if base < at else None
        if core is None:
            core = read_core(text, anchor, words, (prefix["mod"] or "").lower() if prefix else "")
        if core and _is_time(text, at, core, prefix, words):
            done = core.end
            start = at if _POSSESSIVE.match(text, core.end) else _start(at, core, prefix, words)
            yield start, core, prefix


def _start(at: int, core: Core, prefix: re.Match[str] | None, words: DateWords) -> int:
    """Where the expression begins: at its preposition, shade or modifier, never at a mere article."""
    if prefix is None:
        return at
    groups: tuple[str, ...] = ("early", "prep", "shade", "mod")
    if core.shape in ("length", "ago", "loose"):
        groups = ("prep", "approx") if _preposition(prefix) in words.length else ("approx",)
    starts = [prefix.start(group) for group in groups if prefix[group]]
    return min(starts, default=at)


def _is_time(text: str, at: int, core: Core, prefix: re.Match[str] | None, words: DateWords) -> bool:
    """Whether words that look like a date are one here, and no name, count or amount."""
    prep = _preposition(prefix)
    if core.shape == "weekday":
        named = words.names_before.search(text[max(0, at - PREFIX_REACH) : at]) or words.names_after.match(
            text, core.end
        )
        return not named
    if core.shape == "day" and words.event.match(text, at):
        return False
    if core.shape == "month" and core.resolve:
        shaded = prefix and (prefix["shade"] or prefix["mod"])
        named = words.names_after.match(text, core.end)
        return not named and bool(shaded or prep in words.plain or (core.is_range and prep))
    if core.shape == "year" and not core.is_range:
        shade = prefix["shade"] if prefix else None
        return _is_year(text, at, core, words, introduced=prep in words.plain or shade is not None)
    if core.shape == "length":
        return core.text not in ("a", "an", "") or prep in words.length
    return True


def _is_year(text: str, at: int, core: Core, words: DateWords, *, introduced: bool) -> bool:
    """Whether four digits are a year: after a preposition, in brackets, or before a noun ("the 2012 vote")."""
    if words.counted.match(text, core.end):
        return False
    if introduced:
        return not _COUNTED.match(text, core.end)
    year = core.days[0].year if core.days and core.days[0] else 0
    if not BARE_YEARS[0] <= year <= BARE_YEARS[1]:
        return False
    bracketed = text[at - 1 : at] == "(" and text[core.end : core.end + 1] in (")", ",")
    return bracketed or bool(_OWNER.search(text[max(0, at - 8) : at]) and _WORD_NEXT.match(text, core.end))


def _preposition(prefix: re.Match[str] | None) -> str | None:
    return " ".join(prefix["prep"].lower().split()) if prefix and prefix["prep"] else None


def _resolve(
    text: str,
    start: int,
    core: Core,
    prefix: re.Match[str] | None,
    words: DateWords,
    published: date | None,
    not_before: date | None,
    language: str,
) -> Interval:
    """First and last day of a date with the side its preposition names; both None where they stay unknown."""
    prep = _preposition(prefix)
    side = "at" if core.is_range or _POSSESSIVE.match(text, core.end) else words.sides.get(prep or "", "at")
    whole_week = core.shape == "day" and prefix is not None and (prefix["shade"] or "").lower() in words.week_of
    if core.days:
        return _sided(_week(core.days) if whole_week else core.days, side, prep in words.exclusive)
    day = published or not_before
    if core.resolve is None or day is None:
        return None, None
    direction = find_direction(text, start, core.end, language=language)
    if side == "up_to" and prep in words.coming and direction is None:
        direction = "future"
    try:
        days = core.resolve(day, direction)
        days = _sided(_week(days) if whole_week else days, side, prep in words.exclusive)
    except (ValueError, OverflowError):
        return None, None
    if core.shape == "ago" and prefix and " ".join((prefix["approx"] or "").lower().split()) in words.longer:
        days = (None, days[1])
    return days if published else (days[0], None)


def _week(days: Interval) -> Interval:
    return week_of(days[0]) if days[0] else days


def _sided(days: Interval, side: str, exclusive: bool) -> Interval:
    """The interval before, after or at the days, by the preposition."""
    first, last = days
    if side == "up_to":
        return None, (first - ONE_DAY if exclusive and first else last)
    return (first, None) if side == "onward" else (first, last)
