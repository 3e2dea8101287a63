"""Facts of a run against a hand annotation: new, known with their support, figures, status changes, speakers.

It compares what the tables say with what the annotation says and computes no fact itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from storycluster.evaluate.gold import annotated_ids
from storycluster.evaluate.slots import Share, check_names, check_speakers, check_times, joined

#: Statuses that list a statement as new.
NEW: Final = frozenset({"new", "updated", "conflicting"})
_CHANGED: Final = frozenset({"updated", "conflicting"})
#: A fact meets an annotated span when they share at least this part of the shorter one: touching is not enough.
_OVERLAP: Final = 0.5
#: Where an annotated span is looked for: in the title, then in the text.
_FIELDS: Final = ("title", None)

Fact = Mapping[str, Any]
Gold = Mapping[str, Any]
Place = tuple[str | None, int, int]


@dataclass(frozen=True, slots=True)
class FactsEvaluation:
    """Counts against the annotation, each with what was missed."""

    new: Share
    listed: Share
    known: Share
    changed: Share
    series: Share
    conflicts: Share
    not_conflicts: Share
    status_changes: Share
    speakers: Share
    times: Share
    names: Share

    def rows(self) -> list[tuple[str, Share]]:
        """Every measure with its description, in the order of the table."""
        return [
            ("new facts reported new, updated or conflicting", self.new),
            ("new facts listed with any status but known", self.listed),
            ("certain known facts, with the right earlier sentence", self.known),
            ("changed figures reported updated or conflicting", self.changed),
            ("values of the figure series found in one series each", self.series),
            ("contradicting figures reported", self.conflicts),
            ("pairs that are no conflict, left alone", self.not_conflicts),
            ("status changes not called known", self.status_changes),
            ("speakers", self.speakers),
            ("time expressions", self.times),
            ("names found, variants joined, people kept apart", self.names),
        ]


@dataclass(frozen=True, slots=True)
class _Run:
    """The run's facts and figures, and where the annotation's spans stand in its texts."""

    facts: Mapping[tuple[str, str], Sequence[Fact]]
    figures: Sequence[Mapping[str, Any]]
    texts: Mapping[str, Mapping[str | None, str]]
    primary: Mapping[str, str]

    def of_article(self, article: str) -> list[Fact]:
        """Facts of an article over all its stories, each once."""
        found = {fact["id"]: fact for (_, owner), facts in self.facts.items() if owner == article for fact in facts}
        return list(found.values())


def evaluate_facts(tables: Mapping[str, pa.Table], gold: Gold) -> FactsEvaluation:
    """How the facts and figures of a run agree with the annotation of the same articles.

    ``tables`` are the run's tables by name, ``gold`` the parsed annotation (format "storycluster-seed-gold").
    Annotated facts are looked for in the story of the run that holds the annotated story's primary articles.
    """
    run = _load(tables)
    annotated = {name: _at_home(fact, gold, run) for name, fact in gold["facts"].items()}
    labelled = list(_labelled(gold, annotated, run))
    everything = [(fact, run.of_article(fact.article)) for fact in annotated.values()]
    return FactsEvaluation(
        new=Share.of(_new(labelled, NEW)),
        listed=Share.of(_new(labelled, NEW | {"partly_new", "new_speaker"})),
        known=Share.of(_known(labelled, annotated)),
        changed=Share.of(_changed_figures(labelled)),
        series=Share.of(_series(gold, run, annotated)),
        conflicts=Share.of(_conflicts(gold, run, annotated)),
        not_conflicts=Share.of(_not_conflicts(gold, run, annotated)),
        status_changes=Share.of(_status_changes(gold, run, annotated)),
        speakers=check_speakers(
            (fact.name, str(fact.speaker), [str(other["speaker"]) for other in fact.meets(found) if other["speaker"]])
            for fact, found in everything
            if fact.speaker
        ),
        times=check_times(gold, tables["articles"], annotated_ids(gold)),
        names=check_names(gold, tables["articles"], annotated_ids(gold)),
    )


@dataclass(frozen=True, slots=True)
class _Annotated:
    """An annotated fact with the places of its mentions in the run's texts."""

    name: str
    article: str
    mentions: Sequence[Place]
    sentences: Sequence[Place]
    speaker: str | None
    minor: bool

    def meets(self, facts: Iterable[Fact]) -> list[Fact]:
        """The run's facts whose span meets a mention."""
        return [fact for fact in facts if any(_overlap(_place(fact["span"]), place) for place in self.mentions)]


