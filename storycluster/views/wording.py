"""The words of a report: counts, dates, values and names of articles, in one form everywhere. It knows no format."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from storycluster.text.credits import usual_name
from storycluster.views.escape import clean
from storycluster.views.excerpt import fold_space, shorten
from storycluster.views.shape import ArticleEntry, Point

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNDATED = "undated"
MILLION = 1_000_000
NAME_LETTERS = 200  # a headline is rarely longer; what is, is cut with an ellipsis
RELATED_NAMED = 6  # stories of the same affair that are named
LABEL_LETTERS = 200  # of a story, whose label may be a clause of its lead

_PLURALS = {"story": "stories", "smaller story": "smaller stories", "copy": "copies", "more copy": "more copies"}

#: How an article tells a story, as a reader would say it.
ROLE_WORDS = {"primary": "full article", "secondary": "in a passage", "mention": "in passing"}
ROLE_LEGEND = {
    "primary": "the whole article is about this story",
    "secondary": "a passage of the article tells this story",
    "mention": "a sentence or two of the article mention this story",
}
RELATION_WORDS = {"exact": "same words", "near": "nearly the same words", "contained": "one contains the other"}


def say_name(words: str | None, letters: int = NAME_LETTERS) -> str:
    r"""A name, label or reason as one clean line of at most ``letters`` letters.

    >>> say_name("Two\nferries ")
    'Two ferries'
    """
    return shorten(fold_space(clean((words or "")[: letters * 2])), letters)


def say_count(number: int, noun: str) -> str:
    """A number with its noun in the right form.

    >>> say_count(1, "story"), say_count(2, "story"), say_count(0, "article")
    ('1 story', '2 stories', 'no articles')
    """
    if number == 1:
        return f"1 {noun}"
    plural = _PLURALS.get(noun) or f"{noun}s"
    return f"{number:,} {plural}" if number else f"no {plural}"


def say_list(parts: Sequence[str]) -> str:
    """Parts as a sentence lists them.

    >>> say_list(["a", "b", "c"])
    'a, b and c'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def say_day(moment: str) -> str:
    """The day of an ISO date or time; anything else as it is.

    >>> say_day("2024-10-08T06:30:00Z")
    '8 Oct 2024'
    """
    try:
        day = date.fromisoformat(moment[:10])
    except ValueError:
        return say_name(moment)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_days(first: str | None, last: str | None) -> str:
    """A span of days.

    >>> say_days("2024-10-18", "2024-10-29"), say_days("2024-10-18", "2024-10-18"), say_days(None, None)
    ('18 Oct 2024 to 29 Oct 2024', '18 Oct 2024', 'undated')
    """
    days = [say_day(moment) for moment in (first, last) if moment]
    if not days:
        return UNDATED
    return days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"


def say_published(article: ArticleEntry) -> str:
    """When an article appeared, as far as it is known: "18 Oct 2024", "not before 23 Oct 2024" or "undated"."""
    if article.published:
        return say_day(article.published)
    return f"not before {say_day(article.published_from)}" if article.published_from else UNDATED


def say_origin(article: ArticleEntry) -> str:
    """Who published an article and whom else it drew on; empty where neither is known."""
    own = usual_name(article.source or "").casefold()
    others = [say_name(credit) for credit in article.credits if usual_name(credit).casefold() != own]
    cited = f"citing {say_list(others)}" if others else ""
    return ", ".join(part for part in (say_name(article.source), cited) if part)


def say_article(article: ArticleEntry) -> str:
    """An article's title, or its first words and its id where it has none."""
    return say_name(article.title) if article.title else f"“{say_name(article.lead)}” ({say_name(article.id)})"


def say_share(share: float) -> str:
    """A share of 0..1 in per cent; only what is whole is 100 %.

    >>> say_share(0.9996), say_share(1.0), say_share(0.251)
    ('99 %', '100 %', '25 %')
    """
    return f"{int(share * 100) if share > 0.99 else round(share * 100)} %"


def say_number(number: float) -> str:
    """A number as a newspaper prints it.

    >>> say_number(10000.0), say_number(2.5), say_number(1.25e6)
    ('10,000', '2.5', '1.25 million')
    """
    if not math.isfinite(number):
        return "an unknown number"
    if abs(number) >= MILLION and number % (MILLION / 100) == 0:
        return f"{number / MILLION:,.2f}".rstrip("0").rstrip(".") + " million"
    if number == int(number):
        return f"{number:,.0f}"
    return f"{number:,.6g}" if abs(number) < MILLION else f"{number:,.1f}"


def say_value(point: Point) -> str:
    """The stated value: "about 10,000", "10,000 to 12,000", "at least 500", "120 m"."""
    low, high = point.low, point.high
    unit = f" {say_name(point.unit)}" if point.unit else ""
    if low is None and high is None:
        return say_name(point.value)
    about = "about " if point.approximate else ""
    if high is None or (point.bound == "at_least" and low is not None):
        return f"at least {say_number(low or 0.0)}{unit}"
    if low is None or point.bound == "at_most":
        return f"up to {say_number(high)}{unit}"
    return f"{about}{say_number(low)}{f' to {say_number(high)}' if high != low else ''}{unit}"


def say_about(days: str, articles: int, *, sources: int, related: Sequence[int]) -> str:
    """The line under a story's label: when, how many articles and sources, and the stories of the same affair.

    >>> say_about("18 Oct 2024", 1, sources=0, related=[2, 3])
    '18 Oct 2024 · 1 article · same affair as stories 2 and 3'
    """
    known_sources = say_count(sources, "independent source") if sources else ""
    named = [str(number) for number in related[:RELATED_NAMED]]
    more = [f"{len(related) - RELATED_NAMED:,} more"] if len(related) > RELATED_NAMED else []
    affair = f"same affair as {'story' if len(related) == 1 else 'stories'} {say_list(named + more)}" if related else ""
    return " · ".join(part for part in (days, say_count(articles, "article"), known_sources, affair) if part)


def say_known(facts: int, first_said: Sequence[str]) -> str:
    """The line for what an article repeats; ``first_said`` are references as the format writes them.

    >>> say_known(3, ["[1]", "[2]"])
    'Known already: 3 facts, first said by [1] and [2]'
    """
    first = f", first said by {say_list(first_said)}" if first_said else ""
    return f"Known already: {say_count(facts, 'fact')}{first}"
