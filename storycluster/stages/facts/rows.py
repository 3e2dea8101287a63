"""Facts of a story as rows of the ``facts`` table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storycluster.stages.facts.figurebook import as_of, scope_of
from storycluster.stages.facts.groups import fact_id, group_facts, refer
from storycluster.stages.facts.rank import rank
from storycluster.stages.facts.sourced import count_sources
from storycluster.stages.facts.statements import Span, Statement
from storycluster.stages.facts.story import Fact
from storycluster.text.quantities import Quantity

Row = dict[str, object]

#: Decimals of scores in tables: more would differ between machines.
_DECIMALS = 4


def fact_rows(story: str, facts: Sequence[Fact], members: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """One row per fact in reading order, with references, groups and the number of sources (see ``sourced``)."""
    references = refer(facts)
    ids = [fact_id(fact.statement.article, fact.statement.span) for fact in facts]
    groups = group_facts(facts, references, ids)
    sources = count_sources(facts, groups, members)
    refs = [[ids[earlier.position]] if earlier else [] for earlier in references]
    return [_row(story, *columns) for columns in zip(facts, ids, refs, groups, sources, strict=True)]


def _row(story: str, fact: Fact, own_id: str, refs: list[str], group: str, sources: int) -> Row:
    statement, decision = fact.statement, fact.decision
    order = rank(statement, decision.status, share_new=1.0 - decision.containment, published=fact.told.published)
    return {
        "id": own_id,
        "story": story,
        "article": statement.article,
        "position": fact.position,
        "text": statement.text,
        "span": span_row(statement.span),
        "sentence": span_row(fact.told.span),
        "role": statement.role,
        "status": decision.status,
        "score": round(decision.containment, _DECIMALS),
        "rank": round(order, _DECIMALS),
        "refs": refs,
        "support": {"article": decision.support.article, "span": span_row(decision.support.span)}
        if decision.support
        else None,
        "new_terms": _new_words(fact),
        "entities": list(statement.entities),
        "quantities": [_quantity(each, fact) for each in statement.quantities],
        "when": _when(statement),
        "speaker": statement.speaker,
        "modality": statement.modality,
        "negated": statement.negated,
        "fact_group": group,
        "sources": sources,
    }


def span_row(span: Span) -> Row:
    """A span as a table holds it."""
    return {"start": span.start, "end": span.end, "field": span.field}


def _new_words(fact: Fact) -> list[str]:
    """The words of the statement whose terms the story had not seen, as written, in order; or its new date."""
    if fact.decision.new_date:
        return [fact.statement.times[0].expression]
    unseen = set(fact.decision.unseen)
    shift = fact.told.span.start - fact.statement.span.start
    text = fact.statement.text
    words = [text[word.start + shift : word.end + shift] for word in fact.statement.words if word.term in unseen]
    return list(dict.fromkeys(words))


def _quantity(quantity: Quantity, fact: Fact) -> Row:
    day = as_of(fact.statement, fact.told)
    offset = fact.told.span.start
    return {
        "start": quantity.start + offset,
        "end": quantity.end + offset,
        "field": fact.statement.span.field,
        "low": quantity.low,
        "high": quantity.high,
        "approximate": quantity.approximate,
        "bound": quantity.bound,
        "unit": quantity.unit,
        "counts": quantity.counts,
        "count_class": quantity.count_class,
        "scope": sorted(scope_of(quantity, fact.statement)),
        "planned": quantity.planned,
        "subset": quantity.subset,
        "as_of": day.isoformat() if day else None,
    }


def _when(statement: Statement) -> Row | None:
    """The statement's first time: a resolved one where there is one."""
    times = sorted(statement.times, key=lambda time: (time.first is None and time.last is None, time.start))
    if not times:
        return None
    time = times[0]
    return {
        "start": time.first.isoformat() if time.first else None,
        "end": time.last.isoformat() if time.last else None,
        "expression": time.expression,
    }
