# cython: language_level=3
"""Scans over posting lists: weighted term frequencies, top-k by MaxScore, positions.

A query word is a weighting of the vocabulary: some groups of terms (a group is a root)
and, for each of a group's forms, a weight. A cursor walks the postings of one group in
one field; postings of a group ascend by (document, form).
"""

import numpy as np

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memmove, memset

from packed cimport BLOCK, block_ok, unpack_block

cdef enum:
    WINDOW_WORDS = 32
    WINDOW = 2048           # 64 * WINDOW_WORDS documents scored together; their accumulators stay in cache

cdef struct Column:
    const uint32_t* directory
    const uint32_t* data
    Py_ssize_t rows          # 16-byte rows of data, without the padding
    Py_ssize_t count         # values

cdef struct Cursor:
    Column* docs
    Column* forms
    Column* tfs
    const float* inverses    # of each document, 1 / norm
    const float* weights     # of the group's forms
    Py_ssize_t widest        # how many weights there are
    Py_ssize_t documents
    Py_ssize_t at, stop      # next posting, end of the list
    Py_ssize_t block         # decoded block, or -1
    bint detailed            # forms and tfs of the block are decoded
    bint damaged
    uint32_t doc_block[BLOCK]
    uint32_t form_block[BLOCK]
    uint32_t tf_block[BLOCK]


cdef Column column(object packed) except *:
    cdef const uint32_t[:, ::1] directory = packed[0]
    cdef const uint32_t[:, ::1] data = packed[1]
    cdef Column made
    made.count = packed[2]
    if directory.shape[0] < 1 or directory.shape[1] != 2 or data.shape[0] < 1 or data.shape[1] != 4:
        raise ValueError("a packed column needs a closing row and a row of padding")
    if made.count < 0 or (made.count + BLOCK - 1) // BLOCK >= directory.shape[0]:
        raise ValueError("a packed column has fewer blocks than values")
    made.directory = &directory[0, 0]
    made.data = &data[0, 0]
    made.rows = data.shape[0] - 1
    return made


cdef class Lists:
    """The posting lists of one text field of one segment.

    Args:
        docs, forms, tfs, positions: packed columns, `(directory, data, count)`.
        token_starts: uint64, tokens before each block of 128 postings.
        lengths: uint32, tokens of each document in this field.
    """

    cdef Column docs, forms, tfs, positions
    cdef const uint64_t[::1] token_starts
    cdef const uint32_t[::1] lengths
    cdef object kept
    cdef object norms            # (fixed, sloped) and the inverse norms for them

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
        self.norms = (None, None)

    cdef const float[::1] inverses(self, double fixed, double sloped):
        """Of each document, 1 / (fixed + sloped * length); the last ones are kept."""
        scales, inverses = self.norms
        if scales != (fixed, sloped):
            with np.errstate(divide="ignore"):
                inverses = (1 / (fixed + sloped * np.asarray(self.lengths, np.float64))).astype(np.float32)
            self.norms = ((fixed, sloped), inverses)
        return inverses


cdef int decode(Cursor* c, Column* source, Py_ssize_t block, uint32_t* out) noexcept nogil:
    if not block_ok(source.directory, block, source.rows):
        c.damaged = True
        c.at = c.stop
        return 0
    unpack_block(source.directory, source.data, block, out)
    return 1


cdef inline int load(Cursor* c, Py_ssize_t block) noexcept nogil:
    c.block = block
    c.detailed = False
    return decode(c, c.docs, block, c.doc_block)


cdef inline int detail(Cursor* c) noexcept nogil:
    """Decode forms and tfs of the block at hand."""
    if not c.detailed:
        c.detailed = True
        if not decode(c, c.forms, c.block, c.form_block):
            return 0
        return decode(c, c.tfs, c.block, c.tf_block)
    return 1


cdef inline int settle(Cursor* c) noexcept nogil:
    """Make the block of `at` the decoded one; false at the end of the list."""
    if c.at >= c.stop:
        return 0
    if c.at >> 7 != c.block:
        return load(c, c.at >> 7)
    return 1


