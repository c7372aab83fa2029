# cython: language_level=3
"""Many texts in one buffer: put in order, matched with patterns, compared with a word.

Texts are UTF-8; what is not is read byte by byte and does no harm. NumPy is imported when an
array is first made.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, qsort
from libc.string cimport memcmp, memcpy

cdef enum:
    WIDEST = 1 << 24        # cells of a table of distances


cdef struct Key:
    uint64_t head, next     # the first sixteen bytes, as numbers that compare as they do
    const uint8_t* text
    Py_ssize_t size
    uint32_t number


cdef class Texts:
    """Texts one after another.

    Args:
        blob: uint8, their bytes.
        starts: int64, ascending, where each begins; and the end.
    """

    cdef const uint8_t[::1] bytes
    cdef const int64_t[::1] edges
    cdef readonly Py_ssize_t count
    cdef readonly object blob, starts

    def __init__(self, blob, starts):
        cdef Py_ssize_t i
        self.blob, self.starts = blob, starts
        self.bytes, self.edges = blob, starts
        self.count = self.edges.shape[0] - 1
        if self.count < 0 or self.edges[0] != 0 or self.edges[self.count] != self.bytes.shape[0]:
            raise ValueError("texts do not fill their buffer")
        for i in range(self.count):
            if self.edges[i] > self.edges[i + 1]:
                raise ValueError("texts do not ascend in their buffer")

    def __len__(self):
        return self.count

    cdef inline const uint8_t* at(self, Py_ssize_t index) noexcept:
        return &self.bytes[0] + self.edges[index] if self.bytes.shape[0] else NULL

    cdef inline Py_ssize_t size(self, Py_ssize_t index) noexcept:
        return self.edges[index + 1] - self.edges[index]

    def get(self, Py_ssize_t index):
        """Text number `index`, as bytes."""
        if not 0 <= index < self.count:
            raise IndexError(index)
        return PyBytes_FromStringAndSize(<const char*>self.at(index), self.size(index))

    def slice(self, Py_ssize_t start, Py_ssize_t stop):
        """Texts `start:stop`, as a list of bytes."""
        cdef Py_ssize_t i
        return [
            PyBytes_FromStringAndSize(<const char*>self.at(i), self.size(i))
            for i in range(max(start, 0), min(stop, self.count))
        ]

    def filled(self, Texts above not None, parents):
        """The same with each empty text replaced by its parent's.

        Args:
            above: texts.
            parents: uint32, of each text its parent's number among those.
        """
        cdef const uint32_t[::1] parent = parents
        cdef Py_ssize_t i, p
        import numpy as np

        starts = np.empty(self.count + 1, np.int64)
        cdef int64_t[::1] edges = starts
        if parent.shape[0] != self.count:
            raise ValueError("texts and parents differ in number")
        edges[0] = 0
        for i in range(self.count):
            p = parent[i]
            if p >= above.count:
                raise ValueError("there is no such parent")
            edges[i + 1] = edges[i] + (self.size(i) or above.size(p))
        blob = np.empty(edges[self.count], np.uint8)
        cdef uint8_t[::1] out = blob
        for i in range(self.count):
            if self.size(i):
                memcpy(&out[edges[i]], self.at(i), self.size(i))
            elif edges[i + 1] > edges[i]:
                memcpy(&out[edges[i]], above.at(parent[i]), edges[i + 1] - edges[i])
        return Texts(blob, starts)

    def take(self, numbers):
        """The texts with some numbers (uint32)."""
        cdef const uint32_t[::1] number = numbers
        cdef Py_ssize_t i
        import numpy as np

        starts = np.empty(number.shape[0] + 1, np.int64)
        cdef int64_t[::1] edges = starts
        edges[0] = 0
        for i in range(number.shape[0]):
            if number[i] >= self.count:
                raise IndexError(number[i])
            edges[i + 1] = edges[i] + self.size(number[i])
        blob = np.empty(edges[number.shape[0]], np.uint8)
        cdef uint8_t[::1] out = blob
        for i in range(number.shape[0]):
            if self.size(number[i]):
                memcpy(&out[edges[i]], self.at(number[i]), self.size(number[i]))
        return Texts(blob, starts)

    def ranked(self):
        """The order of the texts, bytewise.

        Returns:
            uint32, their numbers in order, equal ones as they stand; and uint32, of each text
            the number of distinct texts below it.
        """
        cdef Py_ssize_t i
        cdef uint32_t distinct = 0
        import numpy as np

        order, ranks = np.empty(self.count, np.uint32), np.empty(self.count, np.uint32)
        cdef uint32_t[::1] ordered = order, rank = ranks
        cdef Key* keys = <Key*>malloc(max(self.count, 1) * sizeof(Key))
        if not keys:
            raise MemoryError
        try:
            for i in range(self.count):
                keys[i].text, keys[i].size, keys[i].number = self.at(i), self.size(i), i
                keys[i].head = leading(keys[i].text, keys[i].size)
                keys[i].next = leading(keys[i].text + 8, keys[i].size - 8)
            qsort(keys, self.count, sizeof(Key), compare)
            for i in range(self.count):
                distinct += i > 0 and differ(&keys[i - 1], &keys[i]) != 0
                ordered[i] = keys[i].number
                rank[keys[i].number] = distinct
        finally:
            free(keys)
        return order, ranks

    def bisect(self, bytes needle not None):
        """The first number whose text is not below `needle`; the texts must ascend."""
        cdef Py_ssize_t low = 0, high = self.count, middle
        cdef Key wanted, here
        wanted.text, wanted.size = <const uint8_t*>PyBytes_AS_STRING(needle), PyBytes_GET_SIZE(needle)
        wanted.head, wanted.next = leading(wanted.text, wanted.size), 0
        while low < high:
            middle = (low + high) // 2
            here.text, here.size = self.at(middle), self.size(middle)
            here.head, here.next = leading(here.text, here.size), 0
            if differ(&here, &wanted) < 0:
                low = middle + 1
            else:
                high = middle
        return low

    def matching(self, bytes pattern not None, Py_ssize_t start, Py_ssize_t stop):
        """The numbers (uint32) in `start:stop` of the texts that match a pattern as a whole.

        In the pattern `?` is any one character and `*` any number of them. Takes at most the
        length of the texts times that of the pattern.
        """
        cdef const uint8_t* sign = <const uint8_t*>PyBytes_AS_STRING(pattern)
        cdef Py_ssize_t signs = PyBytes_GET_SIZE(pattern), i, count = 0
        start, stop = max(start, 0), min(stop, self.count)
        import numpy as np

        found = np.empty(max(stop - start, 0), np.uint32)
        cdef uint32_t[::1] out = found
        for i in range(start, stop):
            if matches(sign, signs, self.at(i), self.size(i)):
                out[count] = i
                count += 1
        return found[:count]

    def near(self, str word not None, int limit, bint swaps, Py_ssize_t start, Py_ssize_t stop):
        """The texts in `start:stop`, which ascend, that are at most `limit` edits from a word.

        An edit is a character too many, too few or another; with `swaps` also two neighbours
        exchanged, once (Damerau 1964; optimal string alignment). Texts share the rows of the
        table for what they share at their beginning.

        Returns:
            their numbers (uint32) and distances (uint8).
        """
        cdef Py_ssize_t length = len(word), i, count = 0
        start, stop = max(start, 0), min(stop, self.count)
        if not 0 <= limit < 100:
            raise ValueError("a limit of 0 to 99 edits")
        import numpy as np

        found, distances = np.empty(max(stop - start, 0), np.uint32), np.empty(max(stop - start, 0), np.uint8)
        if (length + 1) * (length + limit + 2) > WIDEST:
            return found[:0], distances[:0]
        letters = np.array([ord(char) for char in word], np.uint32)
        cdef uint32_t[::1] out = found
        cdef uint8_t[::1] far = distances
        cdef Table table = Table(letters, limit, swaps)
        cdef int distance
        for i in range(start, stop):
            if i > start:
                table.keep(shared(self.at(i - 1), self.size(i - 1), self.at(i), self.size(i)))
            distance = table.distance(self.at(i), self.size(i))
            if distance <= limit:
                out[count], far[count] = i, distance
                count += 1
        return found[:count], distances[:count]


cdef inline uint64_t leading(const uint8_t* text, Py_ssize_t size) noexcept nogil:
    """The first eight bytes as a number, filled up with zeros."""
    cdef uint64_t value = 0
    cdef Py_ssize_t i
    for i in range(8):
        value = (value << 8) | (text[i] if i < size else 0)
    return value


cdef int differ(const Key* one, const Key* other) noexcept nogil:
    """The sign of one text less another."""
    if one.head != other.head:
        return -1 if one.head < other.head else 1
    if one.next != other.next:
        return -1 if one.next < other.next else 1
    cdef int sign = memcmp(one.text, other.text, min(one.size, other.size)) if min(one.size, other.size) else 0
    return sign if sign else (one.size > other.size) - (one.size < other.size)


cdef int compare(const void* one, const void* other) noexcept nogil:
    cdef const Key* a = <const Key*>one
    cdef const Key* b = <const Key*>other
    cdef int sign = differ(a, b)
    return sign if sign else (a.number > b.number) - (a.number < b.number)


cdef inline Py_ssize_t character(const uint8_t* text, Py_ssize_t rest) noexcept nogil:
    """The bytes of the character at the beginning of a text that is not empty."""
    cdef Py_ssize_t size = 1 if text[0] < 0xC0 else 2 if text[0] < 0xE0 else 3 if text[0] < 0xF0 else 4
    return min(size, rest)


cdef bint matches(const uint8_t* sign, Py_ssize_t signs, const uint8_t* text, Py_ssize_t size) noexcept nogil:
    """Whether a text matches a pattern. Where it fails, the last star takes one character more."""
    cdef Py_ssize_t s = 0, t = 0, star = -1, taken = 0
    while t < size:
        if s < signs and sign[s] == c'*':
            star, taken = s, t
            s += 1
        elif s < signs and sign[s] == c'?':
            s += 1
            t += character(text + t, size - t)
        elif s < signs and sign[s] == text[t]:
            s += 1
            t += 1
        elif star >= 0:
            taken += character(text + taken, size - taken)
            s, t = star + 1, taken
        else:
            return False
    while s < signs and sign[s] == c'*':
        s += 1
    return s == signs


cdef inline Py_ssize_t shared(const uint8_t* a, Py_ssize_t m, const uint8_t* b, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t i = 0
    while i < m and i < n and a[i] == b[i]:
        i += 1
    return i


cdef class Table:
    """Distances from a word to the beginnings of a text: a row for each of its characters.

    Cells further than `limit` from the diagonal are over it and are not worked out.
    """

    cdef const uint32_t[::1] word
    cdef uint8_t[::1] cells     # rows of `width`
    cdef uint32_t[::1] path     # the characters that the rows are for, from 1
    cdef int64_t[::1] ends      # of each row, the bytes of the text that it has taken in
    cdef Py_ssize_t width, depth, deepest, dead
    cdef int limit
    cdef bint swaps

    def __init__(self, word, int limit, bint swaps):
        cdef Py_ssize_t i
        self.word, self.limit, self.swaps = word, limit, swaps
        self.width, self.deepest = len(word) + 1, len(word) + limit
        import numpy as np

        self.cells = np.full((self.deepest + 1) * self.width, limit + 1, np.uint8)
        self.path = np.zeros(self.deepest + 1, np.uint32)
        self.ends = np.zeros(self.deepest + 1, np.int64)
        for i in range(min(self.width, limit + 1)):
            self.cells[i] = i
        self.depth, self.dead = 0, -1

    cdef void keep(self, Py_ssize_t size) noexcept:
        """Keep the rows for the first `size` bytes."""
        while self.depth and self.ends[self.depth] > size:
            self.depth -= 1
        if self.depth < self.dead:
            self.dead = -1

    cdef int distance(self, const uint8_t* text, Py_ssize_t size) noexcept:
        """The distance to a text that begins with what the rows are for; or more than the limit."""
        cdef Py_ssize_t at
        if self.dead >= 0:
            return self.limit + 1
        while self.ends[self.depth] < size:
            if self.depth == self.deepest:
                return self.limit + 1
            at = self.ends[self.depth]
            self.add(text + at, character(text + at, size - at))
            if self.dead >= 0:
                return self.limit + 1
        at = self.width - 1
        if abs(self.depth - at) > self.limit:
            return self.limit + 1
        return self.cells[self.depth * self.width + at]

    cdef void add(self, const uint8_t* text, Py_ssize_t size) noexcept:
        """Work out the row for one more character."""
        cdef Py_ssize_t j, row = self.depth + 1
        cdef Py_ssize_t low = max(row - self.limit, 1), high = min(row + self.limit, self.width - 1)
        cdef uint8_t* here = &self.cells[row * self.width]
        cdef uint8_t* last = here - self.width
        cdef uint32_t char = code(text, size)
        cdef int over = self.limit + 1, best, least = over
        here[low - 1] = row if low == 1 and row < over else over
        if here[low - 1] < least:
            least = here[low - 1]
        for j in range(low, high + 1):
            best = last[j - 1] + (char != self.word[j - 1])
            best = min(best, min(here[j - 1], last[j]) + 1)
            if self.swaps and row > 1 and j > 1 and char == self.word[j - 2]:
                if self.path[row - 1] == self.word[j - 1]:
                    best = min(best, (last - self.width)[j - 2] + 1)
            here[j] = min(best, over)
            least = min(least, <int>here[j])
        if high + 1 < self.width:
            here[high + 1] = over
        self.depth, self.path[row], self.ends[row] = row, char, self.ends[row - 1] + size
        if least == over and (not self.swaps or self.least_of(row - 1) == over):
            self.dead = row

    cdef int least_of(self, Py_ssize_t row) noexcept:
        cdef Py_ssize_t j
        cdef int least = self.limit + 1
        for j in range(max(row - self.limit, 0), min(row + self.limit, self.width - 1) + 1):
            least = min(least, <int>self.cells[row * self.width + j])
        return least


cdef inline uint32_t code(const uint8_t* text, Py_ssize_t size) noexcept nogil:
    """The code point of a character of so many bytes."""
    cdef uint32_t value
    cdef Py_ssize_t i
    if size == 1:
        return text[0]
    value = text[0] & (0xFF >> (size + 1))
    for i in range(1, size):
        value = (value << 6) | (text[i] & 0x3F)
    return value
