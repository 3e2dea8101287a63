"""What an article adds to a story, as lines to read: facts of one sentence together, figures first.

It drops no fact silently: what is not listed is counted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from storycluster.views.escape import clean
from storycluster.views.excerpt import ELLIPSIS, fold_space
from storycluster.views.shape import Fact, Figure, Point, Story
from storycluster.views.shown import Shown
from storycluster.views.wording import say_count, say_list, say_name, say_value

#: Listed in this order; the two kinds of changed figures have their own place.
NEW_STATUSES = ("new", "new_speaker", "partly_new")
CHANGED_STATUSES = ("updated", "conflicting")
STATUSES = ("conflicting", "updated", *NEW_STATUSES, "known")

#: A sentence is shown whole when its new clauses are at least this share of it.
WHOLE_SENTENCE_SHARE = 0.5
SHORT_SENTENCE = 320  # letters; up to here a sentence is shown whole, for a clause alone reads badly

#: Letters from which a part of a speaker's name tells who is meant.
NAME_PART_LETTERS = 3
_WORD = re.compile(r"\w+")

#: Earlier values named beside a changed figure; the figure's own line has all.
EARLIER_VALUES = 3
#: Points of a series among which they are looked for.
LOOKED_BACK = 50

#: Signs after a last clause that are no words left out.
SENTENCE_ENDS = " .!?…”\"’')。！？"


@dataclass(frozen=True, slots=True)
class Where:
    """Where something was said: the number of the article, and the fact if it is one."""

    article: int
    fact: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, or the new clauses of it, with the facts it states.

    ``marks`` are the ranges of ``text`` that are new, where the rest is not; ``note`` says what is new,
    ``said`` where the rest was said first, ``sources`` from how many sides it comes where others say it too.
    """

    facts: list[str]
    text: str
    marks: list[tuple[int, int]]
    speaker: str
    note: str
    said: Where | None
    also_in: list[Where]
    sources: str
    status: str
    has_figure: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs from what was said before: the earlier values and where they stand."""

    statement: Statement
    conflicting: bool
    counts: str
    value: str
    before: list[tuple[str, Where]]


@dataclass(frozen=True, slots=True)
class Known:
    """One statement that was known, and the earlier words."""

    statement: Statement
    earlier: str


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What one article says in one story: new first, then changed figures, then what was known.

    ``more`` are the statements beyond the limit per article, ``left_out`` counts their facts.
    """

    new: list[Statement]
    more: list[Statement]
    left_out: int
    changes: list[Change]
    known: list[Known]
    known_facts: int
    first_said: list[Where]


class FactIndex:
    """Which figure a fact belongs to, who repeats it, and where an earlier fact stands."""

    def __init__(self, shown: Shown) -> None:
        self.number = shown.articles.number
        facts_settings = shown.settings["facts"]
        self.max_per_article = int(facts_settings["max_per_article"])
        self.excerpt_letters = int(shown.settings["report"]["excerpt_letters"])
        self.figures: dict[str, Figure] = {}
        for figure in shown.stated:
            for point in figure.series:
                if point.fact and (point.fact not in self.figures or point.status in CHANGED_STATUSES):
                    self.figures[point.fact] = figure
        self.article_of: dict[str, str] = {}
        self.ranks: dict[str, float] = {}
        self._groups: dict[str, list[Fact]] = defaultdict(list)
        for story in shown.stories:
            for fact in story.facts:
                self.article_of[fact.id] = fact.article
                self.ranks[fact.id] = fact.rank or 0.0
                if fact.fact_group:
                    self._groups[fact.fact_group].append(fact)

    def also_in(self, fact: Fact) -> list[Where]:
        """The other articles that state an equal fact, one place each."""
        equal = self._groups.get(fact.fact_group or "", ())
        places = {self.number(other.article): other.id for other in reversed(equal) if other.article != fact.article}
        return [Where(number, places[number]) for number in sorted(places)]

    def said(self, fact: Fact) -> Where | None:
        """Where it was said first, from the first reference, else from the supporting sentence."""
        for reference in fact.refs:
            if reference in self.article_of:
                return Where(self.number(self.article_of[reference]), reference)
        return Where(self.number(fact.support.article), None) if fact.support else None


