"""Tells when numba compiles a kernel, which happens once per machine; a kernel that comes from the cache is silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from numba.core.event import Event, Listener, install_listener

#: numba sends this event after it has looked in its cache in vain.
COMPILE_EVENT = "numba:compile"


@contextmanager
def announce_compiling(say: Callable[[], None]) -> Iterator[None]:
    """Call ``say`` at the first kernel that is compiled inside the block, and not again.

    >>> with announce_compiling(lambda: None):
    ...     pass
    """
    with install_listener(COMPILE_EVENT, _Once(say)):
        yield


class _Once(Listener):
    def __init__(self, say: Callable[[], None]) -> None:
        self._say: Callable[[], None] | None = say

    def on_start(self, event: Event) -> None:  # noqa: ARG002 - numba's signature
        if self._say:
            say, self._say = self._say, None
            say()

    def on_end(self, event: Event) -> None:
        """Nothing: only the first start matters."""
