# cython: language_level=3
"""Scans over posting lists: impacts of words and phrases, top-k by MaxScore, positions.

A query word is a weighting of the vocabulary: some groups of terms (a group is a root)
and, for each of a group's forms, a weight. Its postings are some runs, one a group and
field. They are read once into impacts, one a document, by which documents are ranked.
"""

from cpython.array cimport array, clone
from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.math cimport INFINITY
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcpy, memset

from cursor cimport Column, Cursor, detail, seek, settle
from packed cimport BLOCK, PADDING
from places cimport DAMAGED, GOOD, NO_MEMORY, Places, Reader, make_room, places_in, read_places, repeat, rows_of_words
from bounds cimport present, rounded_up
from part cimport (
    GROUPS,
    WINDOW,
    Given,
    Part,
    bits_of,
    in_units,
    lowest,
    lowest_bit,
    rewind,
)
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
from window cimport (
    Window,
    add,
    close_window,
    complete,
    find,
    find_those_of,
    given,
    keep,
    keep_those_of,
    next_doc,
    open_window,
    sum_window,
)

cdef enum:
    MANY = 16               # impacts on one document in so many or more are held by a row
    SOME = 64               # on one in so many or more by cells, and the highest of each block
    ROOM = 256              # documents behind the last of a row, or blocks
    LIKELIEST = 16          # blocks, at least, by which the first threshold is set

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


cdef class TopK:
    """The k best (score, document) so far; a tie goes to the lower document number.

    Scores are compared as float32, so that the last bit of a sum cannot reorder equals.
    """

    cdef readonly Py_ssize_t k, count
    cdef float* scores           # a binary heap, the worst on top
    cdef uint64_t* docs

    def __cinit__(self, Py_ssize_t k):
        if not 0 <= k < <Py_ssize_t>1 << 31:
            raise ValueError("k is a number of documents")
        self.k = k
        self.scores = <float*>malloc(4 * max(k, 1))
        self.docs = <uint64_t*>malloc(8 * max(k, 1))
        if not (self.scores and self.docs):
            raise MemoryError

    def __dealloc__(self):
        free(self.scores)
        free(self.docs)

    cdef inline bint worse(self, Py_ssize_t a, Py_ssize_t b) noexcept nogil:
        if self.scores[a] != self.scores[b]:
            return self.scores[a] < self.scores[b]
        return self.docs[a] > self.docs[b]

    cdef inline void swap(self, Py_ssize_t a, Py_ssize_t b) noexcept nogil:
        self.scores[a], self.scores[b] = self.scores[b], self.scores[a]
        self.docs[a], self.docs[b] = self.docs[b], self.docs[a]

    cdef inline double threshold(self) noexcept nogil:
        """A sum at or under this cannot enter: the k-th best, rounded down."""
        if self.count == self.k and self.k:
            return self.scores[0] * (1 - 1e-6)
        return 0

    cdef bint push(self, float score, uint64_t doc) noexcept nogil:
        """Offer a document; whether it is taken. Documents must come in ascending order."""
        cdef Py_ssize_t at
        if self.k == 0 or not score > 0:
            return False
        if self.count < self.k:
            at = self.count
            self.scores[at], self.docs[at] = score, doc
            self.count += 1
            while at and self.worse(at, (at - 1) >> 1):
                self.swap(at, (at - 1) >> 1)
                at = (at - 1) >> 1
            return True
        if score > self.scores[0]:
            self.scores[0], self.docs[0] = score, doc
            self.sink(self.count)
            return True
        return False

    cdef void sink(self, Py_ssize_t count) noexcept nogil:
        """Bring the root of a heap of so many to its place."""
        cdef Py_ssize_t at = 0, child
        while True:
            child = 2 * at + 1
            if child >= count:
                return
            if child + 1 < count and self.worse(child + 1, child):
                child += 1
            if not self.worse(child, at):
                return
            self.swap(at, child)
            at = child

    def ranked(self):
        """`(document, score)`, best first. The heap is sorted for it: nothing can follow."""
        cdef Py_ssize_t i
        for i in range(self.count - 1, 0, -1):
            self.swap(0, i)
            self.sink(i)
        out = [(self.docs[i], self.scores[i]) for i in range(self.count)]
        self.k = self.count
        return out


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


cdef void start_reading(Reader* reader, Lists lists):
    reader.positions, reader.starts = &lists.positions, &lists.token_starts[0] if lists.docs.count else NULL
    reader.left, reader.held = lists.positions.count, -1


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


