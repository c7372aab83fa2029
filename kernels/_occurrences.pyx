# cython: language_level=3
"""Where the words of a query stand in some documents, read from the posting lists."""

from cpython.array cimport array, clone
from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, qsort, realloc

from near cimport prefetch
from occurrence cimport Occurrence
from packed cimport BLOCK, PADDING, unpack_block

cdef enum:
    LINE = 16                    # numbers that come near together
    SEARCHED = 1 << 10           # rows of a directory that are brought near to search them, at most

cdef array NUMBERS = array("I")


cdef class Column:
    """A packed column, and the last block that was decoded of it."""

    cdef object packed
    cdef const uint32_t[:, ::1] directory
    cdef const uint32_t[::1] data
    cdef Py_ssize_t count
    cdef Py_ssize_t held         # decoded block, or -1
    cdef uint32_t values[BLOCK]

    def __cinit__(self, packed):
        self.packed, self.held = packed, -1
        self.directory, self.data, self.count = packed.parts()
        if self.directory.shape[1] != 2 or self.data.shape[0] < PADDING:
            raise ValueError("a packed column needs a closing row and padding")
        if self.count < 0 or (self.count + BLOCK - 1) // BLOCK >= self.directory.shape[0]:
            raise ValueError("a packed column has fewer blocks than values")

    cdef int load(self, Py_ssize_t block) except -1:
        """Make a block the decoded one."""
        cdef Py_ssize_t words = self.data.shape[0] - PADDING
        if self.held != block:
            self.held = -1
            if not unpack_block(&self.directory[0, 0], &self.data[0], words, block, self.values):
                self.packed.blame("blocks inside the column", "others")
            self.held = block
        return 0


    cdef void expect(self, Py_ssize_t block) noexcept:
        """A block will be loaded soon; its row of the directory is at hand."""
        cdef Py_ssize_t at, stop
        if block + 1 >= self.directory.shape[0]:
            return
        at, stop = self.directory[block, 1] >> 2, self.directory[block + 1, 1] >> 2
        stop = min(stop, at + BLOCK, self.data.shape[0])
        while at < stop:
            prefetch(&self.data[at])
            at += LINE

    cdef void expect_rows(self, Py_ssize_t first, Py_ssize_t last) noexcept:
        """Some rows of the directory will be read soon."""
        while first <= last:
            prefetch(&self.directory[first, 0])
            first += LINE // 2


