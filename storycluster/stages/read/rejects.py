"""Where rejected records go while articles stream by: counted, and put on disk when they are many."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Final

import pyarrow as pa

from storycluster.errors import InputError
from storycluster.model import REJECTS
from storycluster.stages.read.records import MAX_KEPT_BYTES, Reject, excerpt
from storycluster.text.cleaning import show_safely

MEMORY_BYTES: Final = 16 << 20  # rejects beyond this wait on disk
BATCH_ROWS: Final = 1_000
MAX_REASON_CHARS: Final = 400  # a reason may name columns, which are the file's


class RejectLog:
    """Takes rejects one at a time and gives them back as record batches, once; a context that closes its file."""

    def __init__(self, *, strict: bool) -> None:
        self.count = 0
        self._strict = strict
        self._rows: list[tuple[str, int | None, str, str, str]] = []
        self._file = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115  # closed with the log
        self._writer = pa.ipc.new_stream(self._file, REJECTS)

    def __enter__(self) -> RejectLog:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, path: str, reject: Reject) -> None:
        """Note one reject. Raises InputError under ``strict``."""
        if self._strict:
            raise InputError(f"{locate(path, reject.line)}: {reject.reason} (--strict stops at the first reject)")
        self.count += 1
        reason = show_safely(reject.reason, max_chars=MAX_REASON_CHARS)
        self._rows.append((path, reject.line, reason, excerpt(reject.record), keep(reject.record)))
        if len(self._rows) >= BATCH_ROWS:
            self._flush()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rejects, in the order they came."""
        self._flush()
        self._writer.close()
        self._file.seek(0)
        with pa.ipc.open_stream(self._file) as reader:
            yield from reader

    def _flush(self) -> None:
        if self._rows:
            columns = [
                pa.array(values, field.type)
                for values, field in zip(zip(*self._rows, strict=True), REJECTS, strict=True)
            ]
            self._writer.write_batch(pa.record_batch(columns, schema=REJECTS))
            self._rows.clear()


def locate(path: str, line: int | None) -> str:
    """Path and line as one word.

    >>> locate("a.jsonl", 3)
    'a.jsonl:3'
    """
    return path if line is None else f"{path}:{line}"


def keep(record: bytes | str) -> str:
    """The original record as text, base64 where it is not UTF-8; empty where it is too long to keep.

    >>> keep(b"caf\\xe9")
    'base64:Y2Fm6Q=='
    """
    if len(record) > MAX_KEPT_BYTES:
        return ""
    try:
        return record.decode("utf-8") if isinstance(record, bytes) else record.encode("utf-8").decode("utf-8")
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(bytes(record)).decode("ascii")  # type: ignore[arg-type]  # bytes here
    except UnicodeEncodeError:
        return str(record).encode("utf-8", "backslashreplace").decode("utf-8")