cdef class Matcher:
    """Counts a phrase, document by document."""

    cdef list runs               # Runs of each word
    cdef Places* places          # of each word
    cdef Cursor** cursors        # by field, then word
    cdef Reader* readers         # of each cursor
    cdef Py_ssize_t* first       # of each field and word, its first cursor; one more at the end
    cdef Py_ssize_t words, fields, slop

    def __cinit__(self, list words, Py_ssize_t slop, double k1):
        cdef Runs runs
        cdef Py_ssize_t field, word, i, at = 0
        cdef list fields
        self.runs = [Runs(each, k1) for _, each in words]
        fields = list({id(lists): lists for lists in (<Runs>self.runs[0]).lists}.values())
        self.words, self.fields, self.slop = len(words), len(fields), slop
        for runs in self.runs:
            at += runs.count
        self.places = <Places*>calloc(self.words, sizeof(Places))
        self.cursors = <Cursor**>calloc(at + 1, sizeof(Cursor*))
        self.readers = <Reader*>malloc((at + 1) * sizeof(Reader))
        self.first = <Py_ssize_t*>calloc(self.fields * self.words + 1, sizeof(Py_ssize_t))
        if not (self.places and self.cursors and self.readers and self.first):
            raise MemoryError
        at = 0
        for field in range(self.fields):
            for word in range(self.words):
                runs = self.runs[word]
                for i in range(runs.count):
                    if runs.lists[i] is fields[field]:
                        self.cursors[at] = &runs.cursors[i]
                        start_reading(&self.readers[at], fields[field])
                        at += 1
                self.first[field * self.words + word + 1] = at

    def __dealloc__(self):
        cdef Py_ssize_t i
        for i in range(self.words if self.places else 0):
            free(self.places[i].at)
        free(self.places)
        free(self.cursors)
        free(self.readers)
        free(self.first)

    cdef int look(self, Py_ssize_t field, uint32_t doc, bint* all_there) noexcept nogil:
        """Read where the words stand in a field of a document, until one is not there."""
        cdef Py_ssize_t word, i, row = field * self.words
        cdef int good
        all_there[0] = False
        for word in range(self.words):
            self.places[word].count = 0
            for i in range(self.first[row + word], self.first[row + word + 1]):
                good = places_in(self.cursors[i], &self.readers[i], doc, &self.places[word])
                if good != GOOD:
                    return good
            if not self.places[word].count:
                return GOOD
        all_there[0] = True
        return GOOD

    cdef int frequency(self, uint32_t doc, double* tf) noexcept nogil:
        """How often the phrase stands in a document, by the lengths of the fields."""
        cdef Py_ssize_t field
        cdef int good
        cdef bint there = False
        cdef Cursor* c
        tf[0] = 0
        for field in range(self.fields):
            good = self.look(field, doc, &there)
            if good != GOOD:
                return good
            c = self.cursors[self.first[field * self.words]]
            if there and doc < <uint32_t>c.documents:
                tf[0] += rows_of_words(self.places, self.words, self.slop, NULL) * <double>c.inverses[doc]
        return GOOD

    cdef list rows(self, uint32_t doc):
        """First and last position of each row in a document; None: damage."""
        cdef list out = []
        cdef Py_ssize_t field, i, count
        cdef Places ends
        cdef int good
        cdef bint there = False
        for field in range(self.fields):
            good = self.look(field, doc, &there)
            if good == NO_MEMORY:
                raise MemoryError
            if good == DAMAGED:
                return None
            if there:
                memset(&ends, 0, sizeof(Places))
                if make_room(&ends, 2 * self.places[0].count) != GOOD:
                    raise MemoryError
                count = rows_of_words(self.places, self.words, self.slop, &ends)
                for i in range(count):
                    out.append((ends.at[2 * i], ends.at[2 * i + 1]))
                free(ends.at)
        return out


