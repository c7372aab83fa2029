# cython: language_level=3
"""Scanning a segment for the best documents, block by block.

The most that the parts can give to any of 16 documents is known for all blocks before one of
them is looked at: a vector operation adds a part to 16 blocks (Dimopoulos, Nepomnyachiy & Suel
2013, A Candidate Filtering Mechanism for Fast Top-K Query Processing on Modern CPUs). Only blocks
that can have one of the best are looked at, and the likeliest first, to learn what the best will
at least have.
"""

from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.string cimport memset

from bounds cimport CEILING, WHOLE, add_row, raise_bound, reaching
from cursor cimport Cursor, load
from packed cimport BLOCK
from part cimport WINDOW, Given, Part, bits_of, few, scale, slack_of, units_of, value_of
from window cimport STRIDES, Window

cdef enum:
    STEPS = 32               # in which the bound of the likeliest blocks is lowered
    NOTED = 2048             # documents, at most, of which one learns what the best have at least
    LEVELS = 1024            # of bounds, by which these are counted
    LEVEL = 64               # bounds on a level


cdef struct Scan:
    Part* parts              # by rising idf
    Py_ssize_t count
    Given* given             # of the parts that are read
    uint16_t* coarse         # of each block of 16 documents a bound; as many as whole windows have
    uint8_t* marks           # as many, 0 between parts
    Py_ssize_t documents     # all are under this
    Py_ssize_t blocks
    double units             # of a score of 1
    double apart             # what parts can give that are in no bound of a block
    double later             # and in none of a document at first
    bint reading             # some parts are not held


cdef struct Noted:
    Py_ssize_t count
    uint32_t docs[NOTED]     # documents that are likely among the best
    uint16_t bounds[NOTED]   # of these
    uint32_t levels[LEVELS]  # how many of them have a bound on each level


cdef inline void mark(Scan* scan, Cursor* c) noexcept nogil:
    """Mark the blocks of a run's documents."""
    cdef Py_ssize_t i, block
    cdef uint32_t doc, before = 0
    for block in range(c.begin >> 7, (c.stop + BLOCK - 1) >> 7):
        if not load(c, block):
            return
        for i in range(max(c.begin - (block << 7), 0), min(c.stop - (block << 7), <Py_ssize_t>BLOCK)):
            doc = c.doc_block[i]
            if doc >= <uint32_t>c.documents or doc < before:    # not what was written
                c.damaged, c.stop, c.at = True, c.begin, c.begin
                return
            scan.marks[doc >> 4] = WHOLE
            before = doc


cdef inline void lay_part(Scan* scan, Part* part) noexcept nogil:
    """Add a part to the bounds of all blocks."""
    cdef Py_ssize_t i
    if part.peaks:
        add_row(scan.coarse, part.peaks, part.weight, (part.documents + 255 >> 8) << 4)
    elif part.docs:
        for i in range(part.stop):
            raise_bound(&scan.coarse[part.docs[i] >> 4], <uint32_t>(part.units * part.values[i]) + 1)
    elif part.cursors and few(part):
        for i in range(part.runs):
            mark(scan, &part.cursors[i])
        add_row(scan.coarse, scan.marks, part.weight, scan.blocks)
        memset(scan.marks, 0, scan.blocks)
    elif part.cursors:
        scan.apart += part.idf


cdef inline void lay(Scan* scan, double threshold) noexcept nogil:
    """Work out the bounds of all blocks, in units for a threshold."""
    cdef Py_ssize_t i
    scan.units, scan.apart = units_of(scan.parts, scan.count, threshold), 0
    scale(scan.parts, scan.count, scan.units)
    memset(scan.coarse, 0, scan.blocks * sizeof(uint16_t))
    for i in range(scan.count):
        lay_part(scan, &scan.parts[i])


cdef inline void choose_added(Scan* scan, double threshold) noexcept nogil:
    """Choose the parts of which all postings are read in each window that is looked at.

    Those whose peaks are known are not: they are read where they can matter. Of the others that
    are not few, those that together give no more than the threshold are not: no document has to
    be found by them (Turtle & Flood 1995).
    """
    cdef double bound = 0
    cdef Py_ssize_t i
    cdef Part* part
    scan.later = 0
    for i in range(scan.count):
        part = &scan.parts[i]
        part.before = scan.later
        part.adding = False
        if part.cursors and not part.peaks:
            bound += 0 if few(part) else part.idf
            part.adding = few(part) or bound > threshold
            if not part.adding:
                scan.later += part.idf


cdef inline Py_ssize_t count_reaching(Scan* scan, uint16_t least) noexcept nogil:
    """How many blocks have a bound of at least so much."""
    cdef Py_ssize_t i, count = 0
    for i in range(0, scan.blocks, 16):
        count += bits_of(reaching(&scan.coarse[i], least))
    return count


cdef inline uint16_t bound_of_likeliest(Scan* scan, Py_ssize_t count) noexcept nogil:
    """A bound that about so many blocks reach, or more; at least 1."""
    cdef uint32_t bound = CEILING, step = CEILING // STEPS
    while bound > step and count_reaching(scan, <uint16_t>bound) < count:
        bound -= step
    return <uint16_t>bound


cdef inline bint look_at(Scan* scan, Window* window, Py_ssize_t number, uint16_t least) noexcept nogil:
    """Turn to a window, to look at its blocks with a bound of at least so much; whether there are any."""
    cdef Py_ssize_t i, first = number * STRIDES * 16
    cdef uint32_t met = 0
    window.base = <uint32_t>(number * WINDOW)
    for i in range(STRIDES):
        window.blocks[i] = <uint16_t>reaching(&scan.coarse[first + 16 * i], least)
        met |= window.blocks[i]
    return met != 0


cdef inline void note(Noted* noted, Window* window) noexcept nogil:
    """Note the documents found, as many as there is room for."""
    cdef Py_ssize_t i, count = min(window.count, NOTED - noted.count)
    cdef uint16_t bound
    for i in range(count):
        bound = window.bounds[window.found[i]]
        noted.docs[noted.count + i] = window.base + window.found[i]
        noted.bounds[noted.count + i] = bound
        noted.levels[bound // LEVEL] += 1
    noted.count += count


cdef inline uint16_t bound_of_many(Noted* noted, Py_ssize_t k) noexcept nogil:
    """A bound that at least k of the documents noted have, if there are so many."""
    cdef Py_ssize_t level = LEVELS - 1, count = noted.levels[level]
    while count < k and level:
        level -= 1
        count += noted.levels[level]
    return <uint16_t>(level * LEVEL)


cdef inline double least_score(Scan* scan, uint32_t doc, uint16_t bound) noexcept nogil:
    """A score that a document has at least: all of it where all parts are held.

    Else it is the bound less what the parts may have added too much; one at the ceiling tells
    nothing, as what was taken from it may have been more.
    """
    cdef double score = 0
    cdef Py_ssize_t i
    if not scan.reading:
        for i in range(scan.count - 1, -1, -1):
            score += scan.parts[i].idf * value_of(&scan.parts[i], doc)
        return score
    if bound == CEILING or not scan.units > 0:
        return 0
    score = bound
    for i in range(scan.count):
        score -= slack_of(&scan.parts[i])
    return score / scan.units * (1 - 1e-6)
