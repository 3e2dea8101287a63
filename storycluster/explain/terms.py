"""Terms two articles share, the rarest first, with the place where each stands in both.

Reads two texts; how rare a term is comes from the background alone, so it looks at no other article.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from storycluster.text.terms import background_share
from storycluster.vectors import TermIndex, index_terms

#: Terms that are shown.
MOST_TERMS: Final = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A span in code points of an article's text, or of its title where ``field`` says so, and its words."""

    field: str
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class SharedTerm:
    """A term of two articles: its idf against the background, whether it is a name or number in both, first places."""

    term: str
    weight: float
    is_name: bool
    a: Place
    b: Place


def find_shared_terms(
    a: Mapping[str, Any], b: Mapping[str, Any], language: str, article_words: int
) -> tuple[SharedTerm, ...]:
    """At most MOST_TERMS terms of both articles (rows with ``title`` and ``text``), the rarest first.

    The weight is ``-ln`` of the share of articles of so many words that would hold the term by chance.
    """
    texts = [f"{row['title'] or ''}\n{row['text']}" for row in (a, b)]
    index = index_terms(texts, language)
    weights = -np.log(background_share(index.frequencies, article_words))
    first, second = (_first_places(index, at) for at in range(2))
    shared = sorted(first.keys() & second.keys(), key=lambda term: (-weights[term], index.terms[term]))
    encoded = [text.encode("utf-8", "replace") for text in texts]
    return tuple(
        SharedTerm(
            term=index.shown[term],
            weight=float(weights[term]),
            is_name=bool(index.names[first[term]] and index.names[second[term]]),
            a=_place(index, first[term], encoded[0], a),
            b=_place(index, second[term], encoded[1], b),
        )
        for term in shared[:MOST_TERMS]
    )


def _first_places(index: TermIndex, text: int) -> dict[int, int]:
    """The first token of each term of a text, a name before a plain word."""
    places: dict[int, int] = {}
    for token in range(int(index.offsets[text]), int(index.offsets[text + 1])):
        term = int(index.tokens[token])
        if term >= 0 and (term not in places or (index.names[token] and not index.names[places[term]])):
            places[term] = token
    return places


def _place(index: TermIndex, token: int, encoded: bytes, row: Mapping[str, Any]) -> Place:
    start = len(encoded[: index.starts[token]].decode("utf-8", "replace"))
    words = encoded[index.starts[token] : index.ends[token]].decode("utf-8", "replace")
    title = len(row["title"] or "")
    if start < title:
        return Place("title", start, start + len(words), words)
    return Place("text", start - title - 1, start - title - 1 + len(words), words)
