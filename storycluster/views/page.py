"""The parts of the HTML report that are more than words: anchors, marked words, charts, texts, differences."""

from __future__ import annotations

import base64
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice

import numpy as np
import pyarrow as pa
from markupsafe import Markup

from storycluster.run_tables import RunTables
from storycluster.views.articles import Articles
from storycluster.views.difference import Difference, compare_words
from storycluster.views.escape import clean_in_place
from storycluster.views.figure_chart import draw_figure
from storycluster.views.heat_map import draw_heat_map
from storycluster.views.limits import say_left_out
from storycluster.views.outline import ArticleRef, Outline, StoryPart, name_article
from storycluster.views.shape import Fact, Support
from storycluster.views.shown import Shown
from storycluster.views.statements import Statement, Where
from storycluster.views.story_graph import draw_story_graph
from storycluster.views.story_map import draw_story_map
from storycluster.views.wording import say_name

WIDE = 760.0  # px of a chart on a desk
NARROW = 336.0  # px of the same chart on a phone
#: Figures with a chart; the others are lines.
FIGURE_CHARTS = 60
GZIP_LEVEL = 9
SAFE_SCHEMES = ("https://", "http://")
NO_SOURCE = "no source named"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the run."""

    name: str
    value: str


class PageParts:
    """What a template asks for by name; everything is made from one report and its tables."""

    def __init__(self, shown: Shown, outline: Outline, tables: RunTables | None) -> None:
        self._shown = shown
        self._outline = outline
        self._settings = shown.settings["report"]
        self.most_statements = int(self._settings["html_statements"])
        self.entry = cache(shown.articles.entry)
        self._facts = {fact.id: fact for story in shown.stories for fact in story.facts}
        self._anchors = {identity: f"f{number}" for number, identity in enumerate(self._facts, start=1)}
        self._seen: set[str] = set()
        self._tables = tables
        self._scores = _load_scores(tables, outline, shown.articles)

    def set(self, name: str) -> bool:
        """Whether an anchor is still free; it is taken after this."""
        is_free = name not in self._seen
        self._seen.add(name)
        return is_free

    def anchor(self, statement: Statement) -> str:
        """The id of a statement: that of its first fact."""
        return self._anchors[statement.facts[0]]

    def target(self, place: Where) -> str:
        """The id of where something was said; empty where it is not on the page."""
        name = self._anchors.get(place.fact or "")
        if name and name in self._listed:
            return name
        return f"a{place.article}" if place.article in self._articles else ""

    @cached_property
    def articles(self) -> list[ArticleRef]:
        """The articles to list: those that what is shown is about, and the first others up to the limit."""
        outline = self._outline
        named = {part.article.number for story in outline.stories for part in story.parts}
        named |= {group.kept.number for group in outline.copies}
        named |= {copy.article.number for group in outline.copies for copy in group.copies}
        named |= {point.article for figure in outline.figures for point in figure.points}
        others = (number for number in range(1, len(self._shown.articles) + 1) if number not in named)
        named.update(islice(others, max(int(self._settings["html_articles"]) - len(named), 0)))
        return [name_article(number, self.entry(number)) for number in sorted(named)]

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The texts of the listed articles by id, as far as they are shown; empty where there are no tables."""
        if self._tables is None:
            return {}
        letters = int(self._settings["html_article_letters"]) + 1  # one more tells that there is more
        listed = pa.array([self.entry(article.number).id for article in self.articles], pa.string())
        return _by_id(self._tables.headings(["id"], letters=letters, where={"id": listed}))

    @cached_property
    def articles_left_out(self) -> str:
        """The line for the articles that are not listed."""
        limit = int(self._settings["html_articles"])
        left = len(self._shown.articles) - len(self.articles)
        return say_left_out(left, "more article", key="html_articles", limit=limit)

    @cached_property
    def _articles(self) -> frozenset[int]:
        return frozenset(article.number for article in self.articles)

    @cached_property
    def brief(self) -> frozenset[int]:
        """Numbers of the stories whose statements are left out, for the page would grow too large."""
        left = self.most_statements
        found = set()
        for story in self._outline.stories:
            left -= sum(1 for _ in _statements(story))
            if left < 0:
                found.add(story.number)
        return frozenset(found)

    @cached_property
    def _listed(self) -> frozenset[str]:
        """Ids of facts that stand on the page, all of a statement under that of its first."""
        stories = (story for story in self._outline.stories if story.number not in self.brief)
        return frozenset(self._anchors[one.facts[0]] for story in stories for one in _statements(story))

    def pieces(self, statement: Statement) -> list[tuple[str, bool]]:
        """The words of a statement in stretches, each with whether it is what is stated."""
        pieces, place = [], 0
        for start, end in sorted(statement.marks):
            if start < place:
                continue
            pieces += [(statement.text[place:start], False), (statement.text[start:end], True)]
            place = end
        return [piece for piece in (*pieces, (statement.text[place:], False)) if piece[0]]

    def spans(self, statement: Statement) -> str:
        """Where the facts of a statement stand in the text or title: "t 12-40 60-80"."""
        facts = [self._facts[identity] for identity in statement.facts]
        return " ".join((facts[0].field, *(f"{fact.span[0]}-{fact.span[1]}" for fact in facts)))

    def support(self, statement: Statement) -> str:
        """Where the earlier sentence stands: "3 text 12-40", or nothing."""
        found = next(filter(None, map(self._find_support, statement.facts)), None)
        if found is None:
            return ""
        return f"{self._shown.articles.number(found.article)} {found.field} {found.span[0]}-{found.span[1]}"

    def _find_support(self, identity: str) -> Support | None:
        fact = self._facts[identity]
        if fact.support:
            return fact.support
        first: Fact | None = next(filter(None, map(self._facts.get, fact.refs)), None)
        if first is None or fact.status == "new":
            return None
        return Support(article=first.article, span=first.sentence, field=first.field, text=first.sentence_text)

    def source(self, article: ArticleRef) -> str:
        """What the source filter calls an article's source."""
        entry = self.entry(article.number)
        return say_name(entry.source or (entry.credits[0] if entry.credits else "")) or NO_SOURCE

    def day(self, article: ArticleRef) -> str:
        """The day for the date filter, or nothing."""
        entry = self.entry(article.number)
        return (entry.published or entry.published_from or "")[:10]

    def address(self, article: ArticleRef) -> str | None:
        """The address of an article where it is safe to follow."""
        url = self.entry(article.number).url or ""
        return url if url.startswith(SAFE_SCHEMES) else None

    def stories(self, number: int) -> list[int]:
        """The numbers of the listed stories an article tells."""
        return self._stories[number]

    @cached_property
    def _stories(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for story in self._outline.stories:
            for part in story.parts:
                found[part.article.number].append(story.number)
        return found

    @cached_property
    def sources(self) -> list[str]:
        """All sources for the filter."""
        return sorted({self.source(article) for article in self.articles})

    @cached_property
    def settings(self) -> list[Setting]:
        """The settings of the run by their dotted names."""
        return [
            Setting(f"{section}.{name}", json.dumps(value, ensure_ascii=False))
            for section, values in self._shown.settings.items()
            for name, value in values.items()
        ]

    def story_map(self, width: float) -> Markup:
        """The story map; the SVG is made of escaped text by the XML library."""
        return Markup(draw_story_map(self._outline.stories, self.entry, width=width))  # noqa: S704

    def heat_map(self, width: float) -> Markup | None:
        """The similarity of articles, where it is known and they are few."""
        drawn = draw_heat_map(self._outline.stories, self._scores, width=width) if self._scores is not None else None
        return Markup(drawn) if drawn else None  # noqa: S704

    def story_graph(self) -> Markup | None:
        """The stories as a graph, where their similarity is known."""
        drawn = draw_story_graph(self._outline.stories, self._scores) if self._scores is not None else None
        return Markup(drawn) if drawn else None  # noqa: S704

    def figure_chart(self, number: int) -> Markup | None:
        """The chart of a figure by its number from 1."""
        if number > FIGURE_CHARTS:
            return None
        drawn = draw_figure(self._outline.figures[number - 1], self._shown.figures[number - 1])
        return Markup(drawn) if drawn else None  # noqa: S704

    def difference(self, group: int, copy: int) -> Difference | None:
        """A copy against the article it copies, word by word; None for equal texts and beyond the limit."""
        if (group, copy) not in self._compared:
            return None
        kept, other = self._compared[group, copy]
        return compare_words(self._compared_texts[kept], self._compared_texts[other])

    @cached_property
    def _compared(self) -> dict[tuple[int, int], tuple[str, str]]:
        """Kept article and copy where they are compared: those with other words, as many as the settings say."""
        found = []
        for listed in self._outline.copies:
            group = self._shown.groups[listed.place]
            copies = enumerate(group.copies()[: len(listed.copies)])
            pairs = ((place, member) for place, member in copies if member.relation != "exact")
            found += [((listed.place, place), (group.kept, member.article)) for place, member in pairs]
        return dict(found[: int(self._settings["html_diffs"])] if self._tables else ())

    @cached_property
    def _compared_texts(self) -> dict[str, str]:
        """The texts that are compared, by id."""
        ids = pa.array(sorted({identity for pair in self._compared.values() for identity in pair}), pa.string())
        return _by_id(self._tables.select("articles", ["id", "text"], where={"id": ids})) if self._tables else {}

    @cached_property
    def texts(self) -> str:
        """Article texts by number, as base64 of compressed JSON; empty where there are none."""
        if not self._texts:
            return ""
        content = json.dumps(list(self._packed()), ensure_ascii=True, separators=(",", ":"))
        return base64.b64encode(gzip.compress(content.encode(), GZIP_LEVEL, mtime=0)).decode("ascii")

    def _packed(self) -> Iterator[dict[str, object]]:
        """Title, text and whether it is cut; letters are kept at their places so that spans fit."""
        left = int(self._settings["html_letters"])
        longest = int(self._settings["html_article_letters"])
        for number in range(1, len(self._shown.articles) + 1):
            if number not in self._articles:
                yield {}
                continue
            entry = self.entry(number)
            text = self._texts[entry.id]
            shown = clean_in_place(text[: min(longest, left)])
            left -= len(shown)
            yield {"title": clean_in_place(entry.title or ""), "text": shown, "cut": len(shown) < len(text)}


def _by_id(articles: pa.Table) -> dict[str, str]:
    return dict(zip(articles.column("id").to_pylist(), articles.column("text").to_pylist(), strict=True))


def _statements(story: StoryPart) -> Iterator[Statement]:
    for part in story.parts:
        if part.facts:
            yield from part.facts.new
            yield from part.facts.more
            yield from (change.statement for change in part.facts.changes)
            yield from (known.statement for known in part.facts.known)


def _load_scores(tables: RunTables | None, outline: Outline, articles: Articles) -> dict[tuple[int, int], float] | None:
    """Similarity of listed articles by the numbers of both, the smaller first; None where it was not measured."""
    if tables is None or "similarities" not in tables:
        return None
    listed = {part.article.number for story in outline.stories for part in story.parts}
    ids = pa.array([articles.entry(number).id for number in sorted(listed)], pa.string())
    rows = tables.select("similarities", ["a", "b", "score"], where={"a": ids, "b": ids})
    first, second = (articles.numbers(rows.column(side)) for side in ("a", "b"))
    ends = zip(np.minimum(first, second).tolist(), np.maximum(first, second).tolist(), strict=True)
    return dict(zip(ends, rows.column("score").to_pylist(), strict=True))
