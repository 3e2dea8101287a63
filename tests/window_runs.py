"""News of events that run over weeks, for tests of time windows, and runs over them."""

from datetime import datetime, timedelta

import numpy as np

from storycluster import Config, cluster_stories
from storycluster.config import StoriesConfig
from storycluster.runs import Run

Row = dict[str, object]
START = datetime(2024, 1, 1)
WINDOWED = ("similarities", "stories", "arcs", "memberships")


def told(event: int, part: int) -> str:
    """A text that tells a part of an event in words of its own."""
    random = np.random.default_rng((event, part))
    names = [f"{'BCDFG'[event % 5]}ar{event}el{n}in" for n in range(6)]
    topic = [f"wo{event}rd{n}ly" for n in range(12)]
    own = [f"fi{event}l{part}er{n}" for n in range(25)]
    sentences = []
    for _ in range(8):
        words = [*random.choice(names, 4), *random.choice(topic, 8), *random.choice(own, 3)]
        sentences.append("The " + " ".join(random.permutation(words).tolist()) + ".")
    return " ".join(sentences)


def news(*, events: int = 24, days: float = 90.0, every: int = 0) -> list[Row]:
    """Events of five articles over 12 days each; every so-manieth article has no date."""
    rows: list[Row] = []
    for event in range(events):
        for part in range(5):
            at = START + timedelta(days=event * days / events + 3.0 * part)
            dated = not every or (event * 5 + part) % every
            rows.append(
                {
                    "id": f"e{event:02}-{part}",
                    "title": None,
                    "text": told(event, part),
                    "published": at.isoformat() if dated else None,
                    "language": "de" if event % 6 == 5 else "en",
                    "source": f"s{part}",
                }
            )
    rows.append({**rows[3], "id": "copy", "published": (START + timedelta(days=60)).isoformat()})
    return rows


def run(rows: list[Row], window_articles: int) -> Run:
    return cluster_stories(rows, Config(stories=StoriesConfig(window_articles=window_articles)))


def partition(found: Run) -> set[frozenset[str]]:
    members: dict[str, set[str]] = {}
    for row in found.tables["memberships"].to_pylist():
        if row["role"] == "primary":
            members.setdefault(row["story"], set()).add(row["article"])
    return {frozenset(articles) for articles in members.values()}


def by_event(rows: list[Row]) -> set[frozenset[str]]:
    events: dict[str, set[str]] = {}
    for row in rows:
        event = "e00" if row["id"] == "copy" else str(row["id"])[:3]
        events.setdefault(event, set()).add(str(row["id"]))
    return {frozenset(articles) for articles in events.values()}
