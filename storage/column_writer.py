"""Writes a column file, front to back, in one pass; `columns` has the format."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from ..errors import UsageError
from .checksum import PageSums, crc32
from .columns import (
    ALIGN,
    DTYPES,
    FORMAT,
    HEADER,
    MAGIC,
    SIGNED,
    TRAILER,
    Column,
    FileInfo,
    align,
    pack_footer,
    valid_name,
)
from .directory import Data, Directory

if TYPE_CHECKING:
    from typing import Any

    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[Any]


class ColumnStream:
    """A column while it is written in pieces; see `ColumnWriter.stream`."""

    def __init__(self, writer: ColumnWriter, dtype: np.dtype[Any]) -> None:
        self._writer = writer
        self.dtype = dtype
        self.count = 0
        self.crc = 0

    def write(self, array: Array | bytes | memoryview) -> None:
        """Append numbers that the column's type holds without loss (else UsageError)."""
        if self._writer._stream is not self:
            raise UsageError("this column is complete; open a stream for another")
        import numpy as np

        piece = _plain(array)
        if not np.can_cast(piece.dtype, self.dtype, "safe"):
            raise UsageError(f"a column of {self.dtype.str} cannot hold {piece.dtype.str} safely")
        data = np.ascontiguousarray(piece, self.dtype).view(np.uint8).data
        self.crc = crc32(data, self.crc)
        self.count += len(piece)
        self._writer._write(data)


class ColumnWriter:
    """A new column file: columns in order, then `finish`, or else `abandon`.

    As a context manager it abandons what was not finished.

    Parameters:
        directory: where the file goes.
        name: its name, not used before.
        kind: what it is for; readers name the same kind.

    Raises StorageError from all that writes; after that, only `abandon`.
    """

    def __init__(self, directory: Directory, name: str, kind: str) -> None:
        self._name = name
        self._kind = kind
        self._columns: dict[str, Column] = {}
        self._stream: ColumnStream | None = None
        self._sums = PageSums()
        self._output = directory.create(name)
        try:
            self._write(HEADER.pack(MAGIC, FORMAT))
        except BaseException:
            self.abandon()
            raise

    def add(self, column: str, array: Array | bytes) -> None:
        """Write a whole column: a one-dimensional array of numbers, or bytes."""
        whole = _plain(array)
        with self.stream(column, whole.dtype) as stream:
            stream.write(whole)

    @contextmanager
    def stream(self, column: str, dtype: npt.DTypeLike) -> Iterator[ColumnStream]:
        """Write a column in pieces: `with writer.stream("ids", "<u4") as ids: ids.write(a)`.

        One at a time. If the body raises, the file can only be abandoned.
        """
        if self._stream:
            raise UsageError(f"{self._name}: finish one column before the next, {column!r}")
        if column in self._columns or not valid_name(column):
            raise UsageError(f"{self._name}: {column!r} is taken or cannot name a column")
        self._stream = stream = ColumnStream(self, _stored(dtype))
        self._pad()
        offset = self._output.tell()
        yield stream
        length = self._output.tell() - offset
        self._columns[column] = Column(stream.dtype.str, stream.count, offset, length, stream.crc)
        self._stream = None

    def finish(self, meta: Mapping[str, Any]) -> FileInfo:
        """Write what is left, fsync, close; return what a commit remembers of the file.

        The file survives a power cut once its directory is synced. `meta` must be JSON
        (else UsageError).
        """
        if self._stream:
            raise UsageError(f"{self._name}: a column was not completed; abandon the file")
        footer = self._footer(meta)
        self._pad()
        body = self._output.tell()
        sums = self._sums.finish()
        table = struct.pack(f"<{len(sums)}I", *sums)
        lengths = TRAILER.pack(body, len(footer), FORMAT, 0, b"")[:SIGNED]
        crc = crc32(lengths, crc32(footer, crc32(table)))
        for part in (table, footer, TRAILER.pack(body, len(footer), FORMAT, crc, MAGIC)):
            self._output.write(part)
        self._output.finish()
        return FileInfo(self._name, self._output.tell(), crc)

    def abandon(self) -> None:
        """Remove the file, unless it is finished. Harmless when repeated."""
        self._output.abandon()

    def __enter__(self) -> ColumnWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.abandon()

    def _footer(self, meta: Mapping[str, Any]) -> bytes:
        try:
            return pack_footer(self._kind, self._columns, meta)
        except (TypeError, ValueError, RecursionError) as error:
            raise UsageError(f"{self._name}: its meta is not JSON: {error}") from error

    def _pad(self) -> None:
        at = self._output.tell()
        if at % ALIGN:
            self._write(bytes(align(at) - at))

    def _write(self, data: Data) -> None:
        self._sums.feed(data)
        self._output.write(data)


def _plain(array: Array | bytes | memoryview) -> Array:
    import numpy as np

    if isinstance(array, bytes | bytearray | memoryview):
        return np.frombuffer(array, np.uint8)
    if array.ndim != 1:
        raise UsageError(f"a column has one dimension, not {array.ndim}")
    return array


def _stored(dtype: npt.DTypeLike) -> np.dtype[Any]:
    """Return the little-endian type that a column of `dtype` is stored in."""
    import numpy as np

    stored = np.dtype(dtype).newbyteorder("<")
    if stored.str not in DTYPES:
        known = ", ".join(DTYPES)
        raise UsageError(f"a column cannot have the type {np.dtype(dtype).str}: use {known}")
    return stored
