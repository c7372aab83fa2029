# cython: language_level=3
"""Positions of words: reading them of a posting, and rows of words in order."""

from libc.stdint cimport int64_t, uint32_t, uint64_t
from libc.stdlib cimport qsort, realloc

from cursor cimport Column, Cursor, decode, detail, seek, settle
from packed cimport BLOCK


cdef struct Reader:
    Column* positions
    const uint32_t* starts   # tokens before each block of postings
    uint64_t left            # tokens that may still be read: each is read once
    Py_ssize_t held          # decoded block, or -1
    uint32_t block[BLOCK]


cdef struct Places:
    uint32_t* at
    Py_ssize_t count, room
    Py_ssize_t next          # the first that the row at hand may still use


cdef enum:
    NO_MEMORY = -1
    DAMAGED = 0
    GOOD = 1


cdef inline int make_room(Places* out, Py_ssize_t more) noexcept nogil:
    cdef uint32_t* larger
    if out.count + more > out.room:
        larger = <uint32_t*>realloc(out.at, 8 * (out.count + more))
        if not larger:
            return NO_MEMORY
        out.at, out.room = larger, 2 * (out.count + more)
    return GOOD


cdef inline int read_places(Reader* reader, Cursor* c, Py_ssize_t i, Places* out) noexcept nogil:
    """Append the positions of posting i of a cursor's block."""
    cdef uint64_t token = reader.starts[c.block], limit = reader.positions.count
    cdef Py_ssize_t k, block, tf = c.tf_block[i]
    for k in range(i):
        token += c.tf_block[k]
    if token > limit or <uint64_t>tf > limit - token or <uint64_t>tf > reader.left:
        return DAMAGED
    reader.left -= tf
    if make_room(out, tf) != GOOD:
        return NO_MEMORY
    for k in range(tf):
        block = (token + k) >> 7
        if block != reader.held:
            if not decode(reader.positions, block, reader.block):
                return DAMAGED
            reader.held = block
        out.at[out.count] = reader.block[(token + k) & (BLOCK - 1)]
        out.count += 1
    return GOOD


cdef inline int ascending(const void* a, const void* b) noexcept nogil:
    cdef uint32_t one = (<const uint32_t*>a)[0], other = (<const uint32_t*>b)[0]
    return (one > other) - (one < other)


cdef inline int places_in(Cursor* c, Reader* reader, uint32_t doc, Places* out) noexcept nogil:
    """Append where a run has a form with a weight in a document, ascending with what is there."""
    cdef Py_ssize_t i, before = out.count
    cdef int good
    if not seek(c, doc):
        return DAMAGED if c.damaged else GOOD
    while settle(c):
        i = c.at & (BLOCK - 1)
        if c.doc_block[i] != doc or not detail(c):
            break
        if c.form_block[i] < <uint32_t>c.widest and c.weights[c.form_block[i]] > 0:
            good = read_places(reader, c, i, out)
            if good != GOOD:
                return good
            if before:
                qsort(out.at, out.count, sizeof(uint32_t), ascending)
            before = out.count
        c.at += 1
    return DAMAGED if c.damaged else GOOD


cdef inline Py_ssize_t rows_of_words(Places* words, Py_ssize_t count, Py_ssize_t slop, Places* ends) noexcept nogil:
    """How many positions of the first word the others follow in order, with few words between.

    Each word is taken where it stands first after the one before. The first and the last
    position of each row go to `ends`, which has room for them, or is NULL.
    """
    cdef Py_ssize_t i, j, found = 0
    cdef int64_t begin, here
    cdef uint32_t* at
    for j in range(count):
        words[j].next = 0
    for i in range(words[0].count):
        begin = here = words[0].at[i]
        if i and begin == words[0].at[i - 1]:       # two readings of one word
            continue
        for j in range(1, count):
            at = words[j].at
            while words[j].next < words[j].count and at[words[j].next] <= here:
                words[j].next += 1
            if words[j].next == words[j].count:
                return found
            here = at[words[j].next]
            if here - begin >= count + slop:
                break
        else:
            if ends:
                ends.at[2 * found], ends.at[2 * found + 1] = <uint32_t>begin, <uint32_t>here
            found += 1
    return found


cdef inline int repeat(Places* out, uint32_t value, Py_ssize_t times) noexcept nogil:
    cdef Py_ssize_t i
    if make_room(out, times) != GOOD:
        return NO_MEMORY
    for i in range(times):
        out.at[out.count + i] = value
    out.count += times
    return GOOD
