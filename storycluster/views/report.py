"""The content of a run as ``report.json`` holds it: plain values in a fixed order. It decides nothing.

Order: articles by time (undated last), groups by their kept article, stories from the largest and newest
to the smallest, facts in reading order; ties by content hash, then id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import pyarrow as pa

from storycluster.config import Config
from storycluster.model import SCHEMA_VERSION
from storycluster.views.content import Content, load_content


def build_report(tables: Mapping[str, pa.Table], *, config: Config, stages: Sequence[str]) -> dict[str, object]:
    """The whole report as plain values; ``stages`` names which ran.

    ``tables`` needs ``articles`` and ``rejects``; tables of stages that did not run may be missing.
    """
    parts = stream_report(load_content(tables, config=config, stages=stages))
    return {name: list(part) if isinstance(part, Iterator) else part for name, part in parts.items()}


def stream_report(content: Content) -> dict[str, object]:
    """The report as plain values, its long lists as iterators whose items are made one at a time."""
    return {
        "schema_version": SCHEMA_VERSION,
        "stages": content.stages,
        "counts": msgspec.to_builtins(content.counts),
        "articles": _plain(content.articles),
        "groups": _plain(content.groups),
        "stories": _plain(content.stories),
        "arcs": _plain(content.arcs),
        "figures": _plain(content.figures),
        "rejects": _plain(content.rejects),
        "settings": content.settings,
    }


def _plain(parts: Iterable[object]) -> Iterator[object]:
    return map(msgspec.to_builtins, parts)
