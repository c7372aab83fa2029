# cython: language_level=3
"""Scans over posting lists: impacts of words and phrases, top-k by MaxScore, positions.

A query word is a weighting of the vocabulary: some groups of terms (a group is a root)
and, for each of a group's forms, a weight. Its postings are some runs, one a group and
field. They are read once into impacts, one a document, by which documents are ranked.

    lists.pxi       posting lists, and the runs of a word in them
    impacts.pxi     what a word gives to each document
    topk.pxi        the best k documents of those offered
    (here)          the scan for these, and the count of all
    phrases.pxi     phrases, and where words and phrases stand

Not by modules: their classes know each other's insides.
"""

from libc.math cimport INFINITY
from libc.stdint cimport uint8_t, uint16_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memset

from bounds cimport present
from part cimport WINDOW, Given, Part, bits_of, in_units, lowest_bit, rewind
from scan cimport (
    NOTED,
    Noted,
    Scan,
    bound_of_likeliest,
    bound_of_many,
    choose_added,
    lay,
    least_score,
    look_at,
    note,
)
from window cimport Window, add, close_window, complete, find, given, keep, open_window

include "lists.pxi"
include "impacts.pxi"
include "topk.pxi"

cdef enum:
    LIKELIEST = 16          # blocks, at least, by which the first threshold is set


cdef Part part_of(object source, double idf) except *:
    """A part before its first document."""
    cdef Part part
    cdef Impacts impacts
    cdef Runs runs
    memset(&part, 0, sizeof(Part))
    part.idf = idf
    if isinstance(source, Impacts):
        impacts = source
        part.row, part.peaks, part.ranks = impacts.row, impacts.peaks, impacts.ranks
        part.cells, part.starts, part.offsets = impacts.cells, impacts.starts, impacts.offsets
        part.docs = impacts.docs
        part.values, part.stop = impacts.values, impacts.count
        part.documents, part.postings = impacts.documents, impacts.count
    elif isinstance(source, Runs):
        runs = source
        part.cursors, part.runs, part.k1 = runs.cursors, runs.count, runs.k1
        part.documents, part.postings = runs.documents, runs.postings
        part.peaks = runs.peaks
    else:
        raise TypeError("a part is given by its Impacts or its Runs")
    return part


cdef void offer(Scan* scan, Window* window, TopK top, uint64_t first_doc, double least) noexcept nogil:
    """Give the documents found to the best so far, with their scores; fewer as the best get better."""
    cdef Py_ssize_t i, j
    cdef uint16_t place, bound = in_units(scan.units, max(top.threshold(), least), 0, scan.count)
    cdef double score
    for i in range(window.count):
        place = window.found[i]
        if window.bounds[place] < bound:
            continue
        score = 0
        for j in range(scan.count - 1, -1, -1):
            score += given(window, &scan.parts[j], place)
        if top.push(<float>score, first_doc + window.base + place):
            bound = in_units(scan.units, max(top.threshold(), least), 0, scan.count)


cdef void complete_found(Scan* scan, Window* window, double threshold) noexcept nogil:
    """Add to the documents found what those parts give that were not added before."""
    cdef Py_ssize_t i
    cdef Part* part
    for i in range(scan.count - 1, -1, -1):
        part = &scan.parts[i]
        if part.cursors != NULL and not part.adding and window.count:
            complete(window, part)
            keep(window, in_units(scan.units, threshold, part.before, scan.count))


cdef bint visit(Scan* scan, Window* window, Py_ssize_t number, uint16_t likely, double threshold, const uint8_t* may) noexcept nogil:
    """Find the documents of a window that can have a score over the threshold; whether there are any.

    Args:
        likely: a bound that their blocks must have in any case.
        may: see `best`.
    """
    cdef uint16_t bound = in_units(scan.units, threshold, scan.later, scan.count)
    if not look_at(scan, window, number, max(likely, in_units(scan.units, threshold, scan.apart, scan.count))):
        return False
    add(window, scan.parts, scan.count, bound)
    find(window, bound, may, scan.documents)
    complete_found(scan, window, threshold)
    return window.count != 0


cdef double reached(Scan* scan, Window* window, Py_ssize_t k, const uint8_t* may) except -1:
    """A score that at least k documents reach, found in the likeliest blocks; 0: none is known."""
    cdef Noted noted
    cdef TopK top = TopK(k)
    cdef Py_ssize_t i, wanted = max(k, LIKELIEST)
    cdef uint16_t bound
    if 4 * wanted > scan.blocks or k > NOTED:
        return 0
    noted.count = 0
    memset(noted.levels, 0, sizeof(noted.levels))
    with nogil:
        note_likeliest(scan, window, bound_of_likeliest(scan, wanted), may, &noted)
        bound = bound_of_many(&noted, k)
        for i in range(noted.count):
            if noted.bounds[i] >= bound:
                top.push(<float>least_score(scan, noted.docs[i], noted.bounds[i]), noted.docs[i])
    return top.threshold()


