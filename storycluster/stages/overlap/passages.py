"""The passages of one article: the stretch of sentences that speaks most for another story, if it speaks enough.

Offsets are code points of the text. It decides on roles by the size of a passage only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from storycluster.kernels.segments import best_block, block_gains
from storycluster.kernels.tfidf import Floats
from storycluster.stages.overlap.corpus import Corpus
from storycluster.text.sentences import find_sentences

#: Cost of a term per unit of idf: a passage must be explained by its story to at least this part.
COST: Final = 0.15
#: Gain in idf that a passage needs; a name that one other article has brings 3 to 4.
LEAST_GAIN: Final = 20.0
#: The same for a mention, which is a single short passage.
LEAST_MENTION_GAIN: Final = 6.0
#: A rare term: one article of the background in e^5 (about 150) has it. A passage shares so many, a name among them.
RARE_IDF: Final = 5.0
RARE_TERMS: Final = 2
#: Evidence for the other story, less that for the primary one, from which a rare term counts as shared.
SHARED_EVIDENCE: Final = 0.3
#: Terms listed as evidence.
EVIDENCE_TERMS: Final = 6


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one article for one story: code points of its text, size, gain, score 0..1, evidence."""

    story: int
    start: int
    end: int
    sentences: int
    words: int
    gain: float
    score: float
    evidence: list[str]


@dataclass(frozen=True, slots=True)
class _Cut:
    """An article cut into exact sentences: their spans, and the sentence of each of its words (-1: none)."""

    spans: list[tuple[int, int]]
    blocks: npt.NDArray[np.int32]


def find_in_article(corpus: Corpus, article: int, candidates: Sequence[int], language: str) -> list[Passage]:
    """The passages of an article, the strongest first; each next one must gain over all before it."""
    cut = _cut(corpus, article, language)
    rivals, left, found = [int(corpus.story[article])], list(candidates), list[Passage]()
    while left:
        passages = [_best(corpus, article, story, rivals, cut) for story in left]
        best = max(passages, key=lambda passage: (passage.gain if passage else 0.0, -passage.story if passage else 0))
        if best is None:
            break
        found.append(best)
        rivals.append(best.story)
        left.remove(best.story)
    return found


def _cut(corpus: Corpus, article: int, language: str) -> _Cut:
    row = corpus.rows[article]
    title, text = row["title"], row["text"]
    spans = [(s.start, s.end) for s in find_sentences(text, title=title or None, language=language)]
    tokens = corpus.tokens(article)
    encoded = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
    characters = np.cumsum((encoded & 0xC0) != 0x80) - 1
    starts = corpus.index.starts[tokens].astype(np.int64) - len(title.encode("utf-8", "replace")) - 1
    places = np.where(starts >= 0, characters[np.clip(starts, 0, max(len(characters) - 1, 0))], -1) if len(characters) else starts
    bounds = np.array([start for start, _ in spans], np.int64)
    blocks = np.searchsorted(bounds, places, side="right") - 1
    return _Cut(spans, np.where(places >= 0, blocks, -1).astype(np.int32))


def _best(corpus: Corpus, article: int, story: int, rivals: Sequence[int], cut: _Cut) -> Passage | None:
    """The best passage for a story over its rivals, or None where it proves too little."""
    against = np.maximum.reduce([corpus.speaks(article, rival) for rival in rivals])
    speaks = corpus.speaks(article, story)
    tokens = corpus.index.tokens[corpus.tokens(article)]
    gains, _ = block_gains(tokens, cut.blocks, len(cut.spans), corpus.weights, speaks - against, COST)
    begin, end, gain = best_block(gains)
    if gain < LEAST_MENTION_GAIN:
        return None
    inside = (cut.blocks >= begin) & (cut.blocks < end)
    terms = np.unique(tokens[inside & (tokens >= 0)])
    rare = _shared(corpus, terms, speaks - against)
    names = set(tokens[inside & corpus.index.names[corpus.tokens(article)]].tolist())
    if len(rare) < RARE_TERMS or not any(term in names for term in rare):
        return None
    mass = float(corpus.weights[terms].sum())
    return Passage(
        story=story,
        start=cut.spans[begin][0],
        end=cut.spans[end - 1][1],
        sentences=end - begin,
        words=int(inside.sum()),
        gain=gain,
        score=float((corpus.weights[terms] * speaks[terms]).sum()) / mass if mass else 0.0,
        evidence=[corpus.index.shown[term] for term in rare[:EVIDENCE_TERMS]],
    )


def _shared(corpus: Corpus, terms: npt.NDArray[np.int32], evidence: Floats) -> list[int]:
    """Rare terms that speak for the story and not for its rivals, the most telling first."""
    telling = corpus.weights[terms] * evidence[terms]
    fit = (corpus.weights[terms] >= RARE_IDF) & (evidence[terms] >= SHARED_EVIDENCE)
    order = np.lexsort((terms, -telling.round(9)))
    return [int(terms[at]) for at in order if fit[at]]
