"""The tables of a run while it is made, kept in its folder as soon as they are complete. It knows no stages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from storycluster.engines.base import Engine, Table
from storycluster.progress import Progress
from storycluster.runs import RunFolder

if TYPE_CHECKING:
    from storycluster.stages.duplicates import EarlySigning

#: Articles whose tables are written while the next ones are made: of a corpus that is in memory as it is.
WRITTEN_BESIDE: Final = 32_768


class Work:
    """The tables made so far and the counts of their stages; without a folder they stay in the engine.

    ``early`` signs articles while others are still being read, where it may.
    """

    def __init__(self, engine: Engine, folder: RunFolder | None, progress: Progress) -> None:
        self.engine = engine
        self.folder = folder
        self.progress = progress
        self.tables: dict[str, Table] = {}
        self.counts: dict[str, object] = {}
        self.early: EarlySigning | None = None
        self._beside: ThreadPoolExecutor | None = None
        self._written: Future[None] | None = None

    def add(self, names: Sequence[str], make: Callable[[], Sequence[Table]]) -> None:
        """Make the named tables, which ``identify`` keeps."""
        self.progress.advance(names[0], 0, None)
        for name, made in zip(names, make(), strict=True):
            table = made if made == name else self.engine.sql(name, f'SELECT * FROM "{made}"')
            self.tables[name] = self.engine.checkpoint(table)

    def identify(self, key: Callable[[RunFolder], str]) -> None:
        """Keep the tables made so far and name the run; beside what comes next, where nothing depends on the name."""
        folder, tables = self.folder, tuple(self.tables.values())
        if not folder:
            return
        if folder.is_new and not self.engine.is_distributed and self.count("articles") <= WRITTEN_BESIDE:
            self._beside = ThreadPoolExecutor(1)
            self._keep(folder, tables, lambda: folder.name(key(folder)))
        else:
            self._keep(folder, tables, lambda: folder.identify(key(folder)))

    def step(self, names: Sequence[str], make: Callable[[], Sequence[Table]]) -> None:
        """Make the named tables and keep them, or take them over where an equal run has left them."""
        if self.folder and all(self.folder.has(name) for name in names):
            self.tables.update({name: self.folder.read(self.engine, name) for name in names})
            return
        self.add(names, make)
        if self.folder:
            self._keep(self.folder, [self[name] for name in names])

    def settle(self) -> None:
        """Wait for what is written beside the work; raises what went wrong there."""
        if self._written:
            self._written.result()
            self._written = None
            self.note({})

    def note(self, counts: Mapping[str, object]) -> None:
        """Keep counts of a stage for the manifest."""
        self.counts.update(counts)
        if self.folder:
            self.folder.note(counts)

    def count(self, name: str) -> int:
        """The number of rows of a table."""
        counted = self.engine.sql("counted", f'SELECT count(*) AS n FROM "{self[name]}"')
        return int(self.engine.to_arrow(counted).column("n")[0].as_py())

    def _keep(self, folder: RunFolder, tables: Sequence[Table], then: Callable[[], None] = lambda: None) -> None:
        """Write tables one after the other, beside what comes next where that is allowed; none after a failed one."""
        before = self._written

        def keep() -> None:
            if before:
                before.result()
            for table in tables:
                folder.keep(self.engine, table)
            then()

        if self._beside:
            self._written = self._beside.submit(keep)
        else:
            keep()

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]
