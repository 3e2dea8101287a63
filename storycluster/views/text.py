"""A report for a terminal, a pipe or a mail: plain lines of at most the given width, no colour, no cursor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tabulate import tabulate
from wcwidth import width as display_width
from wcwidth import wrap

from storycluster.views import boilerplate
from storycluster.views.outline import (
    FIGURE_LEGEND,
    TEXT_COLUMNS,
    ArticlePart,
    ArticleRef,
    FigurePart,
    Outline,
    RejectPart,
    StoryPart,
    arrange,
    story_columns,
)
from storycluster.views.shown import Shown
from storycluster.views.statements import ArticleFacts, Change, Statement
from storycluster.views.wording import say_about, say_count, say_known, say_list

MIN_WIDTH = 40  # below this a line holds too few words to be read
PROSE_WIDTH = 100  # above this the eye loses the next line; only the table of stories grows further
DAYS_WIDTH = len("18 Oct 2024 to")
LABEL_WIDTH = 20  # the least a story's label gets in the table
KEPT_COLUMNS = ("#", "Story")
DROPPED_COLUMNS = ("Sources", "Dates", "Articles", "New facts")  # on a narrow terminal, in this order
INDENT = "  "
BULLET = "• "


def to_text(shown: Shown, *, width: int) -> str:
    """The report in lines of at most ``width`` columns (not below 40), ending with a line end."""
    outline = arrange(shown)
    lines = _write(outline, max(MIN_WIDTH, width))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _write(outline: Outline, table_width: int) -> Iterator[str]:
    width = min(table_width, PROSE_WIDTH)
    yield from wrap(outline.intro, width)
    if outline.stories:
        yield from _heading("Stories", width)
        yield from _story_table(outline.stories, table_width)
    if outline.below_stories:
        yield from ("", *wrap(outline.below_stories, width))
    yield from _write_groups(outline, width)
    for story in outline.stories:
        yield from _write_story(story, width)
    yield from _write_figures(outline.figures, width)
    if outline.figures_left_out:
        yield from _paragraph(BULLET, outline.figures_left_out, width)
    if outline.boilerplate:
        yield from _heading(boilerplate.TITLE, width)
    for line in outline.boilerplate:
        yield from _paragraph(BULLET, line, width)
    yield from _write_rejects(outline.rejects, width)
    if not outline.stories:
        yield from _write_articles(outline, width)


def _heading(words: str, width: int) -> Iterator[str]:
    lines = wrap(words, width)
    yield ""
    yield ""
    yield from lines
    yield "─" * max(display_width(line) for line in lines)


def _paragraph(first: str, words: str, width: int) -> list[str]:
    """Wrapped words; ``first`` stands before the first line and the others hang under it."""
    return list(wrap(words, width, initial_indent=first, subsequent_indent=" " * display_width(first)))


def _story_table(stories: Sequence[StoryPart], width: int) -> list[str]:
    """One row per story; the label takes what the other columns leave, and these go where it is too little."""
    columns = story_columns(stories)
    if "Dates" in columns:
        columns["Dates"] = ["\n".join(wrap(days, DAYS_WIDTH)) for days in columns["Dates"]]
    probe = ["x" * LABEL_WIDTH] * len(stories)
    while True:
        spare = width - max(map(len, _tabulate(columns | {"Story": probe}))) + LABEL_WIDTH
        if spare >= LABEL_WIDTH or len(columns) == len(KEPT_COLUMNS):
            break
        del columns[next(name for name in DROPPED_COLUMNS if name in columns)]
    labels = ["\n".join(wrap(story.label, max(spare, 1))) for story in stories]
    return _tabulate(columns | {"Story": labels})


def _tabulate(columns: Mapping[str, Sequence[str]]) -> list[str]:
    align = ["left" if name in TEXT_COLUMNS else "right" for name in columns]
    headers = [name.replace(" ", "\n") for name in columns]
    rows = list(zip(*columns.values(), strict=True))
    table = tabulate(rows, headers=headers, tablefmt="simple", colalign=align, disable_numparse=True)
    return str(table).splitlines()


def _write_groups(outline: Outline, width: int) -> Iterator[str]:
    if outline.copies:
        yield from _heading("Copies", width)
    for group in outline.copies:
        yield from _paragraph(_number(group.kept), f"{group.kept.name}, {_byline(group.kept)}", width)
        for copy in group.copies:
            words = f"{copy.article.name}, {_byline(copy.article)}: {copy.note}"
            yield from _paragraph(f"{INDENT}copy {_number(copy.article)}", words, width)
        if group.left_out:
            yield from _paragraph(INDENT, group.left_out, width)
    if outline.copies_left_out:
        yield from ("", *wrap(outline.copies_left_out, width))


def _write_story(story: StoryPart, width: int) -> Iterator[str]:
    yield from _heading(f"{story.number}. {story.label}", width)
    yield from wrap(say_about(story.days, story.articles, sources=story.sources, related=story.related), width)
    if story.terms:
        yield from _paragraph("Terms: ", ", ".join(story.terms), width)
    for part in story.parts:
        yield ""
        yield from _write_article(part, width)
    if story.parts_left_out:
        yield from ("", *wrap(story.parts_left_out, width))


def _write_article(part: ArticlePart, width: int) -> Iterator[str]:
    article = part.article
    yield from _paragraph(_number(article), article.name, width)
    how = f"copy of [{part.copy_of}]" if part.copy_of else part.how
    inner = INDENT * 2
    yield from _paragraph(inner, " · ".join(words for words in (article.date, how, article.origin) if words), width)
    if part.copy_of:
        return
    for passage in part.passages:
        yield from _paragraph(f"{inner}“", f"{passage}”", width)
    if part.facts:
        yield from _write_facts(part.facts, inner, width)


def _write_facts(facts: ArticleFacts, inner: str, width: int) -> Iterator[str]:
    for statement in facts.new:
        yield from _paragraph(inner + BULLET, _say_statement(statement), width)
    if facts.left_out:
        yield from _paragraph(inner + BULLET, f"and {say_count(facts.left_out, 'more new fact')}", width)
    if facts.changes:
        yield from _paragraph(inner, "Figures that differ from earlier ones:", width)
    for change in facts.changes:
        sign = "≠ " if change.conflicting else "→ "
        yield from _paragraph(inner + sign, _say_change(change), width)
    if facts.known:
        first = [f"[{place.article}]" for place in facts.first_said]
        yield from _paragraph(inner, say_known(facts.known_facts, first), width)


def _say_statement(statement: Statement, *, before: str = "") -> str:
    speaker = f" — {statement.speaker}" if statement.speaker else ""
    first = f"first in [{statement.said.article}]" if statement.note and statement.said else ""
    places = say_list([f"[{place.article}]" for place in statement.also_in])
    also = f"also in {places}, {statement.sources}" if places else ""
    remarks = "; ".join(part for part in (statement.note, first, also, before) if part)
    return f"{statement.text}{speaker}{f' ({remarks})' if remarks else ''}"


def _say_change(change: Change) -> str:
    value = f"{change.value} {change.counts}: " if change.value else ""
    earlier = say_list([f"{earlier} [{place.article}]" for earlier, place in change.before])
    return value + _say_statement(change.statement, before=f"before: {earlier}" if earlier else "")


def _write_figures(figures: Sequence[FigurePart], width: int) -> Iterator[str]:
    if figures:
        yield from _heading("Figures over time", width)
        yield from wrap(f"({FIGURE_LEGEND})", width)
    for figure in figures:
        words = ""
        for point in figure.points:
            speaker = f", {point.speaker}" if point.speaker else ""
            gap = " " if point.sign and point.sign != "," else ""
            words += f"{gap}{point.sign} {point.value} ({point.date}{speaker}) [{point.article}]"
        yield from _paragraph(BULLET, f"{figure.counts}:{words}", width)


def _write_rejects(rejects: Sequence[RejectPart], width: int) -> Iterator[str]:
    if rejects:
        yield from _heading("Rejected", width)
    for reject in rejects:
        more = reject.count - len(reject.where)
        where = [*reject.where, *([f"{more:,} more"] if more else [])]
        yield from _paragraph(BULLET, f"{reject.reason}: {say_list(where)}", width)


def _write_articles(outline: Outline, width: int) -> Iterator[str]:
    """The list of articles, where no story lists them."""
    yield from _heading("Articles", width)
    for article in outline.articles:
        yield from _paragraph(_number(article), f"{article.name}, {_byline(article)}", width)
    if outline.articles_left_out:
        yield from ("", *wrap(outline.articles_left_out, width))


def _byline(article: ArticleRef) -> str:
    return ", ".join(part for part in (article.date, article.origin) if part)


def _number(article: ArticleRef) -> str:
    return f"[{article.number}] "
