"""A report as a reader meets it: the same parts in the same order and words for every format. It escapes nothing.

Every string is cleaned of control and reordering characters; a format adds its own markup and escaping.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from storycluster.views.escape import clean
from storycluster.views.groups import Groups
from storycluster.views.introduction import introduce
from storycluster.views.limits import choose_largest, say_left_out
from storycluster.views.shape import ArticleEntry, Figure, Group, Reject, Story
from storycluster.views.shown import Shown
from storycluster.views.statements import ArticleFacts, FactIndex, arrange_facts
from storycluster.views.wording import (
    LABEL_LETTERS,
    RELATION_WORDS,
    ROLE_WORDS,
    UNDATED,
    say_article,
    say_count,
    say_days,
    say_name,
    say_origin,
    say_published,
    say_share,
    say_value,
)

#: Paths named per reason for a reject; the table has all of them.
REJECTS_NAMED = 3

#: Of a passage, in letters; with less left it is not quoted above the statements that say the rest.
UNSAID_SHARE = 0.1

#: Between a value of a figure and the one before it.
FIGURE_SIGNS = {"updated": "→", "conflicting": "≠", "known": "="}
FIGURE_LEGEND = "→ a later value, ≠ in conflict with an earlier one, = the same again"


#: In a table, where there is no number to give.
NONE = "–"

#: Columns of the table of stories that hold words; the others hold numbers.
TEXT_COLUMNS = ("Story", "Dates")


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """An article as it is named in the report; ``number`` is its place in time order, from 1."""

    number: int
    name: str
    date: str
    origin: str


#: How an article is named, by its id.
Reference = Callable[[str], ArticleRef]


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: ``note`` says how much of it is the kept article."""

    article: ArticleRef
    note: str


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """A kept article and its copies; ``place`` is that of the group in ``report.json``."""

    kept: ArticleRef
    copies: list[Copy]
    left_out: str
    place: int


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """One article of a story with what it adds."""

    article: ArticleRef
    role: str
    how: str
    copy_of: int | None
    passages: list[str]
    facts: ArticleFacts | None


@dataclass(frozen=True, slots=True)
class StoryPart:
    """One story; ``number`` is its place in the report, from 1."""

    number: int
    label: str
    terms: list[str]
    days: str
    articles: int
    sources: int
    new_facts: int | None
    related: list[int]
    parts: list[ArticlePart]
    parts_left_out: str


@dataclass(frozen=True, slots=True)
class FigurePoint:
    """One value of a figure; ``sign`` stands before it and says how it relates to the one before."""

    sign: str
    value: str
    date: str
    speaker: str
    article: int
    fact: str | None


@dataclass(frozen=True, slots=True)
class FigurePart:
    """A thing counted and its values in time order."""

    number: int
    counts: str
    conflicting: bool
    points: list[FigurePoint]


