"""Kept records are written byte for byte as they were read."""

import gzip
import os
from collections.abc import Collection, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from storycluster.engines.base import Engine
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.errors import InputError
from storycluster.model import ARTICLES, GROUPS
from storycluster.stages.duplicates import write_kept

Place = tuple[str, int | None]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return DuckDBEngine(threads=1, memory_limit="", temp_directory=tmp_path / "spill")


def lines_of(path: str, wanted: Collection[int | None]) -> Iterator[tuple[int | None, bytes]]:
    """A reader of lines, and of whole files."""
    content = Path(path).read_bytes()
    records = [(None, content)] if None in wanted else list(enumerate(content.splitlines(keepends=True), 1))
    return (record for record in records if record[0] in wanted)


def header_of(path: str) -> bytes:
    return Path(path).read_bytes().splitlines(keepends=True)[0] if path.endswith(".csv") else b""


def keep(engine: Engine, target: Path, places: dict[str, Place], copies: Collection[str] = ()) -> int:
    articles = [{"id": name, "text": "", "path": path, "line": line} for name, (path, line) in places.items()]
    groups = [{"id": "g", "kept": "none", "article": name} for name in copies]
    return write_kept(
        engine.table("articles", pa.Table.from_pylist(articles, schema=ARTICLES).to_batches(), ARTICLES),
        engine.table("groups", pa.Table.from_pylist(groups, schema=GROUPS).to_batches(), GROUPS),
        target,
        engine=engine,
        read_records=lines_of,
        read_header=header_of,
        copy_rows=lambda _, __: False,
    )


def test_lines_stay_byte_for_byte_and_in_their_order(engine: Engine, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(b'{"text":  "\\u00e9"}\r\n{"text": "copy"}\n{"text": "last"}')
    places = {"c": (str(source), 3), "b": (str(source), 2), "a": (str(source), 1)}
    assert keep(engine, target, places, ["b"]) == 2
    assert target.read_bytes() == b'{"text":  "\\u00e9"}\r\n{"text": "last"}\n'


def test_a_csv_file_keeps_its_header_once(engine: Engine, tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_bytes(b"text;id\n" + name.encode() + b"\n")
    places = {name: (str(tmp_path / name), 2) for name in ("one.csv", "two.csv")}
    assert keep(engine, tmp_path / "out.csv", places) == 2
    assert (tmp_path / "out.csv").read_bytes() == b"text;id\none.csv\ntwo.csv\n"


def test_the_ending_of_the_target_says_how_it_is_compressed(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b"{}\n")
    keep(engine, tmp_path / "out.jsonl.gz", {"a": (str(tmp_path / "in.jsonl"), 1)})
    assert gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes()) == b"{}\n"


def test_nothing_but_the_target_is_replaced_and_a_link_and_its_mode_stay(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "out.part.jsonl").write_bytes(b'{"text": "mine"}\n')
    (tmp_path / "real.jsonl").write_bytes(b"old")
    (tmp_path / "real.jsonl").chmod(0o600)
    (tmp_path / "out.jsonl").symlink_to(tmp_path / "real.jsonl")
    keep(engine, tmp_path / "out.jsonl", {"a": (str(tmp_path / "out.part.jsonl"), 1)})
    assert (tmp_path / "real.jsonl").read_bytes() == (tmp_path / "out.part.jsonl").read_bytes() == b'{"text": "mine"}\n'
    assert (tmp_path / "out.jsonl").is_symlink()
    assert (tmp_path / "real.jsonl").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "out.part.jsonl", "real.jsonl"]


def test_a_pipe_or_a_folder_is_never_replaced_by_a_file(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b"{}\n")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name, kind in (("pipe", "neither a file nor a folder"), ("folder", "a folder; name a file")):
        with pytest.raises(InputError, match=f"--write-kept .*{name} is {kind}"):
            keep(engine, tmp_path / name, {"a": (str(tmp_path / "in.jsonl"), 1)})
    assert (tmp_path / "pipe").is_fifo()


def test_files_of_one_article_go_to_a_folder_under_their_names(engine: Engine, tmp_path: Path) -> None:
    for name in ("x/a.txt", "y/a.txt", "y/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode() + b"\r\n\xff")
    places = {name: (str(tmp_path / name), None) for name in ("x/a.txt", "y/a.txt", "y/b.txt")}
    assert keep(engine, tmp_path / "out", places, ["y/a.txt"]) == 2
    written = {str(path.relative_to(tmp_path / "out")): path.read_bytes() for path in (tmp_path / "out").rglob("*.txt")}
    assert written == {name: name.encode() + b"\r\n\xff" for name in ("x/a.txt", "y/b.txt")}


def test_files_and_records_of_files_do_not_mix(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="whole files and records of files"):
        keep(engine, tmp_path / "out", {"a": ("a.txt", None), "b": ("b.jsonl", 1)})


def test_files_of_two_headers_do_not_mix(engine: Engine, tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_bytes(f"{name}\nrow\n".encode())
    with pytest.raises(InputError, match="different headers"):
        keep(engine, tmp_path / "out.csv", {name: (str(tmp_path / name), 2) for name in ("one.csv", "two.csv")})


def test_a_record_that_cannot_be_read_again_is_an_error_and_leaves_no_file(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b"{}\n")
    source = str(tmp_path / "in.jsonl")
    with pytest.raises(InputError, match=r"1 of 2 articles of .*in\.jsonl cannot be written"):
        keep(engine, tmp_path / "out.jsonl", {"a": (source, 1), "b": (source, 9)})
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["in.jsonl"]
