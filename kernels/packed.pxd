# cython: language_level=3
"""The packed column, as the other kernels read it: 128 values a block.

Layout (docs/format.md): the directory has one row `(base, mark)` a block and one more at
the end, `mark = 4 * offset + 2 * patched + delta`; `offset` counts 32-bit words of the data.
Bits lie in four interleaved lanes of words (Lemire & Boytsov 2015, SIMD-BP128), value i in
lane i % 4; the lanes of a block end where the block ends.

A patched block (Zukowski et al. 2006, PFOR) stores the lower bits of all values, and before
them, for the exceptions, what is above: a head of 16 bits and an entry an exception.
"""

from libc.stdint cimport int32_t, uint32_t, uint64_t

cdef enum:
    BLOCK = 128
    ROW = 4                  # 32-bit words that hold a bit each of the 128 values, in lanes
    PADDING = ROW            # words behind the last block: unpacking reads so far beyond a block
    HEAD = 16                # bits of a patched block's head: width, exceptions, bits of a high part
    PLACE = 7                # bits of an exception's place
    HIGHEST = 25             # bits of a high part, at most


cdef inline void unpack_lanes(
    const uint32_t* words, uint32_t width, uint32_t base, uint32_t* out
) noexcept nogil:
    """Decode 128 numbers of 1 to 32 bits and add `base` to each; reads one row past them."""
    cdef const uint32_t* row
    cdef uint32_t mask = <uint32_t>0xFFFFFFFF >> (32 - width)
    cdef uint32_t bit, shift, rest, a, b, c, d, e, f, g, h
    cdef int i
    for i in range(32):
        bit = i * width
        shift = bit & 31
        rest = 31 - shift
        row = words + ROW * (bit >> 5)
        # all loads before the first store: so the compiler makes vectors of the four lanes
        a, b, c, d = row[0], row[1], row[2], row[3]
        e, f, g, h = row[4], row[5], row[6], row[7]
        out[4 * i] = (((a >> shift) | ((e << rest) << 1)) & mask) + base
        out[4 * i + 1] = (((b >> shift) | ((f << rest) << 1)) & mask) + base
        out[4 * i + 2] = (((c >> shift) | ((g << rest) << 1)) & mask) + base
        out[4 * i + 3] = (((d >> shift) | ((h << rest) << 1)) & mask) + base


cdef inline void patch(const uint32_t* words, bint delta, uint32_t* out) noexcept nogil:
    """Add the high parts to the exceptions of a block; reads one word past them.

    Where the numbers are deltas, a high part is signed: so a block may descend here and there.
    """
    cdef uint32_t width = words[0] & 31, high = words[0] >> 11 & 31
    cdef uint32_t sign = <uint32_t>delta << (high - 1), mask = <uint32_t>0xFFFFFFFF >> (32 - high)
    cdef uint32_t bit = HEAD, end = HEAD + (PLACE + high) * (words[0] >> 5 & 63), entry
    while bit < end:
        entry = <uint32_t>((words[bit >> 5] | <uint64_t>words[(bit >> 5) + 1] << 32) >> (bit & 31))
        out[entry & (BLOCK - 1)] += ((entry >> PLACE & mask ^ sign) - sign) << width
        bit += PLACE + high


cdef inline void sum_up(uint32_t* out, uint32_t base) noexcept nogil:
    """Turn 128 deltas into values; both halves at once, as each sum waits for the one before."""
    cdef uint32_t half = 0
    cdef int i
    for i in range(BLOCK // 2):
        base += out[i]
        half += out[BLOCK // 2 + i]
        out[i] = base
        out[BLOCK // 2 + i] = half
    for i in range(BLOCK // 2, BLOCK):
        out[i] += base


cdef inline bint unpack_block(
    const uint32_t* directory, const uint32_t* data, Py_ssize_t words, Py_ssize_t block, uint32_t* out
) noexcept nogil:
    """Decode the 128 values of one block; false where it cannot be one.

    Args:
        directory, data: of the column; `block` has a row in the directory, and one after it.
        words: of the data, without the padding.
        out: room for 128.
    """
    cdef uint32_t base = directory[2 * block], mark = directory[2 * block + 1]
    cdef uint32_t first = mark >> 2, last = directory[2 * block + 3] >> 2, width, high, total
    cdef int i
    if first > last or last > words or last - first > ROW * 32:
        return False
    if mark & 2:
        if first == last:
            return False
        width, high = data[first] & 31, data[first] >> 11 & 31
        total = HEAD + (PLACE + high) * (data[first] >> 5 & 63)
        if not 1 <= high <= HIGHEST or last - first != (total + 31 >> 5) + ROW * width:
            return False
    else:
        width = (last - first) / ROW
        if (last - first) % ROW:
            return False
    total = 0 if mark & 1 else base
    if width:
        unpack_lanes(data + (last - ROW * width), width, total, out)
    else:
        for i in range(BLOCK):
            out[i] = total
    if mark & 2:
        patch(data + first, mark & 1, out)
    if mark & 1:
        sum_up(out, base)
    return True
