"""Made-up tables of a run, small enough to read: two ferry stories, a copy, a passage, a conflict, a reject.

Texts are written so that spans can be found by their words; hostile text comes from ``hostile_tables``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from storycluster.config import Config
from storycluster.model import TABLES
from storycluster.views.content import load_content
from storycluster.views.shown import Shown, choose_shown

STAGES = ("read", "duplicates", "stories", "facts")

COLLISION = (
    "Two ferries collided off Lannoch on Monday. The coast guard said 12 people were injured. "
    "The harbour will stay closed until Wednesday, harbour master Ada Finn said."
)
REPEAT = COLLISION + " More follows."
UPDATE = (
    "Fifteen people were injured when two ferries collided off Lannoch, the hospital said. "
    "Nine of them have gone home. Separately, the council voted on Tuesday to buy a new ferry. "
    "It will cost 40 million crowns and replace the oldest boat of the fleet."
)
COUNCIL = (
    "The council of Lannoch voted to buy a new ferry for 38 million crowns. "
    "The boat is to sail from May. It comes a day after two ferries collided."
)
UNDATED = "Divers found a bell. The bell is older than the harbour, according to the museum."

TEXTS = {"collision": COLLISION, "repeat": REPEAT, "update": UPDATE, "council": COUNCIL, "bell": UNDATED}


def span(article: str, words: str, field: str = "text") -> dict[str, Any]:
    start = TEXTS[article].index(words)
    return {"start": start, "end": start + len(words), "field": field}


def article(identity: str, title: str | None, day: int | None, **values: Any) -> dict[str, Any]:
    row = {
        "id": identity,
        "title": title,
        "text": TEXTS[identity],
        "published": datetime(2024, 3, day) if day else None,
        "published_precision": "day" if day else None,
        "published_raw": None,
        "published_from": None,
        "source": None,
        "credits": [],
        "url": None,
        "language": "en",
        "path": f"wire/{identity}.txt",
        "line": None,
        "content_hash": len(identity),
    }
    return row | values


def fact(story: str, identity: str, sentence: str, status: str, **values: Any) -> dict[str, Any]:
    """A fact; ``clause`` is the whole sentence unless given."""
    words = values.pop("clause", sentence)
    at = span(identity, words)
    row = {
        "id": f"{identity}:{at['start']}-{at['end']}",
        "story": story,
        "article": identity,
        "position": 0,
        "text": words,
        "span": at,
        "sentence": span(identity, sentence),
        "role": "body",
        "status": status,
        "score": 0.2,
        "rank": 1.5 if "quantities" in values else 0.5,
        "refs": [],
        "support": None,
        "new_terms": [],
        "entities": [],
        "quantities": [],
        "when": None,
        "speaker": None,
        "modality": "asserted",
        "negated": False,
        "fact_group": None,
        "sources": 1,
    }
    return row | values


def quantity(identity: str, words: str, value: float, counts: str) -> dict[str, Any]:
    return {
        **span(identity, words),
        "low": value,
        "high": value,
        "approximate": False,
        "bound": None,
        "unit": None,
        "counts": counts,
        "count_class": counts,
        "scope": [],
        "planned": False,
        "subset": False,
        "as_of": None,
    }


def point(story: str, identity: str, fact_id: str, value: float, **values: Any) -> dict[str, Any]:
    row = {
        "story": story,
        "article": identity,
        "fact": fact_id,
        "value": f"{value:.0f}",
        "low": value,
        "high": value,
        "approximate": False,
        "unit": None,
        "as_of": None,
        "speaker": None,
        "status": "new",
    }
    return row | values


def membership(story: str, identity: str, role: str, *words: str, copy_of: str | None = None) -> dict[str, Any]:
    spans = [span(identity, passage) for passage in words or (TEXTS[identity],)]
    share = sum(one["end"] - one["start"] for one in spans) / len(TEXTS[identity])
    return {
        "story": story,
        "article": identity,
        "role": role,
        "score": 0.8,
        "spans": spans,
        "share": share,
        "evidence": ["ferry"],
        "copy_of": copy_of,
    }


def tables(rows: dict[str, list[dict[str, Any]]] | None = None) -> dict[str, pa.Table]:
    """Every table of a run with the made-up rows, in model.py's schemas."""
    content = make_rows() if rows is None else rows
    return {name: pa.Table.from_pylist(content.get(name, []), schema=schema) for name, schema in TABLES.items()}


