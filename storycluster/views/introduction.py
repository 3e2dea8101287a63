"""The first paragraph of a report: what was read and what was found. It says nothing of stages that did not run."""

from __future__ import annotations

from storycluster.views.shown import Shown
from storycluster.views.wording import say_count, say_list


def introduce(shown: Shown) -> str:
    """The first paragraph: what was read and what was found; nothing of stages that did not run."""
    counts = shown.counts
    files = f" from {say_count(counts.files, 'file')}" if counts.files else ""
    undated = f", {_say_undated(counts.undated, counts.articles)}," if counts.undated else ""
    read = f"Read {say_count(counts.articles, 'article')}{undated}{files}".rstrip(",")
    found = []
    if "stories" in shown.stages:
        found.append(say_count(counts.stories, "story"))
    if "facts" in shown.stages:
        found.append(say_count(counts.new_facts, "new fact"))
    if "duplicates" in shown.stages:
        found.append(say_count(counts.copies, "copy"))
    result = f"Found {say_list(found)}. " if found else ""
    rejects = f"{say_count(counts.rejects, 'record')} rejected." if counts.rejects else "Nothing was rejected."
    return f"{read}. {result}{rejects}{_say_without_rules(shown)}"


def _say_without_rules(shown: Shown) -> str:
    """What the facts of a language without word lists lack; empty where there is none."""
    languages = shown.counts.without_rules
    if not languages or "facts" not in shown.stages:
        return ""
    articles, codes = say_count(sum(languages.values()), "article"), say_list(list(languages))
    lack = "this language has no word lists yet" if len(languages) == 1 else "these languages have no word lists yet"
    return (
        f" Facts of {articles} (language: {codes}) are whole sentences, compared by words, capitals and digits: {lack}."
    )


def _say_undated(undated: int, articles: int) -> str:
    if undated == articles:
        return "undated" if articles == 1 else "all undated"
    return f"{undated:,} of them undated"
