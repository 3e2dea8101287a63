"""Compiles kernels in a second process while a first run goes on: the run is over sooner and finds the same.

The second process compiles the kernels of late stages while the run compiles all others, and the run loads them from
numba's cache. A run that gets there first waits, as it would compile the same kernels a second time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Final

from storycluster.cycles import look_for_cycles_seldom

#: Kernels of the second process by the stage before which the run waits for them. First come those that import no
#: kernel of the run's own, so that the run has compiled the tokens by the time the others import them.
HELPED: Final = {"stories": ("graph", "segments", "termlists", "tfidf", "phrases"), "facts": ("postings",)}


def seems_first() -> bool:
    """Whether no kernel lies where numba usually keeps them; a look at files, which loads nothing."""
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or Path(__file__).parent)
    return next(folder.rglob("*.nbi"), None) is None


class SecondProcess:
    """A process that compiles the kernels of some stages once it is started; it may never be."""

    def __init__(self, stages: Sequence[str]) -> None:
        """Start nothing yet."""
        self._modules = {stage: needed for stage, needed in HELPED.items() if stage in stages}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start compiling, where the stages have something to compile."""
        if self._modules:
            self._process = _start([module for needed in self._modules.values() for module in needed])

    def wait_before(self, stage: str) -> None:
        """Wait until the kernels of a stage are compiled; after a process that failed the run compiles them."""
        if self._process and self._process.stdout:
            for _ in self._modules.get(stage, ()):
                self._process.stdout.readline()

    def terminate(self) -> None:
        """End the process at once."""
        if self._process:
            self._process.terminate()

    def wait(self) -> None:
        """Wait until the process has ended."""
        if self._process:
            self._process.communicate()


@contextmanager
def second_process(stages: Sequence[str]) -> Iterator[SecondProcess]:
    """A process to start that compiles the kernels of ``stages`` and ends with the block.

    >>> with second_process(["read"]) as helper:
    ...     helper.start()
    """
    process = SecondProcess(stages)
    try:
        yield process
    except BaseException:
        process.terminate()
        raise
    finally:
        process.wait()


def _start(modules: Sequence[str]) -> subprocess.Popen[bytes]:
    """Python on this module, with this process's path and without the folder it is called from.

    It writes a line for every module that is done.
    """
    return subprocess.Popen(  # noqa: S603 - this Python, and names of our own modules
        [sys.executable, "-P", "-m", "storycluster.kernels.ahead", *modules],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    look_for_cycles_seldom()
    for name in sys.argv[1:]:
        import_module(f"storycluster.kernels.{name}")
        print(name, flush=True)
