"""Posting lists, and the runs of a word in them. A part of `_scanning.pyx`.
"""

from cpython.array cimport array, clone
from libc.stdint cimport uint8_t, uint32_t
from libc.stdlib cimport free, malloc

from cursor cimport Column, Cursor
from packed cimport BLOCK, PADDING

cdef enum:
    ROOM = 256              # documents behind the last of a row, or blocks

cdef array FLOATS = array("f")

cdef Column column(object packed) except *:
    cdef const uint32_t[:, ::1] directory = packed[0]
    cdef const uint32_t[::1] data = packed[1]
    cdef Column made
    made.count = packed[2]
    if directory.shape[0] < 1 or directory.shape[1] != 2 or data.shape[0] < PADDING:
        raise ValueError("a packed column needs a closing row and padding")
    if made.count < 0 or (made.count + BLOCK - 1) // BLOCK >= directory.shape[0]:
        raise ValueError("a packed column has fewer blocks than values")
    made.directory = &directory[0, 0]
    made.data = &data[0]
    made.words = data.shape[0] - PADDING
    return made


cdef class Lists:
    """The posting lists of one text field of one segment.

    Args:
        docs, forms, tfs, positions: packed columns, `(directory, data, count)`.
        token_starts: uint32, tokens before each block of 128 postings.
        lengths: uint32, tokens of each document in this field.
    """

    cdef Column docs, forms, tfs, positions
    cdef const uint32_t[::1] token_starts
    cdef const uint32_t[::1] lengths
    cdef object kept
    cdef tuple norms             # (fixed, sloped, the inverse norms for them)

    def __init__(self, docs, forms, tfs, positions, token_starts, lengths):
        self.docs, self.forms, self.tfs = column(docs), column(forms), column(tfs)
        self.positions = column(positions)
        self.token_starts = token_starts
        self.lengths = lengths
        self.kept = (docs, forms, tfs, positions)
        if not self.docs.count == self.forms.count == self.tfs.count:
            raise ValueError("docs, forms and tfs differ in length")
        if self.token_starts.shape[0] * BLOCK < self.docs.count:
            raise ValueError("token_starts has fewer entries than there are blocks")
        self.norms = (None, None, None)

    def filled(self):
        """How many documents have a token in this field."""
        cdef Py_ssize_t i, count = 0
        for i in range(self.lengths.shape[0]):
            count += self.lengths[i] != 0
        return count

    cdef array inverses(self, double fixed, double sloped):
        """Of each document, 1 / (fixed + sloped * length) as float32; the last ones are kept."""
        cdef tuple norms = self.norms
        cdef array inverses
        cdef Py_ssize_t i
        if norms[0] == fixed and norms[1] == sloped:
            return norms[2]
        inverses = clone(FLOATS, self.lengths.shape[0], False)
        for i in range(self.lengths.shape[0]):
            inverses.data.as_floats[i] = <float>(1 / (fixed + sloped * self.lengths[i]))
        self.norms = (fixed, sloped, inverses)
        return inverses


cdef int place(Cursor* c, Lists lists, Py_ssize_t start, Py_ssize_t stop, const float[::1] weights) except -1:
    """Put a cursor at the beginning of a run."""
    if start < 0 or stop > lists.docs.count:
        raise ValueError("a run lies outside its posting lists")
    c.docs, c.forms, c.tfs = &lists.docs, &lists.forms, &lists.tfs
    c.documents = lists.lengths.shape[0]
    c.weights, c.widest = (&weights[0] if weights.shape[0] else NULL), weights.shape[0]
    c.begin, c.at, c.stop, c.block, c.detailed, c.damaged = start, start, stop, -1, False, False
    return 0


cdef class Runs:
    """A word's postings in a segment, to be read once.

    Args:
        runs: of its postings, `(lists, fixed, sloped, start, stop, weights)`: the Lists of a
            field; a document's norm there is fixed + sloped * length; the postings start:stop
            are those of one group; weights are float32, of each form of the group, not negative.
        k1: how soon a frequency saturates: tf / (k1 + tf).
        outline: of the word's impacts, if it is known: see `Impacts.outline`.
    """

    cdef Cursor* cursors
    cdef const uint8_t* peaks    # of the outline
    cdef readonly Py_ssize_t count
    cdef Py_ssize_t documents, postings
    cdef double k1
    cdef list lists              # of each cursor
    cdef list kept

    def __cinit__(self, list runs, double k1, outline=None):
        cdef Py_ssize_t i
        cdef Lists lists
        cdef array inverses
        cdef const float[::1] weights
        cdef const uint8_t[::1] peaks
        self.count, self.documents, self.postings, self.k1 = len(runs), 0, 0, k1
        self.lists, self.kept = [], []
        self.cursors = <Cursor*>malloc(max(self.count, 1) * sizeof(Cursor))
        if not self.cursors:
            raise MemoryError
        for i in range(self.count):
            lists, fixed, sloped, start, stop, weights = runs[i]
            if lists is None:
                raise TypeError("a run takes the Lists of its field")
            place(&self.cursors[i], lists, start, stop, weights)
            inverses = lists.inverses(fixed, sloped)
            self.cursors[i].inverses = inverses.data.as_floats
            self.documents = max(self.documents, self.cursors[i].documents)
            self.postings += max(self.cursors[i].stop - self.cursors[i].at, 0)
            self.lists.append(lists)
            self.kept.append((weights, inverses))
        if outline is not None:
            peaks = outline
            if peaks.shape[0] < (self.documents >> 4) + ROOM:
                raise ValueError("an outline has a number for each 16 documents, and some more")
            self.peaks = &peaks[0]
            self.kept.append(outline)

    def __dealloc__(self):
        free(self.cursors)

    @property
    def damaged(self):
        """A block of the postings pointed outside its column, or they were out of order."""
        return self.bad()

    cdef bint bad(self) noexcept nogil:
        cdef Py_ssize_t i
        for i in range(self.count):
            if self.cursors[i].damaged:
                return True
        return False
