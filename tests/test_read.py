"""Reading as a whole: files, streams and records become the same tables, in any order; what is bad is a reject."""

import io
import json
import os
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storycluster.config import ReadConfig
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.errors import ConfigError, InputError, StoreError
from storycluster.model import ARTICLES, REJECTS, Article
from storycluster.stages.read import (
    original_header,
    original_records,
    read_articles,
)
from storycluster.stages.read.opening import Copied
from tests.strategies import json_records, json_values

NOW = datetime(2030, 1, 1)
Rows = list[dict[str, object]]


def _engine() -> DuckDBEngine:
    return DuckDBEngine(threads=1, memory_limit="", temp_directory=Path("unused"))


def _read(inputs: object, config: ReadConfig | None = None, **options: object) -> tuple[Rows, Rows]:
    """Articles by id and rejects by place."""
    engine = _engine()
    articles, rejects = read_articles(inputs, config or ReadConfig(), engine, now=NOW, **options)  # type: ignore[arg-type]
    found, bad = engine.to_arrow(articles), engine.to_arrow(rejects)
    assert found.schema.names == ARTICLES.names
    assert bad.schema.names == REJECTS.names
    place = lambda row: (row["path"] or "", row["line"] or 0, row["reason"])  # noqa: E731
    return sorted(found.to_pylist(), key=lambda row: row["id"]), sorted(bad.to_pylist(), key=place)


def _write(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def _values(rows: Rows, *names: str) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


# --- what is read ---------------------------------------------------------------------------------

RECORDS = (
    {"id": "1", "title": "Ferry sinks", "text": "Two people died, they said.", "published": "2024-10-29T10:00:00Z"},
    {"id": "2", "title": "Fire, “again”", "text": 'Line one\nline "two", they said.', "published": "2024-10-30"},
)


def _as_csv(path: Path, delimiter: str = ",") -> Path:
    frame = pd.DataFrame(RECORDS)
    frame.to_csv(path, index=False, sep=delimiter)
    return path


@pytest.mark.parametrize(
    "make",
    [
        lambda path: [_write(path / "a.jsonl", *RECORDS)],
        lambda path: [_write(path / "without_ending", *RECORDS)],
        lambda path: [_as_csv(path / "a.csv")],
        lambda path: [_as_csv(path / "a.csv", ";")],
        lambda path: [_as_csv(path / "a.tsv", "\t")],
        lambda _: (dict(record) for record in RECORDS),
        lambda _: (Article(**record) for record in RECORDS),
        lambda _: pd.DataFrame(RECORDS),
        lambda _: pl.DataFrame(RECORDS),
        lambda _: pl.LazyFrame(RECORDS),
        lambda _: pa.Table.from_pylist(list(RECORDS)),
    ],
)
def test_every_form_of_the_same_articles_gives_the_same_rows(make: Callable[[Path], object], tmp_path: Path) -> None:
    rows, rejects = _read(make(tmp_path))
    assert rejects == []
    expected, _ = _read(RECORDS)
    shared = [name for name in ARTICLES.names if name not in {"path", "line"}]
    assert _values(rows, *shared) == _values(expected, *shared)
    assert _values(rows, "id", "published", "published_precision") == [
        ("1", datetime(2024, 10, 29, 10), "second"),
        ("2", datetime(2024, 10, 30), "day"),
    ]


def test_the_seeds_have_their_titles_and_dates(seeds: Path) -> None:
    gold = json.loads((Path(__file__).parent / "gold" / "seeds.json").read_text(encoding="utf-8"))
    rows, rejects = _read([seeds])
    assert rejects == []
    for row in rows:
        wanted = gold["articles"][str(row["id"])[:3]]
        assert row["title"] == wanted["title"]
        assert str(row["published"])[:10] == wanted["published"].get("date") or row["published"] is None
    assert [row["published"] is None for row in rows] == [True, False, False, True, False]


def test_text_keeps_every_other_line_of_the_seeds(seeds: Path) -> None:
    rows, _ = _read([seeds])
    for row in rows:
        raw = (seeds / f"{row['id']}.txt").read_text(encoding="utf-8")
        lines = [" ".join(line.split()) for line in raw.splitlines()]
        kept = [line for line in str(row["text"]).split("\n") if line]
        left_out = [line for line in lines if line and line not in kept]
        assert len(left_out) == (row["title"] is not None) + (row["title"] is None and row["published"] is not None) + (
            str(row["id"]).startswith("002")
        )


@pytest.mark.parametrize("name", ["text", "Body", "CONTENT", "article", "article_text", "full text"])
def test_common_names_of_the_text_are_recognised(name: str) -> None:
    rows, _ = _read([{name: "Some text.", "headline": "H", "pubDate": 1730189000, "domain": "a.b", "link": "http://x"}])
    assert _values(rows, "text", "title", "source", "url") == [("Some text.", "H", "a.b", "http://x")]
    assert rows[0]["published"] == datetime(2024, 10, 29, 8, 3, 20)


def test_names_and_nested_paths_can_be_mapped() -> None:
    record = {"data": {"parts": [{"words": "Some text."}]}, "meta.when": "2024-10-29", "text": "wrong"}
    config = ReadConfig(fields={"text": "data.parts[0].words", "published": "meta.when"})
    rows, _ = _read([record], config)
    assert _values(rows, "text", "published_raw") == [("Some text.", "2024-10-29")]


def test_an_unknown_mapped_field_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match=r"unknown key read.fields.txt; did you mean read.fields.text\?"):
        _read([], ReadConfig(fields={"txt": "body"}))


