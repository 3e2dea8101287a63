"""The word lists that tell what a capital word is, made ready for looking up: titles, heads, known names.

Built once per language from the package data; no decision is taken here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from storycluster.text.names.capitals import Joints, first_word
from storycluster.text.names.countries import load_countries
from storycluster.text.names.spelling import load_given_names, skeleton
from storycluster.text.rules import load_rules

SegmentKind = Literal[
    "name",
    "adjective",
    "capital",
    "seat",
    "org",
    "place",
    "title",
    "other_title",
    "org_head",
    "place_head",
    "given",
    "word",
]
PhraseKind = Literal["name", "adjective", "capital", "seat", "org", "place"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A wording known beforehand, with what it stands for."""

    wording: str
    canonical: str
    kind: PhraseKind


@dataclass(frozen=True, slots=True)
class CityWords:
    """Words around the name of a capital city that make it a place and not a government."""

    before: frozenset[str]
    after: frozenset[str]
    movement: frozenset[str]
    government: frozenset[str]


@dataclass(frozen=True, slots=True)
class NameRules:
    """Everything ``find_names`` knows of one language; all empty for a language without word lists.

    ``kinds`` are those of single words; ``no_names`` are wordings that are no name by themselves.
    """

    joints: Joints
    phrases: Mapping[str, tuple[Phrase, ...]]
    folded_phrases: Mapping[str, tuple[Phrase, ...]]
    kinds: Mapping[str, SegmentKind]
    title_others: frozenset[str]
    no_names: frozenset[str]
    roles: frozenset[str]
    offices: tuple[str, ...]
    organs: frozenset[str]
    companies: frozenset[str]
    bodies: tuple[str, ...]
    body_modifiers: tuple[str, ...]
    plain_bodies: frozenset[str]
    single_tasks: frozenset[str]
    head_classes: Mapping[str, str]
    region_nouns: frozenset[str]
    region_words: frozenset[str]
    same_region: frozenset[str]
    given: frozenset[str]
    ambiguous: frozenset[str]
    subject_verbs: frozenset[str]
    city: CityWords
    has_lists: bool

    def is_given(self, word: str) -> bool:
        """Whether a word is a listed given name, in any spelling folded by ``skeleton``."""
        return skeleton(word.partition("-")[0]) in self.given


@cache
def load_name_rules(language: str = "en") -> NameRules:
    """The lists of a language.

    >>> load_name_rules("en").is_given("Aleksandr")
    True
    """
    rules = load_rules(language, "names")
    titles, organisations = rules.get("titles", {}), rules.get("organisations", {})
    roles, places = rules.get("roles", {}), rules.get("places", {})
    phrases = tuple(_phrases(language, organisations, places))
    joints = _joints(rules.get("words", {}))
    return NameRules(
        joints=joints,
        phrases=_by_first_word(phrases, fold=False),
        folded_phrases=_by_first_word(phrases, fold=True),
        kinds=_kinds(titles, organisations, places),
        title_others=_set(titles, "others"),
        no_names=joints.weak | joints.openers,
        roles=_set(roles, "words"),
        offices=(*roles.get("long_offices", ()), *roles.get("offices", "").split()),
        companies=_set(organisations, "companies"),
        organs=_set(organisations, "organs"),
        bodies=tuple(organisations.get("bodies", "").split()),
        body_modifiers=tuple(organisations.get("body_modifiers", "").split()),
        plain_bodies=_set(organisations, "plain_bodies"),
        single_tasks=_set(organisations, "single_tasks"),
        head_classes=MappingProxyType({w: group[0] for group in organisations.get("head_classes", ()) for w in group}),
        region_nouns=_set(places, "region_nouns"),
        region_words=_set(places, "region_words"),
        same_region=_set(places, "same_region"),
        given=load_given_names(language).known,
        ambiguous=load_countries(language).given_names,
        subject_verbs=_set(rules.get("words", {}), "subject_verbs"),
        city=CityWords(
            **{key: _set(places.get("city_words", {}), key) for key in ("before", "after", "movement", "government")}
        ),
        has_lists=bool(rules),
    )


def _joints(words: Mapping[str, Any]) -> Joints:
    return Joints(
        particles=_set(words, "particles"),
        links=frozenset(words.get("links", ())),
        abbreviations=_set(words, "abbreviations"),
        weak=_set(words, "weak"),
        compound_ends=_set(words, "compound_ends"),
        never=_set(words, "never"),
        openers=_set(words, "openers"),
    )


def _kinds(
    titles: Mapping[str, Any], organisations: Mapping[str, Any], places: Mapping[str, Any]
) -> Mapping[str, SegmentKind]:
    """The kind of each listed word; a head of titles before anything else a word may be."""
    kinds: dict[str, SegmentKind] = {}
    kinds |= dict.fromkeys(_set(places, "heads"), "place_head")
    kinds |= dict.fromkeys(_set(titles, "others"), "other_title")
    kinds |= dict.fromkeys(_set(organisations, "heads"), "org_head")
    kinds |= dict.fromkeys(_set(titles, "heads"), "title")
    return MappingProxyType(kinds)


def _set(table: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(table.get(key, "").split())


def _phrases(language: str, organisations: Mapping[str, Any], places: Mapping[str, Any]) -> Iterator[Phrase]:
    for surface in load_countries(language).surfaces:
        yield Phrase(surface.wording.removeprefix("the "), surface.state, surface.kind)
    for canonical, others in organisations.get("known", {}).items():
        for wording in (canonical, *others):
            yield Phrase(wording, canonical, "org")
    known: list[str] = [*places.get("known", "").split(), *places.get("known_phrases", ())]
    for wording, place in places.get("adjectives", {}).items():
        yield Phrase(wording, place, "place")
    for wording in known:
        yield Phrase(wording, wording, "place")


def _by_first_word(phrases: tuple[Phrase, ...], *, fold: bool) -> Mapping[str, tuple[Phrase, ...]]:
    """Phrases by the first word with a capital, longest first; the first of equal wordings wins."""
    table: dict[str, dict[str, Phrase]] = defaultdict(dict)
    for phrase in phrases:
        word = first_word(phrase.wording)
        if word:
            wording = phrase.wording.casefold() if fold else phrase.wording
            table[word.casefold() if fold else word].setdefault(wording, phrase)
    return MappingProxyType(
        {
            word: tuple(sorted(found.values(), key=lambda p: (-len(p.wording), p.wording)))
            for word, found in table.items()
        }
    )
