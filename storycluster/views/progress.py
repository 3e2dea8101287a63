"""Progress on stderr: stage, count, rate and time left on a terminal; elsewhere notices only."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

SHOW_AFTER_SECONDS = 1.0  # a shorter run shows nothing

#: What a person reads for the tables that are being made.
STAGE_WORDS = {
    "read": "reading",
    "signatures": "fingerprinting",
    "pairs": "comparing",
    "similarities": "measuring",
    "facts": "facts",
}


class TerminalProgress:
    """One line per stage on stderr, first shown when a run has taken a second; no bars where stderr is a file."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
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
        self._shown = False

    def __enter__(self) -> TerminalProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._bars.stop()

    def advance(self, stage: str, done: int, total: int | None) -> None:
        """Show ``done`` of ``total`` for ``stage``."""
        if not self._console.is_terminal:
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(STAGE_WORDS.get(stage, stage), total=total, rate="")
        task = self._tasks[stage]
        elapsed = self._bars.get_time() - (self._bars.tasks[0].start_time or 0.0)
        speed = self._bars.tasks[task].speed
        rate = f"{speed:,.0f}/s" if speed else ""
        self._bars.update(task, completed=done, total=total, rate=rate)
        if not self._shown and elapsed > SHOW_AFTER_SECONDS:
            self._bars.start()
            self._shown = True

    def say(self, notice: str) -> None:
        """Print one line above the bars."""
        self._console.print(notice, markup=False, soft_wrap=True)
