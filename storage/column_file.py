"""Reads a column file: mapped, checked where that is cheap, and page by page after that."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial

from ..errors import DamagedError, VersionError
from ..hints import TYPE_CHECKING
from .checksum import PAGE, crc32
from .columns import (
    DTYPES,
    HEADER,
    SIGNED,
    TRAILER,
    Column,
    FileInfo,
    Trailer,
    parse_footer,
    parse_trailer,
)
from .directory import Directory
from .mapped import forget, readable, require_readable
from .pages import Pages

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    Array = NDArray[Any]

_PROGRESS_PAGES = 64  # pages between two calls of a progress function


class ColumnFile:
    """A column file that was opened.

    Opening checks the lengths, magics, footer and page table, and that every column lies
    where it must: time in proportion to the number of columns and pages, and no column
    is read. The file may come from a stranger: nothing in it is executed, and no length
    is believed before it was checked against the file.

    What is handed out are views of the mapping that keep it alive; there is nothing to
    close. Safe to use from several threads. Reading needs no NumPy but where an array is
    asked for.

    Parameters:
        directory: where the file is.
        info: what the commit remembers of it, or just its name.
        kind: the kind it must have.

    Raises MissingFileError, DamagedError, VersionError or StorageError.

    Attributes:
        name: the file's name.
        info: its FileInfo, as found.
        meta: what its writer left for its reader; checked, but to be read with care when
            the file may be a stranger's.
        columns: the columns by name, in the order of the file.
        data: all bytes of the file, unverified.
        pages: the body's bytes, and which of them have been verified.
    """

    def __init__(self, directory: Directory, info: FileInfo | str, kind: str) -> None:
        self.name = info if isinstance(info, str) else info.name
        if sys.byteorder != "little":  # numbers are handed out as they lie in the file
            raise VersionError(f"{self.name} can be read on little-endian machines only")
        self.data = data = directory.map(self.name)
        trailer = _sound_trailer(self.name, data)
        self.info = FileInfo(self.name, len(data), trailer.crc)
        if not isinstance(info, str) and info != self.info:
            raise DamagedError(self.name, None, _identity(info), _identity(self.info))
        body, split = data[: trailer.body], trailer.body + trailer.table
        footer = bytes(data[split : split + trailer.footer])
        self.columns, self.meta = parse_footer(self.name, footer, kind, trailer.body)
        table = memoryview(bytes(data[trailer.body : split])).cast("I")  # as it was checked
        # Not a method of self: without a cycle the mapping goes with its last view.
        self.pages = Pages(self.name, body, table, partial(_blame, self.columns, body))

    def raw(self, column: str, width: int = 1) -> memoryview:
        """Return a column as read-only memory of its numbers, not verified.

        `width`: numbers in a row; with more than one the memory has two dimensions. Raises
        DamagedError where the rows are not whole, or there is none.
        """
        found = self._column(column)
        view = self._numbers(found, found.offset, found.stop)
        if width == 1:
            return view
        if not found.count or found.count % width:
            raise DamagedError(self.name, column, f"whole rows of {width}", f"{found.count}")
        return _cast(view.cast("B"), found.dtype, (found.count // width, width))

    def span(self, column: str) -> tuple[int, int]:
        """Return the byte range of a column in the file: its start, and the byte after it."""
        found = self._column(column)
        return found.offset, found.stop

    def read(self, column: str, start: int = 0, stop: int | None = None) -> Array:
        """Return the same as `view` as an array."""
        import numpy as np

        return np.asarray(self.view(column, start, stop)).view(self.columns[column].dtype)

    def view(self, column: str, start: int = 0, stop: int | None = None) -> memoryview:
        """Return elements `start` to `stop` (exclusive; None: the end), verified.

        Read-only memory of the column's own numbers. Raises DamagedError, also for a range
        that is not inside the column.
        """
        found = self._column(column)
        stop = found.count if stop is None else stop
        if not 0 <= start <= stop <= found.count:
            raise DamagedError(
                self.name, column, f"a range within {found.count} elements", f"{start} to {stop}"
            )
        first, last = found.offset + start * found.width, found.offset + stop * found.width
        self.pages.verify(first, last)
        return self._numbers(found, first, last)

    def expect(self, column: str, dtype: str, count: int | None = None) -> None:
        """Raise DamagedError unless the column is there with this type and element count.

        `dtype` is one of `DTYPES`, such as "<u4".
        """
        found = self._column(column)
        if found.dtype != dtype:
            raise DamagedError(self.name, column, f"type {dtype}", found.dtype)
        if count is not None and found.count != count:
            raise DamagedError(self.name, column, f"{count} elements", f"{found.count}")

    def forget(self) -> None:
        """Let the system take back the memory of what was read; it can be read again."""
        forget(self.data)

    def check(self, progress: Callable[[int, int], None] | None = None) -> list[DamagedError]:
        """Read and check every byte of the body again; return the damage, page by page.

        `progress(done, total)`, in bytes, is called about once a mebibyte.
        """
        total = len(self.pages.buffer)
        errors = []
        for page, error in enumerate(self.pages.damage(), 1):
            if error:
                errors.append(error)
            if progress and page % _PROGRESS_PAGES == 0:
                progress(page * PAGE, total)
        if progress:
            progress(total, total)
        return errors

    def _numbers(self, column: Column, first: int, last: int) -> memoryview:
        """The bytes `first` to `last` of the file as the numbers of a column."""
        return _cast(self.data[first:last], column.dtype)

    def _column(self, column: str) -> Column:
        try:
            return self.columns[column]
        except KeyError:
            raise DamagedError(self.name, column, "the column", "none of that name") from None


def _cast(data: memoryview, dtype: str, *shape: tuple[int, int]) -> memoryview:
    """Bytes as numbers of one of `DTYPES`."""
    numbers: memoryview = data.cast(DTYPES[dtype], *shape)  # type: ignore[call-overload]
    return numbers


def _sound_trailer(file: str, data: memoryview) -> Trailer:
    """Return the trailer, once the footer can be read and is as written."""
    size = len(data)
    require_readable(file, data, 0, min(size, HEADER.size))
    require_readable(file, data, max(0, size - TRAILER.size), size)
    trailer = parse_trailer(file, data)
    require_readable(file, data, trailer.body, size)
    found = crc32(data[trailer.body : size - TRAILER.size + SIGNED])
    if found != trailer.crc:
        raise DamagedError(file, None, f"checksum {trailer.crc:08x} of the footer", f"{found:08x}")
    return trailer


def _blame(columns: Mapping[str, Column], body: memoryview, start: int, stop: int) -> str | None:
    """Name the column where the bad page from byte `start` to `stop` is damaged.

    A page may hold several small columns; then their own checksums tell. None: the
    damage is in the padding or the header.
    """
    near = [(n, c) for n, c in columns.items() if c.offset < stop and c.stop > start]
    if len(near) == 1 and near[0][1].offset <= start and near[0][1].stop >= stop:
        return near[0][0]
    return " and ".join(name for name, column in near if _hurt(body, column)) or None


def _hurt(body: memoryview, column: Column) -> bool:
    if not readable(body, column.offset, column.stop):
        return True
    return crc32(body[column.offset : column.stop]) != column.crc


def _identity(info: FileInfo) -> str:
    return f"{info.size} bytes with checksum {info.crc:08x}"