def choose(
    content: Mapping[str, pa.Table] | None = None, *, config: Config | None = None, stages: Sequence[str] = STAGES
) -> Shown:
    """What the views list of these tables, of the made-up run by default."""
    return choose_shown(load_content(content or tables(), config=config or Config(), stages=stages))


INJURED_12 = "The coast guard said 12 people were injured."
INJURED_15 = "Fifteen people were injured when two ferries collided off Lannoch, the hospital said."
PASSAGE = (
    "Separately, the council voted on Tuesday to buy a new ferry. "
    "It will cost 40 million crowns and replace the oldest boat of the fleet."
)
MENTION = "It comes a day after two ferries collided."


def make_rows() -> dict[str, list[dict[str, Any]]]:
    return {
        "articles": [
            article("bell", None, None),
            article("collision", "Ferries collide off Lannoch", 4, source="Lannoch Wire"),
            article("council", "Council buys <ferry>", 6, source="The *Daily* Gull"),
            article("repeat", "Ferries collide off Lannoch", 5, source="Morning Post", credits=["Lannoch Wire"]),
            article("update", None, None, published_from=datetime(2024, 3, 5), credits=["Lannoch Wire", "LNA"]),
        ],
        "groups": [
            {
                "id": "collision",
                "kept": "collision",
                "article": name,
                "relation": relation,
                "jaccard": jaccard,
                "containment": contained,
            }
            for name, relation, jaccard, contained in (("repeat", "near", 0.93, 1.0), ("collision", "kept", 1.0, 1.0))
        ],
        "similarities": [
            {
                "a": "collision",
                "b": "update",
                "score": 0.61,
                "words": 0.6,
                "word_pairs": 0.4,
                "names": 0.7,
                "lead": 0.6,
                "time": 1.0,
            },
            {
                "a": "council",
                "b": "update",
                "score": 0.19,
                "words": 0.2,
                "word_pairs": 0.1,
                "names": 0.2,
                "lead": 0.1,
                "time": 1.0,
            },
        ],
        "stories": [
            _story("s-bell", "Divers found a bell", ["bell", "divers"], None, None, articles=1, sources=1),
            _story(
                "s-collision",
                "Ferries collide off Lannoch",
                ["ferries", "collided", "injured"],
                4,
                5,
                articles=3,
                sources=2,
            ),
            _story("s-council", "Council buys <ferry>", ["council", "ferry", "crowns"], 6, 6, articles=1, sources=1),
        ],
        "arcs": [
            {"id": "arc-1", "label": "Ferries of Lannoch", "stories": ["s-council", "s-collision"]},
            {"id": "arc-2", "label": "Divers found a bell", "stories": ["s-bell"]},
        ],
        "memberships": [
            membership("s-council", "council", "primary"),
            membership("s-council", "update", "secondary", PASSAGE),
            membership("s-collision", "collision", "primary"),
            membership("s-collision", "repeat", "primary", copy_of="collision"),
            membership("s-collision", "update", "primary"),
            membership("s-collision", "council", "mention", MENTION),
            membership("s-bell", "bell", "primary"),
        ],
        "facts": _facts(),
        "figures": [
            _figure(
                "figure-1",
                "injured",
                ["s-collision"],
                [
                    point("s-collision", "collision", "collision:65-87", 12, speaker="coast guard", as_of="2024-03-04"),
                    point("s-collision", "update", _id("update", INJURED_15), 15, speaker="hospital", status="updated"),
                ],
            ),
            _figure(
                "figure-2",
                "crowns",
                ["s-council"],
                [
                    point("s-council", "update", "update:159-188", 40e6, status="new"),
                    point("s-council", "council", "council:0-70", 38e6, status="conflicting", as_of="2024-03-06"),
                ],
                conflicting=True,
            ),
        ],
        "rejects": [
            {"path": "wire/empty.txt", "line": None, "reason": "no text", "excerpt": "", "record": ""},
            {"path": "wire/more.jsonl", "line": 3, "reason": "duplicate id", "excerpt": "", "record": "{}"},
            {"path": "wire/more.jsonl", "line": 9, "reason": "no text", "excerpt": "", "record": "{}"},
        ],
    }


