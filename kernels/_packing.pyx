# cython: language_level=3
"""Integers packed in blocks of 128: frame of reference or deltas, and exceptions patched in."""

from cpython.array cimport array, clone
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from packed cimport BLOCK, HEAD, HIGHEST, PADDING, PLACE, ROW, unpack_block

cdef extern from *:
    """
    #ifdef _MSC_VER
    #include <intrin.h>
    static unsigned int bits(unsigned int value) {
        unsigned long at;
        return _BitScanReverse(&at, value) ? (unsigned int)at + 1 : 0;
    }
    #else
    #define bits(value) ((value) ? 32 - __builtin_clz(value) : 0)
    #endif
    """
    uint32_t bits(uint32_t) noexcept nogil      # how many a value needs

cdef enum:
    CLASSES = 16
    MOST = 63                # exceptions of a block

cdef array NUMBERS = array("I")
cdef tuple NO_BLOCK = ("blocks of at most 32 bits", "others")


cdef struct Plan:
    bint delta
    uint32_t width, exceptions, high      # bits of all values, and of a high part
    uint32_t words                        # what the block takes


cdef uint32_t beyond(const uint32_t* residue, uint32_t width) noexcept nogil:
    """How many numbers of a block take more bits than `width`, which is under 32."""
    cdef uint32_t count = 0
    cdef int i
    for i in range(BLOCK):
        count += residue[i] >> width != 0
    return count


cdef void narrow(const uint32_t* residue, bint delta, Plan* best) noexcept nogil:
    """Find how the numbers of a block take fewer words than `best`.

    Args:
        residue: what is stored; of deltas those from 2^31 on are negative.
    """
    cdef uint32_t high_bits = 0, low_bits = 0, negative = 0
    cdef uint32_t sign, signs = -<uint32_t>delta, widest, width, exceptions, high, size
    cdef int i
    for i in range(BLOCK):
        sign = -(residue[i] >> 31) & signs
        negative -= sign
        high_bits |= residue[i] & ~sign
        low_bits |= ~residue[i] & sign
    if negative > MOST:
        return
    widest = bits(high_bits)
    if not negative and ROW * widest < best.words:
        best.delta, best.width, best.exceptions, best.words = delta, widest, 0, ROW * widest
    width = min(widest, <uint32_t>31)
    while True:
        exceptions = beyond(residue, width)
        high = max(widest - width, bits(low_bits >> width)) + delta
        size = HEAD + exceptions * (PLACE + high) + 31 >> 5
        if exceptions > MOST or high > HIGHEST or size >= best.words:
            return
        if exceptions and size + ROW * width < best.words:
            best.delta, best.width, best.exceptions, best.high = delta, width, exceptions, high
            best.words = size + ROW * width
        if not width:
            return
        width -= 1


cdef Plan plan(const uint32_t* values, uint32_t* residue, uint32_t* base) noexcept nogil:
    """Choose the shortest encoding of one block; fill `residue`."""
    cdef Plan best
    cdef uint32_t steps[BLOCK]
    cdef uint32_t low = values[0]
    cdef int i
    for i in range(1, BLOCK):
        low = min(low, values[i])
    for i in range(BLOCK):
        residue[i] = values[i] - low
    steps[0] = 0
    for i in range(1, BLOCK):
        steps[i] = values[i] - values[i - 1]
    best.words = ROW * 32 + 1
    narrow(residue, False, &best)
    narrow(steps, True, &best)
    base[0] = values[0] if best.delta else low
    if best.delta:
        memcpy(residue, steps, sizeof(steps))
    return best


cdef void pack_lanes(const uint32_t* residue, uint32_t width, uint32_t* words) noexcept nogil:
    cdef uint32_t bit, shift, mask = <uint32_t>0xFFFFFFFF >> (32 - width)
    cdef uint32_t* row
    cdef int i, lane
    for i in range(32):
        bit = i * width
        shift = bit & 31
        row = words + ROW * (bit >> 5)
        for lane in range(ROW):
            row[lane] |= (residue[ROW * i + lane] & mask) << shift
        if shift + width > 32:
            for lane in range(ROW):
                row[ROW + lane] |= (residue[ROW * i + lane] & mask) >> (32 - shift)


cdef void pack_exceptions(const uint32_t* residue, const Plan* made, uint32_t* words) noexcept nogil:
    cdef uint64_t entry
    cdef uint32_t bit = HEAD, mask = <uint32_t>0xFFFFFFFF >> (32 - made.high)
    cdef int i
    words[0] = made.width | made.exceptions << 5 | made.high << 11
    for i in range(BLOCK):
        if residue[i] >> made.width:
            entry = i | <uint64_t>(residue[i] >> made.width & mask) << PLACE
            words[bit >> 5] |= <uint32_t>(entry << (bit & 31))
            if (bit & 31) + PLACE + made.high > 32:
                words[(bit >> 5) + 1] |= <uint32_t>(entry << (bit & 31) >> 32)
            bit += PLACE + made.high


