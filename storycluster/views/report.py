"""The tables of a run as one ``report.json``: joined, sorted and with the words of each span. It decides nothing.

Order: articles by time (undated last), groups by their kept article, stories from the largest and newest
to the smallest, facts in reading order; ties by content hash, then id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
import pyarrow as pa

from storycluster.config import Config
from storycluster.model import SCHEMA_VERSION
from storycluster.text.languages import read_as
from storycluster.text.rules import has_rules
from storycluster.views.excerpt import cut_excerpt, cut_lead
from storycluster.views.shape import (
    Arc,
    ArticleEntry,
    Counts,
    Fact,
    Field,
    Figure,
    Group,
    GroupMember,
    Point,
    Quantity,
    Reject,
    Report,
    Story,
    StoryArticle,
    Support,
    When,
)
from storycluster.views.story_facts import StoryFacts

#: A row of a table as Arrow hands it over; ``model.py`` names its columns.
Row = dict[str, Any]


def build_report(
    tables: Mapping[str, pa.Table], *, config: Config, stages: Sequence[str], most_stories: int | None = None
) -> dict[str, object]:
    """The report as plain values, ready for JSON; ``stages`` names which ran.

    ``tables`` needs ``articles`` and ``rejects``; tables of stages that did not run may be missing. With
    ``most_stories`` the later stories come without their facts, which are only counted.
    """
    texts = _Texts(tables["articles"], config.report.excerpt_letters)
    groups = _groups(_rows(tables, "groups"), texts)
    facts = StoryFacts(tables.get("facts"))
    stories = list(_stories(tables, texts, facts, most_stories=most_stories))
    rejects = [
        Reject(path=row["path"], line=row["line"], reason=row["reason"])
        for row in sorted(_rows(tables, "rejects"), key=_reject_order)
    ]
    settings = {name: section for name, section in asdict(config).items() if name != "engine"}
    report = Report(
        schema_version=SCHEMA_VERSION,
        stages=list(stages),
        counts=_count(texts, groups, stories, facts=facts.total, rejects=rejects),
        articles=[texts.entry(row) for row in texts.ordered],
        groups=groups,
        stories=stories,
        arcs=[
            Arc(id=row["id"], label=row["label"] or "", stories=sorted(row["stories"]))
            for row in sorted(_rows(tables, "arcs"), key=lambda row: row["id"])
        ],
        figures=[_figure(row) for row in sorted(_rows(tables, "figures"), key=_figure_order)],
        rejects=rejects,
        settings=settings,
    )
    plain: dict[str, object] = msgspec.to_builtins(report)
    return plain


def stream_stories(tables: Mapping[str, pa.Table], *, config: Config) -> Iterator[dict[str, object]]:
    """The stories of the report with all their facts, one at a time, so that few are in memory."""
    texts = _Texts(tables["articles"], config.report.excerpt_letters)
    for story in _stories(tables, texts, StoryFacts(tables.get("facts"))):
        plain: dict[str, object] = msgspec.to_builtins(story)
        yield plain


def _rows(tables: Mapping[str, pa.Table], name: str) -> list[Row]:
    table = tables.get(name)
    return [] if table is None else table.to_pylist()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an article stands: its row in the table and its place in time order."""

    row: int
    rank: int


class _Texts:
    """The articles by id, in time order, and excerpts of their texts; a text is loaded when it is quoted."""

    def __init__(self, articles: pa.Table, excerpt_letters: int) -> None:
        self._text = articles.column("text")
        self.excerpt_letters = excerpt_letters
        rows = articles.drop_columns(["text"]).to_pylist()
        for number, row in enumerate(rows):
            row["row"] = number
        self.ordered = sorted(rows, key=_time_order)
        self._places = {row["id"]: _Place(row["row"], rank) for rank, row in enumerate(self.ordered)}
        self._titles = {row["id"]: row["title"] or "" for row in rows}

    def rank(self, article: str) -> int:
        """Its place in time order."""
        return self._places[article].rank

    def excerpt(self, article: str, span: Row) -> str:
        """The words of a span, in one line and cut where they are too long to show."""
        field = _field(span)
        text = self._titles[article] if field == "title" else self._text[self._places[article].row].as_py()
        return cut_excerpt(text, span["start"], span["end"], self.excerpt_letters)

    def entry(self, row: Row) -> ArticleEntry:
        """The article as the report lists it."""
        bound: datetime | None = row["published_from"]
        return ArticleEntry(
            id=row["id"],
            title=row["title"],
            lead=cut_lead(self._text[row["row"]].as_py()),
            published=_moment(row["published"], row["published_precision"] == "day"),
            published_from=bound.date().isoformat() if bound else None,
            source=row["source"],
            credits=list(row["credits"] or ()),
            url=row["url"],
            language=row["language"],
            path=row["path"],
        )


def _time_order(row: Row) -> tuple[bool, datetime, int, str]:
    time = row["published"] or row["published_from"]
    return time is None, time or datetime.min, row["content_hash"] or 0, row["id"]


def _moment(time: datetime | None, whole_day: bool) -> str | None:
    if time is None:
        return None
    return time.date().isoformat() if whole_day else time.replace(microsecond=0).isoformat() + "Z"


def _is_midnight(time: datetime | None) -> bool:
    return time is not None and (time.hour, time.minute, time.second) == (0, 0, 0)


