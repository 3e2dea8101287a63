"""The statements of one article: its clauses with their slots. It decides nothing and knows no other article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Final, NamedTuple

from storycluster.model import Modality
from storycluster.stages.facts.namebook import NameBook
from storycluster.stages.facts.order import Dates
from storycluster.text.dates import Time, find_times
from storycluster.text.lexicon import NUMBER_MARK, NUMBER_WEIGHT, Lexicon, Word
from storycluster.text.names import Name, NameKind, find_names
from storycluster.text.names.countries import load_countries
from storycluster.text.quantities import Quantity, find_quantities
from storycluster.text.sentences import Sentence, find_sentences
from storycluster.text.speech import Clause, resolve_speakers, split_clauses

#: Roles of sentences that state no fact: who reported, what the next lines are about, where and when it was filed.
SILENT_ROLES: Final = frozenset({"sourcing", "section", "dateline"})
#: Marks a term that is a name, so that no word is mistaken for one.
NAME_MARK: Final = "@"
#: Marks a term that is the value of a quantity, however it was written.
FIGURE_MARK: Final = "="
#: Names that are one term: a person weighs like one running word in 300,000; a country, which half the sentences
#: of world news name, much less.
_ONE_TERM: Final[Mapping[NameKind, float]] = {"person": 4.5, "country": 2.5}
#: Part of its weight that a word of a person's title keeps.
_TITLE: Final = 0.25
_QUOTE: Final = re.compile("[\"“”„«»'‘’`]")
#: Keeps a title and the text apart where names are looked for: two paragraphs.
_AFTER_TITLE: Final = "\n\n"
_CLOSING: Final = " \t\n\"'”’)"
#: A body without a name of its own stands as "military (France)".
_OF_STATE: Final = ")"
#: Kinds of names that say where, or for which state, a figure holds.
_WHERE: Final = frozenset({"country", "place"})
_START: Final = attrgetter("start")
#: A clause with fewer content terms states nothing that could be compared.
LEAST_TERMS: Final = 2


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the article's text, or of its title where ``field`` is "title"."""

    start: int
    end: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
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


@dataclass(frozen=True, slots=True)
class Told:
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
    title = source.title or ""
    above = f"{title}{_AFTER_TITLE}" if title else ""
    names = [book.known_as(name) for name in find_names(above + source.text, language=source.language)]
    reader = _Reader(source, lexicon, names, len(above))
    told = []
    if title:
        clauses = split_clauses(title, language=source.language)
        told.append(reader.sentence(Sentence(0, len(title), "headline"), clauses, "title"))
    sentences = find_sentences(source.text, title=source.title, language=source.language)
    split = [
        split_clauses(source.text[each.start : each.end], offset=each.start, language=source.language)
        for each in sentences
    ]
    told.extend(
        reader.sentence(sentence, clauses, None)
        for sentence, clauses in zip(sentences, _resolved(source, sentences, split, names, len(above)), strict=True)
        if sentence.role not in SILENT_ROLES
    )
    return told


def _resolved(
    source: Source, sentences: Sequence[Sentence], split: Sequence[Sequence[Clause]], names: Sequence[Name], shift: int
) -> Sequence[Sequence[Clause]]:
    """The clauses with their speakers resolved; where nobody speaks and nothing is quoted there is nothing to do.

    ``shift`` is where the text begins in what ``names`` were found in.
    """
    spoken = any(clause.speaker for clauses in split for clause in clauses)
    if not spoken and not _QUOTE.search(source.text):
        return split
    inner = [_shifted(name, -shift) for name in names if name.start >= shift]
    return resolve_speakers(source.text, sentences, split, inner, language=source.language)


def whole_statement(source: Source, lexicon: Lexicon, *, book: NameBook) -> Statement:
    """The whole text as one asserted statement, for a claim that comes without a sentence around it."""
    names = [book.known_as(name) for name in find_names(source.text, language=source.language)]
    clause = Clause(0, len(source.text), None, None, "asserted", False)
    reader = _Reader(source, lexicon, names, 0)
    return reader.sentence(Sentence(0, len(source.text), "body"), [clause], None).statements[0]


