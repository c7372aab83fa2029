# cython: language_level=3
"""Parts of a query in a segment: words and phrases, and how what they give to a document is found.

A part is held or it is read from its postings. Held it is one of three, by how many documents
have it: a row of all documents, cells of those that have it by strides of 256, or their numbers.
"""

from libc.math cimport ceil
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t

from bounds cimport CEILING, WHOLE, present
from cursor cimport Cursor, settle
from packed cimport BLOCK

cdef extern from *:
    """
    #include <stdint.h>
    #ifdef _MSC_VER
    #include <intrin.h>
    static int lowest_bit(unsigned long long bits) {
        unsigned long at;
        _BitScanForward64(&at, bits);
        return (int)at;
    }
    #else
    #define lowest_bit(bits) __builtin_ctzll(bits)
    #endif

    static int bits_of(uint64_t bits) {     /* compilers call a function, where they cannot be sure of an instruction */
        bits -= bits >> 1 & 0x5555555555555555ull;
        bits = (bits & 0x3333333333333333ull) + (bits >> 2 & 0x3333333333333333ull);
        return (int)(((bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0full) * 0x0101010101010101ull >> 56);
    }
    """
    int lowest_bit(uint64_t bits) noexcept nogil      # of bits that are not all 0
    int bits_of(uint64_t bits) noexcept nogil         # how many are set


cdef enum:
    WINDOW = 2048            # documents that are looked at together: what is known of them stays in cache
    GROUPS = 32              # of 64 documents, in a window
    LEAST = 256              # weight of a row: at this every document of it is given a unit or more


cdef struct Given:
    uint64_t met[GROUPS]     # a bit for each document of a window that was given something
    float impacts[WINDOW]    # of these documents


cdef struct Part:
    const uint8_t* row       # held of many documents, of each its impact: see `bounds`
    const uint8_t* peaks     # of each 16 documents the highest impact, as in a row; NULL: not known
    const uint32_t* ranks    # of each 64 documents of the row, how many before these have an impact
    const uint16_t* cells    # held of fewer: a document's number in its stride, and its impact as in a row
    const uint32_t* starts   # of each stride its first cell; one more at the end
    const uint8_t* offsets   # of each block of 16 documents its first cell, from that of its stride on
    const uint32_t* docs     # held of very few: the numbers of the documents
    const float* values      # the impacts
    Py_ssize_t first, at     # of very few: those in the window at hand; `at` is that after the last
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
    cdef uint64_t before = (<uint64_t>1 << (doc & 63)) - 1
    if doc >= <uint32_t>part.documents or not part.row[doc]:
        return 0
    return part.values[part.ranks[doc >> 6] + bits_of(present(part.row + (doc & ~63)) & before)]


cdef inline Py_ssize_t first_cell(Part* part, Py_ssize_t block) noexcept nogil:
    """The first cell of a block of 16 documents, or of those after it."""
    return part.starts[block >> 4] + part.offsets[block]


cdef inline double value_in_cells(Part* part, uint32_t doc) noexcept nogil:
    """A part's impact on a document, 0 where it does not have it, from its cells."""
    cdef Py_ssize_t i
    if doc >= <uint32_t>part.documents or not part.peaks[doc >> 4]:
        return 0
    for i in range(first_cell(part, doc >> 4), first_cell(part, (doc >> 4) + 1)):
        if part.cells[i] >> 8 == doc & 255:
            return part.values[i]
    return 0


cdef inline double value_among(Part* part, Py_ssize_t low, Py_ssize_t high, uint32_t doc) noexcept nogil:
    """A part's impact on a document, 0 where it is not among its impacts low:high."""
    cdef Py_ssize_t at = first_at(part, low, high, doc)
    return part.values[at] if at < high and part.docs[at] == doc else 0


cdef inline double value_of(Part* part, uint32_t doc) noexcept nogil:
    """A held part's impact on a document, 0 where it does not have it."""
    if part.row:
        return value_in_row(part, doc)
    if part.cells:
        return value_in_cells(part, doc)
    return value_among(part, 0, part.stop, doc)


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


cdef inline double slack_of(Part* part) noexcept nogil:
    """How far what a part adds to a bound may be over what it gives, in units, where it is in the bound."""
    return max(part.weight * (WHOLE / 256.0) - part.units + part.units / WHOLE, 1)


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
