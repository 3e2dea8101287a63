"""Which agencies and outlets an article says it draws on: "(Reuters) -", "citing Yonhap", "AFP reported".

Goes by a list of agencies and by words that make a name an outlet; it never judges whether the article is a copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from storycluster.text.rules import load_rules

#: A dateline with its agency stands this near the beginning, a lone agency line this near the end.
HEAD: Final = 600
TAIL: Final = 120
#: A noun such as "newspaper" stands right before a name.
BEFORE: Final = 20
#: An article that names more outlets than this is a press review; the first ones are given.
MAX_CREDITS: Final = 12

_SITE: Final = re.compile(r"(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,24}")
#: Below a country: bbc.co.uk, spiegel.com.tr.
_SECOND_LEVELS: Final = frozenset({"co", "com", "org", "net", "or", "ac", "gov", "ne"})

_CAPITAL: Final = r"[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄ]"
_ENDING: Final = r"(?:\.(?:com|org|net|info|Com|Org|Net|az|Az|ru|Ru|ua|Ua|uk|fr|de|tv|eu|by|kz|ge|am)\b)"
_PART: Final = rf"(?:{_CAPITAL}\.){{2,4}}|{_CAPITAL}[\w'’&/-]{{0,30}}+{_ENDING}?"
_NAME: Final = rf"(?<!\w)(?:{_PART})(?:\s(?:(?:of|della|de|la)\s)?(?:{_PART})){{0,4}}|dpa\b"
#: Before a pattern that begins with a name it rules out most places at once.
_NAME_AHEAD: Final = rf"(?={_CAPITAL}|d)"


@dataclass(frozen=True, slots=True)
class _Patterns:
    cue: re.Pattern[str]
    bracket: re.Pattern[str]
    lone: re.Pattern[str]
    reported: re.Pattern[str]
    noun_after: re.Pattern[str]
    noun_before: re.Pattern[str]
    shown: Mapping[str, str]
    sites: Mapping[str, str]
    site_words: frozenset[str]
    weak_cues: frozenset[str]
    heads: frozenset[str]
    common_heads: frozenset[str]
    openers: frozenset[str]


@cache
def _patterns(language: str) -> _Patterns | None:
    rules = load_rules(language, "credits")
    if not rules:
        return None
    shown = {form: name for name, forms in rules["agencies"].items() for form in (name, *forms)}
    cues = "|".join(sorted(rules["cues"], key=lambda cue: (-len(cue), cue))).replace(" ", r"\s")
    nouns, verbs = "|".join(rules["outlet_nouns"].split()), "|".join(rules["verbs"].split())
    beside = rf"(?:[Tt]he\s|an?\s)?(?:(?:[a-z-]+\s){{0,2}}(?P<noun>{nouns})\s)?"
    return _Patterns(
        cue=re.compile(rf"(?i:\b(?P<cue>{cues}))\s?:?\s{beside}(?:[a-z-]+\s){{0,2}}(?P<name>{_NAME})"),
        bracket=re.compile(rf"\((?P<name>{_NAME})\)\s{{0,2}}(?:[—–:]|-{{1,2}}\s)"),
        lone=re.compile(rf"\n[\s(©]{{0,8}}(?P<name>{_NAME})\)?\.?\s{{0,8}}\Z"),
        reported=re.compile(
            rf"{_NAME_AHEAD}(?P<name>{_NAME})(?:\s(?:news\s)?(?P<noun>{nouns}))?,?\s(?:has\s|also\s|earlier\s|first\s){{0,2}}(?:{verbs})\b"
        ),
        noun_after=re.compile(rf"(?:['’]s)?\s(?:news\s|state\s|wire\s|report\b)?(?:{nouns}|report|reports|news)\b"),
        noun_before=re.compile(rf"\b(?:{nouns})\s\Z"),
        shown=MappingProxyType(shown),
        sites=MappingProxyType({form.lower(): name for form, name in shown.items()}),
        site_words=frozenset(rules["outlet_heads"].lower().split()),
        weak_cues=frozenset(rules["weak_cues"]),
        heads=frozenset(rules["outlet_heads"].split()),
        common_heads=frozenset(rules["common_heads"].split()),
        openers=frozenset(load_rules(language, "names").get("words", {}).get("openers", "").split()),
    )


def find_credits(text: str, *, language: str = "en") -> list[str]:
    """Outlets a text credits, in order of mention, each once, by the name it is usually known by.

    >>> find_credits("LONDON (AP) — The ferry sank, the paper said, citing Yonhap.")
    ['Associated Press', 'Yonhap']
    """
    patterns = _patterns(language)
    if patterns is None:
        return []
    found = sorted(_find(text, patterns))
    return list(dict.fromkeys(name for _, name in found))[:MAX_CREDITS]


def usual_name(outlet: str, *, language: str = "en") -> str:
    """The name an outlet is usually known by, also from its site; else the name as given.

    >>> usual_name("AP"), usual_name("apnews.com"), usual_name("uk.lindholm.co.uk"), usual_name("news.az")
    ('Associated Press', 'Associated Press', 'lindholm', 'news.az')
    """
    patterns = _patterns(language)
    shown = patterns.shown.get(outlet) if patterns else None
    if shown or not _SITE.fullmatch(outlet):
        return shown or outlet
    name = _site_name(outlet.lower(), patterns.site_words if patterns else frozenset())
    return (patterns.sites.get(name) if patterns else None) or name


def _site_name(host: str, common: frozenset[str]) -> str:
    """The part of a host before ``com``, ``co.uk`` and the like; the whole host where that part is a common word."""
    *parts, _ = host.split(".")
    name = parts[-2] if len(parts) > 1 and parts[-1] in _SECOND_LEVELS else parts[-1]
    return host if name in common else name


def _find(text: str, patterns: _Patterns) -> Iterator[tuple[int, str]]:
    for match in patterns.bracket.finditer(text, 0, HEAD):
        yield from _credit(match, text, patterns, trusted=False)
    for match in patterns.lone.finditer(text, max(0, len(text) - TAIL)):
        yield from _credit(match, text, patterns, trusted=False)
    for match in patterns.cue.finditer(text):
        weak = match["cue"].casefold() in patterns.weak_cues
        yield from _credit(match, text, patterns, trusted=not weak)
    for match in patterns.reported.finditer(text):
        yield from _credit(match, text, patterns, trusted=match["noun"] is not None, relays=True)


def _credit(
    match: re.Match[str], text: str, patterns: _Patterns, *, trusted: bool, relays: bool = False
) -> Iterator[tuple[int, str]]:
    """The outlet of a match: a listed agency always, another name only where something makes it an outlet."""
    wording = _OF_THE.split(" ".join(match["name"].split()))[-1].strip(" .,'’")
    wording = wording.removesuffix("'s").removesuffix("’s")
    listed = _listed(wording, patterns)
    if listed:
        yield match.start("name"), listed
    elif wording.split()[0] not in patterns.openers and _is_outlet(
        wording, match, text, patterns, trusted=trusted, relays=relays
    ):
        yield match.start("name"), wording.removeprefix("The ")


_OF_THE: Final = re.compile(r"\s(?:of|for|from|at)\s(?=The\s)")
_RELAY: Final = re.compile(r"\s(?:this|it|that)?\s?(?:,\s)?(?:with reference to|citing|quoting|referring to)\s")


def _listed(wording: str, patterns: _Patterns) -> str | None:
    """The agency a wording is, or begins with before words that no other name goes on with: "Petra Jones" is none."""
    words = wording.split()
    for count in range(len(words), 0, -1):
        name = patterns.shown.get(" ".join(words[:count]))
        goes_on = words[count : count + 1]
        if name and (not goes_on or goes_on[0][:1].islower() or goes_on[0] in patterns.heads):
            return name
    return None


def _is_outlet(
    wording: str, match: re.Match[str], text: str, patterns: _Patterns, *, trusted: bool, relays: bool
) -> bool:
    """Whether an unlisted name is one of an outlet: by a noun beside it, its last word, its web ending, or a relay."""
    last = wording.split()[-1]
    if re.search(_ENDING, last) or (trusted and match["noun"]):
        return True
    if relays:
        at = match.start("name")
        if patterns.noun_before.search(text, max(0, at - BEFORE), at):
            return True
        named = last in patterns.heads and last not in patterns.common_heads
        return named or _RELAY.match(text, match.end(), match.end() + 40) is not None
    if not trusted:
        return False
    return (
        last in patterns.heads or patterns.noun_after.match(text, match.end("name"), match.end("name") + 30) is not None
    )
