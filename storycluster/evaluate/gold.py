"""Labels that a run is measured against: stories, passages and new sentences, from JSON lines or an annotation.

It checks and converts the file once; it knows nothing of a run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from storycluster.errors import InputError

#: ``format`` of a hand annotation of stories and facts, one JSON object.
ANNOTATION: Final = "storycluster-seed-gold"
#: An annotated passage with this confidence may be found or left out; both are right.
_OPEN: Final = "doubtful"
_EXPECTED: Final = '{"id": …, "story": …, "secondary": […], "spans": {story: [[start, end], …]}}'
_SHOWN_LETTERS: Final = 60


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """The story an article tells, the stories it tells in passages, and where; ``open`` ones count neither way."""

    id: str
    story: str
    secondary: tuple[str, ...] = ()
    spans: Mapping[str, tuple[tuple[int, int], ...]] | None = None
    open: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gold:
    """What a gold file says: ``articles`` by id, whether an article ``is_new`` by id, the annotation of facts."""

    articles: Mapping[str, GoldArticle]
    is_new: Mapping[str, bool]
    annotation: Mapping[str, Any] | None = None


def read_gold(path: Path) -> Gold:
    """The labels in a file: JSON lines, or one annotation of the format "storycluster-seed-gold".

    A line has ``id`` and ``story``, or ``new`` (true or false) for sentence labels, or both. Raises InputError
    for a file that cannot be read, a line that is not such an object, and an id that is labelled twice.
    """
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read gold {path}: {error}") from error
    annotation = _annotation(content)
    if annotation is not None:
        try:
            return Gold({each.id: each for each in _annotated(annotation)}, {}, annotation)
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError(f"gold {path} has format {ANNOTATION} but lacks {error}") from error
    articles: dict[str, GoldArticle] = {}
    is_new: dict[str, bool] = {}
    for where, record in _lines(content, path):
        name = str(record["id"])
        if name in articles or name in is_new:
            raise InputError(f"{where}: id {name!r} is labelled twice")
        if record.get("story") is not None:
            articles[name] = _article(record, where)
        if isinstance(record.get("new"), bool):
            is_new[name] = record["new"]
    if not articles and not is_new:
        raise InputError(f"gold {path} labels nothing; expected lines of {_EXPECTED}")
    return Gold(articles, is_new)


def _annotation(content: str) -> Mapping[str, Any] | None:
    """The annotation, where the whole file is one."""
    if ANNOTATION not in content:
        return None
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and record.get("format") == ANNOTATION else None


def _lines(content: str, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object with the words that say where it stands."""
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict) or record.get("id") is None or not {"story", "new"} & set(record):
            raise InputError(f"gold {path}, line {number}: expected {_EXPECTED}, got {line[:_SHOWN_LETTERS]!r}")
        yield f"gold {path}, line {number}", record


def _article(record: Mapping[str, Any], where: str) -> GoldArticle:
    listed = record.get("secondary") or []
    secondary: Sequence[object] = [listed] if isinstance(listed, str) else listed
    spans = record.get("spans") or {}
    try:
        places = {str(story): tuple((int(start), int(end)) for start, end in each) for story, each in spans.items()}
        others = tuple(sorted({str(story) for story in secondary} - {str(record["story"])}))
    except (TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{where}: secondary is a list of stories, spans {{story: [[start, end], …]}}") from error
    return GoldArticle(str(record["id"]), str(record["story"]), others, places)


def annotated_ids(annotation: Mapping[str, Any]) -> dict[str, str]:
    """The run's article ids, file names without their ending, by the annotation's.

    >>> annotated_ids({"files": {"000": {"file": "000_ab.txt"}}})
    {'000': '000_ab'}
    """
    return {name: str(entry["file"]).rpartition(".")[0] for name, entry in annotation["files"].items()}


def _annotated(annotation: Mapping[str, Any]) -> Iterator[GoldArticle]:
    ids = annotated_ids(annotation)
    for story in annotation["stories"]:
        for name in story["primary"]:
            told = [(other["id"], each) for other in annotation["stories"] for each in other["secondary"]]
            mine = [(label, each.get("confidence") == _OPEN) for label, each in told if each["article"] == name]
            yield GoldArticle(
                ids[name],
                story["id"],
                tuple(sorted(label for label, is_open in mine if not is_open)),
                open=frozenset(label for label, is_open in mine if is_open),
            )
