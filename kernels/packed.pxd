# cython: language_level=3
"""The packed column, as the other kernels read it: 128 values a block.

Layout (docs/format.md): the directory has one row `(base, mark)` a block and one more at
the end, `mark = 4 * offset + 2 * patched + delta`; `offset` counts 32-bit words of the data.
Bits lie in four interleaved lanes of words (Lemire & Boytsov 2015, SIMD-BP128), value i in
lane i % 4; the lanes of a block end where the block ends.

A patched block (Zukowski et al. 2006, PFOR) stores the lower bits of all values, and before
them, for the exceptions, what is above: a head of 16 bits and an entry an exception.
"""

from libc.stdint cimport uint32_t, uint64_t

cdef enum:
    BLOCK = 128
    ROW = 4                  # 32-bit words that hold a bit each of the 128 values, in lanes
    PADDING = 4              # words behind the last block, where what reads ahead may read
    HEAD = 16                # bits of a patched block's head: width, exceptions, bits of a high part
    PLACE = 7                # bits of an exception's place
    HIGHEST = 25             # bits of a high part, at most


cdef extern from *:
    """
    #include <stdint.h>
    #if defined(__GNUC__)
    #define ALWAYS_INLINE static inline __attribute__((always_inline))
    #define UNROLLED _Pragma("GCC unroll 32")
    #elif defined(_MSC_VER)
    #define ALWAYS_INLINE static __forceinline
    #define UNROLLED
    #else
    #define ALWAYS_INLINE static inline
    #define UNROLLED
    #endif

    /* All loads of a row come before the first store: so the four lanes become a vector. */
    ALWAYS_INLINE void lanes_of(
        const uint32_t* words, const uint32_t width, const uint32_t base, uint32_t* out
    ) {
        const uint32_t mask = 0xFFFFFFFFu >> (32 - width);
        UNROLLED
        for (uint32_t i = 0; i < 32; i++) {
            const uint32_t shift = i * width & 31;
            const uint32_t* row = words + 4 * (i * width >> 5);
            uint32_t a = row[0] >> shift, b = row[1] >> shift;
            uint32_t c = row[2] >> shift, d = row[3] >> shift;
            if (shift + width > 32) {
                const uint32_t rest = 32 - shift;
                a |= row[4] << rest, b |= row[5] << rest;
                c |= row[6] << rest, d |= row[7] << rest;
            }
            out[4 * i] = (a & mask) + base;
            out[4 * i + 1] = (b & mask) + base;
            out[4 * i + 2] = (c & mask) + base;
            out[4 * i + 3] = (d & mask) + base;
        }
    }

    static inline void unpack_lanes(
        const uint32_t* words, uint32_t width, uint32_t base, uint32_t* out
    ) {
        switch (width) {
            #define OF(w) case w: lanes_of(words, w, base, out); break;
            OF(1) OF(2) OF(3) OF(4) OF(5) OF(6) OF(7) OF(8)
            OF(9) OF(10) OF(11) OF(12) OF(13) OF(14) OF(15) OF(16)
            OF(17) OF(18) OF(19) OF(20) OF(21) OF(22) OF(23) OF(24)
            OF(25) OF(26) OF(27) OF(28) OF(29) OF(30) OF(31) OF(32)
            #undef OF
        }
    }
    """
    # Decodes 128 numbers of 1 to 32 bits and adds `base` to each. There is a loop of its own for each
    # width: where the compiler knows it, shifts are constants, and it takes two thirds of the time.
    void unpack_lanes(const uint32_t* words, uint32_t width, uint32_t base, uint32_t* out) noexcept nogil


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
