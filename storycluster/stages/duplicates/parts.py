"""Shingle sets of a large corpus, part by part: each text is read once, and the sets of few articles are in memory.

What is done with the sets of a part is the caller's; it compares nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.kernels.setjoin import take_sets
from storycluster.kernels.shinglesets import Sets, shingle_sets
from storycluster.stages.duplicates.corpus import Keys, Places, article_keys, gather
from storycluster.stages.duplicates.shingles import Shingles, sets_of
from storycluster.stages.duplicates.signing import binary_sets, text_of
from storycluster.text.normalise import normalise_array

PART_SETS: Final = pa.schema([("part", pa.int32()), ("key", pa.int64()), ("shingles", pa.large_binary())])

#: What is made of a part: its number and the full sets of its articles, in the order of their places.
MapPart = Callable[[int, Sets], pa.Table]


def map_parts(parts: Sequence[Places], function: MapPart, schema: pa.Schema, *, shingles: Shingles) -> pa.Table:
    """The rows that the function makes of each part, a list of sorted places; an article may be in several parts."""
    if shingles.kept is not None or len(parts) < 2:
        with ThreadPoolExecutor(shingles.engine.threads) as pool:
            found = pool.map(lambda number: function(number, shingles.load_whole(parts[number])), range(len(parts)))
            return pa.concat_tables([schema.empty_table(), *found])
    corpus, engine = shingles.corpus, shingles.engine
    keys = corpus.keys[np.concatenate(parts)]
    numbers = np.repeat(np.arange(len(parts), dtype=np.int32), [part.size for part in parts])
    order = np.argsort(keys, kind="stable")
    read = partial(_part_rows, width=shingles.config.shingle_words, keys=keys[order], numbers=numbers[order])
    tables = [
        engine.map_batches(f"part_sets_{number}", side.articles, partial(read, side=number), PART_SETS)
        for number, side in enumerate(corpus.sides)
    ]
    sets = gather("part_sets", tables, engine)
    results = engine.to_arrow(engine.map_groups("part_results", sets, "part", partial(_map, function=function), schema))
    for table in {sets, *tables}:
        engine.table(table, [], PART_SETS)
    return results


def _part_rows(batch: pa.RecordBatch, *, side: int, width: int, keys: Keys, numbers: Places) -> pa.RecordBatch:
    """The set of each article of a batch that is in a part, once for each of its parts."""
    own = article_keys(batch.column("id"), side)
    first = np.searchsorted(keys, own)
    times = np.searchsorted(keys, own, side="right") - first
    is_wanted = times > 0
    sets = shingle_sets(*normalise_array(text_of(batch).filter(pa.array(is_wanted))), width=width)
    first, times = first[is_wanted], times[is_wanted]
    row = np.repeat(np.arange(times.size), times)
    if row.size > times.size:
        sets = take_sets(sets, row)
    begins = np.cumsum(times) - times
    columns = [
        pa.array(numbers[first[row] + np.arange(row.size) - begins[row]]),
        pa.array(own[is_wanted][row]),
        binary_sets(sets),
    ]
    return pa.record_batch(columns, schema=PART_SETS)


def _map(rows: pa.Table, *, function: MapPart) -> pa.Table:
    return function(
        rows.column("part")[0].as_py(), take_sets(sets_of(rows.column("shingles").combine_chunks()), _order(rows))
    )


def _order(rows: pa.Table) -> npt.NDArray[np.int64]:
    """The rows in the order of their keys, which is that of places."""
    order: npt.NDArray[np.int64] = pc.sort_indices(rows.column("key")).to_numpy().astype(np.int64)
    return order
