"""A run as a mapping of tables, and the folder it is kept in.

A folder is built beside its final place and renamed into it when everything, the manifest last,
is written; so a folder that has its name is complete, and one that was cut off can be resumed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storycluster.engines.base import Engine, Table
from storycluster.errors import StoreError
from storycluster.model import SCHEMA_VERSION
from storycluster.run_tables import ORDER, FolderTables, RunTables

if sys.platform != "win32":
    import fcntl

MANIFEST = "manifest.json"
PARTIAL = "partial.json"
#: What a run puts into its folder; anything else there is the user's.
OURS: Final = re.compile(
    r"\w+\.(?:parquet|part)|report\.\w+|(?:rejects|matches)\.jsonl|manifest\.json|partial\.json(?:\.part)?"
)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run found: its tables by name, the stages that ran, and its manifest.

    ``tables`` loads a table, or a part of it, when it is asked for; ``manifest`` holds config, plan and counts.
    """

    tables: RunTables
    stages: tuple[str, ...]
    manifest: Mapping[str, object]
    folder: Path | None = None

    @classmethod
    def open(cls, path: Path | str) -> Run:
        """The run in a folder, named by the folder or by a ``report.json`` beside its tables.

        Raises StoreError where there is no run, or one of another schema version.
        """
        folder = Path(path)
        folder = folder.parent if folder.is_file() else folder
        manifest = read_manifest(folder)
        if manifest is None:
            raise StoreError(f"{path} is not a run folder: it has no {MANIFEST}; --out FOLDER makes one")
        if manifest.get("schema_version") != SCHEMA_VERSION:
            raise StoreError(
                f"{folder} has schema version {manifest.get('schema_version')}, this is version {SCHEMA_VERSION}; "
                "run again with --overwrite"
            )
        stages = tuple(str(manifest["stages"]).split())
        return cls(FolderTables(folder), stages, manifest, folder)