def test_objects_that_name_themselves_are_read() -> None:
    record = {
        "_id": {"$oid": "ab"},
        "text": ["One.", "Two."],
        "source": {"id": None, "name": "ANA"},
        "date": {"$date": "2024-10-29"},
    }
    rows, _ = _read([record])
    assert _values(rows, "id", "text", "source", "published_raw") == [("ab", "One.\nTwo.", "ANA", "2024-10-29")]


def test_standard_input_is_json_lines(tmp_path: Path) -> None:
    stream = io.BytesIO(_write(tmp_path / "a", *RECORDS, {"x": 1}).read_bytes())
    rows, rejects = _read(["-"], stdin=stream)
    assert _values(rows, "id", "path", "line") == [("1", "-", 1), ("2", "-", 2)]
    assert _values(rejects, "path", "line", "record") == [("-", 3, '{"x": 1}\n')]


# --- ids and order --------------------------------------------------------------------------------


def test_files_are_named_by_their_name_and_by_their_path_where_names_repeat(tmp_path: Path) -> None:
    for name in ("x.txt", "y.txt", "sub/x.md", "sub/z.txt", "more/z.txt", "more/z.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"They said it of {name}.", encoding="utf-8")
    _write(tmp_path / "y.jsonl", {"id": "r", "text": "Some text."})
    rows, _ = _read([tmp_path])
    assert [row["id"] for row in rows] == ["more/z.md", "more/z.txt", "r", "sub/x", "sub/z", "x", "y"]


def test_a_record_without_id_is_named_by_its_content() -> None:
    first, _ = _read([{"text": "Some text."}, {"text": "Some text.", "source": "other"}])
    again, _ = _read([{"text": "Some text.", "source": "other"}, {"text": "Some text."}])
    assert first == again
    assert len({row["id"] for row in first}) == 2


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.jsonl", *RECORDS)
    rows, rejects = _read([path, tmp_path, str(tmp_path / "*.jsonl")])
    assert (len(rows), rejects) == (2, [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 5), min_size=2, max_size=12))
def test_of_one_id_the_smallest_content_stays_in_any_order(shuffle: random.Random, ids: list[int]) -> None:
    records = [{"id": str(i), "text": f"Text number {place}."} for place, i in enumerate(ids)]
    rows, rejects = _read(records)
    mixed = list(records)
    shuffle.shuffle(mixed)
    assert _read(mixed)[0] == rows
    assert len(rows) == len(set(ids))
    assert len(rejects) == len(ids) - len(set(ids))
    assert {row["reason"] for row in rejects} <= {f"duplicate id: {i}" for i in ids}


