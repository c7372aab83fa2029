"""What a part of a query gives to each document that has it. A part of `_scanning.pyx`.

They are held in one of three ways, by how many documents have it: see `part`.
"""

from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memset

from bounds cimport present, rounded_up
from part cimport GROUPS, WINDOW, bits_of, lowest, lowest_bit
from window cimport sum_window

cdef enum:
    MANY = 16               # impacts on one document in so many or more are held by a row
    SOME = 64               # on one in so many or more by cells, and the highest of each block

cdef class Impacts:
    """The documents of a segment that have a part of a query, and its impact on each.

    An impact is the saturated frequency tf / (k1 + tf), under 1, as float32: with the part's
    idf it gives what the part adds to the document's score (Anh & Moffat 2006).

    Attributes:
        count: how many documents.
        highest: the highest impact.
        damaged: a block of the postings pointed outside its column.
    """

    cdef uint32_t* docs          # ascending; NULL where there is a row or there are cells: see `part`
    cdef uint16_t* cells
    cdef uint32_t* starts        # of each 256 documents the first of their cells
    cdef uint8_t* offsets        # of each 16, from there on
    cdef float* values
    cdef uint8_t* row            # where the part is in many documents: see `bounds`
    cdef uint32_t* ranks         # of each 64 documents of the row
    cdef uint8_t* peaks          # of each 16 documents the highest, as in a row; NULL: of very few
    cdef Py_ssize_t documents    # all are under this
    cdef readonly Py_ssize_t count
    cdef readonly float highest
    cdef readonly bint damaged

    def __dealloc__(self):
        free(self.docs)
        free(self.cells)
        free(self.starts)
        free(self.offsets)
        free(self.values)
        free(self.row)
        free(self.ranks)
        free(self.peaks)

    def __len__(self):
        return self.count

    @property
    def nbytes(self):
        """Memory that it takes."""
        cdef Py_ssize_t size = (self.documents >> 4) + ROOM if self.peaks else 0
        if self.row:
            return size + 4 * self.count + self.documents + ROOM + 4 * (self.documents + 63 >> 6)
        if self.cells:
            return size + 6 * self.count + 20 * ((self.documents >> 8) + 2)
        return size + 8 * self.count

    def arrays(self):
        """`(documents uint32, impacts float32)`."""
        import numpy as np

        docs, values = np.empty(self.count, np.uint32), np.empty(self.count, np.float32)
        cdef uint32_t[::1] doc_view = docs
        cdef float[::1] value_view = values
        cdef Py_ssize_t i, j = 0
        cdef uint64_t left
        for i in range(self.count):
            value_view[i] = self.values[i]
            if self.docs:
                doc_view[i] = self.docs[i]
        for i in range((self.documents + 255) // 256 if self.cells else 0):
            while j < <Py_ssize_t>self.starts[i + 1]:
                doc_view[j] = <uint32_t>(256 * i + (self.cells[j] >> 8))
                j += 1
        for i in range((self.documents + 63) // 64 if self.row else 0):
            left = present(&self.row[64 * i])
            while left:
                doc_view[j] = <uint32_t>(64 * i + lowest_bit(left))
                left &= left - 1
                j += 1
        return docs, values

    def outline(self):
        """The highest impact on each 16 documents, for `Runs` of the same postings.

        Returns:
            bytes: the impact in 255ths, rounded up, and then some zeros.
        """
        if not self.peaks and self.docs:
            self.lay_peaks()
        return PyBytes_FromStringAndSize(<const char*>self.peaks, (self.documents >> 4) + ROOM)

    cdef int reserve(self, Py_ssize_t room, Py_ssize_t documents) except -1:
        """Make room for so many impacts, all of documents under some number."""
        self.documents = documents
        self.docs = <uint32_t*>malloc(4 * max(room, 1))
        self.values = <float*>malloc(4 * max(room, 1))
        if not (self.docs and self.values):
            raise MemoryError
        return 0

    cdef int close(self) except -1:
        """Give back what was reserved too much, and lay out what many documents want."""
        cdef Py_ssize_t i
        cdef void* less = realloc(self.values, 4 * max(self.count, 1))
        if less:
            self.values = <float*>less
        for i in range(self.count):
            self.highest = max(self.highest, self.values[i])
        if SOME * self.count >= self.documents > 0:
            self.lay_peaks()
        if MANY * self.count >= self.documents > 0:
            return self.lay_row()
        if self.peaks:
            return self.lay_cells()
        less = realloc(self.docs, 4 * max(self.count, 1))
        if less:
            self.docs = <uint32_t*>less
        return 0

    cdef int lay_peaks(self) except -1:
        """Hold the highest impact of each block."""
        cdef Py_ssize_t i
        cdef uint8_t* peak
        self.peaks = <uint8_t*>calloc((self.documents >> 4) + ROOM, 1)
        if not self.peaks:
            raise MemoryError
        for i in range(self.count):
            peak = &self.peaks[self.docs[i] >> 4]
            peak[0] = max(peak[0], rounded_up(self.values[i]))
        return 0

    cdef int lay_cells(self) except -1:
        """Hold by cells what was held by the documents' numbers."""
        cdef Py_ssize_t i, block = 0, strides = (self.documents >> 8) + 2
        self.cells = <uint16_t*>malloc(max(self.count, 1) * sizeof(uint16_t))
        self.starts = <uint32_t*>malloc(strides * sizeof(uint32_t))
        self.offsets = <uint8_t*>malloc(16 * strides)
        if not (self.cells and self.starts and self.offsets):
            raise MemoryError
        for i in range(self.count):
            self.cells[i] = <uint16_t>((self.docs[i] & 255) << 8 | rounded_up(self.values[i]))
            while block <= self.docs[i] >> 4:
                self.open_block(block, i)
                block += 1
        while block < 16 * strides:
            self.open_block(block, self.count)
            block += 1
        self.drop_docs()
        return 0

    cdef void open_block(self, Py_ssize_t block, Py_ssize_t cell) noexcept:
        """Hold which cell is the first of a block; blocks are opened in order."""
        if not block & 15:
            self.starts[block >> 4] = <uint32_t>cell
        self.offsets[block] = <uint8_t>(cell - self.starts[block >> 4])

    cdef int lay_row(self) except -1:
        """Hold by a row what was held by the documents' numbers."""
        cdef Py_ssize_t i, rank = 0
        self.row = <uint8_t*>calloc(self.documents + ROOM, 1)
        self.ranks = <uint32_t*>malloc((self.documents + 63) // 64 * sizeof(uint32_t))
        if not (self.row and self.ranks):
            raise MemoryError
        for i in range(self.count):
            self.row[self.docs[i]] = rounded_up(self.values[i])
        for i in range((self.documents + 63) // 64):
            self.ranks[i] = <uint32_t>rank
            rank += bits_of(present(&self.row[64 * i]))
        self.drop_docs()
        return 0

    cdef void drop_docs(self) noexcept:
        """Let go of the documents' numbers: a row or cells have them."""
        free(self.docs)
        self.docs = NULL


def weigh_word(list runs, double k1):
    """The impacts of a word; the arguments are those of `Runs`."""
    cdef Runs source = Runs(runs, k1)
    cdef Impacts made = Impacts.__new__(Impacts)
    cdef double sums[WINDOW]
    cdef double tfs[WINDOW]
    cdef uint64_t met[GROUPS]
    cdef uint64_t left
    cdef Py_ssize_t i, j, part, count
    cdef int64_t end = 0
    cdef uint32_t base
    made.reserve(min(source.postings, source.documents), source.documents)
    memset(sums, 0, sizeof(sums))
    memset(met, 0, sizeof(met))
    with nogil:
        while True:
            base = lowest(source.cursors, source.count)
            if base == <uint32_t>0xFFFFFFFF:
                break
            if base < end:                      # not what was written
                made.damaged = True
                break
            end = <int64_t>base + WINDOW
            for i in range(source.count):
                sum_window(&source.cursors[i], base, sums, met)
            count = 0
            for part in range(GROUPS):
                left = met[part]
                met[part] = 0
                while left:
                    j = 64 * part + lowest_bit(left)
                    left &= left - 1
                    if sums[j] > 0:
                        made.docs[made.count + count] = base + <uint32_t>j
                        tfs[count] = sums[j]
                        count += 1
                    sums[j] = 0
            for j in range(count):
                made.values[made.count + j] = <float>(tfs[j] / (k1 + tfs[j]))
            made.count += count
    made.damaged |= source.bad()
    made.close()
    return made