@dataclass(frozen=True, slots=True)
class _Labelled:
    """An annotated fact in one story, its label, and the run's facts that meet it there."""

    fact: _Annotated
    label: Mapping[str, Any]
    found: Sequence[Fact]


def _load(tables: Mapping[str, pa.Table]) -> _Run:
    facts: dict[tuple[str, str], list[Fact]] = {}
    for fact in tables["facts"].to_pylist():
        facts.setdefault((fact["story"], fact["article"]), []).append(fact)
    texts = {row["id"]: {"title": row["title"] or "", None: row["text"]} for row in tables["articles"].to_pylist()}
    members = tables["memberships"].to_pylist()
    primary = {row["article"]: row["story"] for row in members if row["role"] == "primary"}
    return _Run(facts, tables["figures"].to_pylist(), texts, primary)


def _at_home(fact: Mapping[str, Any], gold: Gold, run: _Run) -> _Annotated:
    article = annotated_ids(gold)[fact["article"]]
    texts = run.texts.get(article, {})
    mentions = [_find(mention["span"], mention["sentence"], texts) for mention in fact["mentions"]]
    sentences = [_find(mention["sentence"], mention["sentence"], texts) for mention in fact["mentions"]]
    return _Annotated(
        fact["id"],
        article,
        [place for place in mentions if place],
        [place for place in sentences if place],
        fact.get("speaker"),
        bool(fact.get("minor")),
    )


def _find(span: str, sentence: str, texts: Mapping[str | None, str]) -> Place | None:
    """Where the words stand, inside their sentence where that is found; blanks and line breaks do not matter."""
    for field in _FIELDS:
        letters, positions = joined(texts.get(field, ""))
        wanted, _ = joined(span)
        frame, _ = joined(sentence)
        start = max(letters.find(frame), 0)
        found = letters.find(wanted, start)
        if found >= 0:
            return field, positions[found], positions[found + len(wanted) - 1] + 1
    return None


def _place(span: Mapping[str, Any]) -> Place:
    return span["field"], span["start"], span["end"]


def _overlap(one: Place, other: Place) -> bool:
    shared = min(one[2], other[2]) - max(one[1], other[1])
    return one[0] == other[0] and shared >= _OVERLAP * min(one[2] - one[1], other[2] - other[1]) > 0


def _labelled(gold: Gold, annotated: Mapping[str, _Annotated], run: _Run) -> Iterator[_Labelled]:
    """Facts with their labels by story; where the run has all articles in one story, with their labels over all."""
    ids = annotated_ids(gold)
    shared = {run.primary.get(article, "") for article in ids.values()}
    if len(shared) == 1:
        (home,) = shared
        for name, fact in annotated.items():
            label = gold["facts"][name]["umbrella_label"]
            yield _Labelled(fact, label, fact.meets(run.facts.get((home, fact.article), ())))
        return
    for story in gold["stories"]:
        homes = [run.primary.get(ids[name], "") for name in story["primary"]]
        home = max(sorted(set(homes)), key=homes.count)
        for member in story["timeline"]:
            for label in member["facts"]:
                fact = annotated[label["fact"]]
                yield _Labelled(fact, label, fact.meets(run.facts.get((home, fact.article), ())))


