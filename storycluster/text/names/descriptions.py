"""Who is meant by a description: "the French president", "Ukraine's intelligence service", "the agency".

Only where the article makes it certain: one person holds the office, one body of that kind is named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Final

from storycluster.text.names.chunks import Chunk
from storycluster.text.names.kinds import Name
from storycluster.text.names.rules import load_name_rules

REACH: Final = 60


@dataclass(frozen=True, slots=True)
class _Patterns:
    office: re.Pattern[str]
    body: re.Pattern[str]
    region: re.Pattern[str]
    same_region: frozenset[str]
    plain_bodies: frozenset[str]
    single_tasks: frozenset[str]


@cache
def _patterns(language: str) -> _Patterns | None:
    rules = load_name_rules(language)
    if not rules.has_lists:
        return None
    modifiers, bodies = "|".join(rules.body_modifiers), "|".join(rules.bodies)
    return _Patterns(
        office=re.compile(rf"(?:['’]s)?\s({'|'.join(rules.offices)})\b(?!\s[^\W\d_a-z])"),
        body=re.compile(rf"(?:\s?['’]s)?\s((?:(?:{modifiers})\s){{0,3}}(?:{bodies}))\b"),
        same_region=rules.same_region,
        plain_bodies=rules.plain_bodies,
        single_tasks=rules.single_tasks,
        region=re.compile(rf"\s(?:(?:{'|'.join(rules.region_words)})\s)?({'|'.join(rules.region_nouns)})\b"),
    )


def find_descriptions(text: str, chunks: Sequence[Chunk], names: Sequence[Name], *, language: str = "en") -> list[Name]:
    """Offices and bodies described after the name of a country, as the person or body they stand for."""
    patterns = _patterns(language)
    if patterns is None:
        return []
    return [*_offices(text, chunks, names, patterns), *_bodies(text, names, patterns)]


def widen_regions(text: str, names: Sequence[Name], *, language: str = "en") -> list[Name]:
    """The names with places taken together with their noun: "Kent region", "Kent border region", "Kent Oblast".

    >>> widen_regions("in the Kent border region", [Name(7, 11, "Kent", "place", "Kent")])[0].canonical
    'Kent region'
    """
    patterns = _patterns(language)
    if patterns is None:
        return list(names)
    return [_widen(text, name, patterns) if name.kind in {"place", "other"} else name for name in names]


def _widen(text: str, name: Name, patterns: _Patterns) -> Name:
    place, _, noun = name.text.rpartition(" ")
    if place and noun.casefold() in patterns.same_region:
        return name._replace(canonical=f"{place} region")
    match = patterns.region.match(text, name.end, name.end + REACH)
    if match is None:
        return name
    shown = "region" if match[1] in patterns.same_region else match[1].capitalize()
    return Name(name.start, match.end(), text[name.start : match.end()], "place", f"{name.text} {shown}")


def _offices(text: str, chunks: Sequence[Chunk], names: Sequence[Name], patterns: _Patterns) -> Iterator[Name]:
    """Descriptions of an office that one person alone is named with."""
    by_end = {name.end: name.canonical for name in names if name.kind == "person"}
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for chunk in chunks:
        if chunk.office and chunk.end in by_end:
            holders[chunk.office].add(by_end[chunk.end])
    if not holders:
        return
    for name in names:
        match = patterns.office.match(text, name.end, name.end + REACH) if name.kind == "country" else None
        people = holders.get((name.canonical, match[1]), set()) if match else set()
        if match and len(people) == 1:
            yield Name(match.start(1), match.end(1), match[1], "person", min(people))


def _bodies(text: str, names: Sequence[Name], patterns: _Patterns) -> Iterator[Name]:
    """Bodies described by country and task; those of one task and country are one, and a named one takes them in."""
    found: list[tuple[re.Match[str], str, frozenset[str]]] = []
    for name in names:
        match = patterns.body.match(text, name.end, name.end + REACH) if name.kind == "country" else None
        if match:
            found.append((match, name.canonical, _task(match[1], patterns.plain_bodies)))
    wordings: dict[tuple[str, frozenset[str]], set[str]] = defaultdict(set)
    for match, country, task in found:
        wordings[country, task].add(match[1])
    shown = {pair: _shown_body(*pair, wordings, names, patterns.single_tasks) for pair in wordings}
    for match, country, task in found:
        yield Name(match.start(1), match.end(1), match[1], "org", shown[country, task])


def _shown_body(
    country: str,
    task: frozenset[str],
    wordings: Mapping[tuple[str, frozenset[str]], Set[str]],
    names: Sequence[Name],
    single: frozenset[str],
) -> str:
    """What a body is known by: a named body of that task, else its fullest task, as worded, and its country."""
    wider = [t for c, t in wordings if c == country and task & single and task <= t]
    fuller = max(wider, key=lambda t: (len(t), sorted(t)), default=task)
    words = min(wordings[country, fuller]).casefold().split()
    wording = " ".join(word for word in words if word in fuller)
    named = _named_body(fuller, country, wordings.keys(), names) if fuller <= single else None
    return named or f"{wording} ({country})"


def _task(wording: str, plain: frozenset[str]) -> frozenset[str]:
    words = frozenset(wording.casefold().split())
    return (words - plain) or words


def _named_body(
    task: frozenset[str],
    country: str,
    described: Set[tuple[str, frozenset[str]]],
    names: Sequence[Name],
) -> str | None:
    """The one named body of that task, where the article describes such a body of no other country."""
    if {c for c, t in described if t >= task} != {country}:
        return None
    named = {n.canonical for n in names if n.kind == "org" and task.issubset(n.canonical.casefold().split())}
    return min(named) if len(named) == 1 else None
