"""Which names are one: a surname and its full name in an article, spellings of one name over articles.

Joins only where it is certain: full names part by part, a surname where one full name carries it, an acronym
where an article spells it out. Two people with one family name are never one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from storycluster.text.names.kinds import Name, NameKind
from storycluster.text.names.rules import load_name_rules
from storycluster.text.names.spelling import GivenNames, frame_of, load_given_names, name_parts, same_name

#: A surname alone joins a full name of another article only from this length on (Kim, Li, Wang stay apart).
LONG_SURNAME: Final = 5
#: So many names with the same consonants are compared; hostile text has more, news has two or three.
MAX_SAME_FRAME: Final = 32
_PERSONAL: Final = frozenset({"person", "other"})
_SHORT_KINDS: Final = frozenset({"person", "other", "place"})
#: Two spellings of English, folded where bodies are compared.
_SPELLINGS: Final = (
    (re.compile(r"defence"), "defense"),
    (re.compile(r"organis"), "organiz"),
    (re.compile(r"\bthe "), ""),
)


class FullNames:
    """Full names so far: the first wording of each, by spelling frame, surname and given name."""

    def __init__(self, given: GivenNames) -> None:
        self.given = given
        self._known: dict[str, str] = {}
        self._by_frame: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self._by_surname: dict[str, list[str]] = defaultdict(list)
        self._by_first: dict[str, list[str]] = defaultdict(list)

    def add(self, wording: str) -> str:
        """The wording all spellings of this full name are known by: an earlier spelling, else itself."""
        if wording not in self._known:
            self._known[wording] = self._place(wording)
        return self._known[wording]

    def _place(self, wording: str) -> str:
        parts = name_parts(wording)
        same_frame = self._by_frame[frame_of(parts, self.given)]
        for known in same_frame[:MAX_SAME_FRAME]:
            if same_name(known, wording, given=self.given):
                return known
        same_frame.append(wording)
        for surname in self.surnames(wording):
            self._by_surname[surname].append(wording)
        self._by_first[parts[0]].append(wording)
        return wording

    def surnames(self, wording: str) -> list[str]:
        """What a person is called by alone: the last part, and the first where that is no given name."""
        parts = name_parts(wording)
        return [parts[-1]] if parts[0] in self.given.known else [parts[-1], parts[0]]

    def with_surname(self, surname: str) -> list[str]:
        """Full names that carry a surname, in the order they were added."""
        return self._by_surname.get(surname, [])

    def with_given(self, first: str) -> list[str]:
        """Full names that begin with a given name."""
        return self._by_first.get(first, []) if first in self.given.known else []


def join_article(names: Sequence[Name], *, language: str = "en") -> list[Name]:
    """The names of one article, in order, wordings of one name sharing a canonical form.

    >>> names = [Name(0, 9, "Ana Silva", "person", "Ana Silva"), Name(20, 25, "Silva", "other", "Silva")]
    >>> [(name.kind, name.canonical) for name in join_article(names)]
    [('person', 'Ana Silva'), ('person', 'Ana Silva')]
    """
    if len(names) < 2:
        return list(names)
    full = FullNames(load_given_names(language))
    named = [n._replace(canonical=full.add(n.canonical)) if _is_full(n) else n for n in names]
    kinds, bodies = _kinds(named), _body_starts(named, language)
    latest: dict[str, str] = {}
    joined: list[Name] = []
    for name in named:
        if _is_full(name):
            latest.update(dict.fromkeys(full.surnames(name.canonical), name.canonical))
            joined.append(name)
        elif name.canonical != name.text or name.kind == "country":
            joined.append(name)
        else:
            joined.append(_join_short(name, full, latest, kinds, bodies))
    certain = _kinds(joined)
    return [
        n._replace(kind=certain[n.canonical]) if n.kind == "other" and n.canonical in certain else n for n in joined
    ]


def _is_full(name: Name) -> bool:
    return name.kind in _PERSONAL and len(name_parts(name.canonical)) > 1


def _kinds(names: Iterable[Name]) -> dict[str, NameKind]:
    """The kind of each canonical form that has one other than "other"."""
    kinds: dict[str, NameKind] = {}
    for name in names:
        if name.kind != "other":
            kinds.setdefault(name.canonical, name.kind)
    return kinds


def _body_starts(names: Sequence[Name], language: str) -> dict[str, str]:
    """Short forms of companies: "Fortune" for "Fortune Systems Corp", only where one company begins so."""
    companies = load_name_rules(language).companies
    starts: dict[str, set[str]] = defaultdict(set)
    for name in names:
        words = name.canonical.split() if name.kind == "org" else [""]
        if words[-1] in companies:
            for count in range(1, len(words)):
                if count > 1 or len(words) == 2 or not words[0].isupper():
                    starts[" ".join(words[:count]).casefold()].add(name.canonical)
    return {start: min(found) for start, found in starts.items() if len(found) == 1}


def _join_short(
    name: Name, full: FullNames, latest: Mapping[str, str], kinds: Mapping[str, NameKind], bodies: Mapping[str, str]
) -> Name:
    """A surname with the last full name that carries it, else the next one; else a body that begins so."""
    parts = name_parts(name.text)
    if name.kind in _SHORT_KINDS and len(parts) == 1:
        later, given = full.with_surname(parts[0])[:1], full.with_given(parts[0])
        known = latest.get(parts[0]) or (later[0] if later else given[0] if len(given) == 1 else None)
        if known and (name.kind != "place" or kinds.get(known) == "person"):
            return name._replace(canonical=known, kind=kinds.get(known, name.kind))
    body = bodies.get(name.canonical.casefold()) if name.kind in {"org", "other"} else None
    return name._replace(canonical=body, kind="org") if body else name


def join_names(per_article: Mapping[str, Sequence[Name]], *, language: str = "en") -> dict[tuple[str, str], str]:
    """For each (article, canonical) the canonical form over all these articles; the same in any order of input.

    >>> moon = Name(0, 13, "Moon Jeong Suk", "person", "Moon Jeong Suk")
    >>> mun = Name(0, 12, "Mun Jong-sok", "person", "Mun Jong-sok")
    >>> join_names({"a": [moon], "b": [mun], "c": [moon]})["b", "Mun Jong-sok"]
    'Moon Jeong Suk'
    """
    counts = Counter(key for names in per_article.values() for key in {(n.kind, n.canonical) for n in names})
    full = FullNames(load_given_names(language))
    table = _join_people(counts, full)
    table |= _join_bodies(counts, per_article)
    return {
        (article, name.canonical): table.get(name.canonical, name.canonical)
        for article, names in per_article.items()
        for name in names
    }


def _join_people(counts: Mapping[tuple[NameKind, str], int], full: FullNames) -> dict[str, str]:
    table: dict[str, str] = {}
    shorts: list[tuple[NameKind, str]] = []
    people = {canonical for kind, canonical in counts if kind == "person"}
    for (kind, canonical), _ in sorted(counts.items(), key=lambda item: (-item[1], item[0][1], item[0][0])):
        if kind in _PERSONAL and len(name_parts(canonical)) > 1:
            table.setdefault(canonical, full.add(canonical))
        elif kind in _PERSONAL:
            shorts.append((kind, canonical))
    for kind, canonical in shorts:
        (part,) = name_parts(canonical) or ("",)
        known = full.with_surname(part)
        certain = len(known) == 1 and known[0] in people
        spelled = kind == "person" or (certain and canonical.casefold() in known[0].casefold().split())
        if certain and spelled and len(part) >= LONG_SURNAME and part not in full.given.known:
            table.setdefault(canonical, known[0])
    return table


def _join_bodies(
    counts: Mapping[tuple[NameKind, str], int], per_article: Mapping[str, Sequence[Name]]
) -> dict[str, str]:
    """Bodies that differ in case or spelling only, and acronyms that one body alone is known by."""
    spelled: dict[str, set[str]] = defaultdict(set)
    for names in per_article.values():
        for name in names:
            if name.kind == "org" and name.canonical != name.text and name.text.isupper():
                spelled[name.text].add(name.canonical)
    table = {short: min(found) for short, found in spelled.items() if len(found) == 1}
    first: dict[str, str] = {}
    for (kind, canonical), _ in sorted(counts.items(), key=lambda item: (-item[1], item[0][1], item[0][0])):
        if kind == "org":
            longer = table.get(canonical, canonical)
            table[canonical] = first.setdefault(_fold_body(longer), longer)
    return table


def _fold_body(name: str) -> str:
    folded = name.casefold()
    for pattern, plain in _SPELLINGS:
        folded = pattern.sub(plain, folded)
    return folded
