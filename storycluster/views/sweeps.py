"""Groups and stories over thresholds as tables for a terminal. It computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storycluster.sweep import GroupCount, StoryCount
from storycluster.views.tables import write_heading, write_paragraph, write_table

RUN_MARK = "*"


def write_sweeps(groups: Sequence[GroupCount], stories: Sequence[StoryCount]) -> str:
    """Both tables, each where it has rows; the run's own threshold carries a mark."""
    return "\n".join([*_groups(groups), *([""] if groups and stories else []), *_stories(stories)]).lstrip("\n") + "\n"


def _groups(counts: Sequence[GroupCount]) -> Iterator[str]:
    if not counts:
        return
    yield from write_heading("Copies over dedup.threshold")
    yield from write_paragraph(
        "Counted from the verified pairs of the run, which looked for none below its own threshold (*)."
    )
    yield ""
    rows = [
        (
            _mark(each.threshold, each.is_run),
            f"{each.groups:,}",
            f"{each.copies:,}",
            f"{each.largest:,}",
            f"{each.kept:,}",
        )
        for each in counts
    ]
    yield from write_table(("threshold", "groups", "copies", "largest group", "articles kept"), rows)


def _stories(counts: Sequence[StoryCount]) -> Iterator[str]:
    if not counts:
        return
    yield from write_heading("Stories over stories.threshold")
    yield from write_paragraph(
        "Recomputed from the stored similarities; * is the run's own threshold. Sizes and shares count articles, "
        "copies included."
    )
    yield ""
    rows = [
        (
            _mark(each.threshold, each.is_run),
            f"{each.stories:,}",
            f"{each.alone:,}",
            f"{each.pairs:,}",
            f"{each.more:,}",
            f"{each.largest:,}",
            f"{each.largest_share:.1%}",
            f"{each.alone_share:.1%}",
        )
        for each in counts
    ]
    sizes = ("of 1", "of 2", "of 3+")
    headers = ("thres-\nhold", "stories", *sizes, "largest", "its\nshare", "share\nof 1")
    yield from write_table(headers, rows)


def _mark(threshold: float, is_run: bool) -> str:
    return f"{RUN_MARK if is_run else ''}{_say_threshold(threshold)}"


def _say_threshold(threshold: float) -> str:
    """With two digits, or all it has."""
    return max(f"{threshold:.2f}", f"{threshold:g}", key=len)
