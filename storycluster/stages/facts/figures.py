"""Figures of an arc: each quantity stated more than once, as a series over time, sources and stories.

Only equal count class, unit, planned or actual and part or whole are compared, and only about a common subject.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import pyarrow as pa

from storycluster.config import FactsConfig
from storycluster.engines.base import Engine, Table
from storycluster.model import FIGURES
from storycluster.stages.facts.figurebook import OF_EACH, change, happens, of_one_matter, share_words
from storycluster.stages.facts.order import Dates, reading_key
from storycluster.stages.facts.slots import covers, widened
from storycluster.text.lexicon import NUMBER_MARK, load_lexicon
from storycluster.text.quantities.find import Bound
from storycluster.text.quantities.nouns import same_noun

_ID_BYTES: Final = 8
#: Statements whose words are at hand: about those of the figures of an arc.
_KEPT_TEXTS: Final = 1024
#: A figure is a series from so many statements on.
_LEAST_POINTS: Final = 2


@dataclass(frozen=True, slots=True)
class Point:
    """One stated value with who stated it; ``start`` is its place in the article, which tells two of a fact apart."""

    story: str
    article: str
    fact: str
    low: float
    high: float
    approximate: bool
    bound: Bound | None
    unit: str | None
    counts: str
    as_of: date | None
    speaker: str | None
    scope: frozenset[str]
    text: str
    start: int


@dataclass(slots=True)
class Series:
    """Points about one subject in reading order, each with its status; grows while an arc is read."""

    counts: str
    points: list[Point] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    scope: set[str] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)
    reaches: list[tuple[float, float]] = field(default_factory=list)

    def takes(self, point: Point) -> bool:
        """Whether the point is about the subject of the series; two numbers of one clause count two things."""
        about = bool(point.scope & self.scope) or not (point.scope or self.scope)
        about = about or (happens(self.counts) and not (point.scope and self.scope))
        if not about or point.fact in self.facts:
            return False
        return self._has_value(point) or any(self._compares(point, other) for other in self.points)

    def _has_value(self, point: Point) -> bool:
        """Whether a point may state a value of the series again, as ``ranges_agree`` has it."""
        low, high = widened(point)
        return any(low <= last and first <= high for first, last in self.reaches)

    def _compares(self, point: Point, other: Point) -> bool:
        """Whether two different values may be of one thing at two times."""
        one_matter = self.counts not in OF_EACH
        one_matter = one_matter and of_one_matter(point, point.as_of, other=other, other_day=other.as_of)
        if not (one_matter and same_noun(point.counts, other.counts)):
            return False
        is_event = happens(self.counts) and point.story == other.story and point.article != other.article
        return is_event or share_words(_terms(point.text), _terms(other.text))

    def add(self, point: Point) -> None:
        """Append a point with its status against those before it."""
        self.statuses.append(self._status(point))
        self.points.append(point)
        self.scope |= point.scope
        self.facts.add(point.fact)
        self.reaches.append(widened(point))

    def _status(self, point: Point) -> str:
        if not self.points:
            return "new"
        if any(covers(other, point) for other in self.points):
            return "known"
        latest = self.points[-1]
        return change(point.as_of, latest.as_of, same_article=point.article == latest.article)


def track_figures(
    articles: Table, facts: Table, stories: Table, arcs: Table, config: FactsConfig, engine: Engine
) -> Table:
    """The ``figures`` table: series over whole arcs, conflicts marked; a story without an arc is its own."""
    del arcs, config  # part of the stage's contract; the stories name their arcs, and nothing here is tunable
    stated = engine.sql(
        "figures__stated",
        f"""
        SELECT coalesce(s.arc, s.id) AS arc, f.story, f.article, f.id, f.position, f.quantities, f.speaker,
               f.text, a.published, a.published_from, a.content_hash
        FROM "{facts}" AS f JOIN "{stories}" AS s ON s.id = f.story JOIN "{articles}" AS a ON a.id = f.article
        WHERE cardinality(f.quantities) > 0
        """,
    )
    found = engine.map_groups("figures__found", stated, "arc", figures_of_arcs, FIGURES, several=True)
    return engine.sql("figures", f'SELECT * FROM "{engine.checkpoint(found)}" ORDER BY arc, id')


def figures_of_arcs(stated: pa.Table) -> pa.Table:
    """The figures of arcs from the quantities of their facts, those of an arc together."""
    figures: list[dict[str, object]] = []
    for arc, rows in groupby(stated.to_pylist(), key=itemgetter("arc")):
        figures.extend(sorted(_arc_figures(arc, sorted(rows, key=_key)), key=lambda row: str(row["id"])))
    return pa.Table.from_pylist(figures, schema=FIGURES)


def _arc_figures(arc: str, rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, object]]:
    kinds: dict[tuple[Any, ...], list[Series]] = {}
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        for quantity in row["quantities"]:
            once = (row["article"], quantity["count_class"], quantity["field"], quantity["start"])
            if not quantity["count_class"] or once in seen:
                continue
            seen.add(once)
            kind = tuple(quantity[name] for name in ("count_class", "unit", "planned", "subset"))
            _place(_point(row, quantity), kinds.setdefault(kind, []), counts=quantity["count_class"])
    for kind, several in kinds.items():
        yield from (_row(arc, kind, series) for series in several if len(series.points) >= _LEAST_POINTS)


@lru_cache(maxsize=_KEPT_TEXTS)
def _terms(text: str) -> tuple[str, ...]:
    """The content words of a statement without its numbers; few are asked for, some often."""
    return tuple(word.term for word in load_lexicon("en").words(text) if not word.term.startswith(NUMBER_MARK))


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    dates = Dates(row["published"], row["published_from"])
    order = reading_key(dates, content_hash=row["content_hash"], article=row["article"])
    return (*order, row["story"], row["position"])


def _place(point: Point, several: list[Series], *, counts: str) -> None:
    for series in several:
        if series.takes(point):
            series.add(point)
            return
    series = Series(counts)
    series.add(point)
    several.append(series)


def _point(row: dict[str, Any], quantity: dict[str, Any]) -> Point:
    day = quantity["as_of"]
    return Point(
        story=row["story"],
        article=row["article"],
        fact=row["id"],
        low=quantity["low"],
        high=quantity["high"],
        approximate=quantity["approximate"],
        bound=quantity["bound"],
        unit=quantity["unit"],
        counts=quantity["counts"],
        as_of=date.fromisoformat(day) if day else None,
        speaker=row["speaker"],
        scope=frozenset(quantity["scope"] or ()),
        text=row["text"],
        start=quantity["start"],
    )


def _row(arc: str, kind: tuple[Any, ...], series: Series) -> dict[str, object]:
    count_class, _unit, planned, _subset = kind
    first = series.points[0]
    key = "\0".join((arc, str(kind), first.fact, str(first.start)))
    return {
        "id": "n" + hashlib.blake2b(key.encode(), digest_size=_ID_BYTES).hexdigest(),
        "counts": count_class,
        "planned": planned,
        "arc": arc,
        "stories": sorted({point.story for point in series.points}),
        "conflicting": "conflicting" in series.statuses,
        "series": [_point_row(point, status) for point, status in zip(series.points, series.statuses, strict=True)],
    }


def _point_row(point: Point, status: str) -> dict[str, object]:
    return {
        "story": point.story,
        "article": point.article,
        "fact": point.fact,
        "value": shown(point.low, point.high, approximate=point.approximate, bound=point.bound),
        "low": point.low,
        "high": point.high,
        "approximate": point.approximate,
        "bound": point.bound,
        "unit": point.unit,
        "as_of": point.as_of.isoformat() if point.as_of else None,
        "speaker": point.speaker,
        "status": status,
    }


def shown(low: float, high: float, *, approximate: bool, bound: Bound | None = None) -> str:
    """A value as a reader writes it.

    >>> shown(10000, 12000, approximate=False), shown(1500, 1500, approximate=True)
    ('10,000–12,000', 'about 1,500')
    >>> shown(500, 600, approximate=False, bound="at_least")
    'at least 500'
    """
    first, last = (f"{value:,.10g}" for value in (low, high))
    if bound:
        return f"at least {first}" if bound == "at_least" else f"up to {last}"
    text = first if low == high else f"{first}–{last}"
    return f"about {text}" if approximate else text
