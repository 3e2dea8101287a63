"""Commands that read a finished run: explain, sweep, evaluate. Parse, call one function, print.

They read no articles, so --config and --set are checked and change nothing: the settings of the run count.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storycluster.cli.options import ConfigFile, Quiet, RunFolderArgument, Settings
from storycluster.errors import InputError

if TYPE_CHECKING:
    from storycluster.evaluate.gold import Gold
    from storycluster.runs import Run

_SEED_HELP = "Seed of the random draws that give the interval (default 1)."


def explain(
    run: RunFolderArgument,
    a: Annotated[str, typer.Argument(metavar="A", help="The id of an article.")],
    b: Annotated[str | None, typer.Argument(metavar="[B]", help="The id of another one.", show_default=False)] = None,
    config: ConfigFile = None,
    settings: Settings = None,
    quiet: Quiet = False,  # noqa: ARG001 - every command takes it; this one says nothing on stderr
) -> None:
    """Say why an article is where it is, or why two are (not) together."""
    from storycluster.explain.explain import explain as explain_run
    from storycluster.views.explanation import write_explanation

    print_text(write_explanation(explain_run(_open(run, config, settings), a, b)))


def sweep(
    run: RunFolderArgument,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the curves, as .svg or .png.")] = None,
    config: ConfigFile = None,
    settings: Settings = None,
    quiet: Quiet = False,
) -> None:
    """Count groups and stories over thresholds, from stored scores."""
    if plot:
        from storycluster.views.sweep_plot import check_plot, draw_sweeps

        check_plot(plot)
    from storycluster.stored import stories_are_given
    from storycluster.sweep import sweep_groups, sweep_stories
    from storycluster.views.sweeps import write_sweeps

    opened = _open(run, config, settings)
    groups = sweep_groups(opened)
    has_stories = "stories" in opened.stages and not stories_are_given(opened)
    stories = sweep_stories(opened) if has_stories else []
    print_text(write_sweeps(groups, stories))
    if plot:
        draw_sweeps(groups, stories, plot)
    if not has_stories and not quiet:
        sys.stderr.write("storycluster: no similarities in the run, so stories are left out\n")


def evaluate(
    run: RunFolderArgument,
    gold: Annotated[Path, typer.Option("--gold", metavar="FILE", help="Labels, as JSON lines or an annotation.")],
    facts: Annotated[bool, typer.Option("--facts", help="Measure facts too, where the gold has them.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop where a gold id is not in the run.")] = False,
    seed: Annotated[int | None, typer.Option(min=0, help=_SEED_HELP)] = None,
    config: ConfigFile = None,
    settings: Settings = None,
    quiet: Quiet = False,  # noqa: ARG001 - as above
) -> None:
    """Measure stories, and facts, against labels."""
    opened = _open(run, config, settings)
    for printed in _measures(opened, gold, facts=facts, strict=strict, seed=seed):
        print_text(printed)


def _measures(run: Run, path: Path, *, facts: bool, strict: bool, seed: int | None) -> Iterator[str]:
    """The printed parts, in order; all are computed before the first is given."""
    from storycluster.evaluate.gold import read_gold
    from storycluster.evaluate.stories import SEED
    from storycluster.evaluate.stories import evaluate as evaluate_run
    from storycluster.views.evaluation import write_evaluation

    gold = read_gold(path)
    parts = []
    if gold.articles or not facts:
        found = evaluate_run(run, path, seed=SEED if seed is None else seed)
        if strict and found.missing:
            raise InputError(f"gold {path}: {len(found.missing):,} ids are not in the run, as {found.missing[0]!r}")
        parts.append(write_evaluation(found))
    if facts:
        parts.extend(_fact_measures(run, gold, path))
    yield from parts


def _fact_measures(run: Run, gold: Gold, path: Path) -> Iterator[str]:
    """Facts against an annotation, and articles against labels of what is new, where ``gold`` has these."""
    from storycluster.evaluate.facts import evaluate_facts
    from storycluster.evaluate.sentences import evaluate_sentences
    from storycluster.stored import require_stage
    from storycluster.views.evaluation import write_facts_evaluation, write_sentence_evaluation

    require_stage(run, "facts")
    if gold.annotation is None and not gold.is_new:
        raise InputError(f'gold {path} has no facts: no line has "new" (true or false), and it is no annotation')
    if gold.annotation is not None:
        yield write_facts_evaluation(evaluate_facts(run.tables, gold.annotation))
    if gold.is_new:
        yield write_sentence_evaluation(evaluate_sentences(run, gold.is_new))


def _open(folder: Path, config: Path | None, settings: list[str] | None) -> Run:
    """The run, after the settings given were found to be right."""
    from storycluster.config import load_config
    from storycluster.runs import Run

    load_config(config, settings or [])
    return Run.open(folder)


def print_text(content: str) -> None:
    """UTF-8 on stdout whatever the locale says."""
    sys.stdout.buffer.write(content.encode("utf-8"))
    sys.stdout.flush()
