# cython: language_level=3
"""Text in, words out: spans of characters, or numbers of distinct words.

Knows no language: a class for each code point and a table of which classes join
come from `kashaf.arabic.letters`. A word is a maximal run that begins with a
character of class 2 or higher; class 1 (marks) joins any word and begins none.
"""

from cpython.unicode cimport PyUnicode_FromKindAndData, PyUnicode_4BYTE_KIND
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcpy

from lexing cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, unit, word_end
from near cimport prefetch

cdef Py_ssize_t find_spans(
    const unit* text, Py_ssize_t length, const uint8_t* classes, const uint8_t* joins,
    uint32_t* starts, uint32_t* ends
) noexcept nogil:
    cdef Py_ssize_t at = 0, count = 0
    while at < length:
        if classes[text[at]] < 2:
            at += 1
            continue
        starts[count] = at
        at = word_end(text, at, length, classes, joins)
        ends[count] = at
        count += 1
    return count


cdef class Lexer:
    """Cuts text into words.

    Args:
        classes: uint8, one class (0 to 7) for each of the 0x110000 code points.
        joins: uint8, 64 values; `joins[8 * a + b]` says that class b continues class a.
    """

    cdef const uint8_t[::1] classes
    cdef const uint8_t[::1] joins

    def __cinit__(self, classes, joins):
        self.classes = classes
        self.joins = joins
        if self.classes.shape[0] != 0x110000 or self.joins.shape[0] != 64:
            raise ValueError("a lexer takes 0x110000 classes and 64 joins")
        cdef Py_ssize_t code
        for code in range(0x110000):
            if self.classes[code] > 7:
                raise ValueError("a character class is at most 7")

    def spans(self, str text not None):
        """Character offsets of the words of `text`: two views of uint32, starts and ends."""
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text)
        cdef bytearray starts = bytearray(4 * length), ends = bytearray(4 * length)
        cdef Py_ssize_t count = self.find(text, <uint32_t*><char*>starts, <uint32_t*><char*>ends)
        return view(starts, count), view(ends, count)

    cdef Py_ssize_t find(self, str text, uint32_t* first, uint32_t* last):
        """Put where words begin and end into arrays with room for all characters; how many."""
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), count
        cdef int kind = PyUnicode_KIND(text)
        cdef void* data = PyUnicode_DATA(text)
        cdef const uint8_t* classes = &self.classes[0]
        cdef const uint8_t* joins = &self.joins[0]
        with nogil:
            if kind == 1:
                count = find_spans(<uint8_t*>data, length, classes, joins, first, last)
            elif kind == 2:
                count = find_spans(<uint16_t*>data, length, classes, joins, first, last)
            else:
                count = find_spans(<uint32_t*>data, length, classes, joins, first, last)
        return count

    def words(self, str text not None):
        """The words of `text`: of each `(word, start, end)`, offsets in characters."""
        cdef Py_ssize_t i, length = PyUnicode_GET_LENGTH(text)
        cdef bytearray spans = bytearray(8 * length)
        cdef uint32_t* first = <uint32_t*><char*>spans
        cdef uint32_t* last = first + length
        return [(text[first[i] : last[i]], first[i], last[i]) for i in range(self.find(text, first, last))]


cdef view(bytearray numbers, Py_ssize_t count):
    """The first of some uint32 numbers."""
    return memoryview(bytes(numbers[: 4 * count])).cast("I")


cdef enum:
    BATCH = 256                 # words that are cut before they are looked up
    AHEAD = 8                   # words whose slots are fetched before they are needed

cdef struct Span:
    Py_ssize_t start
    uint32_t size, hashed


cdef struct Source:
    const void* data
    Py_ssize_t length
    int kind                    # bytes of a character


cdef int look_at(str text, Source* source) except -1:
    """Where a text lies; it is kept by someone."""
    if text is None:
        raise TypeError("a text is a str")
    source.data, source.length = PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text)
    source.kind = PyUnicode_KIND(text)
    if source.length >= <Py_ssize_t>1 << 32:
        raise OverflowError("a text has less than 2^32 characters")
    return 0


