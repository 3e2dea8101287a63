"""The names a story has used so far, so that each name keeps the form of the first article that gave it.

It joins a name with earlier ones only; a later article never changes what an earlier one was called.
"""

from __future__ import annotations

from typing import Final

from storycluster.text.names import Name
from storycluster.text.names.joins import LONG_SURNAME, FullNames
from storycluster.text.names.spelling import load_given_names, name_parts

_PERSONAL: Final = frozenset({"person", "other"})


class NameBook:
    """Names in the order they were met."""

    def __init__(self, language: str = "en") -> None:
        self._full = FullNames(load_given_names(language))
        self._spelled: dict[str, str] = {}
        self._wordings: dict[str, str] = {}

    def known_as(self, name: Name) -> Name:
        """The same name under the form the story already knows, or as it is."""
        if name.kind == "org":
            known = self._body(name)
        elif name.kind in _PERSONAL:
            known = self._person(name)
        else:
            return name
        return name if known == name.canonical else name._replace(canonical=known)

    def _person(self, name: Name) -> str:
        parts = name_parts(name.canonical)
        if len(parts) > 1:
            known = self._wordings.get(name.canonical)
            if known is None:
                known = self._wordings[name.canonical] = self._full.add(name.canonical)
            return known
        surname = parts[0] if parts else ""
        carriers = self._full.with_surname(surname)
        if len(carriers) == 1 and len(surname) >= LONG_SURNAME and surname not in self._full.given.known:
            return carriers[0]
        return name.canonical

    def _body(self, name: Name) -> str:
        """An acronym that an article spelled out stands for what it was spelled out as, from then on."""
        if name.text.isupper() and name.canonical != name.text:
            return self._spelled.setdefault(name.text, name.canonical)
        return self._spelled.get(name.canonical, name.canonical)
