"""Compiles kernels in a second process while a first run goes on: the run is over sooner and finds the same.

The run compiles kernels in the order in which it needs them, the second process those needed last first; what one of
them has compiled the other finds in numba's cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Final

#: Kernels by the stage that needs them, the last first. Those of reading, and of signatures, the run itself compiles.
LAST_FIRST: Final = {
    "stories": ("phrases", "segments", "graph", "tfidf", "termlists"),
    "duplicates": ("sampling", "repeats", "setjoin"),
}


@contextmanager
def second_process(stages: Sequence[str]) -> Iterator[Callable[[], None]]:
    """A function that starts compiling the kernels of ``stages`` in a process of its own, which ends with the block.

    >>> with second_process(["read"]) as start:
    ...     pass
    """
    modules = [module for stage, needed in LAST_FIRST.items() if stage in stages for module in needed]
    started: list[subprocess.Popen[bytes]] = []
    try:
        yield lambda: started.append(_start(modules))
    except BaseException:
        for process in started:
            process.terminate()
        raise
    finally:
        for process in started:
            process.wait()


def _start(modules: Sequence[str]) -> subprocess.Popen[bytes]:
    """Python on this module, with this process's path and without the folder it is called from."""
    return subprocess.Popen(  # noqa: S603 - this Python, and names of our own modules
        [sys.executable, "-P", "-m", "storycluster.kernels.ahead", *modules],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    for name in sys.argv[1:]:
        import_module(f"storycluster.kernels.{name}")