cdef Py_ssize_t find_hashed(
    const unit* text, Py_ssize_t* place, Py_ssize_t length,
    const uint8_t* classes, const uint8_t* joins, Span* spans,
) noexcept nogil:
    """Cut at most BATCH words from `place` on, which goes with them; return how many."""
    cdef Py_ssize_t at = place[0], start, count = 0
    cdef uint64_t mixed
    cdef uint8_t last, here
    while at < length and count < BATCH:
        last = classes[text[at]]
        if last < 2:
            at += 1
            continue
        start = at
        mixed = text[at]
        at += 1
        while at < length:
            here = classes[text[at]]
            if here != 1:
                if not joins[8 * last + here]:
                    break
                last = here
            mixed = ((mixed << 7) | (mixed >> 57)) ^ text[at]
            at += 1
        mixed = (mixed ^ (mixed >> 33)) * <uint64_t>0xFF51AFD7ED558CCD  # MurmurHash3's last steps
        mixed = (mixed ^ (mixed >> 33)) * <uint64_t>0xC4CEB9FE1A85EC53
        spans[count].start, spans[count].size = start, at - start
        spans[count].hashed = <uint32_t>(mixed >> 32)
        count += 1
    place[0] = at
    return count


cdef class Interner:
    """Numbers distinct words from 0 in the order in which they are first met."""

    cdef readonly Lexer lexer
    cdef uint32_t* records      # of every word: its number, its length, its code points
    cdef uint32_t* places       # where the record of word i begins
    cdef uint64_t* slots        # open addressing: hash << 32 | place + 1, or 0
    cdef Span spans[BATCH]      # of the text at hand
    cdef Py_ssize_t count, room, used, record_room, mask
    cdef bint busy              # a thread is at it, and lets others run

    def __cinit__(self, Lexer lexer not None):
        self.lexer = lexer
        self.room = 1 << 12
        self.record_room = 1 << 15
        self.mask = (1 << 13) - 1
        self.records = <uint32_t*>malloc(4 * self.record_room)
        self.places = <uint32_t*>malloc(4 * self.room)
        self.slots = <uint64_t*>calloc(self.mask + 1, 8)
        if not (self.records and self.places and self.slots):
            raise MemoryError

    def __dealloc__(self):
        free(self.records)
        free(self.places)
        free(self.slots)

    def __len__(self):
        return self.count

    @property
    def nbytes(self):
        """Memory held, in bytes."""
        return 4 * self.record_room + 4 * self.room + 8 * (self.mask + 1)

    def intern(self, str text not None):
        """The numbers of the words of `text`, in order: a uint32 array."""
        tokens = Tokens(self)
        tokens.add(text)
        return tokens.numbers()

    def words(self, Py_ssize_t start=0, stop=None):
        """The distinct words with numbers `start:stop` (None: to the end), as a list of str."""
        cdef Py_ssize_t end = self.count if stop is None else min(stop, self.count)
        if start < 0:
            raise ValueError("words are numbered from 0")
        return [
            PyUnicode_FromKindAndData(
                PyUnicode_4BYTE_KIND, self.records + self.places[i] + 2, self.records[self.places[i] + 1]
            )
            for i in range(start, end)
        ]

    def codes(self, Py_ssize_t start=0, stop=None):
        """The distinct words with numbers `start:stop`, packed, as two uint32 arrays.

        Returns:
            Their code points, one word after another; and where each begins in them, and the end.
        """
        cdef Py_ssize_t i, end = self.count if stop is None else min(stop, self.count), total = 0
        cdef uint32_t* record
        if start < 0:
            raise ValueError("words are numbered from 0")
        import numpy as np

        edges_array = np.zeros(max(end - start, 0) + 1, np.uint32)
        cdef uint32_t[::1] edges = edges_array, codes
        for i in range(start, end):
            total += self.records[self.places[i] + 1]
            edges[i - start + 1] = total
        codes_array = np.empty(total, np.uint32)
        codes = codes_array
        for i in range(start, end):
            record = self.records + self.places[i]
            memcpy(&codes[edges[i - start]], record + 2, 4 * record[1])
        return codes_array, edges_array

    cdef int read(self, const Source* sources, Py_ssize_t count, Tokens tokens, uint32_t* sizes) except -1:
        """Number the words of texts; `sizes` is how many each has."""
        if self.busy:
            raise RuntimeError("words are numbered by one thread at a time")
        self.busy = True
        try:
            with nogil:
                self.read_all(sources, count, tokens, sizes)
        finally:
            self.busy = False
        return 0

    cdef int read_all(
        self, const Source* sources, Py_ssize_t count, Tokens tokens, uint32_t* sizes
    ) except -1 nogil:
        cdef Py_ssize_t i, before
        cdef const Source* text
        for i in range(count):
            text, before = &sources[i], tokens.count
            if text.kind == 1:
                self.run(<const uint8_t*>text.data, text.length, tokens)
            elif text.kind == 2:
                self.run(<const uint16_t*>text.data, text.length, tokens)
            else:
                self.run(<const uint32_t*>text.data, text.length, tokens)
            sizes[i] = tokens.count - before
        return 0

    cdef int run(self, const unit* text, Py_ssize_t length, Tokens tokens) except -1 nogil:
        """Cut, then look up: so the slots of some words ahead can be on their way from memory."""
        cdef Span* spans = self.spans
        cdef Py_ssize_t i, count, at = 0
        while at < length:
            count = find_hashed(
                text, &at, length, &self.lexer.classes[0], &self.lexer.joins[0], spans
            )
            tokens.reserve(count)
            for i in range(min(count, AHEAD)):
                prefetch(&self.slots[spans[i].hashed & self.mask])
            for i in range(count):
                if i + AHEAD < count:
                    prefetch(&self.slots[spans[i + AHEAD].hashed & self.mask])
                tokens.found[tokens.count] = self.number(
                    text + spans[i].start, spans[i].size, spans[i].hashed
                )
                tokens.count += 1
        return 0

    cdef inline uint32_t number(
        self, const unit* word, Py_ssize_t length, uint32_t hashed
    ) except? 0xFFFFFFFF nogil:
        cdef Py_ssize_t i, slot = hashed & self.mask
        cdef uint32_t* record
        while self.slots[slot]:
            if self.slots[slot] >> 32 == hashed:
                record = self.records + <uint32_t>self.slots[slot] - 1
                if record[1] == length:
                    i = 0
                    while i < length and record[2 + i] == word[i]:
                        i += 1
                    if i == length:
                        return record[0]
            slot = (slot + 1) & self.mask
        return self.remember(word, length, hashed, slot)

    cdef uint32_t remember(
        self, const unit* word, Py_ssize_t length, uint32_t hashed, Py_ssize_t slot
    ) except? 0xFFFFFFFF nogil:
        """Number a new word, whose place in the table is `slot`. Where memory ends, nothing changes."""
        cdef Py_ssize_t i
        cdef uint32_t* record
        if self.used + length + 2 >= <Py_ssize_t>0xFFFFFFFF:
            with gil:
                raise OverflowError("too many letters of distinct words")
        if self.count == self.room:
            self.widen()
            slot = self.vacant(hashed)
        while self.used + length + 2 > self.record_room:
            self.records = <uint32_t*>grown(self.records, 8 * self.record_room)
            self.record_room *= 2
        record = self.records + self.used
        record[0], record[1] = self.count, length
        for i in range(length):
            record[2 + i] = word[i]
        self.places[self.count] = self.used
        self.slots[slot] = (<uint64_t>hashed << 32) | <uint32_t>(self.used + 1)
        self.used += length + 2
        self.count += 1
        return self.count - 1

    cdef int widen(self) except -1 nogil:
        """Double the room for words; keep the slots at most half full."""
        cdef Py_ssize_t i, room = 2 * self.room, mask = self.mask
        cdef uint64_t* slots
        cdef uint64_t* old = self.slots
        self.places = <uint32_t*>grown(self.places, 4 * room)
        slots = <uint64_t*>calloc(2 * room, 8)
        if not slots:
            with gil:
                raise MemoryError
        self.slots, self.room, self.mask = slots, room, 2 * room - 1
        for i in range(mask + 1):
            if old[i]:
                slots[self.vacant(old[i] >> 32)] = old[i]
        free(old)
        return 0

    cdef Py_ssize_t vacant(self, uint32_t hashed) noexcept nogil:
        """The slot in which a word that is not in the table belongs."""
        cdef Py_ssize_t slot = hashed & self.mask
        while self.slots[slot]:
            slot = (slot + 1) & self.mask
        return slot


