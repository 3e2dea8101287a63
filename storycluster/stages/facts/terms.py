"""The terms of a sentence: its content words, with its names and figures as one term each. It compares nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Final

from storycluster.text.dates import Time
from storycluster.text.lexicon import NUMBER_MARK, NUMBER_WEIGHT, Lexicon, Word
from storycluster.text.names import Name, NameKind
from storycluster.text.quantities import Quantity

#: Marks a term that is a name, so that no word is mistaken for one.
NAME_MARK: Final = "@"
#: Marks a term that is the value of a quantity, however it was written.
FIGURE_MARK: Final = "="
#: Names that are one term: a person weighs like one running word in 300,000; a country, which half the sentences
#: of world news name, much less.
_ONE_TERM: Final[Mapping[NameKind, float]] = {"person": 4.5, "country": 2.5}
#: Part of its weight that a word of a person's title keeps.
_TITLE: Final = 0.25
_START: Final = attrgetter("start")


def find_terms(
    lexicon: Lexicon, text: str, *, names: Sequence[Name], times: Sequence[Time], quantities: Sequence[Quantity]
) -> list[Word]:
    """Content words in order; a person or country is one term, a body the words it is known by.

    Offsets are of the text, as those of its ``names``, ``times`` and ``quantities`` are.

    Dates without digits ("on Monday") are slots, not words: what they mean is compared, not how they are written.
    Dates with digits stay, as they say the same in every article; of a quantity its value is a term.
    """
    moving = [time for time in times if not any(map(str.isdigit, time.expression))]
    whole = [name for name in names if name.kind in _ONE_TERM]
    spelled = [name for name in names if name.kind == "org" and name.canonical != name.text]
    covered, digits = _places([*whole, *spelled, *moving]), _places(quantities)
    words = [word for word in lexicon.words(text) if word.start not in covered]
    if digits:
        words = [word for word in words if word.term[0] != NUMBER_MARK or word.start not in digits]
    words += [
        Word(NAME_MARK + name.canonical.casefold(), _ONE_TERM[name.kind], name.start, name.end, True) for name in whole
    ]
    for quantity in quantities:
        for value in sorted({quantity.low, quantity.high}):
            words.append(Word(f"{FIGURE_MARK}{value:g}", NUMBER_WEIGHT, quantity.start, quantity.end, False))
    for name in spelled:
        words += [Word(word.term, word.weight, name.start, name.end, True) for word in lexicon.words(_body(name))]
    return _with_light_titles(sorted(words, key=_START), names)


def _with_light_titles(words: list[Word], names: Sequence[Name]) -> list[Word]:
    """The words, in place; those in capitals right before a person ("NATO Secretary General") weigh little.

    Who is meant is said by the name: another text names the same person with another title, or with none.
    """
    people = {name.start for name in names if name.kind == "person"}
    if not people:
        return words
    for at in range(len(words) - 2, -1, -1):
        word, following = words[at], words[at + 1]
        if following.start in people and word.capital and following.start - word.end == 1:
            words[at] = Word(word.term, word.weight * _TITLE, word.start, word.end, False)
            people.add(word.start)
    return words


def _body(name: Name) -> str:
    """What a body is known by, without the state in brackets, which has a term of its own."""
    return name.canonical.partition(" (")[0]


def _places(found: Iterable[Name | Time | Quantity]) -> set[int]:
    """Every place of the text inside what was found in it."""
    return {place for each in found for place in range(each.start, each.end)}
