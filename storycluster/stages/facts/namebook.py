"""The names a story has used so far, so that each person keeps the name of the first article that gave it.

It joins a name with earlier ones only; a later article never changes what an earlier one was called.
"""

from __future__ import annotations

from storycluster.text.names import Name


class NameBook:
    """Names in the order they were met."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def known_as(self, name: Name) -> Name:
        """The same name under the form the story already knows, or as it is."""
        canonical = self._known.setdefault(name.canonical, name.canonical)
        return Name(name.start, name.end, name.text, name.kind, canonical)
