"""Who says each clause of an article: names for wordings, pronouns, quotes that go on over sentences.

Resolves only where the text makes it certain; a clause whose speaker is not certain keeps None. Works in one pass
over the sentences of one article.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from storycluster.text.alternation import either
from storycluster.text.names.kinds import Name
from storycluster.text.names.rules import load_name_rules
from storycluster.text.rules import load_rules
from storycluster.text.sentences.find import Sentence
from storycluster.text.speech.clauses import Clause
from storycluster.text.speech.described import describe_speaker

#: A pronoun refers to a speaker at most this many sentences back.
PRONOUN_REACH: Final = 6
#: "The agency" is a body named at most so many names before.
BODY_REACH: Final = 24
#: So many names of a sentence are looked at.
NAMES_OF_A_SENTENCE: Final = 12
#: A conjunction stands at most so many characters before the name that it sets against another.
REACH_BACK: Final = 48
_DETERMINER: Final = re.compile(r"(?:the|a|an|The|A|An)\s")
_OPEN: Final = re.compile(r"[“\"]|``")
_CLOSE: Final = re.compile(r"[”\"]|''")
_POST_AUTHOR: Final = re.compile(r"[—–-]\s?[^\n@]{1,60}\(@\w{2,30}\)")
_SPACE: Final = " \t\n"


@dataclass(frozen=True, slots=True)
class _Words:
    personal: frozenset[str]
    impersonal: frozenset[str]
    plural: frozenset[str]
    body_nouns: frozenset[str]
    joining: frozenset[str]
    roles: frozenset[str]
    lead_in: frozenset[str]
    set_against: re.Pattern[str]
    head_classes: Mapping[str, str]


@cache
def _words(language: str) -> _Words:
    speech = load_rules(language, "speech")
    rules, lead_in = speech.get("resolve", {}), frozenset(speech.get("words", {}).get("lead_in", "").split())
    names = load_name_rules(language)
    lists = {key: frozenset(rules.get(key, "").split()) for key in _LISTS}
    set_against = re.compile(rf",\s(?:{either(rules.get('contrasting', '').split())})\s(?:[\w’'-]+\s){{0,4}}\Z")
    return _Words(**lists, lead_in=lead_in, set_against=set_against, roles=names.roles, head_classes=names.head_classes)


_LISTS: Final = ("personal", "impersonal", "plural", "body_nouns", "joining")


def resolve_speakers(
    text: str,
    sentences: Sequence[Sentence],
    clauses: Sequence[Sequence[Clause]],
    names: Sequence[Name],
    *,
    language: str = "en",
) -> list[list[Clause]]:
    """The clauses of each sentence with speakers as canonical names where a name stands in the wording.

    >>> from storycluster.text.speech.clauses import split_clauses
    >>> from storycluster.text.names.find import find_names
    >>> from storycluster.text.sentences.find import find_sentences
    >>> text = "Ana Silva said the bridge is safe. She said it had been checked."
    >>> spans = find_sentences(text)
    >>> parts = [split_clauses(text[s.start : s.end], offset=s.start) for s in spans]
    >>> [[c.speaker for c in row] for row in resolve_speakers(text, spans, parts, find_names(text))]
    [['Ana Silva'], ['Ana Silva']]
    """
    resolver = _Resolver(text, names, language)
    rows = [resolver.sentence(sentence, row) for sentence, row in zip(sentences, clauses, strict=True)]
    return _posts(text, sentences, _quotes(text, sentences, rows), names)


class _Resolver:
    """Remembers the last certain person and body while it goes through the sentences."""

    def __init__(self, text: str, names: Sequence[Name], language: str) -> None:
        self.text, self.language, self.words = text, language, _words(language)
        self.names = sorted(names, key=lambda n: (n.start, n.end))
        self.starts = [name.start for name in self.names]
        self.person: tuple[str, int] | None = None
        self.body: str | None = None
        self.index = 0

    def sentence(self, sentence: Sentence, row: Sequence[Clause]) -> list[Clause]:
        self.index += 1
        self.person = self._opening_person(sentence, row) or self.person
        resolved = [self._resolve(sentence, clause) for clause in row]
        if not any(clause.speaker for clause in resolved):
            self._remember_subject(sentence)
        elif self._contrasts(sentence):
            self.person = None
        return resolved

    def _resolve(self, sentence: Sentence, clause: Clause) -> Clause:
        if clause.speaker is None:
            return clause
        speaker = self._speaker(sentence, clause.speaker)
        return clause._replace(speaker=speaker, speech=clause.speech if speaker else None)

    def _speaker(self, sentence: Sentence, wording: str) -> str | None:
        folded = wording.casefold().strip(" ,")
        if folded in self.words.personal:
            return self.person[0] if self.person and self.index - self.person[1] <= PRONOUN_REACH else None
        if folded in self.words.impersonal:
            return self.body
        if folded in self.words.plural:
            return None
        at = self.text.find(wording, sentence.start, sentence.end)
        described = describe_speaker(wording, language=self.language)
        name = self._named(at, at + len(described or wording)) if at >= 0 else None
        if name is None:
            return self._described(described, at) if described else None
        if name.kind in {"person", "other"}:
            self.person = (name.canonical, self.index)
        else:
            self.body = name.canonical
        return name.canonical

    def _people(self, sentence: Sentence) -> list[Name]:
        """The persons named in a sentence, of a long one in its first names."""
        at = bisect_left(self.starts, sentence.start)
        inside = self.names[at : at + NAMES_OF_A_SENTENCE]
        return [name for name in inside if name.end <= sentence.end and name.kind == "person"]

    def _opening_person(self, sentence: Sentence, row: Sequence[Clause]) -> tuple[str, int] | None:
        """Whom "he" means in a sentence that begins with a person, alone or behind a title: that one before any other.

        Not where the name is part of what "he" says: "Silva was at sea, he said".
        """
        said = [clause for clause in row if clause.speaker and clause.speaker.casefold() in self.words.personal]
        said = [clause for clause in said if clause.speech == "direct"] or said
        first = next(iter(self._people(sentence)), None) if said else None
        if first is None or any(clause.start <= first.start < clause.end for clause in said):
            return None
        before = self.text[sentence.start : first.start].split()
        titles = all(word[:1].isupper() or word in self.words.roles for word in before)
        led_in = bool(before) and before[0].casefold() in self.words.lead_in | self.words.personal
        return None if led_in or not titles else (first.canonical, self.index)

    def _contrasts(self, sentence: Sentence) -> bool:
        """Whether somebody else is set against the speaker: ", but engineer Ben Roe disagreed"."""
        known = self.person[0] if self.person else None
        others = (name for name in self._people(sentence) if name.canonical != known)
        return any(
            self.words.set_against.search(self.text, max(sentence.start, n.start - REACH_BACK), n.start) for n in others
        )

    def _named(self, start: int, end: int) -> Name | None:
        """The name a wording stands for: a person in it; a body or country only where nothing is said beside it."""
        inside = [
            n for n in self.names[bisect_left(self.starts, start) : bisect_right(self.starts, end)] if n.end <= end
        ]
        people = [name for name in inside if name.kind == "person" and self._is_said_by(name, start, end)]
        if len(people) == 1:
            return people[0]
        if len(people) > 1:
            return self._among(people, end)
        bodies = [name for name in inside if name.kind in {"org", "country", "other"}]
        if not bodies:
            return None
        last = bodies[-1]
        before = self.text[start : last.start]
        for name in bodies[:-1]:
            before = before.replace(name.text, "")
        plain = last.kind == "org" or not _DETERMINER.sub("", before).strip(" ,")
        alone = plain and not self.words.joining.intersection(before.casefold().split())
        return last if alone and last.end >= end - 1 else None

    def _is_said_by(self, name: Name, start: int, end: int) -> bool:
        """Whether a person is the one meant, not only mentioned: "Ana Silva of the port", not "Silva's lawyer"."""
        before = self.text[start : name.start].rpartition(",")[2].split()
        after = self.text[name.end : end].partition(",")[0].split()
        mentioned = bool(before) and before[-1].casefold() in self.words.joining | {"the"}
        goes_on = bool(after) and after[0][:1].isalpha() and after[0].casefold() not in self.words.joining
        return not mentioned and not goes_on and not self.text.startswith(("'", "’", " '"), name.end)

    def _among(self, people: Sequence[Name], end: int) -> Name | None:
        """Of several persons the one in apposition at the end; of "A and B" none alone."""
        if len({name.canonical for name in people}) == 1:
            return people[0]
        last, before = people[-1], people[-2]
        between = self.text[before.end : last.start]
        return last if "," in between and " and " not in between and end - last.end <= 2 else None

    def _described(self, plain: str, at: int) -> str:
        """ "The agency" is the last body of that kind; any other wording stands for itself and for "he" later."""
        words = plain.casefold().split()
        if len(words) == 2 and words[0] == "the" and words[1] in self.words.body_nouns:
            return self._body_of_kind(words[1], at) or plain
        single = not words[-1].endswith("s") and bool(self.words.roles.intersection(words))
        self.person = (plain, self.index) if single else None
        return plain

    def _body_of_kind(self, noun: str, at: int) -> str | None:
        """The body last named before ``at`` whose name says it is one: "the agency" after "Space Agency"."""
        kind = self.words.head_classes.get(noun)
        before = bisect_left(self.starts, at)
        for name in reversed(self.names[max(0, before - BODY_REACH) : before]):
            heads = {self.words.head_classes.get(word) for word in name.canonical.casefold().split()}
            if name.kind == "org" and kind and kind in heads:
                return name.canonical
        return None

    def _remember_subject(self, sentence: Sentence) -> None:
        """A person named alone as the subject of a sentence may be "he" in the next one."""
        at = bisect_left(self.starts, sentence.start)
        inside = [n for n in self.names[at : at + NAMES_OF_A_SENTENCE] if n.end <= sentence.end]
        first = self.text[sentence.start : sentence.end].split(maxsplit=1)
        is_pronoun = bool(first) and first[0].casefold() in self.words.personal  # "She met Hugo Roe": "she" is no other
        people = [] if is_pronoun else self._people(sentence)
        if people and len({name.canonical for name in people}) == 1:
            self.person = (people[0].canonical, self.index)
        bodies = [name for name in inside if name.kind == "org"]
        if bodies:
            self.body = bodies[-1].canonical


def _quotes(text: str, sentences: Sequence[Sentence], rows: list[list[Clause]]) -> list[list[Clause]]:
    """Sentences inside a quote that goes on take the speaker named at its end, else the one named before it."""
    groups = _quote_groups(text, sentences)
    previous: str | None = None
    for group in groups:
        direct = [c.speaker for i in group for c in rows[i] if c.speech == "direct" and c.speaker]
        quoted = len(group) > 1 or _is_all_quoted(text, sentences[group[0]])
        speaker = direct[-1] if direct else previous
        if quoted and speaker and len(set(direct)) <= 1:
            for i in group:
                rows[i] = [c if c.speaker else _said(c, speaker) for c in rows[i]]
        spoken = [c.speaker for i in group for c in rows[i] if c.speaker]
        previous = spoken[-1] if spoken else None
    return rows


def _said(clause: Clause, speaker: str) -> Clause:
    modality = "claimed" if clause.modality == "asserted" else clause.modality
    return clause._replace(speaker=speaker, speech="direct", modality=modality)


def _quote_groups(text: str, sentences: Sequence[Sentence]) -> list[list[int]]:
    """Sentence numbers, those of one open quote together; a new paragraph without a new quote mark ends it."""
    groups: list[list[int]] = []
    open_before = False
    for number, sentence in enumerate(sentences):
        wording = text[sentence.start : sentence.end]
        parted = number > 0 and "\n" in text[sentences[number - 1].end : sentence.start]
        if open_before and not (parted and not _begins_quote(wording)):
            groups[-1].append(number)
        else:
            groups.append([number])
            open_before = False
        open_before = _stays_open(wording, open_before)
    return groups


def _begins_quote(wording: str) -> bool:
    return _OPEN.match(wording) is not None


def _stays_open(wording: str, open_before: bool) -> bool:
    """Whether a quote is open at the end of a sentence."""
    is_open = open_before
    for match in re.finditer(r"[“”\"]|``|''", wording):
        mark = match[0]
        if mark == '"':
            is_open = not is_open if not (match.start() == 0 and open_before) else True
        else:
            is_open = mark in {"“", "``"}
    return is_open


def _is_all_quoted(text: str, sentence: Sentence) -> bool:
    wording = text[sentence.start : sentence.end].strip(_SPACE)
    return _begins_quote(wording) and _CLOSE.search(wording[-3:]) is not None


def _posts(
    text: str, sentences: Sequence[Sentence], rows: list[list[Clause]], names: Sequence[Name]
) -> list[list[Clause]]:
    """Sentences of an embedded post are said by the name under it."""
    posts = _signatures(text, names)
    starts = [start for _, start, _ in posts]
    for number, sentence in enumerate(sentences):
        at = bisect_left(starts, sentence.end)
        if sentence.role == "embedded" and at < len(posts) and posts[at][0] <= sentence.start:
            rows[number] = [c if c.speaker else _said(c, posts[at][2]) for c in rows[number]]
    return rows


def _signatures(text: str, names: Sequence[Name]) -> list[tuple[int, int, str]]:
    """The signatures of posts in order: where the line begins, where the signature begins, and the person named."""
    authors = {name.start: name for name in names if name.kind == "person"}
    posts = []
    line = read = 0
    for match in _POST_AUTHOR.finditer(text):
        line = max(line, text.rfind("\n", read, match.start()) + 1)
        read = match.start()
        author = next((authors[at] for at in range(match.start(), match.end()) if at in authors), None)
        if author:
            posts.append((line, match.start(), author.canonical))
    return posts
