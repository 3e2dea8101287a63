"""Blocks of plain JSON lines are read at once; the oracle is reading them line by line."""

import io
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.config import ReadConfig
from storycluster.stages.read import jsonl, lines
from storycluster.stages.read.records import Draft, Found, Source

VALUES = st.one_of(
    st.text(max_size=4), st.none(), st.integers(), st.floats(), st.lists(st.text(max_size=2), max_size=2), st.just("")
)
SIMPLE = st.one_of(st.text(max_size=2), st.text(max_size=2), st.sampled_from([None, 7, 1.5, 1 << 70, True]))
PLAIN = st.fixed_dictionaries({"id": st.text(max_size=3), "title": st.text(max_size=3), "body": st.text(min_size=1)})
FREE = st.dictionaries(st.sampled_from(["id", "title", "Title", "body", "text", "date", "x", "url"]), VALUES)
ODD = st.sampled_from(
    [b"", b"  ", b"{", b"}", b'{"text": "a"}{"text": "b"}', b'{"text":', b'"a"}', b"[1]", b'{"text": "\xe9"}', b"\r"]
)
#: Objects with the same keys, some of which may mean the same field, and plain values.
ALIKE = st.lists(
    st.sampled_from(["id", "title", "Title", "body", "text", "date", "published", "x", "url"]), unique=True, min_size=1
).flatmap(lambda keys: st.lists(st.fixed_dictionaries(dict.fromkeys(keys, SIMPLE)), max_size=4))
LINES = st.one_of(
    PLAIN.map(json.dumps).map(str.encode),
    PLAIN.map(json.dumps).map(str.encode),
    FREE.map(json.dumps).map(str.encode),
    ODD,
)


def read(data: bytes, *, max_line_bytes: int, reopens: bool = True) -> list[Found]:
    source = Source("a.jsonl", "a", lambda: io.BytesIO(data), reopens=reopens)
    config = ReadConfig(max_line_bytes=max_line_bytes)
    found = list(jsonl.read(io.BytesIO(data), source, config))
    return [item._replace(record=None) if type(item) is Draft else item for item in found]


@given(st.lists(st.one_of(PLAIN.map(json.dumps).map(str.encode), LINES), max_size=12), st.booleans(), st.data())
def test_lines_read_in_blocks_are_those_read_one_by_one(
    parts: list[bytes], is_ended: bool, data: st.DataObject
) -> None:
    content = b"\n".join(parts) + (b"\n" if is_ended else b"")
    limit = data.draw(st.sampled_from([20, 60, 1 << 20]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK_BYTES", data.draw(st.sampled_from([7, 64, 1 << 18])))
        in_blocks = read(content, max_line_bytes=limit)
        patch.setattr(jsonl, "_read_plain", lambda *_: None)
        assert repr(in_blocks) == repr(read(content, max_line_bytes=limit))
        assert repr(in_blocks) == repr(read(content, max_line_bytes=limit, reopens=False))


@given(ALIKE, st.booleans())
def test_objects_with_the_same_keys_are_read_as_one_by_one(records: list[dict[str, object]], is_mixed: bool) -> None:
    if is_mixed:
        records = [dict(reversed(record.items())) if place % 2 else record for place, record in enumerate(records)]
    content = b"".join(json.dumps(record).encode() + b"\n" for record in records)
    in_blocks = read(content, max_line_bytes=1_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "_read_plain", lambda *_: None)
        assert repr(in_blocks) == repr(read(content, max_line_bytes=1_000))


def test_plain_lines_are_read_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"".join(json.dumps({"id": str(n), "text": "é" * n, "date": None}).encode() + b"\n" for n in range(1, 50))
    monkeypatch.setattr(jsonl, "_read_block", lambda *_: pytest.fail("a plain line was read on its own"))
    found = read(content, max_line_bytes=1 << 20)
    assert [(item.line, item.text) for item in found if type(item) is Draft] == [(n, "é" * n) for n in range(1, 50)]


def test_two_objects_on_a_line_are_a_reject_though_another_has_two_lines() -> None:
    found = read(b'{"text": "a"}{"text": "b"}\n{"text":\n"c"}\n', max_line_bytes=1_000)
    assert [item.line for item in found] == [1, 2, 3]
    assert Draft not in set(map(type, found))


@given(
    st.lists(st.sampled_from([b"a", b"bc\n", b"\n", b"\r", b" "])).map(b"".join), st.integers(1, 5), st.integers(1, 9)
)
def test_lines_are_numbered_alike_however_they_are_cut(content: bytes, max_bytes: int, chunk: int) -> None:
    expected = [line + b"\n" for line in content.split(b"\n")]
    expected[-1] = expected[-1][:-1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK_BYTES", 2 * chunk)
        found = list(lines.number_lines(io.BytesIO(content), max_bytes=max_bytes))
    for number, line in found:
        whole = expected[number - 1]
        assert line == whole if len(whole) <= max_bytes else line.length == len(whole)  # type: ignore[union-attr]
    missing = set(range(1, len(expected) + bool(expected[-1]))) - {number for number, _ in found}
    assert all(expected[number - 1].isspace() for number in missing)
    assert all(first < second for (first, _), (second, _) in pairwise(found))
