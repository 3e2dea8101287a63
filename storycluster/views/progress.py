"""Progress on stderr: stage, count, rate and time left on a terminal; elsewhere notices only."""

from __future__ import annotations

from threading import Timer
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

SHOW_AFTER_SECONDS = 1.0  # a shorter run shows nothing

#: What a person reads for the tables that are being made; steps of other names belong to the stage before them.
STAGE_WORDS = {
    "read": "reading",
    "signatures": "fingerprinting",
    "pairs": "comparing",
    "groups": "grouping",
    "similarities": "measuring",
    "stories": "stories",
    "facts": "facts",
    "figures": "figures",
}


class TerminalProgress:
    """One line per stage on stderr, first shown when a run has taken a second; no bars where stderr is a file."""

    def __init__(self, console: Console | None = None, *, show_after: float = SHOW_AFTER_SECONDS) -> None:
        """Write to ``console``, stderr by default; ``show_after`` is in seconds."""
        self._console = console or Console(stderr=True, highlight=False)
        self._bars = Progress(
            TextColumn("{task.description:>14}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(compact=True),
            console=self._console,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._task: TaskID | None = None
        self._start = Timer(show_after, self._bars.start)
        self._start.daemon = True

    def __enter__(self) -> TerminalProgress:
        if self._console.is_terminal:
            self._start.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._start.cancel()
            self._start.join()
            self._bars.stop()

    def advance(self, stage: str, done: int, total: int | None) -> None:
        """Show ``done`` of ``total`` for ``stage``."""
        if stage in STAGE_WORDS:
            if stage not in self._tasks:
                self._tasks[stage] = self._bars.add_task(STAGE_WORDS[stage], total=total, rate="")
            self._task = self._tasks[stage]
        if self._task is None:
            return
        speed = self._bars.tasks[self._task].speed
        self._bars.update(self._task, completed=done, total=total, rate=f"{speed:,.0f}/s" if speed else "")

    def say(self, notice: str) -> None:
        """Print one line above the bars."""
        self._console.print(notice, markup=False, soft_wrap=True)
