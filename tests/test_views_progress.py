"""Progress: what a person who waits at a terminal sees, and that nobody else sees it."""

import io
import time
from pathlib import Path

import pytest
from rich.console import Console

from storycluster import Article, Options, run
from storycluster.views.progress import STAGE_WORDS, TerminalProgress

BEGUN_SECONDS = 0.5  # until the line is there: what comes later is painted as it comes
NEWS = [
    Article(id=str(number), text=f"Divers found wreck {number} off Dover on Monday. They raised {number} bells.")
    for number in range(40)
]


def shown(out: Path, *, terminal: bool, show_after: float) -> str:
    written = io.StringIO()
    console = Console(file=written, force_terminal=terminal, width=100)
    with TerminalProgress(console, show_after=show_after) as progress:
        time.sleep(BEGUN_SECONDS)
        run(NEWS, options=Options(out=out, progress=progress))
    return written.getvalue()


def test_a_run_that_takes_long_names_every_stage_it_goes_through(tmp_path: Path) -> None:
    words = shown(tmp_path / "run", terminal=True, show_after=0.0)
    assert [word for word in STAGE_WORDS.values() if word not in words] == []


@pytest.mark.parametrize(("terminal", "show_after"), [(True, 3600.0), (False, 0.0)])
def test_a_short_run_and_a_pipe_show_no_bar(tmp_path: Path, terminal: bool, show_after: float) -> None:
    assert "reading" not in shown(tmp_path / "run", terminal=terminal, show_after=show_after)


def test_steps_of_a_stage_go_under_its_name() -> None:
    written = io.StringIO()
    with TerminalProgress(Console(file=written, force_terminal=True, width=100), show_after=0.0) as progress:
        progress.advance("pairs", 0, None)
        time.sleep(BEGUN_SECONDS)
        progress.advance("part_sets_0", 3, 7)
    assert "3 of 7" in written.getvalue()
    assert "part_sets" not in written.getvalue()
