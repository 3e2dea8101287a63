"""Rows of the articles table, made from drafts by the batch: cleaned, dated, hashed; what is no article is a reject."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.config import ReadConfig
from storycluster.model import ARTICLES
from storycluster.stages.read.records import Draft, Reject
from storycluster.stages.read.stated import find_batch_credits, find_lower_bounds
from storycluster.stages.read.texts import store_texts
from storycluster.stages.read.values import clean_id, clean_title, clean_url, find_site, hash_record, show_date
from storycluster.text.cleaning import clean_line
from storycluster.text.languages import normalise_language
from storycluster.text.normalise import text_buffers
from storycluster.text.published import DayOrder, parse_plain_dates, parse_published

HASH_BYTES: Final = 8

Located = tuple[str | None, Reject]
Columns = dict[str, Any]  # values of one type each, which ARTICLES and Draft name


@dataclass(frozen=True, slots=True)
class Drafts:
    """Drafts that become one batch, each with the path it was found under and its input's order of day and month.

    ``rejects`` are what was found between them, with their paths.
    """

    drafts: list[Draft] = field(default_factory=list)
    paths: list[str | None] = field(default_factory=list)
    orders: list[DayOrder | None] = field(default_factory=list)
    rejects: list[Located] = field(default_factory=list)

    def add_all(self, drafts: Sequence[Draft], path: str | None, *, order: DayOrder | None) -> None:
        """Take more drafts of one input."""
        self.drafts.extend(drafts)
        self.paths.extend([path] * len(drafts))
        self.orders.extend([order] * len(drafts))

    def add(self, draft: Draft, path: str | None, *, order: DayOrder | None) -> None:
        """Take one more draft."""
        self.drafts.append(draft)
        self.paths.append(path)
        self.orders.append(order)


def make_batch(found: Drafts, *, config: ReadConfig, now: datetime) -> tuple[pa.RecordBatch, list[Located]]:
    """A record batch of the articles table, and what is rejected with its path.

    ``now`` is naive UTC, a publication date after it is not trusted.
    """
    found, rejects = _split_long(found, config.max_article_bytes)
    columns = zip(*found.drafts, strict=True) if found.drafts else [()] * len(Draft._fields)
    record = dict(zip(Draft._fields, map(list, columns), strict=True))
    row = _clean(record, config)
    given = _each_once(record["language"], lambda tag: normalise_language(tag) or config.language or None)
    texts, languages = store_texts(record["text"], row["title"], given)
    row |= {"text": texts, "language": languages, "path": found.paths, "line": record["line"]}
    row |= _date(record["published"], found.orders, now=now)
    row["id"] = _identify(record, row, texts)
    row["content_hash"] = hash_contents(row["title"], texts)
    row |= _credit(row, texts, config=config, now=now)
    batch = pa.record_batch([pa.array(row[field.name], field.type) for field in ARTICLES], schema=ARTICLES)
    is_empty = pc.equal(pc.binary_length(texts), 0)
    if not pc.any(is_empty).as_py():
        return batch, rejects
    for place in np.flatnonzero(is_empty.to_numpy(zero_copy_only=False)).tolist():
        draft = found.drafts[place]
        rejects.append(
            (found.paths[place], Reject(draft.line, "empty text", "\n".join(filter(None, (draft.title, draft.text)))))
        )
    return batch.filter(pc.invert(is_empty)), rejects


def hash_contents(titles: Sequence[str | None], texts: pa.Array) -> npt.NDArray[np.int64]:
    """BLAKE2b of each title and text as a signed 64-bit number.

    >>> first, second = hash_contents(["", "a"], pa.array(["a", ""]))
    >>> bool(first == second)
    False
    """
    buffer, offsets = text_buffers(texts)
    content, digests = memoryview(buffer), []  # type: ignore[arg-type]  # an array is a buffer
    ends = offsets.tolist()
    for title, begin, end in zip(titles, ends, ends[1:], strict=False):
        said = b"".join(((title or "").encode(), b"\0", content[begin:end]))  # hashed at once: a call costs as much
        digests.append(hashlib.blake2b(said, digest_size=HASH_BYTES).digest())
    return np.frombuffer(b"".join(digests), "<i8").astype(np.int64, copy=False)


def _split_long(found: Drafts, max_bytes: int) -> tuple[Drafts, list[Located]]:
    """The drafts with texts of at most so many bytes, and a reject for each other one behind those found before."""
    rejects = list(found.rejects)
    is_short = [_is_short(draft.text, max_bytes) for draft in found.drafts]
    if all(is_short):
        return found, rejects
    kept = Drafts()
    for draft, path, order, fits in zip(found.drafts, found.paths, found.orders, is_short, strict=True):
        if fits:
            kept.add(draft, path, order=order)
            continue
        reason = f"text of {_count_bytes(draft.text):,} bytes, read.max_article_bytes is {max_bytes:,}"
        rejects.append((path, Reject(draft.line, reason, draft.text)))
    return kept, rejects


def _clean(record: Columns, config: ReadConfig) -> Columns:
    """Sources, addresses and titles as they are stored."""
    sources = _each_once(record["source"], lambda source: clean_line(source) or None if source else None)
    urls = [clean_url(url) for url in record["url"]]
    named = zip(record["title"], sources, urls, strict=True)
    titles = [
        clean_title(title, source=source, url=url, max_chars=config.max_article_bytes) for title, source, url in named
    ]
    outlets = [source or find_site(url) for source, url in zip(sources, urls, strict=True)]
    return {"source": outlets, "url": urls, "title": titles}


def _date(values: Sequence[object], orders: Sequence[DayOrder | None], *, now: datetime) -> Columns:
    if plain := parse_plain_dates(values, now=now):
        return {"published": plain[0], "published_precision": plain[1], "published_raw": values}
    moments, precisions = [], []
    for value, order in zip(values, orders, strict=True):
        moment, precision = parse_published(value, order=order, now=now)
        moments.append(moment)
        precisions.append(precision)
    return {
        "published": moments,
        "published_precision": precisions,
        "published_raw": [show_date(value) for value in values],
    }


def _identify(record: Columns, row: Columns, texts: pa.Array) -> list[str]:
    """The id of each record, made from all that it says where it has none."""
    said = zip(row["title"], row["published_raw"], row["source"], row["url"], record["language"], strict=True)
    return [
        clean_id(given) or hash_record((title, texts[place].as_py(), raw, source, url, tag))
        for place, (given, (title, raw, source, url, tag)) in enumerate(zip(record["id"], said, strict=True))
    ]


def _credit(row: Columns, texts: pa.Array, *, config: ReadConfig, now: datetime) -> Columns:
    """What the texts say about themselves: whom they credit, and the latest day that an undated one names."""
    languages = row["language"]
    moments = pa.array(row["published"], ARTICLES.field("published").type)
    undated = np.flatnonzero(moments.is_null().to_numpy(zero_copy_only=False)).tolist()
    return {
        "credits": find_batch_credits(texts, languages) if config.credits else [[]] * len(languages),
        "published_from": find_lower_bounds(texts, languages, undated, now=now),
    }


def _each_once(values: Sequence[str | None], function: Callable[[str | None], str | None]) -> list[str | None]:
    """The function of each value, computed once for equal ones."""
    results = {value: function(value) for value in set(values)}
    return [results[value] for value in values]


def _is_short(text: str, max_bytes: int) -> bool:
    return len(text) <= max_bytes and (text.isascii() or _count_bytes(text) <= max_bytes)


def _count_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