def _id(identity: str, words: str) -> str:
    at = span(identity, words)
    return f"{identity}:{at['start']}-{at['end']}"


def _story(
    identity: str, label: str, terms: list[str], first: int | None, last: int | None, *, articles: int, sources: int
) -> dict[str, Any]:
    return {
        "id": identity,
        "label": label,
        "terms": terms,
        "first_published": datetime(2024, 3, first) if first else None,
        "last_published": datetime(2024, 3, last) if last else None,
        "articles": articles,
        "sources": sources,
        "arc": "arc-2" if identity == "s-bell" else "arc-1",
    }


def _figure(
    identity: str, counts: str, stories: list[str], series: list[dict[str, Any]], *, conflicting: bool = False
) -> dict[str, Any]:
    return {
        "id": identity,
        "counts": counts,
        "planned": False,
        "arc": "arc-1",
        "stories": stories,
        "conflicting": conflicting,
        "series": series,
    }


def _facts() -> list[dict[str, Any]]:
    closed = "The harbour will stay closed until Wednesday, harbour master Ada Finn said."
    cost = "It will cost 40 million crowns and replace the oldest boat of the fleet."
    buy = "The council of Lannoch voted to buy a new ferry for 38 million crowns."
    collided = "Two ferries collided off Lannoch on Monday."
    bell = "The bell is older than the harbour, according to the museum."
    facts = [
        fact("s-collision", "collision", collided, "new", entities=["Lannoch"], fact_group="collided", sources=2),
        fact(
            "s-collision",
            "collision",
            INJURED_12,
            "new",
            clause="12 people were injured",
            speaker="coast guard",
            quantities=[quantity("collision", "12 people", 12, "injured")],
        ),
        fact(
            "s-collision",
            "collision",
            closed,
            "new",
            clause="The harbour will stay closed until Wednesday",
            speaker="Ada Finn",
            when={"start": None, "end": "2024-03-06", "expression": "until Wednesday"},
        ),
        fact(
            "s-collision",
            "update",
            INJURED_15,
            "updated",
            refs=["collision:65-87"],
            quantities=[quantity("update", "Fifteen people", 15, "injured")],
            support={"article": "collision", "span": span("collision", INJURED_12)},
        ),
        fact("s-collision", "update", "Nine of them have gone home.", "partly_new", new_terms=["gone", "home"]),
        fact(
            "s-collision",
            "council",
            MENTION,
            "known",
            clause="two ferries collided",
            fact_group="collided",
            sources=2,
            refs=[_id("collision", collided)],
            support={"article": "collision", "span": span("collision", collided)},
        ),
        fact(
            "s-council",
            "update",
            cost,
            "new",
            clause="It will cost 40 million crowns",
            quantities=[quantity("update", "40 million crowns", 40e6, "crowns")],
        ),
        fact(
            "s-council",
            "council",
            buy,
            "conflicting",
            quantities=[quantity("council", "38 million crowns", 38e6, "")],
            support={"article": "update", "span": span("update", cost)},
        ),
        fact("s-council", "council", "The boat is to sail from May.", "new", modality="planned"),
        fact("s-bell", "bell", "Divers found a bell.", "new"),
        fact("s-bell", "bell", bell, "new_speaker", clause="The bell is older than the harbour", speaker="museum"),
    ]
    return [row | {"position": position} for position, row in enumerate(facts)]


def hostile_tables(words: str) -> dict[str, pa.Table]:
    """The made-up run with ``words`` in every place where a text or a name comes from outside."""
    rows = make_rows()
    for row in rows["articles"]:
        row.update(title=words, source=words, credits=[words], url=words, path=words, text=row["text"] + words)
    for row in rows["stories"] + rows["arcs"]:
        row.update(label=words)
    for row in rows["stories"]:
        row.update(terms=[words])
    for row in rows["facts"]:
        row.update(text=words, speaker=words, new_terms=[words])
    for row in rows["figures"]:
        row.update(counts=words, series=[value | {"speaker": words} for value in row["series"]])
    for row in rows["rejects"]:
        row.update(path=words, reason=words)
    return tables(rows)