cdef class Tokens:
    """The words of texts, one text after another, by their numbers.

    Args:
        interner: numbers them.
    """

    cdef Interner interner
    cdef uint32_t* found
    cdef uint32_t* sizes
    cdef readonly Py_ssize_t count, texts
    cdef Py_ssize_t room, text_room
    cdef Py_ssize_t views       # arrays that lie in `found`
    cdef Py_ssize_t shape[1]

    def __cinit__(self, Interner interner not None):
        self.interner = interner

    def __dealloc__(self):
        free(self.found)
        free(self.sizes)

    cdef int reserve(self, Py_ssize_t more) except -1 nogil:
        if self.count + more > self.room:
            self.room = self.count + more + self.room // 2
            self.found = <uint32_t*>grown(self.found, 4 * self.room)
        return 0

    def add(self, str text not None):
        """Take a text in; return how many words it has."""
        return self.extend((text,))

    def extend(self, texts):
        """Take texts in; return how many words they have. Other threads can run meanwhile."""
        cdef tuple kept = tuple(texts)      # nobody else changes it
        cdef Py_ssize_t i, count = len(kept), before = self.count, first = self.texts
        cdef Source* sources
        if self.views:
            raise BufferError("the numbers of the words are in use")
        sources = <Source*>grown(NULL, count * sizeof(Source))
        try:
            for i in range(count):
                look_at(kept[i], &sources[i])
            self.skip(count)
            self.interner.read(sources, count, self, self.sizes + first)
        except BaseException:
            self.texts, self.count = first, before
            raise
        finally:
            free(sources)
        return self.count - before

    def skip(self, Py_ssize_t texts):
        """Take so many empty texts in."""
        cdef Py_ssize_t i
        if self.texts + texts > self.text_room:
            self.text_room = self.texts + texts + self.text_room // 2
            self.sizes = <uint32_t*>grown(self.sizes, 4 * self.text_room)
        for i in range(texts):
            self.sizes[self.texts + i] = 0
        self.texts += texts

    def numbers(self):
        """The numbers of all words: a uint32 array, their own; while it is, none is added."""
        import numpy as np

        return np.asarray(self)

    def used(self, uint8_t[::1] words):
        """Mark with 1 the words that the texts have, by their numbers."""
        cdef Py_ssize_t i
        if words.shape[0] < self.interner.count:
            raise ValueError("a mark a word is wanted")
        with nogil:
            for i in range(self.count):
                words[self.found[i]] = 1

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        self.reserve(1)                 # an array has an address
        self.shape[0] = self.count
        self.views += 1
        buffer.buf, buffer.obj, buffer.readonly = self.found, self, False
        buffer.len, buffer.itemsize, buffer.format = 4 * self.count, 4, b"I"
        buffer.ndim, buffer.shape, buffer.strides = 1, self.shape, &buffer.itemsize
        buffer.suboffsets, buffer.internal = NULL, NULL

    def __releasebuffer__(self, Py_buffer* buffer):
        self.views -= 1

    def lengths(self):
        """How many words each text has: a uint32 array."""
        return copied(self.sizes, self.texts)


cdef copied(const uint32_t* values, Py_ssize_t count):
    import numpy as np

    out = np.empty(count, np.uint32)
    cdef uint32_t[::1] to = out
    if count:
        memcpy(&to[0], values, 4 * count)
    return out


cdef void* grown(void* memory, size_t size) except NULL nogil:
    cdef void* larger = realloc(memory, size if size else 1)
    if not larger:
        with gil:
            raise MemoryError
    return larger
