"""Integers packed in blocks of 128: frame of reference or deltas, and exceptions patched in.

The layout is told in `packed.pxd`. Here every step is taken for all blocks at once.
"""

from array import array
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt

from .arrays import I64, PAGE, U32, Pages

BLOCK = 128
LANES = 4
ROWS = BLOCK // LANES  # values a lane, and at most as many rows of four words a block
PADDING = LANES  # words behind the last block
HEAD = 16  # bits of a patched block's head
PLACE = 7  # bits of an exception's place
HIGHEST = 25  # bits of a high part, at most
MOST = 63  # exceptions of a block, at most
CLASSES = 16  # of a tally, at most


def bits(values: U32) -> I64:
    """How many bits each value needs; 0 needs none."""
    return np.frexp(values.astype(np.float64))[1].astype(np.int64)


class Plans(NamedTuple):
    """How some blocks are stored, each by an array of one value a block."""

    delta: I64
    width: I64
    exceptions: I64
    high: I64
    words: I64

    def or_shorter(self, others: "Plans") -> "Plans":
        """These, or of each block the other where that takes fewer words."""
        shorter = others.words < self.words
        pairs = zip(self, others, strict=True)
        return Plans(*(np.where(shorter, other, mine) for mine, other in pairs))


def plan(residue: U32, delta: bool) -> Plans:
    """The narrowest way to store blocks of numbers, (n, 128); deltas from 2^31 on are negative."""
    negative = (residue >> np.uint32(31) > 0) & delta
    widths = np.where(negative, 33, bits(residue))
    widest = np.where(negative, 0, widths).max(axis=1)
    deepest = np.where(negative, ~residue, np.uint32(0)).max(axis=1)
    none = np.zeros_like(widest)
    never = np.full_like(widest, BLOCK + 1)
    best = Plans(
        none + delta, widest, none, none, np.where(negative.any(axis=1), never, LANES * widest)
    )
    for width in range(31, -1, -1):
        exceptions = (widths > width).sum(axis=1)
        high = np.maximum(widest - width, bits(deepest >> np.uint32(width))) + delta
        words = LANES * width + (HEAD + exceptions * (PLACE + high) + 31) // 32
        possible = (exceptions > 0) & (exceptions <= MOST) & (high <= HIGHEST) & (width <= widest)
        each = Plans(none + delta, none + width, exceptions, high, np.where(possible, words, never))
        best = best.or_shorter(each)
    return best


def pack(values: U32) -> tuple[U32, U32]:
    """Pack whole blocks. Returns `(directory, data)` without the closing row and the padding.

    Args:
        values: uint32, a multiple of 128 of them.

    Returns:
        uint32 arrays, (blocks, 2), with offsets counted from 0, and the words of the blocks.

    Raises:
        ValueError: where the last block is not whole.
    """
    if len(values) % BLOCK:
        raise ValueError("only whole blocks can be packed")
    if not len(values):
        return np.empty((0, 2), np.uint32), np.empty(0, np.uint32)
    blocks = values.reshape(-1, BLOCK)
    low = blocks.min(axis=1)
    above = blocks - low[:, None]
    steps = np.diff(blocks, axis=1, prepend=blocks[:, :1])
    plans = plan(above, delta=False).or_shorter(plan(steps, delta=True))
    delta, patched = plans.delta > 0, plans.exceptions > 0
    residue = np.where(delta[:, None], steps, above)
    ends = np.cumsum(plans.words)
    marks = 4 * (ends - plans.words) + 2 * patched + delta
    directory = np.stack([np.where(delta, blocks[:, 0], low), marks], axis=1).astype(np.uint32)
    data = np.zeros(ends[-1], np.uint32)
    wide = plans.width > 0
    widths = plans.width[wide]
    interleave(data, residue[wide], widths, ends[wide] - LANES * widths)
    for block in np.flatnonzero(patched).tolist():
        _, width, _, high, words = (int(each[block]) for each in plans)
        head = exceptions_of(residue[block], width, high)
        first = int(ends[block]) - words
        data[first : first + len(head)] = head
    return directory, data


def interleave(data: U32, residue: U32, widths: I64, firsts: I64) -> None:
    """Lay the lower bits of blocks of width 1 to 32 into their words, value i in lane i % 4."""
    lanes = (residue & masks(widths)[:, None]).reshape(-1, ROWS, LANES)
    lane = np.arange(LANES)
    for i in range(ROWS):
        row, shift = firsts + LANES * (i * widths >> 5), i * widths & 31
        data[row[:, None] + lane] |= lanes[:, i] << shift.astype(np.uint32)[:, None]
        over = shift + widths > 32
        back = (32 - shift[over]).astype(np.uint32)[:, None]
        data[row[over, None] + LANES + lane] |= lanes[over, i] >> back


def masks(widths: I64) -> U32:
    """The lowest so many bits."""
    return ((1 << widths) - 1).astype(np.uint32)


