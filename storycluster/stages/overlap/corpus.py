"""Kept articles of one language with their terms and stories, and what speaks for which story in them.

Computes evidence term by term; it cuts no passage and writes no table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from storycluster.config import StoriesConfig
from storycluster.kernels.segments import screen_candidates
from storycluster.kernels.termlists import SENTENCE, distinct
from storycluster.kernels.tfidf import Floats, Integers, row_bounds, weigh_terms
from storycluster.stages.overlap.near import NEAR
from storycluster.text.terms import background_share
from storycluster.vectors import TermIndex

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
#: A mention begins with the best sentence for another story of the same arc, at this cost and gain.
MENTION_COST: Final = 0.02
LEAST_MENTION_GAIN: Final = 1.0
#: A rare term: one article of the background in e^5 (about 150) has it. A passage shares so many, a name among them.
RARE_IDF: Final = 5.0
RARE_TERMS: Final = 2
#: Evidence for the other story from which a rare term counts as shared with it.
SHARED_EVIDENCE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Corpus:
    """Kept articles, their terms with idf ``weights``, and per story its arc, its size and its members per term.

    ``near`` has a row per article with the stories it may tell besides its own, -1 where there are fewer.
    """

    ids: Sequence[str]
    index: TermIndex
    weights: Floats
    own: sp.csr_matrix
    story: Integers
    near: Integers
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
        members = np.where(terms[place] == own, self.profiles.data[begin:end][place].astype(np.float64), 0.0)
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


def build_corpus(rows: pa.Table, index: TermIndex, config: StoriesConfig) -> Corpus:
    """The corpus of ``rows`` with id, story, arc and the stories NEAR; ``index`` has their terms, in the same order."""
    columns, offsets = distinct(index.tokens, index.offsets)
    weights = weigh_terms(
        index.count_articles(columns),
        background_share(index.frequencies, config.article_words),
        articles=index.articles,
        background_articles=BACKGROUND_ARTICLES,
    )
    stories = pc.unique(rows.column("story")).sort()
    story, *near = (_numbers(rows.column(name), stories) for name in ("story", *NEAR))
    articles, ones = len(story), np.ones(max(len(columns), len(story)), np.float32)
    own = sp.csr_matrix((ones[: len(columns)], columns, offsets), shape=(articles, len(index.terms)))
    member = sp.csr_matrix((ones[:articles], (story, np.arange(articles))), shape=(len(stories), articles))
    profiles = (member @ own).tocsr()
    profiles.sort_indices()
    return Corpus(
        rows.column("id").to_pylist(),
        index,
        weights,
        own,
        story,
        np.stack(near, axis=1),
        rows.column("arc").take(pa.array(np.unique(story, return_index=True)[1])).to_pylist(),
        profiles,
        stories.to_pylist(),
        np.bincount(story, minlength=len(stories)).astype(np.int64),
    )


def _numbers(names: pa.ChunkedArray, stories: pa.Array) -> Integers:
    """The places of stories; -1 for none, and for one that is not there."""
    places: Integers = pc.fill_null(pc.index_in(names, value_set=stories), -1).to_numpy().astype(np.int64)
    return places


def find_candidates(corpus: Corpus) -> dict[int, list[int]]:
    """For each article the stories that some stretch of its rough sentences may tell, or a sentence mention."""
    there = corpus.near >= 0
    article, story = np.nonzero(there)[0], corpus.near[there]
    gains, mentions = screen_candidates(
        (corpus.index.tokens, _rough_sentences(corpus.index), corpus.index.names, corpus.index.offsets),
        row_bounds(corpus.own),
        groups=(*row_bounds(corpus.profiles), corpus.profiles.data, corpus.story, corpus.sizes),
        candidates=(np.concatenate([[0], np.cumsum(there.sum(axis=1))]).astype(np.int64), story.astype(np.int32)),
        weights=corpus.weights,
        rules=(MEMBERS_FOR_HALF, AGAINST, COST, MENTION_COST, LEAST_MENTION_GAIN, RARE_IDF, SHARED_EVIDENCE),
    )
    _, arc = np.unique(corpus.arcs, return_inverse=True)
    akin = arc[story] == arc[corpus.story[article]]
    found: dict[int, list[int]] = {}
    for place in np.flatnonzero((gains >= LEAST_GAIN) | (mentions & akin)).tolist():
        found.setdefault(int(article[place]), []).append(int(story[place]))
    return {at: sorted(stories) for at, stories in found.items()}


def _rough_sentences(index: TermIndex) -> npt.NDArray[np.int32]:
    """The sentence of each word, counted from 0 in each text; lines and full stops end one."""
    running = np.cumsum(index.begins == SENTENCE, dtype=np.int32)
    lengths = np.diff(index.offsets)
    before = running[index.offsets[:-1][lengths > 0]]
    running -= np.repeat(before, lengths[lengths > 0])
    return running
