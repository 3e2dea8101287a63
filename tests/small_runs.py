"""Small runs for tests of what reads a run: three events, a copy, a short piece of another subject."""

from collections.abc import Sequence
from functools import cache

import pyarrow as pa

from storycluster.config import load_config
from storycluster.model import TABLES, Article
from storycluster.pipeline import cluster_stories
from storycluster.runs import Run

FERRY = (
    "Two ferries collided off the harbour of Brindle in thick fog on Tuesday morning, the coast guard said. "
    "{first} The ferries Aurora and Meridian carried 312 passengers between them. {second} "
    "Harbour master Ada Kling said the radar of the Aurora had failed twice in the past month."
)
STRIKE = (
    "Rail workers in Tarnow walked out on Monday in a dispute over night shifts, the union Ferrovia said. "
    "{first} The railway cancelled 140 trains and asked commuters to stay at home. {second} "
    "Union leader Pavel Orsk demanded talks with transport minister Lena Voss before the weekend."
)
COMET = (
    "Astronomers at the Kitt observatory have found a comet that will pass the sun in October, they said. "
    "{first} The comet Zubrin was seen first by a student with a telescope of 30 centimetres. {second} "
    "It may be bright enough to be seen without binoculars, astronomer Mira Solanki said."
)
TURNS = (
    ("Twelve people were treated in hospital.", "Rescue boats brought everyone ashore by noon."),
    ("No one is missing, a spokesman added.", "Investigators will look at the logs this week."),
    ("The news spread quickly through the town.", "Several hundred people gathered near the square."),
)


def articles() -> list[Article]:
    """Three versions of three events, and a copy of the first one."""
    told = [
        Article(
            id=f"{name}-{number}",
            title=None,
            text=event.format(first=first, second=second),
            published=f"2024-03-0{5 + number}",
        )
        for name, event in (("ferry", FERRY), ("strike", STRIKE), ("comet", COMET))
        for number, (first, second) in enumerate(TURNS)
    ]
    copy = Article(id="ferry-copy", text=told[0].text, published="2024-03-09")
    return [*told, copy]


@cache
def small_run(*settings: str) -> Run:
    """The run of ``articles`` up to stories."""
    return cluster_stories(articles(), load_config(None, ["dedup.threshold=0.9", *settings]))


def run_of(
    members: Sequence[tuple[str, str, str]],
    *,
    stages: Sequence[str] = ("read", "duplicates", "stories"),
    **rows: object,
) -> Run:
    """A run with (article, story, role) memberships and nothing else; ``rows`` replaces tables by lists of rows."""
    names = sorted({article for article, _, _ in members})
    columns: dict[str, object] = {
        "articles": [{"id": name, "text": "x" * 1_000} for name in names],
        "memberships": [
            {"article": article, "story": story, "role": role, "score": 1.0, "spans": [], "share": 1.0, "evidence": []}
            for article, story, role in members
        ],
    }
    columns |= rows
    tables = {
        name: pa.Table.from_pylist(columns.get(name, []), schema=schema)  # type: ignore[arg-type]
        for name, schema in TABLES.items()
    }
    return Run(tables, tuple(stages), {"config": {}})