class RunFolder:
    """A run folder under construction; ``commit`` gives it its name, ``close`` leaves the place to others.

    Tables are collected in a hidden folder beside ``target``, one run at a time. ``identify`` names input and
    config once they are known; tables of an equal run, finished or cut off, are taken over from there.
    """

    def __init__(self, target: Path, *, overwrite: bool) -> None:
        """Take the place beside ``target``.

        A link is followed. Raises StoreError where ``target`` is not a run folder or another run is being written
        there.
        """
        target = target if target.name.strip(".") and not target.is_symlink() else target.resolve()
        if not target.name:
            raise StoreError(f"--out {target} cannot be replaced by a run; name a folder")
        self.target = target
        self.path = target.with_name(f".{target.name}.partial")
        self._old = target.with_name(f".{target.name}.old")
        self._overwrite = overwrite
        self._key = ""
        self._digests: dict[str, str] = {}
        self._notes: dict[str, object] = {}
        self._finished: dict[str, object] | None = None
        self._claim = _claim(self.path, target)
        try:
            self._find_earlier()
        except StoreError:
            self.close()
            raise

    def _find_earlier(self) -> None:
        """The finished run in ``target``, also where a kill came while it was being replaced."""
        if self._old.exists() and not _holds_only_ours(self._old):
            raise StoreError(
                f"--out {self.target}: {self._old} is in the way and no run; move it or choose another folder"
            )
        if self._old.exists() and not self.target.exists():
            self._old.rename(self.target)
        self._finished = _finished_manifest(self.target)

    def close(self) -> None:
        """Let others write there, without a trace where this run wrote nothing."""
        if self._claim is None:
            return
        with suppress(OSError):
            if os.path.samestat(os.fstat(self._claim), self.path.stat()):
                self.path.rmdir()  # refused where there is anything in it
        os.close(self._claim)
        self._claim = None

    @property
    def is_new(self) -> bool:
        """Whether there is nothing that an equal run would take over, or that must not be replaced."""
        return self._finished is None and not any(self.path.iterdir())

    def name(self, key: str) -> None:
        """``identify`` where the folder is new: writes nothing."""
        self._key = key

    def identify(self, key: str) -> None:
        """Name this run by the digest of input and config, and drop or take over what was there.

        Raises StoreError where ``target`` holds another run and may not be overwritten.
        """
        is_finished = self._finished is not None and self._finished.get("key") == key
        if self._finished is not None and not is_finished and not self._overwrite:
            if not (self.path / PARTIAL).exists():
                self._drop()
            raise StoreError(
                f"--out {self.target} holds a run of other input or settings; add --overwrite to replace it"
            )
        self._key = key
        partial = _read_json(self.path / PARTIAL) or _read_json(self.path / MANIFEST)  # which says the same and more
        if partial.get("key") != key:
            self._drop(but=("articles.parquet", "rejects.parquet"))
        left = self._finished if is_finished and self._finished else partial
        notes = left.get("counts") if left.get("key") == key else None
        self._notes = dict(notes) if isinstance(notes, dict) else {}
        if is_finished:
            for path in self.target.glob("*.parquet"):
                if not (self.path / path.name).exists():
                    shutil.copyfile(path, self.path / path.name)
        self.note({})

    def _drop(self, *, but: Sequence[str] = ()) -> None:
        """Delete what is collected, but the named files."""
        for path in self.path.iterdir():
            if path.name not in but and OURS.fullmatch(path.name):
                path.unlink()

    def note(self, counts: Mapping[str, object]) -> None:
        """Keep counts of a stage for the manifest, also where the run is cut off and resumed."""
        self._notes.update(counts)
        part = f"{PARTIAL}.part"
        self.write(part, json.dumps({"key": self._key, "counts": self._notes}))
        (self.path / part).rename(self.path / PARTIAL)

    def has(self, name: str) -> bool:
        """Whether a table is complete."""
        return (self.path / f"{name}.parquet").is_file()

    def keep(self, engine: Engine, table: Table) -> None:
        """Write a table, complete or not at all. Raises StoreError where the disk does not take it."""
        part = self.path / f"{table}.part"
        with self._writing(f"{table}.parquet"):
            engine.write(table, part, ORDER[table])
            part.rename(self.path / f"{table}.parquet")

    def read(self, engine: Engine, name: str) -> Table:
        """Load a complete table."""
        return engine.read(name, self.path / f"{name}.parquet")

    def digest(self, names: Sequence[str]) -> str:
        """One digest of the named tables, which from now on stay as they are."""
        for name in names:
            self._digests[name] = digest_file(self.path / f"{name}.parquet")
        return "".join(self._digests[name] for name in names)

    def write(self, name: str, content: str | bytes | Iterator[str]) -> None:
        """Write a file that is not a table; text as UTF-8, in pieces where it comes so.

        Raises StoreError where the disk does not take it.
        """
        pieces = [content] if isinstance(content, str | bytes) else content
        with self._writing(name), (self.path / name).open("wb") as file:
            for piece in pieces:
                file.write(piece.encode("utf-8") if isinstance(piece, str) else piece)

    @contextmanager
    def _writing(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            earlier = "the run that is there stays as it was, and " if self._finished else ""
            raise StoreError(
                f"--out {self.target}: {name} cannot be written: {reason}; "
                f"{earlier}the same command goes on from the tables in {self.path}"
            ) from error

    def commit(self, manifest: Mapping[str, object]) -> None:
        """Write the manifest and rename the folder to its place, replacing an older one but for the user's files."""
        paths = sorted(self.path.glob("*.parquet"))
        files = {path.stem: self._digests.get(path.stem) or digest_file(path) for path in paths}
        content = {**manifest, "key": self._key, "counts": self._notes, "tables": files}
        self.write(MANIFEST, json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n")
        (self.path / PARTIAL).unlink(missing_ok=True)
        shutil.rmtree(self._old, ignore_errors=True)
        if self.target.exists():
            for path in self.target.iterdir():
                if not OURS.fullmatch(path.name):  # the user's
                    path.rename(self.path / path.name)
            self.target.rename(self._old)
        self.path.rename(self.target)
        shutil.rmtree(self._old, ignore_errors=True)


def _holds_only_ours(folder: Path) -> bool:
    return folder.is_dir() and all(OURS.fullmatch(path.name) for path in folder.iterdir())


def _claim(path: Path, target: Path) -> int | None:
    """Make a folder and hold a lock on it, free again when the number it gives is closed or the process has ended.

    None where the system or the disk has no such locks. Raises StoreError where another run holds it.
    """
    while True:
        path.mkdir(parents=True, exist_ok=True)
        if sys.platform == "win32":
            return None
        folder = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(folder), path.stat()):
                return folder
        except BlockingIOError:
            os.close(folder)
            raise StoreError(
                f"--out {target}: another run is being written there; wait for its end or choose another folder"
            ) from None
        except FileNotFoundError:  # it was given its name just now
            pass
        except OSError:  # a disk without locks
            os.close(folder)
            return None
        os.close(folder)


def read_manifest(folder: Path) -> dict[str, object] | None:
    """The manifest of a complete run folder, or None."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder / MANIFEST} cannot be read: {error}; delete {folder} and run again") from error
    if not isinstance(content, dict):
        raise StoreError(f"{folder / MANIFEST} is not a manifest; delete {folder} and run again")
    return content


def digest_file(path: Path) -> str:
    """Hex BLAKE2b-128 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _finished_manifest(target: Path) -> dict[str, object] | None:
    """The manifest of the run in ``target``; None where it is absent or empty."""
    if not target.exists():
        return None
    if not target.is_dir():
        raise StoreError(f"--out {target} is a file, not a folder")
    if not any(target.iterdir()):
        return None
    manifest = read_manifest(target)
    if manifest is None:
        raise StoreError(f"--out {target} is not empty and not a run folder; choose another folder")
    return manifest


def _read_json(path: Path) -> dict[str, object]:
    """The object in a file of our own; empty where it is absent or was cut off."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
