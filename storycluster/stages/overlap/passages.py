"""The passages of one article: the stretch of sentences that speaks most for another story, if it speaks enough.

Offsets are code points of the text. It decides on roles by the size of a passage only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from storycluster.kernels.segments import best_block, block_gains, contrast
from storycluster.kernels.tfidf import Floats, Integers
from storycluster.stages.overlap.corpus import (
    AGAINST,
    COST,
    LEAST_GAIN,
    LEAST_MENTION_GAIN,
    MENTION_COST,
    RARE_IDF,
    RARE_TERMS,
    SHARED_EVIDENCE,
    Corpus,
)
from storycluster.text.sentences import find_sentences

#: An article alone in its story has no passage larger than this part of its sentences: there it tells its own story.
LARGEST_SHARE: Final = 0.5
#: What a section heading adds to a passage: more than any passage has, so that none runs across one.
WALL: Final = -1e9
#: Terms listed as evidence.
EVIDENCE_TERMS: Final = 6


@dataclass(frozen=True, slots=True)
class Text:
    """What is written in an article; an empty ``title`` is none."""

    title: str
    body: str


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
    """One article cut into exact sentences; its words are numbers into its own distinct terms.

    ``spans`` are the sentences, ``headings`` those that head a section, ``joined`` those that go on in the paragraph
    of the one before; ``blocks`` is the sentence of each word (-1: none), ``tokens`` its term (-1: none), ``weights``
    the idf of each distinct term.
    """

    corpus: Corpus
    article: int
    spans: list[tuple[int, int]]
    headings: npt.NDArray[np.bool_]
    joined: npt.NDArray[np.bool_]
    blocks: npt.NDArray[np.int32]
    tokens: npt.NDArray[np.int32]
    names: npt.NDArray[np.bool_]
    weights: Floats


def find_in_article(
    corpus: Corpus, article: int, candidates: Sequence[int], text: Text, language: str
) -> list[Passage]:
    """The passages of an article, the strongest first; each next one must gain over all before it."""
    cut = _cut(corpus, article, text, language)
    home = int(corpus.story[article])
    alone = corpus.sizes[home] == 1
    against = corpus.speaks_for_itself(article, cut.blocks) if alone else corpus.speaks(article, home)
    most = LARGEST_SHARE * len(cut.spans) if alone else len(cut.spans)
    left, found = list(candidates), list[Passage]()
    while left:
        tried = [_passage(cut, story, against) for story in left]
        passages = [passage for passage in tried if passage and passage.sentences <= most]
        if not passages:
            break
        best = min(passages, key=lambda passage: (-passage.gain, passage.story))
        found.append(best)
        against = np.maximum(against, corpus.speaks(article, best.story))
        left.remove(best.story)
    akin = [story for story in left if corpus.arcs[story] == corpus.arcs[home]]
    return found + [mention for story in akin if (mention := _mention(cut, story, against))]


def _cut(corpus: Corpus, article: int, told: Text, language: str) -> _Cut:
    title, text, places = told.title, told.body, corpus.tokens(article)
    sentences = find_sentences(text, title=title or None, language=language)
    spans = [(s.start, s.end) for s in sentences]
    between = [text[before.end : after.start] for before, after in pairwise(sentences)]
    starts = corpus.index.starts[places].astype(np.int64) - len(title.encode("utf-8", "replace")) - 1
    blocks = np.searchsorted([start for start, _ in spans], _characters(text, starts), side="right") - 1
    tokens = corpus.index.tokens[places]
    terms = corpus.terms(article)
    return _Cut(
        corpus,
        article,
        spans,
        np.array([s.role == "section" for s in sentences], np.bool_),
        np.array([False, *("\n" not in gap for gap in between)][: len(spans)], np.bool_),
        np.where(starts >= 0, blocks, -1).astype(np.int32),
        np.where(tokens >= 0, np.searchsorted(terms, tokens), -1).astype(np.int32),
        corpus.index.names[places],
        corpus.weights[terms],
    )


def _characters(text: str, positions: Integers) -> Integers:
    """Code points before each byte position of a text; 0 for positions before it."""
    encoded = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
    before = np.concatenate([[0], np.cumsum((encoded & 0xC0) != 0x80)])
    characters: Integers = before[np.clip(positions, 0, len(encoded))]
    return characters


def _passage(cut: _Cut, story: int, against: Floats) -> Passage | None:
    """The best stretch of sentences for a story over its rivals, or None where it proves too little."""
    speaks = cut.corpus.speaks(cut.article, story)
    evidence = contrast(speaks, against, AGAINST)
    begin, end, gain = best_block(_gains(cut, evidence, COST))
    if gain < LEAST_GAIN:
        return None
    end = _extend(cut, end, evidence)
    terms, names = _terms(cut, begin, end)
    rare = _rare(cut, terms, np.nan_to_num(evidence))
    if len(rare) < RARE_TERMS or not names.intersection(rare):
        return None
    return _describe(cut, story, (begin, end, gain), speaks, terms, rare)


def _mention(cut: _Cut, story: int, against: Floats) -> Passage | None:
    """The sentence that speaks most for a story of the same arc, and the next where it goes on about it.

    Its rare terms may be shared, but not all.
    """
    speaks = cut.corpus.speaks(cut.article, story)
    evidence = contrast(speaks, against, AGAINST)
    gains = _gains(cut, evidence, MENTION_COST)
    at = int(np.argmax(gains)) if len(gains) else 0
    if not len(gains) or gains[at] < LEAST_MENTION_GAIN:
        return None
    terms, names = _terms(cut, at, at + 1)
    rare = _rare(cut, terms, speaks)
    if len(rare) < RARE_TERMS or not names.intersection(_rare(cut, terms, np.nan_to_num(evidence))):
        return None
    end = _extend(cut, at + 1, evidence)
    return _describe(cut, story, (at, end, float(gains[at])), speaks, terms, rare)


def _extend(cut: _Cut, end: int, evidence: Floats) -> int:
    """The end of a passage or mention with the next sentence of its last paragraph, where that tells nothing else."""
    if end == len(cut.spans) or not cut.joined[end]:
        return end
    return end + int(_gains(cut, evidence, 0.0)[end] > 0.0)


def _gains(cut: _Cut, evidence: Floats, cost: float) -> Floats:
    gains: Floats = block_gains(
        cut.tokens, cut.blocks, len(cut.spans), weights=cut.weights, evidence=evidence, cost=cost
    )
    gains[cut.headings] = WALL
    return gains


def _terms(cut: _Cut, begin: int, end: int) -> tuple[Integers, set[int]]:
    """The distinct terms of some sentences, and those of them that are names or numbers there."""
    inside = (cut.blocks >= begin) & (cut.blocks < end) & (cut.tokens >= 0)
    return np.unique(cut.tokens[inside]).astype(np.int64), set(cut.tokens[inside & cut.names].tolist())


def _rare(cut: _Cut, terms: Integers, evidence: Floats) -> list[int]:
    """Rare terms with enough evidence, the most telling first."""
    telling = cut.weights[terms] * evidence[terms]
    fit = (cut.weights[terms] >= RARE_IDF) & (evidence[terms] >= SHARED_EVIDENCE)
    order = np.lexsort((terms, -telling.round(9)))
    return [int(terms[at]) for at in order if fit[at]]


def _describe(
    cut: _Cut, story: int, block: tuple[int, int, float], speaks: Floats, terms: Integers, rare: Sequence[int]
) -> Passage:
    begin, end, gain = block
    mass = float(cut.weights[terms].sum())
    shown = cut.corpus.terms(cut.article)
    return Passage(
        story=story,
        start=cut.spans[begin][0],
        end=cut.spans[end - 1][1],
        sentences=end - begin,
        words=int(((cut.blocks >= begin) & (cut.blocks < end)).sum()),
        gain=gain,
        score=float((cut.weights[terms] * speaks[terms]).sum()) / mass if mass else 0.0,
        evidence=[cut.corpus.index.shown[int(shown[term])] for term in rare[:EVIDENCE_TERMS]],
    )
