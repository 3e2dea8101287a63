"""Reader of news in XML: RSS, Atom, NITF, NewsML and NewsML-G2, RCV1; streamed, entities refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError  # types only; parsing is defusedxml's

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from storycluster.config import ReadConfig
from storycluster.stages.read.records import Draft, FormatError, Found, Reader, Reject, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Elements that are one article; an inner one (NITF inside NewsML) belongs to the outer.
_ARTICLES: Final = frozenset({"item", "entry", "newsitem", "nitf"})
_TITLES: Final = ("headline", "hl1", "title")
_TEXTS: Final = ("encoded", "body.content", "content", "text", "inlinexml", "datacontent", "description", "summary")
_MEDIA: Final = "search.yahoo.com/mrss"
_DATES: Final = (
    "pubdate",
    "published",
    "contentcreated",
    "versioncreated",
    "firstcreated",
    "date",
    "updated",
    "thisrevisioncreated",
)
_BLOCKS: Final = frozenset(
    {"p", "div", "br", "li", "h1", "h2", "h3", "h4", "tr", "hl2", "blockquote", "block", "body.content"}
)
MAX_DEPTH: Final = 200
READ_BYTES: Final = 1 << 16
_ROOT: Final = re.compile(rb"<(?:\w{1,20}:)?(?:rss|feed|rdf|nitf|newsml|newsitem|newsmessage|xml\b|\?xml)", re.I)


def read(stream: BinaryIO, _source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft or reject per article, ``line`` being the number of the article.

    Raises FormatError for broken XML, declared entities, and elements nested or grown beyond the limits.
    """
    try:
        yield from _read_articles(_Guarded(stream, config.max_line_bytes))
    except ParseError as error:
        raise FormatError(f"not valid XML: {error}") from error
    except DefusedXmlException as error:
        raise FormatError(f"refused, since it declares entities or an external document type: {error}") from error
    except (LookupError, ValueError) as error:
        raise FormatError(f"not valid XML: {error}") from error


def _read_articles(stream: _Guarded) -> Iterator[Found]:
    path: list[Element] = []
    outlet: dict[str, str] = {}
    number, depth_of_article = 0, 0
    for event, element in iterparse(stream, events=("start", "end")):
        if event == "start":
            path.append(element)
            if len(path) > MAX_DEPTH:
                raise FormatError(f"nested deeper than {MAX_DEPTH} elements")
            if not depth_of_article and (language := _language(element)):
                outlet["language"] = language
            if not depth_of_article and _name(element) in _ARTICLES:
                depth_of_article = len(path)
            continue
        if len(path) == depth_of_article:
            number += 1
            yield _read_article(element, outlet, number)
            depth_of_article = 0
            stream.reset()
            _forget(path)
        elif not depth_of_article:
            _note_outlet(path, outlet)
        path.pop()


def _forget(path: list[Element]) -> None:
    """Drop the last element of the path from the tree that the parser keeps."""
    if len(path) > 1:
        path[-2].remove(path[-1])


def _note_outlet(path: list[Element], outlet: dict[str, str]) -> None:
    """Remember title and language of the feed, which stand outside its articles."""
    element = path[-1]
    name = _name(element)
    if len(path) <= 3 and name in ("title", "language") and element.text:
        outlet.setdefault(name, element.text.strip())
    elif len(path) > 1 and name not in ("channel", "title", "language"):
        _forget(path)


def _read_article(element: Element, outlet: dict[str, str], number: int) -> Found:
    parts = _parts(element)
    text = next((words for name in _TEXTS if (words := _words(parts.get(name, ())))), "")
    if not text.strip():
        return Reject(number, "empty text", _words([element])[:1_000])
    return Draft(
        number,
        text,
        _first(
            element.get("guid"),
            element.get("itemid"),
            *_texts(parts, ("guid", "id")),
            *_attributes(parts, "doc-id", "id-string"),
        ),
        _first(*_texts(parts, _TITLES)),
        _first(*_texts(parts, _DATES), *_attributes(parts, "date.issue", "norm"), element.get("date")),
        _first(*_texts(parts, ("source",)), outlet.get("title")),
        _first(*_texts(parts, ("link",)), *_links(parts)),
        _first(_language(element), *_attributes(parts, "language", "tag"), outlet.get("language")),
    )


def _parts(element: Element) -> dict[str, list[Element]]:
    """All elements below, by their local name in lower case, outer ones first; those about pictures left out."""
    parts: dict[str, list[Element]] = {}
    level = list(element)
    while level:
        for inner in level:
            if _MEDIA not in str(inner.tag):
                parts.setdefault(_name(inner), []).append(inner)
        level = [child for inner in level for child in inner]
    return parts


def _texts(parts: dict[str, list[Element]], names: Iterable[str]) -> list[str]:
    return [_words([element]) for name in names for element in parts.get(name, ())[:1]]


def _attributes(parts: dict[str, list[Element]], name: str, attribute: str) -> list[str | None]:
    return [element.get(attribute) for element in parts.get(name, ())]


def _language(element: Element) -> str | None:
    return next((value for key, value in element.attrib.items() if key.endswith("}lang")), None)


def _links(parts: dict[str, list[Element]]) -> list[str | None]:
    links = parts.get("link", ())
    return [link.get("href") for link in links if link.get("rel", "alternate") == "alternate"]


def _first(*values: str | None) -> str | None:
    return next((value.strip() for value in values if value and value.strip()), None)


def _words(elements: Iterable[Element]) -> str:
    """The words of the first element that has any; paragraphs on lines of their own."""
    return next((words for element in elements if (words := _words_in_order(element)).strip()), "")


def _words_in_order(element: Element) -> str:
    """Text and tails in document order; the depth is bounded by ``MAX_DEPTH``."""
    pieces = [element.text or ""]
    for child in element:
        is_block = _name(child) in _BLOCKS
        pieces += ["\n" if is_block else "", _words_in_order(child), "\n" if is_block else "", child.tail or ""]
    return "".join(pieces)


def _name(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


class _Guarded:
    """A stream that ends with a FormatError where one article takes more bytes than allowed."""

    def __init__(self, stream: BinaryIO, max_bytes: int) -> None:
        self._stream = stream
        self._max_bytes = max_bytes
        self._count = 0

    def reset(self) -> None:
        """Start counting for the next article."""
        self._count = 0

    def read(self, size: int = READ_BYTES) -> bytes:
        """At most ``size`` bytes."""
        data = self._stream.read(min(size, READ_BYTES) if size > 0 else READ_BYTES)
        self._count += len(data)
        if self._count > self._max_bytes:
            raise FormatError(f"element of more than read.max_line_bytes = {self._max_bytes:,} bytes")
        return data


def _sniff(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return bool(_ROOT.match(start))


READER: Final = Reader("XML", (".xml", ".rss", ".atom", ".rdf", ".nitf", ".newsml"), _sniff, read, is_proven=True)
