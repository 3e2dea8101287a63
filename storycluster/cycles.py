"""How often Python's garbage collector looks for objects that hold each other, which nothing else frees."""

from __future__ import annotations

import atexit
import gc
from typing import Final

#: As ``gc.set_threshold`` takes them: a search after so many new objects; one in 20 takes in objects that have outlived
#: a search, and one in 100 of those takes in all.
SELDOM: Final = (50_000, 20, 100)


def look_for_cycles_seldom() -> None:
    """For a process of our own: compiling and reading make many objects, few of which hold each other.

    With Python's own settings, a tenth of the time that kernels take to compile goes into searches that find nothing.
    At the end of the process, which frees all memory, there is none: it would go through everything numba keeps.

    >>> look_for_cycles_seldom()
    >>> gc.get_threshold() == SELDOM
    True
    """
    gc.set_threshold(*SELDOM)
    atexit.register(gc.freeze)
