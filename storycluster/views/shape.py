"""The report as types: what ``report.json`` holds, key by key. It reads no table and formats nothing.

``report.schema.json`` is made from these classes; a test holds the two equal. Spans are [start, end)
in code points of the article's text, or of its title where the key ``field`` beside them says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from storycluster.model import Modality, Relation, Role, Status

Field = Literal["text", "title"]
Offset = Annotated[int, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Span = Annotated[list[Offset], Meta(min_length=2, max_length=2, description="[start, end) in code points")]
Moment = Annotated[str, Meta(description="2024-10-18, or 2024-10-18T06:30:00Z where the time of day is known")]


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """One article; its text stands in the run's tables, here are its opening words."""

    id: str
    title: str | None
    lead: Annotated[str, Meta(description="opening words, for articles without a title")]
    published: Moment | None
    published_from: Annotated[str, Meta(description="earliest day an undated article allows")] | None
    source: str | None
    credits: Annotated[list[str], Meta(description="whom the article says it drew on")]
    url: str | None
    language: str | None
    path: str | None


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A member of a group of copies; the kept article has the relation "kept"."""

    article: str
    relation: Relation
    jaccard: Share
    containment: Share


@dataclass(frozen=True, slots=True)
class Group:
    """Near-duplicates of each other, the kept article first."""

    id: str
    kept: str
    members: list[GroupMember]

    def copies(self) -> list[GroupMember]:
        """The members but the kept one."""
        return [member for member in self.members if member.article != self.kept]


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """One article that tells a story, in time order."""

    article: str
    role: Role
    score: Share
    spans: list[Span]
    passages: Annotated[list[str], Meta(description="the words of spans, for secondary articles and mentions")]
    share: Annotated[float, Meta(ge=0.0, le=1.0, description="part of the text inside the spans")]
    evidence: list[str]
    copy_of: str | None


@dataclass(frozen=True, slots=True)
class Support:
    """The earlier sentence that says a known fact, or the one a changed figure is compared with."""

    article: str
    span: Span
    field: Field
    text: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A stated number: a point has low equal to high; ``bound`` says that it was stated as a least or most one."""

    start: Offset
    end: Offset
    field: Field
    low: float | None
    high: float | None
    approximate: bool
    bound: Literal["at_least", "at_most"] | None
    unit: str | None
    counts: str | None
    count_class: str | None
    scope: list[str]
    planned: bool
    subset: bool
    as_of: str | None


@dataclass(frozen=True, slots=True)
class When:
    """A time as ISO days; null where it is open or unresolved."""

    start: str | None
    end: str | None
    expression: str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of an article, verbatim, and what earlier articles of the story knew of it."""

    id: str
    article: str
    text: str
    span: Span
    sentence: Span
    field: Field
    sentence_text: str
    role: str | None
    status: Status
    score: float | None
    rank: float | None
    refs: list[str]
    support: Support | None
    new_terms: list[str]
    entities: list[str]
    quantities: list[Quantity]
    when: When | None
    speaker: str | None
    modality: Modality | None
    negated: bool
    fact_group: str | None
    sources: Annotated[int, Meta(ge=1, description="independent sources that say it in its story")]


@dataclass(frozen=True, slots=True)
class Story:
    """Articles about one event, in time order, and the facts in reading order."""

    id: str
    label: str
    terms: list[str]
    first_published: Moment | None
    last_published: Moment | None
    sources: Annotated[int, Meta(ge=0, description="independent sources")]
    new_facts: Annotated[int, Meta(ge=0, description="facts that are not known already")]
    arc: str | None
    articles: list[StoryArticle]
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class Arc:
    """A running affair: stories grouped at a coarser threshold."""

    id: str
    label: str
    stories: list[str]


@dataclass(frozen=True, slots=True)
class Point:
    """One statement of a figure."""

    story: str | None
    article: str
    fact: str | None
    value: str
    low: float | None
    high: float | None
    approximate: bool
    bound: Literal["at_least", "at_most"] | None
    unit: str | None
    as_of: str | None
    speaker: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity that is stated more than once in an arc."""

    id: str
    counts: str
    planned: bool
    arc: str | None
    stories: list[str]
    conflicting: bool
    series: list[Point]


@dataclass(frozen=True, slots=True)
class Reject:
    """An input that did not become an article."""

    path: str | None
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What the first paragraph of the report says."""

    articles: int
    undated: int
    files: int
    groups: int
    copies: int
    stories: int
    facts: Annotated[int, Meta(description="a statement that two stories tell counts once")]
    new_facts: Annotated[int, Meta(description="those of them that are not known already in some story")]
    rejects: int
    without_rules: Annotated[dict[str, int], Meta(description="articles by language, where it has no word lists")]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a view shows. A stage that did not run is not in ``stages`` and its lists are empty."""

    schema_version: str
    stages: list[str]
    counts: Counts
    articles: list[ArticleEntry]
    groups: list[Group]
    stories: list[Story]
    arcs: list[Arc]
    figures: list[Figure]
    rejects: list[Reject]
    settings: Annotated[dict[str, Any], Meta(description="the settings that may change a result, by section")]


def read_report(report: Mapping[str, object]) -> Report:
    """The report as types; raises msgspec.ValidationError where a key is missing or of another type.

    >>> read_report({"stages": []})
    Traceback (most recent call last):
    msgspec.ValidationError: Object missing required field `schema_version`
    """
    return msgspec.convert(report, Report)


def make_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``report.json``.

    >>> make_schema()["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    schema = msgspec.json.schema(Report)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "storycluster report", **schema}
