"""The channels of a similarity as unit vectors: words, word pairs, names and numbers, lead.

A fused vector is the channels side by side, each times the square root of its weight, so that one sparse
product gives the weighted sum of all channels. Time is no vector and is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp

from storycluster.config import StoriesConfig
from storycluster.kernels.termlists import Offsets, distinct, pair_codes
from storycluster.kernels.tfidf import Floats, Integers, count_articles, unit_rows, weigh_terms
from storycluster.text.terms import background_share
from storycluster.vectors import TermIndex

#: Two words stand side by side this many times more often than their frequencies alone would have it.
PAIR_LIFT: Final = 30.0
#: Bits of a word-pair code that hold its second term.
_PAIR_BITS: Final = 31
#: The channels that are vectors, in the order of the table ``similarities``; each has its weight in the config.
CHANNELS: Final = ("words", "word_pairs", "names", "lead")
_ALL: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Channels:
    """One matrix of unit rows per channel, a row per article; how many terms each article has, and how many of them
    are names and numbers."""

    words: sp.csr_matrix
    word_pairs: sp.csr_matrix
    names: sp.csr_matrix
    lead: sp.csr_matrix
    sizes: Integers
    named: Integers


def build_channels(index: TermIndex, config: StoriesConfig) -> Channels:
    """The channels of every text of ``index``; a term counts once per article, by its idf."""
    share = background_share(index.frequencies, config.article_words)
    tokens = index.tokens.astype(np.int64)
    words, word_offsets = distinct(tokens, index.offsets, _ALL)
    idf = _idf(words, share, len(index), config)
    lead, lead_offsets = distinct(tokens, index.offsets, config.lead_words)
    names, name_offsets = _names(index)
    boost = np.where(index.is_number, config.number_weight, 1.0)
    pairs, pair_offsets, pair_share = _pairs(index, share)
    return Channels(
        words=unit_rows(words, word_offsets, idf),
        word_pairs=unit_rows(pairs, pair_offsets, _idf(pairs, pair_share, len(index), config)),
        names=unit_rows(names, name_offsets, _idf(names, share, len(index), config) * boost),
        lead=unit_rows(lead, lead_offsets, idf),
        sizes=np.diff(word_offsets),
        named=np.diff(distinct(np.where(index.names, index.tokens, -1).astype(np.int64), index.offsets, _ALL)[1]),
    )


def fuse(channels: Channels, config: StoriesConfig) -> sp.csr_matrix:
    """One row per article whose product with another is the weighted sum of their channels."""
    weighted = [getattr(channels, name) * np.sqrt(getattr(config, name)) for name in CHANNELS]
    return sp.hstack(weighted, format="csr")


def _idf(columns: Offsets, share: Floats, articles: int, config: StoriesConfig) -> Floats:
    frequency = count_articles(columns, len(share))
    return weigh_terms(frequency, share, articles=articles, background_articles=config.background_articles)


def _names(index: TermIndex) -> tuple[Offsets, Offsets]:
    """Distinct names and numbers of each text; all its words where it has neither."""
    named = np.where(index.names, index.tokens, -1).astype(np.int64)
    _, offsets = distinct(named, index.offsets, _ALL)
    without = np.repeat(np.diff(offsets) == 0, np.diff(index.offsets))
    return distinct(np.where(without, index.tokens, named), index.offsets, _ALL)


def _pairs(index: TermIndex, share: Floats) -> tuple[Offsets, Offsets, Floats]:
    """Distinct word pairs of each text as numbers, and the background share of each pair."""
    codes, offsets = distinct(pair_codes(index.tokens, index.begins, index.offsets), index.offsets, _ALL)
    known, numbers = np.unique(codes, return_inverse=True)
    first, second = known >> _PAIR_BITS, known & ((1 << _PAIR_BITS) - 1)
    return numbers.reshape(-1).astype(np.int64), offsets, np.minimum(PAIR_LIFT * share[first] * share[second], 1.0)
