"""Given stories are taken as they are."""

from pathlib import Path

import pyarrow as pa
import pytest

from storycluster.engines.base import Table
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.errors import InputError
from storycluster.model import ARTICLES
from storycluster.progress import Silent
from storycluster.stages.given_stories import take_stories


class Listener(Silent):
    """Keeps what is said."""

    def __init__(self, told: list[str]) -> None:
        self.told = told

    def say(self, notice: str) -> None:
        self.told.append(notice)


@pytest.fixture
def engine(tmp_path: Path) -> DuckDBEngine:
    return DuckDBEngine(threads=1, memory_limit="", temp_directory=tmp_path / "spill")


@pytest.fixture
def articles(engine: DuckDBEngine) -> Table:
    rows = [{"id": name, "text": f"The {name} sank.", "source": "gazette"} for name in ("tug", "ferry", "barge")]
    return engine.table("articles", pa.Table.from_pylist(rows, schema=ARTICLES).to_batches(), ARTICLES)


def test_lines_become_stories_and_an_article_may_stand_in_several(
    articles: Table, engine: DuckDBEngine, tmp_path: Path
) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text('{"id": "tug", "story": "b"}\n\n{"id": "ferry", "story": "a"}\n{"id": "tug", "story": "a"}\n')
    _, stories, arcs, memberships = (engine.to_arrow(table) for table in take_stories(articles, path, engine))
    assert sorted((row["story"], row["article"], row["role"]) for row in memberships.to_pylist()) == [
        ("a", "ferry", "primary"),
        ("a", "tug", "primary"),
        ("b", "tug", "primary"),
    ]
    assert [(row["id"], row["articles"], row["sources"]) for row in stories.to_pylist()] == [("a", 2, 1), ("b", 1, 1)]
    assert arcs.num_rows == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "tug"}', r"line 1: expected"),
        ("tug,a", r"line 1: expected"),
        ('["tug"]', r"line 1: expected"),
        ('{"id": "submarine", "story": "a"}', "none of its articles was read; the first is 'submarine'"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named(
    line: str, message: str, articles: Table, engine: DuckDBEngine, tmp_path: Path
) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text(line)
    with pytest.raises(InputError, match=message):
        take_stories(articles, path, engine)


def test_lines_of_articles_that_were_not_read_are_left_out_and_counted(
    articles: Table, engine: DuckDBEngine, tmp_path: Path
) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text('{"id": "tug", "story": "a"}\n{"id": "submarine", "story": "a"}\n{"id": "raft", "story": "b"}\n')
    told: list[str] = []
    tables = take_stories(articles, path, engine, progress=Listener(told))
    assert [row["article"] for row in engine.to_arrow(tables[3]).to_pylist()] == ["tug"]
    assert [row["id"] for row in engine.to_arrow(tables[1]).to_pylist()] == ["a"]
    assert "2 of 3 lines left out, as no such article was read; the first names 'raft'" in told[0]