def arrange_facts(story: Story, index: FactIndex) -> dict[str, ArticleFacts]:
    """The facts of a story by article id."""
    by_article: dict[str, list[Fact]] = defaultdict(list)
    for fact in story.facts:
        by_article[fact.article].append(fact)
    return {article: _arrange(facts, index) for article, facts in by_article.items()}


def say_added(facts: ArticleFacts) -> str:
    """What an article adds, as counts only."""
    new = sum(len(statement.facts) for statement in facts.new) + facts.left_out
    parts = [(new, "new fact"), (len(facts.changes), "changed figure"), (facts.known_facts, "known fact")]
    return ", ".join(say_count(number, noun) for number, noun in parts if number)


def _arrange(facts: Sequence[Fact], index: FactIndex) -> ArticleFacts:
    sentences = _by_sentence(facts)
    changes = [change for own in sentences for change in _changes(own, index)]
    told = {fact for change in changes for fact in change.statement.facts}
    new = [
        _statement(fresh, index, beside_known=len(fresh) < len(own))
        for own in sentences
        if (fresh := [fact for fact in own if fact.status in NEW_STATUSES and fact.id not in told])
    ]
    listed, more = _choose(new, index)
    repeated = [fact for fact in facts if fact.status == "known"]
    return ArticleFacts(
        new=listed,
        more=more,
        left_out=sum(len(statement.facts) for statement in more),
        changes=changes,
        known=[_known(own, index) for own in _by_sentence(repeated)],
        known_facts=len(repeated),
        first_said=_first_said(repeated, index),
    )


def _by_sentence(facts: Sequence[Fact]) -> list[list[Fact]]:
    """The facts of each sentence together, in the order of their first."""
    found: dict[tuple[str, int, int], list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.field, fact.sentence[0], fact.sentence[1]].append(fact)
    return list(found.values())


def _first_said(known: Sequence[Fact], index: FactIndex) -> list[Where]:
    """The articles that said known facts first, the one that said most of them first."""
    places = [place for place in map(index.said, known) if place]
    counted = Counter(place.article for place in places)
    first = {place.article: place for place in reversed(places)}
    return [first[article] for article, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]


def _choose(statements: Sequence[Statement], index: FactIndex) -> tuple[list[Statement], list[Statement]]:
    """The statements to list, those of highest rank, and those beyond the limit: figures first, in reading order."""

    def weight(place: int) -> tuple[float, int]:
        return -max(index.ranks[fact] for fact in statements[place].facts), place

    best = sorted(range(len(statements)), key=weight)
    listed, more = sorted(best[: index.max_per_article]), sorted(best[index.max_per_article :])

    def read(places: Sequence[int]) -> list[Statement]:
        return sorted((statements[place] for place in places), key=lambda one: not one.has_figure)

    return read(listed), read(more)


def _statement(facts: Sequence[Fact], index: FactIndex, *, beside_known: bool = False) -> Statement:
    """One line for facts of one sentence; ``beside_known`` where the sentence also says what was known."""
    status = min((fact.status for fact in facts), key=STATUSES.index)
    also_in = _repeated_by(facts, index) if status == "new" else []
    text, marks, is_whole = _words(facts, index.excerpt_letters)
    note = _note(facts, status)
    is_part = beside_known and is_whole and _covered(marks) < WHOLE_SENTENCE_SHARE * len(text)
    if is_part and not note:
        note = f"new here: {'; '.join(f'“{text[start:end]}”' for start, end in marks)}"
    return Statement(
        facts=[fact.id for fact in facts],
        text=text,
        marks=marks if is_part else [],
        speaker=_say_speakers(facts, text),
        note=note,
        said=next(filter(None, map(index.said, facts)), None) if status != "new" else None,
        also_in=also_in,
        sources=say_count(min(fact.sources for fact in facts), "independent source") if also_in else "",
        status=status,
        has_figure=any(fact.quantities for fact in facts),
    )


def _repeated_by(facts: Sequence[Fact], index: FactIndex) -> list[Where]:
    """The other articles that say all of it."""
    places = [{place.article: place for place in index.also_in(fact)} for fact in facts]
    common = set(places[0]).intersection(*places[1:])
    return [places[0][number] for number in sorted(common)]


