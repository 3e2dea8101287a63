"""The order of the stages: from inputs to a run, in memory or in a folder that can be resumed."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from storycluster.config import Config, EngineConfig, StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.errors import NothingReadError
from storycluster.model import SCHEMA_VERSION, Article
from storycluster.progress import Progress, Silent
from storycluster.run_tables import EngineTables, FolderTables
from storycluster.runs import Run, RunFolder
from storycluster.work import Work

if TYPE_CHECKING:
    import pyarrow as pa
    from narwhals.typing import IntoDataFrame
    from pyspark.sql import SparkSession

    #: Paths, articles, records with the usual column names, or one dataframe (of Spark: read on its executors).
    Articles = Iterable[Path | str | Article | Mapping[str, object]] | IntoDataFrame

STAGES = ("read", "duplicates", "stories", "facts")


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for beside its articles and its config; with a ``spark`` session it is computed there.

    ``second_process`` lets another Python help to compile, once per machine, which halves the time of the first run.
    """

    out: Path | None = None
    overwrite: bool = False
    strict: bool = False
    stdin: BinaryIO | None = None
    stdin_copy: Path | None = None
    given_stories: Path | None = None
    against: Path | None = None
    progress: Progress = field(default_factory=Silent)
    render: Callable[[Run], Mapping[str, str | bytes | Iterator[str]]] | None = None
    spark: SparkSession | None = None
    second_process: bool = False


def run(articles: Articles, config: Config | None = None, *, options: Options | None = None) -> Run:
    """All stages: copies, stories, passages, new facts and figures.

    ``articles`` are paths, ``Article`` objects, mappings or one dataframe. Raises InputError for a path
    that cannot be opened, NothingReadError where no article was accepted, StoreError for a foreign ``out``.
    """
    return _execute(articles, config or Config(), options or Options(), last="facts")


def find_duplicates(articles: Articles, config: Config | None = None, *, options: Options | None = None) -> Run:
    """Near-duplicates only: verified pairs and groups with a kept article; raises as ``run`` does.

    Credits are not looked for: no pair depends on them, and they cost more than all the rest of reading.
    """
    chosen = config or Config()
    return _execute(
        articles, replace(chosen, read=replace(chosen.read, credits=False)), options or Options(), last="duplicates"
    )


def cluster_stories(articles: Articles, config: Config | None = None, *, options: Options | None = None) -> Run:
    """Copies, stories, arcs and memberships, no facts; raises as ``run`` does."""
    return _execute(articles, config or Config(), options or Options(), last="stories")


def find_new_facts(articles: Articles, config: Config | None = None, *, options: Options | None = None) -> Run:
    """All stages up to facts; with ``options.given_stories`` the stories are taken as they are."""
    return _execute(articles, config or Config(), options or Options(), last="facts")


def open_engine(config: EngineConfig, progress: Progress, *, spark: SparkSession | None = None) -> Engine:
    """The engine a config names, Spark where a session is given. Raises EngineError where it is not installed."""
    threads = config.threads or _usable_cores()
    if config.name == "spark" or spark is not None:
        from storycluster.engines.sessions import open_spark

        return open_spark(config, threads=threads, session=spark)
    from storycluster.engines.duckdb import DuckDBEngine

    spill = scratch(config, uuid.uuid4().hex)
    return DuckDBEngine(threads=threads, memory_limit=config.memory_limit, temp_directory=spill, progress=progress)


