"""News-like articles without end, from a seed: Zipf words, topics, sources with footers, planted copies.

Each article says what was planted: ``copy_of`` and ``kind`` (exact, edited, rewritten, excerpt, embedded).
Run: ``python benchmarks/generate.py 100000 --out articles.jsonl``; the same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

VOCABULARY: Final = 30_000
TOPICS: Final = 400
SOURCES: Final = 120
#: One source in five ends its articles with a footer.
FOOTER_EVERY: Final = 5
MEAN_WORDS: Final = 450
MOST_WORDS: Final = 1_500
LEAST_WORDS: Final = 40
COPY_SHARE: Final = 0.3
KINDS: Final = ("exact", "edited", "rewritten", "excerpt", "embedded")
KIND_SHARES: Final = (0.2, 0.4, 0.15, 0.15, 0.1)
#: Share of words that differ.
EDITED: Final = (0.002, 0.03)
REWRITTEN: Final = (0.05, 0.2)
#: Originals that may still be copied.
MEMORY: Final = 2_000
START: Final = datetime(2024, 1, 1)
SECONDS_BETWEEN: Final = 40
SENTENCE_WORDS: Final = 22
SENTENCES_A_PARAGRAPH: Final = 3


@dataclass(frozen=True, slots=True)
class Planted:
    """A generated article; ``copy_of`` is the id it was made from and ``kind`` how."""

    id: str
    title: str
    text: str
    published: str
    source: str
    copy_of: str | None
    kind: str | None


def generate(count: int, seed: int = 1, *, mean_words: int = MEAN_WORDS) -> Iterator[Planted]:
    """``count`` articles in the order of their dates."""
    press = _Press(np.random.default_rng(seed), mean_words)
    for number in range(count):
        yield press.write(number)


class _Press:
    """The words, topics and sources of one corpus, and the originals that may be copied."""

    def __init__(self, random: np.random.Generator, mean_words: int) -> None:
        self._random = random
        self._mean_words = mean_words
        self._words = np.array(_vocabulary(random), object)
        weights = 1.0 / np.arange(1, VOCABULARY + 1)
        self._cumulative = np.cumsum(weights / weights.sum())
        self._topics = random.integers(200, VOCABULARY, (TOPICS, 300))
        self._footers = {
            f"source-{source:03}": " ".join(self._draw(25, 0)) for source in range(0, SOURCES, FOOTER_EVERY)
        }
        self._recent: list[tuple[str, list[str]]] = []

    def write(self, number: int) -> Planted:
        """The next article: new, or made from a recent one."""
        random = self._random
        name, topic = f"n{number:08}", int(random.integers(TOPICS))
        source = f"source-{int(random.integers(SOURCES)):03}"
        copy_of, kind = None, None
        if self._recent and random.random() < COPY_SHARE:
            copy_of, words = self._recent[int(random.integers(len(self._recent)))]
            kind = str(random.choice(KINDS, p=KIND_SHARES))
            words = self._copy(words, kind, topic)
        else:
            words = self._draw(self._length(), topic)
            self._remember(name, words)
        published = START + timedelta(seconds=SECONDS_BETWEEN * number)
        text = _layout(words)
        if source in self._footers:
            text += "\n\n" + self._footers[source]
        title = " ".join(words[:8]).capitalize()
        return Planted(name, title, text, published.isoformat(), source, copy_of, kind)

    def _length(self) -> int:
        return int(np.clip(self._random.lognormal(np.log(self._mean_words) - 0.125, 0.5), LEAST_WORDS, MOST_WORDS))

    def _draw(self, count: int, topic: int) -> list[str]:
        """Words by Zipf's law, a quarter of them from the topic, some of them numbers."""
        random = self._random
        places = np.searchsorted(self._cumulative, random.random(count))
        is_topical = random.random(count) < 0.25
        places[is_topical] = self._topics[topic][(random.random(int(is_topical.sum())) ** 2 * 300).astype(np.int64)]
        words = self._words[np.minimum(places, VOCABULARY - 1)]
        is_number = random.random(count) < 0.02
        words[is_number] = random.integers(1, 5000, int(is_number.sum())).astype(str)
        return words.tolist()

    def _copy(self, words: list[str], kind: str, topic: int) -> list[str]:
        random = self._random
        if kind in ("edited", "rewritten"):
            share = random.uniform(*(EDITED if kind == "edited" else REWRITTEN))
            changed = list(words)
            for place in random.integers(len(words), size=max(1, int(share * len(words)))).tolist():
                changed[place] = str(self._words[int(random.integers(VOCABULARY))])
            return changed
        if kind == "excerpt":
            return words[: max(LEAST_WORDS, int(len(words) * random.uniform(0.3, 0.6)))]
        if kind == "embedded":
            return words + self._draw(self._length(), topic)
        return words

    def _remember(self, name: str, words: list[str]) -> None:
        if len(self._recent) < MEMORY:
            self._recent.append((name, words))
        else:
            self._recent[int(self._random.integers(MEMORY))] = (name, words)


def _vocabulary(random: np.random.Generator) -> list[str]:
    """Different made-up words, the frequent ones short."""
    consonants, vowels = "bcdfghjklmnprstvwz", "aeiou"
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = 1 + min(3, int(random.poisson(0.3 + len(words) / 10_000)))
        letters = [
            consonants[int(random.integers(len(consonants)))] + vowels[int(random.integers(len(vowels)))]
            for _ in range(syllables)
        ]
        words["".join(letters) + consonants[int(random.integers(len(consonants)))]] = None
    return list(words)


def _layout(words: list[str]) -> str:
    """Sentences and paragraphs."""
    sentences = [
        " ".join(words[start : start + SENTENCE_WORDS]).capitalize() + "."
        for start in range(0, len(words), SENTENCE_WORDS)
    ]
    paragraphs = [
        " ".join(sentences[start : start + SENTENCES_A_PARAGRAPH])
        for start in range(0, len(sentences), SENTENCES_A_PARAGRAPH)
    ]
    return "\n\n".join(paragraphs)


def write_lines(articles: Iterator[Planted], path: Path | None) -> None:
    """JSON lines of what a newsroom would have, without what was planted."""
    with path.open("w", encoding="utf-8") if path else sys.stdout as stream:
        for article in articles:
            row = {name: getattr(article, name) for name in ("id", "title", "text", "published", "source")}
            stream.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    write_lines(generate(options.count, options.seed), options.out)
