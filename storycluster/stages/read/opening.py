"""Opening a source: decompression by its first bytes, with limits that stop a bomb, and the reader that fits."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

import pyarrow as pa

from storycluster.config import ReadConfig
from storycluster.errors import StoreError
from storycluster.stages.read.decoding import find_encoding
from storycluster.stages.read.records import BROKEN, FormatError, Reader, Source
from storycluster.stages.read.registry import SNIFFED_BYTES, find_reader

FREE_BYTES: Final = 16 << 20  # expanded without a look at the ratio: small files of repeated text compress well
BUFFER_BYTES: Final = 1 << 20
_WIDE: Final = frozenset({"utf-16", "utf-32"})


class LimitError(FormatError):
    """A file expands to more than the config allows."""


def open_source(source: Source, config: ReadConfig) -> tuple[BinaryIO, Reader | None]:
    """The decompressed stream of a source and its reader (None where no reader knows the format).

    Raises OSError where it cannot be opened. The caller closes the stream.
    """
    raw = _peekable(source.open())
    expanded = _expand(raw, raw.peek(6)[:6], config)
    stream = raw if expanded is None else _peekable(expanded)
    try:
        head = stream.peek(SNIFFED_BYTES)[:SNIFFED_BYTES]
        if (encoding := find_encoding(head)) in _WIDE:
            stream = _peekable(_Recoded(stream, encoding))
            head = stream.peek(SNIFFED_BYTES)[:SNIFFED_BYTES]
    except BROKEN:
        stream.close()
        raise
    return stream, find_reader(source.path, head)


def _peekable(stream: BinaryIO | io.RawIOBase) -> io.BufferedReader:
    return io.BufferedReader(stream, BUFFER_BYTES)  # type: ignore[arg-type]  # any readable will do


def _expand(raw: io.BufferedReader, head: bytes, config: ReadConfig) -> io.RawIOBase | None:
    expand = next((function for magic, function in _EXPANDERS if head.startswith(magic)), None)
    if expand is None:
        return None
    packed = _Counted(raw)
    return _Limited(expand(cast(BinaryIO, packed)), packed, config)


def _expand_xz(packed: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, lzma.LZMAFile(packed))


def _expand_zstd(packed: BinaryIO) -> BinaryIO:
    stream: BinaryIO = pa.CompressedInputStream(pa.PythonFile(packed, "r"), "zstd")
    return stream


_EXPANDERS: Final[tuple[tuple[bytes, Callable[[BinaryIO], BinaryIO]], ...]] = (
    (b"\x1f\x8b", lambda packed: cast(BinaryIO, gzip.GzipFile(fileobj=packed, mode="rb"))),
    (b"BZh", lambda packed: cast(BinaryIO, bz2.BZ2File(packed))),
    (b"\xfd7zXZ\x00", _expand_xz),
    (b"\x28\xb5\x2f\xfd", _expand_zstd),
)


class _Counted(io.RawIOBase):
    """A stream that knows how many bytes were read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self.count += len(data)
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()


class Copied(io.RawIOBase):
    """A stream that writes all that is read from it to a file. Raises StoreError where the file does not take it."""

    def __init__(self, stream: BinaryIO, copy: Path) -> None:
        """Take over the stream and make the file."""
        self._stream = stream
        self._path = copy
        with self._writing():
            self._copy = copy.open("wb")

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # always a memoryview here
        """Fill the buffer."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        with self._writing():
            self._copy.write(data)
        return len(data)

    def close(self) -> None:
        """Close both."""
        with self._writing():
            self._copy.close()
        self._stream.close()
        super().close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Tells a full disk from an input that breaks off."""
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"the copy of the input cannot be written to {self._path.parent}: {error.strerror}; "
                "point engine.temp_directory at a larger disk"
            ) from error


class _Recoded(io.RawIOBase):
    """A stream of another encoding as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # always a memoryview here
        while not self._pending:
            data = self._stream.read(BUFFER_BYTES)
            self._pending = self._decoder.decode(data, final=not data).encode("utf-8", "replace")
            if not data:
                break
        taken, self._pending = self._pending[: len(buffer)], self._pending[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Limited(io.RawIOBase):
    """An expanded stream that ends with a LimitError where it grows beyond the config's limits."""

    def __init__(self, expanded: BinaryIO, packed: _Counted, config: ReadConfig) -> None:
        self._expanded = expanded
        self._packed = packed
        self._config = config
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # always a memoryview here
        data = self._expanded.read(len(buffer))
        buffer[: len(data)] = data
        self._count += len(data)
        if self._count > self._config.max_file_bytes:
            raise LimitError(f"expands to more than read.max_file_bytes = {self._config.max_file_bytes:,}")
        if self._count > max(FREE_BYTES, self._packed.count * self._config.max_expansion):
            raise LimitError(f"expands to more than read.max_expansion = {self._config.max_expansion} times its size")
        return len(data)

    def close(self) -> None:
        self._expanded.close()
        self._packed.close()
        super().close()
