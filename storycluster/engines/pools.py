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
from itertools import chain
from multiprocessing import current_process
from typing import Final, TypeVar

import pyarrow as pa

from storycluster.errors import EngineError

T = TypeVar("T")
R = TypeVar("R")
Groups = list[pa.Table]

#: Rows that go to a process at once: news of this size takes half a second to read.
PART_BYTES: Final = 64 << 10
#: With fewer rows no process is started: each imports for two seconds before it does anything.
LEAST_BYTES: Final = 1 << 20
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
    function: Callable[[pa.Table], pa.Table], groups: Iterable[pa.Table], *, processes: int
) -> Iterator[pa.Table]:
    """Tables that a pickled function makes of groups; those of several groups may come as one.

    Everything happens here where the rows are few, and inside a process that may have no other.
    Raises EngineError where a process ends by itself, as one does that the system runs out of memory for.

    >>> [made.num_rows for made in map_in_processes(lambda rows: rows, [pa.table({"n": [1, 2]})], processes=2)]
    [2]
    """
    if processes == 1 or current_process().daemon:
        yield from map(function, groups)
        return
    parts = _parts(groups)
    first: list[Groups] = []
    for part in parts:
        first.append(part)
        if len(first) > 1 and sum(_size(part) for part in first) >= LEAST_BYTES:
            yield from _map_parts(function, chain(first, parts), processes)
            return
    yield from map(function, chain.from_iterable(first))


def _map_parts(function: Callable[[pa.Table], pa.Table], parts: Iterable[Groups], processes: int) -> Iterator[pa.Table]:
    from loky import ProcessPoolExecutor
    from loky.process_executor import BrokenProcessPool

    pool = ProcessPoolExecutor(processes, initializer=_follow, initargs=(os.getpid(),))
    try:
        packed = ([_pack(group) for group in part] for part in parts)
        yield from _map_ahead(pool, partial(_map_packed, function), packed, ahead=processes)
    except BrokenProcessPool as error:
        raise EngineError(
            "a process ended before it was done, perhaps for want of memory; lower engine.threads"
        ) from error
    finally:
        pool.shutdown(kill_workers=True)


def _map_packed(function: Callable[[pa.Table], pa.Table], packed: list[pa.Buffer]) -> pa.Table:
    return pa.concat_tables([function(pa.ipc.open_stream(group).read_all()) for group in packed])


def _pack(group: pa.Table) -> pa.Buffer:
    """The rows and nothing else: a pickled slice holds all that it is a slice of."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, group.schema) as stream:
        stream.write_table(group)
    return sink.getvalue()


def _parts(groups: Iterable[pa.Table]) -> Iterator[Groups]:
    """The groups in parts of about ``PART_BYTES``."""
    part: Groups = []
    size = 0
    for group in groups:
        part.append(group)
        size += group.nbytes
        if size >= PART_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def _size(part: Groups) -> int:
    return sum(group.nbytes for group in part)


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
