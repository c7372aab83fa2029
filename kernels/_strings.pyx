# cython: language_level=3
"""Front-coded strings: blocks of 16, each string less what it shares with the one before.

An entry is `lengths ␟ rest`. The first byte of the lengths holds how many bytes the string shares
with the last one that is not empty, in its upper four bits, and how many bytes follow as the rest
in its lower ones; where one is 15, more is added to it, as LEB128, after that byte. The first entry
of a block shares nothing. `heads` holds where each block begins (Witten, Moffat & Bell 1999, 4.1).

The rest is UTF-8 in which the letters from U+0600 to U+067F take one byte: 80 to FF. What else is
not ASCII, and the byte 1, stands in runs of at most 255 bytes, after a 1 and its length.
"""

from _thread import allocate_lock

from cpython.bytearray cimport PyByteArray_AS_STRING
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memcmp, memcpy

from squeezed cimport is_letter

cdef enum:
    RUN = 16
    LONGEST = 1 << 27       # bytes of one string; a longer one is damage
    MORE = 15               # a length that goes on after the first byte
    RAW = 1                 # begins a run of bytes as they are
    LONGEST_RUN = 255


def encode(const uint8_t[::1] blob, const uint32_t[::1] edges):
    """Front-code packed strings. Returns `(heads uint32, blob uint8)`.

    Args:
        blob: their bytes, one after another.
        edges: where each begins, and the end.

    Raises:
        ValueError: where the two do not fit.
    """
    import numpy as np

    cdef Py_ssize_t count = edges.shape[0] - 1, i, shared, size, before = 0
    cdef size_t at = 0
    if count < 0 or edges[0] or edges[count] != <size_t>blob.shape[0]:
        raise ValueError("packed strings and their edges do not fit")
    for i in range(count):
        if edges[i] > edges[i + 1]:
            raise ValueError("packed strings and their edges do not fit")
    heads = np.empty((count + RUN - 1) // RUN, np.uint32)
    coded = np.empty(3 * blob.shape[0] + 11 * count, np.uint8)
    cdef uint32_t[::1] head_view = heads
    cdef uint8_t[::1] out = coded
    cdef const uint8_t* last = NULL
    cdef const uint8_t* here
    cdef uint8_t* squeezed
    cdef Py_ssize_t rest, longest = 0
    if count == 0:
        return heads, coded[:0]
    for i in range(count):
        longest = max(longest, edges[i + 1] - edges[i])
    squeezed = <uint8_t*>realloc(NULL, 3 * longest + 1)
    if not squeezed:
        raise MemoryError
    with nogil:
        for i in range(count):
            size, shared = edges[i + 1] - edges[i], 0
            here = &blob[0] + edges[i] if blob.shape[0] else NULL
            if i % RUN == 0:
                if at > <size_t>0xFFFFFFFF:
                    break
                head_view[i // RUN] = at
            else:
                while shared < size and shared < before and last[shared] == here[shared]:
                    shared += 1
                while shared and shared < size and here[shared] & 0xC0 == 0x80:
                    shared -= 1         # no letter is cut in two
            if i % RUN == 0 or size:
                last, before = here, size
            rest = squeeze(here + shared, size - shared, squeezed)
            out[at] = (min(shared, MORE) << 4) | min(rest, MORE)
            at += 1
            if shared >= MORE:
                at += varint(&out[at], shared - MORE)
            if rest >= MORE:
                at += varint(&out[at], rest - MORE)
            if rest:
                memcpy(&out[at], squeezed, rest)
            at += rest
    free(squeezed)
    if at > <size_t>0xFFFFFFFF:
        raise OverflowError("front-coded strings take at most 4 GiB")
    return heads, coded[:at].copy()


cdef Py_ssize_t squeeze(const uint8_t* text, Py_ssize_t size, uint8_t* out) noexcept nogil:
    """Write a string's rest, at most three times as long; return how many bytes it takes."""
    cdef Py_ssize_t i = 0, count = 0, start
    while i < size:
        if is_letter(text + i, size - i):
            out[count] = 0x80 | (text[i] & 1) << 6 | (text[i + 1] & 63)
            i += 2
            count += 1
        elif text[i] < 0x80 and text[i] != RAW:
            out[count] = text[i]
            i += 1
            count += 1
        else:
            start = i
            while i < size and i - start < LONGEST_RUN and (text[i] >= 0x80 or text[i] == RAW):
                if is_letter(text + i, size - i):
                    break
                i += 1
            out[count], out[count + 1] = RAW, i - start
            memcpy(out + count + 2, text + start, i - start)
            count += 2 + i - start
    return count


cdef Py_ssize_t spread(const uint8_t* rest, Py_ssize_t size, uint8_t* out) noexcept nogil:
    """Undo `squeeze`; the string is at most twice as long. -1 for a run that does not end."""
    cdef Py_ssize_t i = 0, count = 0, run
    while i < size:
        if rest[i] >= 0x80:
            out[count], out[count + 1] = 0xD8 | (rest[i] >> 6 & 1), 0x80 | (rest[i] & 63)
            i += 1
            count += 2
        elif rest[i] != RAW:
            out[count] = rest[i]
            i += 1
            count += 1
        else:
            run = rest[i + 1] if i + 1 < size else size
            i += 2
            if run > size - i:
                return -1
            memcpy(out + count, rest + i, run)
            i += run
            count += run
    return count


cdef inline Py_ssize_t varint(uint8_t* out, size_t value) noexcept nogil:
    """Write a number as LEB128; return how many bytes it takes."""
    cdef Py_ssize_t count = 0
    while value >= 128:
        out[count] = 128 | (value & 127)
        value >>= 7
        count += 1
    out[count] = value
    return count + 1


cdef class Strings:
    """Read-only access to front-coded strings in a file whose pages are checked when touched.

    Thread-safe: one call at a time has the buffer, as checking a page may let other threads run.

    Args:
        heads, blob: as `encode` made them.
        count: how many strings.
        pages: has `buffer`, `verified` (uint8, one a 16 KiB page) and `verify(start, stop)`.
        heads_at, blob_at: byte offsets of the two columns in that file.

    Bytes that do not decode go to `blame`, which raises.
    """

    cdef const uint32_t[::1] heads
    cdef const uint8_t[::1] blob
    cdef const uint8_t[::1] verified
    cdef readonly Py_ssize_t count
    cdef object pages, lock
    cdef Py_ssize_t heads_at, blob_at, limit
    cdef char* text              # the string at hand
    cdef Py_ssize_t size, room   # its bytes; bytes that `text` can hold
    cdef Py_ssize_t kept         # bytes of the last one that is not empty, which `text` still holds
    cdef Py_ssize_t place        # where the next entry begins

    def __init__(self, heads, blob, Py_ssize_t count, pages, Py_ssize_t heads_at, Py_ssize_t blob_at):
        cdef Py_ssize_t last
        self.heads, self.blob, self.count = heads, blob, count
        self.pages, self.heads_at, self.blob_at = pages, heads_at, blob_at
        self.verified, self.limit = pages.verified, len(pages.buffer)
        self.lock = allocate_lock()
        self.make_room(256)
        if count < 0 or self.heads.shape[0] != (count + RUN - 1) // RUN:
            raise ValueError("front-coded strings and their heads differ in number")
        last = max(heads_at + 4 * self.heads.shape[0], blob_at + self.blob.shape[0])
        if min(heads_at, blob_at) < 0 or last > self.verified.shape[0] << 14:
            raise ValueError("front-coded strings lie outside the pages of their file")

    def __dealloc__(self):
        free(self.text)

    def __len__(self):
        return self.count

    def blame(self):
        """Raise for bytes that do not decode."""
        raise ValueError("a front-coded string runs out of its column")

    cdef int make_room(self, Py_ssize_t size) except -1:
        cdef char* larger = <char*>realloc(self.text, size)
        if not larger:
            raise MemoryError
        self.text, self.room = larger, size
        return 0

    cdef inline int touch(self, Py_ssize_t start, Py_ssize_t stop) except -1:
        cdef Py_ssize_t page
        for page in range(start >> 14, ((stop - 1) >> 14) + 1):
            if not self.verified[page]:
                self.pages.verify(page << 14, min((page + 1) << 14, self.limit))
        return 0

    cdef Py_ssize_t number(self) except -1:
        """Read one LEB128 number."""
        cdef Py_ssize_t value = 0, shift = 0
        cdef uint8_t byte
        while True:
            if self.place >= self.blob.shape[0] or shift > 28:
                self.blame()
            self.touch(self.blob_at + self.place, self.blob_at + self.place + 1)
            byte = self.blob[self.place]
            self.place += 1
            value |= <Py_ssize_t>(byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    cdef int open_block(self, Py_ssize_t block) except -1:
        self.touch(self.heads_at + 4 * block, self.heads_at + 4 * block + 4)
        self.place = self.heads[block]
        self.kept = 0
        return self.advance()

    cdef int advance(self) except -1:
        """Make the next entry the string at hand."""
        cdef Py_ssize_t shared, rest, more
        if self.place >= self.blob.shape[0]:
            self.blame()
        self.touch(self.blob_at + self.place, self.blob_at + self.place + 1)
        shared, rest = self.blob[self.place] >> 4, self.blob[self.place] & 15
        self.place += 1
        self.size = 0
        if not shared and not rest:
            return 0
        if shared == MORE:
            shared += self.number()
        if rest == MORE:
            rest += self.number()
        if shared > self.kept or rest > LONGEST or self.place + rest > self.blob.shape[0]:
            self.blame()
        if shared + 2 * rest > self.room:
            self.make_room(2 * (shared + 2 * rest))
        self.size = shared
        if rest:
            self.touch(self.blob_at + self.place, self.blob_at + self.place + rest)
            more = spread(&self.blob[self.place], rest, <uint8_t*>self.text + shared)
            if more < 0:
                self.blame()
            self.size += more
        self.place += rest
        if self.size:
            self.kept = self.size
        return 0

    cdef int go(self, Py_ssize_t index) except -1:
        cdef Py_ssize_t i
        self.open_block(index // RUN)
        for i in range(index % RUN):
            self.advance()
        return 0

    cdef int step(self, Py_ssize_t index, Py_ssize_t start) except -1:
        """Make string `index` the one at hand, in a loop that began at `start`."""
        if index == start:
            return self.go(index)
        if index % RUN == 0:
            return self.open_block(index // RUN)
        return self.advance()

    cdef int order(self, const char* needle, Py_ssize_t size):
        """Sign of (string at hand) - needle, bytewise."""
        cdef int sign = memcmp(self.text, needle, min(self.size, size))
        if sign:
            return sign
        return (self.size > size) - (self.size < size)

    def get(self, Py_ssize_t index):
        """String number `index`, as bytes."""
        if not 0 <= index < self.count:
            raise IndexError(index)
        with self.lock:
            self.go(index)
            return PyBytes_FromStringAndSize(self.text, self.size)

    def texts(self, list places not None):
        """The strings at some places as text; what is no UTF-8 in them is replaced."""
        cdef list out = []
        cdef Py_ssize_t index
        with self.lock:
            for index in places:
                if not 0 <= index < self.count:
                    raise IndexError(index)
                self.go(index)
                out.append(PyUnicode_DecodeUTF8(self.text, self.size, "replace"))
        return out

    def slice(self, Py_ssize_t start=0, stop=None):
        """Strings `start:stop` (None: to the end), as a list of bytes."""
        cdef list out = []
        cdef Py_ssize_t i
        cdef Py_ssize_t end = self.count if stop is None else min(stop, self.count)
        start = max(start, 0)
        with self.lock:
            for i in range(start, end):
                self.step(i, start)
                out.append(PyBytes_FromStringAndSize(self.text, self.size))
        return out

    def joined(self):
        """All strings one after another: `(bytes uint8, starts int64)`, the end included."""
        import numpy as np

        cdef Py_ssize_t i, used = 0, room = 2 * self.blob.shape[0] + 64
        cdef bytearray out = bytearray(room)
        starts = np.zeros(self.count + 1, np.int64)
        cdef int64_t[::1] edges = starts
        with self.lock:
            for i in range(self.count):
                self.step(i, 0)
                if used + self.size > room:
                    room = 2 * (used + self.size)
                    out.extend(bytes(room - len(out)))
                memcpy(PyByteArray_AS_STRING(out) + used, self.text, self.size)
                used += self.size
                edges[i + 1] = used
        del out[used:]
        return np.frombuffer(out, np.uint8), starts

    def bisect(self, bytes needle not None):
        """The first index whose string is not below `needle`; the strings must ascend."""
        with self.lock:
            return self.lower_bound(needle)

    cdef Py_ssize_t lower_bound(self, bytes needle) except -1:
        cdef const char* text = PyBytes_AS_STRING(needle)
        cdef Py_ssize_t size = PyBytes_GET_SIZE(needle)
        cdef Py_ssize_t low = 0, high = self.heads.shape[0], middle, i
        while low < high:                       # the last block whose head is below needle
            middle = (low + high) // 2
            self.open_block(middle)
            if self.order(text, size) < 0:
                low = middle + 1
            else:
                high = middle
        if low == 0:
            return 0
        self.open_block(low - 1)
        for i in range((low - 1) * RUN + 1, min(low * RUN, self.count)):
            self.advance()
            if self.order(text, size) >= 0:
                return i
        return min(low * RUN, self.count)

    def find(self, bytes needle not None):
        """The index of `needle`, or -1; the strings must ascend."""
        cdef Py_ssize_t at
        with self.lock:
            at = self.lower_bound(needle)
            if at < self.count:
                self.go(at)
                if self.order(PyBytes_AS_STRING(needle), PyBytes_GET_SIZE(needle)) == 0:
                    return at
        return -1

    def find_among(self, bytes needle not None, bytes parent, Py_ssize_t start, Py_ssize_t stop):
        """The index in `start:stop` of `needle`, or -1, where an empty string stands for `parent`.

        Any order will do: the range is read from its beginning.
        """
        cdef const char* text = PyBytes_AS_STRING(needle)
        cdef Py_ssize_t size = PyBytes_GET_SIZE(needle), i
        cdef bint alike = needle == parent
        start, stop = max(start, 0), min(stop, self.count)
        with self.lock:
            for i in range(start, stop):
                self.step(i, start)
                if (alike and self.size == 0) or self.order(text, size) == 0:
                    return i
        return -1


# --- what is not among many strings

cdef enum:
    BITS = 10                   # of the filter, for each string
    PROBES = 5

cdef inline uint64_t hashed(const uint8_t* text, size_t size) noexcept nogil:
    cdef uint64_t mixed = size
    cdef size_t i
    for i in range(size):
        mixed = (mixed ^ text[i]) * <uint64_t>0x100000001B3     # FNV-1a, then MurmurHash3's last steps
    mixed = (mixed ^ (mixed >> 33)) * <uint64_t>0xFF51AFD7ED558CCD
    mixed = (mixed ^ (mixed >> 33)) * <uint64_t>0xC4CEB9FE1A85EC53
    return mixed ^ (mixed >> 33)


cdef class Filter:
    """Tells of most strings that were not added that they were not (Bloom 1970).

    Args:
        capacity: strings that it is for; with more it errs more often.
    """

    cdef uint8_t* bits
    cdef uint64_t size          # in bits
    cdef readonly Py_ssize_t capacity, count

    def __cinit__(self, Py_ssize_t capacity):
        if capacity < 1:
            raise ValueError("a filter is for one string at least")
        self.capacity, self.size = capacity, BITS * capacity
        self.bits = <uint8_t*>calloc(self.size // 8 + 1, 1)
        if self.bits == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.bits)

    def add(self, const uint8_t[::1] blob, const uint32_t[::1] edges):
        """Add packed strings."""
        cdef Py_ssize_t i
        cdef const uint8_t* first = &blob[0] if blob.shape[0] else NULL
        for i in range(edges.shape[0]):
            if edges[i] > <size_t>blob.shape[0] or (i and edges[i - 1] > edges[i]):
                raise ValueError("packed strings and their edges do not fit")
        with nogil:
            for i in range(edges.shape[0] - 1):
                self.set(hashed(first + edges[i], edges[i + 1] - edges[i]))
        self.count += max(edges.shape[0] - 1, 0)

    def may_have(self, bytes text not None):
        """False: the string was not added."""
        cdef uint64_t mixed = hashed(<const uint8_t*><const char*>text, len(text))
        cdef uint64_t step = (mixed >> 32) | 1, at
        cdef int probe
        for probe in range(PROBES):
            at = (mixed + probe * step) % self.size
            if not self.bits[at >> 3] >> (at & 7) & 1:
                return False
        return True

    cdef void set(self, uint64_t mixed) noexcept nogil:
        cdef uint64_t step = (mixed >> 32) | 1, at
        cdef int probe
        for probe in range(PROBES):
            at = (mixed + probe * step) % self.size
            self.bits[at >> 3] |= 1 << (at & 7)