@dataclass(frozen=True, slots=True)
class RejectPart:
    """Inputs rejected for one reason; ``where`` names the first of them."""

    reason: str
    count: int
    where: list[str]


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of a report in reading order; an empty part is left out by every format."""

    intro: str
    stories: list[StoryPart]
    below_stories: str
    copies: list[CopyGroup]
    copies_left_out: str
    boilerplate: list[str]
    figures: list[FigurePart]
    figures_left_out: str
    rejects: list[RejectPart]
    articles: list[ArticleRef]
    articles_left_out: str


def arrange(shown: Shown) -> Outline:
    """The outline of a report."""
    articles = shown.articles
    ref = cache(lambda identity: name_article(articles.number(identity), articles.entry(articles.number(identity))))
    limits: Mapping[str, int] = shown.settings["report"]
    most_articles = limits["max_articles"]
    related = _relate(shown.stories)
    index = FactIndex(shown)
    return Outline(
        intro=introduce(shown),
        stories=[
            _arrange_story(number, story, ref=ref, related=related[number], index=index, shown=shown)
            for number, story in enumerate(shown.stories, start=1)
        ],
        below_stories=_say_below_stories(shown, limits["max_stories"]),
        copies=_arrange_groups(shown.groups, ref, limits),
        copies_left_out=_say_groups_left_out(shown.groups, limits["max_groups"]),
        boilerplate=shown.boilerplate,
        figures=[_arrange_figure(number, figure, ref=ref) for number, figure in enumerate(shown.figures, start=1)],
        figures_left_out=say_left_out(
            shown.other_figures, "more figure", key="max_figures", limit=limits["max_figures"]
        ),
        rejects=_arrange_rejects(shown.rejects),
        articles=[name_article(number, entry) for number, entry in enumerate(islice(articles, most_articles), start=1)],
        articles_left_out=say_left_out(
            len(articles) - most_articles, "more article", key="max_articles", limit=most_articles
        ),
    )


def name_article(number: int, entry: ArticleEntry) -> ArticleRef:
    """The article as it is named everywhere."""
    return ArticleRef(number, say_article(entry), say_published(entry), say_origin(entry))


def story_columns(stories: Sequence[StoryPart]) -> dict[str, list[str]]:
    """The table of stories by column; without new facts or sources where there are none to give."""
    columns = {
        "#": [f"{story.number:,}" for story in stories],
        "Story": [story.label for story in stories],
        "Articles": [f"{story.articles:,}" for story in stories],
        "Sources": [f"{story.sources:,}" if story.sources else NONE for story in stories],
        "Dates": [story.days for story in stories],
        "New facts": [f"{story.new_facts:,}" for story in stories if story.new_facts is not None],
    }
    return {name: cells for name, cells in columns.items() if set(cells) - {NONE, UNDATED}}


def _say_below_stories(shown: Shown, limit: int) -> str:
    """What their table does not tell: stories beyond the limit, facts of several stories; empty where there is none."""
    left, beside = shown.counts.stories - len(shown.stories), f" with {say_count(shown.other_articles, 'article')}"
    left_out = say_left_out(left, "smaller story", key="max_stories", limit=limit, beside=beside)
    by_story = sum(story.new_facts for story in shown.stories) if "facts" in shown.stages else 0
    twice = (
        f"A fact of a passage counts in each story it tells: {by_story:,} by story, {shown.counts.new_facts:,} in all."
    )
    return " ".join(filter(None, (left_out, twice if by_story > shown.counts.new_facts else "")))


def _say_groups_left_out(groups: Groups, limit: int) -> str:
    """A line for the groups beyond the limit, empty where there is none."""
    copies = sum(sorted((size - 1 for size in groups.sizes()), reverse=True)[limit:])
    beside = f" with {say_count(copies, 'copy')}"
    return say_left_out(len(groups) - limit, "smaller group", key="max_groups", limit=limit, beside=beside)


def _arrange_story(
    number: int,
    story: Story,
    *,
    ref: Reference,
    related: list[int],
    index: FactIndex,
    shown: Shown,
) -> StoryPart:
    with_facts = "facts" in shown.stages
    limit = int(shown.settings["report"]["max_story_articles"])
    fresh = Counter(fact.article for fact in story.facts if fact.status != "known")
    places = choose_largest([fresh[member.article] for member in story.articles], limit)
    by_article = arrange_facts(story, index) if with_facts else {}
    parts = [
        ArticlePart(
            article=ref(member.article),
            role=member.role,
            how=ROLE_WORDS[member.role],
            copy_of=ref(member.copy_of).number if member.copy_of else None,
            passages=_quote(member.passages, by_article.get(member.article)),
            facts=by_article.get(member.article),
        )
        for member in map(story.articles.__getitem__, places)
    ]
    return StoryPart(
        number=number,
        label=say_name(story.label, LABEL_LETTERS),
        terms=[say_name(term) for term in story.terms],
        days=say_days(story.first_published, story.last_published),
        articles=sum(1 for member in story.articles if member.role == "primary"),
        sources=story.sources,
        new_facts=story.new_facts if with_facts else None,
        related=related,
        parts=parts,
        parts_left_out=say_left_out(
            len(story.articles) - limit, "more article", key="max_story_articles", limit=limit, beside=" of this story"
        ),
    )


def _quote(passages: Sequence[str], facts: ArticleFacts | None) -> list[str]:
    """The passages to quote: not those that the statements and figures below give word for word."""
    below = [*facts.new, *(change.statement for change in facts.changes)] if facts else []
    said = {statement.text for statement in below}
    return [passage for passage in map(clean, passages) if not _covers(said, passage)]


def _covers(said: Iterable[str], passage: str) -> bool:
    left = passage
    for text in sorted(said, key=lambda text: (-len(text), text)):  # a longer one may hold a shorter
        left = left.replace(text, "")
    return len(left) <= UNSAID_SHARE * len(passage)


def _relate(stories: Sequence[Story]) -> dict[int, list[int]]:
    """For each listed story, by number, the others of its arc."""
    arcs: dict[str, list[int]] = defaultdict(list)
    for number, story in enumerate(stories, start=1):
        arcs[story.arc or story.id].append(number)
    return {
        number: [other for other in arcs[story.arc or story.id] if other != number]
        for number, story in enumerate(stories, start=1)
    }


def _arrange_groups(groups: Groups, ref: Reference, limits: Mapping[str, int]) -> list[CopyGroup]:
    """The largest groups, in the time order of their kept articles."""
    places = choose_largest(groups.sizes(), limits["max_groups"])
    return [_arrange_group(place, groups[place], ref, limits["max_copies"]) for place in places]


def _arrange_group(place: int, group: Group, ref: Reference, most_copies: int) -> CopyGroup:
    copies = [
        Copy(ref(member.article), _say_relation(member.relation, member.jaccard, member.containment))
        for member in group.copies()[:most_copies]
    ]
    left = len(group.members) - 1 - most_copies
    left_out = say_left_out(left, "more copy", key="max_copies", limit=most_copies)
    return CopyGroup(ref(group.kept), copies, left_out, place)


def _say_relation(relation: str, jaccard: float, containment: float) -> str:
    words = RELATION_WORDS.get(relation, say_name(relation))
    if relation == "exact":
        return words
    return f"{words}, {say_share(containment if relation == 'contained' else jaccard)} shared"


def _arrange_figure(number: int, figure: Figure, *, ref: Reference) -> FigurePart:
    points = [
        FigurePoint(
            sign=FIGURE_SIGNS.get(point.status or "", ",") if place else "",
            value=say_value(point),
            date=say_days(point.as_of, None) if point.as_of else ref(point.article).date,
            speaker=say_name(point.speaker),
            article=ref(point.article).number,
            fact=point.fact,
        )
        for place, point in enumerate(figure.series)
    ]
    planned = ", planned" if figure.planned else ""
    return FigurePart(number, f"{say_name(figure.counts)}{planned}", figure.conflicting, points)


def _arrange_rejects(rejects: Sequence[Reject]) -> list[RejectPart]:
    """Reasons, the most frequent first, each with where it was met first."""
    reasons = Counter(say_name(reject.reason) for reject in rejects)
    where: dict[str, list[str]] = {reason: [] for reason in reasons}
    for reject in rejects:
        line = f", line {reject.line:,}" if reject.line else ""
        where[say_name(reject.reason)].append(f"{say_name(reject.path) or 'input'}{line}")
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return [RejectPart(reason, count, where[reason][:REJECTS_NAMED]) for reason, count in ordered]
