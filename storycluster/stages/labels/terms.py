"""The terms of a story: the few words and names that set it apart from all others, as people write them.

It reads the terms of articles and judges no headline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from storycluster.config import StoriesConfig
from storycluster.indexing import IndexedArticles
from storycluster.kernels.highest import best_columns
from storycluster.kernels.phrases import grow_phrases
from storycluster.kernels.termlists import Offsets, Terms, among_first, left_offsets
from storycluster.kernels.tfidf import Columns, Floats, Integers
from storycluster.stages.labels.members import Member
from storycluster.text.terms import background_share
from storycluster.vectors import TermIndex

#: Terms shown per story: at most so many, and fewer only where an article has fewer words.
MAX_TERMS: Final = 6
#: Terms looked at for them: some are parts of the names of others.
TRIED_TERMS: Final = 2 * MAX_TERMS
#: Times a term stands in an article on average until it has half of the score that more could bring.
TF_FOR_HALF: Final = 2.0
#: What a term counts outside of every lead, where one in all leads counts 1 more.
OUTSIDE_LEAD: Final = 0.3
#: A neighbour that stands beside a name this part of the time belongs to it.
CONSTANT_SHARE: Final = 0.7
#: The same for a word that is no name by itself ("yeol" after "Suk").
CONSTANT_SHARE_OF_WORD: Final = 0.95
#: Bytes in which the rest of a hyphenated name ends.
LONGEST_PART: Final = 40
#: Scores that are computed at a time; bounds the memory of what they are made from.
SCORED_AT_ONCE: Final = 1_000_000
#: Decimals of a score; what differs by less is equal.
_DECIMALS: Final = 9
_HYPHENATED: Final = re.compile(r"(?:[-‐‑][^\W\d_]{1,20}){1,2}(?!\w)")


@dataclass(frozen=True, slots=True)
class _Pile:
    """The articles of one language by story: their terms, and where those of each story begin.

    ``source`` has the same terms in the ``order`` that articles were read in, and where they are written.
    """

    index: TermIndex
    articles: Sequence[Member]
    first: Integers
    source: TermIndex
    order: Integers


def find_terms(
    by_language: Sequence[IndexedArticles], members: Sequence[Member], config: StoriesConfig
) -> dict[str, list[str]]:
    """Up to ``MAX_TERMS`` words per story, as people write them, the most telling first."""
    found: dict[str, list[str]] = {}
    by_id = {member.id: member for member in members}
    for indexed in by_language:
        told = np.array([by_id[article].story for article in indexed.ids], object)
        order = np.argsort(told, kind="stable")
        stories, first = np.unique(told[order], return_index=True)
        nowhere = indexed.index.starts[:0]
        pile = _Pile(
            replace(indexed.index, starts=nowhere, ends=nowhere, marks=indexed.index.marks[:0]).take(order),
            [by_id[indexed.ids[at]] for at in order.tolist()],
            np.append(first, len(order)).astype(np.int64),
            indexed.index,
            order,
        )
        best, _ = best_columns(*_score(pile, config), TRIED_TERMS)
        arrays = pile.index.tokens, pile.index.names, pile.index.begins, pile.index.offsets[pile.first]
        phrases, places = grow_phrases(*arrays, best, of_name=CONSTANT_SHARE, of_word=CONSTANT_SHARE_OF_WORD)
        for at, story in enumerate(stories.tolist()):
            found[story] = _choose(pile, best[at].tolist(), phrases[at], places[at].tolist())
    return found


def _score(pile: _Pile, config: StoriesConfig) -> tuple[Integers, Terms, Floats]:
    """The terms of each story with their scores: row bounds, columns, values.

    The score is tf / (tf + ``TF_FOR_HALF``) times the background idf times the part of the story's articles that
    have the term times (their part / (their part + the part of all other articles)), times ``OUTSIDE_LEAD`` plus
    the part that has it in its lead.
    """
    index = pile.index
    terms, bounds, told, led = _count_terms(index, config.lead_words)
    ordered = sp.csr_matrix(
        (np.arange(len(terms), dtype=np.int32), terms.copy(), bounds[pile.first]),
        shape=(len(pile.first) - 1, len(index.terms)),
    )
    ordered.sort_indices()
    is_first = np.diff(ordered.indices, prepend=-1) != 0
    is_first[ordered.indptr[:-1][np.diff(ordered.indptr) > 0]] = True
    begins = np.flatnonzero(is_first)
    indptr, columns = np.searchsorted(begins, ordered.indptr).astype(np.int64), ordered.indices[begins]
    counts, leads = (np.add.reduceat(values[ordered.data], begins, dtype=np.int32) for values in (told, led))
    held = np.diff(np.append(begins, len(terms))).astype(np.int32)
    size = np.repeat(np.diff(pile.first).astype(np.int32), np.diff(indptr))
    corpus, weight = index.count_articles(terms), -np.log(background_share(index.frequencies, config.article_words))
    score = np.empty(len(columns))
    for begin in range(0, len(columns), SCORED_AT_ONCE):
        at = slice(begin, begin + SCORED_AT_ONCE)
        share, frequency = held[at] / size[at], counts[at] / size[at]
        elsewhere = (corpus[columns[at]] - held[at]) / np.maximum(index.articles - size[at], 1)
        told_here = frequency / (frequency + TF_FOR_HALF) * weight[columns[at]] * share * share / (share + elsewhere)
        score[at] = (told_here * (OUTSIDE_LEAD + leads[at] / size[at])).round(_DECIMALS)
    return indptr, columns.astype(np.int32, copy=False), score


def _count_terms(index: TermIndex, lead_words: int) -> tuple[Terms, Offsets, Columns, npt.NDArray[np.bool_]]:
    """The distinct terms of each article that are no numbers, their bounds, how often each is told, and if in its lead.

    Both counts are one number while they are added up.
    """
    is_told = np.append(~index.is_number, False)[index.tokens]
    each = among_first(index.offsets, lead_words)[is_told] + np.int64(lead_words + 1)
    arrays = each, index.tokens[is_told], left_offsets(is_told, index.offsets)
    counted = sp.csr_matrix(arrays, shape=(len(index), len(index.terms)))
    counted.sum_duplicates()
    told, led = np.divmod(counted.data, lead_words + 1)
    return counted.indices, counted.indptr.astype(np.int64), told, led > 0


def _choose(pile: _Pile, terms: Sequence[int], phrases: Columns, places: Sequence[int]) -> list[str]:
    """Up to ``MAX_TERMS`` terms of a story, each as the whole name it is a part of.

    A longer name takes the place of its part: "Fred LaRue" that of "LaRue". A word beside a name is no part of it
    where it is written small.
    """
    found = list[tuple[set[int], str]]()
    told = set[int]()  # all parts of what is found
    sizes = (phrases >= 0).sum(axis=1).tolist()
    for at, (term, size) in enumerate(zip(terms, sizes, strict=True)):
        if len(found) == MAX_TERMS or term < 0:
            break
        phrase, written = {term}, pile.index.shown[term]
        if size > 1:
            name = _written(pile, size, places[at])
            if not any(word[0].islower() for word in name.split()):
                phrase, written = set(phrases[at, :size].tolist()), name
        parts = [place for place, (other, _) in enumerate(found) if other < phrase] if len(phrase) > 1 else []
        if parts:
            found[parts[0]] = (phrase, written)
            found = [entry for place, entry in enumerate(found) if place not in parts[1:]]
        elif term in told or any(len(other & phrase) > 1 for other, _ in found if len(phrase) > 1):
            continue
        else:
            found.append((phrase, written))
        told |= phrase
    return list(dict.fromkeys(written for _, written in found))


def _written(pile: _Pile, words: int, place: int) -> str:
    """The words from a place on as the article has them, the rest of a hyphenated name included."""
    at = int(np.searchsorted(pile.index.offsets, place, side="right")) - 1
    begin = place - int(pile.index.offsets[at]) + int(pile.source.offsets[pile.order[at]])
    encoded = f"{pile.articles[at].title}\n{pile.articles[at].text}".encode("utf-8", "replace")
    end = int(pile.source.ends[begin + words - 1])
    rest = encoded[end : end + LONGEST_PART].decode("utf-8", "ignore")
    written = encoded[int(pile.source.starts[begin]) : end].decode("utf-8", "replace")
    hyphenated = _HYPHENATED.match(rest)
    return " ".join((written + (hyphenated.group() if hyphenated else "")).split())
