"""Reader of JSON documents: one list of records, one record, records one after the other, or a list inside an object.

Records are taken off a sliding window of text, so the document itself never stands in memory.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from storycluster.config import ReadConfig
from storycluster.stages.read.columns import Columns, pick_article, to_json
from storycluster.stages.read.decoding import find_encoding
from storycluster.stages.read.records import FormatError, Found, Reader, Reject, Source

CHUNK_BYTES: Final = 1 << 20
MAX_LIST_DEPTH: Final = 4  # {"response": {"hits": {"hits": [...]}}}
_SPACE: Final = " \t\r\n"
_BETWEEN: Final = _SPACE + ","


def read(stream: BinaryIO, source: Source, config: ReadConfig) -> Iterator[Found]:
    """One draft or reject per record, ``line`` being the number of the record.

    Raises FormatError where the document breaks off; what stands before is read.
    """
    columns = Columns(config.fields)
    values = _Values(stream, config.max_line_bytes)
    number = 0
    for value, text in values:
        for record in [value] if values.is_list else _unfold(value, columns):
            number += 1
            found = pick_article(record, columns, line=number, max_nesting=config.max_nesting)
            if type(found) is Reject:
                yield found._replace(record=text if record is value else to_json(record))
            else:
                yield found if source.reopens else found._replace(record=to_json(record))


def _unfold(value: object, columns: Columns) -> list[object]:
    """The records of one value: itself where it holds a text, else the longest list of objects inside it."""
    if not isinstance(value, Mapping) or columns.holds_text(value):
        return [value]
    lists: list[list[object]] = []
    level: list[object] = list(value.values())
    for _ in range(MAX_LIST_DEPTH):
        lists += [item for item in level if isinstance(item, list) and item and isinstance(item[0], Mapping)]
        level = [inner for item in level if isinstance(item, Mapping) for inner in item.values()]
    return max(lists, key=len) if lists else [value]


class _Values:
    """The values of a document with their text, decoded one at a time."""

    def __init__(self, stream: BinaryIO, max_bytes: int) -> None:
        self._stream = stream
        self._max_chars = max_bytes
        self._decoder: codecs.IncrementalDecoder | None = None
        self._text = ""
        self._position = 0
        self._is_done = False
        self.is_list = False

    def __iter__(self) -> Iterator[tuple[object, str]]:
        self.is_list = self._skip(_SPACE) == "["
        self._position += self.is_list
        while (first := self._skip(_BETWEEN)) and first != "]":
            yield self._next()
        if self.is_list and not first:
            raise FormatError("not valid JSON: the list is never closed")

    def _skip(self, characters: str) -> str:
        """The next character that is none of these; empty at the end."""
        while True:
            while self._position < len(self._text):
                if self._text[self._position] not in characters:
                    return self._text[self._position]
                self._position += 1
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on, at least as much as is waiting, so that a long value is looked at few times."""
        if self._is_done:
            return False
        waiting = len(self._text) - self._position
        data = self._stream.read(max(CHUNK_BYTES, waiting))
        if self._decoder is None:
            self._decoder = codecs.getincrementaldecoder(find_encoding(data))()
        self._is_done = not data
        self._text = self._text[self._position :] + self._decoder.decode(data, final=not data)
        self._position = 0
        return True

    def _next(self) -> tuple[object, str]:
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._position)
            except json.JSONDecodeError as error:
                if len(self._text) - self._position > self._max_chars:
                    raise FormatError(f"record of more than read.max_line_bytes = {self._max_chars:,}") from error
                if not self._more():
                    raise FormatError(f"not valid JSON: {error.msg}") from error
                continue
            if end == len(self._text) and self._more():
                continue  # a number may go on
            text = self._text[self._position : end]
            self._position = end
            return value, text


_DECODER: Final = json.JSONDecoder()


def _sniff(head: bytes) -> bool:
    return head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"[", b"{")


READER: Final = Reader("JSON", (".json",), _sniff, read)
