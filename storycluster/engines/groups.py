"""Rows that belong together, cut from a table that is sorted by what they have in common; the same for both engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

#: Rows of several groups that a function is given at once: as much news as takes half a second to read for facts.
PART_BYTES: Final = 64 << 10


def whole_groups(batches: Iterable[pa.RecordBatch], key: str, *, least_bytes: int = 0) -> Iterator[pa.Table]:
    """All rows of one value of ``key``, or of several until they hold about ``least_bytes``; batches are sorted by it.

    >>> batch = pa.record_batch({"n": [1, 1, 2, 3]})
    >>> [rows["n"].to_pylist() for rows in whole_groups([batch], "n")]
    [[1, 1], [2], [3]]
    >>> [rows["n"].to_pylist() for rows in whole_groups([batch], "n", least_bytes=24)]
    [[1, 1, 2], [3]]
    """
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        if not batch.num_rows:
            continue
        least_rows = least_bytes * batch.num_rows / max(batch.nbytes, 1)
        start = 0
        for end in _ends(batch.column(key), before=waiting[-1].column(key)[-1] if waiting else None):
            held = end - start + sum(each.num_rows for each in waiting)
            if held and held >= least_rows:
                yield pa.Table.from_batches([*waiting, batch.slice(start, end - start)])
                waiting, start = [], end
        waiting.append(batch.slice(start))
    if waiting:
        yield pa.Table.from_batches(waiting)


def _ends(keys: pa.Array, *, before: pa.Scalar | None) -> Iterator[int]:
    """Places between two groups in a batch; its start is one where the key ``before`` it is another."""
    if before is not None and before != keys[0]:
        yield 0
    yield from pc.run_end_encode(keys).run_ends.to_pylist()[:-1]
