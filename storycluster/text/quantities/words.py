"""The patterns of quantities of one language, compiled once from its word lists.

Says what a quantity and its neighbours look like, never what a number means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from storycluster.text.alternation import beginning, either
from storycluster.text.quantities.counted import CountWords, count_words, ending
from storycluster.text.quantities.numbers import NumberWords, number_words
from storycluster.text.rules import load_rules
from storycluster.text.wordset import Cue, rare_words


@dataclass(frozen=True, slots=True)
class QuantityWords:
    """Patterns by what they find, and the meaning of units and currencies.

    ``cues`` are words without which a sentence has no number in words: then ``figures`` find what ``quantity`` does.
    """

    numbers: NumberWords
    count: CountWords
    cues: frozenset[str]
    quantity: re.Pattern[str]
    figures: re.Pattern[str]
    qualifier: re.Pattern[str]
    from_to: re.Pattern[str]
    former: re.Pattern[str]
    change_from: re.Pattern[str]
    change_to: re.Pattern[str]
    ranging: re.Pattern[str]
    or_more: re.Pattern[str]
    or_less: re.Pattern[str]
    or_so: re.Pattern[str]
    unit_next: re.Pattern[str]
    purpose: re.Pattern[str]
    over: re.Pattern[str]
    age: re.Pattern[str]
    minus: re.Pattern[str]
    age_before: Cue
    age_was: Cue
    parent_of: Cue
    address: re.Pattern[str]
    left_unit: Cue
    designated: Cue
    clock_behind: re.Pattern[str]
    score: re.Pattern[str]
    currencies: Mapping[str, str]
    units: Mapping[str, str]
    durations: frozenset[str]


@cache
def quantity_words(language: str) -> QuantityWords:
    """The patterns of a language; without word lists, digits alone are found.

    >>> quantity_words("en").units["metre"]
    'm'
    """
    rules = load_rules(language, "quantities")
    numbers = number_words(language)
    before, after, links = (rules.get(topic, {}) for topic in ("before", "after", "links"))
    designations = rules.get("designations", {})
    left_units, designated = links.get("left_units", []), designations.get("before", [])
    return QuantityWords(
        numbers=numbers,
        count=count_words(language),
        cues=rare_words([*numbers.numbers, *numbers.magnitudes, *numbers.vague]),
        quantity=_quantity(rules, numbers, numbers.pattern, first=[*numbers.numbers, *numbers.vague, "a", "half"]),
        figures=_quantity(rules, numbers, numbers.digits, first=[]),
        qualifier=_qualifier(before),
        from_to=re.compile(rf"(?<![\w’'-])(?:{either(before.get('from_to', ()))})\s+\Z", re.I),
        former=re.compile(rf"\b(?:{'|'.join(links.get('former', ('(?!)',)))})\s+\Z", re.I),
        change_from=re.compile(rf"\b(?:{either(links.get('change_from', ()))})\s+\Z", re.I),
        change_to=re.compile(rf"\s+(?:{either(links.get('change_to', ()))})\s", re.I),
        ranging=re.compile(rf"\b(?:{either(links.get('ranging', ()))})\s+(?:anywhere\s+)?from\s*\Z", re.I),
        or_more=re.compile(rf"\s?(?:{either(after.get('or_more', ()))})\b|\+", re.I),
        or_less=re.compile(rf"\s(?:{either(after.get('or_less', ()))})\b", re.I),
        or_so=re.compile(rf"\s?(?:{either(after.get('or_so', ()))})\b", re.I),
        unit_next=_unit_next(rules),
        over=re.compile(rf"(?:{either(before.get('over_time', ()))})\s*", re.I),
        purpose=re.compile(rf"\s(?:{either(rules.get('purpose', {}).get('words', ()))})(?=\s)", re.I),
        age=re.compile(
            rf"[\s-]{{1,3}}(?P<unit>{either(rules.get('durations', {}).get('words', ()))})s?[\s-]{{1,3}}"
            rf"(?:{either(links.get('age', ()))})\b",
            re.I,
        ),
        minus=re.compile(rf"(?:{either(before.get('minus', ()))})\s*\Z", re.I),
        age_was=ending(links.get("age_was", [])),
        parent_of=ending(links.get("parent_of", [])),
        address=re.compile(rf"\s(?:[A-Z0-9][\w.]{{0,20}}\s){{0,3}}(?:{either(links.get('address', ()))})\b"),
        age_before=ending(links.get("age_before", [])),
        left_unit=Cue(re.compile(rf"\b(?P<unit>{either(left_units)})[\s-](?:of\s)?\Z", re.I), rare_words(left_units)),
        designated=Cue(re.compile(rf"\b(?:{either(designated)})\.?[\s-]\Z", re.I), rare_words(designated)),
        clock_behind=re.compile(rf"\s?(?:{either(designations.get('behind', ()))})(?!\w)", re.I),
        score=re.compile(rf"\b(?:{either(designations.get('scores', ()))})\b", re.I),
        currencies={name.strip(): unit for name, unit in rules.get("currencies", {}).items()},
        units=rules.get("units", {}),
        durations=frozenset(rules.get("durations", {}).get("words", ())),
    )


def _quantity(rules: Mapping[str, Any], numbers: NumberWords, number: str, *, first: Sequence[str]) -> re.Pattern[str]:
    """A number with its currency sign and magnitude, alone or with a second one behind a dash, "to", "and" or "or".

    ``first`` are words one of which a number that is no digits begins with.
    """
    marks = [sign.strip() for sign in rules.get("currencies", {}) if not sign[-1].isalpha()]
    signs, begins = either(marks), beginning(["½", "¼", "¾", *marks, *first])
    long = either([*numbers.magnitudes, *numbers.short_magnitudes])
    money = either(numbers.money_magnitudes)
    magnitude = rf"(?:\s?-?\s?(?i:{long})(?i:s)?\b|(?<=\d)[KMB]\b"

    def amount(side: str) -> str:
        sums = rf"(?({side}cur)\s?(?i:{money})\b|(?!)))"
        return rf"(?:(?P<{side}cur>(?i:{signs}))\s?)?(?P<{side}num>{number})(?P<{side}mag>{magnitude}|{sums})?"

    words = either(rules.get("links", {}).get("range", ()))
    second = rf"(?:(?P<sep>\s?[-–—]\s?|\s+(?:{words})\s+){amount('b')})?"
    return re.compile(rf"(?<![\w/#@&.])(?=\d|{begins})(?<!\d[.,:-])(?<![A-Za-z]-)(?<!\d–){amount('a')}{second}")


def _qualifier(before: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """What may stand before a number: about, at least, up to, a total of, an article."""
    kinds = "|".join(
        rf"(?P<{kind}>{either(before.get(kind, ()))})" for kind in ("at_most", "at_least", "about", "total", "article")
    )
    return re.compile(rf"(?<![\w’'-])(?:{kinds})\s*\Z", re.I)


def _unit_next(rules: Mapping[str, Any]) -> re.Pattern[str]:
    names = [name for name in (*rules.get("currencies", {}), *rules.get("units", {})) if name[-1].isalpha()]
    return re.compile(
        rf"\s?(?P<sign>%)|[\s-]{{0,3}}(?P<unit>{either(names)})(?:s|es)?\b(?![’']s)(?:\s?/\s?\w{{1,12}})?", re.I
    )
