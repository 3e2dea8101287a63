"""Which state a word stands for: names, adjectives, capitals, seats of government, flag emoji.

A table of all states, read from the word lists of a language; it holds no state of affairs (no persons, no events).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from storycluster.text.rules import load_rules

SurfaceKind = Literal["name", "adjective", "capital", "seat"]

#: Flag emoji are pairs of these, one per letter of the two-letter code.
REGIONAL_A: Final = 0x1F1E6
LETTERS: Final = 26
_FLAG: Final = re.compile(f"[{chr(REGIONAL_A)}-{chr(REGIONAL_A + LETTERS - 1)}]{{2}}")


@dataclass(frozen=True, slots=True)
class Surface:
    """A wording and the state it stands for, or the union for which a city such as Brussels speaks."""

    wording: str
    state: str
    kind: SurfaceKind


@dataclass(frozen=True, slots=True)
class Countries:
    """All wordings of one language. ``halves``: wordings such as "the North" with the states they may mean."""

    surfaces: tuple[Surface, ...]
    names: frozenset[str]
    adjectives: Mapping[str, str]
    flags: Mapping[str, str]
    halves: Mapping[str, tuple[str, ...]]
    given_names: frozenset[str]


@cache
def load_countries(language: str = "en") -> Countries:
    """The table of a language; empty wordings (flags too) for a language without one.

    >>> {s.kind for s in load_countries("en").surfaces if s.state == "France" and s.wording == "Paris"}
    {'capital'}
    """
    rules = load_rules(language, "countries")
    entries: Mapping[str, Mapping[str, object]] = rules.get("countries", {})
    surfaces = tuple(_surfaces(entries)) + tuple(
        Surface(city, union, "capital") for city, union in rules.get("unions", {}).items()
    )
    return Countries(
        surfaces=surfaces,
        names=frozenset(s.wording for s in surfaces if s.kind == "name"),
        adjectives=MappingProxyType({s.wording: s.state for s in surfaces if s.kind == "adjective"}),
        flags=MappingProxyType({flag_of(str(entry["code"])): state for state, entry in entries.items()}),
        halves=MappingProxyType({word: tuple(states) for word, states in rules.get("halves", {}).items()}),
        given_names=frozenset(rules.get("given", {}).get("words", ())),
    )


def _surfaces(entries: Mapping[str, Mapping[str, object]]) -> Iterator[Surface]:
    for state, entry in entries.items():
        yield Surface(state, state, "name")
        for key, kind in _KINDS:
            for wording in _strings(entry.get(key)):
                yield Surface(wording, state, kind)
                if kind == "adjective" and not wording.endswith(_NO_PLURAL):
                    yield Surface(f"{wording}s", state, kind)


_NO_PLURAL: Final = ("s", "sh", "ch", "ese")
_KINDS: Final[tuple[tuple[str, SurfaceKind], ...]] = (
    ("also", "name"),
    ("adjectives", "adjective"),
    ("capitals", "capital"),
    ("seats", "seat"),
)


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(entry) for entry in value) if isinstance(value, list) else ()


def flag_of(code: str) -> str:
    """The flag emoji of a two-letter code.

    >>> [hex(ord(letter)) for letter in flag_of("FR")]
    ['0x1f1eb', '0x1f1f7']
    """
    return "".join(chr(REGIONAL_A + ord(letter) - ord("A")) for letter in code)


def find_flags(text: str, flags: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Start, end and state of each flag emoji of a text.

    >>> find_flags("Talks in 🇫🇷", load_countries("en").flags)
    [(9, 11, 'France')]
    """
    if text.isascii():
        return []
    return [(m.start(), m.end(), flags[m[0]]) for m in _FLAG.finditer(text) if m[0] in flags]
