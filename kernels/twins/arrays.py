"""What crosses the border of a kernel: array types, and the pages of a file."""

from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

U8: TypeAlias = NDArray[np.uint8]
U32: TypeAlias = NDArray[np.uint32]
U64: TypeAlias = NDArray[np.uint64]
I64: TypeAlias = NDArray[np.int64]
F32: TypeAlias = NDArray[np.float32]
F64: TypeAlias = NDArray[np.float64]
Column: TypeAlias = tuple[U32, U32, int]
"""A packed column as a file holds it: directory with its closing row, data with its padding, and
how many values there are."""

Texts: TypeAlias = tuple[U8, U32]
"""Packed strings: their bytes one after another, and where each begins in them, and the end."""

PAGE = 1 << 14
"""Bytes of a page."""


class Pages(Protocol):
    """A file whose pages of 16 KiB are checked when they are first touched."""

    @property
    def buffer(self) -> memoryview:
        """The bytes of the file."""

    @property
    def verified(self) -> bytearray | U8:
        """One a page: whether it has been checked."""

    def verify(self, start: int, stop: int) -> None:
        """Check the bytes `start:stop` and mark their page, or raise."""
