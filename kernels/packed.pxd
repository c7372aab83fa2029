# cython: language_level=3
"""The packed column, as the other kernels read it: 128 values a block.

Layout (docs/format.md): the directory has one row `(base, mark)` a block and one more
at the end, `mark = 2 * offset + delta`; `offset` counts 16-byte rows of the data, so a
block's bit width is the next block's offset less its own. Bits lie in four interleaved
lanes of 32-bit words (Lemire & Boytsov 2015, SIMD-BP128), value i in lane i % 4.
"""

from libc.stdint cimport uint32_t, uint64_t

cdef enum:
    BLOCK = 128


cdef inline bint block_ok(const uint32_t* directory, Py_ssize_t block, Py_ssize_t rows) noexcept nogil:
    """Whether a block lies inside the data (`rows` of 16 bytes) and has a possible width."""
    cdef uint32_t first = directory[2 * block + 1] >> 1
    cdef uint32_t last = directory[2 * block + 3] >> 1
    return first <= last and last - first <= 32 and last <= rows


cdef inline void unpack_block(
    const uint32_t* directory, const uint32_t* data, Py_ssize_t block, uint32_t* out
) noexcept nogil:
    """Decode the 128 values of one block that `block_ok` has passed.

    Reads one 16-byte row past the block: the packer leaves a row of padding at the end.
    """
    cdef uint32_t base = directory[2 * block]
    cdef uint32_t mark = directory[2 * block + 1]
    cdef uint32_t first = mark >> 1
    cdef uint32_t width = (directory[2 * block + 3] >> 1) - first
    cdef const uint32_t* words = data + 4 * <size_t>first
    cdef const uint32_t* row
    cdef uint32_t mask, bit, shift, rest, total, a, b, c, d, e, f, g, h
    cdef int i
    if width == 0:
        for i in range(BLOCK):
            out[i] = base
        return
    mask = <uint32_t>0xFFFFFFFF >> (32 - width)
    for i in range(32):
        bit = i * width
        shift = bit & 31
        rest = 31 - shift
        row = words + 4 * (bit >> 5)
        # all loads before the first store: so the compiler makes vectors of the four lanes
        a, b, c, d = row[0], row[1], row[2], row[3]
        e, f, g, h = row[4], row[5], row[6], row[7]
        out[4 * i] = ((a >> shift) | ((e << rest) << 1)) & mask
        out[4 * i + 1] = ((b >> shift) | ((f << rest) << 1)) & mask
        out[4 * i + 2] = ((c >> shift) | ((g << rest) << 1)) & mask
        out[4 * i + 3] = ((d >> shift) | ((h << rest) << 1)) & mask
    if mark & 1:
        total = base
        for i in range(BLOCK):
            total += out[i]
            out[i] = total
    else:
        for i in range(BLOCK):
            out[i] += base
