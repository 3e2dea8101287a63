"""The channels of a similarity as unit vectors: words, word pairs, names and numbers, lead.

A fused vector bounds the weighted sum of all channels, so that one sparse product finds the pairs worth a look.
Time is no vector and is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from storycluster.config import StoriesConfig
from storycluster.kernels.termlists import (
    Offsets,
    Terms,
    among_first,
    distinct,
    distinct_marked,
    left_offsets,
    number_words,
    pair_codes,
)
from storycluster.kernels.tfidf import Floats, Integers, count_articles, unit_rows, weigh_terms
from storycluster.text.terms import background_share
from storycluster.vectors import TermIndex

#: Two words stand side by side this many times more often than their frequencies alone would have it.
PAIR_LIFT: Final = 30.0
#: Bits of a word-pair code that hold its second term.
_PAIR_BITS: Final = 31
#: The channels that are vectors, in the order of the table ``similarities``; each has its weight in the config.
CHANNELS: Final = ("words", "word_pairs", "names", "lead")
#: Bits that mark a term of an article.
_NAME: Final = 1
_LEAD: Final = 2


@dataclass(frozen=True, slots=True)
class Channels:
    """One matrix of unit rows per channel, a row per article.

    ``sizes`` are the numbers of different terms of each article, ``named`` how many of them are names or numbers.
    The corpus has ``articles``; a column of ``fuse`` is in ``scale`` times as many of those as here.
    """

    words: sp.csr_matrix
    word_pairs: sp.csr_matrix
    names: sp.csr_matrix
    lead: sp.csr_matrix
    sizes: Integers
    named: Integers
    articles: int
    scale: Floats


def build_channels(index: TermIndex, config: StoriesConfig) -> Channels:
    """The channels of every text of ``index``; a term counts once per article, by its idf in the corpus.

    The idf of a word pair is that among these texts.
    """
    share = background_share(index.frequencies, config.article_words)
    marks = index.names * np.uint8(_NAME) + among_first(index.offsets, config.lead_words) * np.uint8(_LEAD)
    words, offsets, marks = distinct_marked(index.tokens, index.offsets, marks)
    idf = _idf(index.count_articles(words), share, index.articles, config)
    is_name = marks & _NAME > 0
    named = np.diff(left_offsets(is_name, offsets))
    names, name_offsets = _only(words, offsets, is_name | np.repeat(named == 0, np.diff(offsets)))
    boost = np.where(index.is_number, config.number_weight, 1.0)
    name_idf = _idf(index.count_articles(names), share, index.articles, config)
    pairs, pair_offsets, pair_share = _pairs(index, share)
    pair_idf = _idf(count_articles(pairs, len(pair_share)), pair_share, len(index), config)
    return Channels(
        words=unit_rows(words, offsets, idf),
        word_pairs=unit_rows(pairs, pair_offsets, pair_idf),
        names=unit_rows(names, name_offsets, name_idf * boost),
        lead=unit_rows(*_only(words, offsets, marks & _LEAD > 0), idf),
        sizes=np.diff(offsets),
        named=named,
        articles=index.articles,
        scale=np.append(index.scale, np.ones(len(pair_share))),
    )


def fuse(channels: Channels, config: StoriesConfig) -> sp.csr_matrix:
    """One row per article whose product with another is at least the weighted sum of their channels.

    At least, since the channels that are over the same terms share a column: the value of a term is the length of
    its weighted values in them (Cauchy and Schwarz). In 32 bits, which halves the memory of the largest matrix.
    """
    of_terms = [name for name in CHANNELS if name != "word_pairs"]
    squares = sum(_weigh(getattr(channels, name), getattr(config, name)).power(2) for name in of_terms)
    return sp.hstack([squares.sqrt(), _weigh(channels.word_pairs, config.word_pairs)], "csr")


def _weigh(channel: sp.csr_matrix, weight: float) -> sp.csr_matrix:
    return channel.astype(np.float32) * np.float32(np.sqrt(weight))


def _idf(frequency: Integers | Floats, share: Floats, articles: int, config: StoriesConfig) -> Floats:
    return weigh_terms(frequency, share, articles=articles, background_articles=config.background_articles)


def _only(columns: Terms, offsets: Offsets, kept: npt.NDArray[np.bool_]) -> tuple[Terms, Offsets]:
    """The terms that are kept, and the offsets of what is left of each article."""
    return columns[kept], left_offsets(kept, offsets)


def _pairs(index: TermIndex, share: Floats) -> tuple[Terms, Offsets, Floats]:
    """Distinct word pairs of each text as numbers, and the background share of each pair."""
    codes = pair_codes(index.tokens, index.begins, index.offsets)
    there = codes >= 0
    codes, offsets = codes[there], left_offsets(there, index.offsets)
    numbers, first = number_words(codes.view(np.uint64))
    known = codes[first]
    before, after = known >> _PAIR_BITS, known & ((1 << _PAIR_BITS) - 1)
    return *distinct(numbers, offsets), np.minimum(PAIR_LIFT * share[before] * share[after], 1.0)
