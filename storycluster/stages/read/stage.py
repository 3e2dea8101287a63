"""The stage itself: every input through its reader into the tables articles and rejects, in bounded memory."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import pyarrow as pa

from storycluster.config import ReadConfig
from storycluster.engines.base import Engine, Table
from storycluster.model import ARTICLES, REJECTS, Article
from storycluster.progress import Progress, Silent
from storycluster.stages.read.columns import check_fields
from storycluster.stages.read.files import list_files, make_sources
from storycluster.stages.read.given import draft_records, frame_records, open_frame
from storycluster.stages.read.identity import RECORDS, keep_one_per_id
from storycluster.stages.read.records import Draft, Found, Source
from storycluster.stages.read.registry import STDIN
from storycluster.stages.read.rejects import RejectLog
from storycluster.stages.read.rows import Row, make_batch, make_row
from storycluster.stages.read.sources import DayOrders, chunk_drafts, read_source

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

    Inputs = Iterable[Path | str | Article | Mapping[str, object]] | IntoDataFrame

BATCH_ROWS: Final = 4_096
BATCH_CHARS: Final = 16_000_000


def read_articles(
    inputs: Inputs,
    config: ReadConfig,
    engine: Engine,
    *,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
    strict: bool = False,
    now: datetime | None = None,
) -> tuple[Table, Table]:
    """The tables ``articles`` and ``rejects`` of all inputs.

    ``inputs`` are paths (``-`` is ``stdin``, JSON lines), ``Article`` objects, mappings, or one dataframe; ``now``
    (naive UTC) is the moment after which a publication date is not believed. Raises InputError for a path that
    does not exist, ConfigError for a mapping of unknown fields, and under ``strict`` InputError for the first reject.
    """
    check_fields(config.fields)
    moment = now or datetime.now(UTC).replace(tzinfo=None)
    with RejectLog(strict=strict) as rejects:
        reading = _Reading(config, rejects, moment, progress or Silent())
        articles = engine.table("articles", reading.batches(_open_inputs(inputs, config, stdin)), ARTICLES)
        articles = keep_one_per_id(articles, rejects, config, engine)
        return articles, engine.table("rejects", rejects.batches(), REJECTS)


def articles_from_records(
    records: Iterable[Article | Mapping[str, object]] | IntoDataFrame, config: ReadConfig, engine: Engine
) -> tuple[Table, Table]:
    """``read_articles`` for articles in memory: an iterable, consumed as a stream, or one dataframe."""
    return read_articles(records, config, engine)


class _Reading:
    """The way from what readers found to record batches; rejects leave it at the side."""

    def __init__(self, config: ReadConfig, rejects: RejectLog, now: datetime, progress: Progress) -> None:
        self._config = config
        self._rejects = rejects
        self._now = now
        self._progress = progress

    def batches(self, inputs: Iterable[tuple[Source | None, Iterator[Found]]]) -> Iterator[pa.RecordBatch]:
        """Record batches of the articles table, each bounded in rows and size."""
        rows: list[Row] = []
        chars, done = 0, 0
        for row in self._rows(inputs):
            rows.append(row)
            chars += len(row[2])  # type: ignore[arg-type]  # the text
            if len(rows) >= BATCH_ROWS or chars >= BATCH_CHARS:
                done += len(rows)
                self._progress.advance("read", done, None)
                yield make_batch(rows, now=self._now)
                rows, chars = [], 0
        if rows:
            self._progress.advance("read", done + len(rows), None)
            yield make_batch(rows, now=self._now)

    def _rows(self, inputs: Iterable[tuple[Source | None, Iterator[Found]]]) -> Iterator[Row]:
        config, now = self._config, self._now
        for source, found in inputs:
            path = source.path if source else None
            orders = DayOrders(source, config)
            for chunk in chunk_drafts(found):
                order = orders.find(chunk)
                for item in chunk:
                    made = (
                        make_row(item, path=path, order=order, config=config, now=now) if type(item) is Draft else item
                    )
                    if type(made) is tuple:
                        yield made
                    else:
                        self._rejects.add(path or RECORDS, made)  # type: ignore[arg-type]  # not a row


def _open_inputs(
    inputs: Inputs, config: ReadConfig, stdin: BinaryIO | None
) -> Iterator[tuple[Source | None, Iterator[Found]]]:
    """Each source and what it holds, opened one after the other; None stands for records in memory."""
    if isinstance(inputs, str | Path):
        inputs = [inputs]
    frame = open_frame(inputs)
    if frame is not None:
        yield None, draft_records(frame_records(frame), config)
        return
    for are_paths, group in groupby(inputs, key=lambda item: isinstance(item, str | Path)):  # type: ignore[arg-type]
        if not are_paths:
            yield None, draft_records(group, config)
            continue
        paths = cast("list[Path | str]", list(group))
        sources: Sequence[Source] = list(make_sources(list_files(path for path in paths if str(path) != STDIN)))
        if any(str(path) == STDIN for path in paths):
            sources = [*sources, _open_stdin(stdin)]
        for source in sources:
            yield source, read_source(source, config)


def _open_stdin(stdin: BinaryIO | None) -> Source:
    stream = stdin or sys.stdin.buffer
    return Source(STDIN, "stdin", lambda: stream, reopens=False)
