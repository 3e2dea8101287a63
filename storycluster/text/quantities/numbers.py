"""The value of a number as written: digits, fractions, words, and both with a magnitude ("1.2 billion", "two dozen").

Knows the words of a language, never what is counted; a value is a range because "dozens" is one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from storycluster.text.alternation import either
from storycluster.text.numerals import decimal_mark, digits_pattern, plain_number
from storycluster.text.rules import load_rules

#: A number in words has at most this many groups behind the first.
LONGEST_WORDS: Final = 4
TEN: Final = 10
THOUSAND: Final = 1000

_FRACTIONS: Final = {"½": 0.5, "¼": 0.25, "¾": 0.75}


class Value(NamedTuple):
    """A range of values; low equals high for a plain number, and ``vague`` is set for "dozens" and alike."""

    low: float
    high: float
    vague: bool = False

    def times(self, factor: float) -> Value:
        """The value with a magnitude: 1.2 times a million."""
        return Value(self.low * factor, self.high * factor, self.vague)


@dataclass(frozen=True, slots=True)
class NumberWords:
    """Patterns and meanings of the number words of a language; ``digits`` is the part of ``pattern`` without words.

    ``decimal`` is the decimal mark of the language.
    """

    pattern: str
    digits: str
    decimal: str
    numbers: Mapping[str, float]
    magnitudes: Mapping[str, float]
    short_magnitudes: Mapping[str, float]
    money_magnitudes: Mapping[str, float]
    vague: Mapping[str, list[float]]

    def magnitude(self, word: str, *, money: bool) -> float:
        """The factor of a magnitude behind digits, 1 for none."""
        plain = word.strip(" -\n\t.").lower()
        if money and plain in self.money_magnitudes:
            return self.money_magnitudes[plain]
        plain = plain.removesuffix("s") if plain.removesuffix("s") in self.magnitudes else plain
        return self.magnitudes.get(plain) or self.short_magnitudes.get(plain, 1.0)


@cache
def number_words(language: str) -> NumberWords:
    """The number words of a language; digits only where it has no word lists.

    >>> number_words("xx").numbers
    {}
    """
    rules = load_rules(language, "quantities")
    numbers, magnitudes = rules.get("numbers", {}), rules.get("magnitudes", {})
    vague, decimal = rules.get("vague", {}), decimal_mark(language)
    pattern = digits = digits_pattern(decimal)
    if numbers:
        pattern = rf"{digits}|(?i:{either(vague)}|{_phrase(numbers, magnitudes)})(?!\w)"
    return NumberWords(
        pattern=pattern,
        digits=digits,
        decimal=decimal,
        numbers=numbers,
        magnitudes=magnitudes,
        short_magnitudes=rules.get("short_magnitudes", {}),
        money_magnitudes=rules.get("money_magnitudes", {}),
        vague=vague,
    )


def _phrase(numbers: Mapping[str, float], magnitudes: Mapping[str, float]) -> str:
    """Numbers in words: up to ninety-nine, or anything with a magnitude; "two and three" are two numbers."""
    units = either(word for word, value in numbers.items() if 0 < value < TEN)
    tens = either(word for word, value in numbers.items() if value >= 2 * TEN)
    others = either(word for word, value in numbers.items() if value < 2 * TEN)
    small = rf"(?:(?:{tens})(?:[\s-]{{1,3}}(?:{units}))?|{others})\b"
    large = rf"(?:(?:{either(magnitudes)})\b)"
    counted = rf"{small}(?:\s+and\s+a\s+half)?(?:[\s-]{{1,3}}{large}){{1,3}}"
    head = rf"(?:half\s+(?:an?\s+)?{large}|an?\s+(?:half\s+)?{large}|{counted})"
    return rf"{head}(?:\s+(?:and\s+)?{small}(?:[\s-]{{1,3}}{large}){{0,3}}){{0,{LONGEST_WORDS}}}|{small}"


def read_number(written: str, words: NumberWords) -> Value | None:
    """The value of a number, without what follows it; None where it is none.

    >>> read_number("two hundred and five", number_words("en"))
    Value(low=205.0, high=205.0, vague=False)
    >>> read_number("11-1/2", number_words("en")).low
    11.5
    """
    plain = written.strip()
    if not plain:
        return None
    if plain[0].isdigit() or plain[0] in _FRACTIONS:
        return _read_digits(plain, words.decimal)
    phrase = " ".join(plain.lower().split())
    if phrase in words.vague:
        low, high = words.vague[phrase]
        return Value(float(low), float(high), vague=True)
    return _read_words(re.split(r"[\s-]+", phrase), words)


def _read_digits(plain: str, decimal: str) -> Value | None:
    fraction = _FRACTIONS.get(plain[-1], 0.0)
    plain = plain.rstrip("".join(_FRACTIONS))
    whole, _, part = plain.rpartition("-") if "/" in plain else (plain, "", "")
    if part:
        above, _, below = part.partition("/")
        if not int(below):
            return None
        fraction += int(above) / int(below)
    number = float(plain_number(whole, decimal) or 0) + fraction
    return Value(number, number)


def _read_words(parts: list[str], words: NumberWords) -> Value | None:
    """Thousands are added up group by group: 'two hundred and five thousand three' is 205 · 1000 + 3."""
    total, group = 0.0, 0.0
    for part in parts:
        if part in words.numbers:
            group += words.numbers[part]
        elif part == "half":
            group += 0.5
        elif part in words.magnitudes:
            factor = words.magnitudes[part]
            group = (group or 1.0) * factor
            if factor >= THOUSAND:
                total, group = total + group, 0.0
    return Value(total + group, total + group) if parts else None


def place_value(number: float) -> float:
    """The place value of the last figure that is not zero: 100 for 1,500, 0.5 has 0.1; 0 for zero.

    >>> place_value(1500), place_value(35), place_value(1.5)
    (100.0, 1.0, 0.1)
    """
    if number == 0 or not math.isfinite(number):
        return 0.0
    digits = f"{number:.12g}"
    if "e" in digits:
        return float(10.0 ** math.floor(math.log10(abs(number))))
    whole, _, part = digits.partition(".")
    if part:
        return float(10.0 ** -len(part))
    return float(10 ** (len(whole) - len(whole.rstrip("0"))))
