"""The statements of articles: their clauses with their slots. It decides nothing and compares no two articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from storycluster.model import Modality
from storycluster.stages.facts.namebook import NameBook
from storycluster.stages.facts.order import Dates
from storycluster.stages.facts.terms import find_terms
from storycluster.text.dates import Time, find_times
from storycluster.text.lexicon import Lexicon, Word, load_lexicon
from storycluster.text.names import Name, find_names
from storycluster.text.names.countries import load_countries
from storycluster.text.quantities import Quantity, find_quantities
from storycluster.text.sentences import Sentence, find_sentences
from storycluster.text.speech import Clause, resolve_speakers, split_clauses

#: Roles of sentences that state no fact: who reported, what the next lines are about, where and when it was filed.
SILENT_ROLES: Final = frozenset({"sourcing", "section", "dateline"})
_QUOTE: Final = re.compile("[\"“”„«»'‘’`]")
#: Keeps a title and the text apart where names are looked for: two paragraphs.
_AFTER_TITLE: Final = "\n\n"
_CLOSING: Final = " \t\n\"'”’)"
#: A body without a name of its own stands as "military (France)".
_OF_STATE: Final = ")"
#: Kinds of names that say where, or for which state, a figure holds.
_WHERE: Final = frozenset({"country", "place"})
#: A clause with fewer content terms states nothing that could be compared.
LEAST_TERMS: Final = 2


class Span(NamedTuple):
    """A stretch of the article's text, or of its title where ``field`` is "title"."""

    start: int
    end: int
    field: str | None = None


class Statement(NamedTuple):
    """One clause with its slots; ``words`` are its content words, a person or country as one term of ``terms``.

    ``arguments`` are its names but for states' adjectives, which only say whose; ``scope`` holds the countries
    and places its figures are about: its own, else those of its sentence. ``setting`` is the scope, or the places
    named last before it.
    """

    article: str
    span: Span
    text: str
    role: str
    words: tuple[Word, ...]
    terms: tuple[str, ...]
    entities: tuple[str, ...]
    arguments: frozenset[str]
    scope: frozenset[str]
    setting: frozenset[str]
    quantities: tuple[Quantity, ...]
    times: tuple[Time, ...]
    speaker: str | None
    modality: Modality
    negated: bool
    asks: bool

    @property
    def weights(self) -> dict[str, float]:
        """Language weight of each term, the largest where a term stands twice."""
        weights: dict[str, float] = {}
        for word in self.words:
            term, weight = word[:2]
            if weight > weights.get(term, 0.0):
                weights[term] = weight
        return weights


class Told(NamedTuple):
    """A whole sentence with its statements: the unit that can support a later statement.

    ``entities`` are its names and those of the sentence before it, to which its pronouns may refer.
    """

    article: str
    span: Span
    role: str
    terms: tuple[str, ...]
    entities: frozenset[str]
    quantities: tuple[Quantity, ...]
    times: tuple[Time, ...]
    statements: tuple[Statement, ...]
    published: date | None
    not_before: date | None


@dataclass(frozen=True, slots=True)
class Source:
    """What is read of an article: its words and dates."""

    article: str
    title: str | None
    text: str
    language: str
    dates: Dates


def read_statements(source: Source, lexicon: Lexicon, *, book: NameBook) -> list[Told]:
    """Sentences of title and text, in that order, each with its clauses; silent roles are left out.

    Spans are code points of the stored text or title. ``book`` gives each name the form the story knows it by.
    """
    return _read([_Reader(source, lexicon)], book)[0]


def read_articles(sources: Sequence[Source], *, book: NameBook) -> list[list[Told]]:
    """The sentences of each of several articles, as ``read_statements`` reads them one after the other."""
    return _read([_Reader(source, load_lexicon(source.language)) for source in sources], book)


def whole_statement(source: Source, lexicon: Lexicon, *, book: NameBook) -> Statement:
    """The whole text as one asserted statement, for a claim that comes without a title or a sentence around it."""
    reader = _Reader(source, lexicon)
    reader.find_names(book)
    clause = Clause(0, len(source.text), None, None, "asserted", False)
    reader.passages = [_Passage(Sentence(0, len(source.text), "body"), None, source.text, [clause])]
    reader.find_times()
    reader.find_quantities()
    return reader.told()[0].statements[0]


def _read(readers: Sequence[_Reader], book: NameBook) -> list[list[Told]]:
    """Reads articles step by step, each step over all of them.

    A step has lists and patterns of its own, more than a processor keeps at hand together with those of the others.
    """
    for reader in readers:
        reader.find_names(book)
    for step in (
        _Reader.find_sentences,
        _Reader.split_clauses,
        _Reader.resolve_speakers,
        _Reader.find_times,
        _Reader.find_quantities,
    ):
        for reader in readers:
            step(reader)
    return [reader.told() for reader in readers]


@dataclass(slots=True)
class _Passage:
    """A sentence of the text, or of the title where ``field`` is "title", with what was found in it so far.

    Spans of times, quantities and names are of ``text``, those of clauses of the article's text or title.
    """

    sentence: Sentence
    field: str | None
    text: str
    clauses: Sequence[Clause] = ()
    times: Sequence[Time] = ()
    quantities: Sequence[Quantity] = ()
    names: Sequence[Name] = ()


