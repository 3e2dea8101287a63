"""Single values of a record as they are stored: id, address, title, the date as it was given. It knows no tables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from storycluster.stages.read.files import escape
from storycluster.text.cleaning import clean_line, show_safely
from storycluster.text.furniture import strip_outlet

MAX_ID_CHARS: Final = 512  # a longer id is replaced by the hash of the content
MAX_RAW_DATE_CHARS: Final = 100
#: The host of a web address; RFC 1035 allows 253 characters.
_SITE: Final = re.compile(
    r"https?://(?:[^/?#@]{0,100}@)?(?:www\d?\.)?([\w-][\w.-]{0,251}\.[^\W\d_]{2,63})(?::\d{1,5})?(?:[/?#]|$)", re.I
)


def clean_id(value: str | None) -> str | None:
    """The id without white space at its ends, controls as escapes; None for none and for an absurdly long one.

    >>> clean_id(" 17 ")
    '17'
    """
    if not value or not (value := value.strip()) or len(value) > MAX_ID_CHARS:
        return None
    return value if value.isprintable() else escape(value)


def clean_url(value: str | None) -> str | None:
    """The address without white space and controls.

    >>> clean_url(" http://a.b/c ")
    'http://a.b/c'
    """
    if not value:
        return None
    value = "".join(value.split())
    return (value if value.isprintable() else "".join(c for c in value if c.isprintable())) or None


def find_site(url: str | None) -> str | None:
    """The host of a web address without ``www``, which names the outlet of an article that names none.

    >>> find_site("https://www.courier.example/a?b"), find_site("a.txt")
    ('courier.example', None)
    """
    match = _SITE.match(url) if url else None
    return match[1].lower() if match else None


def clean_title(value: str | None, *, source: str | None, url: str | None, max_chars: int) -> str | None:
    """The title on one line, without the outlet's name behind it.

    >>> clean_title("Ferry sinks - ANA", source="ANA", url=None, max_chars=100)
    'Ferry sinks'
    """
    title = clean_line(value[:max_chars]) if value else ""
    return strip_outlet(title, source=source, url=url) if title else None


def show_date(value: object) -> str | None:
    """A date as it was given, as text that is safe to print.

    >>> show_date(date(2024, 10, 29))
    '2024-10-29'
    """
    if value is None or value == "":
        return None
    shown = value.isoformat() if isinstance(value, date) else str(value)
    if len(shown) <= MAX_RAW_DATE_CHARS and shown.isprintable():
        return shown
    return show_safely(shown, max_chars=MAX_RAW_DATE_CHARS)


def hash_record(values: Iterable[str | None]) -> str:
    """The id of a record that has none: 16 hex digits of the BLAKE2b of all that it says.

    >>> len(hash_record(["a", None]))
    16
    """
    content = "\0".join("\1" if value is None else value for value in values)
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
