"""The tables of a run by name, whole or only the columns and rows that are asked for. It computes nothing.

Of a run in a folder, what is not asked for is never in memory; a column that an earlier version did not write is null.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from storycluster.engines.base import Engine, Table
from storycluster.model import TABLES

#: The sort order of each table on disk; every list is a key, so equal tables are equal bytes.
ORDER: Mapping[str, str] = {
    "articles": "id",
    "signatures": "article",
    "pairs": "a, b",
    "boilerplate": "source, text",
    "groups": "id, article",
    "similarities": "a, b",
    "stories": "id",
    "arcs": "id",
    "memberships": "story, article, role",
    "facts": "story, position, id",
    "figures": "id",
    "rejects": "path, line NULLS LAST, reason, record",
}

#: Rows of a file that are looked at at once; articles are fewer, for a text may be as long as a megabyte.
_ROWS: Final = 8_192
_TEXT_ROWS: Final = 256

#: Rows to choose: those whose value in each of these columns is among the given ones.
Where = Mapping[str, pa.Array]


class RunTables(Mapping[str, pa.Table]):
    """Tables by name; ``select`` and ``headings`` give their rows in any order, a name whole in that of ``ORDER``."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        """Take tables that are in memory."""
        self._tables = tables

    def __getitem__(self, name: str) -> pa.Table:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def select(self, name: str, columns: Sequence[str], *, where: Where | None = None) -> pa.Table:
        """Some columns of a table, and of its rows those with the given values; none where there is no such table."""
        if name not in self:
            return pa.schema([TABLES[name].field(column) for column in columns]).empty_table()
        return self._select(name, columns, where=where or {})

    def headings(self, columns: Sequence[str], *, letters: int, where: Where | None = None) -> pa.Table:
        """Some columns of all articles, or of those with the given values, and the first ``letters`` of each text."""
        return _cut_texts(_filter(self["articles"], where or {}).select([*columns, "text"]), letters)

    def _select(self, name: str, columns: Sequence[str], *, where: Where) -> pa.Table:
        return _filter(self[name], where).select(columns)


class FolderTables(RunTables):
    """The Parquet files of a run folder by table name, read when asked for."""

    def __init__(self, folder: Path, names: Collection[str] = tuple(TABLES)) -> None:
        """Name the folder, and which of its tables belong to the run; nothing is read."""
        self._folder = folder
        self._names = names

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self:
            raise KeyError(name)
        return pq.read_table(self._path(name), schema=TABLES[name])

    def __contains__(self, name: object) -> bool:
        return name in self._names and self._path(str(name)).is_file()

    def __iter__(self) -> Iterator[str]:
        return (name for name in TABLES if name in self)

    def headings(self, columns: Sequence[str], *, letters: int, where: Where | None = None) -> pa.Table:
        """As above; the texts pass by."""
        wanted = [*columns, "text"]
        found = (_filter(batch, where or {}) for batch in self._batches("articles", wanted))
        cut = (_cut_texts(pa.Table.from_batches([batch]), letters) for batch in found)
        return pa.concat_tables([_schema("articles", wanted).empty_table(), *cut])

    def _select(self, name: str, columns: Sequence[str], *, where: Where) -> pa.Table:
        if not where:
            return pq.read_table(self._path(name), schema=_schema(name, columns))
        batches = self._batches(name, list(dict.fromkeys([*columns, *where])))
        found = (_filter(batch, where).select(columns) for batch in batches)
        return pa.Table.from_batches((batch for batch in found if batch.num_rows), _schema(name, columns))

    def _batches(self, name: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        schema = _schema(name, columns)
        with pq.ParquetFile(self._path(name), pre_buffer=False) as file:
            for batch in file.iter_batches(_TEXT_ROWS if name == "articles" else _ROWS, columns=list(columns)):
                yield pa.record_batch([_column(batch, wanted) for wanted in schema], schema=schema)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.parquet"


class EngineTables(RunTables):
    """The tables an engine still holds, sorted as they would be on disk."""

    def __init__(self, engine: Engine, names: Sequence[str]) -> None:
        """Name what the engine holds; nothing is fetched."""
        self._engine = engine
        self._names = tuple(names)

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._names:
            raise KeyError(name)
        return self._fetch(f'SELECT * FROM "{name}" ORDER BY {ORDER[name]}', TABLES[name])

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def headings(self, columns: Sequence[str], *, letters: int, where: Where | None = None) -> pa.Table:
        """As above; the engine cuts the texts."""
        rows = f'"articles"{self._conditions(where or {})}'
        query = f"SELECT {_listed(columns)}, substring(text, 1, {letters}) AS text FROM {rows}"
        return self._fetch(query, _schema("articles", [*columns, "text"]))

    def _select(self, name: str, columns: Sequence[str], *, where: Where) -> pa.Table:
        return self._fetch(f'SELECT {_listed(columns)} FROM "{name}"{self._conditions(where)}', _schema(name, columns))

    def _conditions(self, where: Where) -> str:
        conditions = [f'"{column}" IN (SELECT value FROM "{self._wanted(column, where[column])}")' for column in where]
        return f" WHERE {' AND '.join(conditions)}" if conditions else ""

    def _wanted(self, column: str, values: pa.Array) -> Table:
        rows = pa.record_batch([values], names=["value"])
        return self._engine.table(f"wanted__{column}", [rows], rows.schema)

    def _fetch(self, query: str, schema: pa.Schema) -> pa.Table:
        rows = self._engine.to_arrow(self._engine.sql("fetched", query)).cast(schema)
        self._engine.sql("fetched", "SELECT 0 AS n")  # the engine need not hold them too
        return rows


def with_selection(tables: Mapping[str, pa.Table]) -> RunTables:
    """The tables of a run, or tables in memory, so that parts of them can be asked for.

    >>> with_selection({"arcs": TABLES["arcs"].empty_table()}).select("stories", ["id"]).num_rows
    0
    """
    return tables if isinstance(tables, RunTables) else RunTables(tables)


def _schema(name: str, columns: Sequence[str]) -> pa.Schema:
    return pa.schema([TABLES[name].field(column) for column in columns])


def _column(batch: pa.RecordBatch, field: pa.Field) -> pa.Array:
    """A column of a batch; nulls where an earlier version has not written it."""
    if field.name not in batch.schema.names:
        return pa.nulls(batch.num_rows, field.type)
    return batch.column(field.name).cast(field.type)


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _filter(rows: pa.Table | pa.RecordBatch, where: Where) -> pa.Table | pa.RecordBatch:
    for column, values in where.items():
        rows = rows.filter(pc.is_in(rows.column(column), value_set=values))
    return rows


def _cut_texts(articles: pa.Table, letters: int) -> pa.Table:
    """The articles with the first letters of each text, which is their last column."""
    cut = pc.utf8_slice_codeunits(articles.column("text"), 0, letters)
    return articles.set_column(articles.num_columns - 1, TABLES["articles"].field("text"), cut)
