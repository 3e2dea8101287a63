"""Rows of the articles table, made from drafts: cleaned, dated, hashed; whatever is no article becomes a reject."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

import pyarrow as pa

from storycluster.config import ReadConfig
from storycluster.model import ARTICLES
from storycluster.stages.read.files import escape
from storycluster.stages.read.records import Draft, Reject
from storycluster.stages.read.stated import find_batch_credits, find_lower_bounds
from storycluster.text.cleaning import clean_line, clean_text, show_safely
from storycluster.text.furniture import drop_furniture, strip_outlet
from storycluster.text.languages import guess_language, normalise_language
from storycluster.text.published import DayOrder, parse_published

MAX_ID_CHARS: Final = 512  # a longer id is replaced by the hash of the content
MAX_RAW_DATE_CHARS: Final = 100
#: The columns of a row; the others are found for a whole batch.
_ROW_FIELDS: Final = tuple(name for name in ARTICLES.names if name not in ("credits", "published_from"))

Row = tuple[object, ...]


def make_row(
    draft: Draft, *, path: str | None, order: DayOrder | None, is_tidy: bool, config: ReadConfig, now: datetime
) -> Row | Reject:
    """The values of one row in the order of ``ARTICLES`` (without what is found by batch), or why there is no article.

    ``is_tidy`` spares the cleaning of the text; ``now`` is naive UTC, a publication date after it is not trusted.
    """
    text = draft.text
    if len(text) > config.max_article_bytes or (not text.isascii() and _count_bytes(text) > config.max_article_bytes):
        reason = f"text of {_count_bytes(text):,} bytes, read.max_article_bytes is {config.max_article_bytes:,}"
        return Reject(draft.line, reason, text)
    text = text.strip() if is_tidy else clean_text(text)
    source = clean_line(draft.source) or None if draft.source else None
    url = clean_url(draft.url) if draft.url else None
    title = clean_line(draft.title[: config.max_article_bytes]) or None if draft.title else None
    if title is not None:
        title = strip_outlet(title, source=source, url=url)
        text = drop_repeated_title(text, title)
    language = normalise_language(draft.language) or config.language or guess_language(text)
    text = drop_furniture(text, language=language)
    if not text:
        return Reject(draft.line, "empty text", draft.title or "")
    published = parse_published(draft.published, order=order, now=now)
    raw = _show_date(draft.published)
    content_hash = hash_content(title or "", text)
    identity = clean_id(draft.id) or hash_record((title, text, raw, source, url, draft.language))
    return (
        *(identity, title, text, published.moment, published.precision, raw),
        *(source, url, language, path, draft.line, content_hash),
    )


def make_batch(rows: Sequence[Row], *, config: ReadConfig, now: datetime) -> pa.RecordBatch:
    """One record batch of the articles table, with what the texts say about themselves filled in."""
    values = dict(zip(_ROW_FIELDS, zip(*rows, strict=True), strict=True))
    texts = pa.array(values["text"], pa.string())
    languages = [str(language) for language in values["language"]]
    undated = [place for place, moment in enumerate(values["published"]) if moment is None]
    credited = find_batch_credits(texts, languages) if config.credits else [[] for _ in languages]
    columns = {
        **{name: pa.array(column, ARTICLES.field(name).type) for name, column in values.items() if name != "text"},
        "text": texts,
        "credits": pa.array(credited, ARTICLES.field("credits").type),
        "published_from": pa.array(
            find_lower_bounds(texts, languages, undated, now=now), ARTICLES.field("published_from").type
        ),
    }
    return pa.record_batch([columns[name] for name in ARTICLES.names], schema=ARTICLES)


def hash_content(title: str, text: str) -> int:
    """BLAKE2b of title and text as a signed 64-bit number.

    >>> hash_content("", "a") == hash_content("a", "")
    False
    """
    digest = hashlib.blake2b(f"{title}\0{text}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def hash_record(values: Iterable[str | None]) -> str:
    """The id of a record that has none: 16 hex digits of the BLAKE2b of all that it says.

    >>> len(hash_record(["a", None]))
    16
    """
    content = "\0".join("\1" if value is None else value for value in values)
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def clean_id(value: str | None) -> str | None:
    """The id without white space at its ends, controls as escapes; None for none and for an absurdly long one.

    >>> clean_id(" 17 ")
    '17'
    """
    if not value or not (value := value.strip()) or len(value) > MAX_ID_CHARS:
        return None
    return value if value.isprintable() else escape(value)


def clean_url(value: str) -> str | None:
    """The address without white space and controls.

    >>> clean_url(" http://a.b/c ")
    'http://a.b/c'
    """
    value = "".join(value.split())
    return (value if value.isprintable() else "".join(c for c in value if c.isprintable())) or None


def drop_repeated_title(text: str, title: str) -> str:
    r"""The text without a first line that only repeats the title, where more text follows.

    >>> drop_repeated_title("Ferry sinks\n\nTwo died.", "Ferry sinks")
    'Two died.'
    """
    if not text.startswith(title[:1]) and not text[: len(title)].casefold().startswith(title[:1].casefold()):
        return text
    first, _, rest = text.partition("\n")
    is_repeated = len(first) <= len(title) + 2 and first.strip(" .").casefold() == title.strip(" .").casefold()
    return rest.lstrip() if is_repeated and rest.strip() else text


def _count_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _show_date(value: object) -> str | None:
    if value is None or value == "":
        return None
    shown = value.isoformat() if isinstance(value, date) else str(value)
    return (
        shown
        if len(shown) <= MAX_RAW_DATE_CHARS and shown.isprintable()
        else show_safely(shown, max_chars=MAX_RAW_DATE_CHARS)
    )
