"""Integers packed in blocks of 128: frame of reference, or deltas where a block ascends.

The layout is told in `packed.pxd`. Here every step is taken for all blocks at once.
"""

from array import array
from collections.abc import Sequence
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from .arrays import I64, PAGE, U32, Pages

BLOCK = 128
LANES = 4
ROWS = BLOCK // LANES  # values a lane, and at most as many rows of four words a block
CLASSES = 16  # of a tally, at most


def bits(values: U32) -> I64:
    """How many bits each value needs; 0 needs none."""
    return np.frexp(values.astype(np.float64))[1].astype(np.int64)


def plan(blocks: U32) -> tuple[U32, U32, U32]:
    """The narrower encoding of each block: `(base, delta, residue)`.

    Args:
        blocks: uint32 (n, 128).

    Returns:
        uint32 arrays (n,), (n,) of 0 or 1, and (n, 128).
    """
    low, high = blocks.min(axis=1), blocks.max(axis=1)
    steps = np.diff(blocks, axis=1, prepend=blocks[:, :1])
    ascending = (blocks[:, 1:] >= blocks[:, :-1]).all(axis=1)
    delta = ascending & (bits(steps.max(axis=1)) < bits(high - low))
    residue = np.where(delta[:, None], steps, blocks - low[:, None])
    return low, delta.astype(np.uint32), residue


def pack(values: U32) -> tuple[U32, U32]:
    """Pack whole blocks. Returns `(directory, data)` without the closing row and the padding.

    Args:
        values: uint32, a multiple of 128 of them.

    Returns:
        uint32 arrays of shape (blocks, 2), offsets counted from 0, and (rows, 4).

    Raises:
        ValueError: where the last block is not whole.
    """
    if len(values) % BLOCK:
        raise ValueError("only whole blocks can be packed")
    if not len(values):
        return np.empty((0, 2), np.uint32), np.empty((0, LANES), np.uint32)
    base, delta, residue = plan(values.reshape(-1, BLOCK))
    widths = bits(residue.max(axis=1))
    ends = np.cumsum(widths)
    firsts = ends - widths
    directory = np.stack([base, 2 * firsts.astype(np.uint32) + delta], axis=1)
    some = widths > 0
    data = interleave(residue[some], widths[some], firsts[some], int(ends[-1]))
    return directory, data


def interleave(residue: U32, widths: I64, firsts: I64, rows: int) -> U32:
    """Lay the bits of blocks of width 1 to 32 into their rows, value i in lane i % 4."""
    data = np.zeros((rows, LANES), np.uint32)
    lanes = residue.reshape(-1, ROWS, LANES)
    for i in range(ROWS):
        row, shift = firsts + (i * widths >> 5), i * widths & 31
        data[row] |= lanes[:, i] << shift.astype(np.uint32)[:, None]
        over = shift + widths > 32
        back = (32 - shift[over]).astype(np.uint32)[:, None]
        data[row[over] + 1] |= lanes[over, i] >> back
    return data


def unpack(directory: U32, data: U32, start: int, stop: int) -> U32 | None:
    """Decode the values `start:stop` of a packed column.

    Args:
        directory: uint32 (blocks + 1, 2).
        data: uint32 (rows + 1, 4).

    Returns:
        uint32 array of stop - start values, or None where a block of the range points
        outside the data: the caller names the damage.

    Raises:
        ValueError: where the arrays have another shape, or the range is none.
    """
    if directory.shape[1] != 2 or data.shape[1] != LANES:
        raise ValueError("a packed column has rows of two and of four")
    if not 0 <= start <= stop:
        raise ValueError("a packed column is read forwards from 0 on")
    if start == stop:
        return np.empty(0, np.uint32)
    first = start // BLOCK
    last = (stop - 1) // BLOCK
    if last + 1 >= len(directory):
        return None
    values = unpack_blocks(directory, data, np.arange(first, last + 1))
    if values is None:
        return None
    return values.ravel()[start - first * BLOCK : stop - first * BLOCK].copy()


def unpack_blocks(directory: U32, data: U32, blocks: I64) -> U32 | None:
    """The values of some blocks, uint32 (n, 128); None where one points outside the data."""
    rows = len(data) - 1
    firsts = directory[blocks, 1].astype(np.int64) >> 1
    lasts = directory[blocks + 1, 1].astype(np.int64) >> 1
    widths = lasts - firsts
    if ((widths < 0) | (widths > 32) | (lasts > rows)).any():
        return None
    residue = np.zeros((len(blocks), BLOCK), np.uint32)
    for width in np.unique(widths[widths > 0]).tolist():
        alike = np.flatnonzero(widths == width)
        # a row more than they have: what is read there is masked away
        residue[alike] = separate(data[firsts[alike, None] + np.arange(width + 1)], width)
    delta = (directory[blocks, 1] & 1).astype(bool)
    residue[delta] = np.cumsum(residue[delta], axis=1, dtype=np.uint32)
    values: U32 = residue + directory[blocks, 0][:, None]
    return values


