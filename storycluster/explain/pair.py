"""Why two articles are together or apart: scores per channel, shared terms, copies, stories, and the thresholds.

It reads stored scores; a pair without one is said to be below the lowest that is kept, never measured anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal

import pyarrow.compute as pc

from storycluster.config import Config
from storycluster.explain.means import StoryMeans, first_change, read_means
from storycluster.explain.parts import ArticleName, Channels, channels_of, name_articles, read_articles
from storycluster.explain.terms import SharedTerm, find_shared_terms
from storycluster.runs import Run
from storycluster.stored import copies, primary_stories, read_config, stories_are_given
from storycluster.vectors import common_language

#: Channels that are weighted into the score; time and support come after.
_WEIGHTED: Final = ("words", "word_pairs", "names", "lead")
#: Why two articles have no stored score.
Unmeasured = Literal["copies", "language", "window", "cut off", "below", "given", "no stories"]
#: Thresholds tried, the nearest to the run's own first: from the lowest stored score up in such steps.
STEP: Final = 0.01
LAST: Final = 1.0
#: Articles that hang together up to which other thresholds are tried; beyond, it takes too long to wait for.
MOST_TRIED: Final = 2_000


@dataclass(frozen=True, slots=True)
class CopyVerdict:
    """The verified pair, None where the two are no pair; ``is_group`` where they are in one group of copies."""

    is_group: bool
    relation: str | None
    jaccard: float | None
    containment: float | None
    threshold: float
    containment_threshold: float


@dataclass(frozen=True, slots=True)
class TogetherVerdict:
    """Whether two articles are in one story or arc, and at which ``stories.threshold`` that would change.

    ``common`` are all stories both tell in any role. ``mean_between`` is the mean score over all pairs of the two
    stories; below ``merges_below`` they are better as one, so far as only these two decide. ``leaves_above`` is the
    lower of both articles' mean scores with the rest of their common story; above it ``leaver`` is better alone.
    ``changes_at`` is the threshold, nearest to the run's, at which finding stories anew from the stored scores gave
    the other answer; None where none did or it was not tried.
    """

    stories: tuple[str | None, str | None]
    labels: tuple[str, str]
    is_story: bool
    is_arc: bool
    common: tuple[str, ...]
    threshold: float
    mean_between: float | None
    merges_below: float | None
    leaves_above: float | None
    leaver: str | None
    is_tried: bool
    changes_at: float | None


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Two articles: scores or why there are none, shared terms, whether they are copies, whether they are together.

    ``compared`` are the kept articles whose scores stand for the two, ``weights`` the run's weight of each channel
    by name. ``floor`` is the lowest score that is kept, ``gap_days`` the days between both, None where one is undated.
    """

    a: ArticleName
    b: ArticleName
    compared: tuple[str, str]
    channels: Channels | None
    weights: tuple[tuple[str, float], ...]
    unmeasured: Unmeasured | None
    floor: float
    gap_days: int | None
    window_days: float
    copies: CopyVerdict
    together: TogetherVerdict | None
    terms: tuple[SharedTerm, ...]


def explain_pair(run: Run, a: str, b: str) -> PairExplanation:
    """Why articles ``a`` and ``b``, both of the run, are together or apart."""
    config = read_config(run)
    kept = copies(run)
    compared = (kept.get(a, a), kept.get(b, b))
    rows = read_articles(run, [a, b])
    row = _stored(run, "similarities", *compared) if "stories" in run.stages else None
    languages = _languages(run, a, b)
    gap = _gap(rows[a], rows[b])
    names = name_articles(run, [a, b])
    is_one = compared[0] == compared[1]
    return PairExplanation(
        a=names[a],
        b=names[b],
        compared=compared,
        channels=channels_of(row) if row else None,
        weights=tuple((name, getattr(config.stories, name)) for name in _WEIGHTED),
        unmeasured=None if row else _unmeasured(run, config, compared, languages=languages, gap=gap),
        floor=config.stories.least_similarity,
        gap_days=gap.days if gap is not None else None,
        window_days=config.stories.window_days,
        copies=_copies(run, config, a, b, is_group=is_one),
        together=_together(run, config, a, b, compared) if "stories" in run.stages else None,
        terms=find_shared_terms(rows[a], rows[b], languages[0], config.stories.article_words)
        if languages[0] == languages[1]
        else (),
    )


