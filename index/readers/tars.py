"""Tar archives, read once from front to back. Links and devices are refused."""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from functools import partial
from typing import IO, TYPE_CHECKING, BinaryIO, Final, cast

from .archives import budget_of, is_hidden, read_member, safe_name
from .model import MEGABYTE, Budget, Document, Options, Skipped, Source, Unreadable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_IN_MEMORY: Final = 8 * MEGABYTE
_PIECE: Final = 1 << 18


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield what the members of an archive hold."""
    budget = budget_of(source, options)
    with source.open() as file:
        try:
            with tarfile.open(fileobj=file, mode="r|", encoding="utf-8") as archive:
                yield from _members(archive, budget, source.depth, options)
        except tarfile.TarError as trouble:
            raise Unreadable("damaged", f"damaged archive: {trouble}") from trouble


def _members(
    archive: tarfile.TarFile, budget: Budget, depth: int, options: Options
) -> Iterator[Document | Skipped]:
    for count, entry in enumerate(archive):
        if count >= options.limits.members:
            raise Unreadable("limit", f"more than {options.limits.members} members")
        name = os.fsencode(entry.name).decode("utf-8", "replace")
        if entry.isdir() or is_hidden(name.removeprefix("./")):
            continue
        try:
            name = safe_name(name)
            file = archive.extractfile(entry) if entry.isreg() else None
            if file is None:
                raise Unreadable("unsafe", "a link or a device")
        except Unreadable as trouble:
            yield trouble.skipped(name)
            continue
        with _copy(file, budget) as copy:
            inner = Source(name, partial(_reopen, copy), entry.size, budget, depth + 1)
            yield from read_member(inner, name, options)


def _copy(file: IO[bytes], budget: Budget) -> BinaryIO:
    """Return a copy of a member, which the stream could not go back to; on disk if it is large."""
    copy = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    while piece := file.read(_PIECE):
        budget.spend(len(piece))
        copy.write(piece)
    return cast(BinaryIO, copy)


def _reopen(copy: BinaryIO) -> BinaryIO:
    """Return a handle at the start that may be closed; one is used at a time."""
    copy.seek(0)
    return cast(BinaryIO, io.BufferedReader(_Borrowed(copy)))


class _Borrowed(io.RawIOBase):
    """A file that is read through, and stays open when this handle is closed."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place in the file."""
        return self._file.seek(offset, whence)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read into the buffer."""
        view = memoryview(buffer)
        data = self._file.read(len(view))
        view[: len(data)] = data
        return len(data)
