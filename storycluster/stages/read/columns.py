"""Which column or key of a record holds which field of an article: by common names, or by the config's mapping."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from storycluster.errors import ConfigError
from storycluster.stages.read.records import Draft, Reject

#: Text, publication and the other fields of an article by names in common use, the first one present with a value
#: wins. Compared in lower case with ``_`` for space, ``-``.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        *("text", "body", "content", "article", "article_text", "full_text", "fulltext", "maintext", "main_text"),
        *("body_text", "article_body", "articlebody", "content_text", "content_html", "raw_text", "story", "document"),
    ),
    "published": (
        *("published", "date", "published_at", "timestamp", "pubdate", "pub_date", "publishedat", "publish_date"),
        *("date_publish", "date_published", "datepublished", "publication_date", "published_date", "datetime"),
        *("published_time", "publish_time", "published_on", "created_at", "created", "dc:date", "dateline", "time"),
    ),
    "id": ("id", "article_id", "articleid", "doc_id", "docid", "document_id", "uuid", "guid", "_id", "newid", "uid"),
    "title": ("title", "headline", "heading", "head", "article_title", "name"),
    "source": (
        *("source", "publisher", "domain", "outlet", "publication", "source_name", "source_domain", "site"),
        *("site_name", "sitename", "newspaper", "feed", "provider"),
    ),
    "url": ("url", "link", "uri", "permalink", "article_url", "source_url", "web_url", "weburl", "href"),
    "language": ("language", "lang", "language_code", "lang_code"),
}
#: What stands for the text in records that have no column for one, as lists of headlines: the fullest wins.
STAND_INS: Final = (
    *("description", "summary", "abstract", "lead", "standfirst", "teaser", "snippet", "excerpt", "opening_text"),
    *("title", "headline", "article_title"),
)
_FIELDS: Final = tuple(Draft._fields[1:-1])
_PLACES: Final = {field: place for place, field in enumerate(NAMES)}

#: The columns that may hold each field of ``NAMES``, in its order.
Layout = Mapping[str, tuple[str, ...]]
#: Keys under which an object names itself: {"name": "Agency"}, {"$date": …}, {"$oid": …}.
_INNER_KEYS: Final = ("name", "title", "$date", "$oid", "value", "#text", "text", "id")

_PATH_STEP: Final = re.compile(r"\.?([^.\[\]]+)|\[(\d{1,6})\]")
MAX_LAYOUTS: Final = 1_000  # records with ever new keys must not fill the memory
_LISTED_KEYS: Final = 12
_NESTING: Final = {dict, list}


class Columns:
    """Picks the fields of an article from records; remembers the layout of records it has seen."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        """Take the config's mapping of article field to column name or JSON path.

        Raises ConfigError for a field that no article has.
        """
        check_fields(mapping)
        self._mapping = mapping
        self._layouts: dict[tuple[str, ...], Layout] = {}

    def pick(self, record: Mapping[str, object], *, line: int | None) -> Draft | Reject:
        """The article in a record, or the reason why it holds none."""
        keys = tuple(record)
        layout = self._layouts.get(keys)
        if layout is None:
            layout = self._remember(keys)
        text, published, *others = self._values(record, layout)
        if type(text) is not str:
            text = _join_text(text)
        if text is None:
            return Reject(line, self._missing_text(record, layout))
        published = _inner(published) if isinstance(published, Mapping) else published
        identity, title, source, url, language = [
            value if value is None or type(value) is str else _as_text(value) for value in others
        ]
        return Draft(line, text, identity, title, published, source, url, language)

    def may_hold_text(self, keys: Sequence[str]) -> bool:
        """Whether records with these columns can hold a text, or what stands for one."""
        return "text" in self._mapping or bool(find_layout(keys)["text"])

    def holds_text(self, record: Mapping[str, object]) -> bool:
        """Whether a record has a text of its own, not only a summary or a headline."""
        keys = find_layout(record)["text"]
        is_own = "text" in self._mapping or not set(map(plain_name, keys)) <= set(STAND_INS)
        return is_own and type(self.pick(record, line=None)) is Draft

    def _remember(self, keys: tuple[str, ...]) -> Layout:
        if len(self._layouts) >= MAX_LAYOUTS:
            self._layouts.clear()
        self._layouts[keys] = layout = find_layout(keys)
        return layout

    def _values(self, record: Mapping[str, object], layout: Layout) -> list[Any]:
        """The value of each field of ``NAMES``: of the first of its columns that has one, None where none has."""
        values: list[object] = []
        for keys in layout.values():
            found = None
            for key in keys:
                value = record[key]
                if value is not None and value != "":
                    found = value
                    break
            values.append(found)
        for field, path in self._mapping.items():
            values[_PLACES[field]] = follow_path(record, path)
        return values

    def _missing_text(self, record: Mapping[str, object], layout: Layout) -> str:
        if "text" in self._mapping:
            return f"no text at read.fields.text = {self._mapping['text']}"
        if layout["text"]:
            return f"empty text ({', '.join(layout['text'])})"
        return f"no text column among {_list(record)}; name yours with read.fields.text"


def pick_article(record: object, columns: Columns, *, line: int | None, max_nesting: int) -> Draft | Reject:
    """The article in one JSON value, or why there is none."""
    if type(record) is not dict and not isinstance(record, Mapping):
        return Reject(line, f"not a JSON object but {type(record).__name__}")
    if _NESTING.intersection(map(type, record.values())) and _depth(record) > max_nesting:
        return Reject(line, f"JSON nested deeper than read.max_nesting = {max_nesting}")
    return columns.pick(record, line=line)


def _depth(value: object) -> int:
    """Levels of lists and objects, found without recursion."""
    level = [value]
    depth = 0
    while level:
        inner = [v for v in level if isinstance(v, dict | list)]
        level = [item for v in inner for item in (v.values() if isinstance(v, dict) else v)]
        depth += bool(inner)
    return depth


def check_fields(mapping: Mapping[str, str]) -> None:
    """Nothing, where every mapped field is one that an article has.

    Raises ConfigError with the nearest right name.

    >>> check_fields({"text": "payload.body"})
    """
    for field in mapping:
        if field not in _FIELDS:
            near = difflib.get_close_matches(field, _FIELDS, n=1, cutoff=0.0)[0]
            raise ConfigError(f"unknown key read.fields.{field}; did you mean read.fields.{near}?")


def count_fields(keys: Iterable[str]) -> int:
    """How many fields of an article these column names hold; none without a text.

    >>> count_fields(["Headline", "Body"]), count_fields(["title", "date"]), count_fields(["date"])
    (2, 3, 0)
    """
    layout = find_layout(keys)
    return sum(map(bool, layout.values())) if layout["text"] else 0


def find_used(keys: Iterable[str], mapping: Mapping[str, str]) -> list[str]:
    """The columns that an article is made from, in their order.

    >>> find_used(["id", "words", "body"], {"title": "words[0]"})
    ['id', 'words', 'body']
    """
    keys = list(keys)
    used = {key for candidates in find_layout(keys).values() for key in candidates}
    used |= {step for path in mapping.values() for step in (path, re.split(r"[.\[]", path, maxsplit=1)[0])}
    return [key for key in keys if key in used]


def follow_path(record: object, path: str) -> object:
    """The value at a key, or at a path of keys and list positions; None where there is none.

    >>> follow_path({"data": [{"body": "x"}]}, "data[0].body")
    'x'
    """
    if isinstance(record, Mapping) and path in record:
        return record[path]
    for match in _PATH_STEP.finditer(path):
        step = match[1] or match[2]
        if isinstance(record, Mapping):
            record = record.get(step)
        elif isinstance(record, list) and step.isdigit() and int(step) < len(record):
            record = record[int(step)]
        else:
            return None
    return record


def find_layout(keys: Iterable[str]) -> Layout:
    """The columns among these that may hold each field, those that stand in for the text where none is one.

    >>> find_layout(["Headline", "Body"])["text"], find_layout(["Headline", "Date"])["text"]
    (('Body',), ('Headline',))
    """
    by_name: dict[str, str] = {}
    for key in keys:
        by_name.setdefault(plain_name(key), key)
    found = {field: tuple(by_name[name] for name in names if name in by_name) for field, names in NAMES.items()}
    return found if found["text"] else found | {"text": tuple(by_name[name] for name in STAND_INS if name in by_name)}


def plain_name(key: str) -> str:
    """A column name as names are compared.

    >>> plain_name("Pub Date")
    'pub_date'
    """
    return key.strip().lower().replace(" ", "_").replace("-", "_")


def _join_text(value: object) -> str | None:
    """Text from a list of paragraphs; None where the value is no text."""
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return "\n".join(value)
    return None


def _as_text(value: object) -> str | None:
    if value is None or type(value) is str:
        return value
    if isinstance(value, Mapping):
        return _as_text(_inner(value))
    if isinstance(value, list):
        return _as_text(value[0]) if value and not isinstance(value[0], list) else None
    return str(value)


def _inner(value: Mapping[str, object]) -> object:
    found = next((value[key] for key in _INNER_KEYS if key in value), None)
    return None if isinstance(found, Mapping | list) else found


def _list(record: Mapping[str, object]) -> str:
    keys = [str(key)[:30] for key in record]
    return ", ".join(keys[:_LISTED_KEYS]) + (
        f" and {len(keys) - _LISTED_KEYS} more" if len(keys) > _LISTED_KEYS else ""
    )


def to_json(value: object) -> bytes:
    """The value as one line of JSON, for the record of a reject; text where JSON has no such type.

    >>> to_json({"a": 1})
    b'{"a":1}'
    """
    try:
        return msgspec.json.encode(value, enc_hook=str)
    except (ValueError, TypeError):  # lone surrogates, huge numbers, keys that are no text
        return json.dumps(value, default=str, skipkeys=True).encode("ascii")
