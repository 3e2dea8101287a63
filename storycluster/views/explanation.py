"""Why an article is where it is, in words and tables for a terminal of 80 columns. It computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storycluster.explain.article import ArticleExplanation, GroupPlace, Neighbour, OtherStory, StoryPlace
from storycluster.explain.explain import Explanation
from storycluster.views.explanation_pair import say_article_name, write_pair
from storycluster.views.tables import say_score, write_heading, write_paragraph, write_table
from storycluster.views.wording import RELATION_WORDS, ROLE_WORDS, say_count, say_name, say_share

PASSAGE_LETTERS = 400
SHOWN_COPIES = 20


def write_explanation(found: Explanation) -> str:
    """The explanation in lines of at most 80 columns."""
    lines = _article(found) if isinstance(found, ArticleExplanation) else write_pair(found)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _article(found: ArticleExplanation) -> Iterator[str]:
    yield from write_paragraph(say_article_name(found.article))
    yield from write_heading("Copies")
    yield from _group(found.group)
    if not found.stories:
        yield from write_heading("Stories")
        yield from write_paragraph("None: the run found copies only, or the article is in no given story.")
        return
    yield from write_heading("Stories it tells")
    for place in found.stories:
        yield from _story(place)
    if not found.measured:
        yield from write_heading("Similarities")
        yield from write_paragraph("None: the stories were given, so nothing was measured.")
        return
    if found.compared != found.article.id:
        yield ""
        yield from write_paragraph(
            f"It is a copy; what follows is about {say_name(found.compared)}, which was compared."
        )
    yield from write_heading("Nearest articles of its story")
    yield from _neighbours(found.inside, "Its story has no other article with a stored similarity.")
    yield from write_heading("Nearest articles of other stories")
    nothing = f"None: every similarity with an article of another story is below {found.floor:g}, the lowest kept."
    yield from _neighbours(found.outside, nothing, with_story=True)
    yield from write_heading("What would change it")
    yield from _changes(found)


def _group(place: GroupPlace | None) -> Iterator[str]:
    if place is None:
        yield from write_paragraph("None: it is a copy of no other article, and none is a copy of it.")
        return
    if place.relation == "kept":
        yield from write_paragraph(f"It is the kept article of a group with {say_count(len(place.others), 'copy')}:")
    else:
        yield from write_paragraph(
            f"It is a copy of {say_name(place.kept)}: {RELATION_WORDS[place.relation]}, "
            f"Jaccard {say_score(place.jaccard)}, containment {say_score(place.containment)}. Also in the group:"
        )
    yield ""
    rows = [
        (relation, say_score(jaccard), say_score(containment), say_name(article))
        for article, relation, jaccard, containment in place.others[:SHOWN_COPIES]
    ]
    yield from write_table(("relation", "Jaccard", "containment", "article"), rows, text=("relation", "article"))
    if len(place.others) > SHOWN_COPIES:
        yield f"and {len(place.others) - SHOWN_COPIES:,} more"


def _story(place: StoryPlace) -> Iterator[str]:
    yield from write_paragraph(say_name(place.label), first="• ")
    inherited = f" (of {say_name(place.copy_of)}, which it copies)" if place.copy_of else ""
    yield from write_paragraph(
        f"{place.role}, {ROLE_WORDS[place.role]}; score {say_score(place.score)}{inherited}; "
        f"{say_share(place.share)} of the text; {say_count(place.articles, 'article')}; "
        f"{say_name(place.story)} in {say_name(place.arc)}",
        first="  ",
    )
    if place.evidence:
        yield from write_paragraph(f"Terms: {', '.join(map(say_name, place.evidence))}", first="  ")
    for passage in place.passages:
        yield from write_paragraph(f"“{_passage(passage)}”", first="  ")


def _passage(words: str) -> str:
    shown = say_name(words[:PASSAGE_LETTERS])
    return f"{shown}…" if len(words) > PASSAGE_LETTERS and not shown.endswith("…") else shown


def _neighbours(near: Sequence[Neighbour], nothing: str, *, with_story: bool = False) -> Iterator[str]:
    if not near:
        yield from write_paragraph(nothing)
        return
    rows = [
        (
            *(say_score(score) for score in (each.channels.score, each.channels.words, each.channels.word_pairs)),
            *(say_score(score) for score in (each.channels.names, each.channels.lead)),
            "–" if each.channels.time is None else say_score(each.channels.time),
            say_article_name(each.article) + (f" — in {say_name(each.story)}" if with_story else ""),
        )
        for each in near
    ]
    headers = ("score", "words", "word\npairs", "names", "lead", "time", "article")
    yield from write_table(headers, rows, text=("article",))


def _changes(found: ArticleExplanation) -> Iterator[str]:
    threshold = f"stories.threshold (now {found.threshold:g})"
    if found.alone_above is None:
        yield from write_paragraph(f"It is alone at {threshold}.", first="• ")
    else:
        yield from write_paragraph(
            f"Its mean score with the others of its story is {say_score(found.alone_above)}. If {threshold} were "
            "higher than that, it would fit better alone.",
            first="• ",
        )
    if found.other is None:
        yield from write_paragraph("No other story has a stored similarity with it.", first="• ")
    else:
        yield from _other(found.other, found.threshold, is_alone=found.alone_above is None)
    yield from write_paragraph(
        "All this assumes that nothing else changes; a pair without a stored similarity counts as 0. "
        "`storycluster sweep` shows what other thresholds do to the whole run.",
        first="• ",
    )


def _other(other: OtherStory, threshold: float, *, is_alone: bool) -> Iterator[str]:
    yield from write_paragraph(
        f"The nearest other story is {say_name(other.story)}, “{say_name(other.label)}” "
        f"({say_count(other.articles, 'article')}), mean score {say_score(other.mean)}.",
        first="• ",
    )
    if other.moves is not None:
        side = "above" if other.moves_above and not is_alone else "below"
        yield from write_paragraph(
            f"It would join that story with stories.threshold {side} {say_score(other.moves)}.", first="  "
        )
    else:
        yield from write_paragraph("There is no threshold at which it would fit better there.", first="  ")
    yield from write_paragraph(
        f"The two stories would merge below {say_score(other.merges_below)}"
        f"{', if no other article had a say' if threshold < other.merges_below else ''}.",
        first="  ",
    )
