"""Whether two numbers count the same, by the nouns behind them. It looks at nothing else of their sentences."""

from __future__ import annotations

from typing import Final

from storycluster.text.languages import DEFAULT
from storycluster.text.quantities.counted import CountWords, count_words, singular

#: The class of people in general, which each class of people is a part of.
ANYBODY: Final = "people"


def same_noun(one: str, other: str, *, language: str = DEFAULT) -> bool:
    """Whether two wordings of what is counted may name the same: words of one class, no names that differ.

    Where nothing is named it may be any, and of people anybody.

    >>> same_noun("hostages", "captives"), same_noun("hostages", "soldiers"), same_noun("hostages", "people")
    (True, False, True)
    >>> same_noun("German tourists", "Dutch tourists")
    False
    """
    words = count_words(language)
    first, second = _noun_class(one, words), _noun_class(other, words)
    if first != second and not {first, second} & {"", ANYBODY}:
        return False
    named, others = ({word for word in counts.split() if word[0].isupper()} for counts in (one, other))
    return not (named and others) or bool(named & others)


def _noun_class(counts: str, words: CountWords) -> str:
    noun = counts.rpartition(" ")[2].lower()
    one = noun if noun in words.plurals else singular(noun)
    return words.classes.get(noun) or words.classes.get(one) or one
