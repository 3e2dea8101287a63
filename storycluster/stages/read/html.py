"""Reader of saved web pages: body, title, date, source and language by trafilatura and htmldate (extra ``html``).

Nothing is fetched; a page is read as it was saved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from storycluster.config import ReadConfig
from storycluster.stages.read.plain import read_whole
from storycluster.stages.read.records import Draft, Found, Reader, Reject, Source
from storycluster.text.published import parse_published

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MISSING: Final = "web pages need the html extra: pip install 'storycluster[html]'"
#: What strangers' pages make the extractor raise, beside its own errors.
_FAILURES: Final = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError, ArithmeticError)
_MOMENT_PROPERTIES: Final = (
    ("meta", "property", "article:published_time", "content"),
    ("meta", "itemprop", "datePublished", "content"),
    ("meta", "name", "pubdate", "content"),
    ("meta", "name", "parsely-pub-date", "content"),
    ("time", "itemprop", "datePublished", "datetime"),
    ("time", "pubdate", None, "datetime"),
)
_DOCUMENT: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,200}(?:<\?xml[^<>]{0,200}>\s{0,200})?(?:<!--[^<>]{0,500}-->\s{0,200}){0,5}"
    rb"<(?:!doctype\s{1,9}html|html[\s>])",
    re.I,
)


def read(stream: BinaryIO, source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft of the page's article, or a reject where it has none."""
    page = read_whole(stream, config)
    if isinstance(page, Reject):
        yield page
        return
    found = read_page(page, url=None)
    if isinstance(found, Draft):
        found = found._replace(id=source.name, record=None if source.reopens else page)
    yield found


def read_page(page: bytes, *, url: str | None) -> Draft | Reject:
    """The article of one page without an id, or why there is none (for one, that the extra is missing)."""
    try:
        import trafilatura
        from lxml.etree import LxmlError
    except ModuleNotFoundError:
        return Reject(None, MISSING, page)
    try:
        tree = trafilatura.load_html(page)
        if tree is None:
            return Reject(None, "not an HTML page", page)
        moment = _find_moment(tree)
        language = tree.get("lang")
        found = trafilatura.bare_extraction(
            tree, url=url, with_metadata=True, include_comments=False, include_tables=False
        )
    except (*_FAILURES, LxmlError) as error:
        return Reject(None, f"page cannot be taken apart: {type(error).__name__}", page)
    return _make_draft(found, page, url=url, moment=moment, language=language)


def _make_draft(
    found: Any, page: bytes, *, url: str | None, moment: str | None, language: str | None
) -> Draft | Reject:
    if found is None or not found.text:
        return Reject(None, "no article text in this page", page)
    return Draft(
        None,
        found.text,
        None,
        found.title,
        moment or found.date,
        found.sitename or found.hostname,
        url or found.url,
        language or found.language,
    )


def _find_moment(tree: HtmlElement) -> str | None:
    """The exact moment of publication where the page states it in its metadata."""
    for tag, attribute, value, holder in _MOMENT_PROPERTIES:
        for element in tree.iter(tag):
            stated = element.get(attribute)
            moment = element.get(holder)
            if stated is not None and value in (None, stated) and moment and _is_moment(moment):
                return str(moment)
    return None


def _is_moment(value: str) -> bool:
    return parse_published(value, order=None, now=datetime(9998, 1, 1)).moment is not None


def _sniff(head: bytes) -> bool:
    return bool(_DOCUMENT.match(head))


READER: Final = Reader("HTML", (".html", ".htm", ".xhtml"), _sniff, read, holds_one_article=True, is_proven=True)
