"""Integers packed in blocks of 128: frame of reference, or deltas where a block ascends.

The layout is told in `packed.pxd`. Here every step is taken for all blocks at once.
"""

import numpy as np

from .arrays import I64, U32

BLOCK = 128
LANES = 4
ROWS = BLOCK // LANES  # values a lane, and at most as many rows of four words a block


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
    bit = np.arange(ROWS) * widths[:, None]
    row = firsts[:, None] + (bit >> 5)
    shift = (bit & 31).astype(np.uint32)[:, :, None]
    # a block of width 0 may end where the data do; its mask drops what is read there
    upper = data[np.minimum(row + 1, rows)] << (np.uint32(31) - shift) << np.uint32(1)
    mask = ((1 << widths) - 1).astype(np.uint32)
    residue = ((data[row] >> shift) | upper).reshape(-1, BLOCK) & mask[:, None]
    delta = (directory[blocks, 1] & 1).astype(bool)
    residue[delta] = np.cumsum(residue[delta], axis=1, dtype=np.uint32)
    values: U32 = residue + directory[blocks, 0][:, None]
    return values