cdef void note_likeliest(Scan* scan, Window* window, uint16_t likely, const uint8_t* may, Noted* noted) noexcept nogil:
    """Note the documents of all blocks with a bound of at least so much."""
    cdef Py_ssize_t number
    choose_added(scan, INFINITY)
    rewind(scan.parts, scan.count)
    for number in range(scan.blocks * 16 // WINDOW):
        if visit(scan, window, number, likely, 0, may):
            note(noted, window)


cdef void run(Scan* scan, Window* window, TopK top, uint64_t first_doc, double least, const uint8_t* may) noexcept nogil:
    """Offer the best documents, which have a score of `least` at least."""
    cdef Py_ssize_t number
    choose_added(scan, max(top.threshold(), least))
    rewind(scan.parts, scan.count)
    for number in range(scan.blocks * 16 // WINDOW):
        if visit(scan, window, number, 0, max(top.threshold(), least), may):
            offer(scan, window, top, first_doc, least)


cdef int lay_out(Scan* scan, list parts, list idfs) except -1:
    """Lay out a scan of a segment; what it has must be freed."""
    cdef Py_ssize_t i, j
    cdef Part part
    scan.count = len(parts)
    scan.parts = <Part*>calloc(scan.count + 1, sizeof(Part))
    if not scan.parts:
        raise MemoryError
    for i in range(scan.count):
        part = part_of(parts[i], idfs[i])
        scan.reading |= part.cursors != NULL
        scan.documents = max(scan.documents, part.documents)
        j = i                               # by rising idf; of equals the first stays first
        while j and scan.parts[j - 1].idf > part.idf:
            scan.parts[j] = scan.parts[j - 1]
            j -= 1
        scan.parts[j] = part
    scan.blocks = (scan.documents + WINDOW - 1) // WINDOW * (WINDOW // 16)
    scan.given = room_for(scan.parts, scan.count)
    scan.coarse = <uint16_t*>malloc((scan.blocks + 1) * sizeof(uint16_t))
    scan.marks = <uint8_t*>calloc(scan.blocks + 1, 1)
    if not (scan.given and scan.coarse and scan.marks):
        raise MemoryError
    return 0


cdef Given* room_for(Part* parts, Py_ssize_t count) noexcept nogil:
    """Give each part that is read a place for what it gives; NULL where there is no memory."""
    cdef Py_ssize_t i, read = 0
    cdef Given* out
    for i in range(count):
        read += 1 if parts[i].cursors else 0
    out = <Given*>malloc((read + 1) * sizeof(Given))
    for i in range(count if out else 0):
        if parts[i].cursors:
            read -= 1
            parts[i].given = &out[read]
    return out


def best(TopK top not None, uint64_t first_doc, list parts, list idfs, allowed=None):
    """Offer the documents of a segment that any part of a query finds, scored by BM25F.

    Args:
        top: collects; segments must be run in document order.
        first_doc: added to this segment's document numbers.
        parts: Impacts of each part, or the Runs of a word, which then are read as far as
            needed. Runs that were damaged tell so after.
        idfs: weight of each part, not negative.
        allowed: uint8, one a document, 0 where it must not be returned; None: all may.

    Returns:
        bool: whether all parts are sound.

    See `scan` for how: what the best have at least is learnt from the likeliest blocks.
    """
    cdef const uint8_t[::1] flags
    cdef const uint8_t* may = NULL
    cdef Scan scan
    cdef Window* window = NULL
    cdef double least = 0
    if len(idfs) != len(parts):
        raise ValueError("a scan takes an idf a part")
    if not top.k:
        return True
    memset(&scan, 0, sizeof(Scan))
    try:
        lay_out(&scan, parts, idfs)
        if allowed is not None:
            flags = allowed
            if flags.shape[0] < scan.documents:
                raise ValueError("a scan takes a flag a document")
            may = &flags[0] if flags.shape[0] else NULL
        window = open_window(scan.reading)
        if not window:
            raise MemoryError
        lay(&scan, top.threshold())
        if top.count < top.k:
            least = reached(&scan, window, top.k, may)
        with nogil:
            run(&scan, window, top, first_doc, least, may)
    finally:
        free(scan.parts)
        free(scan.given)
        free(scan.coarse)
        free(scan.marks)
        close_window(window)
    for part in parts:
        if part.damaged:
            return False
    return True


def count_any(list parts, allowed=None):
    """How many documents of a segment have any of some parts of a query.

    Args:
        parts: Impacts of each part.
        allowed: uint8, one a document, 0 where it is not counted; None: all are.
    """
    cdef Impacts source
    cdef const uint8_t[::1] flags
    cdef const uint8_t* may = NULL
    cdef uint64_t* seen
    cdef uint64_t left
    cdef Py_ssize_t documents = 0, total = 0, i, j
    for source in parts:
        if source is None:
            raise TypeError("a count takes the Impacts of each part")
        documents = max(documents, source.documents if source.count else 0)
    if allowed is not None:
        flags = allowed
        if flags.shape[0] < documents:
            raise ValueError("a count takes a flag a document")
        may = &flags[0] if documents else NULL
    seen = <uint64_t*>calloc(documents // 64 + 1, sizeof(uint64_t))
    if not seen:
        raise MemoryError
    for source in parts:
        with nogil:
            for i in range((source.documents + 63) // 64 if source.row else 0):
                seen[i] |= present(&source.row[64 * i])
            for i in range((source.documents + 255) // 256 if source.cells else 0):
                for j in range(source.starts[i], source.starts[i + 1]):
                    seen[4 * i + (source.cells[j] >> 14)] |= <uint64_t>1 << (source.cells[j] >> 8 & 63)
            for i in range(source.count if source.docs else 0):
                seen[source.docs[i] >> 6] |= <uint64_t>1 << (source.docs[i] & 63)
    with nogil:
        for i in range(documents // 64 + 1):
            left = seen[i]
            total += 0 if may else bits_of(left)
            while may and left:
                total += may[64 * i + lowest_bit(left)] != 0
                left &= left - 1
    free(seen)
    return total


include "phrases.pxi"
