"""How the parts of a run make up names: "NATO Secretary General Mark Olsen" is a body, a title and a person.

Works on one run and the few words around it; joining wordings of one name over the text is done elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from storycluster.text.names.capitals import LineKind, Run
from storycluster.text.names.kinds import NameKind
from storycluster.text.names.rules import NameRules
from storycluster.text.names.segments import Segment, find_segments

MAX_PERSON_WORDS: Final = 5
#: The lower-case words around a run that tell its kind are looked for this far.
CONTEXT_REACH: Final = 40
WORD_REACH: Final = 28

_COUNTRY_KINDS: Final = frozenset({"name", "adjective", "seat"})
_KNOWN_KINDS: Final = frozenset({"name", "adjective", "capital", "seat", "org", "place"})
_PLAIN_KINDS: Final = frozenset({"word", "given"})
_HEAD_KINDS: Final = frozenset({"org_head", "other_title", "place_head"})
_WORD_BEFORE: Final = re.compile(r"([^\W\d_][\w-]{0,24}+)[\s,(\"“]{1,3}+\Z")
_ROLE_AFTER: Final = re.compile(
    r",\s(?:(?:the|a|an|his|her|its|their|who|former|first|deputy)\s){0,3}(?:[\w-]{1,20}\s){0,2}([^\W\d_-]{1,20}),?\b"
)
_WORDS_AFTER: Final = re.compile(r"(?:,? (\d{1,3}),)|(?:'s|’s)?,?\s([^\W\d_]{1,24})")
_DEFINITE: Final = ("the ", "'s ", "’s ")
_PLACE_BEFORE: Final = frozenset({"in", "near", "at", "outside", "across", "around", "inside", "toward", "towards"})


class Chunk(NamedTuple):
    """A name in the text, not yet joined with others. ``canonical`` where known; ``office`` the title before it."""

    start: int
    end: int
    kind: NameKind
    canonical: str | None
    capital: bool = False
    office: tuple[str, str] | None = None


def find_chunks(text: str, run: Run, rules: NameRules, *, country: str | None = None) -> list[Chunk]:
    """The names of a run in order; ``country`` is the one whose possessive stands right before the run."""
    segments = find_segments(text, run, rules)
    if len(segments) == 1 and segments[0].kind in _KNOWN_KINDS:
        return [_known(segments[0])]
    builder = _Builder(text, run.line, segments, rules, country)
    alone = len(segments) == 1 and segments[0].kind in _PLAIN_KINDS
    found = [builder.compound(segments, ())] if alone else builder.build()
    return [chunk for chunk in found if chunk.canonical or chunk.end - chunk.start > 1]


def _known(part: Segment) -> Chunk:
    kind: NameKind = "org" if part.kind == "org" else "place" if part.kind == "place" else "country"
    return Chunk(part.start, part.end, kind, part.canonical, capital=part.kind == "capital")


class _Builder:
    """Reads the parts of one run from left to right and keeps what may still belong together."""

    def __init__(
        self, text: str, line: LineKind, segments: Sequence[Segment], rules: NameRules, country: str | None
    ) -> None:
        self.text, self.rules, self.line = text, rules, line
        self.segments = segments
        self.pending: list[Segment] = []
        self.title: Sequence[Segment] = []
        self.country = country

    def build(self) -> Iterator[Chunk]:
        at = 0
        titled = any(segment.kind == "title" for segment in self.segments)
        while at < len(self.segments):
            chain = self._title_length(at) if titled else 0
            segment = self.segments[at]
            if chain:
                yield from self.flush()
                self.title = self.segments[at : at + chain]
                at += chain
                continue
            if (segment.linked or segment.kind == "org") and self._goes_on_as_body(at):
                self.pending.append(segment)
            elif segment.kind in {"org", "seat"} or self._is_cut(segment):
                yield from self.flush()
                self.pending.append(segment)
                if segment.kind in {"org", "seat"}:
                    yield from self.flush()
            else:
                self.pending.append(segment)
            at += 1
        yield from self.flush()

    def _title_length(self, at: int) -> int:
        """How many parts from here on are a title before a name, 0 where this is no title."""
        stop = at
        while stop < len(self.segments) and (self._is_title(stop) or (stop > at and self._is_portfolio(stop))):
            stop += 1
        heads = any(segment.kind == "title" for segment in self.segments[at:stop])
        if not heads or (stop < len(self.segments) and self.segments[stop].kind == "org_head"):
            return 0
        if stop == len(self.segments) and any(s.kind == "given" for s in self.pending):
            return 0
        return stop - at

    def _is_title(self, at: int) -> bool:
        segment = self.segments[at]
        if segment.kind == "org_head":
            following = self.segments[at + 1].kind if at + 1 < len(self.segments) else ""
            return following == "title" and self.text[segment.start : segment.end] in self.rules.title_others
        return segment.kind in {"title", "other_title"}

    def _is_portfolio(self, at: int) -> bool:
        """Whether a part belongs to a title: "of State", "for Foreign Affairs"."""
        return (
            self.segments[at].linked in {"of", "for", "of the", "for the"} and self.segments[at].kind == "other_title"
        )

    def _goes_on_as_body(self, at: int) -> bool:
        """Whether a part goes on with the name of a body or place: "of Foreign Affairs", "Group" after a body."""
        segment = self.segments[at]
        if segment.kind == "org" and at + 1 < len(self.segments) and self.segments[at + 1].kind == "org_head":
            return True
        if not self.pending or not segment.linked or self._is_particle(segment):
            return False
        has_head = any(s.kind in {"org_head", "place_head"} for s in self.pending)
        if segment.linked == "and":
            open_link = any(s.linked for s in self.pending)
            return has_head and segment.kind in {"word", "other_title"} and open_link
        return has_head and (segment.kind != "org" or segment.linked != "on")

    def _is_cut(self, segment: Segment) -> bool:
        """Whether a new name begins here."""
        if not self.pending:
            return False
        if segment.linked == "and" and self._is_double_body(segment):
            return False
        if segment.linked and not self._is_particle(segment):
            named = self.pending[0].kind == "given" or len(self.pending) > 1
            known_before = self.pending[-1].kind in _KNOWN_KINDS or named
            return known_before or segment.kind in _KNOWN_KINDS or segment.linked not in {"of", "of the"}
        if segment.kind == "adjective":
            return True
        last_is_body = self.pending[-1].kind == "org_head"
        return last_is_body and segment.kind in {"given", "name", "capital"}

    def _is_particle(self, segment: Segment) -> bool:
        return all(word in self.rules.joints.particles for word in segment.linked.split())

    def _is_double_body(self, segment: Segment) -> bool:
        """Whether "and" stands inside the name of a body: "Food and Drug Administration"."""
        if len(self.pending) > 1 or self.pending[0].kind not in {"word", "other_title"}:
            return False
        at = self.segments.index(segment)
        while at < len(self.segments) and self.segments[at].kind in {"word", "other_title"}:
            at += 1
        return at < len(self.segments) and self.segments[at].kind == "org_head" and self._is_definite()

    def _is_definite(self) -> bool:
        before = self.text[max(0, self.pending[0].start - len(_DEFINITE[0])) : self.pending[0].start]
        return before.casefold().endswith(_DEFINITE)

    def flush(self) -> Iterator[Chunk]:
        parts, title = self.pending, self.title
        self.pending, self.title = [], []
        parts = [p for p in parts if p.kind != "title" or len(parts) > 1]
        while parts and parts[0].kind in _COUNTRY_KINDS and self._stands_alone(parts):
            self.country = parts[0].canonical
            yield Chunk(parts[0].start, parts[0].end, "country", parts[0].canonical)
            parts = parts[1:]
        if not parts or (len(parts) == 1 and parts[0].kind in _HEAD_KINDS):
            yield from self._lone_head(parts)
            return
        if all(part.kind in _KNOWN_KINDS for part in parts):
            yield from map(_known, parts)
            return
        yield self.compound(parts, title)

    def _stands_alone(self, parts: Sequence[Segment]) -> bool:
        """Whether the country at the front is a name of its own and no part of what follows."""
        first, rest = parts[0], parts[1:]
        if not rest or first.kind == "seat":
            return True
        if rest[-1].kind == "org_head" and self.text[rest[-1].start : rest[-1].end] in self.rules.organs:
            return True
        if rest[0].kind == "given":
            return True
        is_name = all(part.kind in {"word", "given"} for part in rest)
        return first.kind == "adjective" and is_name and len(rest) > 1

    def _lone_head(self, parts: Sequence[Segment]) -> Iterator[Chunk]:
        """A bare "Foreign Ministry" or "Navy" is a name only where its country stands before it."""
        for part in parts:
            wording = self.text[part.start : part.end]
            if part.kind == "org_head" and self.country and wording in self.rules.organs:
                yield Chunk(part.start, part.end, "org", f"{wording} ({self.country})")

    def compound(self, parts: Sequence[Segment], title: Sequence[Segment]) -> Chunk:
        """One name of several parts, or of one that is no known name and no head."""
        start, end = parts[0].start, parts[-1].end
        wording = self.text[start:end]
        kind = self._kind(parts, title)
        canonical = None
        if kind == "org":
            canonical = self._body_name(parts, wording)
        office = (self.country or "", self._title_text(title)) if kind == "person" and title else None
        return Chunk(start, end, kind, canonical, office=office)

    def _title_text(self, title: Sequence[Segment]) -> str:
        return self.text[title[0].start : title[-1].end].casefold().replace("-", " ")

    def _body_name(self, parts: Sequence[Segment], wording: str) -> str | None:
        if parts[0].kind == "org" and parts[0].canonical:
            return f"{parts[0].canonical}{self.text[parts[0].end : parts[-1].end]}"
        last = self.text[parts[-1].start : parts[-1].end]
        generic = all(p.kind in {"other_title", "org_head"} for p in parts)
        if generic and self.country and last in self.rules.organs:
            return f"{wording} ({self.country})"
        return None

    def _kind(self, parts: Sequence[Segment], title: Sequence[Segment]) -> NameKind:
        kinds = [part.kind for part in parts]
        if "org_head" in kinds and not (title and kinds[0] == "given"):
            return "org"
        small = len(parts) <= MAX_PERSON_WORDS
        if title and parts[0].linked in {"of", "of the"} and kinds[0] == "word":
            return "place"
        if small and title and set(kinds) <= {"word", "given", "title", "place_head", "other_title"}:
            return "person"
        if "place_head" in kinds[-1:] or (len(kinds) > 1 and kinds[0] == "place_head"):
            return "place"
        if small and kinds[0] == "given" and len(parts) > 1:
            return "person"
        return self._kind_from_context(parts)

    def _kind_from_context(self, parts: Sequence[Segment]) -> NameKind:
        start, end = parts[0].start, parts[-1].end
        wording = self.text[start:end]
        if len(parts) == 1 and wording.isupper() and len(wording) > 1 and self.line != "capitals":
            return "org"
        before = _WORD_BEFORE.search(self.text, max(0, start - WORD_REACH), start)
        if len(parts) <= MAX_PERSON_WORDS and self._is_person(parts, before[1] if before else None):
            return "person"
        if before and before[1] in _PLACE_BEFORE and parts[0].kind != "given":
            return "place"
        return "person" if len(parts) == 1 and parts[0].kind == "given" else "other"

    def _is_person(self, parts: Sequence[Segment], before: str | None) -> bool:
        """Whether the words around tell of a person: a role before or after, an age, or a verb that people do."""
        if before in self.rules.roles:
            return True
        end = parts[-1].end
        after = _WORDS_AFTER.match(self.text, end, end + CONTEXT_REACH)
        if after and (after[1] or (after[2] in self.rules.subject_verbs and parts[0].kind in _PLAIN_KINDS)):
            return True
        role = _ROLE_AFTER.match(self.text, end, end + 2 * CONTEXT_REACH)
        return role is not None and role[1] in self.rules.roles
