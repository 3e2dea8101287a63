"""A report for a wiki or an issue: CommonMark with GitHub's tables, links between facts, everything quoted escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tabulate import tabulate

from storycluster.views import boilerplate
from storycluster.views.escape import escape_markdown
from storycluster.views.outline import (
    FIGURE_LEGEND,
    TEXT_COLUMNS,
    ArticlePart,
    ArticleRef,
    CopyGroup,
    FigurePart,
    Outline,
    RejectPart,
    StoryPart,
    arrange,
    story_columns,
)
from storycluster.views.shown import Shown
from storycluster.views.statements import ArticleFacts, Change, Statement, Where
from storycluster.views.wording import say_about, say_count, say_known, say_list

TITLE = "Stories and new facts"


def to_markdown(shown: Shown) -> str:
    """The report as Markdown, ending with a line end; the order and words are those of the text report."""
    outline = arrange(shown)
    return "\n".join(_write(outline, _Anchors(outline))).rstrip() + "\n"


class _Anchors:
    """A target for every article and every listed fact; each is written once."""

    def __init__(self, outline: Outline) -> None:
        listed = (fact for story in outline.stories for part in story.parts for fact in _listed(part.facts))
        self._facts = {fact: f"f{number}" for number, fact in enumerate(dict.fromkeys(listed), start=1)}
        told = [part.article.number for story in outline.stories for part in story.parts]
        self._articles = frozenset(told or [article.number for article in outline.articles])
        self._written: set[str] = set()

    def set(self, name: str) -> str:
        """The target itself, or nothing where it stands already."""
        if name in self._written:
            return ""
        self._written.add(name)
        return f'<a id="{name}"></a>'

    def set_facts(self, facts: Iterable[str]) -> str:
        """The targets of the facts of a statement."""
        return "".join(self.set(self._facts[fact]) for fact in facts)

    def link(self, place: Where) -> str:
        """A link to where something was said, the number alone where that is not listed."""
        target = self._facts.get(place.fact or "") or (f"a{place.article}" if place.article in self._articles else "")
        return f"[\\[{place.article}\\]](#{target})" if target else f"\\[{place.article}\\]"


def _listed(facts: ArticleFacts | None) -> Iterator[str]:
    if facts:
        for statement in (*facts.new, *(change.statement for change in facts.changes)):
            yield from statement.facts


def _write(outline: Outline, anchors: _Anchors) -> Iterator[str]:
    yield from (f"# {TITLE}", "", escape_markdown(outline.intro), "")
    if outline.stories:
        yield from ("## Stories", "", _story_table(outline.stories), "")
    if outline.below_stories:
        yield from (escape_markdown(outline.below_stories), "")
    if outline.copies:
        yield from ("## Copies", "")
        for group in outline.copies:
            yield from _write_group(group, anchors)
        yield from ("", escape_markdown(outline.copies_left_out), "") if outline.copies_left_out else ("",)
    for story in outline.stories:
        yield from _write_story(story, anchors)
    if outline.figures:
        yield from ("## Figures over time", "", f"({FIGURE_LEGEND})", "")
        yield from (_write_figure(figure, anchors) for figure in outline.figures)
        if outline.figures_left_out:
            yield f"- {escape_markdown(outline.figures_left_out)}"
        yield ""
    yield from _write_boilerplate(outline.boilerplate)
    if outline.rejects:
        yield from ("## Rejected", "")
        yield from map(_write_reject, outline.rejects)
        yield ""
    if not outline.stories:
        yield from _write_articles(outline, anchors)


def _story_table(stories: Sequence[StoryPart]) -> str:
    links = [f"[{escape_markdown(story.label)}](#s{story.number})" for story in stories]
    columns = story_columns(stories) | {"Story": links}
    align = ["left" if name in TEXT_COLUMNS else "right" for name in columns]
    return str(tabulate(columns, headers="keys", tablefmt="github", colalign=align, disable_numparse=True))


def _write_group(group: CopyGroup, anchors: _Anchors) -> Iterator[str]:
    yield f"- {_mention(group.kept, anchors)}"
    for copy in group.copies:
        yield f"  - copy {_mention(copy.article, anchors)}: {escape_markdown(copy.note)}"
    if group.left_out:
        yield f"  - {escape_markdown(group.left_out)}"


def _mention(article: ArticleRef, anchors: _Anchors) -> str:
    byline = "".join(f", {escape_markdown(part)}" for part in (article.date, article.origin) if part)
    return f"{anchors.link(Where(article.number, None))} {escape_markdown(article.name)}{byline}"


def _write_story(story: StoryPart, anchors: _Anchors) -> Iterator[str]:
    yield from (f'## <a id="s{story.number}"></a>{story.number}. {escape_markdown(story.label)}', "")
    yield from (
        escape_markdown(say_about(story.days, story.articles, sources=story.sources, related=story.related)),
        "",
    )
    if story.terms:
        yield from (f"Terms: {escape_markdown(', '.join(story.terms))}", "")
    for part in story.parts:
        yield from _write_article(part, anchors)
    if story.parts_left_out:
        yield from (escape_markdown(story.parts_left_out), "")


def _write_article(part: ArticlePart, anchors: _Anchors) -> Iterator[str]:
    article = part.article
    target = anchors.set(f"a{article.number}")
    yield from (f"### {target}\\[{article.number}\\] {escape_markdown(article.name)}", "")
    how = f"copy of {anchors.link(Where(part.copy_of, None))}" if part.copy_of else part.how
    about = (escape_markdown(article.date), how, escape_markdown(article.origin))
    yield from (" · ".join(words for words in about if words), "")
    if part.copy_of:
        return
    for passage in part.passages:
        yield from (f"> {escape_markdown(passage)}", "")
    if part.facts:
        yield from _write_facts(part.facts, anchors)


def _write_facts(facts: ArticleFacts, anchors: _Anchors) -> Iterator[str]:
    for statement in facts.new:
        yield f"- {_say_statement(statement, anchors)}"
    if facts.left_out:
        yield f"- and {say_count(facts.left_out, 'more new fact')}"
    if facts.new:
        yield ""
    if facts.changes:
        yield from ("Figures that differ from earlier ones:", "")
        yield from (f"- {_say_change(change, anchors)}" for change in facts.changes)
        yield ""
    if facts.known:
        yield from (say_known(facts.known_facts, [anchors.link(place) for place in facts.first_said]), "")


def _say_statement(statement: Statement, anchors: _Anchors, *, before: str = "") -> str:
    speaker = f" — {escape_markdown(statement.speaker)}" if statement.speaker else ""
    first = f"first in {anchors.link(statement.said)}" if statement.note and statement.said else ""
    places = say_list([anchors.link(place) for place in statement.also_in])
    also = f"also in {places}, {statement.sources}" if places else ""
    remarks = "; ".join(part for part in (escape_markdown(statement.note), first, also, before) if part)
    words = f"{escape_markdown(statement.text)}{speaker}{f' ({remarks})' if remarks else ''}"
    return anchors.set_facts(statement.facts) + words


def _say_change(change: Change, anchors: _Anchors) -> str:
    sign = "≠" if change.conflicting else "→"
    value = f"{sign} **{escape_markdown(change.value)}** {escape_markdown(change.counts)}: " if change.value else ""
    earlier = say_list([f"{escape_markdown(earlier)} {anchors.link(place)}" for earlier, place in change.before])
    return value + _say_statement(change.statement, anchors, before=f"before: {earlier}" if earlier else "")


def _write_figure(figure: FigurePart, anchors: _Anchors) -> str:
    words = ""
    for point in figure.points:
        speaker = f", {escape_markdown(point.speaker)}" if point.speaker else ""
        gap = " " if point.sign and point.sign != "," else ""
        place = anchors.link(Where(point.article, point.fact))
        words += f"{gap}{point.sign} {escape_markdown(point.value)} ({escape_markdown(point.date)}{speaker}) {place}"
    return f"- **{escape_markdown(figure.counts)}**:{words}"


def _write_boilerplate(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from (f"## {boilerplate.TITLE}", "", *(f"- {escape_markdown(line)}" for line in lines), "")


def _write_reject(reject: RejectPart) -> str:
    more = reject.count - len(reject.where)
    where = [*(escape_markdown(place) for place in reject.where), *([f"{more:,} more"] if more else [])]
    return f"- {escape_markdown(reject.reason)}: {say_list(where)}"


def _write_articles(outline: Outline, anchors: _Anchors) -> Iterator[str]:
    yield from ("## Articles", "")
    for article in outline.articles:
        byline = "".join(f", {escape_markdown(part)}" for part in (article.date, article.origin) if part)
        target = anchors.set(f"a{article.number}")
        yield f"- {target}\\[{article.number}\\] {escape_markdown(article.name)}{byline}"
    if outline.articles_left_out:
        yield from ("", escape_markdown(outline.articles_left_out))
