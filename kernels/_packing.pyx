# cython: language_level=3
"""Integers packed in blocks of 128: frame of reference, or deltas where a block ascends."""

import numpy as np

from libc.stdint cimport uint32_t
from libc.string cimport memcpy

from packed cimport BLOCK, block_ok, unpack_block


cdef inline uint32_t bits(uint32_t value) noexcept nogil:
    cdef uint32_t width = 0
    while value:
        width += 1
        value >>= 1
    return width


cdef uint32_t plan(const uint32_t* values, uint32_t* residue, uint32_t* base, bint* delta) noexcept nogil:
    """Choose the narrower of the two encodings of one block; fill `residue`; return its width."""
    cdef uint32_t low = values[0], high = values[0], step = 0
    cdef bint ascending = True
    cdef int i
    for i in range(1, BLOCK):
        if values[i] < low:
            low = values[i]
        if values[i] > high:
            high = values[i]
        if values[i] < values[i - 1]:
            ascending = False
        elif values[i] - values[i - 1] > step:
            step = values[i] - values[i - 1]
    delta[0] = ascending and bits(step) < bits(high - low)
    if delta[0]:
        base[0] = values[0]
        residue[0] = 0
        for i in range(1, BLOCK):
            residue[i] = values[i] - values[i - 1]
        return bits(step)
    base[0] = low
    for i in range(BLOCK):
        residue[i] = values[i] - low
    return bits(high - low)


cdef void pack_block(const uint32_t* residue, uint32_t width, uint32_t* words) noexcept nogil:
    cdef uint32_t bit, shift, value
    cdef int i, lane
    for i in range(32):
        bit = i * width
        shift = bit & 31
        for lane in range(4):
            value = residue[4 * i + lane]
            words[4 * (bit >> 5) + lane] |= value << shift
            if shift + width > 32:
                words[4 * (bit >> 5) + 4 + lane] |= value >> (32 - shift)


def pack(const uint32_t[::1] values):
    """Pack whole blocks. Returns `(directory, data)` without the closing row and the padding.

    Args:
        values: uint32, a multiple of 128 of them.

    Returns:
        uint32 arrays of shape (blocks, 2), offsets counted from 0, and (rows, 4).

    Raises:
        ValueError: where the last block is not whole.
    """
    if values.shape[0] % BLOCK:
        raise ValueError("only whole blocks can be packed")
    cdef Py_ssize_t blocks = values.shape[0] // BLOCK, block
    directory = np.empty((blocks, 2), np.uint32)
    data = np.zeros((32 * blocks, 4), np.uint32)
    cdef uint32_t[:, ::1] rows = directory
    cdef uint32_t[:, ::1] words = data
    cdef uint32_t residue[BLOCK]
    cdef uint32_t width, base = 0, offset = 0
    cdef bint delta = False
    with nogil:
        for block in range(blocks):
            width = plan(&values[block * BLOCK], residue, &base, &delta)
            rows[block, 0] = base
            rows[block, 1] = 2 * offset + delta
            if width:
                pack_block(residue, width, &words[offset, 0])
            offset += width
    return directory, data[:offset]


def unpack(const uint32_t[:, ::1] directory, const uint32_t[:, ::1] data, Py_ssize_t start, Py_ssize_t stop):
    """Decode the values `start:stop` of a packed column.

    Returns:
        uint32 array of stop - start values, or None where a block of the range points
        outside the data: the caller names the damage.

    Raises:
        ValueError: where the arrays have another shape, or the range is none.
    """
    if directory.shape[1] != 2 or data.shape[1] != 4:
        raise ValueError("a packed column has rows of two and of four")
    if not 0 <= start <= stop:
        raise ValueError("a packed column is read forwards from 0 on")
    if start == stop:
        return np.empty(0, np.uint32)
    if (stop - 1) // BLOCK + 1 >= directory.shape[0]:
        return None
    out = np.empty(stop - start, np.uint32)
    cdef uint32_t[::1] values = out
    cdef uint32_t buffer[BLOCK]
    cdef Py_ssize_t block, first, last, rows = data.shape[0] - 1
    cdef bint good = True
    with nogil:
        for block in range(start // BLOCK, (stop - 1) // BLOCK + 1):
            if not block_ok(&directory[0, 0], block, rows):
                good = False
                break
            first = max(start, block * BLOCK)
            last = min(stop, (block + 1) * BLOCK)
            if last - first == BLOCK:
                unpack_block(&directory[0, 0], &data[0, 0], block, &values[first - start])
            else:
                unpack_block(&directory[0, 0], &data[0, 0], block, buffer)
                memcpy(&values[first - start], buffer + first - block * BLOCK, 4 * (last - first))
    return out if good else None