cdef int seek(Cursor* c, uint32_t target) noexcept nogil:
    """Advance to the first posting with document >= target; false where there is none.

    A block that lies whole inside the list begins with its smallest document, which the
    directory holds; only the first and the last block of a list can be shared.
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


cdef inline double value_at(Cursor* c, Py_ssize_t i, uint32_t doc) noexcept nogil:
    """The weighted, length-normalised frequency of posting i of the block at hand; often 0.

    The one place that computes it: on every path, a document's sum has the same last bit.
    """
    if c.form_block[i] >= <uint32_t>c.widest or doc >= <uint32_t>c.documents:
        return 0
    return <double>c.weights[c.form_block[i]] * c.tf_block[i] * c.inverses[doc]


cdef void add_frequency(Cursor* c, uint32_t doc, double* total) noexcept nogil:
    """Add the frequencies at `doc`, posting by posting as `gather_window` does; move past it."""
    cdef Py_ssize_t i
    cdef double value
    if not seek(c, doc):
        return
    while settle(c):
        i = c.at & (BLOCK - 1)
        if c.doc_block[i] != doc or not detail(c):
            break
        value = value_at(c, i, doc)
        if value > 0:
            total[0] += value
        c.at += 1


cdef void gather_window(
    Cursor* c, uint32_t base, double* sums, uint16_t* touched, Py_ssize_t* count
) noexcept nogil:
    """Add the cursor's frequencies of the documents base .. base + WINDOW to `sums`."""
    cdef uint32_t place, doc
    cdef Py_ssize_t i, end
    cdef double value
    while settle(c):
        i = c.at & (BLOCK - 1)
        if c.doc_block[i] - base >= <uint32_t>WINDOW or not detail(c):
            return
        end = min(c.stop - (c.block << 7), <Py_ssize_t>BLOCK)
        while i < end:
            doc = c.doc_block[i]
            place = doc - base
            if place >= <uint32_t>WINDOW:
                break
            value = value_at(c, i, doc)
            if value > 0:       # also not NaN: what was touched once has a sum, so `touched` suffices
                touched[count[0]] = place
                count[0] += sums[place] == 0
                sums[place] += value
            i += 1
        c.at = (c.block << 7) + i
        if i < end:
            return


cdef class TopK:
    """The k best (score, document) so far; a tie goes to the lower document number.

    Scores are compared as float32, so that the last bit of a sum cannot reorder equals.
    """

    cdef readonly Py_ssize_t k, count
    cdef float* scores           # a binary heap, the worst on top
    cdef uint64_t* docs
    cdef public double floor     # scores at or under it are not wanted

    def __cinit__(self, Py_ssize_t k):
        if not 0 <= k < <Py_ssize_t>1 << 31:
            raise ValueError("k is a number of documents")
        self.k = k
        self.floor = 0
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

    cdef double threshold(self) noexcept nogil:
        """A sum at or under this cannot enter: the k-th best or the floor, rounded down."""
        cdef double least = self.floor
        if self.count == self.k and self.k:
            least = max(least, <double>self.scores[0])
        return least * (1 - 1e-6)

    cdef void push(self, float score, uint64_t doc) noexcept nogil:
        """Offer a document. Documents must come in ascending order."""
        cdef Py_ssize_t at, child
        if self.k == 0 or score <= self.floor:
            return
        if self.count < self.k:
            at = self.count
            self.scores[at], self.docs[at] = score, doc
            self.count += 1
            while at and self.worse(at, (at - 1) >> 1):
                self.swap(at, (at - 1) >> 1)
                at = (at - 1) >> 1
            return
        if score <= self.scores[0]:
            return
        self.scores[0], self.docs[0] = score, doc
        at = 0
        while True:
            child = 2 * at + 1
            if child >= self.count:
                return
            if child + 1 < self.count and self.worse(child + 1, child):
                child += 1
            if not self.worse(child, at):
                return
            self.swap(at, child)
            at = child

    def ranked(self):
        """`(docs, scores)`, best first: uint64 and float32 arrays."""
        docs, scores = np.empty(self.count, np.uint64), np.empty(self.count, np.float32)
        cdef uint64_t[::1] doc_view = docs
        cdef float[::1] score_view = scores
        cdef Py_ssize_t i
        for i in range(self.count):
            doc_view[i], score_view[i] = self.docs[i], self.scores[i]
        order = np.lexsort((docs, -scores))
        return docs[order], scores[order]