def _stored(run: Run, table: str, a: str, b: str) -> dict[str, Any] | None:
    """The row of a table of pairs, a < b."""
    first, second = sorted((a, b))
    rows = run.tables[table]
    mine = rows.filter(pc.and_(pc.equal(rows.column("a"), first), pc.equal(rows.column("b"), second))).to_pylist()
    return mine[0] if mine else None


def _languages(run: Run, a: str, b: str) -> tuple[str, str]:
    articles = run.tables["articles"]
    places = {name: at for at, name in enumerate(articles.column("id").to_pylist())}
    languages = common_language(articles.column("language").to_pylist())
    return languages[places[a]], languages[places[b]]


def _gap(first: Mapping[str, Any], second: Mapping[str, Any]) -> timedelta | None:
    if first["published"] is None or second["published"] is None:
        return None
    gap: timedelta = abs(first["published"] - second["published"])
    return gap


def _unmeasured(
    run: Run, config: Config, compared: tuple[str, str], *, languages: tuple[str, str], gap: timedelta | None
) -> Unmeasured:
    if compared[0] == compared[1]:
        return "copies"
    if "stories" not in run.stages:
        return "no stories"
    if stories_are_given(run):
        return "given"
    if languages[0] != languages[1]:
        return "language"
    if gap is not None and gap > timedelta(days=config.stories.window_days):
        return "window"
    rows = run.tables["similarities"]
    for article in compared:
        near = pc.sum(pc.or_(pc.equal(rows.column("a"), article), pc.equal(rows.column("b"), article))).as_py() or 0
        if near >= config.stories.most_neighbours:
            return "cut off"
    return "below"


def _copies(run: Run, config: Config, a: str, b: str, *, is_group: bool) -> CopyVerdict:
    row = _stored(run, "pairs", a, b) or {}
    return CopyVerdict(
        is_group=is_group,
        relation=row.get("relation"),
        jaccard=row.get("jaccard"),
        containment=row.get("containment"),
        threshold=config.dedup.threshold,
        containment_threshold=config.dedup.containment_threshold,
    )


def _together(run: Run, config: Config, a: str, b: str, compared: tuple[str, str]) -> TogetherVerdict:
    told = primary_stories(run)
    stories = (told.get(a), told.get(b))
    known = {row["id"]: row for row in run.tables["stories"].to_pylist()}
    labels, arcs = ([known[story][column] if story else "" for story in stories] for column in ("label", "arc"))
    roles = run.tables["memberships"].select(["article", "story"]).to_pylist()
    each = [{row["story"] for row in roles if row["article"] == article} for article in (a, b)]
    means = None if stories_are_given(run) or None in stories or compared[0] == compared[1] else read_means(run)
    is_story = stories[0] == stories[1] and stories[0] is not None
    apart = (str(stories[0]), str(stories[1])) if means and not is_story else None
    return TogetherVerdict(
        stories=stories,
        labels=(labels[0], labels[1]),
        is_story=is_story,
        is_arc=None not in stories and arcs[0] == arcs[1],
        common=tuple(sorted(each[0] & each[1])),
        threshold=config.stories.threshold,
        mean_between=means.between(*apart) if means and apart else None,
        merges_below=means.merges_below(*apart) if means and apart else None,
        **_leaving(means, compared, is_story=is_story),
        **_tried(means, compared, config, is_story=is_story),
    )


def _leaving(means: StoryMeans | None, compared: tuple[str, str], *, is_story: bool) -> dict[str, Any]:
    """Whose mean score with the rest of the common story is lower."""
    if not means or not is_story:
        return {"leaves_above": None, "leaver": None}
    mean, leaver = min((means.own(article) or 0.0, article) for article in compared)
    return {"leaves_above": mean, "leaver": leaver}


def _tried(means: StoryMeans | None, compared: tuple[str, str], config: Config, *, is_story: bool) -> dict[str, Any]:
    """The threshold nearest to the run's at which finding stories anew gives the other answer."""
    if not means:
        return {"is_tried": False, "changes_at": None}
    part = means.component(*compared)
    if part is None:
        return {"is_tried": True, "changes_at": None}
    if part[0].shape[0] > MOST_TRIED:
        return {"is_tried": False, "changes_at": None}
    own = config.stories.threshold
    first = int(config.stories.least_similarity / STEP) + 1
    grid = [round(number * STEP, 2) for number in range(first, round(LAST / STEP) + 1)]
    wanted = sorted(
        (each for each in grid if (each > own) == is_story and each != own), key=lambda each: abs(each - own)
    )
    found = first_change(*part, thresholds=wanted, config=config.stories, are_together=is_story)
    return {"is_tried": True, "changes_at": found}
