"""When two spellings are one name: a skeleton that folds transliterations, and a comparison part by part.

Strings alone are never enough: equal numbers of parts, each part close, no gender ending or other given name
in between. It never decides on surnames alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import zip_longest
from types import MappingProxyType
from typing import Final

from rapidfuzz.distance import Levenshtein

from storycluster.text.rules import load_rules

#: Written differently by transliteration only; applied in order to the folded letters.
_FOLDS: Final = (
    ("ph", "f"),
    ("kh", "h"),
    ("gh", "g"),
    ("dh", "d"),
    ("ck", "k"),
    ("q", "k"),
    ("w", "v"),
    ("eo", "o"),
    ("oo", "u"),
    ("ou", "u"),
    ("eu", "u"),
    ("i", "y"),
    ("yj", "y"),
    ("ł", "l"),
    ("ø", "o"),
    ("đ", "d"),
    ("ß", "s"),
)
_DOUBLED: Final = re.compile(r"(.)\1+")
_NO_LETTER: Final = re.compile(r"[^\w]|_")
_VOWELS: Final = frozenset("aeiouy")
#: One vowel for another inside a part, as transliterations differ (Suk/Seok, Mohamad/Mohamed); not a/o (Mario/Maria).
_SWAPS: Final = frozenset({frozenset("ou"), frozenset("ey"), frozenset("ea")})
#: A vowel or h more or less is a spelling only in longer parts (Jon is not John for certain, Mohmed is Mohamed).
LONG_PART: Final = 5
SHORTEST_SWAP: Final = 3
_SEPARATORS: Final = re.compile(r"[\s\-‐‑]+")
_PARTICLES: Final = re.compile(
    r"\b(?:(?:von|van|der|den|de|la|da|do|dos|das|del|della|di|du|le|ter|ten|zu|af|av|bin|ibn|al|el)\s|(?:[Aa]l|[Ee]l|ul|an|as|ad|ash)-)"
)
SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})

#: The parts of so many names are kept; an article repeats its names, and so do the steps that join them.
KEPT_NAMES: Final = 4096


@dataclass(frozen=True, slots=True)
class GivenNames:
    """Given names of a language's lists, and the class of those that are spellings of each other."""

    known: frozenset[str]
    classes: Mapping[str, str]


@cache
def load_given_names(language: str = "en") -> GivenNames:
    """Given names, folded to skeletons.

    >>> names = load_given_names("en")
    >>> names.classes[skeleton("Muhammad")] == names.classes[skeleton("Mohamed")]
    True
    """
    rules = load_rules(language, "names").get("given", {})
    classes: dict[str, str] = {}
    for group in rules.get("equal", ()):
        for name in group:
            classes.setdefault(skeleton(name), skeleton(group[0]))
    return GivenNames(
        known=frozenset(skeleton(name) for name in rules.get("names", "").split()), classes=MappingProxyType(classes)
    )


@lru_cache(maxsize=KEPT_NAMES)
def skeleton(part: str) -> str:
    """One part of a name with accents, doubled letters and usual transliterations folded.

    >>> skeleton("Moon") == skeleton("Mun"), skeleton("Kovalskyy") == skeleton("Kovalsky")
    (True, True)
    """
    folded = part.casefold()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    if not folded.isalnum():
        folded = _NO_LETTER.sub("", folded)
    for old, new in _FOLDS:
        folded = folded.replace(old, new)
    return _DOUBLED.sub(r"\1", folded)


@lru_cache(maxsize=KEPT_NAMES)
def name_parts(name: str) -> tuple[str, ...]:
    """Skeletons of the parts of a personal name; initials, suffixes and particles (von, al-) are left out.

    >>> name_parts("Lee Jong-un") == name_parts("Lee Jong Un")
    True
    """
    parts = [part for part in _SEPARATORS.split(_PARTICLES.sub("", name)) if part] or [name]
    full = [s for s in (skeleton(part) for part in parts) if len(s) > 1 and s not in SUFFIXES]
    return tuple(full) if full else tuple(s for s in map(skeleton, parts) if s)


def initials_and_suffixes(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """What ``name_parts`` leaves out: middle initials, and Jr, Sr, II.

    >>> initials_and_suffixes("Martin L. King Jr.")
    (frozenset({'l'}), frozenset({'jr'}))
    """
    folded = [skeleton(part) for part in re.split(r"[\s\-]+|(?<=\.)(?=\w)", name) if part]
    return frozenset(s for s in folded if len(s) == 1), frozenset(s for s in folded if s in SUFFIXES)


def frame_of(parts: Sequence[str], given: GivenNames) -> tuple[str, ...]:
    """A key equal for all spellings that ``same_name`` could join: first letter and consonants of each part.

    >>> names = load_given_names("en")
    >>> frame_of(name_parts("Jeong Suk"), names) == frame_of(name_parts("Jong-sok"), names)
    True
    """
    return tuple(_frame(given.classes.get(part, part)) for part in parts)


def _frame(part: str) -> str:
    return part[:1] + "".join(c for c in part[1:] if c not in _VOWELS and c != "h")


def same_name(first: str, second: str, *, given: GivenNames) -> bool:
    """Whether two full names are spellings of one: equal number of parts, each part close, no contrary initial.

    >>> same_name("Moon Jeong Suk", "Mun Jong-sok", given=load_given_names("en"))
    True
    >>> same_name("Kim Yong Hmun", "Lee Jong Un", given=load_given_names("en"))
    False
    """
    ours, theirs = name_parts(first), name_parts(second)
    if len(ours) != len(theirs) or len(ours) < 2 or not _compatible(first, second):
        return False
    if sorted(ours) == sorted(theirs) and len(ours) > 2:
        return True
    return all(part_close(a, b, given=given) for a, b in zip_longest(ours, theirs))


def _compatible(first: str, second: str) -> bool:
    initials_a, suffixes_a = initials_and_suffixes(first)
    initials_b, suffixes_b = initials_and_suffixes(second)
    contrary = (initials_a and initials_b and initials_a != initials_b) or (
        suffixes_a and suffixes_b and suffixes_a != suffixes_b
    )
    return not contrary


def part_close(first: str, second: str, *, given: GivenNames) -> bool:
    """Whether two skeletons of one part are spellings of each other.

    >>> part_close("suk", "sok", given=load_given_names("en")), part_close("hmun", "un", given=load_given_names("en"))
    (True, False)
    """
    if first == second:
        return True
    classes = given.classes
    if first in classes and classes[first] == classes.get(second):
        return True
    if first in given.known and second in given.known:
        return False
    if first[:1] != second[:1] or first[-1:] != second[-1:] or Levenshtein.distance(first, second, score_cutoff=1) > 1:
        return False
    return _is_spelling_edit(first, second)


def _is_spelling_edit(first: str, second: str) -> bool:
    at = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second)))
    if len(first) == len(second):
        return len(first) >= SHORTEST_SWAP and frozenset((first[at], second[at])) in _SWAPS
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    return len(shorter) >= LONG_PART and (longer[at] in _VOWELS or longer[at] == "h")
