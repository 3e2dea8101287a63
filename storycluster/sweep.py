"""What other thresholds would give: groups and stories of a run over a range of thresholds.

It works on stored scores and measures no similarity anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.config import DedupConfig, StoriesConfig
from storycluster.model import ARTICLES, PAIRS
from storycluster.runs import Run
from storycluster.stages.duplicates import group
from storycluster.stages.stories import find_stories
from storycluster.stored import StoredScores, open_memory_engine, read_config, read_scores, require_stage

#: Steps from the run's dedup.threshold up to equal shingles.
GROUP_STEPS: Final = 10
#: stories.threshold is tried in such steps up to this; above it hardly any two articles are one story.
STORY_STEP: Final = 0.05
LAST_STORY_THRESHOLD: Final = 0.6
_DIGITS: Final = 6  # thresholds are sums of floats


@dataclass(frozen=True, slots=True)
class GroupCount:
    """Groups of copies at one ``dedup.threshold``; ``kept`` is the number of articles left without copies."""

    threshold: float
    groups: int
    copies: int
    largest: int
    kept: int
    is_run: bool


@dataclass(frozen=True, slots=True)
class StoryCount:
    """Stories at one ``stories.threshold``: how many of which size, copies counted.

    ``alone``, ``pairs`` and ``more`` are stories of one, two and more articles, ``largest`` the articles of the
    largest one. The shares are of all articles, 0..1.
    """

    threshold: float
    stories: int
    alone: int
    pairs: int
    more: int
    largest: int
    largest_share: float
    alone_share: float
    is_run: bool


def sweep_groups(run: Run) -> list[GroupCount]:
    """Groups and copies from the run's ``dedup.threshold`` up, from the verified scores of its pairs.

    Below its threshold pairs were not looked for, so there is nothing to count. Raises InputError for a run
    without near-duplicates, StoreError for one without its config.
    """
    require_stage(run, "duplicates")
    config = read_config(run).dedup
    width = (1.0 - config.threshold) / GROUP_STEPS
    thresholds = sorted(set(steps(config.threshold, 1.0, width=width))) if width else [1.0]
    engine = open_memory_engine()
    columns = run.tables["articles"]
    articles = engine.table("articles", columns.to_batches(), ARTICLES)
    counts = []
    for threshold in thresholds:
        pairs = engine.table("pairs", pairs_at(run, replace(config, threshold=threshold)).to_batches(), PAIRS)
        rows = engine.to_arrow(group(articles, pairs, replace(config, threshold=threshold), engine))
        counts.append(_count_groups(rows, threshold, articles=columns.num_rows, is_run=threshold == config.threshold))
    return counts


def pairs_at(run: Run, config: DedupConfig) -> pa.Table:
    """The verified pairs of a run that are pairs at another ``dedup.threshold``, with the relation they have there.

    A near pair below the threshold stays, as a contained one, where it passes the thresholds for these.
    """
    pairs, signatures = run.tables["pairs"], run.tables["signatures"]
    places = pc.index_in(pairs.column("shorter"), value_set=signatures.column("article"))
    shingles = signatures.column("shingles").take(places).to_numpy()
    jaccard, containment = (pairs.column(name).to_numpy() for name in ("jaccard", "containment"))
    relation = pairs.column("relation").to_numpy(zero_copy_only=False)
    is_exact, is_near = relation == "exact", jaccard >= config.threshold
    is_contained = (containment >= config.containment_threshold) & (shingles >= config.least_contained_shingles)
    named = np.where(is_exact, "exact", np.where(is_near, "near", "contained"))
    place = pairs.schema.get_field_index("relation")
    return pairs.set_column(place, PAIRS.field("relation"), pa.array(named, pa.string())).filter(
        pa.array(is_exact | is_near | is_contained)
    )


def _count_groups(rows: pa.Table, threshold: float, *, articles: int, is_run: bool) -> GroupCount:
    sizes = rows.group_by("id").aggregate([([], "count_all")]).column("count_all").to_pylist()
    copies = sum(sizes) - len(sizes)
    return GroupCount(threshold, len(sizes), copies, max(sizes, default=0), articles - copies, is_run)


def sweep_stories(run: Run, thresholds: Sequence[float] | None = None) -> list[StoryCount]:
    """Number and sizes of stories over ``stories.threshold``, found in the stored similarities as the run found them.

    Without ``thresholds`` steps from the lowest stored similarity up, and the run's own. Raises InputError for a
    run without stories or with given ones, StoreError for one without its config.
    """
    config = read_config(run).stories
    scores = read_scores(run)
    first = ceil(round(config.least_similarity / STORY_STEP, _DIGITS)) * STORY_STEP
    tried = thresholds or [*steps(first, LAST_STORY_THRESHOLD, width=STORY_STEP), config.threshold]
    configs = [replace(config, threshold=each) for each in sorted(set(tried))]
    return [_count_stories(scores, each, is_run=each.threshold == config.threshold) for each in configs]


def _count_stories(scores: StoredScores, config: StoriesConfig, *, is_run: bool) -> StoryCount:
    sizes = story_sizes(scores, config)
    articles = int(sizes.sum())
    alone, largest = int((sizes == 1).sum()), int(sizes.max(initial=0))
    return StoryCount(
        threshold=config.threshold,
        stories=sizes.size,
        alone=alone,
        pairs=int((sizes == 2).sum()),
        more=int((sizes > 2).sum()),
        largest=largest,
        largest_share=largest / articles if articles else 0.0,
        alone_share=alone / articles if articles else 0.0,
        is_run=is_run,
    )


def story_sizes(scores: StoredScores, config: StoriesConfig) -> npt.NDArray[np.int64]:
    """Articles, copies counted, of each story that a config finds in stored scores."""
    labels = find_stories(scores.graph, config)
    return np.bincount(labels, weights=scores.sizes).astype(np.int64)


def steps(first: float, last: float, *, width: float) -> Iterator[float]:
    """Thresholds from first to last, both included, ``width`` apart.

    >>> list(steps(0.8, 0.9, width=0.05))
    [0.8, 0.85, 0.9]
    """
    for number in range(round((last - first) / width) + 1):
        yield round(first + number * width, _DIGITS)