cdef class Places:
    """The posting lists of one text field, for reading where words stand.

    Args:
        docs, forms, tfs, positions: `Packed` columns.
        token_starts: uint32, tokens before each block of 128 postings.

    Of the runs that are read the bytes must be verified, but for those of their positions. It keeps
    what it decoded last, and reads that with no call of Python in between: so threads may share it.
    """

    cdef Column docs, forms, tfs, positions
    cdef const uint32_t[::1] token_starts
    cdef bytearray verified      # of each block of the positions, whether its bytes are

    def __cinit__(self, docs, forms, tfs, positions, token_starts):
        self.docs, self.forms, self.tfs = Column(docs), Column(forms), Column(tfs)
        self.positions, self.token_starts = Column(positions), token_starts
        if not self.docs.count == self.forms.count == self.tfs.count:
            raise ValueError("docs, forms and tfs differ in length")
        if self.token_starts.shape[0] * BLOCK < self.docs.count:
            raise ValueError("token_starts has fewer entries than there are blocks")
        self.verified = bytearray(self.positions.count // BLOCK + 1)

    cdef int require(self, Py_ssize_t start, Py_ssize_t stop) except -1:
        """Raise for a run that the posting lists do not have."""
        if not 0 <= start <= stop <= self.docs.count:
            raise ValueError("a run lies outside its posting lists")
        return 0

    cdef void expect_search(self, Py_ssize_t start, Py_ssize_t stop) noexcept:
        """Documents will be looked for in a run of postings soon."""
        cdef Py_ssize_t first = start >> 7, last = (stop - 1) >> 7
        if start < stop and last - first < SEARCHED:
            self.docs.expect_rows(first, last)

    cdef void find_blocks(self, Py_ssize_t start, Py_ssize_t stop, const uint32_t[::1] docs, uint32_t* blocks) noexcept:
        """Find the block where each document of a run of postings is, if it is there; it will be
        read soon."""
        cdef Py_ssize_t i, low = start >> 7, last = -1
        for i in range(docs.shape[0]):
            low = self.block_of(low, (stop - 1) >> 7, docs[i])
            blocks[i] = <uint32_t>low
            if low != last and start < stop:
                self.docs.expect(low)
                prefetch(&self.forms.directory[low, 0])
                prefetch(&self.tfs.directory[low, 0])
                prefetch(&self.token_starts[low])
                last = low

    cdef void expect_blocks(self, Py_ssize_t count, const uint32_t* blocks) noexcept:
        """Some blocks will be read soon."""
        cdef Py_ssize_t i
        for i in range(count):
            if not i or blocks[i] != blocks[i - 1]:
                self.forms.expect(blocks[i])
                self.tfs.expect(blocks[i])

    cdef Py_ssize_t block_of(self, Py_ssize_t low, Py_ssize_t high, uint32_t doc) noexcept:
        """The last block of `low:high` that begins below a document, as the directory tells; or
        `low`."""
        cdef Py_ssize_t middle
        while high - low > 1:
            middle = (low + high) >> 1
            if self.docs.directory[middle, 0] < doc:
                low = middle
            else:
                high = middle
        return low

    cdef Py_ssize_t seek(self, Py_ssize_t at, Py_ssize_t stop, Py_ssize_t low, uint32_t doc) except -1:
        """The first posting of `at:stop` of a document or a later one; `stop` if there is none.

        The directory tells the first document of a block, but for the last block of the run:
        that one is shared with the next group, whose documents are lower.

        Args:
            low: the block where it is, if it is there.
        """
        cdef Py_ssize_t last = (stop - 1) >> 7, end
        low = max(low, at >> 7)
        while low <= last:
            self.docs.load(low)
            at, end = max(at, low << 7), min(stop, (low + 1) << 7)
            if self.docs.values[(end - 1) & (BLOCK - 1)] >= doc:
                while self.docs.values[at & (BLOCK - 1)] < doc:
                    at += 1
                return at
            low += 1
        return stop

    cdef uint64_t token(self, Py_ssize_t at) except? 0xFFFFFFFFFFFFFFFF:
        """Where the positions of a posting begin; its frequencies' block is the decoded one."""
        cdef uint64_t token = self.token_starts[at >> 7], limit = self.positions.count
        cdef Py_ssize_t i
        for i in range(at & (BLOCK - 1)):
            token += self.tfs.values[i]
        if token > limit or self.tfs.values[at & (BLOCK - 1)] > limit - token:
            self.tfs.packed.blame("as many positions as tokens", "more")
        return token

    cdef uint32_t position(self, uint64_t token) except? 0xFFFFFFFF:
        """A value of the positions."""
        cdef Py_ssize_t block = token >> 7
        if not self.verified[block]:
            self.positions.packed.touch(block << 7, min((block + 1) << 7, self.positions.count))
            self.verified[block] = 1
        self.positions.load(block)
        return self.positions.values[token & (BLOCK - 1)]


cdef class Occurrences:
    """What of a query stands in one field of some documents; collected, then asked for.

    Where a document has a query word itself, words that only share its root say nothing: an
    occurrence that weighs no more than a part of its word's best in the document is left out.

    Args:
        documents: how many documents, known here by their index.
        telling: that part.
    """

    cdef Occurrence* found
    cdef double* worth           # of each document
    cdef Py_ssize_t documents, words, count, room
    cdef double telling
    cdef bint settled

    def __cinit__(self, Py_ssize_t documents, double telling):
        if not 0 <= documents < <Py_ssize_t>1 << 31:
            raise ValueError("documents are counted from 0")
        self.documents, self.telling, self.room = documents, telling, 256
        self.found = <Occurrence*>malloc(self.room * sizeof(Occurrence))
        self.worth = <double*>calloc(documents + 1, sizeof(double))
        if not (self.found and self.worth):
            raise MemoryError

    def __dealloc__(self):
        free(self.found)
        free(self.worth)

    def add_words(self, Places places not None, list words not None, const uint32_t[::1] docs):
        """Add the occurrences of groups' forms that have a positive weight.

        Args:
            places: the posting lists of the field.
            words: of each word its groups, which word of the query it is, and a factor on the
                weights; of each group the first of its postings, the one after the last, and the
                weight of each of its forms (float32).
            docs: uint32, the documents' numbers, ascending.

        Raises what `Packed.blame` raises where the lists are not as they were written.
        """
        cdef Py_ssize_t start, stop, first = self.count, i
        cdef uint32_t word
        cdef double idf
        cdef list groups
        cdef array held
        cdef uint32_t* blocks        # of each group, where its documents are
        if docs.shape[0] != self.documents:
            raise ValueError("occurrences are of as many documents as were said")
        held = clone(NUMBERS, self.documents * sum([len(groups) for groups, _, _ in words]), False)
        for groups, _, _ in words:
            for start, stop, _ in groups:
                places.require(start, stop)
                places.expect_search(start, stop)
        blocks = held.data.as_uints
        for groups, _, _ in words:
            for start, stop, _ in groups:
                places.find_blocks(start, stop, docs, blocks)
                blocks += self.documents
        places.expect_blocks(len(held), held.data.as_uints)
        blocks = held.data.as_uints
        for groups, word, idf in words:
            for start, stop, weights in groups:
                self.read(places, start, stop, weights, docs, blocks, word, idf)
                blocks += self.documents
        for i in range(first, self.count):
            places.positions.expect(self.found[i].position >> 7)
        for i in range(first, self.count):
            self.found[i].position = self.found[i].last = places.position(self.found[i].position)

    cdef int read(
        self, Places places, Py_ssize_t at, Py_ssize_t stop, const float[::1] weights,
        const uint32_t[::1] docs, const uint32_t* blocks, uint32_t word, double idf,
    ) except -1:
        """Add those of one group; the numbers of their tokens stand for their positions."""
        cdef Py_ssize_t i, widest = weights.shape[0]
        cdef Py_ssize_t limit = self.count + places.positions.count     # no token is met twice
        cdef uint32_t form, frequency, k
        cdef uint64_t token
        for i in range(docs.shape[0]):
            at = places.seek(at, stop, blocks[i], docs[i]) if at < stop else stop
            while at < stop:
                places.docs.load(at >> 7)
                if places.docs.values[at & (BLOCK - 1)] != docs[i]:
                    break
                places.forms.load(at >> 7)
                form = places.forms.values[at & (BLOCK - 1)]
                if form < widest and weights[form] > 0:
                    places.tfs.load(at >> 7)
                    frequency = places.tfs.values[at & (BLOCK - 1)]
                    token = places.token(at)
                    if frequency > limit - self.count:
                        places.tfs.packed.blame("as many positions as tokens", "more")
                    if frequency:
                        prefetch(&places.positions.directory[token >> 7, 0])
                    for k in range(frequency):
                        self.append(i, <uint32_t>(token + k), 0, word, idf * weights[form])
                at += 1
        return 0

    def add(self, which, positions, lasts, uint32_t word, double weight):
        """Add occurrences of a phrase.

        Args:
            which: their documents, by index.
            positions, lasts: where each begins and ends.
            word: which part of the query it is.
            weight: of each.
        """
        cdef uint32_t i, position, last
        for i, position, last in zip(which, positions, lasts, strict=True):
            if i >= self.documents:
                raise ValueError("an occurrence is in no document")
            self.append(i, position, last, word, weight)

    def rows(self):
        """All of them, by document and position, as bytes: `struct.iter_unpack("IIdII")` gives
        position, word, weight, last position and document of each."""
        self.settle()
        return (<char*>self.found)[: self.count * sizeof(Occurrence)]

    def worths(self):
        """How much of the query stands in each document: the best weights of its words, summed."""
        self.settle()
        return [self.worth[i] for i in range(self.documents)]

    cdef int append(
        self, uint32_t which, uint32_t position, uint32_t last, uint32_t word, double weight
    ) except -1:
        cdef Occurrence* larger
        if self.count == self.room:
            larger = <Occurrence*>realloc(self.found, 2 * self.room * sizeof(Occurrence))
            if not larger:
                raise MemoryError
            self.found, self.room = larger, 2 * self.room
        self.found[self.count] = Occurrence(position, word, weight, max(position, last), which)
        self.count += 1
        self.words = max(self.words, <Py_ssize_t>word + 1)
        self.settled = False
        return 0

    cdef int settle(self) except -1:
        """Put all in order and leave out what says nothing, once they were added."""
        cdef Py_ssize_t document, first, stop = 0, kept = 0, begin
        cdef double* best            # of each word, in the document at hand
        if self.settled:
            return 0
        best = <double*>malloc((self.words + 1) * sizeof(double))
        if not best:
            raise MemoryError
        try:
            self.part()
            for document in range(self.documents):
                first, begin = stop, kept
                while stop < self.count and self.found[stop].which == <uint32_t>document:
                    stop += 1
                put_in_order(self.found + first, stop - first)
                kept = self.keep(first, stop, kept, best)
                self.worth[document] = self.sum(begin, kept, best)
        finally:
            free(best)
        self.count = kept
        self.settled = True
        return 0

    cdef int part(self) except -1:
        """Put them together by document."""
        cdef Py_ssize_t i, place = 0, size
        cdef Occurrence* parted = <Occurrence*>malloc(self.room * sizeof(Occurrence))
        cdef Py_ssize_t* places = <Py_ssize_t*>calloc(self.documents + 1, sizeof(Py_ssize_t))
        if not (parted and places):
            free(parted)
            free(places)
            raise MemoryError
        for i in range(self.count):
            places[self.found[i].which] += 1
        for i in range(self.documents):
            size, places[i] = places[i], place
            place += size
        for i in range(self.count):
            parted[places[self.found[i].which]] = self.found[i]
            places[self.found[i].which] += 1
        free(places)
        free(self.found)
        self.found = parted
        return 0

    cdef Py_ssize_t keep(self, Py_ssize_t first, Py_ssize_t stop, Py_ssize_t kept, double* best) noexcept nogil:
        """Move what tells of the rows `first:stop` to `kept`; return where it ends."""
        cdef Py_ssize_t i
        cdef Occurrence* row
        for i in range(first, stop):
            best[self.found[i].word] = 0
        for i in range(first, stop):
            row = &self.found[i]
            best[row.word] = max(best[row.word], row.weight)
        for i in range(first, stop):
            row = &self.found[i]
            if row.weight > self.telling * best[row.word]:
                self.found[kept] = row[0]
                kept += 1
        return kept

    cdef double sum(self, Py_ssize_t first, Py_ssize_t stop, double* best) noexcept nogil:
        """The best weights of the words of some rows, each taken once."""
        cdef double total = 0
        cdef Py_ssize_t i
        for i in range(first, stop):
            total += best[self.found[i].word]
            best[self.found[i].word] = 0
        return total


cdef enum:
    FEW = 32                     # occurrences of a document, mostly


cdef void put_in_order(Occurrence* rows, Py_ssize_t count) noexcept nogil:
    """Sort the occurrences of a document."""
    cdef Py_ssize_t i, j
    cdef Occurrence row
    if count > FEW:
        qsort(rows, count, sizeof(Occurrence), in_order)
        return
    for i in range(1, count):
        row = rows[i]
        j = i
        while j and in_order(&rows[j - 1], &row) > 0:
            rows[j] = rows[j - 1]
            j -= 1
        rows[j] = row


cdef int in_order(const void* a, const void* b) noexcept nogil:
    """By position, word, weight and last position."""
    cdef const Occurrence* one = <const Occurrence*>a
    cdef const Occurrence* other = <const Occurrence*>b
    if one.position != other.position:
        return -1 if one.position < other.position else 1
    if one.word != other.word:
        return -1 if one.word < other.word else 1
    if one.weight != other.weight:
        return -1 if one.weight < other.weight else 1
    return (one.last > other.last) - (one.last < other.last)
