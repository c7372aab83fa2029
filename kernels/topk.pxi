"""The best k of the documents that are offered. A part of `_scanning.pyx`.
"""

from libc.stdint cimport uint64_t
from libc.stdlib cimport free, malloc

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
