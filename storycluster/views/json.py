"""A report as JSON text, the same bytes for the same report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

INDENT = 2


def to_json(report: Mapping[str, object]) -> str:
    """The report with keys in their order, indented, ending with a line end.

    >>> to_json({"stages": ["read"]})
    '{\\n  "stages": [\\n    "read"\\n  ]\\n}\\n'
    """
    return "".join(stream_json(report))


def stream_json(report: Mapping[str, object]) -> Iterator[str]:
    """``to_json`` piece by piece; a value may be an iterator, whose items stand in a list and never all in memory.

    >>> "".join(stream_json({"stages": iter(["read"])})) == to_json({"stages": ["read"]})
    True
    """
    yield "{"
    for place, (key, value) in enumerate(report.items()):
        yield f"{',' if place else ''}\n{' ' * INDENT}{_indent(key, levels=0)}: "
        if isinstance(value, Iterator):
            yield from _stream_list(value)
        else:
            yield _indent(value, levels=1)
    yield "\n}\n" if report else "}\n"


def _stream_list(items: Iterator[object]) -> Iterator[str]:
    is_empty = True
    for item in items:
        yield f"{'[' if is_empty else ','}\n{' ' * 2 * INDENT}{_indent(item, levels=2)}"
        is_empty = False
    yield "[]" if is_empty else f"\n{' ' * INDENT}]"


def _indent(value: object, *, levels: int) -> str:
    """The value as it stands that many levels deep; no line end is inside a JSON string."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=INDENT).decode()
    return text.replace("\n", "\n" + " " * INDENT * levels)
