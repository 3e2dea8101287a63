"""The facts of a run, story by story: rows are taken from the table when they are asked for, not before."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

KNOWN = "known"
_READING_ORDER = [("story", "ascending"), ("position", "ascending"), ("id", "ascending")]


class StoryFacts:
    """Rows and counts of the facts of each story."""

    def __init__(self, facts: pa.Table | None) -> None:
        """Find where the facts of each story stand; None is a run without facts."""
        self.total = facts.num_rows if facts is not None else 0
        self._spans: dict[str, tuple[int, int]] = {}
        self._new: dict[str, int] = {}
        if facts is None or not self.total:
            return
        order = pc.sort_indices(facts.select([name for name, _ in _READING_ORDER]), sort_keys=_READING_ORDER)
        is_sorted = pc.all(pc.equal(order, pa.array(range(self.total), order.type))).as_py()
        self._facts = facts if is_sorted else facts.take(order)  # a run folder holds them in this order
        stories = pc.run_end_encode(self._facts.column("story").combine_chunks())
        start = 0
        for story, end in zip(stories.values.to_pylist(), stories.run_ends.to_pylist(), strict=True):
            self._spans[story] = (start, end)
            start = end
        fresh = (
            facts.filter(pc.not_equal(facts.column("status"), KNOWN)).group_by("story").aggregate([([], "count_all")])
        )
        self._new = dict(zip(*(fresh.column(name).to_pylist() for name in ("story", "count_all")), strict=True))

    def rows(self, story: str) -> list[dict[str, Any]]:
        """The facts of one story in reading order."""
        start, end = self._spans.get(story, (0, 0))
        rows: list[dict[str, Any]] = self._facts.slice(start, end - start).to_pylist() if end > start else []
        return rows

    def count_new(self, story: str) -> int:
        """How many of them were not known."""
        return self._new.get(story, 0)
