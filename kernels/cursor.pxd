# cython: language_level=3
"""Reading a run of postings of one field: block by block, or by seeking a document.

Postings of a group ascend by (document, form). What is read is bounded by the columns and
not by what the bytes say: a block that points outside its column sets `damaged`.
"""

from libc.stdint cimport uint32_t, uint64_t

from packed cimport BLOCK, unpack_block


cdef struct Column:
    const uint32_t* directory
    const uint32_t* data
    Py_ssize_t words         # of the data, without the padding
    Py_ssize_t count         # values


cdef struct Cursor:
    Column* docs
    Column* forms
    Column* tfs
    const float* inverses    # of each document, 1 / norm
    const float* weights     # of the group's forms
    Py_ssize_t widest        # how many weights there are
    Py_ssize_t documents
    Py_ssize_t begin         # the run's first posting
    Py_ssize_t at, stop      # next posting, end of the run
    Py_ssize_t block         # decoded block, or -1
    bint detailed            # forms and tfs of the block are decoded
    bint damaged
    uint32_t doc_block[BLOCK]
    uint32_t form_block[BLOCK]
    uint32_t tf_block[BLOCK]


cdef inline bint decode(const Column* source, Py_ssize_t block, uint32_t* out) noexcept nogil:
    return unpack_block(source.directory, source.data, source.words, block, out)


cdef inline int give_up(Cursor* c) noexcept nogil:
    """End the run: its bytes are not what was written."""
    c.damaged = True
    c.at = c.stop
    return 0


cdef inline int load(Cursor* c, Py_ssize_t block) noexcept nogil:
    c.block = block
    c.detailed = False
    return 1 if decode(c.docs, block, c.doc_block) else give_up(c)


cdef inline int detail(Cursor* c) noexcept nogil:
    """Decode forms and tfs of the block at hand."""
    if not c.detailed:
        c.detailed = True
        if not (decode(c.forms, c.block, c.form_block) and decode(c.tfs, c.block, c.tf_block)):
            return give_up(c)
    return 1


cdef inline int settle(Cursor* c) noexcept nogil:
    """Make the block of `at` the decoded one; false at the end of the run."""
    if c.at >= c.stop:
        return 0
    if c.at >> 7 != c.block:
        return load(c, c.at >> 7)
    return 1


cdef inline int seek(Cursor* c, uint32_t target) noexcept nogil:
    """Advance to the first posting with document >= target; false where there is none.

    A block that lies whole inside the run begins with its smallest document, which the
    directory holds; only the first and the last block of a run can be shared.
    """
    cdef Py_ssize_t last, block, step, high, low, middle
    if not settle(c):
        return 0
    last = (c.stop - 1) >> 7
    high = min(c.stop - (c.block << 7), <Py_ssize_t>BLOCK)
    if c.doc_block[high - 1] < target:
        block = c.block + 1
        if block > last:
            c.at = c.stop
            return 0
        step = 1
        # strictly below: the postings of one document may begin in the block before
        while block + step < last and c.docs.directory[2 * (block + step)] < target:
            block += step
            step *= 2
        while step:
            if block + step < last and c.docs.directory[2 * (block + step)] < target:
                block += step
            step //= 2
        c.at = block << 7
        if not load(c, block):
            return 0
        high = min(c.stop - (block << 7), <Py_ssize_t>BLOCK)
        if c.doc_block[high - 1] < target:
            c.at = (block + 1) << 7
            if c.at >= c.stop:
                c.at = c.stop
                return 0
            if not load(c, block + 1):
                return 0
            high = min(c.stop - (c.block << 7), <Py_ssize_t>BLOCK)
            if c.doc_block[high - 1] < target:
                c.at = c.stop
                return 0
    low = c.at - (c.block << 7)
    while low < high:
        middle = (low + high) >> 1
        if c.doc_block[middle] < target:
            low = middle + 1
        else:
            high = middle
    c.at = (c.block << 7) + low
    return 1
