"""Inputs that are addresses (``s3://bucket/news/``), read through fsspec, the extra ``remote``.

This is the only place that may use a network, and only where the user names an address.
"""

from __future__ import annotations

import glob
import re
from functools import partial
from pathlib import PurePath
from typing import Final

from storycluster.errors import InputError
from storycluster.stages.read.files import escape, stem
from storycluster.stages.read.records import Source

MISSING: Final = "addresses need the remote extra: pip install 'storycluster[remote]'"
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]{1,20}://", re.I)


def is_address(given: object) -> bool:
    """Whether an input is an address and not a path.

    >>> is_address("s3://bucket/a.jsonl"), is_address("a.jsonl")
    (True, False)
    """
    return isinstance(given, str) and _ADDRESS.match(given) is not None


def list_remote(address: str) -> list[Source]:
    """A source per file at an address, below it, or matching it.

    Raises InputError without the extra, for an unknown protocol and for an address where there is nothing.
    """
    try:
        import fsspec
    except ModuleNotFoundError:
        raise InputError(f"{escape(address)}: {MISSING}") from None
    try:
        system, root = fsspec.core.url_to_fs(address)
        if glob.has_magic(root):
            paths = sorted(system.glob(root))
        else:
            paths = sorted(system.find(root)) if system.isdir(root) else [root]
        if not paths or not system.exists(paths[0]):
            raise InputError(f"{escape(address)}: nothing there")
    except (OSError, ValueError, ImportError) as error:
        raise InputError(f"{escape(address)}: {' '.join(str(error).split())}") from error
    protocol = address.partition("://")[0]
    return [_make_source(f"{protocol}://{path.lstrip('/')}", partial(system.open, path, "rb")) for path in paths]


def _make_source(address: str, open_it: partial[object]) -> Source:
    return Source(escape(address), escape(stem(PurePath(address).name)), open_it)  # type: ignore[arg-type]  # bytes
