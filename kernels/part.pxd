# cython: language_level=3
"""Parts of a query in a segment: words and phrases, and how what they give to a document is found.

A part is held, as a row of all documents or as a list of a few, or it is read from its postings.
"""

from libc.math cimport ceil
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t

from bounds cimport CEILING, WHOLE
from cursor cimport Cursor, settle
from packed cimport BLOCK

cdef extern from *:
    """
    #ifdef _MSC_VER
    #include <intrin.h>
    static int lowest_bit(unsigned long long bits) {
        unsigned long at;
        _BitScanForward64(&at, bits);
        return (int)at;
    }
    #define bits_of(bits) ((int)__popcnt64(bits))
    #define prefetch(at) _mm_prefetch((const char *)(at), _MM_HINT_T0)
    #else
    #define lowest_bit(bits) __builtin_ctzll(bits)
    #define bits_of(bits) __builtin_popcountll(bits)
    #define prefetch(at) __builtin_prefetch(at)
    #endif
    """
    int lowest_bit(uint64_t bits) noexcept nogil      # of bits that are not all 0
    int bits_of(uint64_t bits) noexcept nogil         # how many are set
    void prefetch(const void* at) noexcept nogil


cdef enum:
    WINDOW = 2048            # documents that are looked at together: what is known of them stays in cache
    GROUPS = 32              # of 64 documents, in a window
    LEAST = 256              # weight of a row: at this every document of it is given a unit or more


cdef struct Chunk:
    uint64_t bits            # of 64 documents, set for those that have the part
    uint64_t before          # how many documents before these have it


cdef struct Given:
    uint64_t met[GROUPS]     # a bit for each document of a window that was given something
    float impacts[WINDOW]    # of these documents


cdef struct Part:
    const uint8_t* row       # held of many documents, of each its impact: see `bounds`
    const uint8_t* peaks     # of each 16 documents the highest impact, as in a row; NULL: not known
    const Chunk* chunks      # which documents of the row have an impact
    const uint32_t* docs     # held of a few documents
    const uint32_t* starts   # of each 256 documents the first of their impacts; NULL: of very few
    const float* values      # the impacts
    Py_ssize_t first, at     # of a few: those in the window at hand; `at` is that after the last
    Py_ssize_t stop          # how many impacts
    Cursor* cursors          # where its postings are read
    Py_ssize_t runs
    Given* given             # what was read of the window at hand; NULL where none is read
    bint adding              # all of its postings in a window are read, not only where they can matter
    Py_ssize_t documents     # all of its documents are under this
    Py_ssize_t postings      # how many are read, or documents of its impacts
    double k1
    double idf
    double before            # what parts of lower idf can add that are not in bounds at first
    double units             # of an impact of 1
    uint16_t weight          # of the row


cdef inline Py_ssize_t first_at(Part* part, Py_ssize_t low, Py_ssize_t high, uint64_t doc) noexcept nogil:
    """The first of a part's impacts low:high that is of a document or a later one.

    Without a branch on what is compared: it could not be foreseen.
    """
    cdef Py_ssize_t half, count = high - low
    while count > 1:
        half = count >> 1
        low += half if part.docs[low + half - 1] < doc else 0
        count -= half
    return low + (count == 1 and part.docs[low] < doc)


cdef inline Py_ssize_t skip_to(Part* part, uint64_t doc) noexcept nogil:
    """Put `part.at` to the first impact from there on that is of a document or a later one."""
    cdef Py_ssize_t low = part.at, step = 1
    if low < part.stop and part.docs[low] < doc:
        while low + step < part.stop and part.docs[low + step] < doc:
            low += step
            step *= 2
        part.at = first_at(part, low + 1, min(low + step, part.stop), doc)
    return part.at


cdef inline double value_in_row(Part* part, uint32_t doc) noexcept nogil:
    """A part's impact on a document, 0 where it does not have it, from its row."""
    cdef const Chunk* chunk
    if doc >= <uint32_t>part.documents or not part.row[doc]:
        return 0
    chunk = &part.chunks[doc >> 6]
    return part.values[chunk.before + bits_of(chunk.bits & ((<uint64_t>1 << (doc & 63)) - 1))]


cdef inline double value_among(Part* part, Py_ssize_t low, Py_ssize_t high, uint32_t doc) noexcept nogil:
    """A part's impact on a document, 0 where it is not among its impacts low:high."""
    cdef Py_ssize_t at = first_at(part, low, high, doc)
    return part.values[at] if at < high and part.docs[at] == doc else 0


cdef inline uint32_t lowest(Cursor* cursors, Py_ssize_t count) noexcept nogil:
    """The next document of some cursors; 2^32 - 1 at their end, or where one cannot be."""
    cdef Py_ssize_t i
    cdef uint32_t here, doc = 0xFFFFFFFF
    cdef Cursor* c
    for i in range(count):
        c = &cursors[i]
        if settle(c):
            here = c.doc_block[c.at & (BLOCK - 1)]
            if here < <uint32_t>c.documents:
                doc = min(doc, here)
            else:
                c.damaged, c.at = True, c.stop
    return doc


cdef inline bint few(Part* part) noexcept nogil:
    """Whether a part that is read is in so few documents that all of them may be read."""
    return 16 * part.postings <= part.documents


cdef inline void scale(Part* parts, Py_ssize_t count, double units) noexcept nogil:
    """Set what an impact of each part is in units of bounds, of which a score of 1 has so many.

    The weight of a row is rounded up, and never so low that a document would be lost.
    """
    cdef Py_ssize_t i
    for i in range(count):
        parts[i].units = parts[i].idf * units
        parts[i].weight = <uint16_t>max(ceil(parts[i].units * (256.0 / WHOLE)), LEAST)


cdef inline double units_of(Part* parts, Py_ssize_t count, double threshold) noexcept nogil:
    """How many units a score of 1 should have: the threshold has half of all, if what is above fits.

    Where there is no threshold, all parts together have all units.
    """
    cdef double total = 0, highest = 0
    cdef Py_ssize_t i
    for i in range(count):
        total += parts[i].idf
        highest = max(highest, parts[i].idf)
    if not highest > 0:
        return 0
    return min(CEILING / 2 / threshold if threshold > 0 else CEILING / total, (CEILING - LEAST) / highest)


cdef inline uint16_t in_units(double units, double score, double others, Py_ssize_t count) noexcept nogil:
    """A bound that every document with a score over this has.

    Args:
        units: of a score of 1.
        others: what parts that are not in the bound can give.
        count: how many parts there are.
    """
    cdef double bound = units * (score - others) - count - 1
    return <uint16_t>min(max(bound, 0 if others > 0 else 1), CEILING)


cdef inline void rewind(Part* parts, Py_ssize_t count) noexcept nogil:
    """Go back to the first document of each part."""
    cdef Py_ssize_t i, j
    for i in range(count):
        parts[i].first, parts[i].at = 0, 0
        for j in range(parts[i].runs):
            parts[i].cursors[j].at = parts[i].cursors[j].begin
