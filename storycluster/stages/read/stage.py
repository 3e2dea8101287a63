"""The stage itself: every input through its reader into the tables articles and rejects, in bounded memory."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import pyarrow as pa

from storycluster.config import ReadConfig
from storycluster.engines.base import Engine, Table
from storycluster.model import ARTICLES, REJECTS, Article
from storycluster.progress import Progress, Silent
from storycluster.stages.read.addresses import is_address, list_remote
from storycluster.stages.read.columns import check_fields
from storycluster.stages.read.day_orders import DayOrders, settle_late_dates
from storycluster.stages.read.files import list_files, make_sources
from storycluster.stages.read.given import draft_records, frame_records, open_frame
from storycluster.stages.read.identity import RECORDS, keep_one_per_id
from storycluster.stages.read.opening import Copied
from storycluster.stages.read.records import Draft, Found, Reject, Source
from storycluster.stages.read.registry import STDIN
from storycluster.stages.read.rejects import RejectLog
from storycluster.stages.read.rows import Drafts, Located, make_batch
from storycluster.stages.read.sources import chunk_drafts, read_source

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

    Inputs = Iterable[Path | str | Article | Mapping[str, object]] | IntoDataFrame

#: Articles and characters of text that are made into rows at once, at least; a chunk of a source is never split.
BATCH_ROWS: Final = 1_000
BATCH_CHARS: Final = 8_000_000
#: Parts that are made into rows at a time, while the next one is read.
_IN_FLIGHT: Final = 2


def read_articles(
    inputs: Inputs,
    config: ReadConfig,
    engine: Engine,
    *,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
    strict: bool = False,
    stdin_copy: Path | None = None,
    now: datetime | None = None,
    watch: Callable[[pa.RecordBatch], None] | None = None,
) -> tuple[Table, Table]:
    """The tables ``articles`` and ``rejects`` of all inputs.

    ``inputs`` are paths (``-`` is ``stdin``, JSON lines), ``Article`` objects, mappings, or one dataframe; ``now``
    (naive UTC) is the moment after which a publication date is not believed; ``stdin_copy`` takes what is read from
    ``stdin``, so that its records can be found again; ``watch`` is given each batch of articles at once, also those
    whose ids turn out to be repeated. Raises InputError for a path that does not
    exist, ConfigError for a mapping of unknown fields, and under ``strict`` InputError for the first reject.
    """
    check_fields(config.fields)
    moment = now or datetime.now(UTC).replace(tzinfo=None)
    with RejectLog(strict=strict) as rejects:
        reading = _Reading(config, rejects, moment, progress or Silent(), watch=watch)
        found = _open_inputs(inputs, config, _open_stdin(stdin, stdin_copy))
        articles = engine.table("articles", reading.batches(found), ARTICLES)
        articles = settle_late_dates(articles, reading.orders, engine, now=moment)
        articles = keep_one_per_id(articles, rejects, config, engine)
        return articles, engine.table("rejects", rejects.batches(), REJECTS)


class _Reading:
    """The way from what readers found to record batches; rejects leave it at the side."""

    def __init__(
        self,
        config: ReadConfig,
        rejects: RejectLog,
        now: datetime,
        progress: Progress,
        *,
        watch: Callable[[pa.RecordBatch], None] | None = None,
    ) -> None:
        self._config = config
        self._watch = watch
        self._rejects = rejects
        self._now = now
        self._progress = progress
        self._done = 0
        self.orders = DayOrders(config)

    def batches(self, inputs: Iterable[tuple[Source | None, Iterator[Found]]]) -> Iterator[pa.RecordBatch]:
        """Record batches of the articles table, each bounded in rows and size."""
        with ThreadPoolExecutor(_IN_FLIGHT) as makers:  # what is found by batch does not hold up the reading
            pending: deque[Future[tuple[pa.RecordBatch, list[Located]]]] = deque()
            for drafts in self._drafts(inputs):
                pending.append(makers.submit(make_batch, drafts, config=self._config, now=self._now))
                if len(pending) == _IN_FLIGHT:
                    yield self._finish(pending.popleft())
            while pending:
                yield self._finish(pending.popleft())

    def _finish(self, pending: Future[tuple[pa.RecordBatch, list[Located]]]) -> pa.RecordBatch:
        batch, rejects = pending.result()
        for path, reject in rejects:
            self._rejects.add(path or RECORDS, reject)
        if self._watch:
            self._watch(batch)
        self._done += batch.num_rows
        self._progress.advance("read", self._done, None)
        return batch

    def _drafts(self, inputs: Iterable[tuple[Source | None, Iterator[Found]]]) -> Iterator[Drafts]:
        """What all inputs hold, in parts of bounded length and size."""
        part, chars = Drafts(), 0
        for source, found in inputs:
            path = source.path if source else None
            for chunk in chunk_drafts(found):
                order = self.orders.find(source, chunk)
                drafts = [item for item in chunk if type(item) is Draft]
                part.add_all(drafts, path, order=order)
                chars += sum(len(draft.text) for draft in drafts)
                if len(drafts) < len(chunk):
                    part.rejects.extend((path, item) for item in chunk if type(item) is Reject)
                if len(part.drafts) + len(part.rejects) >= BATCH_ROWS or chars >= BATCH_CHARS:
                    yield part
                    part, chars = Drafts(), 0
        yield part


def _open_inputs(inputs: Inputs, config: ReadConfig, stdin: Source) -> Iterator[tuple[Source | None, Iterator[Found]]]:
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
        sources = [source for path in paths if is_address(path) for source in list_remote(str(path))]
        sources += make_sources(list_files(path for path in paths if str(path) != STDIN and not is_address(path)))
        if any(str(path) == STDIN for path in paths):
            sources = [*sources, stdin]
        for source in sources:
            yield source, read_source(source, config)


def _open_stdin(stdin: BinaryIO | None, copy: Path | None) -> Source:
    def open_it() -> BinaryIO:
        stream = stdin or sys.stdin.buffer
        return cast(BinaryIO, Copied(stream, copy)) if copy else stream

    return Source(STDIN, "stdin", open_it, reopens=False)
