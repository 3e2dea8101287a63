"""Stories as the user names them: JSON lines of article and story become the tables of the stories stage."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from storycluster.engines.base import Engine, Table
from storycluster.errors import InputError
from storycluster.model import ARCS, MEMBERSHIPS, SIMILARITIES, STORIES
from storycluster.origins import count_independent
from storycluster.progress import Progress


class _Given(NamedTuple):
    """One line of the file: an article is told to belong to a story."""

    article: str
    story: str


def take_stories(
    articles: Table, path: Path, engine: Engine, *, progress: Progress | None = None
) -> tuple[Table, Table, Table, Table]:
    """The tables similarities (empty), stories, arcs (one per story) and memberships (all primary, score 1).

    Lines are ``{"id": …, "story": …}``; an article may stand in several. Articles that no line names are
    in no story; lines that name articles which were not read are left out, and ``progress`` is told how many.
    Raises InputError for a line that is not such an object, and where no line names an article that was read.
    """
    columns = "id, length(text) AS length, published, source, credits, language, NULL AS copy_of"
    lengths = engine.sql("given_articles", f'SELECT {columns} FROM "{articles}"')
    known = {row["id"]: row for row in engine.to_arrow(lengths).to_pylist()}
    given = sorted(set(_read_lines(path)))
    given = _drop_unread(given, known.keys(), path, progress)
    memberships = [_membership(line, known[line.article]) for line in given]
    members: dict[str, list[Mapping[str, object]]] = {}
    for line in given:
        members.setdefault(line.story, []).append(known[line.article])
    stories = [_story(name, members[name]) for name in sorted(members)]
    arcs = [{"id": row["id"], "label": row["label"], "stories": [row["id"]]} for row in stories]
    return (
        _table(engine, "given_similarities", [], SIMILARITIES),
        _table(engine, "given_stories", stories, STORIES),
        _table(engine, "given_arcs", arcs, ARCS),
        _table(engine, "given_memberships", memberships, MEMBERSHIPS),
    )


def _drop_unread(given: list[_Given], known: Set[str], path: Path, progress: Progress | None) -> list[_Given]:
    """The lines whose article was read."""
    unread = [line.article for line in given if line.article not in known]
    if len(unread) == len(given) > 0:
        raise InputError(f"{path}: none of its articles was read; the first is {unread[0]!r}")
    if unread and progress:
        progress.say(
            f"storycluster: {path}: {len(unread):,} of {len(given):,} lines left out, as no such article was read; "
            f"the first names {unread[0]!r}"
        )
    return [line for line in given if line.article in known]


def _read_lines(path: Path) -> Iterator[_Given]:
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read stories {path}: {error}") from error
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            yield _Given(str(record["id"]), str(record["story"]))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f'{path}, line {number}: expected {{"id": …, "story": …}}, got {line[:60]!r}') from error


def _membership(line: _Given, article: Mapping[str, object]) -> dict[str, object]:
    return {
        "story": line.story,
        "article": line.article,
        "role": "primary",
        "score": 1.0,
        "spans": [{"start": 0, "end": article["length"], "field": "text"}],
        "share": 1.0,
        "evidence": [],
        "copy_of": None,
    }


def _story(name: str, members: list[Mapping[str, object]]) -> dict[str, object]:
    dates = sorted(row["published"] for row in members if isinstance(row["published"], datetime))
    return {
        "id": name,
        "label": name,
        "terms": [],
        "first_published": dates[0] if dates else None,
        "last_published": dates[-1] if dates else None,
        "articles": len(members),
        "sources": count_independent(members),
        "arc": name,
    }


def _table(engine: Engine, name: str, rows: list[dict[str, object]], schema: pa.Schema) -> Table:
    return engine.table(name, pa.Table.from_pylist(rows, schema=schema).to_batches(), schema)
