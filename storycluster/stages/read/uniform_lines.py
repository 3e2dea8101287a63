"""Lines of JSON whose objects have the same plain fields: decoded together, and only into what an article has.

Any other lines are left to ``jsonl``, which reads them one by one and gives the same drafts.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Final

import msgspec

from storycluster.stages.read.columns import NAMES, find_layout, plain_name
from storycluster.stages.read.records import Draft

MAX_KEYS: Final = 100  # of an object: a class is made with a field for each
MAX_LAYOUTS: Final = 100  # lines with ever new keys must not fill the memory
_OBJECT: Final = msgspec.json.Decoder(dict[str, Any])
_TEXT: Final = str | None
_PLAIN: Final = str | int | float | None
_ORDER: Final = tuple(list(NAMES).index(field) for field in Draft._fields[1:-1])


class UniformLines:
    """Decodes blocks of lines; remembers how objects with the same keys are decoded."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._layouts: dict[tuple[str, ...], _Layout | None] = {}

    def read(self, block: bytes, *, line: int, lines: int) -> list[Draft] | None:
        """The draft of each of so many lines, the first in this one; None where they differ or need a closer look.

        They do not differ where their keys are the same, and where no value but the date is other than text or null.
        """
        try:
            layout = self._find(tuple(_OBJECT.decode(memoryview(block)[: block.index(b"\n")])))
            columns = layout.read(block, lines) if layout else None
        except (ValueError, RecursionError):  # also what is not UTF-8
            return None
        return list(map(Draft, range(line, line + lines), *columns)) if columns else None

    def _find(self, keys: tuple[str, ...]) -> _Layout | None:
        if keys not in self._layouts:
            if len(self._layouts) >= MAX_LAYOUTS:
                self._layouts.clear()
            self._layouts[keys] = _make_layout(keys)
        return self._layouts[keys]


class _Layout:
    """How objects with the same keys are decoded: ``names`` has those of each field of ``NAMES``, best first."""

    def __init__(self, keys: Sequence[str], names: Sequence[Sequence[str]]) -> None:
        attributes = {key: f"key_{place}" for place, key in enumerate(keys)}
        first = [own[0] if own else None for own in names]
        published = first[list(NAMES).index("published")]
        kinds = [_TEXT if key in first and key != published else _PLAIN for key in keys]
        record = msgspec.defstruct(
            "Record",
            list(zip(attributes.values(), kinds, strict=True)),
            rename={attribute: key for key, attribute in attributes.items()},
            forbid_unknown_fields=True,
            gc=False,
        )
        self._decoder = msgspec.json.Decoder(record)
        self._columns = [(attributes[own[0]] if own else None, len(own) > 1) for own in names]

    def read(self, block: bytes, lines: int) -> list[list[Any]] | None:
        """The values of each field of a draft; None where there are not so many, or one stands elsewhere."""
        records = self._decoder.decode_lines(block)
        columns: list[list[Any]] = []
        for attribute, has_others in self._columns:
            values = list(map(attrgetter(attribute), records)) if attribute else [None] * lines
            if attribute and (None in values or "" in values):
                if has_others or not columns:  # the text is the first of all
                    return None
                values = [None if value == "" else value for value in values]
            columns.append(values)
        return [columns[place] for place in _ORDER] if len(records) == lines else None


def _make_layout(keys: tuple[str, ...]) -> _Layout | None:
    """The layout of objects with these keys; None where they hold no text, are too many, or two mean the same."""
    names = list(find_layout(keys).values())
    if not names[0] or len(keys) > MAX_KEYS or len(set(map(plain_name, keys))) < len(keys):
        return None
    return _Layout(keys, names)
