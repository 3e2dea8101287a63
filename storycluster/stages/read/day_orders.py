"""Whether 03/04/2024 is in March or April: decided for each input by the config, else by its other dates.

The proof is looked for in the whole input, so the order of its records changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import pyarrow as pa

from storycluster.config import ReadConfig
from storycluster.engines.base import Engine, Table
from storycluster.model import ARTICLES
from storycluster.stages.read.records import Draft, Found, Source
from storycluster.stages.read.sources import read_source
from storycluster.text.published import DayOrder, find_day_order, is_ambiguous, parse_published


class DayOrders:
    """The order for each input; of an input that can be read only once it is known when all is read."""

    def __init__(self, config: ReadConfig) -> None:
        self._config = config
        self._fixed: DayOrder | None = None if config.date_order == "evidence" else config.date_order
        self._searched: dict[str, DayOrder | None] = {}
        self._proofs: dict[str | None, set[DayOrder | None]] = {}
        self._doubtful: set[str | None] = set()

    def find(self, source: Source | None, chunk: Sequence[Found]) -> DayOrder | None:
        """The order for these records of an input (None: records in memory), as far as it is known now."""
        if self._fixed:
            return self._fixed
        dates = [item.published for item in chunk if type(item) is Draft and type(item.published) is str]
        path = source.path if source else None
        is_doubtful = any(map(is_ambiguous, dates))
        if source and source.reopens:
            if is_doubtful and path is not None and path not in self._searched:
                found = read_source(source, self._config)
                self._searched[path] = find_day_order(item.published for item in found if type(item) is Draft)
            return self._searched.get(source.path)
        self._proofs.setdefault(path, set()).update(find_day_order([date]) for date in dates)
        if is_doubtful:
            self._doubtful.add(path)
        return None

    def find_late(self) -> dict[str | None, DayOrder]:
        """The orders that inputs which can be read only once have proven, where they have doubtful dates."""
        proven = {path: self._proofs[path] - {None} for path in self._doubtful}
        return {path: proof for path, proofs in proven.items() if len(proofs) == 1 for proof in proofs if proof}


_DATED: Final = ("published", "published_precision", "published_from")


def settle_late_dates(articles: Table, orders: DayOrders, engine: Engine, *, now: datetime) -> Table:
    """The articles with the doubtful dates of standard input and of records in memory decided."""
    late = orders.find_late()
    if not late:
        return articles

    def settle(batch: pa.RecordBatch) -> pa.RecordBatch:
        rows = batch.to_pylist()
        for row in rows:
            order = late.get(row["path"])
            if order and row["published"] is None and is_ambiguous(row["published_raw"]):
                found = parse_published(row["published_raw"], order=order, now=now)
                row.update(zip(_DATED, (found.moment, found.precision, None), strict=True))
        return pa.RecordBatch.from_pylist(rows, schema=ARTICLES)

    settled = engine.map_batches("read_settled", articles, settle, ARTICLES)
    return engine.sql("articles", f'SELECT * FROM "{settled}"')
