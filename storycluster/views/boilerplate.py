"""What sources repeat in many of their articles, which the comparison left out, as lines of a report.

It computes nothing; the whole list is the table ``boilerplate``.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

from storycluster.run_tables import RunTables
from storycluster.views.wording import say_count, say_name

TITLE: Final = "Left out of the comparison"
#: A report names the longest passage of so many sources, those with the most articles first.
_SOURCES: Final = 20
_LETTERS: Final = 160


def list_boilerplate(tables: RunTables) -> list[str]:
    """A line for each source that repeats a passage, and one for those that are not listed; none where none does."""
    rows = tables.select("boilerplate", ["source", "text", "articles", "of"]).to_pylist()
    rows.sort(key=lambda row: (-row["of"], row["source"] or "", -len(row["text"]), row["text"]))
    sources = [list(own) for _, own in groupby(rows, key=lambda row: row["source"])]
    lines = [
        f"{say_name(own[0]['source']) or 'no source'}: “{say_name(own[0]['text'], _LETTERS)}”, "
        f"in {own[0]['articles']:,} of {say_count(own[0]['of'], 'different article')}"
        + (f"; {say_count(len(own) - 1, 'more passage')}" if len(own) > 1 else "")
        for own in sources[:_SOURCES]
    ]
    left = len(sources) - len(lines)
    return [*lines, *([f"{say_count(left, 'more source')}, in the table boilerplate"] if left else [])]
