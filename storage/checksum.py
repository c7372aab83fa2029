"""CRC-32, the checksum of every file (the one of zlib, PNG and gzip).

It is there to notice accidents: a flipped bit, a torn write, two files swapped. It is no
defence against someone who forges a file on purpose; against those the readers check
every length and offset before they use it.
"""

from __future__ import annotations

import zlib

from ..hints import TYPE_CHECKING
from .directory import Data

if TYPE_CHECKING:
    from array import array

PAGE_BITS = 14
PAGE = 1 << PAGE_BITS
"""Bytes per checksummed page: what is read and checked to trust one byte."""


def crc32(data: Data, seed: int = 0) -> int:
    """Return the CRC-32 of `data`, continued from `seed`, the CRC-32 of what came before."""
    return zlib.crc32(data, seed)


def pages_of(length: int) -> int:
    """Return how many pages `length` bytes fill, the last one perhaps in part."""
    return -(-length // PAGE)


class PageSums:
    """The CRC-32 of each page of a stream of bytes that arrives in pieces of any size."""

    def __init__(self) -> None:
        from array import array

        self._sums = array("Q")
        self._crc = 0
        self._filled = 0

    def feed(self, data: Data) -> None:
        """Take in the next piece, a buffer of single bytes."""
        view = memoryview(data)
        while len(view):
            piece = view[: PAGE - self._filled]
            self._crc = crc32(piece, self._crc)
            self._filled += len(piece)
            view = view[len(piece) :]
            if self._filled == PAGE:
                self._turn()

    def finish(self) -> array[int]:
        """Close the last page and return the checksums, one a page."""
        if self._filled:
            self._turn()
        return self._sums

    def _turn(self) -> None:
        self._sums.append(self._crc)
        self._crc = self._filled = 0
