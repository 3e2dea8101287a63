"""The moment an article was published, read from a metadata value in any common form, as naive UTC.

It never guesses: a value that is ambiguous, incomplete, absurd or in the future gives no moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

Precision = Literal["day", "second"]
DayOrder = Literal["day_first", "month_first"]

MAX_DATE_CHARS: Final = 80  # the longest common form is some 50 characters
FUTURE_TOLERANCE: Final = timedelta(days=1)  # time zones, and clocks that run ahead
_EPOCH: Final = datetime(1970, 1, 1)  # the default value of Unix time
EARLIEST_YEAR: Final = 1800  # dates before this are default values (1, 1601, 1753) or mistakes

_SECONDS: Final = range(10**8, 10**10)  # 1973-03-03 to 2286
_MILLISECONDS: Final = range(10**11, 10**13)
_MICROSECONDS: Final = range(10**14, 10**16)
_NANOSECONDS: Final = range(10**17, 10**19)

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august"),
            *("sep sept september", "oct october", "nov november", "dec december"),
        ),
        start=1,
    )
    for name in names.split()
}
#: Hours east of UTC of the zone names that RFC 822 and newsrooms use; other names leave only the day.
_ZONE_HOURS: Final = {
    **dict.fromkeys(("z", "utc", "ut", "gmt", "wet"), 0),
    **dict.fromkeys(("bst", "cet", "west"), 1),
    **dict.fromkeys(("cest", "eet", "sast", "cat"), 2),
    **dict.fromkeys(("eest", "msk", "eat"), 3),
    **dict.fromkeys(("hkt", "sgt", "awst"), 8),
    **dict.fromkeys(("jst", "kst"), 9),
    **dict.fromkeys(("aest",), 10),
    **dict.fromkeys(("aedt",), 11),
    **dict.fromkeys(("edt",), -4),
    **dict.fromkeys(("est", "cdt"), -5),
    **dict.fromkeys(("mdt",), -6),
    **dict.fromkeys(("mst", "pdt"), -7),
    **dict.fromkeys(("pst",), -8),
}

_CLOCK: Final = (
    r"(?:[\s,T]{1,3}(?:at\s|-\s|\|\s)?(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"\s?(?P<half>[ap]\.?m\.?)?\s?(?P<zone>[A-Za-z]{1,5}|(?:UTC|GMT)?[+-]\d\d:?\d\d)?)?"
)
_WEEKDAY: Final = r"(?:[A-Za-z]{3,9}\.?,?\s)?"
_LABEL: Final = re.compile(r"^(?:first\s)?(?:published|updated|posted|created|last\supdated)(?:\son)?\s?:?\s", re.I)
_FORMS: Final = tuple(
    re.compile(rf"^{_WEEKDAY}{day}{_CLOCK}$", re.I)
    for day in (
        r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s-](?P<name>[A-Za-z]{3,9})\.?,?[\s-](?P<year>\d{4})",
        r"(?P<name>[A-Za-z]{3,9})\.?[\s-](?P<day>\d{1,2})(?:st|nd|rd|th)?,?[\s-](?P<year>\d{4})",
        r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",
    )
)
_NUMERIC: Final = re.compile(
    rf"^{_WEEKDAY}(?P<first>\d{{1,2}})[/-](?P<other>\d{{1,2}})[/-](?P<year>\d{{4}}){_CLOCK}$", re.I
)
_COMPACT: Final = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?Z?)?$")
#: Times that need no closer look, and their length without the zone.
_PLAIN: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|\+00:00)?$"
_PLAIN_CHARS: Final = len("2024-10-29T10:00:00")
_DAY_CHARS: Final = len("2024-10-29")
_NUMBER: Final = re.compile(r"^-?\d{1,19}(?:\.\d{1,9})?$")


class Published(NamedTuple):
    """A trusted moment in naive UTC and how exact it is; both None where the value cannot be trusted."""

    moment: datetime | None = None
    precision: Precision | None = None


UNKNOWN: Final = Published()


def parse_published(value: object, *, order: DayOrder | None, now: datetime) -> Published:
    """The moment a metadata value names; ``UNKNOWN`` where it is unreadable, ambiguous, absurd or after ``now``.

    ``now`` is naive UTC; ``order`` decides 03/04/2024 and the like, which are ambiguous without it.

    >>> parse_published("26-FEB-1987 15:01:01.79", order=None, now=datetime(2025, 1, 1)).moment
    datetime.datetime(1987, 2, 26, 15, 1, 1)
    """
    try:
        found = _parse(value, order)
    except (ValueError, OverflowError, OSError):
        return UNKNOWN
    moment = found.moment
    if moment is None or moment.year < EARLIEST_YEAR or moment == _EPOCH or moment > now + FUTURE_TOLERANCE:
        return UNKNOWN
    return found


def parse_plain_dates(values: Sequence[object], *, now: datetime) -> tuple[pa.Array, pa.Array] | None:
    """Moments and precisions as ``parse_published`` finds them, where every date is null or a plain time in UTC.

    >>> parse_plain_dates(["2024-10-29T10:00:00Z", None], now=datetime(2025, 1, 1))[1].to_pylist()
    ['second', None]
    """
    try:
        raw = pa.array(values, pa.string())
        if not pc.all(pc.match_substring_regex(raw, _PLAIN)).as_py():
            return None
        moments = pc.utf8_slice_codeunits(raw, 0, _PLAIN_CHARS).cast(pa.timestamp("us"))
    except (pa.ArrowException, UnicodeEncodeError):
        return None
    trusted = [pc.greater_equal(moments, datetime(EARLIEST_YEAR, 1, 1)), pc.not_equal(moments, _EPOCH)]
    is_trusted = pc.and_(pc.and_(*trusted), pc.less_equal(moments, now + FUTURE_TOLERANCE))
    precisions = pc.if_else(is_trusted, "second", pa.scalar(None, pa.string()))
    return pc.if_else(is_trusted, moments, pa.scalar(None, moments.type)), precisions


def is_ambiguous(value: object) -> bool:
    """Whether a date can be read day-first and month-first, with different days.

    >>> [is_ambiguous(raw) for raw in ("03/04/2024", "13/04/2024", "04/04/2024")]
    [True, False, False]
    """
    match = _match_numeric(value)
    if not match:
        return False
    first, other = int(match["first"]), int(match["other"])
    return first != other and 1 <= first <= 12 and 1 <= other <= 12


def find_day_order(values: Iterable[object]) -> DayOrder | None:
    """The order that the dates of one file prove; None without proof, and where they contradict each other.

    >>> find_day_order(["03/04/2024", "25/04/2024"])
    'day_first'
    """
    proofs: set[DayOrder] = set()
    for value in values:
        match = _match_numeric(value)
        if match and int(match["first"]) > 12 >= int(match["other"]):
            proofs.add("day_first")
        elif match and int(match["other"]) > 12 >= int(match["first"]):
            proofs.add("month_first")
    return proofs.pop() if len(proofs) == 1 else None


def _match_numeric(value: object) -> re.Match[str] | None:
    if not isinstance(value, str) or len(value) > MAX_DATE_CHARS or value[4:5] == "-":
        return None
    return _NUMERIC.match(value.strip())


def _parse(value: object, order: DayOrder | None) -> Published:
    if type(value) is str:
        return UNKNOWN if len(value) > MAX_DATE_CHARS else _parse_text(value.strip(), order)
    if isinstance(value, datetime):
        return Published(_to_utc(value), "second")
    if isinstance(value, date):
        return Published(datetime(value.year, value.month, value.day), "day")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _parse_number(value)
    return UNKNOWN


def _parse_number(value: float) -> Published:
    """Unix time in its common units, or the digits of a day."""
    compact = _COMPACT.match(str(int(value))) if value == int(value) else None
    if compact and _is_day(compact):
        return _from_compact(compact)
    for numbers, unit in ((_SECONDS, 1), (_MILLISECONDS, 10**3), (_MICROSECONDS, 10**6), (_NANOSECONDS, 10**9)):
        if int(value) in numbers:
            moment = datetime.fromtimestamp(value / unit, tz=UTC).replace(tzinfo=None)
            return Published(moment.replace(microsecond=0) if unit == 1 else moment, "second")
    return UNKNOWN


def _parse_text(text: str, order: DayOrder | None) -> Published:
    if not text:
        return UNKNOWN
    if text[0].isdigit() and text[4:5] == "-":
        return _parse_iso(text)
    if _NUMBER.match(text):
        number = float(text) if "." in text else int(text)
        return _parse_number(number)
    if compact := _COMPACT.match(text):
        return _from_compact(compact)
    return _parse_words(text, order)


def _parse_iso(text: str) -> Published:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is not None:
        return Published(_to_utc(moment), "day" if len(text) <= _DAY_CHARS else "second")
    day, _, rest = text.partition(" ")
    clock = re.match(rf"^{_CLOCK}$", f" {rest}", re.I)
    return _with_clock(datetime.fromisoformat(day), clock)


def _parse_words(text: str, order: DayOrder | None) -> Published:
    text = _LABEL.sub("", text)
    for form in _FORMS:
        if match := form.match(text):
            parts = match.groupdict()
            month = int(parts["month"]) if parts.get("month") else _MONTHS.get(str(parts.get("name")).lower(), 0)
            return _with_clock(datetime(int(match["year"]), month, int(match["day"])), match)
    if match := _match_numeric(text):
        return _parse_numeric(match, order)
    return Published(_to_utc(parsedate_to_datetime(text)), "second")


def _parse_numeric(match: re.Match[str], order: DayOrder | None) -> Published:
    first, other, year = int(match["first"]), int(match["other"]), int(match["year"])
    if first > 12 or (first != other and other <= 12 and order == "day_first") or first == other:
        return _with_clock(datetime(year, other, first), match)
    if other > 12 or order == "month_first":
        return _with_clock(datetime(year, first, other), match)
    return UNKNOWN


def _with_clock(day: datetime, clock: re.Match[str] | None) -> Published:
    """The moment on that day; only the day where there is no clock or its zone is unknown."""
    if clock is None or clock["hour"] is None:
        return Published(day, "day")
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower().startswith("p") else 0)
    offset = _zone_offset(clock["zone"])
    if offset is None:
        return Published(day, "day")
    return Published(
        day.replace(hour=hour, minute=int(clock["minute"]), second=int(clock["second"] or 0)) - offset, "second"
    )


def _zone_offset(zone: str | None) -> timedelta | None:
    if not zone:
        return timedelta()
    sign = -1 if "-" in zone else 1
    digits = re.sub(r"\D", "", zone)
    if digits:
        return sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    hours = _ZONE_HOURS.get(zone.lower())
    return None if hours is None else timedelta(hours=hours)


def _to_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _is_day(compact: re.Match[str]) -> bool:
    year, month, day = (int(part) for part in compact.groups()[:3])
    return EARLIEST_YEAR <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31


def _from_compact(compact: re.Match[str]) -> Published:
    parts = [int(part) for part in compact.groups() if part is not None]
    return Published(datetime(*parts), "day" if len(parts) == 3 else "second")  # type: ignore[arg-type]  # 3, 5 or 6 numbers
