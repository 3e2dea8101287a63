"""What an article adds to a story, as lines to read: facts of one sentence together, figures first. It drops no fact
silently: what is not listed is counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from storycluster.views.escape import clean
from storycluster.views.excerpt import ELLIPSIS, fold_space
from storycluster.views.shape import Fact, Figure, Report, Story
from storycluster.views.wording import say_list, say_name, say_value

#: Listed in this order; the two kinds of changed figures have their own place.
NEW_STATUSES = ("new", "new_speaker", "partly_new")
CHANGED_STATUSES = ("updated", "conflicting")

#: A sentence is shown whole when its new clauses are at least this share of it.
WHOLE_SENTENCE_SHARE = 0.5

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

    ``marks`` are the ranges of ``text`` that are the facts; ``note`` says what is new where not all is,
    ``said`` where the rest was said first.
    """

    facts: list[str]
    text: str
    marks: list[tuple[int, int]]
    speaker: str
    note: str
    said: Where | None
    also_in: list[Where]
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
    first_said: list[Where]


class FactIndex:
    """Which figure a fact belongs to, who repeats it, and where an earlier fact stands."""

    def __init__(self, report: Report, numbers: Mapping[str, int]) -> None:
        self.numbers = numbers
        facts_settings = report.settings["facts"]
        self.max_per_article = int(facts_settings["max_per_article"])
        self.excerpt_letters = int(report.settings["report"]["excerpt_letters"])
        self.figures: dict[str, Figure] = {}
        for figure in report.figures:
            for point in figure.series:
                if point.fact:
                    self.figures.setdefault(point.fact, figure)
        self.article_of: dict[str, str] = {}
        self._groups: dict[str, list[Fact]] = defaultdict(list)
        for story in report.stories:
            for fact in story.facts:
                self.article_of[fact.id] = fact.article
                if fact.fact_group:
                    self._groups[fact.fact_group].append(fact)

    def also_in(self, fact: Fact) -> list[Where]:
        """The other articles that state an equal fact, one place each."""
        equal = self._groups.get(fact.fact_group or "", ())
        places = {self.numbers[other.article]: other.id for other in reversed(equal) if other.article != fact.article}
        return [Where(number, places[number]) for number in sorted(places)]

    def said(self, fact: Fact) -> Where | None:
        """Where it was said first, from the first reference, else from the supporting sentence."""
        for reference in fact.refs:
            if reference in self.article_of:
                return Where(self.numbers[self.article_of[reference]], reference)
        return Where(self.numbers[fact.support.article], None) if fact.support else None


def arrange_facts(story: Story, index: FactIndex) -> dict[str, ArticleFacts]:
    """The facts of a story by article id."""
    by_article: dict[str, list[Fact]] = defaultdict(list)
    for fact in story.facts:
        by_article[fact.article].append(fact)
    return {article: _arrange(facts, index) for article, facts in by_article.items()}


def _arrange(facts: Sequence[Fact], index: FactIndex) -> ArticleFacts:
    new = [fact for fact in facts if fact.status in NEW_STATUSES]
    listed = _choose(new, index.max_per_article)
    shown = {fact.id for fact in listed}
    changes = [_change(fact, index) for fact in facts if fact.status in CHANGED_STATUSES]
    known = [fact for fact in facts if fact.status == "known"]
    return ArticleFacts(
        new=_statements(listed, index),
        more=_statements((fact for fact in new if fact.id not in shown), index),
        left_out=len(new) - len(listed),
        changes=changes,
        known=[Known(_statement([fact], index), clean(fact.support.text) if fact.support else "") for fact in known],
        first_said=_first_said(known, index),
    )


def _first_said(known: Sequence[Fact], index: FactIndex) -> list[Where]:
    """The articles that said known facts first, the one that said most of them first."""
    places = [place for place in map(index.said, known) if place]
    counted = Counter(place.article for place in places)
    first = {place.article: place for place in reversed(places)}
    return [first[article] for article, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]