cdef class Scan:
    """Cursors of some query words over one segment, ready to run once.

    Args:
        lists: Lists of each text field.
        scales: float64 (fields, 2): a document's norm is `fixed + sloped * length`.
        cursors: int64 (n, 5): word, field, first posting, end, first of its weights;
            sorted by word. The weights of a cursor end where the next one's begin.
        weights: float32, the weights of the forms of all cursors' groups.
        words: how many words there are.
    """

    cdef Cursor* cursors
    cdef Py_ssize_t count, words, documents
    cdef Py_ssize_t* first       # of each word, its first cursor; one more at the end
    cdef object kept

    def __cinit__(self, list lists, const double[:, ::1] scales, const int64_t[:, ::1] cursors,
                  const float[::1] weights, Py_ssize_t words):
        cdef Py_ssize_t i, field, word
        cdef Lists source
        cdef Cursor* c
        cdef const float[::1] inverses
        cdef list held = []
        check_cursors(len(lists), scales, cursors, weights.shape[0], words)
        self.count, self.words = cursors.shape[0], words
        self.kept = (tuple(lists), weights, held)
        self.cursors = <Cursor*>malloc(max(self.count, 1) * sizeof(Cursor))
        self.first = <Py_ssize_t*>calloc(words + 1, sizeof(Py_ssize_t))
        if not (self.cursors and self.first):
            raise MemoryError
        self.documents = 0
        for i in range(len(lists)):
            if lists[i] is None:
                raise TypeError("a scan takes the Lists of each field")
            source = lists[i]
            self.documents = max(self.documents, source.lengths.shape[0])
        for i in range(self.count):
            field = cursors[i, 1]
            source = lists[field]
            c = &self.cursors[i]
            c.docs, c.forms, c.tfs = &source.docs, &source.forms, &source.tfs
            c.documents = source.lengths.shape[0]
            inverses = source.inverses(scales[field, 0], scales[field, 1])
            held.append(inverses)
            c.inverses = &inverses[0] if c.documents else NULL
            c.at, c.stop = cursors[i, 2], cursors[i, 3]
            if c.at < 0 or c.stop > source.docs.count:
                raise ValueError("a cursor lies outside its posting lists")
            c.weights = &weights[0] + cursors[i, 4] if weights.shape[0] else NULL
            c.widest = (cursors[i + 1, 4] if i + 1 < self.count else weights.shape[0]) - cursors[i, 4]
            c.block, c.detailed, c.damaged = -1, False, False
            self.first[cursors[i, 0] + 1] = i + 1
        for word in range(words):
            self.first[word + 1] = max(self.first[word + 1], self.first[word])

    def __dealloc__(self):
        free(self.cursors)
        free(self.first)

    @property
    def damaged(self):
        """Whether a block pointed outside its column."""
        cdef Py_ssize_t i
        for i in range(self.count):
            if self.cursors[i].damaged:
                return True
        return False

    cdef bint backwards(self, uint32_t base, int64_t* end) noexcept nogil:
        """Whether a window cannot begin at `base`: then a column is not what was written.

        Windows ascend and end inside the segment; `end` is that of the one before.
        """
        if base < end[0] or base >= self.documents:
            self.cursors[0].damaged = True
            return True
        end[0] = <int64_t>base + WINDOW
        return False

    cdef bint lowest(self, Py_ssize_t word, uint32_t* doc) noexcept nogil:
        """Lower `doc` to the next document of a word; whether it has one."""
        cdef Py_ssize_t i
        cdef bint found = False
        cdef uint32_t here
        for i in range(self.first[word], self.first[word + 1]):
            if settle(&self.cursors[i]):
                here = self.cursors[i].doc_block[self.cursors[i].at & (BLOCK - 1)]
                doc[0] = min(doc[0], here)
                found = True
        return found

    cdef double contribution(self, Py_ssize_t word, uint32_t doc) noexcept nogil:
        cdef double total = 0
        cdef Py_ssize_t i
        for i in range(self.first[word], self.first[word + 1]):
            add_frequency(&self.cursors[i], doc, &total)
        return total

    def gather(self):
        """Of each document that any cursor meets: `(docs uint32, frequencies float64)`.

        For one word: its cursors' weighted frequencies, summed.
        """
        docs, sums = np.empty(self.documents, np.uint32), np.empty(self.documents, np.float64)
        cdef uint32_t[::1] doc_view = docs
        cdef double[::1] sum_view = sums
        cdef double window[WINDOW]
        cdef uint16_t touched[WINDOW + 1]      # one more: a place is written before it counts
        cdef Py_ssize_t i, place, met, count = 0
        cdef int64_t end = 0
        cdef uint32_t base
        cdef bint more
        if not self.count or not self.documents:
            return docs[:0], sums[:0]
        memset(window, 0, sizeof(window))
        with nogil:
            while True:
                base = 0xFFFFFFFF
                more = False
                for i in range(self.words):
                    more = self.lowest(i, &base) or more
                if not more or self.backwards(base, &end):
                    break
                met = 0
                for i in range(self.count):
                    gather_window(&self.cursors[i], base, window, touched, &met)
                if met == 0:
                    continue
                for place in range(WINDOW):
                    if window[place] > 0:
                        doc_view[count] = base + place
                        sum_view[count] = window[place]
                        count += 1
                        window[place] = 0
        return docs[:count].copy(), sums[:count].copy()

    def best(self, TopK top not None, uint64_t first_doc, const double[::1] idfs, double k1, const uint8_t[::1] allowed):
        """Offer this segment's documents to `top`, scored by BM25F, pruned by MaxScore.

        Args:
            top: collects; segments must be run in document order.
            first_doc: added to this segment's document numbers.
            idfs: weight of each word, positive; also the bound of what it can add, as
                the saturated frequency tf / (k1 + tf) stays under 1.
            allowed: a uint8 a document, 0 where it must not be returned; empty: all may.

        Words are taken by falling idf. Once the idfs of the last words together cannot lift
        an unseen document over the k-th best score, they only update documents that the
        other words found (Turtle & Flood 1995), window by window.
        """
        if idfs.shape[0] != self.words or 0 < allowed.shape[0] < self.documents:
            raise ValueError("a scan takes an idf a word and a flag a document")
        if not self.count or not self.documents or not top.k:
            return
        order_array = np.argsort(np.asarray(idfs), kind="stable")
        bounds_array = np.cumsum(np.asarray(idfs)[order_array]) * (1 + 1e-9)
        cdef const int64_t[::1] order = order_array
        cdef const double[::1] bounds = bounds_array
        cdef double sums[WINDOW]
        cdef double scores[WINDOW]
        cdef uint16_t touched[WINDOW + 1]      # one more: a place is written before it counts
        cdef uint64_t met[WINDOW_WORDS]
        cdef Py_ssize_t essential = 0, i, j, count, word, place
        cdef int64_t end = 0
        cdef uint32_t base
        cdef uint64_t bits
        cdef double threshold, score
        cdef bint more, filtered = allowed.shape[0] > 0
        memset(sums, 0, sizeof(sums))
        memset(scores, 0, sizeof(scores))
        memset(met, 0, sizeof(met))
        with nogil:
            while True:
                threshold = top.threshold()
                while essential < self.words and bounds[essential] <= threshold:
                    essential += 1
                base = 0xFFFFFFFF
                more = False
                for i in range(essential, self.words):
                    more = self.lowest(order[i], &base) or more
                if not more or self.backwards(base, &end):
                    break
                for i in range(self.words - 1, essential - 1, -1):
                    word = order[i]
                    count = 0
                    for j in range(self.first[word], self.first[word + 1]):
                        gather_window(&self.cursors[j], base, sums, touched, &count)
                    for j in range(count):
                        place = touched[j]
                        met[place >> 6] |= <uint64_t>1 << (place & 63)
                        scores[place] += idfs[word] * sums[place] / (k1 + sums[place])
                        sums[place] = 0
                for j in range(WINDOW_WORDS):
                    bits = met[j]
                    met[j] = 0
                    while bits:
                        place = 64 * j + trailing_zeros(bits)
                        bits &= bits - 1
                        score = scores[place]
                        scores[place] = 0
                        if filtered and not allowed[base + place]:
                            continue
                        score = self.complete(base + place, score, essential, order, bounds, idfs, k1, threshold)
                        if score > threshold:
                            top.push(<float>score, first_doc + base + place)
                            threshold = top.threshold()

    cdef double complete(
        self, uint32_t doc, double score, Py_ssize_t essential, const int64_t[::1] order,
        const double[::1] bounds, const double[::1] idfs, double k1, double threshold
    ) noexcept nogil:
        """Add what the non-essential words give `doc`, as long as it can still enter."""
        cdef Py_ssize_t i
        cdef double tf
        for i in range(essential - 1, -1, -1):
            if score + bounds[i] <= threshold:
                return 0
            tf = self.contribution(order[i], doc)
            if tf > 0:          # k1 may be 0
                score += idfs[order[i]] * tf / (k1 + tf)
        return score


