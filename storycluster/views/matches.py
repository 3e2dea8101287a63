"""Copies of an earlier run's articles, as a table or as JSON lines. It computes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyarrow as pa

from storycluster.views.tables import say_score, write_heading, write_paragraph, write_table
from storycluster.views.wording import say_count, say_name


def write_matches(matches: pa.Table, *, origin: str) -> str:
    """Each pair with its relation and scores, for a terminal."""
    return "\n".join(_matches(matches, origin)) + "\n"


def matches_to_lines(matches: pa.Table) -> str:
    """One JSON object a line, in the order of the table."""
    return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in matches.to_pylist())


def _matches(matches: pa.Table, origin: str) -> Iterator[str]:
    yield from write_heading(f"Copies of articles of {say_name(origin)}")
    rows = matches.to_pylist()
    articles = len({row["article"] for row in rows})
    yield from write_paragraph(f"{say_count(articles, 'article')} with {say_count(len(rows), 'pair')}.")
    if not rows:
        return
    yield ""
    table = [
        (
            row["relation"],
            say_score(row["jaccard"]),
            say_score(row["containment"]),
            f"{say_name(row['article'])} = {say_name(row['earlier'])}",
        )
        for row in rows
    ]
    headers = ("relation", "Jaccard", "containment", "article = earlier one")
    yield from write_table(headers, table, text=("relation", headers[-1]))