def separate(rows: U32, width: int) -> U32:
    """The 128 residues of blocks of one width, from their rows: uint32 (n, width + 1, 4)."""
    bit = np.arange(ROWS) * width
    row, shift = bit >> 5, (bit & 31).astype(np.uint32)[:, None]
    upper = rows[:, row + 1] << (np.uint32(31) - shift) << np.uint32(1)
    lanes: U32 = (rows[:, row] >> shift | upper) & np.uint32((1 << width) - 1)
    return lanes.reshape(-1, BLOCK)


def tally(
    counts: npt.ArrayLike, weights: npt.ArrayLike, classes: bytes, wholes: Sequence[float]
) -> list[float]:
    """Of each class, the sum of some counts times their weights, in parts of the class's whole.

    Args:
        counts, weights, classes: uint32, float32 and uint8, of as many things; those that weigh
            nothing are left out.
        wholes: what a thing of each class weighs at most.
    """
    number, weight, kind = (
        np.asarray(counts),
        np.asarray(weights, np.float64),
        np.frombuffer(classes, np.uint8),
    )
    if not len(number) == len(weight) == len(kind) or len(wholes) > CLASSES:
        raise ValueError("a tally is of things of at most 16 classes, with a weight each")
    heavy = weight != 0
    if (kind[heavy] >= len(wholes)).any():
        raise ValueError("a tally takes a whole a class")
    kind = kind[heavy]
    parts = number[heavy] * weight[heavy] / np.array(wholes)[kind]
    sums: list[float] = np.bincount(kind, parts, len(wholes)).tolist()
    return sums


class Packed:
    """Random access to a packed column of a file whose pages are checked when touched.

    Args:
        directory: uint32 (blocks + 1, 2), an array or other memory.
        data: uint32 (rows + 1, 4).
        count: values.
        pages: has `buffer`, `verified` (uint8, one a 16 KiB page) and `verify(start, stop)`.
        directory_at, data_at: byte offsets of the two columns in that file.
        below: no value reaches it.

    A range, a block or a value that lies outside goes to `blame`, which raises.
    """

    def __init__(
        self,
        directory: U32 | memoryview,
        data: U32 | memoryview,
        count: int,
        pages: Pages,
        directory_at: int,
        data_at: int,
        below: int = 1 << 32,
    ) -> None:
        directory, data = np.asarray(directory), np.asarray(data)
        if directory.shape[1] != 2 or data.shape[1] != LANES or not len(data):
            raise ValueError("a packed column has rows of two and of four")
        if count < 0 or len(directory) != (count + BLOCK - 1) // BLOCK + 1:
            raise ValueError("a packed column has another number of blocks")
        last = max(directory_at + 8 * len(directory), data_at + 16 * len(data))
        if min(directory_at, data_at) < 0 or last > PAGE * len(pages.verified):
            raise ValueError("a packed column lies outside the pages of its file")
        self.directory, self.data, self.count = directory, data, count
        self._pages, self._directory_at, self._data_at = pages, directory_at, data_at
        self._below = below

    def parts(self) -> tuple[U32, U32, int]:
        """`(directory, data, count)`, as the other kernels take it."""
        return self.directory, self.data, self.count

    def blame(self, expected: str, found: str) -> NoReturn:
        """Raise for bytes that are not what was written."""
        raise ValueError(f"expected {expected}, found {found}")

    def touch(self, start: int, stop: int) -> None:
        """Verify the bytes that hold the values `start:stop`."""
        if start == stop and 0 <= start <= self.count:
            return
        if not 0 <= start <= stop <= self.count:
            self.blame(f"a range within {self.count} values", f"{start} to {stop}")
        first, last = start // BLOCK, (stop - 1) // BLOCK + 1
        verify = self._pages.verify
        verify(self._directory_at + 8 * first, self._directory_at + 8 * (last + 1))
        begin, end = int(self.directory[first, 1]) >> 1, (int(self.directory[last, 1]) >> 1) + 1
        if begin >= end or end > len(self.data):
            self.blame("blocks inside the column", f"rows {begin} to {end}")
        verify(self._data_at + 16 * begin, self._data_at + 16 * end)

    def slice(self, start: int = 0, stop: int | None = None) -> U32:
        """The values `start:stop` (None: to the end), decoded: uint32."""
        stop = self.count if stop is None else stop
        self.touch(start, stop)
        values = unpack(self.directory, self.data, start, stop)
        if values is None:
            self.blame("blocks of at most 32 bits", "another width")
        if len(values) and int(values.max()) >= self._below:
            self.blame(f"values below {self._below}", str(values.max()))
        return values

    def values(self, start: int, stop: int) -> "array[int]":
        """The values `start:stop` as an `array`, which takes no NumPy."""
        return array("I", self.slice(start, stop).tobytes())

    def pair(self, at: int) -> tuple[int, int]:
        """The values at `at` and `at + 1`."""
        return self.item(at), self.item(at + 1)

    def item(self, at: int) -> int:
        """The value at `at`."""
        return int(self.slice(at, at + 1)[0])