def _choose(facts: Sequence[Fact], limit: int) -> list[Fact]:
    """At most ``limit`` facts: figures, then by status and rank; kept in reading order."""
    best = sorted(
        enumerate(facts),
        key=lambda item: (not item[1].quantities, NEW_STATUSES.index(item[1].status), -(item[1].rank or 0.0), item[0]),
    )
    return [facts[place] for place in sorted(place for place, _ in best[:limit])]


def _statements(facts: Iterable[Fact], index: FactIndex) -> list[Statement]:
    """One statement per sentence and status: figures first, then new, new speakers and partly new ones."""
    sentences = groupby(facts, key=lambda fact: (fact.field, fact.sentence, fact.status))
    found = [_statement(list(own), index) for _, own in sentences]
    return sorted(found, key=lambda one: (NEW_STATUSES.index(one.status), not one.has_figure))


def _statement(facts: Sequence[Fact], index: FactIndex) -> Statement:
    first = facts[0]
    text, marks = _words(facts, index.excerpt_letters)
    speakers = list(dict.fromkeys(say_name(fact.speaker) for fact in facts if fact.speaker))
    repeated = (
        {place.article: place for fact in facts for place in index.also_in(fact)} if first.status == "new" else {}
    )
    return Statement(
        facts=[fact.id for fact in facts],
        text=text,
        marks=marks,
        speaker=say_list([speaker for speaker in speakers if speaker not in text]),
        note=_note(facts),
        said=index.said(first) if first.status != "new" else None,
        also_in=[repeated[number] for number in sorted(repeated)],
        status=first.status,
        has_figure=any(fact.quantities for fact in facts),
    )


def _words(facts: Sequence[Fact], letters: int) -> tuple[str, list[tuple[int, int]]]:
    """The sentence where the clauses are most of it and fit it, else the clauses with dots between."""
    sentence = clean(fold_space(facts[0].sentence_text))
    clauses = [clean(fold_space(fact.text[:letters])) for fact in facts]
    places = [sentence.find(clause) for clause in clauses]
    marks = [(place, place + len(clause)) for place, clause in zip(places, clauses, strict=True)]
    covered = sum(len(clause) for clause in clauses)
    if min(places) >= 0 and covered >= WHOLE_SENTENCE_SHARE * len(sentence):
        return sentence, marks
    text = f" {ELLIPSIS} ".join(clauses)
    before = f"{ELLIPSIS} " if places[0] > 0 else ""
    after = f" {ELLIPSIS}" if marks[-1][0] >= 0 and marks[-1][1] < len(sentence.rstrip(SENTENCE_ENDS)) else ""
    return f"{before}{text}{after}", []


def _note(facts: Sequence[Fact]) -> str:
    """What is new in a statement that is not new as a whole."""
    if facts[0].status == "new_speaker":
        return "said before by others"
    if facts[0].status == "partly_new":
        terms = list(dict.fromkeys(say_name(term) for fact in facts for term in fact.new_terms))
        return f"new here: {', '.join(terms)}" if terms else "partly known"
    return ""


def _change(fact: Fact, index: FactIndex) -> Change:
    """A changed figure with the values of its series that were said before."""
    figure = index.figures.get(fact.id)
    value, before = "", []
    if figure:
        place = next(place for place, point in enumerate(figure.series) if point.fact == fact.id)
        value = say_value(figure.series[place])
        before = [
            (say_value(point), Where(index.numbers[point.article], point.fact)) for point in figure.series[:place]
        ]
    elif fact.support:
        before = [(f"“{clean(fact.support.text)}”", Where(index.numbers[fact.support.article], None))]
    return Change(
        statement=_statement([fact], index),
        conflicting=fact.status == "conflicting",
        counts=say_name(figure.counts) if figure else "",
        value=value,
        before=before,
    )
