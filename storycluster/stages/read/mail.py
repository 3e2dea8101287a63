"""Readers of e-mail, one message per file (``.eml``) or many (``.mbox``): newsletters, alerts, press releases.

The plain text of a message is its article, else its web page (extra ``html``); attachments are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

from storycluster.config import ReadConfig
from storycluster.stages.read.decoding import decode, describe
from storycluster.stages.read.html import read_page
from storycluster.stages.read.lines import LongLine, number_lines
from storycluster.stages.read.plain import read_whole
from storycluster.stages.read.records import Draft, FormatError, Found, Reader, Reject, Source

if TYPE_CHECKING:
    from email.message import Message

#: What strangers' headers and parts make the parser raise.
_FAILURES: Final = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError)
#: A header is read so far: parsers take quadratic time over what is made to be long.
MAX_HEADER_CHARS: Final = 2_000
#: More lines that may begin a part are refused, as each part costs some time.
MAX_PARTS: Final = 1_000
#: Encodings that a part may name; Python has others that are no text or slow on purpose-made bytes.
_CHARSET: Final = re.compile(
    r"\bcharset\s*=\s*\"?((?:utf-?(?:8|16)|us-ascii|ascii|iso-|windows-|cp\d|koi8|gb|big5|euc|shift|latin|mac)[\w.:-]{0,20})",
    re.I,
)
_HEADER_NAME: Final = re.compile(rb"[!-9;-~]{1,80}")
#: Headers that programs write, and people who write "From: …" above a text do not.
_PROOF: Final = frozenset({b"mime-version", b"message-id", b"received"})
_BEGIN: Final = b"From "
_MAILBOX: Final = re.compile(rb"From \S{1,300} {1,2}(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ")
_QUOTED_BEGIN: Final = re.compile(rb"^>(>*From )", re.M)
_SITE: Final = re.compile(r"@([\w-]{1,63}(?:\.[\w-]{1,63}){1,9})")
_SIGNATURE: Final = "\n-- \n"
_PART: Final = b"\n--"
_PAGE: Final = "text/html"
_TEXTS: Final = ("text/plain", _PAGE)


def read_message(stream: BinaryIO, source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft of the message, or a reject where it has no text."""
    data = read_whole(stream, config)
    if isinstance(data, Reject):
        yield data
        return
    found = _read(data)
    if isinstance(found, Draft):
        found = found._replace(id=source.name, record=None if source.reopens else data)
    yield found