def _usable_cores() -> int:
    """Cores that this process may use; on systems that do not tell, all there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def scratch(config: EngineConfig, name: str) -> Path:
    """Where this process puts what does not outlive it; nothing is made there.

    >>> scratch(EngineConfig(temp_directory="/disk"), "spill").parent.as_posix()
    '/disk'
    """
    return Path(config.temp_directory or tempfile.gettempdir()) / f"storycluster-{os.getpid()}-{name}"


#: Rejects that are written at once; one may hold a whole record.
REJECTS_AT_ONCE = 1_000

#: Said when a kernel is not in the cache yet.
COMPILING = "storycluster: first run on this machine, compiling kernels once (some seconds)"


def _execute(articles: Articles, config: Config, options: Options, *, last: str) -> Run:
    stages = STAGES[: STAGES.index(last) + 1]
    if not options.out:
        return _make(stages, articles, config, options, None)
    with closing(RunFolder(options.out, overwrite=options.overwrite)) as folder:
        return _make(stages, articles, config, options, folder)


def _make(
    stages: tuple[str, ...], articles: Articles, config: Config, options: Options, folder: RunFolder | None
) -> Run:
    with _compiling_once(stages, options) as wait_before, ExitStack() as until_done:
        work = Work(open_engine(config.engine, options.progress, spark=options.spark), folder, options.progress)
        _read(work, articles, config, options, watch=_sign_early(work, config, until_done))
        work.identify(lambda folder: _key(folder, config, options))
        for stage in stages[1:]:
            wait_before(stage)
            _STAGE_STEPS[stage](work, config, options)
            work.settle()
    manifest = {**_manifest(stages, config), "counts": work.counts}
    names = tuple(work.tables)
    if not folder:
        return Run(EngineTables(work.engine, names), stages, manifest)
    del work  # and with it the engine and what it holds in memory: the folder has every table
    options.progress.advance("report", 0, None)
    result = Run(FolderTables(folder.path, names), stages, manifest)
    folder.write("rejects.jsonl", _reject_lines(result))
    for name, content in (options.render(result) if options.render else {}).items():
        folder.write(name, content)
    folder.commit(manifest)
    return Run.open(folder.target)


@contextmanager
def _compiling_once(stages: Sequence[str], options: Options) -> Iterator[Callable[[str], None]]:
    """Inside the block, what happens at the first kernel that is compiled: a notice, and help where it is asked for.

    The function it gives waits until a stage's kernels need no compiling, where help was asked for.
    """
    from storycluster.kernels.ahead import second_process, seems_first

    is_first = seems_first()
    if "stories" in stages and not is_first:
        # Loaded before numba: wordfreq goes through all modules that are loaded by then, several times.
        import storycluster.text.terms
    from storycluster.compiling import announce_compiling

    with second_process(stages) as helper:

        def begin() -> None:
            options.progress.say(COMPILING)
            if options.second_process:
                helper.start()

        with announce_compiling(begin):
            if is_first:  # the second process need not wait until all else is loaded
                import storycluster.kernels.tokens  # noqa: F401
            yield helper.wait_before


def _sign_early(work: Work, config: Config, until_done: ExitStack) -> Callable[[pa.RecordBatch], None] | None:
    """What signs batches of articles while others are read, ``work.early``; None where signatures may be taken over."""
    if work.engine.is_distributed or work.engine.threads == 1 or (work.folder and not work.folder.is_new):
        return None

    def watch(batch: pa.RecordBatch) -> None:
        if work.early is None:  # not before an article was read: what it imports takes longer than to find no file
            from storycluster.stages.duplicates import EarlySigning

            work.early = until_done.enter_context(EarlySigning(config.dedup, threads=work.engine.threads))
        work.early.add(batch)

    return watch


def _read(
    work: Work,
    articles: Articles,
    config: Config,
    options: Options,
    *,
    watch: Callable[[pa.RecordBatch], None] | None,
) -> None:
    from storycluster.engines.sessions import adopt_frame
    from storycluster.stages.read import read_articles, read_table

    def make() -> Sequence[Table]:
        lake = adopt_frame(articles, work.engine)
        if lake is not None:
            return read_table(lake, config.read, work.engine, strict=options.strict)
        return read_articles(
            articles,
            config.read,
            work.engine,
            stdin=options.stdin,
            stdin_copy=options.stdin_copy,
            progress=options.progress,
            strict=options.strict,
            watch=watch,
        )

    work.add(("articles", "rejects"), make)
    if work.count("articles") == 0:
        rejects = work.engine.to_arrow(work["rejects"])
        first = f"; the first: {rejects.column('reason')[0].as_py()}" if rejects.num_rows else ""
        raise NothingReadError(f"no article was accepted, {rejects.num_rows} rejected{first}")


def _find_duplicates(work: Work, config: Config, _: Options) -> None:
    from storycluster.stages import duplicates

    articles, settings, engine = work["articles"], config.dedup, work.engine
    sets: list[Table | None] = [None]  # of signatures that are taken over there are none

    def sign() -> Sequence[Table]:
        signatures, sets[0] = duplicates.sign_and_shingle(articles, settings, engine, early=work.early)
        return [signatures]

    def compare() -> Sequence[Table]:
        pairs = duplicates.find_pairs(articles, work["signatures"], settings, engine, sets=sets[0])
        work.note(duplicates.read_counts(engine))
        return pairs, Table("boilerplate")

    work.note({"plan": asdict(duplicates.explain_plan(settings, articles=work.count("articles")))})
    work.step(("signatures",), sign)
    work.step(("pairs", "boilerplate"), compare)
    work.step(("groups",), lambda: [duplicates.group(articles, work["pairs"], settings, engine)])


def _cluster_stories(work: Work, config: Config, options: Options) -> None:
    if options.given_stories:
        _take_stories(work, options.given_stories, options.progress)
        return
    from storycluster.indexing import index_articles
    from storycluster.stages import labels, overlap, stories

    articles, groups, settings, engine = work["articles"], work["groups"], config.stories, work.engine
    if stories.need_windows(articles, groups, settings, engine):
        work.step(("similarities", "stories", "arcs", "memberships"), lambda: _cluster_windows(work, settings))
        return
    by_language = cache(lambda: index_articles(articles, groups, engine))

    def make() -> Sequence[Table]:
        found, arcs, members = stories.cluster(articles, groups, work["similarities"], settings, engine)
        members = overlap.find_passages(by_language(), articles, work["similarities"], found, members, settings, engine)
        found, arcs = labels.label(by_language(), articles, members, found, arcs, settings, engine)
        return found, arcs, members

    work.step(("similarities",), lambda: [stories.measure(by_language(), articles, settings, engine)])
    work.step(("stories", "arcs", "memberships"), make)


def _cluster_windows(work: Work, settings: StoriesConfig) -> Sequence[Table]:
    """Similarities, stories, arcs and memberships of a corpus that is seen in time windows."""
    from storycluster.stages import labels, overlap, stories

    articles, groups, engine = work["articles"], work["groups"], work.engine
    windows = stories.open_windows(articles, groups, settings, engine)
    pairs, found, members, seen = stories.cluster_windows(articles, groups, windows, settings, engine)
    known = windows.frequencies
    members = engine.checkpoint(
        overlap.find_window_passages(articles, pairs, found, members, seen, settings, engine, frequencies=known)
    )
    found, arcs = labels.label_windows(articles, members, found, seen, settings, engine, frequencies=known)
    return pairs, found, arcs, members


def _take_stories(work: Work, path: Path, progress: Progress) -> None:
    from storycluster.stages.given_stories import take_stories

    made = ("similarities", "stories", "arcs", "memberships")
    work.step(made, lambda: take_stories(work["articles"], path, work.engine, progress=progress))


def _find_facts(work: Work, config: Config, _: Options) -> None:
    from storycluster.stages import facts

    articles, engine = work["articles"], work.engine
    work.step(
        ("facts",),
        lambda: [
            facts.find_facts(
                articles, work["groups"], work["stories"], work["arcs"], work["memberships"], config.facts, engine
            )
        ],
    )
    work.step(
        ("figures",),
        lambda: [facts.track_figures(articles, work["facts"], work["stories"], work["arcs"], config.facts, engine)],
    )


_STAGE_STEPS: dict[str, Callable[[Work, Config, Options], None]] = {
    "duplicates": _find_duplicates,
    "stories": _cluster_stories,
    "facts": _find_facts,
}


def _key(folder: RunFolder, config: Config, options: Options) -> str:
    """Digest of everything a table may depend on: articles, config, given files, version."""
    content = {
        "articles": folder.digest(("articles", "rejects")),
        "config": _settings(config),
        "given_stories": options.given_stories.read_text(encoding="utf-8") if options.given_stories else None,
        "against": str(options.against) if options.against else None,
        "version": version("storycluster"),
    }
    return hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=16).hexdigest()


def _reject_lines(result: Run) -> Iterator[str]:
    """Every rejected record as it was read, one JSON object a line."""
    for batch in result.tables["rejects"].to_batches(max_chunksize=REJECTS_AT_ONCE):
        yield from (json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in batch.to_pylist())


def _settings(config: Config) -> dict[str, object]:
    """The config without the engine, which never changes a result."""
    return {name: section for name, section in asdict(config).items() if name != "engine"}


def _manifest(stages: Sequence[str], config: Config) -> dict[str, object]:
    from storycluster.stages.duplicates import identity

    return {
        "signatures": identity(config.dedup),
        "schema_version": SCHEMA_VERSION,
        "storycluster": version("storycluster"),
        "stages": " ".join(stages),
        "config": _settings(config),
    }
