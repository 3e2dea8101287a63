"""A file that is complete or not there at all: written beside its place, then renamed into it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storycluster.errors import InputError


def check_place(target: Path, option: str) -> None:
    """Raise InputError where a device or a pipe stands in the place of what is to be written."""
    if target.exists() and not target.is_file() and not target.is_dir():
        raise InputError(f"{option} {target} is neither a file nor a folder")


@contextmanager
def replacing(target: Path, option: str) -> Iterator[Path]:
    """A new file to write, of the same ending, which takes the place of ``target`` when the block ends well.

    Links are followed, and a file that is replaced hands on its permissions. Raises InputError where a folder,
    a device or a pipe stands there.
    """
    check_place(target, option)
    if target.is_dir():
        raise InputError(f"{option} {target} is a folder; name a file")
    place = target.resolve()
    part = place.with_name(f".{place.stem}-{uuid.uuid4().hex}{place.suffix}")
    part.open("xb").close()
    try:
        if place.exists():
            part.chmod(place.stat().st_mode)
        yield part
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
