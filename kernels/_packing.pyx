# cython: language_level=3
"""Integers packed in blocks of 128: frame of reference, or deltas where a block ascends."""

from cpython.array cimport array, clone
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcpy

from packed cimport BLOCK, block_ok, unpack_block

cdef enum:
    CLASSES = 16

cdef array NUMBERS = array("I")


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
    import numpy as np

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
    import numpy as np

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


def tally(const uint32_t[::1] counts, const float[::1] weights, const uint8_t[::1] classes, wholes):
    """Of each class, the sum of some counts times their weights, in parts of the class's whole.

    Args:
        counts, weights, classes: uint32, float32 and uint8, of as many things; those that weigh
            nothing are left out.
        wholes: what a thing of each class weighs at most.
    """
    cdef Py_ssize_t i, count = len(wholes)
    cdef double sums[CLASSES]
    cdef double most[CLASSES]
    if not counts.shape[0] == weights.shape[0] == classes.shape[0] or count > CLASSES:
        raise ValueError("a tally is of things of at most 16 classes, with a weight each")
    for i in range(count):
        sums[i], most[i] = 0, wholes[i]
    for i in range(counts.shape[0]):
        if weights[i]:
            if classes[i] >= count:
                raise ValueError("a tally takes a whole a class")
            sums[classes[i]] += counts[i] * <double>weights[i] / most[classes[i]]
    return [sums[i] for i in range(count)]


cdef class Packed:
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

    cdef const uint32_t[:, ::1] _directory
    cdef const uint32_t[:, ::1] _data
    cdef const uint8_t[::1] verified
    cdef readonly Py_ssize_t count
    cdef readonly object directory, data
    cdef object pages
    cdef Py_ssize_t directory_at, data_at, limit, below

    def __init__(
        self, directory, data, Py_ssize_t count, pages, Py_ssize_t directory_at, Py_ssize_t data_at,
        Py_ssize_t below=<Py_ssize_t>1 << 32,
    ):
        cdef Py_ssize_t last
        self._directory, self._data, self.count, self.pages = directory, data, count, pages
        self.directory, self.data = directory, data
        self.directory_at, self.data_at, self.below = directory_at, data_at, below
        self.verified, self.limit = pages.verified, len(pages.buffer)
        if self._directory.shape[1] != 2 or self._data.shape[1] != 4 or not self._data.shape[0]:
            raise ValueError("a packed column has rows of two and of four")
        if count < 0 or self._directory.shape[0] != (count + BLOCK - 1) // BLOCK + 1:
            raise ValueError("a packed column has another number of blocks")
        last = max(directory_at + 8 * self._directory.shape[0], data_at + 16 * self._data.shape[0])
        if min(directory_at, data_at) < 0 or last > self.verified.shape[0] << 14:
            raise ValueError("a packed column lies outside the pages of its file")

    def parts(self):
        """`(directory, data, count)`, as the other kernels take it."""
        return self.directory, self.data, self.count

    def blame(self, str expected, str found):
        """Raise for bytes that are not what was written."""
        raise ValueError(f"expected {expected}, found {found}")

    def touch(self, Py_ssize_t start, Py_ssize_t stop):
        """Verify the bytes that hold the values `start:stop`."""
        self.check(start, stop)

    def slice(self, Py_ssize_t start=0, stop=None):
        """The values `start:stop` (None: to the end), decoded: uint32."""
        cdef Py_ssize_t end = self.count if stop is None else stop
        self.check(start, end)
        values = unpack(self._directory, self._data, start, end)
        if values is None:
            self.blame("blocks of at most 32 bits", "another width")
        self.bound(values)
        return values

    def values(self, Py_ssize_t start, Py_ssize_t stop):
        """The values `start:stop` as an `array`, which takes no NumPy."""
        cdef uint32_t buffer[BLOCK]
        cdef Py_ssize_t at, block = -1
        cdef array out
        self.check(start, stop)
        out = clone(NUMBERS, stop - start, False)
        for at in range(start, stop):
            if at >> 7 != block:
                block = at >> 7
                if not block_ok(&self._directory[0, 0], block, self._data.shape[0] - 1):
                    self.blame("blocks of at most 32 bits", "another width")
                unpack_block(&self._directory[0, 0], &self._data[0, 0], block, buffer)
            out.data.as_uints[at - start] = buffer[at & (BLOCK - 1)]
        self.bound(out)
        return out

    def pair(self, Py_ssize_t at):
        """The values at `at` and `at + 1`."""
        return self.value(at), self.value(at + 1)

    def item(self, Py_ssize_t at):
        """The value at `at`."""
        return self.value(at)

    cdef uint32_t value(self, Py_ssize_t at) except? 0xFFFFFFFF:
        cdef uint32_t buffer[BLOCK]
        cdef Py_ssize_t block = at >> 7
        if not 0 <= at < self.count:        # before at + 1, which may overflow
            self.blame(f"a range within {self.count} values", f"{at} to {<object>at + 1}")
        self.check(at, at + 1)
        if not block_ok(&self._directory[0, 0], block, self._data.shape[0] - 1):
            self.blame("blocks of at most 32 bits", "another width")
        unpack_block(&self._directory[0, 0], &self._data[0, 0], block, buffer)
        if buffer[at & (BLOCK - 1)] >= self.below:
            self.blame(f"values below {self.below}", str(buffer[at & (BLOCK - 1)]))
        return buffer[at & (BLOCK - 1)]

    cdef int bound(self, const uint32_t[::1] values) except -1:
        cdef Py_ssize_t i
        cdef uint32_t highest = 0
        for i in range(values.shape[0]):
            highest = max(highest, values[i])
        if highest >= self.below and values.shape[0]:
            self.blame(f"values below {self.below}", str(highest))
        return 0

    cdef int check(self, Py_ssize_t start, Py_ssize_t stop) except -1:
        cdef Py_ssize_t first, last, begin, end
        if start == stop and 0 <= start <= self.count:
            return 0
        if not 0 <= start <= stop <= self.count:
            self.blame(f"a range within {self.count} values", f"{start} to {stop}")
        first, last = start >> 7, ((stop - 1) >> 7) + 1
        self.verify(self.directory_at + 8 * first, self.directory_at + 8 * (last + 1))
        begin, end = self._directory[first, 1] >> 1, (self._directory[last, 1] >> 1) + 1
        if begin >= end or end > self._data.shape[0]:
            self.blame("blocks inside the column", f"rows {begin} to {end}")
        self.verify(self.data_at + 16 * begin, self.data_at + 16 * end)
        return 0

    cdef inline int verify(self, Py_ssize_t start, Py_ssize_t stop) except -1:
        cdef Py_ssize_t page
        for page in range(start >> 14, ((stop - 1) >> 14) + 1):
            if not self.verified[page]:
                self.pages.verify(page << 14, min((page + 1) << 14, self.limit))
        return 0
