"""Columns of strings, front-coded in blocks of 16 by the kernels.

On disk NAME is two columns, `NAME.heads` and `NAME.blob`. `docs/format.md` has the layout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from .. import kernels
from ..errors import DamagedError
from ..storage import ColumnFile, ColumnWriter

T = TypeVar("T")


def write_strings(out: ColumnWriter, name: str, strings: Sequence[bytes]) -> None:
    """Write a column of strings."""
    heads, blob = kernels.encode(list(strings))
    out.add(f"{name}.heads", heads)
    out.add(f"{name}.blob", blob)


class StringColumn:
    """The strings of an open file, UTF-8 bytes, verified where they are read.

    Args:
        file, name: the file and the column's name.
        count: how many strings.
    """

    __slots__ = ("_file", "_name", "_strings", "count")

    def __init__(self, file: ColumnFile, name: str, count: int) -> None:
        self._file = file
        self._name = name
        self.count = count
        file.expect(f"{name}.heads", np.uint32, (count + 15) // 16)
        file.expect(f"{name}.blob", np.uint8)
        self._strings = kernels.Strings(
            file.raw(f"{name}.heads"),
            file.raw(f"{name}.blob"),
            count,
            file.pages,
            file.span(f"{name}.heads")[0],
            file.span(f"{name}.blob")[0],
        )

    def __getitem__(self, index: int) -> bytes:
        return self._read(lambda: self._strings.get(index))

    def slice(self, start: int = 0, stop: int | None = None) -> list[bytes]:
        """The strings `start:stop`."""
        stop = self.count if stop is None else stop
        return self._read(lambda: self._strings.slice(start, stop))

    def bisect(self, needle: bytes) -> int:
        """The first place whose string is not below `needle`, in an ascending column."""
        return self._read(lambda: self._strings.bisect(needle))

    def find(self, needle: bytes) -> int:
        """The place of `needle` in an ascending column, or -1."""
        return self._read(lambda: self._strings.find(needle))

    def find_among(self, needle: bytes, parent: bytes, start: int, stop: int) -> int:
        """The place of `needle` in `start:stop`, or -1; an empty string stands for `parent`."""
        return self._read(lambda: self._strings.find_among(needle, parent, start, stop))

    def _read(self, action: Callable[[], T]) -> T:
        try:
            return action()
        except ValueError as error:
            raise DamagedError(
                self._file.name, self._name, "front-coded strings", str(error)
            ) from error
