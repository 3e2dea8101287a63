"""Names of persons, countries, bodies and places in a text, with their wordings joined. Rules and lists, no model.

Works on capitals and tables; a language without word lists gets words with capitals only. It never guesses a name
from a capital that may only begin a sentence or belong to a headline in title case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import Final

from storycluster.text.names.capitals import Run, Word, find_runs, fold_case, words_in_lower_case
from storycluster.text.names.chunks import Chunk, find_chunks
from storycluster.text.names.cities import is_city
from storycluster.text.names.countries import find_flags, load_countries
from storycluster.text.names.descriptions import find_descriptions, widen_regions
from storycluster.text.names.joins import join_article
from storycluster.text.names.kinds import Name
from storycluster.text.names.rules import NameRules, load_name_rules
from storycluster.text.names.segments import find_segments, first_segment

_HANDLE: Final = re.compile(r"(?<![\w@.])@\w{2,30}")
_DISPLAY_NAME: Final = re.compile(r"\s\((@\w{2,30})\)")
_ACRONYM: Final = re.compile(r"\s?\s(?:\(|-LRB- )(?:the |or )?[\"“‘']?([^\W\d_a-z][\w.&-]{1,9})[\"”’']?(?:\)| -RRB-)")
_POSSESSIVE_GAP: Final = re.compile(r"\s?['’]s?\s\Z")
_PARTICLES: Final = (
    "von", "van", "der", "den", "ter", "ten", "bin", "ibn", "de", "la", "del", "di", "da", "dos", "al", "el",
)  # fmt: skip
_PARTICLES_BEFORE: Final = re.compile(rf"(?:\b(?:{'|'.join(_PARTICLES)})\s){{1,3}}\Z")
_PARTICLE_REACH: Final = 12
_PLACE: Final = attrgetter("start", "end")


class _Seen:
    """What the rest of the article tells of a capital word, looked for once it is asked for."""

    def __init__(self, text: str, runs: Sequence[Run]) -> None:
        self._text, self._runs = text, runs

    @cached_property
    def inside(self) -> frozenset[str]:
        """Words with a capital inside a sentence."""
        return frozenset(
            word.text for run in self._runs if run.line == "prose" for word in run.words if not word.initial
        )

    @cached_property
    def _lower(self) -> frozenset[str]:
        return words_in_lower_case(self._text)

    def has_lower(self, word: str) -> bool:
        """Whether a word also stands without a capital."""
        folded = word.casefold()
        return folded in self._text and folded in self._lower


def find_names(text: str, *, language: str = "en") -> list[Name]:
    """Names of one article's text in order; no two overlap.

    >>> [(n.text, n.kind, n.canonical) for n in find_names("President Ana Silva met Mr. Silva's critics in Paris.")]
    [('Ana Silva', 'person', 'Ana Silva'), ('Silva', 'person', 'Ana Silva'), ('Paris', 'place', 'Paris')]
    """
    rules = load_name_rules(language)
    runs = list(find_runs(text, rules.joints))
    chunks = list(_find_chunks(text, runs, _Seen(text, runs), rules))
    names = [_name_of(text, chunk) for chunk in _decide_cities(text, chunks, rules, language)]
    names = [name for name in names if name.text not in rules.no_names or name.canonical != name.text]
    names += [Name(start, end, text[start:end], "country", state) for start, end, state in _flags(text, language)]
    spelled = _spell_out(text, widen_regions(text, sorted(names, key=_PLACE), language=language))
    joined = join_article(spelled, language=language)
    extra = [*find_descriptions(text, chunks, joined, language=language), *_handles(text, joined)]
    return sorted([*joined, *extra], key=_PLACE)


def _flags(text: str, language: str) -> list[tuple[int, int, str]]:
    return find_flags(text, load_countries(language).flags)


def _find_chunks(text: str, runs: Sequence[Run], seen: _Seen, rules: NameRules) -> Iterator[Chunk]:
    last: Chunk | None = None
    for run in runs:
        if len(run.words) == 1 and len(run.words[0].text) == 1:
            continue  # a letter names nothing
        for part in _trusted(text, run, seen, rules):
            owner = last.canonical if last and last.kind == "country" and _owns(text, last, part) else None
            for chunk in find_chunks(text, part, rules, country=owner):
                last = _with_particles(text, chunk)
                yield last


def _owns(text: str, last: Chunk, run: Run) -> bool:
    return _POSSESSIVE_GAP.fullmatch(text, last.end, run.words[0].start) is not None


def _with_particles(text: str, chunk: Chunk) -> Chunk:
    if chunk.canonical or chunk.kind not in {"person", "other", "place"}:
        return chunk
    floor = max(0, chunk.start - _PARTICLE_REACH)
    if not text[floor : chunk.start].rstrip().endswith(_PARTICLES):
        return chunk
    before = _PARTICLES_BEFORE.search(text, floor, chunk.start)
    return chunk._replace(start=before.start(), kind="person") if before else chunk


def _trusted(text: str, run: Run, seen: _Seen, rules: NameRules) -> Iterator[Run]:
    """The parts of a run whose capitals mean a name."""
    if run.line == "prose":
        trusted = [_keeps_first(text, run, seen, rules)]
        trusted += [not _is_common_after_stop(before, word, seen) for before, word in pairwise(run.words)]
    else:
        trusted = _known_words(text, run, seen, rules)
    if all(trusted):
        yield run
        return
    kept: list[Word] = []
    for word, keep in zip(run.words, trusted, strict=True):
        if keep:
            kept.append(word)
        elif kept:
            yield Run(tuple(kept), run.line)
            kept = []
    if kept:
        yield Run(tuple(kept), run.line)


def _is_common_after_stop(before: Word, word: Word, seen: _Seen) -> bool:
    """Whether a word has its capital only from the full stop of "U.S." before it."""
    return before.text[-1] == "." and len(before.text) > 2 and seen.has_lower(word.text)


def _keeps_first(text: str, run: Run, seen: _Seen, rules: NameRules) -> bool:
    word = run.words[0]
    if not word.initial or word.text in seen.inside:
        return True
    first = first_segment(text, run, rules)
    if first.canonical or first.kind in {"title", "other_title", "given"}:
        return True
    if seen.has_lower(word.text) or word.text.endswith("ing"):
        return False
    goes_on = len(run.words) > 1 and text[word.end : run.words[1].start].isspace()
    if goes_on or first.kind == "org_head":
        return goes_on
    if (word.text.isupper() and len(word.text) > 1) or not word.text[1:].islower():
        return True
    following = text[word.end : word.end + 16].split(maxsplit=1)[:1]
    return bool(following) and following[0] in rules.subject_verbs and not word.text.endswith("s")


def _known_words(text: str, run: Run, seen: _Seen, rules: NameRules) -> list[bool]:
    """Which words of a headline are names: known wordings, names of the prose, a given name and what follows."""
    keep = [False] * len(run.words)
    shown = fold_case(run.words) if run.line == "capitals" else [word.text for word in run.words]
    for segment in find_segments(text, run, rules):
        for at, word in enumerate(run.words):
            if segment.start <= word.start < segment.end:
                known = bool(segment.canonical) or (shown[at] in seen.inside and not seen.has_lower(shown[at]))
                keep[at] = keep[at] or known or segment.kind == "title"
                if segment.kind == "given" and at + 1 < len(keep) and run.line == "title":
                    keep[at] = keep[at + 1] = True
    return keep


def _decide_cities(text: str, chunks: Sequence[Chunk], rules: NameRules, language: str) -> Iterator[Chunk]:
    countries = load_countries(language)
    named = {chunk.canonical for chunk in chunks if chunk.kind == "country" and not chunk.capital}
    for chunk in chunks:
        wording = text[chunk.start : chunk.end]
        if chunk.capital and is_city(
            text,
            chunk.start,
            chunk.end,
            words=rules.city,
            countries=countries.names,
            state_is_named=chunk.canonical in named,
        ):
            yield chunk._replace(kind="place", canonical=wording)
            continue
        half = [state for state in countries.halves.get(f"the {wording}", ()) if state in named]
        if half and text[max(0, chunk.start - 4) : chunk.start].casefold() == "the ":
            yield chunk._replace(kind="country", canonical=half[0])
        else:
            yield chunk


def _name_of(text: str, chunk: Chunk) -> Name:
    wording = text[chunk.start : chunk.end]
    canonical = chunk.canonical or " ".join(wording.split()).removeprefix("The ")
    return Name(chunk.start, chunk.end, wording, chunk.kind, canonical)


def _spell_out(text: str, names: Sequence[Name]) -> list[Name]:
    """Acronyms given in brackets after a name become that name everywhere in the text."""
    longer: dict[str, str] = {}
    for name in names:
        match = _ACRONYM.match(text, name.end, name.end + 20) if name.kind in {"org", "other"} else None
        if match and _is_acronym(match[1], name.text):
            longer.setdefault(match[1], name.canonical)
    if not longer:
        return list(names)
    bodies = frozenset(longer.values())
    return [
        n._replace(kind="org", canonical=longer[n.text]) if n.text in longer else _as_body(n, bodies) for n in names
    ]


def _as_body(name: Name, bodies: frozenset[str]) -> Name:
    return name._replace(kind="org") if name.kind == "other" and name.canonical in bodies else name


def _is_acronym(short: str, name: str) -> bool:
    letters = [c for c in short.casefold() if c.isalpha()]
    initials = [word[0].casefold() for word in re.split(r"[\s-]+", name) if word]
    at = 0
    for initial in initials:
        if at < len(letters) and initial == letters[at]:
            at += 1
    return at == len(letters) and short[:1].isupper()


def _handles(text: str, names: Sequence[Name]) -> Iterator[Name]:
    """Handles such as "@desk", as the person they are shown for where the text says so."""
    if "@" not in text:
        return
    shown = {}
    for name in names:
        match = _DISPLAY_NAME.match(text, name.end, name.end + 40)
        if match:
            shown[match[1]] = name
    for match in _HANDLE.finditer(text):
        owner = shown.get(match[0])
        yield Name(
            match.start(),
            match.end(),
            match[0],
            owner.kind if owner else "other",
            owner.canonical if owner else match[0],
        )
