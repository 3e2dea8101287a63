"""The patterns of dates of one language, compiled once from its word lists.

Says what a date looks like, never which day it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from storycluster.text.alternation import beginning, either
from storycluster.text.rules import CALENDAR, load_rules
from storycluster.text.wordset import rare_words

#: The words of a date are at most this far apart (a wrapped line adds an indent).
_S: Final = r"\s{1,6}"
_COMMA: Final = r"(?:\s?,)?\s{0,6}"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\w%]|\s?[.:]\d|,\d{3}(?!\d))"
_YEAR: Final = r"(?:1[0-9]|20)\d\d(?![\w%]|[.,:]\d|\s?(?:pct|percent|per|million|mln|billion|dlrs)\b|\s?[A-Z]{3}\b)"
_DASH: Final = r"\s?[-–—]\s?"


@dataclass(frozen=True, slots=True)
class DateWords:
    """Patterns by what they begin with, and the meaning of the words in them.

    ``cues`` are words without which a text without digits has no date.
    """

    cues: frozenset[str]
    anchor: re.Pattern[str]
    iso: re.Pattern[str]
    month_first: re.Pattern[str]
    day_first: re.Pattern[str]
    month: re.Pattern[str]
    year: re.Pattern[str]
    weekday: re.Pattern[str]
    named_day: re.Pattern[str]
    unit: re.Pattern[str]
    unit_end: re.Pattern[str]
    count: re.Pattern[str]
    prefix: re.Pattern[str]
    names_before: re.Pattern[str]
    names_after: re.Pattern[str]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    days: Mapping[str, int]
    units: Mapping[str, str]
    numbers: Mapping[str, int]
    sides: Mapping[str, str]
    previous: frozenset[str]
    next: frozenset[str]
    coming: frozenset[str]
    plain: frozenset[str]
    length: frozenset[str]
    exclusive: frozenset[str]
    longer: frozenset[str]
    week_of: frozenset[str]
    counted: re.Pattern[str]
    event: re.Pattern[str]


#: Lists of words that are looked up as they are.
_WORD_SETS: Final = ("previous", "next", "plain", "length", "exclusive", "longer", "week_of")

#: Lists of words that a date may begin with beside its names and units.
_BEGINNING: Final = ("previous", "next", "this", "vague_counts")


@cache
def date_words(language: str) -> DateWords | None:
    """The patterns of a language, None for a language without word lists.

    >>> bool(date_words("en").month_first.match("Oct. 8 to 13"))
    True
    """
    rules = load_rules(language, "dates")
    if not rules:
        return None
    words = rules["words"]
    names = _Names(rules)
    return DateWords(
        cues=names.cues(),
        anchor=names.anchor(),
        iso=re.compile(
            r"(?P<y>\d{4})([-/.])(?P<m>\d\d?)\2(?P<d>\d\d?)(?=T\d|(?![\w-]))|(?P<a>\d\d?)([./])(?P<b>\d\d?)\6(?P<z>\d{4})(?![\w-])"
        ),
        month_first=names.month_first(),
        day_first=names.day_first(),
        month=names.month_alone(),
        year=re.compile(
            rf"(?P<dec>(?:1[6-9]|20)\d0)\s?['’]?s\b"
            rf"|(?P<y>{_YEAR})(?:\s{{0,6}}(?P<how>{names.range}|[-–—/])\s{{0,6}}(?P<z>{_YEAR}|\d\d(?![\w%]|[.,:]\d)))?"
        ),
        weekday=names.weekday(),
        named_day=names.named_day(),
        unit=names.unit(),
        unit_end=re.compile(rf"end{_S}of{_S}(?P<mod>the|this|next|last){_S}(?P<unit>week|month|year|decade)\b", re.I),
        count=names.count(),
        prefix=names.prefix(),
        names_before=re.compile(rf"(?<![\w-])(?:{either(words['names_before'])})\s+\Z", re.I),
        names_after=re.compile(rf"\s+(?:{either(words['names_after'])})\b", re.I),
        months={**rules["months"], **rules["short_months"]},
        weekdays={**rules["weekdays"], **rules["short_weekdays"]},
        days=rules["days"],
        units=rules["units"],
        numbers=rules["numbers"],
        sides={word: side for side in ("at", "up_to", "onward") for word in words[side]},
        coming=frozenset(words["coming_prepositions"]),
        **{name: frozenset(words[name]) for name in _WORD_SETS},
        counted=re.compile(rf"\s+(?:{either(words['counted'])})\b"),
        event=re.compile(rf"(?:{either(rules['events']['days'])})\s+(?:{either(rules['events']['behind'])})\b", re.I),
    )


def _year_after(name: str) -> str:
    return rf"(?:{_COMMA}(?P<{name}>{_YEAR}))?"


def _year_of(name: str) -> str:
    return rf"(?:(?:\s?,)?{_S}(?:of{_S})?(?P<{name}>{_YEAR}))?"


def _capitalised(words: Iterable[str]) -> str:
    """An alternation of names as they are written: March, MARCH; never march."""
    return either(form for word in words for form in (word.capitalize(), word.upper()))


class _Names:
    """Builds the patterns of one language from its word lists."""

    def __init__(self, rules: Mapping[str, Mapping[str, object]]) -> None:
        self.rules = rules
        self.words: Mapping[str, list[str]] = rules["words"]  # type: ignore[assignment]  # tables of the TOML file
        self.month_names = rf"(?:(?:{_capitalised(rules['months'])})\b|(?:{_capitalised(rules['short_months'])})\b\.?)"
        self.weekday_names = rf"(?:{_capitalised(rules['weekdays'])})\b"
        self.short_weekdays = rf"(?:{_capitalised(rules['short_weekdays'])})\b\.?"
        self.range = either(self.words["range"])
        self.day_names = either(rules["days"])
        self.unit_names = either(rules["units"])
        self.numbers = either([*rules["numbers"], *self.words["vague_counts"]])

    def cues(self) -> frozenset[str]:
        """A name or a unit of time, of which every date without digits has one."""
        topics = (*CALENDAR, "days", "units")
        named = [word for topic in topics for word in self.rules[topic]]
        plurals = [f"{unit}s" for unit in self.rules["units"]]
        return rare_words([*named, *plurals, *self.words["parts_of_day"]])

    def anchor(self) -> re.Pattern[str]:
        """Every place where a date may begin; most texts are left by this pattern alone."""
        mods = either([*self.words["previous"], *self.words["next"], *self.words["this"]])
        parts = either(self.words["parts_of_day"])
        number = rf"(?:{self.numbers}|\d{{1,4}})"
        unit = rf"{mods}{_S}(?:(?:{number}[\s-]{{1,6}})?{self.unit_names}s?|{parts})\b|end{_S}of{_S}"
        half = rf"(?:-to-\d{{1,3}})?[\s-]{{1,6}}(?:and{_S}an?{_S}half{_S})?"
        count = rf"{self.numbers}{half}{self.unit_names}s?\b|{self.unit_names}s\b"
        names = (*CALENDAR, "days", "units", "numbers")
        lists = [*(self.rules[topic] for topic in names), *(self.words[kind] for kind in _BEGINNING)]
        first = beginning(["end", *(word for words in lists for word in words)])
        return re.compile(
            rf"(?<![\w$€£#@])(?=\d|{first})(?<!\d[.,:/-])(?:(?P<digit>\d)|(?P<month>{self.month_names})"
            rf"|(?P<weekday>{self.weekday_names}|{self.short_weekdays})"
            rf"|(?P<day>(?i:{self.day_names})\b)|(?P<unit>(?i:{unit}))|(?P<count>(?i:{count})))"
        )

    def month_first(self) -> re.Pattern[str]:
        joint = rf"(?:{_DASH}|{_S}(?P<how>{self.range}){_S})"
        second = rf"(?:{joint}(?:(?P<m2>{self.month_names})\s{{0,6}})?(?P<d2>{_DAY}){_year_after('y2')})?"
        return re.compile(rf"(?P<m>{self.month_names})\s{{0,6}}(?:the{_S})?(?P<d>{_DAY}){_year_after('y')}{second}")

    def day_first(self) -> re.Pattern[str]:
        second = rf"(?:{_DASH}|{_S}(?P<how>{self.range}){_S})(?P<d2>{_DAY})"
        both = rf"(?:{self._month_after('m', 'y')})?{second}{self._month_after('m2', 'y2')}"
        return re.compile(rf"(?P<d>{_DAY})(?:{both}|{self._month_after('m3', 'y3')})")

    def _month_after(self, month: str, year: str) -> str:
        return rf"{_S}(?:of{_S})?(?P<{month}>{self.month_names}){_year_after(year)}"

    def month_alone(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?P<m>{self.month_names}){_year_of('y')}(?:(?:{_DASH}|/|{_S}(?P<how>{self.range}){_S})(?P<m2>{self.month_names})(?!\s{{0,6}}\d{{1,2}}\b){_year_of('y2')})?(?![\w/])"
        )

    def weekday(self) -> re.Pattern[str]:
        part = either(self.words["parts_of_day"])
        return re.compile(
            rf"(?P<w>{self.weekday_names}|{self.short_weekdays})(?![\w-])(?:(?:{_DASH}|{_S}(?P<how>{self.range}){_S})(?P<w2>{self.weekday_names})(?!\w))?(?:{_S}(?:{part})\b)?"
        )

    def named_day(self) -> re.Pattern[str]:
        part = either(self.words["parts_of_day"])
        return re.compile(rf"(?P<day>{self.day_names})\b(?:\s(?:{part})\b)?", re.I)

    def unit(self) -> re.Pattern[str]:
        mods = either([*self.words["previous"], *self.words["next"], *self.words["this"]])
        part = either(self.words["parts_of_day"])
        some = rf"(?:(?P<n>\d{{1,4}}|{self.numbers})[\s-]{{1,6}})?"
        return re.compile(
            rf"(?P<mod>{mods}){_S}(?:(?P<part>{part})|{some}(?P<unit>{self.unit_names})(?P<many>s?))\b(?!-)", re.I
        )

    def count(self) -> re.Pattern[str]:
        after = either([*self.words["ago"], *self.words["anaphoric"]])
        return re.compile(
            rf"(?:(?P<n>\d{{1,4}}(?:[.,]\d{{1,3}})?|{self.numbers})(?:-to-\d{{1,3}})?[\s-]{{1,6}})?(?:and\s(?:a|one)\shalf\s)?(?P<unit>{self.unit_names})(?P<many>s?)(?P<old>[\s-]{{1,6}}(?:old|olds|of\sage)\b)?(?![\w-])(?:{_S}(?P<after>{after})\b)?",
            re.I,
        )

    def prefix(self) -> re.Pattern[str]:
        """What belongs to a date before its first word: shade, preposition, modifier."""
        prepositions = either(
            [
                *self.words["at"],
                *self.words["up_to"],
                *self.words["onward"],
                *self.words["between"],
                *self.words["duration_prepositions"],
            ]
        )
        shades = either(self.words["shades"])
        mods = either([*self.words["previous"], *self.words["next"], *self.words["this"]])
        approximate = either(self.words["approximate"])
        return re.compile(
            rf"(?<![\w’'-])(?:(?:(?P<early>{shades})\s+)?(?P<prep>{prepositions})\s+)?(?:the\s+)?(?:(?P<shade>{shades})(?:\s+|(?<=-)))?(?:(?P<approx>{approximate})\s+){{0,2}}(?:(?P<mod>{mods})\s+)?\Z",
            re.I,
        )
