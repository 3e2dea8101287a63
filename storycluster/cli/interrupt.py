"""Ctrl-C: one line and exit code 130 at once, whatever is being computed; it waits for nothing and unwinds nothing.

A run folder gets its name only when it is complete, so nothing has to be taken back; only scratch files are removed.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

INTERRUPTED: Final = 128 + signal.SIGINT  # the exit code that shells give it
#: To the start of the line, clear it, show the cursor: a progress bar may stand there.
CLEAR_LINE: Final = "\r\x1b[2K\x1b[?25h"


@contextmanager
def ending_on_interrupt(scratch: Path | None = None) -> Iterator[None]:
    """Inside the block Ctrl-C ends the process; ``scratch`` names what is removed, its last part a pattern.

    A thread does it, for the main thread may be inside a kernel or a query, where Python handles no signal.
    Call it from the main thread.
    """
    waiting, told = socket.socketpair()
    told.setblocking(False)
    threading.Thread(target=_wait, args=(waiting, scratch), daemon=True).start()
    handler = signal.signal(signal.SIGINT, lambda *_: None)
    wakeup = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        signal.signal(signal.SIGINT, handler)
        told.close()


def _wait(waiting: socket.socket, scratch: Path | None) -> None:
    """End the process at the first SIGINT; return where the other end is closed."""
    with waiting:
        while number := waiting.recv(1):
            if number[0] == signal.SIGINT:
                _end(scratch)


def _end(scratch: Path | None) -> None:
    clear = CLEAR_LINE if sys.stderr.isatty() else ""
    os.write(sys.stderr.fileno(), f"{clear}storycluster: interrupted\n".encode())
    for folder in scratch.parent.glob(scratch.name) if scratch else ():
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(INTERRUPTED)