def exceptions_of(residue: U32, width: int, high: int) -> U32:
    """The words before the lanes of a patched block: its head, and an entry an exception."""
    places = np.flatnonzero(residue >> np.uint32(width)).tolist()
    parts = (residue[places] >> np.uint32(width)).tolist()
    stream, at = width | len(places) << 5 | high << 11, HEAD
    for place, part in zip(places, parts, strict=True):
        stream |= (place | (part & (1 << high) - 1) << PLACE) << at
        at += PLACE + high
    return np.frombuffer(stream.to_bytes((at + 31) // 32 * 4, "little"), "<u4")


def unpack(directory: U32, data: U32, start: int, stop: int) -> U32 | None:
    """Decode the values `start:stop` of a packed column.

    Args:
        directory: uint32 (blocks + 1, 2).
        data: uint32, the words of the blocks and of the padding.

    Returns:
        uint32 array of stop - start values, or None where a block of the range points
        outside the data, or cannot be one: the caller names the damage.

    Raises:
        ValueError: where the arrays have another shape, or the range is none.
    """
    if directory.shape[1] != 2 or len(data) < PADDING:
        raise ValueError("a packed column has rows of two, and padding")
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
    """The values of some blocks, uint32 (n, 128); None where one cannot be a block."""
    marks = directory[blocks, 1].astype(np.int64)
    firsts, lasts = marks >> 2, directory[blocks + 1, 1].astype(np.int64) >> 2
    words, patched = lasts - firsts, marks & 2 > 0
    if ((words < patched) | (words > BLOCK) | (lasts > len(data) - PADDING)).any():
        return None
    heads = np.where(patched, data[firsts], 0).astype(np.int64)
    width, exceptions, high = heads & 31, heads >> 5 & 63, heads >> 11 & 31
    before = np.where(patched, HEAD + exceptions * (PLACE + high) + 31 >> 5, 0)
    width = np.where(patched, width, words // LANES)
    impossible = patched & ((high < 1) | (high > HIGHEST))
    if (impossible | (before + LANES * width != words)).any():
        return None
    residue = np.zeros((len(blocks), BLOCK), np.uint32)
    for each in np.unique(width[width > 0]).tolist():
        alike = np.flatnonzero(width == each)
        # a row more than they have: what is read there is masked away
        rows = (lasts[alike, None] - LANES * each) + np.arange(LANES * (each + 1))
        residue[alike] = separate(data[rows].reshape(len(alike), -1, LANES), each)
    delta = marks & 1 > 0
    for block in np.flatnonzero(patched).tolist():
        patch(residue[block], data[firsts[block] :], bool(delta[block]))
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


def patch(residue: U32, words: U32, delta: bool) -> None:
    """Add the high parts to the exceptions of a block; those of deltas are signed."""
    head = int(words[0])
    width, count, high = head & 31, head >> 5 & 63, head >> 11 & 31
    size = PLACE + high
    stream = int.from_bytes(
        words[: (HEAD + count * size + 31) // 32].astype("<u4").tobytes(), "little"
    )
    sign = int(delta) << high - 1
    for at in range(HEAD, HEAD + count * size, size):
        place, part = stream >> at & BLOCK - 1, stream >> at + PLACE & (1 << high) - 1
        value = int(residue[place]) + (((part ^ sign) - sign) << width)
        residue[place] = value & 0xFFFFFFFF


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
        data: uint32, the words of the blocks and of the padding.
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
        if directory.shape[1] != 2 or len(data) < PADDING:
            raise ValueError("a packed column has rows of two, and padding")
        if count < 0 or len(directory) != (count + BLOCK - 1) // BLOCK + 1:
            raise ValueError("a packed column has another number of blocks")
        last = max(directory_at + 8 * len(directory), data_at + 4 * len(data))
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
        begin, end = (int(self.directory[block, 1]) >> 2 for block in (first, last))
        end += PADDING
        if begin >= end or end > len(self.data):
            self.blame("blocks inside the column", f"words {begin} to {end}")
        verify(self._data_at + 4 * begin, self._data_at + 4 * end)

    def slice(self, start: int = 0, stop: int | None = None) -> U32:
        """The values `start:stop` (None: to the end), decoded: uint32."""
        stop = self.count if stop is None else stop
        self.touch(start, stop)
        values = unpack(self.directory, self.data, start, stop)
        if values is None:
            self.blame("blocks of at most 32 bits", "others")
        if len(values) and int(values.max()) >= self._below:
            self.blame(f"values below {self._below}", str(values.max()))
        return values

    def values(self, start: int, stop: int) -> "array[int]":
        """The values `start:stop` as an `array`, which takes no NumPy."""
        return array("I", self.slice(start, stop).tobytes())

    def pair(self, at: int) -> tuple[int, int]:
        """The values at `at` and `at + 1`."""
        return self.item(at), self.item(at + 1)

    def items(self, places: list[int]) -> list[int]:
        """The values at some places, as a list."""
        return [self.item(at) for at in places]

    def item(self, at: int) -> int:
        """The value at `at`."""
        return int(self.slice(at, at + 1)[0])
