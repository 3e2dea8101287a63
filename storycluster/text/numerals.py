"""How numbers are written in digits: which marks part groups, which one is decimal, and a number without them.

Knows digits and the marks between them, never words, and never what a number counts.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from storycluster.text.languages import DEFAULT
from storycluster.text.rules import primary_subtag

POINT: Final = "."
COMMA: Final = ","
#: More digits than these are codes, not counts.
MOST_DIGITS: Final = 15

#: Either mark with those of Arabic script and of full width that mean the same.
_WRITTEN: Final = {POINT: "[.\u066b\uff0e]", COMMA: "[,\u066c\uff0c]"}
_SAME_MARK: Final = str.maketrans({"\u066b": POINT, "\uff0e": POINT, "\u066c": COMMA, "\uff0c": COMMA})
#: Spaces and the apostrophe part groups in every language.
_PARTING: Final = re.compile(r"[\s'’]")
_MARK: Final = re.compile("[.,]")
_TIGHT: Final = "[\u00a0\u202f\u2009'’]"
_INDIAN: Final = r"\d{1,2}(?:,\d\d){1,4},\d{3}(?:\.\d{1,8})?"
#: Tokenised text parts "4, 051" and "27. 5 million"; only where the point is decimal is "4, 051" one number.
_TOKENISED: Final = (
    r"[1-9]\d{0,2}(?:, \d{3}){1,3}(?!\d|,|\.\d| and\b| \d)"
    r"|\d{1,3}\. \d{1,2}(?=\s?(?:%|per|pct|million|billion|trillion|-?\s?magnitude)\b)|"
)
#: Fractions as they are quoted: halves to sixty-fourths; "9/11" and "24/7" are none.
_FRACTION: Final = r"\d{1,2}/(?:2|3|4|5|6|8|10|16|32|64)(?![\d/])"

_NUMBER: Final = re.compile(rf"\d+(?:[.,]\d+)?|\d{{1,3}}(?:([.,])\d{{3}})(?:\1\d{{3}})*(?:(?!\1)[.,]\d+)?|{_INDIAN}")
#: The form that does not tell whether its mark is decimal.
_ONE_GROUP: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


@cache
def decimal_mark(language: str) -> str:
    """The decimal mark of a language, a point or a comma, by the Unicode locale data (CLDR).

    Regions of a language that differ are not told apart: Spanish has a comma, though Mexico writes a point. A
    language without data has a point, as English has; so has an unknown one ("und").

    >>> decimal_mark("en"), decimal_mark("de"), decimal_mark("xx")
    ('.', ',', '.')
    """
    if primary_subtag(language) == DEFAULT:
        return POINT
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_decimal_symbol

    try:
        symbol = get_decimal_symbol(Locale.parse(primary_subtag(language)), numbering_system="default")
    except (UnknownLocaleError, ValueError):
        return POINT
    return symbol.translate(_SAME_MARK)


def digits_pattern(decimal: str) -> str:
    """The pattern of a number in digits, with its groups, decimals or fraction, where ``decimal`` is the decimal mark.

    Groups in the way of other languages are read where they are unmistakable. Where a comma is decimal a point may be
    one too; where a point is decimal "3,5" is more often two numbers, and none is read.

    >>> bool(re.fullmatch(digits_pattern(","), "1.234,5")), bool(re.fullmatch(digits_pattern("."), "3,5"))
    (True, False)
    """
    mark, other = _WRITTEN[decimal], _WRITTEN[COMMA if decimal == POINT else POINT]
    groups = (
        rf"\d{{1,3}}(?:{other}\d{{3}}){{1,5}}(?!\d|{other}\d)|\d{{1,3}}(?:{_TIGHT}\d{{3}}){{1,5}}(?!\d)"
        rf"|[1-9]\d{{0,2}}(?: \d{{3}}){{1,4}}(?!{other}\d|\d| \d)"
    )
    if decimal == POINT:
        groups, part = _TOKENISED + groups, mark
    else:
        part = f"(?:{mark}|{other})"
    plain = rf"(?:{groups}|\d{{1,{MOST_DIGITS}}})(?:{part}\d{{1,8}}(?!{part}?\d)|-{_FRACTION})?"
    foreign = rf"\d{{1,3}}(?:{mark}\d{{3}}){{1,5}}{other}\d{{1,8}}|\d{{1,3}}(?:{mark}\d{{3}}){{2,5}}|{_INDIAN}"
    return rf"(?:{_FRACTION}|{plain}|{foreign})(?!\d|[:/]\d|{mark}\d|{other}\d)[½¼¾]?|[½¼¾]"


def plain_number(written: str, decimal: str) -> str:
    """A number in ASCII digits, without groups and with a decimal point; what is no number stays as it is.

    The form decides where it can: the last of two kinds of marks is decimal, a mark that comes twice parts groups,
    and a mark before other than three digits is decimal. "1.500" is read by ``decimal``, the mark of the language.

    >>> plain_number("1.500", ","), plain_number("1.500", "."), plain_number("1.234,5", ".")
    ('1500', '1.500', '1234.5')
    """
    if written.isdecimal() and written.isascii():
        return written
    plain = _PARTING.sub("", written.translate(_SAME_MARK))
    if not plain.isascii():
        plain = "".join(str(int(character)) if character.isdecimal() else character for character in plain)
    if not _NUMBER.fullmatch(plain):
        return written
    mark = COMMA if plain.rfind(COMMA) > plain.rfind(POINT) else POINT
    whole, _, part = plain.rpartition(mark)
    is_whole = not whole or mark in whole or (mark != decimal and _ONE_GROUP.fullmatch(plain))
    return _MARK.sub("", whole) + ("" if is_whole else POINT) + part
