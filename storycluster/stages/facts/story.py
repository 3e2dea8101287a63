"""One story read in order: every article's statements decided against the articles before it.

Later articles never change a decision; the past is a memory that only grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from storycluster.stages.facts.dateless import without_date
from storycluster.stages.facts.decide import Decision, Judge, decide
from storycluster.stages.facts.figurebook import FigureBook
from storycluster.stages.facts.memory import Memory
from storycluster.stages.facts.namebook import NameBook
from storycluster.stages.facts.repeats import drop_repeats
from storycluster.stages.facts.statements import Source, Span, Statement, Told, read_articles

#: Articles that are read together, which is faster (see ``read_articles``) and holds so many texts in memory.
_AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story; ``spans`` are its passages, None where the whole article tells the story."""

    source: Source
    spans: tuple[Span, ...] | None


class Fact(NamedTuple):
    """A statement with its decision, in reading order of its story."""

    position: int
    told: Told
    statement: Statement
    decision: Decision


def read_story(members: Sequence[Member], judge: Judge) -> list[Fact]:
    """Facts of the articles of a story, which come in reading order."""
    memory: Memory[Told] = Memory()
    figures = FigureBook()
    book = NameBook()
    facts: list[Fact] = []
    for sentences in _told(members, book):
        for told, statement in drop_repeats(sentences, judge.config):
            decision = decide(statement, told, memory=memory, figures=figures, judge=judge)
            figures.add(statement, told)
            for said, about_it in _split(statement, told, decision):
                facts.append(Fact(len(facts), told, said, about_it))
        memory.add_article(sentences)
    return facts


def _told(members: Sequence[Member], book: NameBook) -> Iterator[list[Told]]:
    """The sentences of each member that tell the story, in reading order."""
    for at in range(0, len(members), _AT_ONCE):
        together = members[at : at + _AT_ONCE]
        read = read_articles([member.source for member in together], book=book)
        for member, sentences in zip(together, read, strict=True):
            yield list(_inside(sentences, member.spans))


def _split(statement: Statement, told: Told, decision: Decision) -> Iterator[tuple[Statement, Decision]]:
    """The statement; where only its date is new, first what is known of it, which is the statement without."""
    known = without_date(statement, told.span.start) if decision.new_date else None
    if known:
        yield known, decision._replace(status="known", unseen=(), new_date=False)
    yield statement, decision


def _inside(sentences: Iterable[Told], spans: Sequence[Span] | None) -> Iterator[Told]:
    """Sentences that touch a passage, all of them where the whole article counts."""
    for told in sentences:
        if spans is None or any(_touch(told.span, span) for span in spans):
            yield told


def _touch(one: Span, other: Span) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end
