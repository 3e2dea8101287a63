"""Where the DuckDB engine runs functions: on threads, or in processes those that keep Python's lock.

Results come in the order of what they are made of, whatever is done first.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from multiprocessing import current_process
from typing import Final, TypeVar

import pyarrow as pa

from storycluster.errors import EngineError

T = TypeVar("T")
R = TypeVar("R")

#: Processes are worth their start, in which each imports for two seconds, where this is done and as much is to come.
START_SECONDS: Final = 3.0
_WATCH_SECONDS: Final = 1.0


def map_on_threads(function: Callable[[T], R], items: Iterable[T], *, threads: int) -> Iterator[R]:
    """Results of a function that gives up Python's lock, a few in flight at a time.

    >>> list(map_on_threads(len, ["a", "bc"], threads=2))
    [1, 2]
    """
    if threads == 1:
        yield from map(function, items)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from _map_ahead(pool, function, items, ahead=threads)


def map_in_processes(
    function: Callable[[pa.Table], pa.Table], parts: Iterable[pa.Table], *, rows: int, processes: int
) -> Iterator[pa.Table]:
    """Tables that a function which can be pickled makes of the parts of a table of so many rows, in their order.

    It begins here, and goes on in processes once it has taken ``START_SECONDS`` and as many are to come; never inside
    a process that may have no other. Raises EngineError where a process ends by itself, as one does that the system
    runs out of memory for.

    >>> [made.num_rows for made in map_in_processes(lambda part: part, [pa.table({"n": [1]})], rows=1, processes=2)]
    [1]
    """
    may_start = processes > 1 and not current_process().daemon
    rest = iter(parts)
    done, seconds = 0, 0.0
    for part in rest:
        began = time.monotonic()
        made = function(part)
        seconds += time.monotonic() - began
        done += part.num_rows
        yield made
        if may_start and min(seconds, seconds / done * (rows - done)) >= START_SECONDS:
            yield from _map_in_processes(function, rest, processes)
            return


def _map_in_processes(
    function: Callable[[pa.Table], pa.Table], parts: Iterable[pa.Table], processes: int
) -> Iterator[pa.Table]:
    from loky import ProcessPoolExecutor
    from loky.process_executor import BrokenProcessPool

    try:
        pool = ProcessPoolExecutor(processes, initializer=_follow, initargs=(os.getpid(),))
    except (OSError, ImportError, NotImplementedError):  # a system without semaphores: some sandboxes and containers
        yield from map(function, parts)
        return
    try:
        yield from _map_ahead(pool, partial(_map_packed, function), map(_pack, parts), ahead=processes)
    except BrokenProcessPool as error:
        raise EngineError(
            "a process ended before it was done, perhaps for want of memory; lower engine.threads"
        ) from error
    finally:
        pool.shutdown(kill_workers=True)


def _map_packed(function: Callable[[pa.Table], pa.Table], packed: pa.Buffer) -> pa.Table:
    return function(pa.ipc.open_stream(packed).read_all())


def _pack(part: pa.Table) -> pa.Buffer:
    """The rows and nothing else: a pickled slice holds all that it is a slice of."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, part.schema) as stream:
        stream.write_table(part)
    return sink.getvalue()


def _map_ahead(pool: Executor, function: Callable[[T], R], items: Iterable[T], *, ahead: int) -> Iterator[R]:
    """Results in the order of ``items``, of which at most so many wait or are done ahead."""
    pending: deque[Future[R]] = deque()
    for item in items:
        pending.append(pool.submit(function, item))
        if len(pending) > ahead:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()


def _follow(parent: int) -> None:
    """End this process soon after the one that started it, however that ends; Ctrl-C is for that one to answer."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_SECONDS)
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, daemon=True).start()