def _new(labelled: Sequence[_Labelled], statuses: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Facts labelled new; minor ones count only where they are reported; accepted alternatives are right."""
    for each in labelled:
        if each.label["label"] != "new":
            continue
        accepted = statuses
        if str(each.label.get("alternative_label_accepted", "")).startswith("already-stated"):
            accepted = statuses | {"known", "new_speaker"}
        right = any(fact["status"] in accepted for fact in each.found)
        if right or not each.fact.minor:
            yield each.fact.name, right


def _known(labelled: Sequence[_Labelled], annotated: Mapping[str, _Annotated]) -> Iterator[tuple[str, bool]]:
    """Certain known facts: one is marked known with an annotated earlier sentence as its support."""
    for each in labelled:
        if each.label["label"] != "already-stated-by" or each.label.get("doubtful"):
            continue
        earlier = [annotated[ref["fact"]] for ref in each.label["ref"]]
        yield each.fact.name, any(_supported(fact, earlier) for fact in each.found)


def _supported(fact: Fact, earlier: Sequence[_Annotated]) -> bool:
    support = fact["support"]
    return (
        fact["status"] == "known"
        and support is not None
        and any(
            support["article"] == other.article and _overlap(_place(support["span"]), place)
            for other in earlier
            for place in other.sentences
        )
    )


def _changed_figures(labelled: Sequence[_Labelled]) -> Iterator[tuple[str, bool]]:
    for each in labelled:
        if each.label["label"] == "conflicting-figure":
            yield each.fact.name, any(fact["status"] in _CHANGED for fact in each.found)


def _points(figure: Mapping[str, Any], fact: _Annotated, run: _Run) -> list[int]:
    """Numbers of the points of a figure that an annotated fact states."""
    ids = {found["id"] for found in fact.meets(run.of_article(fact.article))}
    return [number for number, point in enumerate(figure["series"]) if point["fact"] in ids]


def _has_value(figure: Mapping[str, Any], entry: Mapping[str, Any], fact: _Annotated, run: _Run) -> bool:
    low = entry.get("value", entry.get("low"))
    high = entry.get("value", entry.get("high"))
    points = [figure["series"][number] for number in _points(figure, fact, run)]
    return any((point["low"], point["high"]) == (low, high) for point in points)


def _series(gold: Gold, run: _Run, annotated: Mapping[str, _Annotated]) -> Iterator[tuple[str, bool]]:
    """Each annotated value, found in the one figure of the run that holds most of its series."""
    for wanted in gold["figure_conflicts"]:
        held = [
            [_has_value(figure, entry, annotated[entry["fact"]], run) for entry in wanted["series"]]
            for figure in run.figures
        ]
        best = max(held, key=sum, default=[False] * len(wanted["series"]))
        for entry, right in zip(wanted["series"], best, strict=True):
            yield f"{wanted['id']} {entry['fact']}", right


def _conflicts(gold: Gold, run: _Run, annotated: Mapping[str, _Annotated]) -> Iterator[tuple[str, bool]]:
    """Each annotated series with different values at one time shows a conflict among its points."""
    for wanted in gold["figure_conflicts"]:
        if wanted["relation"] != "sources differ":
            continue
        facts = [annotated[entry["fact"]] for entry in wanted["series"]]
        yield (
            wanted["id"],
            any(
                figure["series"][number]["status"] == "conflicting"
                for figure in run.figures
                for fact in facts
                for number in _points(figure, fact, run)
            ),
        )


def _not_conflicts(gold: Gold, run: _Run, annotated: Mapping[str, _Annotated]) -> Iterator[tuple[str, bool]]:
    """Pairs that only look like a conflict stay out of one series, or stand in it without a contradiction."""
    for pair in gold["not_conflicts"]:
        one, other = (annotated[name] for name in pair["facts"])
        yield " / ".join(pair["facts"]), not any(_contradict(figure, one, other, run) for figure in run.figures)


def _contradict(figure: Mapping[str, Any], one: _Annotated, other: _Annotated, run: _Run) -> bool:
    first, second = _points(figure, one, run), _points(figure, other, run)
    together = sorted(set(first + second))
    if not first or not second or len(together) == 1:
        return False
    return any(figure["series"][number]["status"] in _CHANGED for number in together[1:])


def _status_changes(gold: Gold, run: _Run, annotated: Mapping[str, _Annotated]) -> Iterator[tuple[str, bool]]:
    for change in gold["status_changes"]:
        fact = annotated[change["to"]]
        found = fact.meets(run.of_article(fact.article))
        yield f"{change['frm']} → {change['to']}", any(each["status"] != "known" for each in found)