class _Reader:
    """The parts of one article that every sentence needs."""

    def __init__(self, source: Source, lexicon: Lexicon, names: Sequence[Name], shift: int) -> None:
        self._source = source
        self._lexicon = lexicon
        self._names = sorted(names, key=lambda name: (name.start, -name.end))
        self._shift = shift
        self._next = 0
        self._before: frozenset[str] = frozenset()
        self._where: frozenset[str] = frozenset()
        self._adjectives = load_countries(source.language).adjectives

    def sentence(self, sentence: Sentence, clauses: Sequence[Clause], field: str | None) -> Told:
        """One sentence of the title or the text with its slots."""
        source = self._source
        body = (source.title or "") if field else source.text
        text = body[sentence.start : sentence.end]
        times = find_times(
            text, published=source.dates.day, not_before=source.dates.not_before, language=source.language
        )
        quantities = find_quantities(text, times=times, language=source.language)
        names = self._names_of(sentence, field)
        here, before = frozenset([name.canonical for name in names]), self._before
        self._before = here
        asks = text.rstrip(_CLOSING).endswith("?")
        places = _places(names)
        self._where = places or self._where
        slots = _Slots(sentence.start, field, sentence.role, asks, names, places, self._where, times, quantities)
        words = _words(self._lexicon, text, slots)
        return Told(
            source.article,
            Span(sentence.start, sentence.end, field),
            sentence.role,
            tuple([word.term for word in words]),
            here | before,
            tuple(quantities),
            tuple(times),
            tuple([self._statement(clause, body, words, slots) for clause in clauses]),
            source.dates.day,
            source.dates.not_before,
        )

    def _names_of(self, sentence: Sentence, field: str | None) -> list[Name]:
        """Names inside a sentence, with offsets in the sentence; sentences come in the order of the text."""
        start = sentence.start + (0 if field else self._shift)
        end = sentence.end + (0 if field else self._shift)
        while self._next < len(self._names) and self._names[self._next].start < start:
            self._next += 1
        found = []
        for index in range(self._next, len(self._names)):
            name = self._names[index]
            if name.start >= end:
                break
            found.append(_shifted(name, -start))
        return found

    def _statement(self, clause: Clause, body: str, words: Sequence[Word], slots: _Slots) -> Statement:
        start, end = clause.start - slots.offset, clause.end - slots.offset
        named = [name for name in slots.names if start <= name.start < end]
        places = _places(named)
        said = tuple([word for word in words if start <= word.start < end])
        return Statement(
            article=self._source.article,
            span=Span(clause.start, clause.end, slots.field),
            text=body[clause.start : clause.end],
            role="quote" if clause.speech == "direct" else slots.role,
            words=said,
            terms=tuple([word.term for word in said]),
            entities=tuple(sorted({name.canonical for name in named})),
            arguments=frozenset([name.canonical for name in named if self._is_argument(name)]),
            scope=places or slots.places,
            setting=places or slots.setting,
            quantities=tuple([each for each in slots.quantities if start <= each.start < end]),
            times=tuple([each for each in slots.times if start <= each.start < end]),
            speaker=clause.speaker,
            modality=clause.modality,
            negated=clause.negated,
            asks=slots.asks,
        )

    def _is_argument(self, name: Name) -> bool:
        """Whether a statement is about a name: not a state's adjective, not a body known by description only."""
        return name.text not in self._adjectives and not name.canonical.endswith(_OF_STATE)


class _Slots(NamedTuple):
    """What a sentence, which begins at ``offset``, gives to its statements; their own offsets are in the sentence."""

    offset: int
    field: str | None
    role: str
    asks: bool
    names: Sequence[Name]
    places: frozenset[str]
    setting: frozenset[str]
    times: Sequence[Time]
    quantities: Sequence[Quantity]


def _words(lexicon: Lexicon, text: str, slots: _Slots) -> list[Word]:
    """Content words; a person or country is one term, a body the words it is known by.

    Dates without digits ("on Monday") are slots, not words: what they mean is compared, not how they are written.
    Dates with digits stay, as they say the same in every article; of a quantity its value is a term.
    """
    moving = [(each.start, each.end) for each in slots.times if not any(map(str.isdigit, each.expression))]
    digits = [(each.start, each.end) for each in slots.quantities]
    whole = [name for name in slots.names if name.kind in _ONE_TERM]
    spelled = [name for name in slots.names if name.kind == "org" and name.canonical != name.text]
    covered = [(name.start, name.end) for name in (*whole, *spelled)] + moving
    words = lexicon.words(text)
    if covered:
        words = [word for word in words if not _inside(word, covered)]
    if digits:
        words = [word for word in words if word.term[0] != NUMBER_MARK or not _inside(word, digits)]
    words += [
        Word(NAME_MARK + name.canonical.casefold(), _ONE_TERM[name.kind], name.start, name.end, True) for name in whole
    ]
    for quantity in slots.quantities:
        for value in sorted({quantity.low, quantity.high}):
            words.append(Word(f"{FIGURE_MARK}{value:g}", NUMBER_WEIGHT, quantity.start, quantity.end, False))
    for name in spelled:
        words += [Word(word.term, word.weight, name.start, name.end, True) for word in lexicon.words(_body(name))]
    return _with_light_titles(sorted(words, key=_START), slots.names)


def _with_light_titles(words: list[Word], names: Sequence[Name]) -> list[Word]:
    """The words, in place; those in capitals right before a person ("NATO Secretary General") weigh little.

    Who is meant is said by the name: another text names the same person with another title, or with none.
    """
    people = {name.start for name in names if name.kind == "person"}
    if not people:
        return words
    for at in range(len(words) - 2, -1, -1):
        word, following = words[at], words[at + 1]
        if following.start in people and word.capital and following.start - word.end == 1:
            words[at] = Word(word.term, word.weight * _TITLE, word.start, word.end, False)
            people.add(word.start)
    return words


def _body(name: Name) -> str:
    """What a body is known by, without the state in brackets, which has a term of its own."""
    return name.canonical.partition(" (")[0]


def _inside(word: Word, spans: Sequence[tuple[int, int]]) -> bool:
    at = word.start
    for start, end in spans:  # noqa: SIM110  # asked for every word, and any() is thrice as slow
        if start <= at < end:
            return True
    return False


def _shifted(name: Name, by: int) -> Name:
    return name if by == 0 else Name(name.start + by, name.end + by, name.text, name.kind, name.canonical)


def _places(names: Sequence[Name]) -> frozenset[str]:
    return frozenset([name.canonical for name in names if name.kind in _WHERE])