def read_mailbox(stream: BinaryIO, source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft or reject per message, ``line`` being its first line.

    Raises FormatError for a file that does not begin with a message, and for a message or line beyond the limit.
    """
    lines: list[bytes] = []
    first, size, after_blank = 0, 0, True
    for number, line in number_lines(stream, max_bytes=config.max_line_bytes):
        if isinstance(line, LongLine):
            raise FormatError(f"line {number} of more than read.max_line_bytes = {config.max_line_bytes:,}")
        if after_blank and line.startswith(_BEGIN):
            if first:
                yield _read_numbered(lines, first, keep=not source.reopens)
            lines, first, size = [], number, 0
        elif first:
            lines.append(line)
            size += len(line)
        elif line.strip():
            raise FormatError("not a mailbox: it does not begin with a line 'From …'")
        if size > config.max_line_bytes:
            raise FormatError(f"message of more than read.max_line_bytes = {config.max_line_bytes:,}")
        after_blank = not line.strip()
    if first:
        yield _read_numbered(lines, first, keep=not source.reopens)


def _read_numbered(lines: list[bytes], first: int, *, keep: bool) -> Found:
    data = b"".join(lines)
    found = _read(_QUOTED_BEGIN.sub(rb"\1", data))
    if isinstance(found, Reject):
        return Reject(first, found.reason, data)
    return found._replace(line=first, record=data if keep else None)


def _read(data: bytes) -> Draft | Reject:
    """The article of a message, its Message-ID being the id, or why there is none."""
    from email import message_from_bytes

    if data.count(_PART) > MAX_PARTS:
        return Reject(None, f"message of more than {MAX_PARTS:,} parts", data)
    try:
        message = message_from_bytes(data)
        found = _read_parts(message)
    except UnicodeDecodeError as error:
        return Reject(None, describe(error), data)
    except _FAILURES as error:
        return Reject(None, f"message cannot be taken apart: {type(error).__name__}", data)
    if found is None or (isinstance(found, Draft) and not found.text.strip()):
        return Reject(None, "no text in this message", data)
    if isinstance(found, Reject):
        return found._replace(record=data)
    return found._replace(
        id=_header(message, "message-id").strip("<>") or None,
        title=_header(message, "subject") or found.title,
        published=_header(message, "date") or found.published,
        source=_site(_header(message, "from")) or found.source,
    )


def _read_parts(message: Message) -> Draft | Reject | None:
    """The first part with words, plain text before web pages; what was wrong with the last one where none has any."""
    texts = [part for part in message.walk() if part.get_content_disposition() != "attachment"]
    found = None
    for part in sorted([part for part in texts if part.get_content_type() in _TEXTS], key=_place):
        found = _read_part(part)
        if isinstance(found, Draft) and found.text.strip():
            break
    return found


def _place(part: Message) -> int:
    return _TEXTS.index(part.get_content_type())


def _read_part(part: Message) -> Draft | Reject:
    """The text of a part, without a signature; of a web page what it tells."""
    payload = part.get_payload(decode=True)
    charset = _CHARSET.search(_raw_header(part, "content-type"))
    text = _decode(payload if isinstance(payload, bytes) else b"", charset[1] if charset else "")
    if part.get_content_type() == _PAGE:
        return read_page(text.encode("utf-8", "replace"), url=None)
    return Draft(None, text.replace("\r\n", "\n").partition(_SIGNATURE)[0])


def _decode(payload: bytes, charset: str) -> str:
    """The characters, by the encoding named where it fits them, else as of any file."""
    if charset:
        try:
            return payload.decode(charset)
        except (LookupError, UnicodeError):
            pass
    return decode(payload)


def _header(message: Message, name: str) -> str:
    """A header in clear; as it was sent where it cannot be decoded, empty where there is none."""
    from email.errors import MessageError
    from email.header import decode_header

    sent = _raw_header(message, name)
    try:
        pieces = decode_header(sent)
        value = "".join(
            [piece if isinstance(piece, str) else _decode(piece, charset or "") for piece, charset in pieces]
        )
    except (MessageError, *_FAILURES):
        value = sent
    return " ".join(value.split())


def _raw_header(message: Message, name: str) -> str:
    value = next((sent for key, sent in message.raw_items() if key.lower() == name), "")
    sent = value[:MAX_HEADER_CHARS].encode("utf-8", "surrogateescape")
    try:
        return decode(sent)
    except UnicodeDecodeError:
        return sent.decode("utf-8", "replace")


def _site(sender: str) -> str:
    """Who sent it, by the site of the address: people and letters of one house are one source."""
    sites = _SITE.findall(sender)
    return str(sites[-1]).lower() if sites else ""


def _is_message(head: bytes) -> bool:
    names = set()
    for line in head.rpartition(b"\n")[0].splitlines():
        if not line.strip():
            break
        if line[:1] in b" \t":
            continue
        name, colon, _ = line.partition(b":")
        if not colon or not _HEADER_NAME.fullmatch(name):
            return False
        names.add(name.lower())
    return b"from" in names and not _PROOF.isdisjoint(names)


MESSAGE_READER: Final = Reader("e-mail", (".eml",), _is_message, read_message, holds_one_article=True, is_proven=True)
MAILBOX_READER: Final = Reader(
    "mailbox", (".mbox",), lambda head: bool(_MAILBOX.match(head)), read_mailbox, is_proven=True
)
