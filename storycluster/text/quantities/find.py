"""Numbers of a sentence that count or measure something: range, unit, what is counted, planned or not, part or whole.

Never inside a date, a clock time, a score, a telephone number, a version or a name with a number; never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from storycluster.text.dates.find import Time
from storycluster.text.quantities.counted import is_part, is_planned, read_counted
from storycluster.text.quantities.lookalikes import Number, What, find_age, is_no_count, says_nothing
from storycluster.text.quantities.numbers import Value, place_value, read_number
from storycluster.text.quantities.words import QuantityWords, quantity_words
from storycluster.text.rules import primary_subtag
from storycluster.text.wordset import word_set

#: Qualifiers before a number ("an estimated total of") are each at most this long.
QUALIFIER_REACH: Final = 32
#: A sentence with more numbers than this is a table; the rest is left.
MOST_NUMBERS: Final = 128
#: So many qualifiers may follow each other.
MOST_QUALIFIERS: Final = 4
#: Characters before a number and its qualifiers that may name what it counts ("the death toll rose to 35").
SUBJECT_REACH: Final = 80
#: A dash range goes up by at most this factor; "555-1234" is a telephone number.
WIDEST_DASH: Final = 20

#: Classes of what has a unit but is no thing.
AGE: Final = "age"
DURATION: Final = "duration"
CHILDREN: Final = "children"
#: "1.7m people" are millions, "1.7m" alone are metres.
METRE: Final = "m"
#: Temperatures go below zero.
DEGREE: Final = "degree"
MILLION: Final = 1_000_000

Bound = Literal["at_least", "at_most"]

#: "1B Mark Ito": a unit in capitals before a name is a name.
_NAME_NEXT: Final = re.compile(r"\s[A-Z][a-z]")
_DIGIT: Final = re.compile(r"\d|[½¼¾]")


class Quantity(NamedTuple):
    """A stated number. ``low`` equals ``high`` for a point; a bound reaches to the next number as round as it is.

    ``counts`` are the words of what is counted, ``count_class`` its comparable noun; money, percentages and
    measures have a ``unit``. "More than 300" is 300 to 400 with ``bound`` "at_least".
    """

    start: int
    end: int
    low: float
    high: float
    approximate: bool
    unit: str | None
    counts: str
    count_class: str | None
    planned: bool
    subset: bool
    bound: Bound | None = None


def find_quantities(sentence: str, *, times: Sequence[Time] = (), language: str = "en") -> list[Quantity]:
    """Quantities of a sentence in order; ``times`` are its time expressions, in which no number is one.

    >>> [(q.low, q.high, q.counts) for q in find_quantities("Between 10,000 and 12,000 troops left.")]
    [(10000.0, 12000.0, 'troops')]
    """
    rules = quantity_words(primary_subtag(language))
    pattern = rules.figures if rules.cues.isdisjoint(word_set(sentence)) else rules.quantity
    if pattern is rules.figures and not _DIGIT.search(sentence):
        return []
    busy = [(time.start, time.end) for time in times if time.kind != "duration"]
    quantities = []
    done = tried = 0
    for match in pattern.finditer(sentence):
        tried += 1
        if tried > MOST_NUMBERS:
            break
        if match.start() < done or any(match.start() < end and start < match.end() for start, end in busy):
            continue
        for found in _read(sentence, match, rules):
            quantity = _quantity(sentence, found, rules)
            if quantity:
                quantities.append(quantity)
                done = quantity.end
    return quantities


def _read(sentence: str, match: re.Match[str], rules: QuantityWords) -> list[Number]:
    """The number or the range of a match; two numbers where "from … to …" is a change, none where it is a score."""
    money = rules.currencies.get((match["acur"] or match["bcur"] or "").lower())
    first = _value(match["anum"], match["amag"], rules, money=bool(money))
    if first is None:
        return []
    one = Number(
        match.start(),
        match.end("amag") if match["amag"] else match.end("anum"),
        first,
        first,
        money,
        not match["anum"][0].isdigit(),
    )
    second = _value(match["bnum"], match["bmag"], rules, money=bool(money)) if match["bnum"] else None
    if second is None:
        return [one]
    if (
        match["bmag"]
        and not match["amag"]
        and first.low < second.low / rules.numbers.magnitude(match["bmag"], money=bool(money))
    ):
        first = first.times(rules.numbers.magnitude(match["bmag"], money=bool(money)))
    return _join(sentence, match, one, (first, second), rules)


def _join(
    sentence: str, match: re.Match[str], one: Number, ends: tuple[Value, Value], rules: QuantityWords
) -> list[Number]:
    """The range of two values, or both numbers apart where the words between and before them say so."""
    first, second = ends
    word, money = match["sep"].strip().lower(), one.currency
    begin = match.start("bcur") if match["bcur"] else match.start("bnum")
    two = Number(begin, match.end(), second, second, money, one.in_words)
    both = Number(one.start, two.end, first, second, money, one.in_words)
    if word in "-–—":
        is_range = first.high < second.low <= WIDEST_DASH * first.high and not _is_score(sentence, both, rules)
        return [both] if is_range else []
    before = sentence[max(0, one.start - QUALIFIER_REACH) : one.start]
    last = before.lower().rstrip()
    if first.high >= second.low or (word == "and" and not last.endswith("between")):
        return [one, two]
    is_change = last.endswith("from") and not rules.ranging.search(before)
    return [one, two] if is_change else [both]


def _is_score(sentence: str, found: Number, rules: QuantityWords) -> bool:
    around = sentence[max(0, found.start - 24) : found.end + 16]
    return bool(rules.score.search(around))


def _value(written: str | None, magnitude: str | None, rules: QuantityWords, *, money: bool) -> Value | None:
    value = read_number(written, rules.numbers) if written else None
    if value is None or not magnitude:
        return value
    return value.times(rules.numbers.magnitude(magnitude, money=money or magnitude in ("M", "B")))


def _quantity(sentence: str, found: Number, rules: QuantityWords) -> Quantity | None:
    """The quantity of a number, None where the number only looks like one."""
    unit, unit_end = _unit(sentence, found, rules.unit_next.match(sentence, found.end), rules)
    if not unit and is_no_count(sentence, found, rules):
        return None
    begin, start, bound, approximate = _qualified(sentence, _range_start(sentence, found, rules), rules)
    bound, approximate, after = _qualified_behind(sentence, unit_end, bound, approximate or found.low.vague, rules)
    if unit in rules.durations and rules.over.match(sentence, begin, found.start):
        bound = None
    before = sentence[max(0, begin - SUBJECT_REACH) : begin]
    what = _what(sentence, found, begin, (unit, unit_end, after), rules)
    if says_nothing(sentence, found, what, rules):
        return None
    is_former = _is_former(sentence, found, before, rules)
    factor = MILLION if unit == METRE and what.unit is None else 1
    low, high = _bounded(found.low.low * factor, found.high.high * factor, bound)
    if unit == DEGREE and rules.minus.search(before):
        low, high = -high, -low
    return Quantity(
        start=start,
        end=max(found.end, unit_end, what.end if what.count_class == AGE else 0),
        low=low,
        high=high,
        approximate=approximate,
        unit=what.unit,
        counts=what.words,
        count_class=None if is_former else what.count_class,
        planned=is_planned(sentence, start, what.end, rules.count),
        subset=is_former
        or is_part(
            sentence,
            (begin, found.start),
            max(found.end, unit_end),
            what.end,
            rules.count,
            happened=what.count_class in rules.count.happenings,
        ),
        bound=bound,
    )


def _is_former(sentence: str, found: Number, before: str, rules: QuantityWords) -> bool:
    """Whether a number is the value before a change: "up from 28", "from 28 to 40"."""
    is_first = rules.change_from.search(before) and rules.change_to.match(sentence, found.end)
    return bool(is_first or rules.former.search(before))


def _range_start(sentence: str, found: Number, rules: QuantityWords) -> int:
    """Where a range begins: at its "between" or "from"."""
    if found.low.low >= found.high.low:
        return found.start
    first = rules.from_to.search(sentence, max(0, found.start - QUALIFIER_REACH), found.start)
    return first.start() if first else found.start


def _what(sentence: str, found: Number, begin: int, measure: tuple[str | None, int, int], rules: QuantityWords) -> What:
    """What a number whose qualifier begins at ``begin`` counts or measures.

    ``measure`` is its unit, the unit's end and the end of "or more" behind it.
    """
    unit, unit_end, after = measure
    before = sentence[max(0, begin - SUBJECT_REACH) : begin]
    age, age_unit = find_age(sentence, found, rules)
    if age:
        return What(age_unit, AGE, age, AGE)
    if unit in rules.durations:
        return What(unit, unit or "", unit_end, DURATION)
    if unit == METRE and sentence[found.end : found.end + 1] == "m":
        counted = read_counted(sentence, unit_end, before, rules.count)
        if counted.count_class in rules.count.known:
            return What(None, counted.words, counted.end, counted.count_class)
    if unit:
        purpose = rules.purpose.match(sentence, unit_end)
        counted = read_counted(sentence, purpose.end() if purpose else unit_end, "", rules.count)
        return What(unit, counted.words, max(unit_end, counted.end), counted.count_class)
    if rules.parent_of.search(before, of=sentence):
        return What(None, "", after, CHILDREN)
    left = rules.left_unit.search(before, of=sentence)
    if left:
        name = left["unit"].lower()
        return What(name, name, after, name)
    single = found.low.high <= 1 or sentence[after : after + 1] == "-" or sentence[after : after + 3] == " - "
    qualifier = sentence[begin : found.start]
    counted = read_counted(sentence, after, before, rules.count, qualifier=qualifier, single=single)
    return What(None, counted.words, counted.end, counted.count_class)


def _unit(sentence: str, found: Number, behind: re.Match[str] | None, rules: QuantityWords) -> tuple[str | None, int]:
    """The unit and where it ends; a currency sign before the number comes first."""
    if found.currency:
        return found.currency, found.end
    if behind is None:
        return None, found.end
    if not behind["sign"] and behind["unit"][0].isupper() and _NAME_NEXT.match(sentence, behind.end()):
        return None, found.end
    name = "%" if behind["sign"] else " ".join(behind["unit"].lower().split())
    return rules.currencies.get(name) or rules.units.get(name), behind.end()


def _qualified(sentence: str, start: int, rules: QuantityWords) -> tuple[int, int, Bound | None, bool]:
    """Where the qualifiers before a number begin, with and without articles, and what they say of it."""
    bound: Bound | None = None
    approximate, shown = False, start
    for _ in range(MOST_QUALIFIERS):
        match = rules.qualifier.search(sentence, max(0, start - QUALIFIER_REACH), start)
        if not match:
            break
        start = match.start()
        if match["at_least"] or match["at_most"]:
            bound = bound or ("at_least" if match["at_least"] else "at_most")
        approximate = approximate or bool(match["about"])
        shown = shown if match["article"] else start
    return start, shown, bound, approximate


def _qualified_behind(
    sentence: str, end: int, bound: Bound | None, approximate: bool, rules: QuantityWords
) -> tuple[Bound | None, bool, int]:
    if more := rules.or_more.match(sentence, end):
        return "at_least", approximate, more.end()
    if less := rules.or_less.match(sentence, end):
        return "at_most", approximate, less.end()
    if so := rules.or_so.match(sentence, end):
        return bound, True, so.end()
    return bound, approximate, end


def _bounded(low: float, high: float, bound: Bound | None) -> tuple[float, float]:
    """The range of a bound: as far as the next number that is as round ("more than 300" is 300 to 400)."""
    if bound == "at_least":
        return low, high + place_value(high)
    if bound == "at_most":
        return max(0.0, low - place_value(low)), high
    return low, high
