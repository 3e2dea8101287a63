"""Where the word lists of a language are: TOML files in the package, one folder per language, one file per topic.

A second language is a new folder; no list of words stands in code. Nothing is read twice, nothing outside the package.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

#: Lists of the topic "dates" that name months and weekdays.
CALENDAR: Final = ("months", "short_months", "weekdays", "short_weekdays")

_NAME: Final = re.compile(r"[a-z_]{1,40}\Z")
_SEPARATOR: Final = re.compile(r"[-_]")
#: Tags are asked for over and over; there are few, unless a field was filled with something else.
KEPT_TAGS: Final = 256
_PACKAGE: Final = "storycluster.text"
_DATA: Final = "data"


def load_rules(language: str, topic: str) -> Mapping[str, Any]:
    """The word lists of a language about a topic ("dates", "sentences", …); empty where there are none.

    Only the first subtag of a language counts: "en-GB" and "EN" are "en".

    >>> "january" in load_rules("en", "dates")["months"]
    True
    >>> dict(load_rules("xx", "dates"))
    {}
    """
    return _read(primary_subtag(language), topic)


def has_rules(language: str) -> bool:
    """Whether there are word lists for a language; without, only terms, capitals and digits are seen.

    >>> has_rules("en-GB"), has_rules("xx")
    (True, False)
    """
    name = primary_subtag(language)
    return bool(_NAME.match(name)) and resources.files(_PACKAGE).joinpath(_DATA, name).is_dir()


@lru_cache(maxsize=KEPT_TAGS)
def primary_subtag(language: str) -> str:
    """The first part of a language tag in lower case.

    >>> primary_subtag("pt-BR")
    'pt'
    """
    return _SEPARATOR.split(language.strip().lower(), maxsplit=1)[0]


@cache
def _read(language: str, topic: str) -> Mapping[str, Any]:
    if not (_NAME.match(language) and _NAME.match(topic)):
        return MappingProxyType({})
    file = resources.files(_PACKAGE).joinpath(_DATA, language, f"{topic}.toml")
    if not file.is_file():
        return MappingProxyType({})
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))
