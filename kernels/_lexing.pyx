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
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), count
        cdef int kind = PyUnicode_KIND(text)
        cdef void* data = PyUnicode_DATA(text)
        cdef bytearray starts = bytearray(4 * length), ends = bytearray(4 * length)
        cdef uint32_t* first = <uint32_t*><char*>starts
        cdef uint32_t* last = <uint32_t*><char*>ends
        cdef const uint8_t* classes = &self.classes[0]
        cdef const uint8_t* joins = &self.joins[0]
        with nogil:
            if kind == 1:
                count = find_spans(<uint8_t*>data, length, classes, joins, first, last)
            elif kind == 2:
                count = find_spans(<uint16_t*>data, length, classes, joins, first, last)
            else:
                count = find_spans(<uint32_t*>data, length, classes, joins, first, last)
        return view(starts, count), view(ends, count)


cdef view(bytearray numbers, Py_ssize_t count):
    """The first of some uint32 numbers."""
    return memoryview(bytes(numbers[: 4 * count])).cast("I")


cdef class Interner:
    """Numbers distinct words from 0 in the order in which they are first met."""

    cdef readonly Lexer lexer
    cdef uint32_t* letters       # all distinct words, one after another, as code points
    cdef uint64_t* offsets       # where word i begins in letters; one more at the end
    cdef uint32_t* slots         # open addressing: word number + 1, or 0
    cdef uint32_t* hashes        # of word i
    cdef Py_ssize_t count, room, letter_room, mask

    def __cinit__(self, Lexer lexer not None):
        self.lexer = lexer
        self.room = 1 << 12
        self.letter_room = 1 << 15
        self.mask = (1 << 13) - 1
        self.letters = <uint32_t*>malloc(4 * self.letter_room)
        self.offsets = <uint64_t*>malloc(8 * (self.room + 1))
        self.hashes = <uint32_t*>malloc(4 * self.room)
        self.slots = <uint32_t*>calloc(self.mask + 1, 4)
        if not (self.letters and self.offsets and self.hashes and self.slots):
            raise MemoryError
        self.offsets[0] = 0

    def __dealloc__(self):
        free(self.letters)
        free(self.offsets)
        free(self.hashes)
        free(self.slots)

    def __len__(self):
        return self.count

    @property
    def nbytes(self):
        """Memory held, in bytes."""
        return 4 * self.letter_room + 12 * self.room + 4 * (self.mask + 1)

    def intern(self, str text not None):
        """The numbers of the words of `text`, in order: a uint32 array."""
        import numpy as np  # an index is read without it

        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), count = 0
        cdef int kind = PyUnicode_KIND(text)
        cdef void* data = PyUnicode_DATA(text)
        if length == 0:
            return np.empty(0, np.uint32)
        cdef uint32_t* numbers = <uint32_t*>malloc(4 * length)
        if not numbers:
            raise MemoryError
        try:
            if kind == 1:
                count = self.run(<uint8_t*>data, length, numbers)
            elif kind == 2:
                count = self.run(<uint16_t*>data, length, numbers)
            else:
                count = self.run(<uint32_t*>data, length, numbers)
            out = np.empty(count, np.uint32)
            if count:
                self.copy(numbers, out)
            return out
        finally:
            free(numbers)

    cdef copy(self, uint32_t* numbers, uint32_t[::1] out):
        memcpy(&out[0], numbers, 4 * out.shape[0])

    def words(self, Py_ssize_t start=0):
        """The distinct words from number `start` on, as a list of str."""
        if start < 0:
            raise ValueError("words are numbered from 0")
        return [
            PyUnicode_FromKindAndData(
                PyUnicode_4BYTE_KIND,
                self.letters + self.offsets[i],
                self.offsets[i + 1] - self.offsets[i],
            )
            for i in range(start, self.count)
        ]

    cdef Py_ssize_t run(self, const unit* text, Py_ssize_t length, uint32_t* numbers) except -1:
        cdef Py_ssize_t at = 0, end, count = 0
        cdef const uint8_t* classes = &self.lexer.classes[0]
        cdef const uint8_t* joins = &self.lexer.joins[0]
        while at < length:
            if classes[text[at]] < 2:
                at += 1
                continue
            end = word_end(text, at, length, classes, joins)
            numbers[count] = self.number(text + at, end - at)
            count += 1
            at = end
        return count

    cdef uint32_t number(self, const unit* word, Py_ssize_t length) except? 0xFFFFFFFF:
        cdef uint64_t mixed = 0xCBF29CE484222325
        cdef uint32_t hashed, found
        cdef Py_ssize_t i, slot
        cdef uint32_t* known
        for i in range(length):
            mixed = (mixed ^ word[i]) * <uint64_t>0x100000001B3
        hashed = <uint32_t>(mixed ^ (mixed >> 32))
        slot = hashed & self.mask
        while self.slots[slot]:
            found = self.slots[slot] - 1
            if self.hashes[found] == hashed and self.offsets[found + 1] - self.offsets[found] == <uint64_t>length:
                known = self.letters + self.offsets[found]
                i = 0
                while i < length and known[i] == word[i]:
                    i += 1
                if i == length:
                    return found
            slot = (slot + 1) & self.mask
        return self.remember(word, length, hashed, slot)

    cdef uint32_t remember(
        self, const unit* word, Py_ssize_t length, uint32_t hashed, Py_ssize_t slot
    ) except? 0xFFFFFFFF:
        """Number a new word, whose place in the table is `slot`. Where memory ends, nothing changes."""
        cdef uint64_t at = self.offsets[self.count]
        cdef Py_ssize_t i
        if self.count == self.room:
            self.widen()
            slot = self.vacant(hashed)
        while <Py_ssize_t>at + length > self.letter_room:
            self.letters = <uint32_t*>grown(self.letters, 8 * self.letter_room)
            self.letter_room *= 2
        for i in range(length):
            self.letters[at + i] = word[i]
        self.hashes[self.count] = hashed
        self.count += 1
        self.offsets[self.count] = at + length
        self.slots[slot] = self.count
        return self.count - 1

    cdef int widen(self) except -1:
        """Double the room for words; keep the slots at most half full."""
        cdef Py_ssize_t i, room = 2 * self.room
        cdef uint32_t* slots
        self.offsets = <uint64_t*>grown(self.offsets, 8 * (room + 1))
        self.hashes = <uint32_t*>grown(self.hashes, 4 * room)
        slots = <uint32_t*>calloc(2 * room, 4)
        if not slots:
            raise MemoryError
        free(self.slots)
        self.slots, self.room, self.mask = slots, room, 2 * room - 1
        for i in range(self.count):
            self.slots[self.vacant(self.hashes[i])] = i + 1
        return 0

    cdef Py_ssize_t vacant(self, uint32_t hashed) noexcept nogil:
        """The slot in which a word that is not in the table belongs."""
        cdef Py_ssize_t slot = hashed & self.mask
        while self.slots[slot]:
            slot = (slot + 1) & self.mask
        return slot


cdef void* grown(void* memory, size_t size) except NULL:
    cdef void* larger = realloc(memory, size)
    if not larger:
        raise MemoryError
    return larger