def _say_speakers(facts: Sequence[Fact], text: str) -> str:
    """Who says it, where the words shown do not name them, be it by a part of the name or its initials."""
    speakers = dict.fromkeys(say_name(fact.speaker) for fact in facts if fact.speaker)
    shown = set(_WORD.findall(text.casefold()))
    return say_list([speaker for speaker in speakers if not shown & _name_parts(speaker)])


def _name_parts(speaker: str) -> set[str]:
    words = _WORD.findall(speaker)
    initials = "".join(word[0] for word in words if word[0].isupper())
    return {word.casefold() for word in (*words, initials) if len(word) >= NAME_PART_LETTERS}


def _covered(marks: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in marks)


def _words(facts: Sequence[Fact], letters: int) -> tuple[str, list[tuple[int, int]], bool]:
    """The sentence with its new clauses marked; of a long sentence that says little new, the clauses alone."""
    sentence = clean(fold_space(facts[0].sentence_text))
    clauses = [clean(fold_space(fact.text[:letters])) for fact in facts]
    places = [sentence.find(clause) for clause in clauses]
    marks = [(place, place + len(clause)) for place, clause in zip(places, clauses, strict=True)]
    is_short = len(sentence) <= SHORT_SENTENCE
    if min(places) >= 0 and (is_short or _covered(marks) >= WHOLE_SENTENCE_SHARE * len(sentence)):
        return sentence, marks, True
    text = f" {ELLIPSIS} ".join(clauses)
    before = f"{ELLIPSIS} " if places[0] > 0 else ""
    after = f" {ELLIPSIS}" if marks[-1][0] >= 0 and marks[-1][1] < len(sentence.rstrip(SENTENCE_ENDS)) else ""
    return f"{before}{text}{after}", [], False


def _note(facts: Sequence[Fact], status: str) -> str:
    """What is new in a statement that is not new as a whole."""
    if status == "new_speaker":
        return "said before by others"
    if status == "partly_new":
        terms = list(dict.fromkeys(say_name(term) for fact in facts for term in fact.new_terms))
        return f"new here: {', '.join(terms)}" if terms else "partly known"
    return ""


def _known(facts: Sequence[Fact], index: FactIndex) -> Known:
    """Known facts of one sentence with the words that said the first of them before."""
    support = next((fact.support for fact in facts if fact.support), None)
    return Known(_statement(facts, index), clean(support.text) if support else "")


def _changes(sentence: Sequence[Fact], index: FactIndex) -> list[Change]:
    """The changed figures of a sentence; what else it newly says goes with the first."""
    changed = [fact for fact in sentence if fact.status in CHANGED_STATUSES]
    fresh = [fact for fact in sentence if fact.status in NEW_STATUSES]
    return [_change(fact, fresh if place == 0 else [], index) for place, fact in enumerate(changed)]


def _change(fact: Fact, beside: Sequence[Fact], index: FactIndex) -> Change:
    """A changed figure with the values of its series that were said before."""
    figure = index.figures.get(fact.id)
    value, before = "", []
    if figure:
        place = next(place for place, point in enumerate(figure.series) if point.fact == fact.id)
        value = say_value(figure.series[place])
        before = [
            (earlier, Where(index.number(point.article), point.fact))
            for earlier, point in _latest_values(figure.series[max(0, place - LOOKED_BACK) : place])
        ]
    elif fact.support:
        before = [(f"“{clean(fact.support.text)}”", Where(index.number(fact.support.article), None))]
    return Change(
        statement=_statement([fact, *beside], index),
        conflicting=fact.status == "conflicting",
        counts=say_name(figure.counts) if figure else "",
        value=value,
        before=before,
    )


def _latest_values(points: Sequence[Point]) -> list[tuple[str, Point]]:
    """The last different values of some points in their order, each where it was said first."""
    values: dict[str, Point] = {}
    for point in reversed(points):
        value = say_value(point)
        if value not in values and len(values) == EARLIER_VALUES:
            break
        values[value] = point
    return list(values.items())[::-1]
