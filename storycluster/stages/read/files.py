"""Which files the named inputs hold: folders are walked in a fixed order and never left through a link."""

from __future__ import annotations

import errno
import glob
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import BinaryIO, Final

from storycluster.errors import InputError
from storycluster.stages.read.records import Source
from storycluster.stages.read.registry import may_hold_one_article, strip_compression

_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read, and its path below the folder it was found in."""

    path: Path
    below: str
    is_named: bool = False


def list_files(inputs: Iterable[str | Path]) -> list[InputFile]:
    """Every file of the inputs, sorted, each once however often it is named.

    Raises InputError for an input that does not exist.
    """
    found: dict[str, InputFile] = {}
    for given in inputs:
        for file in _expand(given):
            found.setdefault(os.path.realpath(file.path), file)
    return sorted(found.values(), key=lambda file: os.fsencode(file.path))


def make_sources(files: Iterable[InputFile]) -> Iterator[Source]:
    """A source per file; its name is the file's without ending, or the relative path where names repeat."""
    files = list(files)
    names = [_possible_names(file) for file in files]
    single = [name for file, name in zip(files, names, strict=True) if may_hold_one_article(file.path.name)]
    counts = [Counter(column) for column in zip(*single, strict=True)] or [Counter()] * _NAMES
    for file, candidates in zip(files, names, strict=True):
        name = next((n for n, count in zip(candidates, counts, strict=True) if count[n] <= 1), candidates[-1])
        yield Source(show_path(file.path), escape(name), partial(_open, file.path, any_kind=file.is_named))


_NAMES: Final = 4


def _possible_names(file: InputFile) -> tuple[str, str, str, str]:
    """Names for the article of a file, the shortest first; the last one no other file has."""
    return stem(file.path.name), stem(file.below), file.below, file.path.as_posix()


def make_source(path: Path) -> Source:
    """The source of one file on its own."""
    return Source(show_path(path), escape(stem(path.name)), partial(_open, path, any_kind=True))


def find_path(shown: str) -> Path:
    """The file that is shown under this path, its escapes undone where no file has that very name."""
    path = Path(shown)
    if path.exists() or "\\" not in shown:
        return path
    return Path(shown.encode("latin-1", "backslashreplace").decode("unicode_escape", "surrogatepass"))


def _open(path: Path, *, any_kind: bool) -> BinaryIO:
    """A file for reading; a pipe or device only where the user named it, since it may never end."""
    if not any_kind and not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "not a regular file")
    return path.open("rb")


def show_path(path: Path) -> str:
    r"""The path as text that is safe to print and store: controls and undecodable bytes as escapes.

    >>> show_path(Path("a\nb.txt"))
    'a\\nb.txt'
    """
    return escape(path.as_posix())


def escape(text: str) -> str:
    r"""The text with controls, bidi marks and lone surrogates as escapes.

    >>> escape("a\x1bb")
    'a\\x1bb'
    """
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def _expand(given: str | Path) -> Iterator[InputFile]:
    path = Path(given)
    if path.is_dir():
        yield from _walk(path)
    elif path.exists() or path.is_symlink():
        yield InputFile(path, path.name, is_named=True)
    elif matches := sorted(glob.glob(str(given), recursive=True)):  # noqa: PTH207  # takes absolute patterns
        for match in matches:
            yield from _expand(match)
    else:
        raise InputError(f"{show_path(path)}: no such file or folder")


#: What every run folder holds.
_RUN_FILES: Final = frozenset({"manifest.json", "articles.parquet", "rejects.jsonl"})


def _walk(folder: Path) -> Iterator[InputFile]:
    """Files below a folder; links are followed only to files inside it.

    Hidden ones are left out, and run folders below it: what this program wrote is no news.
    """
    root = os.path.realpath(folder)
    for parent, folders, names in os.walk(folder):
        if parent != str(folder) and _RUN_FILES.issubset(names):
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if not name.startswith(".") and (not path.is_symlink() or _is_inside(path, root)):
                yield InputFile(path, path.relative_to(folder).as_posix())


def _is_inside(link: Path, root: str) -> bool:
    target = link.resolve()
    return str(target).startswith(root + os.sep) and target.is_file()


def stem(name: str) -> str:
    """The file name without what tells format and compression.

    >>> stem("pile.jsonl.gz")
    'pile'
    """
    name = strip_compression(name)
    ending = PurePath(name).suffix
    return name.removesuffix(ending)
