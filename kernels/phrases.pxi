"""Phrases, and where words and phrases stand. A part of `_scanning.pyx`.
"""

from libc.stdint cimport int64_t, uint32_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy, memset

from cursor cimport Cursor, detail, seek, settle
from packed cimport BLOCK
from part cimport WINDOW, Part
from places cimport (
    DAMAGED,
    GOOD,
    NO_MEMORY,
    Places,
    Reader,
    make_room,
    places_in,
    read_places,
    repeat,
    rows_of_words,
)
from window cimport Window, close_window, find_those_of, keep_those_of, next_doc, open_window

cdef void start_reading(Reader* reader, Lists lists):
    reader.positions, reader.starts = &lists.positions, &lists.token_starts[0] if lists.docs.count else NULL
    reader.left, reader.held = lists.positions.count, -1


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
