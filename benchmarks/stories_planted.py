"""Planted stories among 20,000 other articles: one of a thousand articles stays one, and pairs are found.

    python benchmarks/stories_planted.py [--write]

Every planted article is a text of its own: it tells a part of its event's names, figures and words in sentences that no
other article has, between words of general English. The piles are generated articles and Reuters; each goes through the
whole of ``cluster`` with the default config. ``--write`` puts the table into reports/stories_planted.md.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import wordfreq
from generate import generate
from machine import describe_machine, markdown_table
from stories_corpora import ROOT
from stories_speed import reuters

from storycluster import Config, cluster_stories

REPORT = ROOT / "reports" / "stories_planted.md"
OTHERS = 20_000
LARGE = 1_000
PAIRS = 500
#: Days a planted story runs, as news does: most of it at once.
LARGE_DAYS = (5.0, 10.0)
PAIR_DAYS = 1.0
#: What an event has, the part of it that one article tells, and the part of an article's words that comes from it.
NAMES, NUMBERS, TOPICAL = 8, 6, 45
TOLD = (0.6, 0.9)
EVENT_SHARE = 0.2
SENTENCE_WORDS = (8, 28)
ARTICLE_WORDS = (120, 450)
#: Ranks of English words: those every text has, and those an event picks its topical words from.
GENERAL = 12_000
TOPICAL_RANKS = (1_500, 20_000)


@dataclass(frozen=True)
class Event:
    """What an event is told with: names and numbers, topical words, and the place all its articles name."""

    names: list[str]
    numbers: list[str]
    words: list[str]


class Desk:
    """Writes events and articles from one random source."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._english = [word for word in wordfreq.top_n_list("en", TOPICAL_RANKS[1] + 5_000) if word.isalpha()]
        frequencies = np.array([wordfreq.word_frequency(word, "en") for word in self._english[:GENERAL]])
        self._cumulative = np.cumsum(frequencies / frequencies.sum())

    def event(self) -> Event:
        """A new event; its names are made up."""
        ranks = self._random.choice(np.arange(*TOPICAL_RANKS), TOPICAL, replace=False)
        numbers = [str(int(number)) for number in self._random.integers(2, 900, NUMBERS)]
        return Event([self._name() for _ in range(NAMES)], numbers, [self._english[rank] for rank in ranks])

    def article(self, event: Event) -> tuple[str, str]:
        """Title and text of one article that tells a part of an event."""
        random = self._random
        share = random.uniform(*TOLD)
        core = event.names[:2] + event.words[:3]
        told = [name for name in event.names[2:] + event.numbers + event.words[3:] if random.random() < share]
        length = int(random.integers(*ARTICLE_WORDS))
        sentences, written = [self._sentence([*core, *told], core)], 0
        while written < length:
            sentences.append(self._sentence([*core, *told], []))
            written += len(sentences[-1].split())
        title = " ".join([str(name) for name in random.permutation([*core, *told[:3]])])
        return title.capitalize(), " ".join(sentences)

    def _sentence(self, told: Sequence[str], certain: Sequence[str]) -> str:
        count = int(self._random.integers(*SENTENCE_WORDS))
        picked = [*certain, *self._random.choice(told, max(1, int(EVENT_SHARE * count)))]
        filler = np.searchsorted(self._cumulative, self._random.random(count))
        words = [*picked, *(self._english[at] for at in filler)]
        line = " ".join(str(words[at]) for at in self._random.permutation(len(words)))
        return f"{line[0].upper()}{line[1:]}."

    def _name(self) -> str:
        letters = [self._random.choice(list("bdfgklmnprstvz")) + self._random.choice(list("aeiou")) for _ in range(3)]
        return "".join(letters).capitalize() + str(self._random.choice(list("nrslk")))


def planted(begin: datetime, days: float, large_days: float) -> Iterator[Mapping[str, Any]]:
    """The planted articles, dated inside the pile; ids name the event."""
    desk, random = Desk(1), np.random.default_rng(2)
    large = desk.event()
    start = begin + timedelta(days=float(random.uniform(0, max(days - large_days, 0.1))))
    for at in range(LARGE):
        title, text = desk.article(large)
        date = start + timedelta(days=min(float(random.exponential(large_days / 4)), large_days))
        yield {"id": f"large-{at}", "title": title, "text": text, "published": date}
    for pair in range(PAIRS):
        event, start = desk.event(), begin + timedelta(days=float(random.uniform(0, days)))
        for at in range(2):
            title, text = desk.article(event)
            date = start + timedelta(days=float(random.uniform(0, PAIR_DAYS)))
            yield {"id": f"pair{pair}-{at}", "title": title, "text": text, "published": date}


def generated() -> list[Mapping[str, Any]]:
    names = ("id", "title", "text", "published", "source")
    return [{name: getattr(article, name) for name in names} for article in generate(OTHERS)]


def row_of(name: str, others: Sequence[Mapping[str, Any]], large_days: float | None) -> list[str]:
    """One pile, without dates where ``large_days`` is None: what became of the planted stories."""
    dates = sorted(datetime.fromisoformat(str(row["published"])) for row in others if row["published"])
    pile = [*planted(dates[0], (dates[-1] - dates[0]).days + 1.0, large_days or LARGE_DAYS[0]), *others]
    run = cluster_stories(pile if large_days else [{**row, "published": None} for row in pile], Config())
    story = {row["article"]: row["story"] for row in run.tables["memberships"].to_pylist() if row["role"] == "primary"}
    sizes = Counter(story.values())
    pieces = Counter(story[f"large-{at}"] for at in range(LARGE))
    largest, most = max(pieces.items(), key=lambda entry: entry[1])
    together = [pair for pair in range(PAIRS) if story[f"pair{pair}-0"] == story[f"pair{pair}-1"]]
    alone = sum(sizes[story[f"pair{pair}-0"]] == 2 for pair in together)
    return [
        f"{name} ({len(others):,})",
        f"large story over {large_days:.0f} days" if large_days else "none",
        f"{_similarity(run):.2f}",
        f"{most:,} of {LARGE:,}",
        f"{sizes[largest] - most}",
        f"{len(together)} of {PAIRS}",
        f"{alone}",
        f"{max(count for found, count in sizes.items() if found != largest):,}",
    ]


def _similarity(run: Any) -> float:
    """Mean words similarity inside the planted pairs."""
    rows = run.tables["similarities"].to_pylist()
    pairs = [row["words"] for row in rows if row["a"][:-2] == row["b"][:-2] and row["a"].startswith("pair")]
    return float(np.sum(pairs)) / PAIRS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.relative_to(ROOT)}")
    write = parser.parse_args().write
    rows = []
    for name, others in (("generated", generated()), ("Reuters", reuters())):
        for large_days in (*LARGE_DAYS, None):
            rows.append(row_of(name, others, large_days))
            print(rows[-1], flush=True)
    head = ["pile", "dates", "words in a pair", "large story in one piece", "strangers in it", "pairs together"]
    head += ["pairs with nobody else", "largest other story"]
    text = (
        f"# Planted stories\n\n{describe_machine('scikit-learn', 'graspologic-native')}\n"
        "Made by `python benchmarks/stories_planted.py --write`; default config, the whole of `cluster`. One story of "
        f"{LARGE:,} articles and {PAIRS} of two are planted in each pile; every planted article is a text of its own "
        "that tells a part of its event. “words in a pair” is the mean similarity of the words channel.\n\n"
        + markdown_table(head, rows)
    )
    print(text)
    if write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