class _Reader:
    """Reads one article in steps; each needs the ones before."""

    def __init__(self, source: Source, lexicon: Lexicon) -> None:
        self._source = source
        self._lexicon = lexicon
        self._above = f"{source.title}{_AFTER_TITLE}" if source.title else ""
        self._names: list[Name] = []
        self._next = 0
        self._adjectives = load_countries(source.language).adjectives
        self.passages: list[_Passage] = []

    def find_names(self, book: NameBook) -> None:
        """Find the names of title and text, as the story knows them."""
        found = find_names(self._above + self._source.text, language=self._source.language)
        self._names = sorted([book.known_as(name) for name in found], key=lambda name: (name.start, -name.end))

    def find_sentences(self) -> None:
        """Find the sentences, the title before those of the text."""
        title, text, language = self._source.title, self._source.text, self._source.language
        found = find_sentences(text, title=title, language=language)
        self.passages = [_Passage(each, None, text[each.start : each.end]) for each in found]
        if title:
            self.passages.insert(0, _Passage(Sentence(0, len(title), "headline"), "title", title))

    def split_clauses(self) -> None:
        """Part the sentences into clauses."""
        for each in self.passages:
            each.clauses = split_clauses(each.text, offset=each.sentence.start, language=self._source.language)

    def resolve_speakers(self) -> None:
        """Give the clauses of the text their speakers, and leave out the sentences that state no fact.

        Where nobody speaks and nothing is quoted there is nobody to look for.
        """
        inside = [each for each in self.passages if each.field is None]
        spoken = any(clause.speaker for each in inside for clause in each.clauses)
        if spoken or _QUOTE.search(self._source.text):
            shift = len(self._above)
            names = [_shifted(name, -shift) for name in self._names if name.start >= shift]
            sentences, clauses = [each.sentence for each in inside], [each.clauses for each in inside]
            resolved = resolve_speakers(self._source.text, sentences, clauses, names, language=self._source.language)
            for each, row in zip(inside, resolved, strict=True):
                each.clauses = row
        self.passages = [each for each in self.passages if each.sentence.role not in SILENT_ROLES]

    def find_times(self) -> None:
        """Find the times of each sentence."""
        dates, language = self._source.dates, self._source.language
        day, not_before = dates.day, dates.not_before
        for each in self.passages:
            each.times = find_times(each.text, published=day, not_before=not_before, language=language)

    def find_quantities(self) -> None:
        """Find the quantities of each sentence."""
        for each in self.passages:
            each.quantities = find_quantities(each.text, times=each.times, language=self._source.language)

    def told(self) -> list[Told]:
        """The sentences with their statements."""
        told: list[Told] = []
        before: frozenset[str] = frozenset()
        setting: frozenset[str] = frozenset()
        for passage in self.passages:
            passage.names = self._names_of(passage)
            here = frozenset([name.canonical for name in passage.names])
            places = _places(passage.names)
            setting = places or setting
            told.append(self._told(passage, here | before, places, setting))
            before = here
        return told

    def _told(
        self, passage: _Passage, entities: frozenset[str], places: frozenset[str], setting: frozenset[str]
    ) -> Told:
        """One sentence with its statements; ``places`` are its own, ``setting`` those or the last ones before."""
        sentence, dates = passage.sentence, self._source.dates
        words = find_terms(
            self._lexicon, passage.text, names=passage.names, times=passage.times, quantities=passage.quantities
        )
        return Told(
            self._source.article,
            Span(sentence.start, sentence.end, passage.field),
            sentence.role,
            tuple([word.term for word in words]),
            entities,
            tuple(passage.quantities),
            tuple(passage.times),
            tuple([self._statement(clause, passage, words, places, setting) for clause in passage.clauses]),
            dates.day,
            dates.not_before,
        )

    def _names_of(self, passage: _Passage) -> list[Name]:
        """Names inside a sentence, with offsets in the sentence; sentences come in the order of the text."""
        shift = 0 if passage.field else len(self._above)
        start, end = passage.sentence.start + shift, passage.sentence.end + shift
        while self._next < len(self._names) and self._names[self._next].start < start:
            self._next += 1
        found = []
        for index in range(self._next, len(self._names)):
            name = self._names[index]
            if name.start >= end:
                break
            found.append(_shifted(name, -start))
        return found

    def _statement(
        self,
        clause: Clause,
        passage: _Passage,
        words: Sequence[Word],
        scope: frozenset[str],
        setting: frozenset[str],
    ) -> Statement:
        offset = passage.sentence.start
        start, end = clause.start - offset, clause.end - offset
        named = [name for name in passage.names if start <= name.start < end]
        places = _places(named)
        said = tuple([word for word in words if start <= word.start < end])
        return Statement(
            article=self._source.article,
            span=Span(clause.start, clause.end, passage.field),
            text=passage.text[start:end],
            role="quote" if clause.speech == "direct" else passage.sentence.role,
            words=said,
            terms=tuple([word.term for word in said]),
            entities=tuple(sorted({name.canonical for name in named})),
            arguments=frozenset([name.canonical for name in named if self._is_argument(name)]),
            scope=places or scope,
            setting=places or setting,
            quantities=tuple([each for each in passage.quantities if start <= each.start < end]),
            times=tuple([each for each in passage.times if start <= each.start < end]),
            speaker=clause.speaker,
            modality=clause.modality,
            negated=clause.negated,
            asks=passage.text.rstrip(_CLOSING).endswith("?"),
        )

    def _is_argument(self, name: Name) -> bool:
        """Whether a statement is about a name: not a state's adjective, not a body known by description only."""
        return name.text not in self._adjectives and not name.canonical.endswith(_OF_STATE)


def _shifted(name: Name, by: int) -> Name:
    return name if by == 0 else Name(name.start + by, name.end + by, name.text, name.kind, name.canonical)


def _places(names: Sequence[Name]) -> frozenset[str]:
    return frozenset([name.canonical for name in names if name.kind in _WHERE])