def pack(const uint32_t[::1] values):
    """Pack whole blocks. Returns `(directory, data)` without the closing row and the padding.

    Args:
        values: uint32, a multiple of 128 of them.

    Returns:
        uint32 arrays, (blocks, 2), with offsets counted from 0, and the words of the blocks.

    Raises:
        ValueError: where the last block is not whole.
    """
    if values.shape[0] % BLOCK:
        raise ValueError("only whole blocks can be packed")
    import numpy as np

    cdef Py_ssize_t blocks = values.shape[0] // BLOCK, block
    directory = np.empty((blocks, 2), np.uint32)
    data = np.zeros(BLOCK * blocks, np.uint32)
    cdef uint32_t[:, ::1] rows = directory
    cdef uint32_t[::1] words = data
    cdef uint32_t residue[BLOCK]
    cdef uint32_t base = 0, offset = 0
    cdef Plan made
    with nogil:
        for block in range(blocks):
            made = plan(&values[block * BLOCK], residue, &base)
            rows[block, 0] = base
            rows[block, 1] = 4 * offset | (made.exceptions > 0) << 1 | made.delta
            if made.exceptions:
                pack_exceptions(residue, &made, &words[offset])
            offset += made.words
            if made.width:
                pack_lanes(residue, made.width, &words[offset] - ROW * made.width)
    return directory, data[:offset]


def unpack(const uint32_t[:, ::1] directory, const uint32_t[::1] data, Py_ssize_t start, Py_ssize_t stop):
    """Decode the values `start:stop` of a packed column.

    Returns:
        uint32 array of stop - start values, or None where a block of the range points
        outside the data: the caller names the damage.

    Raises:
        ValueError: where the arrays have another shape, or the range is none.
    """
    import numpy as np

    if directory.shape[1] != 2 or data.shape[0] < PADDING:
        raise ValueError("a packed column has rows of two, and padding")
    if not 0 <= start <= stop:
        raise ValueError("a packed column is read forwards from 0 on")
    if start == stop:
        return np.empty(0, np.uint32)
    if (stop - 1) // BLOCK + 1 >= directory.shape[0]:
        return None
    out = np.empty(stop - start, np.uint32)
    cdef uint32_t[::1] values = out
    return out if unpack_range(directory, data, start, stop, &values[0]) else None


cdef bint unpack_range(
    const uint32_t[:, ::1] directory, const uint32_t[::1] data, Py_ssize_t start, Py_ssize_t stop, uint32_t* out
):
    """Decode the values `start:stop` of blocks that the directory has; false: damage."""
    cdef uint32_t buffer[BLOCK]
    cdef uint32_t* here
    cdef Py_ssize_t block, first, last, words = data.shape[0] - PADDING
    with nogil:
        for block in range(start // BLOCK, (stop - 1) // BLOCK + 1):
            first = max(start, block * BLOCK)
            last = min(stop, (block + 1) * BLOCK)
            here = out + first - start if last - first == BLOCK else buffer
            if not unpack_block(&directory[0, 0], &data[0], words, block, here):
                return False
            if here == buffer:
                memcpy(out + first - start, buffer + first - block * BLOCK, 4 * (last - first))
    return True


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
        data: uint32, the words of the blocks and of the padding.
        count: values.
        pages: has `buffer`, `verified` (uint8, one a 16 KiB page) and `verify(start, stop)`.
        directory_at, data_at: byte offsets of the two columns in that file.
        below: no value reaches it.

    A range, a block or a value that lies outside goes to `blame`, which raises.
    """

    cdef const uint32_t[:, ::1] _directory
    cdef const uint32_t[::1] _data
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
        if self._directory.shape[1] != 2 or self._data.shape[0] < PADDING:
            raise ValueError("a packed column has rows of two, and padding")
        if count < 0 or self._directory.shape[0] != (count + BLOCK - 1) // BLOCK + 1:
            raise ValueError("a packed column has another number of blocks")
        last = max(directory_at + 8 * self._directory.shape[0], data_at + 4 * self._data.shape[0])
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
            self.blame(*NO_BLOCK)
        self.bound(values)
        return values

    def values(self, Py_ssize_t start, Py_ssize_t stop):
        """The values `start:stop` as an `array`, which takes no NumPy."""
        cdef array out
        self.check(start, stop)
        out = clone(NUMBERS, stop - start, False)
        if stop > start and not unpack_range(self._directory, self._data, start, stop, out.data.as_uints):
            self.blame(*NO_BLOCK)
        self.bound(out)
        return out

    def pair(self, Py_ssize_t at):
        """The values at `at` and `at + 1`."""
        return self.value(at), self.value(at + 1)

    def item(self, Py_ssize_t at):
        """The value at `at`."""
        return self.value(at)

    def items(self, list places not None):
        """The values at some places, as a list."""
        cdef Py_ssize_t at
        return [self.value(at) for at in places]

    cdef uint32_t value(self, Py_ssize_t at) except? 0xFFFFFFFF:
        cdef uint32_t buffer[BLOCK]
        cdef Py_ssize_t block = at >> 7
        if not 0 <= at < self.count:        # before at + 1, which may overflow
            self.blame(f"a range within {self.count} values", f"{at} to {<object>at + 1}")
        self.check(at, at + 1)
        if not unpack_block(&self._directory[0, 0], &self._data[0], self._data.shape[0] - PADDING, block, buffer):
            self.blame(*NO_BLOCK)
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
        begin, end = self._directory[first, 1] >> 2, (self._directory[last, 1] >> 2) + PADDING
        if begin >= end or end > self._data.shape[0]:
            self.blame("blocks inside the column", f"words {begin} to {end}")
        self.verify(self.data_at + 4 * begin, self.data_at + 4 * end)
        return 0

    cdef inline int verify(self, Py_ssize_t start, Py_ssize_t stop) except -1:
        cdef Py_ssize_t page
        for page in range(start >> 14, ((stop - 1) >> 14) + 1):
            if not self.verified[page]:
                self.pages.verify(page << 14, min((page + 1) << 14, self.limit))
        return 0
