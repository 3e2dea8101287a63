"""The passages of one article: the stretch of sentences that speaks most for another story, if it speaks enough.

Offsets are code points of the text. It decides on roles by the size of a passage only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from storycluster.kernels.segments import best_block, block_gains, contrast
from storycluster.kernels.tfidf import Floats, Integers
from storycluster.stages.overlap.corpus import AGAINST, Corpus
from storycluster.text.sentences import find_sentences

#: Cost of a term per unit of idf: a passage must be explained by its story to at least this part.
COST: Final = 0.2
#: Gain in idf that a passage needs; a name that one other article has brings 3 to 4.
LEAST_GAIN: Final = 18.0
#: A mention is the best sentence for another story of the same arc, at this cost and gain.
MENTION_COST: Final = 0.1
LEAST_MENTION_GAIN: Final = 1.0
#: An article alone in its story has no passage larger than this part of its sentences: there it tells its own story.
LARGEST_SHARE: Final = 0.5
#: A rare term: one article of the background in e^5 (about 150) has it. A passage shares so many, a name among them.
RARE_IDF: Final = 5.0
RARE_TERMS: Final = 2
#: Evidence for the other story from which a rare term counts as shared with it.
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
    alone = corpus.is_alone(article)
    own = corpus.speaks_of_itself(article, cut.blocks) if alone else corpus.speaks(article, int(corpus.story[article]))
    rivals, left, found = [own], list(candidates), list[Passage]()
    most = LARGEST_SHARE * len(cut.spans) if alone else len(cut.spans)
    while left:
        tried = [_passage(corpus, article, story, rivals, cut) for story in left]
        passages = [passage for passage in tried if passage and passage.sentences <= most]
        if not passages:
            break
        best = min(passages, key=lambda passage: (-passage.gain, passage.story))
        found.append(best)
        rivals.append(corpus.speaks(article, best.story))
        left.remove(best.story)
    return found + [mention for story in left if (mention := _mention(corpus, article, story, rivals, cut))]


def _cut(corpus: Corpus, article: int, language: str) -> _Cut:
    row = corpus.rows[article]
    title, text = row["title"], row["text"]
    spans = [(s.start, s.end) for s in find_sentences(text, title=title or None, language=language)]
    tokens = corpus.tokens(article)
    encoded = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
    characters = np.cumsum((encoded & 0xC0) != 0x80) - 1
    starts = corpus.index.starts[tokens].astype(np.int64) - len(title.encode("utf-8", "replace")) - 1
    places = (
        np.where(starts >= 0, characters[np.clip(starts, 0, max(len(characters) - 1, 0))], -1)
        if len(characters)
        else starts
    )
    bounds = np.array([start for start, _ in spans], np.int64)
    blocks = np.searchsorted(bounds, places, side="right") - 1
    return _Cut(spans, np.where(places >= 0, blocks, -1).astype(np.int32))


def _passage(corpus: Corpus, article: int, story: int, rivals: Sequence[Floats], cut: _Cut) -> Passage | None:
    """The best stretch of sentences for a story over its rivals, or None where it proves too little."""
    speaks = corpus.speaks(article, story)
    evidence = contrast(speaks, np.maximum.reduce(rivals), AGAINST)
    begin, end, gain = best_block(_gains(corpus, article, evidence, cut, COST))
    if gain < LEAST_GAIN:
        return None
    terms, names = _terms(corpus, article, cut, begin, end)
    rare = _rare(corpus, terms, np.nan_to_num(evidence))
    if len(rare) < RARE_TERMS or not names.intersection(rare):
        return None
    return _describe(corpus, story, cut, (begin, end, gain), speaks, terms, rare)


def _mention(corpus: Corpus, article: int, story: int, rivals: Sequence[Floats], cut: _Cut) -> Passage | None:
    """The sentence that speaks most for a story of the same arc; its rare terms may be shared, but not all."""
    if corpus.arcs[story] != corpus.arcs[int(corpus.story[article])]:
        return None
    speaks = corpus.speaks(article, story)
    evidence = contrast(speaks, np.maximum.reduce(rivals), AGAINST)
    gains = _gains(corpus, article, evidence, cut, MENTION_COST)
    at = int(np.argmax(gains)) if len(gains) else 0
    if not len(gains) or gains[at] < LEAST_MENTION_GAIN:
        return None
    terms, names = _terms(corpus, article, cut, at, at + 1)
    rare = _rare(corpus, terms, speaks)
    if len(rare) < RARE_TERMS or not names.intersection(_rare(corpus, terms, np.nan_to_num(evidence))):
        return None
    return _describe(corpus, story, cut, (at, at + 1, float(gains[at])), speaks, terms, rare)


def _gains(corpus: Corpus, article: int, evidence: Floats, cut: _Cut, cost: float) -> Floats:
    tokens = corpus.index.tokens[corpus.tokens(article)]
    gains: Floats = block_gains(tokens, cut.blocks, len(cut.spans), corpus.weights, evidence, cost)[0]
    return gains


def _terms(corpus: Corpus, article: int, cut: _Cut, begin: int, end: int) -> tuple[Integers, set[int]]:
    """The distinct terms of some sentences, and those of them that are names or numbers there."""
    places = corpus.tokens(article)
    tokens, names = corpus.index.tokens[places], corpus.index.names[places]
    inside = (cut.blocks >= begin) & (cut.blocks < end)
    return np.unique(tokens[inside & (tokens >= 0)]).astype(np.int64), set(tokens[inside & names].tolist())


def _rare(corpus: Corpus, terms: Integers, evidence: Floats) -> list[int]:
    """Rare terms with enough evidence, the most telling first."""
    telling = corpus.weights[terms] * evidence[terms]
    fit = (corpus.weights[terms] >= RARE_IDF) & (evidence[terms] >= SHARED_EVIDENCE)
    order = np.lexsort((terms, -telling.round(9)))
    return [int(terms[at]) for at in order if fit[at]]


def _describe(
    corpus: Corpus,
    story: int,
    cut: _Cut,
    block: tuple[int, int, float],
    speaks: Floats,
    terms: Integers,
    rare: Sequence[int],
) -> Passage:
    begin, end, gain = block
    mass = float(corpus.weights[terms].sum())
    return Passage(
        story=story,
        start=cut.spans[begin][0],
        end=cut.spans[end - 1][1],
        sentences=end - begin,
        words=int(((cut.blocks >= begin) & (cut.blocks < end)).sum()),
        gain=gain,
        score=float((corpus.weights[terms] * speaks[terms]).sum()) / mass if mass else 0.0,
        evidence=[corpus.index.shown[term] for term in rare[:EVIDENCE_TERMS]],
    )
