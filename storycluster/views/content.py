"""What a run found, part by part in the order of the report, with its counts; a part is made when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from storycluster.config import Config
from storycluster.run_tables import RunTables, with_selection
from storycluster.views.articles import Articles
from storycluster.views.figures import Figures
from storycluster.views.groups import Groups
from storycluster.views.shape import Arc, Counts, Reject
from storycluster.views.stories import Stories


@dataclass(frozen=True, slots=True)
class Content:
    """The parts of a report. A stage that did not run is not in ``stages`` and its parts are empty."""

    tables: RunTables
    stages: list[str]
    settings: dict[str, Any]
    counts: Counts
    articles: Articles
    groups: Groups
    stories: Stories
    arcs: list[Arc]
    figures: Figures
    rejects: list[Reject]


def load_content(tables: Mapping[str, pa.Table], *, config: Config, stages: Sequence[str]) -> Content:
    """The content of a run, of which ``stages`` names those that ran.

    ``tables`` needs ``articles`` and ``rejects``; tables of stages that did not run may be missing.
    """
    found = with_selection(tables)
    articles = Articles(found)
    groups = Groups(found, articles)
    stories = Stories(found, articles, letters=config.report.excerpt_letters)
    rejects = _load_rejects(found)
    return Content(
        tables=found,
        stages=list(stages),
        settings={name: section for name, section in asdict(config).items() if name != "engine"},
        counts=_count(articles, groups, stories, rejects),
        articles=articles,
        groups=groups,
        stories=stories,
        arcs=_load_arcs(found),
        figures=Figures(found),
        rejects=rejects,
    )


def _load_arcs(tables: RunTables) -> list[Arc]:
    rows = tables.select("arcs", ["id", "label", "stories"]).sort_by("id").to_pylist()
    return [Arc(id=row["id"], label=row["label"] or "", stories=sorted(row["stories"])) for row in rows]


def _load_rejects(tables: RunTables) -> list[Reject]:
    rows = tables.select("rejects", ["path", "line", "reason"]).to_pylist()
    found = [Reject(path=row["path"], line=row["line"], reason=row["reason"]) for row in rows]
    return sorted(found, key=lambda reject: (reject.path or "", reject.line or 0, reject.reason))


def _count(articles: Articles, groups: Groups, stories: Stories, rejects: Sequence[Reject]) -> Counts:
    return Counts(
        articles=len(articles),
        undated=articles.count_undated(),
        files=len(articles.paths() | {reject.path for reject in rejects if reject.path}),
        groups=len(groups),
        copies=groups.count_copies(),
        stories=len(stories),
        facts=stories.facts.total,
        new_facts=stories.facts.new,
        rejects=len(rejects),
        without_rules=articles.count_without_rules(),
    )
