"""Progress on stderr: stage, count, rate and time left on a terminal; elsewhere notices only."""

from __future__ import annotations

from datetime import timedelta
from threading import Timer
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, Task, TaskID, TextColumn, TimeElapsedColumn

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
    "report": "writing",
}


class TerminalProgress:
    """The stage at work on one line of stderr, once a run has taken a second; nothing where stderr is a file."""

    def __init__(self, console: Console | None = None, *, show_after: float = SHOW_AFTER_SECONDS) -> None:
        """Write to ``console``, stderr by default; ``show_after`` is in seconds."""
        self._console = console or Console(stderr=True, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description:>14}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            TextColumn("{task.fields[count]}"),
            console=self._console,
            transient=True,
        )
        self._words = STAGE_WORDS["read"]
        self._step = ""
        self._task: TaskID | None = None
        self._start = Timer(show_after, self._bar.start)
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
            self._bar.stop()

    def advance(self, stage: str, done: int, total: int | None) -> None:
        """Show ``done`` of ``total`` for ``stage``, in place of the step before."""
        if stage != self._step or self._task is None:
            self._step, self._words = stage, STAGE_WORDS.get(stage, self._words)
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(self._words, total=total, count="")
        self._bar.update(self._task, completed=done, total=total)
        self._bar.update(self._task, count=_count(self._bar.tasks[0]))

    def say(self, notice: str) -> None:
        """Print one line above the bars."""
        self._console.print(notice, markup=False, soft_wrap=True)


def _count(task: Task) -> str:
    """How many are done, of how many, at which rate, and the time that is left; nothing before the first."""
    if not task.completed:
        return ""
    said = f"{task.completed:,.0f}" + (f" of {task.total:,.0f}" if task.total else "")
    rate = f", {task.speed:,.0f}/s" if task.speed else ""
    return said + rate + (f", {timedelta(seconds=task.time_remaining)} left" if task.time_remaining else "")
