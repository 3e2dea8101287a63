"""The terms of a story: the few words and names that set it apart from all others, as people write them.

It reads the terms of articles and judges no headline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp

from storycluster.config import StoriesConfig
from storycluster.kernels.phrases import best_columns, grow_phrases
from storycluster.kernels.termlists import Offsets, Terms, among_first, distinct_marked, left_offsets
from storycluster.kernels.tfidf import Floats, Integers
from storycluster.stages.labels.members import Member
from storycluster.text.terms import background_share
from storycluster.vectors import TermIndex
from storycluster.wording import Wording

#: Terms shown per story: at most so many, and fewer only where an article has fewer words.
MAX_TERMS: Final = 6
#: Terms looked at for them: some are parts of the names of others.
TRIED_TERMS: Final = 2 * MAX_TERMS
#: Words from the beginning of an article that make its lead here.
LEAD_WORDS: Final = 60
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
#: Decimals of a score; what differs by less is equal.
_DECIMALS: Final = 9
_HYPHENATED: Final = re.compile(r"(?:[-‐‑][^\W\d_]{1,20}){1,2}(?!\w)")


@dataclass(frozen=True, slots=True)
class _Pile:
    """The articles of one language by story: their terms, and where those of each story begin."""

    index: TermIndex
    articles: Sequence[Member]
    first: Integers

    def sums(self, columns: Terms, offsets: Offsets, amounts: Floats) -> sp.csr_matrix:
        """The sum of ``amounts`` by story and column, where ``offsets`` are those of articles; columns sorted."""
        shape = len(self.first) - 1, len(self.index.terms)
        matrix = sp.csr_matrix((amounts, columns, offsets[self.first]), shape=shape).tocsc().tocsr()
        matrix.sum_duplicates()
        return matrix


def find_terms(wordings: Sequence[Wording], members: Sequence[Member], config: StoriesConfig) -> dict[str, list[str]]:
    """Up to ``MAX_TERMS`` words per story, as people write them, the most telling first."""
    found: dict[str, list[str]] = {}
    by_id = {member.id: member for member in members}
    for wording in wordings:
        told = np.array([by_id[article].story for article in wording.ids], object)
        order = np.argsort(told, kind="stable")
        stories, first = np.unique(told[order], return_index=True)
        pile = _Pile(
            wording.index.take(order),
            [by_id[wording.ids[at]] for at in order.tolist()],
            np.append(first, len(order)).astype(np.int64),
        )
        best = best_columns(*_score(pile, config), TRIED_TERMS)
        arrays = pile.index.tokens, pile.index.names, pile.index.begins, pile.index.offsets[pile.first]
        phrases, places = grow_phrases(*arrays, best, of_name=CONSTANT_SHARE, of_word=CONSTANT_SHARE_OF_WORD)
        for at, story in enumerate(stories.tolist()):
            found[story] = _choose(pile, best[at].tolist(), phrases[at].tolist(), places[at].tolist())
    return found


def _score(pile: _Pile, config: StoriesConfig) -> tuple[Integers, Terms, Floats]:
    """The terms of each story with their scores: row bounds, columns, values.

    The score is tf / (tf + ``TF_FOR_HALF``) times the background idf times the part of the story's articles that
    have the term times (their part / (their part + the part of all other articles)), times ``OUTSIDE_LEAD`` plus
    the part that has it in its lead.
    """
    index = pile.index
    words = np.where(np.append(index.is_number, True)[index.tokens], np.int32(-1), index.tokens)
    in_lead = among_first(index.offsets, LEAD_WORDS).astype(np.uint8)
    columns, offsets, lead = distinct_marked(words, index.offsets, in_lead)
    content = words >= 0
    bounds = left_offsets(content, index.offsets)
    counts = pile.sums(words[content], bounds, np.ones(np.count_nonzero(content)))
    held = pile.sums(columns, offsets, np.ones(len(columns)))
    size = np.repeat(np.diff(pile.first), np.diff(held.indptr))
    share, frequency = held.data / size, counts.data / size
    corpus = index.count_articles(columns)
    elsewhere = (corpus[held.indices] - held.data) / np.maximum(index.articles - size, 1)
    weight = -np.log(background_share(index.frequencies, config.article_words))
    score = frequency / (frequency + TF_FOR_HALF) * weight[held.indices] * share * share / (share + elsewhere)
    score *= OUTSIDE_LEAD + pile.sums(columns, offsets, lead.astype(np.float64)).data / size
    return held.indptr.astype(np.int64), held.indices.astype(np.int32), score.round(_DECIMALS)


def _choose(pile: _Pile, terms: Sequence[int], phrases: Sequence[Sequence[int]], places: Sequence[int]) -> list[str]:
    """Up to ``MAX_TERMS`` terms of a story, each as the whole name it is a part of.

    A longer name takes the place of its part: "Fred LaRue" that of "LaRue". A word beside a name is no part of it
    where it is written small.
    """
    found = list[tuple[set[int], str]]()
    for term, padded, place in zip(terms, phrases, places, strict=True):
        if len(found) == MAX_TERMS or term < 0:
            break
        phrase, written = {part for part in padded if part >= 0}, pile.index.shown[term]
        if len(phrase) > 1:
            name = _written(pile, len(phrase), place)
            phrase, written = ({term}, written) if any(word[0].islower() for word in name.split()) else (phrase, name)
        parts = [at for at, (other, _) in enumerate(found) if other < phrase]
        if parts:
            found[parts[0]] = (phrase, written)
            found = [entry for at, entry in enumerate(found) if at not in parts[1:]]
        elif not any(term in other or len(other & phrase) > 1 for other, _ in found):
            found.append((phrase, written))
    return list(dict.fromkeys(written for _, written in found))


def _written(pile: _Pile, words: int, place: int) -> str:
    """The words from a place on as the article has them, the rest of a hyphenated name included."""
    article = pile.articles[int(np.searchsorted(pile.index.offsets, place, side="right")) - 1]
    encoded = f"{article.title}\n{article.text}".encode("utf-8", "replace")
    end = int(pile.index.ends[place + words - 1])
    rest = encoded[end : end + LONGEST_PART].decode("utf-8", "ignore")
    written = encoded[int(pile.index.starts[place]) : end].decode("utf-8", "replace")
    hyphenated = _HYPHENATED.match(rest)
    return " ".join((written + (hyphenated.group() if hyphenated else "")).split())
