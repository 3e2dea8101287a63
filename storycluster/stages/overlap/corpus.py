"""Kept articles of one language with their terms and stories, and what speaks for which story in them.

Computes evidence term by term; it cuts no passage and writes no table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sparse_dot_topn import sp_matmul_topn

from storycluster.config import StoriesConfig
from storycluster.kernels.segments import screen_candidates
from storycluster.kernels.termlists import SENTENCE, distinct
from storycluster.kernels.tfidf import Floats, Integers, drop_common, unit_rows, weigh_terms
from storycluster.text.terms import background_share
from storycluster.vectors import TermIndex

#: Other stories an article is compared with: those it has most in common with.
CANDIDATES: Final = 6
#: Cosine of an article and a story below which no passage is looked for.
LEAST_COMMON: Final = 0.03
#: A term that more articles have, as a number and as a part of all, finds no candidate (it still speaks in them).
COMMON_ARTICLES: Final = 300
COMMON_SHARE: Final = 0.02
#: A term that n members of a story have speaks for it with n / (n + MEMBERS_FOR_HALF).
MEMBERS_FOR_HALF: Final = 1.5
#: What a term of the article's own story says against another story, where a term of that one says 1 for it.
AGAINST: Final = 1.0

#: Articles of the background in the idf that costs and gains below are counted in, whatever pairs are weighed with.
BACKGROUND_ARTICLES: Final = 10_000.0
#: Cost of a term per unit of idf: a passage must be explained by its story to at least this part.
COST: Final = 0.12
#: Gain in idf that a passage needs; a name that one other article has brings 3 to 4.
LEAST_GAIN: Final = 15.0
#: A mention is the best sentence for another story of the same arc, at this cost and gain.
MENTION_COST: Final = 0.02
LEAST_MENTION_GAIN: Final = 1.0
#: A rare term: one article of the background in e^5 (about 150) has it. A passage shares so many, a name among them.
RARE_IDF: Final = 5.0
RARE_TERMS: Final = 2
#: Evidence for the other story from which a rare term counts as shared with it.
SHARED_EVIDENCE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Corpus:
    """Kept articles, their terms with idf ``weights``, and per story its arc, its size and its members per term."""

    rows: Sequence[Mapping[str, Any]]
    index: TermIndex
    weights: Floats
    own: sp.csr_matrix
    story: Integers
    arcs: Sequence[str]
    profiles: sp.csr_matrix
    stories: Sequence[str]
    sizes: Integers

    def tokens(self, article: int) -> slice:
        """Where the words of an article stand in the index."""
        return slice(int(self.index.offsets[article]), int(self.index.offsets[article + 1]))

    def terms(self, article: int) -> Integers:
        """The distinct terms of an article."""
        terms: Integers = self.own.indices[self.own.indptr[article] : self.own.indptr[article + 1]]
        return terms

    def speaks(self, article: int, story: int) -> Floats:
        """What each distinct term of an article says for a story, 0..1, with the article itself left out."""
        begin, end = self.profiles.indptr[story], self.profiles.indptr[story + 1]
        terms, own = self.profiles.indices[begin:end], self.terms(article)
        place = np.minimum(np.searchsorted(terms, own), max(end - begin - 1, 0))
        members = np.where(terms[place] == own, self.profiles.data[begin:end][place], 0.0)
        members -= float(self.story[article] == story)
        speaks: Floats = members / (members + MEMBERS_FOR_HALF)
        return speaks

    def speaks_for_itself(self, article: int, blocks: npt.NDArray[np.int32]) -> Floats:
        """The same for an article alone in its story: a term speaks for it by the other sentences that have it."""
        tokens = self.index.tokens[self.tokens(article)]
        inside = (tokens >= 0) & (blocks >= 0)
        term = np.searchsorted(self.terms(article), tokens[inside])
        sentences = np.unique(term.astype(np.int64) << 32 | blocks[inside]) >> 32
        others = np.maximum(np.bincount(sentences, minlength=len(self.terms(article))) - 1.0, 0.0)
        result: Floats = others / (others + MEMBERS_FOR_HALF)
        return result


def build_corpus(rows: Sequence[Mapping[str, Any]], index: TermIndex, config: StoriesConfig) -> Corpus:
    """The corpus of ``rows`` with id, title, text, story and arc; ``index`` has their terms."""
    columns, offsets = distinct(index.tokens, index.offsets)
    weights = weigh_terms(
        index.count_articles(columns),
        background_share(index.frequencies, config.article_words),
        articles=index.articles,
        background_articles=BACKGROUND_ARTICLES,
    )
    stories = sorted({row["story"] for row in rows})
    number = {story: at for at, story in enumerate(stories)}
    story = np.array([number[row["story"]] for row in rows], np.int64)
    own = sp.csr_matrix((np.ones(len(columns)), columns, offsets), shape=(len(rows), len(index.terms)))
    member = sp.csr_matrix((np.ones(len(rows)), (story, np.arange(len(rows)))), shape=(len(stories), len(rows)))
    profiles = (member @ own).tocsr()
    profiles.sort_indices()
    arc_of = {row["story"]: row["arc"] for row in rows}
    return Corpus(
        rows,
        index,
        weights,
        own,
        story,
        [arc_of[story] for story in stories],
        profiles,
        stories,
        np.bincount(story, minlength=len(stories)).astype(np.int64),
    )


def find_candidates(corpus: Corpus) -> dict[int, list[int]]:
    """For each article the stories that some stretch of its rough sentences may tell, or a sentence mention."""
    candidates = _most_common(corpus)
    gains, mentions = screen_candidates(
        (corpus.index.tokens, _rough_sentences(corpus.index), corpus.index.names, corpus.index.offsets),
        _arrays(corpus.own)[:2],
        groups=(*_arrays(corpus.profiles), corpus.story, corpus.sizes),
        candidates=_arrays(candidates)[:2],
        weights=corpus.weights,
        rules=(MEMBERS_FOR_HALF, AGAINST, COST, MENTION_COST, LEAST_MENTION_GAIN, RARE_IDF, SHARED_EVIDENCE),
    )
    article, story = np.repeat(np.arange(len(corpus.rows)), np.diff(candidates.indptr)), candidates.indices
    _, arc = np.unique(corpus.arcs, return_inverse=True)
    akin = arc[story] == arc[corpus.story[article]]
    found: dict[int, list[int]] = {}
    for place in np.flatnonzero((gains >= LEAST_GAIN) | (mentions & akin)).tolist():
        found.setdefault(int(article[place]), []).append(int(story[place]))
    return {at: sorted(stories) for at, stories in found.items()}


def _rough_sentences(index: TermIndex) -> npt.NDArray[np.int32]:
    """The sentence of each word, counted from 0 in each text; lines and full stops end one."""
    running = np.cumsum(index.begins == SENTENCE)
    lengths = np.diff(index.offsets)
    before = running[index.offsets[:-1][lengths > 0]]
    blocks: npt.NDArray[np.int32] = (running - np.repeat(before, lengths[lengths > 0])).astype(np.int32)
    return blocks


def _most_common(corpus: Corpus) -> sp.csr_matrix:
    """The stories each article has most in common with."""
    articles = unit_rows(corpus.own.indices, corpus.own.indptr.astype(np.int64), corpus.weights)
    profiles = corpus.profiles.copy()
    profiles.data = profiles.data / (profiles.data + MEMBERS_FOR_HALF)
    profiles = profiles @ sp.diags(corpus.weights)
    length = np.sqrt(np.asarray(profiles.multiply(profiles).sum(axis=1)).ravel())
    profiles = sp.diags(1.0 / np.where(length > 0, length, 1.0)) @ profiles
    most = max(COMMON_ARTICLES, int(COMMON_SHARE * corpus.index.articles))
    articles = drop_common(articles, most, corpus.index.scale).astype(np.float32)
    return sp_matmul_topn(articles, profiles.T.tocsr().astype(np.float32), top_n=CANDIDATES, threshold=LEAST_COMMON)


def _arrays(matrix: sp.csr_matrix) -> tuple[Integers, Any, Floats]:
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data.astype(np.float64)