def test_a_duplicate_is_rejected_with_its_original_record(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'id,text,extra\r\n1,"one\r\nmore",x\r\n1,two,y\r\n')
    rows, rejects = _read([path])
    lost = {"one\nmore": '1,"one\r\nmore",x\r\n', "two": "1,two,y\r\n"}
    del lost[str(rows[0]["text"])]
    assert [row["record"] for row in rejects] == list(lost.values())


def test_the_order_of_files_and_batches_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from storycluster.stages.read import stage

    paths = [
        _write(tmp_path / f"{n}.jsonl", *({"id": f"{n}{i}", "text": f"Text {n} {i}."} for i in range(5))) for n in "abc"
    ]
    forward = _read(paths)
    monkeypatch.setattr(stage, "BATCH_ROWS", 2)
    assert _read(paths[::-1]) == forward


def test_original_records_are_byte_for_byte(tmp_path: Path) -> None:
    lines = [b'{"id":1 ,"text":"a"}\r\n', b"\n", b'{"text":"caf\xe9 au lait"}\n', b'{"text":"b"}']
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(lines))
    wanted = [1, 3, 4]
    assert dict(original_records(str(path), wanted, ReadConfig())) == {n: lines[n - 1] for n in wanted}
    table = tmp_path / "a.csv"
    table.write_bytes(b'id,text\n1,"x\ny"\n2,z\n')
    assert dict(original_records(str(table), [2], ReadConfig())) == {2: b'1,"x\ny"\n'}
    assert original_header(str(table), ReadConfig()) == b"id,text\n"


# --- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows_before_proof", [0, 3, 2_500])
def test_numeric_dates_are_read_by_evidence_in_the_file(tmp_path: Path, rows_before_proof: int) -> None:
    dates = ["03/04/2024"] * (rows_before_proof + 1) + ["25/04/2024"]
    path = _write(tmp_path / "a.jsonl", *({"id": str(i), "text": "x", "date": date} for i, date in enumerate(dates)))
    rows, _ = _read([path])
    assert {row["published"] for row in rows} == {datetime(2024, 4, 3), datetime(2024, 4, 25)}


@pytest.mark.parametrize("place", [0, 1, 2_499])
def test_numeric_dates_of_a_stream_are_read_by_evidence_wherever_it_stands(place: int) -> None:
    records = [{"id": str(i), "text": "x", "date": "03/04/2024"} for i in range(2_500)]
    records[place]["date"] = "25/04/2024"
    lines = "".join(json.dumps(record) + "\n" for record in records).encode()
    for rows, _ in (_read(iter(records)), _read(["-"], stdin=io.BytesIO(lines))):
        assert {row["published"] for row in rows} == {datetime(2024, 4, 3), datetime(2024, 4, 25)}
        assert {row["published_precision"] for row in rows} == {"day"}


def test_dates_that_contradict_each_other_settle_nothing(tmp_path: Path) -> None:
    dates = ["03/04/2024"] * 1_500 + ["25/04/2024", "04/25/2024"]
    path = _write(tmp_path / "a.jsonl", *({"id": str(i), "text": "x", "date": date} for i, date in enumerate(dates)))
    assert sum(row["published"] is None for row in _read([path])[0]) == 1_500


def test_numeric_dates_without_proof_are_kept_raw_and_not_trusted() -> None:
    rows, _ = _read([{"text": "x", "date": "03/04/2024"}])
    assert _values(rows, "published", "published_precision", "published_raw") == [(None, None, "03/04/2024")]


def test_the_config_decides_the_order_of_numeric_dates() -> None:
    rows, _ = _read([{"text": "x", "date": "03/04/2024"}], ReadConfig(date_order="month_first"))
    assert rows[0]["published"] == datetime(2024, 3, 4)


def test_a_future_date_is_kept_raw_and_not_trusted() -> None:
    rows, _ = _read([{"text": "x", "date": "2031-01-01"}])
    assert _values(rows, "published", "published_raw") == [(None, "2031-01-01")]