def check_cursors(
    Py_ssize_t fields, const double[:, ::1] scales, const int64_t[:, ::1] cursors, Py_ssize_t weights, Py_ssize_t words
):
    """Refuse cursors that point at a word, a field or weights that are not there."""
    cdef Py_ssize_t i
    cdef int64_t word = 0, first = 0
    if words < 0 or scales.shape[0] != fields or scales.shape[1] != 2 or cursors.shape[1] != 5:
        raise ValueError("a scan takes two scales a field and five numbers a cursor")
    for i in range(cursors.shape[0]):
        if not (word <= cursors[i, 0] < words and 0 <= cursors[i, 1] < fields and first <= cursors[i, 4] <= weights):
            raise ValueError("a cursor lies outside its posting lists")
        word, first = cursors[i, 0], cursors[i, 4]


cdef extern from *:
    """
    #if defined(_MSC_VER)
    #include <intrin.h>
    static int trailing_zeros(unsigned long long x) { unsigned long i; _BitScanForward64(&i, x); return (int)i; }
    #else
    static int trailing_zeros(unsigned long long x) { return __builtin_ctzll(x); }
    #endif
    """
    int trailing_zeros(uint64_t x) noexcept nogil


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
    cdef Py_ssize_t room = 256, count = 0, i, j, k
    cdef uint64_t token, limit
    cdef uint32_t doc
    cdef uint32_t block_values[BLOCK]
    cdef Py_ssize_t held = -1
    cdef bint good = True
    if start < 0 or stop > lists.docs.count:
        raise ValueError("a cursor lies outside its posting lists")
    c.docs, c.forms, c.tfs = &lists.docs, &lists.forms, &lists.tfs
    c.weights, c.widest = (&weights[0] if weights.shape[0] else NULL), weights.shape[0]
    c.at, c.stop, c.block, c.detailed, c.damaged = start, stop, -1, False, False
    limit = lists.positions.count
    cdef uint32_t* larger
    cdef uint32_t* out = <uint32_t*>malloc(12 * room)
    if not out:
        raise MemoryError
    try:
        for i in range(wanted.shape[0]):
            doc = wanted[i]
            if not good or not seek(&c, doc):
                break
            while settle(&c):
                j = c.at & (BLOCK - 1)
                if c.doc_block[j] != doc or not detail(&c):
                    break
                if c.form_block[j] < <uint32_t>c.widest and c.weights[c.form_block[j]] > 0:
                    token = lists.token_starts[c.block]
                    for k in range(j):
                        token += c.tf_block[k]
                    # no token is met twice, so that `limit` bounds them together, too
                    if token > limit or c.tf_block[j] > limit - token or c.tf_block[j] > limit - count:
                        good = False
                        break
                    if count + c.tf_block[j] > room:
                        room = 2 * (count + c.tf_block[j])
                        larger = <uint32_t*>realloc(out, 12 * room)
                        if not larger:
                            raise MemoryError
                        out = larger
                    for k in range(c.tf_block[j]):
                        if <Py_ssize_t>((token + k) >> 7) != held:
                            held = (token + k) >> 7
                            if not block_ok(lists.positions.directory, held, lists.positions.rows):
                                good = False
                                break
                            unpack_block(lists.positions.directory, lists.positions.data, held, block_values)
                        out[3 * count] = i
                        out[3 * count + 1] = block_values[(token + k) & (BLOCK - 1)]
                        out[3 * count + 2] = c.form_block[j]
                        count += 1
                c.at += 1
        if c.damaged or not good:
            return None
        found = np.empty((count, 3), np.uint32)
        copy_rows(out, found)
        return found[:, 0].copy(), found[:, 1].copy(), found[:, 2].copy()
    finally:
        free(out)


cdef copy_rows(const uint32_t* rows, uint32_t[:, ::1] out):
    cdef Py_ssize_t i
    for i in range(out.shape[0]):
        out[i, 0], out[i, 1], out[i, 2] = rows[3 * i], rows[3 * i + 1], rows[3 * i + 2]
