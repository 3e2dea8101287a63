"""The words of the glossary as types: one article, and the schema of every table of a run.

A run is tables only. Their names, columns and types stand here and nowhere else;
types are those that Arrow, DuckDB and Spark share (hashes are signed 64-bit).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import pyarrow as pa

SCHEMA_VERSION: Final = "1"

Relation = Literal["kept", "exact", "near", "contained"]
Role = Literal["primary", "secondary", "mention"]
Status = Literal["new", "partly_new", "new_speaker", "updated", "conflicting", "known"]
Modality = Literal["asserted", "claimed", "planned", "possible", "denied"]


@dataclass(frozen=True, slots=True)
class Article:
    """One news text as a caller hands it over; only ``text`` is required.

    ``published`` is naive UTC. ``id`` is made from the content where it is empty.

    >>> Article(text="Two ferries collided.").title is None
    True
    """

    text: str
    id: str | None = None
    title: str | None = None
    published: datetime | str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None


# --- columns that several tables share ------------------------------------------------------------

_TIME: Final = pa.timestamp("us")
_STRINGS: Final = pa.list_(pa.string())

#: A span: [start, end) in code points of ``articles.text``, or of ``articles.title`` where field is "title".
SPAN: Final = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("field", pa.string())])

#: A stated number: a point has low == high; ``counts`` is the wording, ``count_class`` the comparable noun. ``bound``
#: is "at_least" or "at_most" where it was stated as one ("more than 300" has low 300 and high 400).
QUANTITY: Final = pa.struct(
    [
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("field", pa.string()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("approximate", pa.bool_()),
        ("bound", pa.string()),
        ("unit", pa.string()),
        ("counts", pa.string()),
        ("count_class", pa.string()),
        ("scope", _STRINGS),
        ("planned", pa.bool_()),
        ("subset", pa.bool_()),
        ("as_of", pa.string()),
    ]
)

#: A time: ISO dates, either may be null (open or unresolved), and the words it was read from.
WHEN: Final = pa.struct([("start", pa.string()), ("end", pa.string()), ("expression", pa.string())])

FIGURE_POINT: Final = pa.struct(
    [
        ("story", pa.string()),
        ("article", pa.string()),
        ("fact", pa.string()),
        ("value", pa.string()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("approximate", pa.bool_()),
        ("bound", pa.string()),
        ("unit", pa.string()),
        ("as_of", pa.string()),
        ("speaker", pa.string()),
        ("status", pa.string()),
    ]
)

# --- tables ---------------------------------------------------------------------------------------

#: One row per accepted article. ``published`` is naive UTC; ``published_precision`` is "day", "second" or null;
#: ``published_raw`` is the date as given (also where it could not be trusted); ``published_from`` the lower
#: bound an undated article states itself. ``line`` is null where the file is one article.
ARTICLES: Final = pa.schema(
    [
        ("id", pa.string()),
        ("title", pa.string()),
        ("text", pa.string()),
        ("published", _TIME),
        ("published_precision", pa.string()),
        ("published_raw", pa.string()),
        ("published_from", _TIME),
        ("source", pa.string()),
        ("credits", _STRINGS),
        ("url", pa.string()),
        ("language", pa.string()),
        ("path", pa.string()),
        ("line", pa.int64()),
        ("content_hash", pa.int64()),
    ]
)

#: ``signature`` is k little-endian uint32 (datasketch ``affine32``); ``text_hash`` is of the normalised text.
SIGNATURES: Final = pa.schema(
    [
        ("article", pa.string()),
        ("signature", pa.binary()),
        ("shingles", pa.int32()),
        ("text_hash", pa.int64()),
    ]
)

#: Verified pairs, a < b. ``containment`` is |A∩B| / min(|A|, |B|); ``shorter`` the id of the smaller side.
PAIRS: Final = pa.schema(
    [
        ("a", pa.string()),
        ("b", pa.string()),
        ("relation", pa.string()),
        ("jaccard", pa.float64()),
        ("containment", pa.float64()),
        ("shorter", pa.string()),
    ]
)

#: Verified pairs of an article with one of an earlier run; ``is_shorter`` says that the article is the smaller side.
MATCHES: Final = pa.schema(
    [
        ("article", pa.string()),
        ("earlier", pa.string()),
        ("relation", pa.string()),
        ("jaccard", pa.float64()),
        ("containment", pa.float64()),
        ("is_shorter", pa.bool_()),
    ]
)

#: Words left out of the comparison because ``articles`` of the ``of`` different articles of a source that were looked
#: at have them. ``text`` is normalised.
BOILERPLATE: Final = pa.schema(
    [("source", pa.string()), ("text", pa.string()), ("articles", pa.int32()), ("of", pa.int32())]
)

#: One row per member of a group of two or more; the kept one has relation "kept" and scores 1.0.
GROUPS: Final = pa.schema(
    [
        ("id", pa.string()),
        ("kept", pa.string()),
        ("article", pa.string()),
        ("relation", pa.string()),
        ("jaccard", pa.float64()),
        ("containment", pa.float64()),
    ]
)

#: Scored pairs of kept articles, a < b; every channel and the fused ``score`` in 0..1, ``time`` null where unknown.
SIMILARITIES: Final = pa.schema(
    [
        ("a", pa.string()),
        ("b", pa.string()),
        ("score", pa.float64()),
        ("words", pa.float64()),
        ("word_pairs", pa.float64()),
        ("names", pa.float64()),
        ("lead", pa.float64()),
        ("time", pa.float64()),
    ]
)

STORIES: Final = pa.schema(
    [
        ("id", pa.string()),
        ("label", pa.string()),
        ("terms", _STRINGS),
        ("first_published", _TIME),
        ("last_published", _TIME),
        ("articles", pa.int32()),
        ("sources", pa.int32()),
        ("arc", pa.string()),
    ]
)

ARCS: Final = pa.schema([("id", pa.string()), ("label", pa.string()), ("stories", _STRINGS)])

#: One row per article and story it tells. ``share`` is the part of the text inside the spans, 0..1.
MEMBERSHIPS: Final = pa.schema(
    [
        ("story", pa.string()),
        ("article", pa.string()),
        ("role", pa.string()),
        ("score", pa.float64()),
        ("spans", pa.list_(SPAN)),
        ("share", pa.float64()),
        ("evidence", _STRINGS),
        ("copy_of", pa.string()),
    ]
)

#: One row per fact, in reading order (``position``) of its story. ``support`` is the earlier sentence.
FACTS: Final = pa.schema(
    [
        ("id", pa.string()),
        ("story", pa.string()),
        ("article", pa.string()),
        ("position", pa.int32()),
        ("text", pa.string()),
        ("span", SPAN),
        ("sentence", SPAN),
        ("role", pa.string()),
        ("status", pa.string()),
        ("score", pa.float64()),
        ("rank", pa.float64()),
        ("refs", _STRINGS),
        ("support", pa.struct([("article", pa.string()), ("span", SPAN)])),
        ("new_terms", _STRINGS),
        ("entities", _STRINGS),
        ("quantities", pa.list_(QUANTITY)),
        ("when", WHEN),
        ("speaker", pa.string()),
        ("modality", pa.string()),
        ("negated", pa.bool_()),
        ("fact_group", pa.string()),
        ("sources", pa.int32()),
    ]
)

FIGURES: Final = pa.schema(
    [
        ("id", pa.string()),
        ("counts", pa.string()),
        ("planned", pa.bool_()),
        ("arc", pa.string()),
        ("stories", _STRINGS),
        ("conflicting", pa.bool_()),
        ("series", pa.list_(FIGURE_POINT)),
    ]
)

#: ``excerpt`` is short and safe to print; ``record`` the original as read (text, or base64 where not UTF-8).
REJECTS: Final = pa.schema(
    [
        ("path", pa.string()),
        ("line", pa.int64()),
        ("reason", pa.string()),
        ("excerpt", pa.string()),
        ("record", pa.string()),
    ]
)

TABLES: Final[dict[str, pa.Schema]] = {
    "articles": ARTICLES,
    "signatures": SIGNATURES,
    "pairs": PAIRS,
    "boilerplate": BOILERPLATE,
    "groups": GROUPS,
    "similarities": SIMILARITIES,
    "stories": STORIES,
    "arcs": ARCS,
    "memberships": MEMBERSHIPS,
    "facts": FACTS,
    "figures": FIGURES,
    "rejects": REJECTS,
}