# --- rejects --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{broken", "not valid JSON"),
        (b"[1]", "not a JSON object but list"),
        (b'{"text": ""}', "empty text"),
        (b'{"text": " \\u0000 "}', "empty text"),
        (b'{"text": null, "title": "x"}', "empty text"),
        (b'{"words": "x"}', "no text column among words; name yours with read.fields.text"),
        (b'{"text": "\xff\xfe\x01"}', "not UTF-8: byte 0xff at offset 10"),
        (b'{"text": ' + b"[" * 50_000, "JSON nested too deeply"),
        (b'{"text": "x", "deep": ' + b"[" * 40 + b"]" * 40 + b"}", "JSON nested deeper than read.max_nesting = 32"),
        (b'{"text": "' + b"x" * 2_000 + b'"}', "text of 2,000 bytes, read.max_article_bytes is 1,000"),
        (b'{"text": "' + b"x" * 200_000 + b'"}', "line of 200,013 bytes, read.max_line_bytes is 100,000"),
    ],
)
def test_a_bad_line_is_a_reject_with_its_place_and_reason(line: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id":"1","text":"good"}\n' + line + b'\n{"id":"2","text":"good"}')
    config = ReadConfig(max_article_bytes=1_000, max_line_bytes=100_000)
    rows, rejects = _read([path], config)
    assert _values(rows, "id", "line") == [("1", 1), ("2", 3)]
    assert [(row["path"], row["line"]) for row in rejects] == [(str(path), 2)]
    assert str(rejects[0]["reason"]).startswith(reason)
    assert len(str(rejects[0]["excerpt"])) <= 120


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (b" \n\n", "empty file"),
        (b"Some text \xff\xfe\x81 more", "not UTF-8: byte 0xff at offset 10"),
        (b"PK\x03\x04" + bytes(range(32)) * 9, "not text: full of control characters"),
        (b"x" * 2_000, "file of more than read.max_line_bytes = 1,000 bytes"),
        (b" date 2024-10-29 \n", "empty text"),
    ],
)
def test_a_bad_text_file_is_a_reject(content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    rows, rejects = _read([tmp_path], ReadConfig(max_line_bytes=1_000))
    assert rows == []
    assert [row["reason"] for row in rejects] == [reason]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings_that_are_proven_are_read(encoding: str, tmp_path: Path) -> None:
    text = "The café’s owner said – on Monday – that “nobody” was hurt."
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    assert [row["text"] for row in _read([tmp_path])[0]] == [text]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"2,short\n", "row has 2 columns, the header 4"),
        (b"2,t,body,2024-01-01,more\n", "row has 5 columns, the header 4"),
        (b'2,t,"never closed,2024-01-01\n', "a quoted field is not closed where it ends"),
        (b"2,t,\xff\xfe\x01,2024-01-01\n", "not UTF-8"),
        (b"2,t," + b"x" * 70_000 + b",2024-01-01\n", "line of 70,016 bytes"),
    ],
)
def test_a_bad_row_costs_only_itself(row: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,title,text,date\n1,t,body,2024-01-01\n" + row + b'3,t,"more ""body""\nhere",2024-01-02\n')
    rows, rejects = _read([path], ReadConfig(max_line_bytes=60_000))
    assert _values(rows, "id", "line") == [("1", 2), ("3", 4)]
    assert rows[1]["text"] == 'more "body"\nhere'
    assert [row["line"] for row in rejects] == [3]
    assert str(rejects[0]["reason"]).startswith(reason)


def test_a_table_without_a_text_column_is_one_reject(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,words\n1,x\n2,y\n", encoding="utf-8")
    _, rejects = _read([tmp_path])
    assert _values(rejects, "line", "reason") == [
        (1, "no text column in the header: id, words; name yours with read.fields.text")
    ]


def test_a_list_of_headlines_without_texts_is_read_by_its_headlines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("headline,date\nFerry sinks,2024-01-01\nQuake hits,2024-01-02\n", encoding="utf-8")
    rows, rejects = _read([tmp_path])
    assert sorted(_values(rows, "title", "text")) == [("Ferry sinks", "Ferry sinks"), ("Quake hits", "Quake hits")]
    assert rejects == []


def test_a_record_without_a_text_column_is_read_by_its_summary_before_its_headline(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.jsonl", {"id": "1", "title": "Ferry sinks", "description": "A ferry sank off Kos."})
    rows, _ = _read([path])
    assert _values(rows, "title", "text") == [("Ferry sinks", "A ferry sank off Kos.")]


def test_an_article_that_names_no_outlet_is_from_the_site_of_its_address(tmp_path: Path) -> None:
    addresses = ("https://www.courier.example/a", "http://a:b@news.example:80?c", "courier.example/a", "https://[::1]/")
    path = _write(tmp_path / "a.jsonl", *({"id": url, "text": "A ferry sank.", "url": url} for url in addresses))
    rows, _ = _read([path])
    assert {row["id"]: row["source"] for row in rows} == dict(
        zip(addresses, ("courier.example", "news.example", None, None), strict=True)
    )


def test_the_title_of_a_document_does_not_hide_the_records_in_it(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"title": "All news", "items": [{"body": "A ferry sank."}, {"body": "A quake hit."}]}', "utf-8")
    rows, _ = _read([path])
    assert sorted(_values(rows, "text")) == [("A ferry sank.",), ("A quake hit.",)]


def test_more_records_than_allowed_end_the_file(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.jsonl", *RECORDS)
    rows, rejects = _read([path], ReadConfig(max_records=1))
    assert len(rows) == 1
    assert [row["reason"] for row in rejects] == ["more than read.max_records = 1 records; the rest was not read"]


def test_strict_stops_at_the_first_reject(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text":"x"}\n[1]\n')
    with pytest.raises(InputError, match=r"a.jsonl:2: not a JSON object but list \(--strict"):
        _read([path], strict=True)


def test_a_path_that_does_not_exist_stops_before_reading() -> None:
    with pytest.raises(InputError, match=r"nowhere\.txt: no such file or folder"):
        _read(["nowhere.txt"])


def test_rejects_beyond_memory_go_through_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from storycluster.stages.read import rejects as log

    monkeypatch.setattr(log, "MEMORY_BYTES", 1_000)
    path = _write(tmp_path / "a.jsonl", *({"n": i} for i in range(5_000)))
    _, rejects = _read([path])
    assert [row["line"] for row in rejects] == list(range(1, 5_001))


def test_objects_that_are_no_articles_are_rejects() -> None:
    rows, rejects = _read([Article(text="x"), 7, Article(text=None)])  # type: ignore[arg-type]
    assert len(rows) == 1
    assert _values(rejects, "path", "line") == [("records", 2), ("records", 3)]


def test_missing_values_of_a_dataframe_are_no_values() -> None:
    frame = pd.DataFrame(
        {
            "text": ["a", None],
            "id": [None, "2"],
            "date": [pd.NaT, pd.Timestamp("2024-10-29")],
            "title": [float("nan"), "t"],
        }
    )
    rows, rejects = _read(frame)
    assert _values(rows, "title", "published_raw") == [(None, None)]
    assert len(rejects) == 1


# --- folders --------------------------------------------------------------------------------------


def test_a_folder_is_walked_without_hidden_files_runs_pipes_and_links_that_leave_it(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("They said nothing.", encoding="utf-8")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text("They said it.", encoding="utf-8")
    (folder / ".hidden.txt").write_text("They hid it.", encoding="utf-8")
    (folder / "loop").symlink_to(folder)
    (folder / "link.txt").symlink_to(outside)
    (folder / "broken.txt").symlink_to(folder / "nothing")
    os.mkfifo(folder / "pipe.txt")
    (folder / "run").mkdir()
    for name in ("manifest.json", "articles.parquet", "rejects.jsonl", "report.md"):
        (folder / "run" / name).write_text("This program wrote it.", encoding="utf-8")
    rows, rejects = _read([folder])
    assert [row["id"] for row in rows] == ["good"]
    assert _values(rejects, "path", "reason") == [(str(folder / "pipe.txt"), "cannot be read: not a regular file")]


def test_a_hostile_file_name_is_shown_as_escapes_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "a\n\x1b[31m\u202e.txt"
    path.write_text("They said it.", encoding="utf-8")
    undecodable = os.fsencode(tmp_path) + b"/\xff.txt"
    Path(os.fsdecode(undecodable)).write_text("They said more.", encoding="utf-8")
    rows, _ = _read([tmp_path])
    assert all(str(row["path"]).isprintable() and str(row["id"]).isprintable() for row in rows)
    found = [dict(original_records(str(row["path"]), [None], ReadConfig())) for row in rows]
    assert sorted(found, key=str) == [{None: b"They said it."}, {None: b"They said more."}]


def test_a_full_disk_under_the_copy_of_stdin_is_no_broken_input(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with pytest.raises(StoreError, match=r"the copy of the input cannot be written to .*; point engine\."):
        Copied(io.BytesIO(b"{}"), copy / "missing")
    stream = Copied(io.BytesIO(b"x" * 100_000), Path("/dev/full"))
    with pytest.raises(StoreError, match="No space left"):
        stream.read(100_000)


def test_progress_counts_what_was_read() -> None:
    class Counter:
        calls: list[tuple[str, int, int | None]] = []  # noqa: RUF012

        def advance(self, stage: str, done: int, total: int | None) -> None:
            self.calls.append((stage, done, total))

    _read(RECORDS, progress=Counter())
    assert Counter.calls == [("read", 2, None)]


def test_configured_language_holds_where_none_is_given() -> None:
    rows, _ = _read([{"id": "1", "text": "x"}, {"id": "2", "text": "x", "lang": "de-AT"}], ReadConfig(language="fr"))
    assert [row["language"] for row in rows] == ["fr", "de"]


def test_credits_are_found_unless_switched_off() -> None:
    record = {"text": "Two people died, the paper said, citing Yonhap."}
    assert _read([record])[0][0]["credits"] == ["Yonhap"]
    assert _read([record], ReadConfig(credits=False))[0][0]["credits"] == []


def test_a_title_repeated_as_first_line_is_dropped() -> None:
    rows, _ = _read([{"title": "Ferry sinks", "text": "FERRY SINKS.\n\nTwo died."}])
    assert rows[0]["text"] == "Two died."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_lines_and_tables_in_wide_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes('{"id":"1","text":"café"}\n{"id":"2","text":"x"}\n'.encode(encoding))
    (tmp_path / "b.csv").write_bytes("id,text\n3,“quoted”\n".encode(encoding))
    rows, rejects = _read([tmp_path])
    assert (_values(rows, "id", "text"), rejects) == ([("1", "café"), ("2", "x"), ("3", "“quoted”")], [])


def test_an_address_is_read_through_fsspec() -> None:
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe("/pile/sub/a.jsonl", b'{"id":"1","text":"x"}\n')
    memory.pipe("/pile/b.txt", b"They said it.")
    rows, rejects = _read(["memory://pile"])
    assert (_values(rows, "id", "path"), rejects) == (
        [("1", "memory://pile/sub/a.jsonl"), ("b", "memory://pile/b.txt")],
        [],
    )
    assert [row["id"] for row in _read(["memory://pile/*.txt"])[0]] == ["b"]
    with pytest.raises(InputError, match="memory://nowhere: nothing there"):
        _read(["memory://nowhere"])
    with pytest.raises(InputError, match="nosuch://x: "):
        _read(["nosuch://x"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(records=st.lists(st.one_of(json_records, json_values), max_size=6), junk=st.binary(max_size=60))
def test_every_line_is_an_article_or_a_reject(records: list[object], junk: bytes, tmp_path: Path) -> None:
    lines = [json.dumps(record).encode() for record in records] + [junk.replace(b"\n", b"")]
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id":"good","text":"good"}\n' + b"\n".join(lines))
    rows, rejects = _read([path])
    expected = 1 + sum(1 for line in lines if line.strip(b" \t\r\x0b\x0c"))
    assert len(rows) + len(rejects) == expected
    assert all(str(row["text"]) == str(row["text"]).strip() != "" for row in rows)
    assert all(str(row["reason"]).isprintable() and str(row["excerpt"]).isprintable() for row in rejects)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(json_records, json_values.filter(lambda value: not isinstance(value, str))), max_size=6))
def test_every_record_in_memory_is_an_article_or_a_reject(records: list[object]) -> None:
    rows, rejects = _read([*records, {"text": "good"}])
    assert len(rows) + len(rejects) == len(records) + 1