def weigh_phrase(list words, Py_ssize_t slop, double k1):
    """The impacts of a phrase: words in order in one field.

    Args:
        words: of each, its Impacts or its Runs, and the runs, as `Runs` takes them.
        slop: how many other words may stand among them.
        k1: how soon a frequency saturates: tf / (k1 + tf).
    """
    cdef Py_ssize_t count = len(words), i, j
    cdef int64_t end = 0
    cdef Impacts made = Impacts.__new__(Impacts)
    cdef Matcher matcher
    cdef Part* parts = NULL
    cdef Part part
    cdef Window* window = NULL
    cdef double tf = 0
    cdef uint32_t doc
    cdef int good = GOOD
    if not count or not 0 <= slop < 1 << 31:
        raise ValueError("a phrase takes words, and a number of others among them")
    parts = <Part*>calloc(count, sizeof(Part))
    window = open_window(True)
    try:
        if not (parts and window):
            raise MemoryError
        for i in range(count):
            part = part_of(words[i][0], 1)
            j = i                               # the rarest first
            while j and parts[j - 1].postings > part.postings:
                parts[j] = parts[j - 1]
                j -= 1
            parts[j] = part
        matcher = Matcher(words, slop, k1)
        made.reserve(min(parts[0].postings, parts[0].documents), parts[0].documents)
        with nogil:
            while good == GOOD:
                window.base = next_doc(&parts[0], end)
                if window.base == <uint32_t>0xFFFFFFFF:
                    break
                if window.base < end:           # not what was written
                    good = DAMAGED
                    break
                window.base = window.base // WINDOW * WINDOW
                end = <int64_t>window.base + WINDOW
                find_those_of(window, &parts[0])
                for i in range(1, count):
                    keep_those_of(window, &parts[i])
                for i in range(window.count):
                    doc = window.base + window.found[i]
                    good = matcher.frequency(doc, &tf)
                    if good != GOOD:
                        break
                    if tf > 0:
                        made.docs[made.count], made.values[made.count] = doc, <float>(tf / (k1 + tf))
                        made.count += 1
    finally:
        free(parts)
        close_window(window)
    if good == NO_MEMORY:
        raise MemoryError
    made.damaged = good == DAMAGED
    for source, _ in words:
        made.damaged |= source.damaged
    made.close()
    return made


def locate_phrase(list words, Py_ssize_t slop, docs):
    """Where a phrase stands in some documents.

    Args:
        words: of each, its runs in one field, as `weigh_word` takes them.
        slop: how many other words may stand among them.
        docs: ascending document numbers.

    Returns:
        `(index into docs, first position, last position)` of each, in that order; None where a
        block is damaged.
    """
    cdef Matcher matcher
    cdef list out = [], rows
    if not words or not 0 <= slop < 1 << 31:
        raise ValueError("a phrase takes words, and a number of others among them")
    matcher = Matcher([(None, runs) for runs in words], slop, 1)
    for i, doc in enumerate(docs):
        rows = matcher.rows(doc)
        if rows is None:
            return None
        out += [(i, begin, end) for begin, end in rows]
    return out


def locate(Lists lists not None, Py_ssize_t start, Py_ssize_t stop, const float[::1] weights, const uint32_t[::1] wanted):
    """Positions of the forms with a positive weight in the wanted documents.

    Args:
        start, stop: the postings of a group.
        weights: float32, of each form of the group.
        wanted: uint32, ascending document numbers.

    Returns:
        uint32 arrays `(which, positions, forms)`: index into `wanted`, position and form of each
        occurrence, by document, then form, then position; None where a block is damaged.
    """
    cdef Cursor c
    cdef Reader reader
    cdef Places which, positions, forms
    cdef Py_ssize_t i, j
    cdef int good = GOOD
    place(&c, lists, start, stop, weights)
    start_reading(&reader, lists)
    memset(&which, 0, sizeof(Places))
    memset(&positions, 0, sizeof(Places))
    memset(&forms, 0, sizeof(Places))
    try:
        with nogil:
            for i in range(wanted.shape[0]):
                if not seek(&c, wanted[i]):
                    break
                while settle(&c):
                    j = c.at & (BLOCK - 1)
                    if c.doc_block[j] != wanted[i] or not detail(&c):
                        break
                    if c.form_block[j] < <uint32_t>c.widest and c.weights[c.form_block[j]] > 0:
                        good = read_places(&reader, &c, j, &positions)
                        if good == GOOD:
                            good = min(
                                repeat(&which, <uint32_t>i, c.tf_block[j]),
                                repeat(&forms, c.form_block[j], c.tf_block[j]),
                            )
                        if good != GOOD:
                            break
                    c.at += 1
                if good != GOOD:
                    break
        if good == NO_MEMORY:
            raise MemoryError
        if good == DAMAGED or c.damaged:
            return None
        return as_array(&which), as_array(&positions), as_array(&forms)
    finally:
        free(which.at)
        free(positions.at)
        free(forms.at)


cdef object as_array(Places* found):
    import numpy as np

    out = np.empty(found.count, np.uint32)
    cdef uint32_t[::1] view = out
    if found.count:
        memcpy(&view[0], found.at, 4 * found.count)
    return out
