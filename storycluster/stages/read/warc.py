"""Reader of web archives (WARC) as in CC-NEWS: every HTML response is read like a saved page (extra ``html``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

from storycluster.config import ReadConfig
from storycluster.stages.read.html import MISSING, read_page
from storycluster.stages.read.records import FormatError, Found, Reader, Reject, Source

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

_HTML_TYPES: Final = ("text/html", "application/xhtml")
_DIGEST: Final = "urn:uuid:"


def read(stream: BinaryIO, _source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft or reject per HTML response, ``line`` being the number of the record; other records are passed over.

    Raises FormatError where the archive breaks off.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ModuleNotFoundError:
        yield Reject(None, MISSING.replace("HTML", "WARC"))
        return
    number = 0
    try:
        for record in ArchiveIterator(stream):
            number += 1
            if _is_page(record):
                yield _read_record(record, number, config)
    except ArchiveLoadFailed as error:
        raise FormatError(f"not valid WARC after record {number}: {' '.join(str(error).split())[:100]}") from error


def _is_page(record: ArcWarcRecord) -> bool:
    if record.rec_type not in ("response", "resource") or record.content_type is None:
        return False
    headers = record.http_headers
    content_type = headers.get_header("Content-Type", "") if headers else record.content_type
    is_good = headers is None or str(headers.get_statuscode()).startswith("2")
    return is_good and str(content_type).lower().startswith(_HTML_TYPES)


def _read_record(record: ArcWarcRecord, number: int, config: ReadConfig) -> Found:
    page = record.content_stream().read(config.max_line_bytes + 1)
    if len(page) > config.max_line_bytes:
        return Reject(number, f"page of more than read.max_line_bytes = {config.max_line_bytes:,} bytes")
    found = read_page(page, url=record.rec_headers.get_header("WARC-Target-URI"))
    if isinstance(found, Reject):
        return found._replace(line=number)
    identity = record.rec_headers.get_header("WARC-Record-ID", "").strip("<>").removeprefix(_DIGEST)
    return found._replace(line=number, id=identity or None)


READER: Final = Reader("WARC", (".warc",), lambda head: head.startswith(b"WARC/"), read, is_proven=True)
