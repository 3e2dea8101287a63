"""Whether two numbers count the same, by the nouns behind them. It looks at nothing else of their sentences."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from storycluster.text.languages import DEFAULT
from storycluster.text.quantities.counted import count_words, singular

#: The class of people in general, which each class of people is a part of.
ANYBODY: Final = "people"
#: Wordings whose class is at hand: a figure is compared with many, and few are counted in a story.
_KEPT_WORDINGS: Final = 4096


def same_noun(one: str, other: str, *, language: str = DEFAULT) -> bool:
    """Whether two wordings of what is counted may name the same: words of one class, no names that differ.

    Where nothing is named it may be any, and of people anybody.

    >>> same_noun("hostages", "captives"), same_noun("hostages", "soldiers"), same_noun("hostages", "people")
    (True, False, True)
    >>> same_noun("German tourists", "Dutch tourists")
    False
    """
    first, second = _noun_class(one, language), _noun_class(other, language)
    if first != second and not {first, second} & {"", ANYBODY}:
        return False
    named, others = ({word for word in counts.split() if word[0].isupper()} for counts in (one, other))
    return not (named and others) or bool(named & others)


@lru_cache(maxsize=_KEPT_WORDINGS)
def _noun_class(counts: str, language: str) -> str:
    words = count_words(language)
    noun = counts.rpartition(" ")[2].lower()
    one = noun if noun in words.plurals else singular(noun)
    return words.classes.get(noun) or words.classes.get(one) or one
