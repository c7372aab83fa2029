# cython: language_level=3
"""Upper bounds of scores in 16 bits, some at a time: sums that stay at the highest number.

A row holds of each document a part's impact in 255ths, rounded up, 0 where the document lacks
the part. Times the part's weight in 256ths it is what the part adds to the bound, less than
one too little.
"""

from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t

cdef extern from *:
    """
    #include <stdint.h>
    #if defined(__SSE2__) || defined(_M_X64)
    #include <emmintrin.h>

    /* Adds what a row of a multiple of 16 documents gives to their bounds. */
    static void add_row(uint16_t* bounds, const uint8_t* row, uint16_t weight, Py_ssize_t count) {
        const __m128i zero = _mm_setzero_si128(), times = _mm_set1_epi16((short)weight);
        for (Py_ssize_t i = 0; i < count; i += 16) {
            const __m128i q = _mm_loadu_si128((const __m128i*)(row + i));
            __m128i* at = (__m128i*)(bounds + i);
            const __m128i low = _mm_mulhi_epu16(_mm_unpacklo_epi8(zero, q), times);
            const __m128i high = _mm_mulhi_epu16(_mm_unpackhi_epi8(zero, q), times);
            _mm_storeu_si128(at, _mm_adds_epu16(_mm_loadu_si128(at), low));
            _mm_storeu_si128(at + 1, _mm_adds_epu16(_mm_loadu_si128(at + 1), high));
        }
    }

    /* A bit for each of 16 bounds, set where it is not under the least. */
    static uint32_t reaching(const uint16_t* bounds, uint16_t least) {
        const __m128i zero = _mm_setzero_si128(), most = _mm_set1_epi16((short)least);
        const __m128i low = _mm_loadu_si128((const __m128i*)bounds);
        const __m128i high = _mm_loadu_si128((const __m128i*)(bounds + 8));
        return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(
            _mm_cmpeq_epi16(_mm_subs_epu16(most, low), zero),
            _mm_cmpeq_epi16(_mm_subs_epu16(most, high), zero)));
    }

    /* A bit for each of 64 documents of a row, set for those that have the part. */
    static uint64_t present(const uint8_t* row) {
        const __m128i zero = _mm_setzero_si128();
        uint64_t absent = 0;
        for (int i = 0; i < 4; i++) {
            const __m128i q = _mm_loadu_si128((const __m128i*)(row + 16 * i));
            absent |= (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(q, zero)) << (16 * i);
        }
        return ~absent;
    }
    #else
    static void add_row(uint16_t* bounds, const uint8_t* row, uint16_t weight, Py_ssize_t count) {
        for (Py_ssize_t i = 0; i < count; i++) {
            const uint32_t sum = bounds[i] + ((uint32_t)row[i] * weight >> 8);
            bounds[i] = (uint16_t)(sum < 65535 ? sum : 65535);
        }
    }

    static uint32_t reaching(const uint16_t* bounds, uint16_t least) {
        uint32_t bits = 0;
        for (int i = 0; i < 16; i++) bits |= (uint32_t)(bounds[i] >= least) << i;
        return bits;
    }

    static uint64_t present(const uint8_t* row) {
        uint64_t bits = 0;
        for (int i = 0; i < 64; i++) bits |= (uint64_t)(row[i] != 0) << i;
        return bits;
    }
    #endif
    """
    void add_row(uint16_t* bounds, const uint8_t* row, uint16_t weight, Py_ssize_t count) noexcept nogil
    uint32_t reaching(const uint16_t* bounds, uint16_t least) noexcept nogil
    uint64_t present(const uint8_t* row) noexcept nogil


cdef enum:
    CEILING = 65535          # a bound that would be higher
    WHOLE = 255              # impacts in a row: that of 1


cdef inline void raise_bound(uint16_t* bound, uint32_t units) noexcept nogil:
    """Add to a bound."""
    cdef uint32_t total = bound[0] + units
    bound[0] = <uint16_t>(total if total < CEILING else CEILING)


cdef inline uint8_t rounded_up(float impact) noexcept nogil:
    """An impact over 0 in 255ths, for a row; what is not under 1, or not a number, is all of them."""
    cdef double units = impact * <double>WHOLE
    cdef uint32_t whole
    if not units < WHOLE:
        return WHOLE
    whole = <uint32_t>units
    return <uint8_t>(whole + (whole < units or not whole))
