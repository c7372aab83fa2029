"""Single compressed files (gz, bz2, xz, zst): what they hold is read as if it lay open.

The guard counts every byte that comes out, so that a bomb is refused before it is unpacked;
a tar inside goes to its own reader like anything else.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol, cast

import zstandard

from .archives import budget_of
from .dispatch import read as read_any
from .model import Budget, Document, Options, Skipped, Source, Unreadable
from .zstd import ZstdFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SUFFIXES: Final = {".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar"}
_DAMAGED: Final = (EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError, gzip.BadGzipFile)


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield what the file inside holds."""
    budget = budget_of(source, options)

    def unpack() -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(Guarded(_opener(source)(source.open()), budget)))

    inner = Source(_inner_name(source.name), unpack, None, budget, source.depth + 1)
    yield from read_any(inner, options)


class Unpacked(Protocol):
    """What the guard needs of a file."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes."""

    def close(self) -> None:
        """Close the file."""


class Guarded(io.RawIOBase):
    """A file that takes what is read from a budget, and tells damage as `Unreadable`."""

    def __init__(self, file: Unpacked, budget: Budget) -> None:
        super().__init__()
        self._file = file
        self._budget = budget

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read into the buffer."""
        view = memoryview(buffer)
        try:
            data = self._file.read(len(view))
        except _DAMAGED as trouble:
            raise Unreadable("damaged", f"damaged archive: {trouble}") from trouble
        except OSError as trouble:  # bz2 tells damage so
            raise Unreadable("damaged", f"damaged archive: {trouble}") from trouble
        self._budget.spend(len(data))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file too."""
        if not self.closed:
            self._file.close()
        super().close()


def _opener(source: Source) -> Callable[[BinaryIO], Unpacked]:
    head = source.head(6)
    if head.startswith(b"\x1f\x8b"):
        return lambda file: gzip.GzipFile(fileobj=file)
    if head.startswith(b"BZh"):
        return lambda file: bz2.BZ2File(file)
    if head.startswith(b"\xfd7zXZ"):
        return lambda file: lzma.LZMAFile(file)
    return ZstdFile


def _inner_name(name: str) -> str:
    stem, _, suffix = name.rpartition(".")
    if not stem:
        return name
    return stem + _SUFFIXES.get(f".{suffix.lower()}", "")
