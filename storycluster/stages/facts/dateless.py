"""A statement without the date at one of its ends: what stays when only the date is new. It decides nothing."""

from __future__ import annotations

from typing import Final

from storycluster.stages.facts.statements import Span, Statement

_BLANK: Final = " ,;:\t\n"


def without_date(statement: Statement, offset: int) -> Statement | None:
    """The statement without the date at its beginning or end, None where it stands inside or nothing else is left.

    ``offset`` is where the sentence begins, from which the statement's slots count.
    """
    start, end = statement.span.start - offset, statement.span.end - offset
    time = statement.times[0]
    if not statement.text[time.end - start :].strip(_BLANK):
        end = time.start
    elif not statement.text[: time.start - start].strip(_BLANK):
        start = time.end
    else:
        return None
    text = statement.text[start - (statement.span.start - offset) : end - (statement.span.start - offset)]
    start += len(text) - len(text.lstrip(_BLANK))
    text = text.strip(_BLANK)
    words = tuple(word for word in statement.words if not time.start <= word.start < time.end)
    span = Span(start + offset, start + offset + len(text), statement.span.field)
    terms = tuple(word.term for word in words)
    return statement._replace(span=span, text=text, words=words, terms=terms, times=()) if words else None
