"""Why two articles are together or apart, in words and tables for a terminal of 80 columns. It computes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from storycluster.explain.pair import CopyVerdict, PairExplanation, TogetherVerdict
from storycluster.explain.parts import ArticleName
from storycluster.explain.terms import Place
from storycluster.views.excerpt import cut_lead
from storycluster.views.tables import say_score, write_heading, write_paragraph, write_table
from storycluster.views.wording import RELATION_WORDS, say_list, say_name

CHANNEL_WORDS = (
    ("words", "stemmed words"),
    ("word_pairs", "pairs of words side by side"),
    ("names", "names and numbers"),
    ("lead", "title and first words"),
)


def write_pair(found: PairExplanation) -> Iterator[str]:
    """The lines of the explanation of two articles."""
    yield from write_paragraph(f"A  {say_article_name(found.a)}")
    yield from write_paragraph(f"B  {say_article_name(found.b)}")
    yield from write_heading("Together?")
    yield from _verdict(found)
    yield from write_heading("Similarity")
    yield from _similarity(found)
    yield from write_heading("Copies?")
    yield from write_paragraph(_copies(found.copies))
    yield from write_heading("Rarest terms they share")
    yield from _terms(found)


def say_article_name(article: ArticleName) -> str:
    """Id, title or first words, and the day."""
    words = say_name(article.title) if article.title else f"“{say_name(cut_lead(article.lead))}”"
    return f"{say_name(article.id)}: {words} ({article.published or 'undated'})"


def _verdict(found: PairExplanation) -> Iterator[str]:
    together = found.together
    if together is None:
        yield from write_paragraph("The run looked for copies only, not for stories.")
        return
    names = [f"“{say_name(label)}” ({say_name(story)})" for label, story in _named(together)]
    if together.is_story:
        yield from write_paragraph(f"Yes: both are in the story {names[0]}.")
    elif None in together.stories:
        yield from write_paragraph("No: at least one of them is in no story.")
    else:
        arc = "but in one arc" if together.is_arc else "and in different arcs"
        yield from write_paragraph(f"No: in different stories, {arc}.")
        for letter, name in zip("AB", names, strict=True):
            yield from write_paragraph(name, first=f"{letter}  ")
    if together.common and not together.is_story:
        common = say_list([say_name(story) for story in together.common])
        yield from write_paragraph(f"Still, both tell {common}, at least one of them in a passage.")
    yield from _thresholds(together)


def _named(together: TogetherVerdict) -> Iterator[tuple[str, str]]:
    for label, story in zip(together.labels, together.stories, strict=True):
        yield label, story or "no story"


def _thresholds(together: TogetherVerdict) -> Iterator[str]:
    """The stories.threshold that would change the answer."""
    now = f"stories.threshold (now {together.threshold:g})"
    if together.leaves_above is not None:
        yield from write_paragraph(
            f"{say_name(together.leaver)} fits less well: its mean score with the rest of the story is "
            f"{say_score(together.leaves_above)}. If {now} were higher than that, it would fit better alone.",
            first="• ",
        )
    if together.mean_between == 0.0:
        yield from write_paragraph("No pair of articles of the two stories has a stored similarity.", first="• ")
    elif together.mean_between is not None and together.merges_below is not None:
        yield from write_paragraph(_between(together, together.mean_between, together.merges_below), first="• ")
    if together.is_tried:
        wanted = "apart" if together.is_story else "together"
        if together.changes_at is None:
            words = f"They are {wanted} at none of the thresholds tried."
        else:
            words = f"{together.changes_at:g} is the nearest threshold tried at which they are {wanted}"
            words += f": --set stories.threshold={together.changes_at:g}."
        yield from write_paragraph(words, first="• ")


def _between(together: TogetherVerdict, mean: float, merges_below: float) -> str:
    """What the mean score of two stories that are apart says of them."""
    said = f"The mean score over all pairs of the two stories is {say_score(mean)}"
    now = f"stories.threshold (now {together.threshold:g})"
    if merges_below > together.threshold:
        return (
            f"{said}. That is above {now}, yet they are apart: other articles have a say too, and a large run compares "
            "only stories that one time window sees."
        )
    if say_score(merges_below) == say_score(mean):
        return f"{said}. If {now} were lower than that, they would fit better as one story."
    return (
        f"{said}, but scores below half the threshold count as 0 when stories are found. If {now} were lower than "
        f"{say_score(merges_below)}, they would fit better as one story."
    )


def _similarity(found: PairExplanation) -> Iterator[str]:
    if found.compared != (found.a.id, found.b.id):
        compared = say_list(sorted({say_name(name) for name in found.compared}))
        yield from write_paragraph(f"Copies are compared through the article that is kept: {compared}.")
    if found.channels is None:
        yield from write_paragraph(_unmeasured(found))
        return
    rows = [
        (name, say_score(getattr(found.channels, name)), f"{weight:g}", words)
        for (name, words), (_, weight) in zip(CHANNEL_WORDS, found.weights, strict=True)
    ]
    time = "–" if found.channels.time is None else say_score(found.channels.time)
    days = "a date is unknown" if found.gap_days is None else f"{found.gap_days} days apart"
    rows.append(("time", time, "factor", days))
    note = "all channels, time, and the nearest neighbours of both"
    rows.append(("score", say_score(found.channels.score), "", note))
    yield from write_table(("channel", "value", "weight", "compares"), rows, text=("channel", "compares"))


def _unmeasured(found: PairExplanation) -> str:
    """Why there is no stored score."""
    return {
        "copies": "Not measured: both are in one group of copies.",
        "no stories": "Not measured: the run looked for copies only.",
        "given": "Not measured: the stories were given.",
        "language": "Not measured: they are in two languages, and these are never compared.",
        "window": f"Not measured: they are {found.gap_days} days apart, and stories.window_days is "
        f"{found.window_days:g}.",
        "cut off": "Not stored: one of them has stories.most_neighbours nearer articles; the score is unknown.",
        "below": f"Not measured: below {found.floor:g}, the lowest similarity that is kept "
        "(stories.least_similarity). It counts as 0.",
    }[found.unmeasured or "below"]


def _copies(verdict: CopyVerdict) -> str:
    if verdict.relation is None:
        group = "; both are in one group through the kept article" if verdict.is_group else ""
        return (
            f"Not a copy: no verified pair with Jaccard of at least {verdict.threshold:g} or containment of at least "
            f"{verdict.containment_threshold:g}{group}."
        )
    scores = f"Jaccard {verdict.jaccard:.3f}, containment {verdict.containment:.3f}"
    group = "in one group" if verdict.is_group else "but in different groups, as neither is a copy of the kept article"
    return f"Copies: {RELATION_WORDS[verdict.relation]} ({scores}), {group}."


def _terms(found: PairExplanation) -> Iterator[str]:
    if not found.terms:
        yield from write_paragraph("None.")
        return
    rows = [
        (f"{term.weight:.1f}", "name" if term.is_name else "", _place(term.a), _place(term.b), say_name(term.term))
        for term in found.terms
    ]
    headers = ("rarity", "", "place in A", "place in B", "term")
    yield from write_table(headers, rows, text=("", "place in A", "place in B", "term"))


def _place(place: Place) -> str:
    """Where a term stands, in letters from the beginning, and as what."""
    return f"{place.field} {place.start}–{place.end}"
