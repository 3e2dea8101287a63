"""How kernels are compiled: once per machine, then read from numba's cache; and how to be told when it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import numba
from numba.core.event import Event, Listener, install_listener
from numba.core.sigutils import normalize_signature
from numba.core.types import Array

#: numba sends this event after it has looked in its cache in vain.
COMPILE_EVENT = "numba:compile"

#: What numba's error says where it finds no folder to write to.
_NO_CACHE: Final = "no locator available"

_Function = Callable[..., Any]

#: Ways into a kernel for C and, in a part, for Python: each takes as long to compile as a small kernel.
_NO_C_WRAPPER: Final[dict[str, Any]] = {"no_cfunc_wrapper": True}
_NO_WRAPPERS: Final[dict[str, Any]] = {**_NO_C_WRAPPER, "no_cpython_wrapper": True}
#: What numba looks for to write better and finds in no kernel, as none computes with whole arrays.
_NO_REWRITES: Final[dict[str, Any]] = {"no_rewrites": True}
#: Code that counts who holds an array: a tenth of the time to compile, and of no use where none is made.
_NO_COUNTS: Final[dict[str, Any]] = {"_nrt": False}


def kernel(signature: str) -> Callable[[_Function], _Function]:
    """A decorator that gives the function compiled for ``signature``, read from the cache where it is there.

    That happens when its module is imported, so that no later input compiles anything. What takes seconds to compile
    has no place in a kernel: numpy's functions for sorting and searching, arrays as indices, slices assigned to slices.
    The caller makes the arrays, since each kind of array made in a kernel is compiled too. Only a kernel that returns
    arrays can make any; one does, which alone knows how large. Where there is no place for a cache, neither beside
    the module nor in the user's folder, every process compiles for itself.
    """
    options = {**_NO_C_WRAPPER, **_NO_REWRITES, **({} if _returns_arrays(signature) else _NO_COUNTS)}

    def compiled(function: _Function) -> _Function:
        try:
            found: _Function = numba.njit(signature, nogil=True, cache=True, **options)(function)
        except RuntimeError as error:
            if _NO_CACHE not in str(error):
                raise
            found = numba.njit(signature, nogil=True, **options)(function)
        return found

    return compiled


def _returns_arrays(signature: str) -> bool:
    result = normalize_signature(signature)[1]  # type: ignore[no-untyped-call]
    return any(isinstance(kind, Array) for kind in getattr(result, "types", (result,)))


def part(function: _Function) -> _Function:
    """The function as a part of kernels: compiled into those that call it, never called by Python.

    It neither makes nor returns arrays, as it does not count who holds them. It is not cached on its own, since the
    kernels that call it hold it already. numba sees a change in a kernel's own file only: after changing a part that
    kernels of other files call, empty the ``__pycache__`` folders.
    """
    compiled: _Function = numba.njit(function, nogil=True, **_NO_WRAPPERS, **_NO_REWRITES, **_NO_COUNTS)
    return compiled


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