def _groups(rows: Sequence[Row], texts: _Texts) -> list[Group]:
    """Groups in the time order of their kept articles, the kept article first in each."""
    members: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        members[row["id"]].append(row)
    found = []
    for identity, own in members.items():
        kept = own[0]["kept"]
        own.sort(key=lambda row: (row["article"] != row["kept"], texts.rank(row["article"])))
        entries = [
            GroupMember(
                article=row["article"],
                relation=row["relation"],
                jaccard=row["jaccard"],
                containment=row["containment"],
            )
            for row in own
        ]
        found.append(Group(id=identity, kept=kept, members=entries))
    return sorted(found, key=lambda group: (texts.rank(group.kept), group.id))


def _stories(
    tables: Mapping[str, pa.Table], texts: _Texts, facts: StoryFacts, *, most_stories: int | None = None
) -> Iterator[Story]:
    memberships: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(tables, "memberships"):
        memberships[row["story"]].append(row)
    for place, row in enumerate(sorted(_rows(tables, "stories"), key=_story_order)):
        own = facts.rows(row["id"]) if most_stories is None or place < most_stories else []
        yield _story(row, memberships[row["id"]], own, texts, new_facts=facts.count_new(row["id"]))


def _story_order(row: Row) -> tuple[int, bool, float, str]:
    """Largest first, then newest, undated last, then by id."""
    last: datetime | None = row["last_published"]
    seconds = (last - datetime.min).total_seconds() if last else 0.0
    return -(row["articles"] or 0), last is None, -seconds, row["id"]


def _story(row: Row, memberships: list[Row], facts: list[Row], texts: _Texts, *, new_facts: int) -> Story:
    memberships.sort(key=lambda member: (texts.rank(member["article"]), member["role"]))
    first, last = row["first_published"], row["last_published"]
    return Story(
        id=row["id"],
        label=row["label"] or "",
        terms=list(row["terms"] or ()),
        first_published=_moment(first, _is_midnight(first)),
        last_published=_moment(last, _is_midnight(last)),
        sources=row["sources"] or 0,
        new_facts=new_facts,
        arc=row["arc"],
        articles=[_member(member, texts) for member in memberships],
        facts=[_fact(fact, texts) for fact in facts],
    )


def _member(row: Row, texts: _Texts) -> StoryArticle:
    spans = [span for span in row["spans"] or () if _field(span) == "text"]
    quoted = spans if row["role"] != "primary" else ()
    return StoryArticle(
        article=row["article"],
        role=row["role"],
        score=row["score"] or 0.0,
        spans=[_pair(span) for span in spans],
        passages=[texts.excerpt(row["article"], span) for span in quoted],
        share=row["share"] or 0.0,
        evidence=list(row["evidence"] or ()),
        copy_of=row["copy_of"],
    )


def _fact(row: Row, texts: _Texts) -> Fact:
    support = row["support"]
    return Fact(
        id=row["id"],
        article=row["article"],
        text=row["text"],
        span=_pair(row["span"]),
        sentence=_pair(row["sentence"]),
        field=_field(row["span"]),
        sentence_text=texts.excerpt(row["article"], row["sentence"]),
        role=row["role"],
        status=row["status"],
        score=row["score"],
        rank=row["rank"],
        refs=list(row["refs"] or ()),
        support=_support(support, texts) if support and support["article"] else None,
        new_terms=list(row["new_terms"] or ()),
        entities=list(row["entities"] or ()),
        quantities=[_quantity(quantity) for quantity in row["quantities"] or ()],
        when=When(**row["when"]) if row["when"] and any(row["when"].values()) else None,
        speaker=row["speaker"],
        modality=row["modality"],
        negated=bool(row["negated"]),
        fact_group=row["fact_group"],
    )


def _support(row: Row, texts: _Texts) -> Support:
    span = row["span"]
    words = texts.excerpt(row["article"], span)
    return Support(article=row["article"], span=_pair(span), field=_field(span), text=words)


def _quantity(row: Row) -> Quantity:
    flags = {name: bool(row[name]) for name in ("approximate", "planned", "subset")}
    return Quantity(**{**row, **flags, "field": _field(row), "scope": list(row["scope"] or ())})


def _pair(span: Row) -> list[int]:
    return [span["start"], span["end"]]


def _field(span: Row) -> Field:
    return "title" if span["field"] == "title" else "text"


def _figure(row: Row) -> Figure:
    points = [Point(**{**point, "approximate": bool(point["approximate"])}) for point in row["series"] or ()]
    return Figure(
        id=row["id"],
        counts=row["counts"] or "",
        planned=bool(row["planned"]),
        arc=row["arc"],
        stories=list(row["stories"] or ()),
        conflicting=bool(row["conflicting"]),
        series=points,
    )


def _figure_order(row: Row) -> tuple[bool, int, str]:
    """Conflicts first, then the longest series, then by id."""
    return not row["conflicting"], -len(row["series"] or ()), row["id"]


def _reject_order(row: Row) -> tuple[str, int, str]:
    return row["path"] or "", row["line"] or 0, row["reason"]


def _count(
    texts: _Texts, groups: Sequence[Group], stories: Sequence[Story], *, facts: int, rejects: Sequence[Reject]
) -> Counts:
    rows = texts.ordered
    paths = {row["path"] for row in rows if row["path"]} | {reject.path for reject in rejects if reject.path}
    return Counts(
        articles=len(rows),
        undated=sum(1 for row in rows if row["published"] is None),
        files=len(paths),
        groups=len(groups),
        copies=sum(len(group.members) - 1 for group in groups),
        stories=len(stories),
        facts=facts,
        new_facts=sum(story.new_facts for story in stories),
        rejects=len(rejects),
        without_rules=dict(sorted(Counter(row["language"] for row in rows if not _has_rules(row["language"])).items())),
    )


@cache
def _has_rules(language: str | None) -> bool:
    """Whether facts are found by word lists."""
    return has_rules(read_as(language))
