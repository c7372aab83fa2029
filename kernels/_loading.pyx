# cython: language_level=3
"""Documents in from squeezed lines of JSON: the way back from `_dumping`.

Most of a line is texts, and most of these letters of one byte: they are widened many at a time.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.unicode cimport PyUnicode_FromKindAndData
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memchr

from squeezed cimport SWITCH, spread_bytes

cdef extern from *:
    """
    #include <stddef.h>
    #include <stdint.h>

    /* Widens the letters before the first backslash or control character; returns how many. */
    static ptrdiff_t widen(const uint8_t* restrict text, const ptrdiff_t count, uint16_t* restrict out) {
        ptrdiff_t i = 0;
        for (; i + 32 <= count; i += 32) {
            uint8_t ends = 0;
            for (int j = 0; j < 32; j++) {
                const uint8_t a = text[i + j];
                out[i + j] = (uint16_t)(a + (a >> 7) * 0x580);
                ends |= (a < 0x20) | (a == 0x5C);
            }
            if (ends) {
                break;
            }
        }
        for (; i < count && text[i] >= 0x20 && text[i] != 0x5C; i++) {
            out[i] = (uint16_t)(text[i] + (text[i] >> 7) * 0x580);
        }
        return i;
    }
    """
    Py_ssize_t widen(const uint8_t* text, Py_ssize_t count, uint16_t* out) noexcept nogil

cdef struct Line:
    const uint8_t* at
    const uint8_t* end
    uint16_t* text              # room for as many characters as the line has bytes


cdef inline const uint8_t* find(const uint8_t* at, const uint8_t* end, int sign) noexcept nogil:
    """Where a byte stands first, or the end."""
    cdef const void* found = memchr(at, sign, end - at)
    return <const uint8_t*>found if found else end


cdef const uint8_t* text_end(const uint8_t* begin, const uint8_t* end) noexcept nogil:
    """Where the quote stands that ends a text; `end` if there is none."""
    cdef const uint8_t* quote = find(begin, end, c'"')
    cdef const uint8_t* at
    while quote < end:
        at = quote
        while at > begin and (at - 1)[0] == c"\\":
            at -= 1
        if not (quote - at) & 1:
            break
        quote = find(quote + 1, end, c'"')
    return quote


cdef int escaped(uint8_t sign) noexcept nogil:
    """The character that a sign stands for after a backslash; -1 where it takes more than that."""
    if sign == c'"' or sign == c"\\" or sign == c"/":
        return sign
    if sign == c"n":
        return c"\n"
    if sign == c"t":
        return c"\t"
    if sign == c"r":
        return c"\r"
    if sign == c"b":
        return c"\b"
    return c"\f" if sign == c"f" else -1


cdef inline int raw_letter(const uint8_t** at, const uint8_t* end) noexcept nogil:
    """A character of UTF-8, which is read past; -1 where it has four bytes, or is none."""
    cdef const uint8_t* text = at[0]
    cdef int code = text[0]
    if code < 0x80:
        at[0] = text + 1
        return code
    if end - text < 2 or text[1] & 0xC0 != 0x80 or code < 0xC2:
        return -1
    if code < 0xE0:
        at[0] = text + 2
        return (code & 0x1F) << 6 | (text[1] & 0x3F)
    if end - text < 3 or text[2] & 0xC0 != 0x80 or code >= 0xF0:
        return -1
    code = (code & 0x0F) << 12 | (text[1] & 0x3F) << 6 | (text[2] & 0x3F)
    at[0] = text + 3
    return code if code >= 0x800 and not 0xD800 <= code < 0xE000 else -1


cdef Py_ssize_t decode(const uint8_t* at, const uint8_t* end, uint16_t* out) noexcept nogil:
    """Decode a squeezed text without its quotes.

    Returns:
        How many characters it has; -1 where one takes more than two bytes of `out`, or six of
        the line, or where it is no JSON.
    """
    cdef uint16_t* to = out
    cdef Py_ssize_t count
    cdef int letter
    cdef bint raw = False
    while at < end:
        if not raw:
            count = widen(at, end - at, to)
            at, to = at + count, to + count
            if at == end:
                break
        if at[0] == SWITCH:
            raw = not raw
            at += 1
            continue
        if at[0] == c"\\":
            letter = escaped(at[1]) if at + 1 < end else -1
            raw = raw and letter != c'"'
            at += 2
        else:
            letter = raw_letter(&at, end) if at[0] >= 0x20 else -1
        if letter < 0:
            return -1
        to[0] = letter
        to += 1
    return to - out


cdef str take_text(Line* line):
    """The text that begins at a quote, which is read past; None where `decode` has none."""
    cdef const uint8_t* end = text_end(line.at + 1, line.end)
    cdef Py_ssize_t size
    if end == line.end:
        return None
    size = decode(line.at + 1, end, line.text)
    line.at = end + 1
    return PyUnicode_FromKindAndData(2, line.text, size) if size >= 0 else None


cdef bytes take_other(Line* line):
    """The JSON of a value that is no text, in UTF-8, which is read past."""
    cdef const uint8_t* begin = line.at
    cdef Py_ssize_t depth = 0
    while line.at < line.end:
        if line.at[0] == c'"':
            line.at = text_end(line.at + 1, line.end)
            if line.at == line.end:
                break
        elif line.at[0] == c"[" or line.at[0] == c"{":
            depth += 1
        elif line.at[0] == c"]" or line.at[0] == c"}":
            if not depth:
                break
            depth -= 1
        elif line.at[0] == c"," and not depth:
            break
        line.at += 1
    return spread_from(begin, line.at - begin)


cdef bytes spread_from(const uint8_t* text, Py_ssize_t size):
    cdef uint8_t* wide = <uint8_t*>malloc(2 * size + 1)
    if not wide:
        raise MemoryError
    try:
        return PyBytes_FromStringAndSize(<const char*>wide, spread_bytes(text, size, wide))
    finally:
        free(wide)


def spread(bytes lines not None):
    """Squeezed lines in UTF-8: what `squeeze` was given."""
    return spread_from(<const uint8_t*>PyBytes_AS_STRING(lines), PyBytes_GET_SIZE(lines))


cdef dict take_document(Line* line, others):
    """The document of a line; None where it is not as `load` says."""
    cdef dict document = {}
    cdef bint first = True
    cdef str name, text
    if line.end - line.at < 2 or (line.end - 1)[0] != c"}":
        return None
    if line.end - line.at == 2:
        return document if line.at[0] == c"{" else None
    while first or line.at < line.end - 1:
        if line.at[0] != (c"{" if first else c",") or line.at[1] != c'"':
            return None
        first = False
        line.at += 1
        name = take_text(line)
        if name is None or line.at[0] != c":":
            return None
        line.at += 1
        if line.at[0] == c'"':
            text = take_text(line)
            if text is None:
                return None
            document[name] = text
        else:
            document[name] = others(take_other(line))
    return document if line.at == line.end - 1 else None


def load(bytes data not None, Py_ssize_t start, Py_ssize_t stop, others):
    """The document of a squeezed line of JSON.

    Args:
        data: the line is `data[start:stop]`.
        others: gives the value of the JSON, in bytes, of what is no text.

    Returns:
        The document, or None where the line is not as `dump` writes it, or has a character of
        four bytes or one that is escaped by its number: then it takes another reader.
    """
    cdef Line line
    if not 0 <= start <= stop <= PyBytes_GET_SIZE(data):
        raise ValueError("a line lies in its data")
    line.at = <const uint8_t*>PyBytes_AS_STRING(data) + start
    line.end = line.at + (stop - start)
    line.text = <uint16_t*>malloc(2 * (stop - start) + 2)
    if not line.text:
        raise MemoryError
    try:
        return take_document(&line, others)
    finally:
        free(line.text)


def find_line(bytes data not None, Py_ssize_t number):
    """Where a line begins and ends in some data, and how many lines there are.

    Args:
        number: of the line, from 0; where there is none of that number, it is an empty one at the
            end.
    """
    cdef const uint8_t* first = <const uint8_t*>PyBytes_AS_STRING(data)
    cdef const uint8_t* end = first + PyBytes_GET_SIZE(data)
    cdef const uint8_t* at = first
    cdef const uint8_t* stop = find(first, end, c"\n")
    cdef Py_ssize_t start = 0 if number == 0 else end - first, last = stop - first if number == 0 else start
    cdef Py_ssize_t lines = 1
    while stop < end:
        at = stop + 1
        stop = find(at, end, c"\n")
        if lines == number:
            start, last = at - first, stop - first
        lines += 1
    return start, last, lines


cdef class Blocks:
    """Which documents are in which block, and where the blocks are.

    Args:
        firsts: uint32, the first document of each block.
        ends: uint64, where each block ends in the data.
        sizes: uint32, bytes of each block when decompressed.
        documents: the number of all.
    """

    cdef const uint32_t[::1] firsts, sizes
    cdef const uint64_t[::1] ends
    cdef Py_ssize_t documents

    def __cinit__(
        self, const uint32_t[::1] firsts, const uint64_t[::1] ends, const uint32_t[::1] sizes, Py_ssize_t documents
    ):
        self.firsts, self.ends, self.sizes, self.documents = firsts, ends, sizes, documents
        if not self.firsts.shape[0] == self.ends.shape[0] == self.sizes.shape[0]:
            raise ValueError("blocks have a first document, an end and a size each")

    def place(self, Py_ssize_t block):
        """Where a block begins and ends in the data, and its size when decompressed."""
        if not 0 <= block < self.ends.shape[0]:
            raise IndexError(block)
        return self.ends[block - 1] if block else 0, self.ends[block], self.sizes[block]

    def find(self, Py_ssize_t doc):
        """The last block that begins at a document or before it, its first document and the one
        after its last; the block is -1 where there is none."""
        cdef Py_ssize_t low = 0, high = self.firsts.shape[0], middle
        while low < high:
            middle = (low + high) >> 1
            if <Py_ssize_t>self.firsts[middle] <= doc:
                low = middle + 1
            else:
                high = middle
        if not low:
            return -1, 0, 0
        return low - 1, self.firsts[low - 1], self.firsts[low] if low < self.firsts.shape[0] else self.documents
