# cython: language_level=3
"""Documents out as lines of JSON, without leaving their encoded text behind in memory.

Encoders that ask a str for its UTF-8 have it kept beside the str for as long as that lives.
"""

from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.unicode cimport PyUnicode_CheckExact
from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcpy

from lexing cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, unit

cdef enum:
    LONGEST = 6                 # bytes of a character: \u001f

cdef const char* HEX = b"0123456789abcdef"


cdef struct Line:
    uint8_t* data
    Py_ssize_t size, room


cdef int reserve(Line* line, Py_ssize_t more) except -1:
    cdef void* larger
    if line.size + more > line.room:
        larger = realloc(line.data, line.size + more + line.room)
        if larger == NULL:
            raise MemoryError
        line.data, line.room = <uint8_t*>larger, line.size + more + line.room
    return 0


cdef inline uint8_t* escape(uint8_t* to, uint32_t code) noexcept nogil:
    """A quote, a backslash or a control character."""
    to[0] = c"\\"
    if code == c'"' or code == c"\\":
        to[1] = code
    elif code == c"\n":
        to[1] = c"n"
    elif code == c"\t":
        to[1] = c"t"
    elif code == c"\r":
        to[1] = c"r"
    elif code == c"\b":
        to[1] = c"b"
    elif code == c"\f":
        to[1] = c"f"
    else:
        memcpy(to + 1, b"u00", 3)
        to[4], to[5] = HEX[code >> 4], HEX[code & 15]
        return to + 6
    return to + 2


cdef Py_ssize_t quote(const unit* text, Py_ssize_t length, uint8_t* first) noexcept nogil:
    """Write a text in quotes; return how many bytes that took, or -1 for a lone surrogate."""
    cdef uint8_t* to = first
    cdef Py_ssize_t i
    cdef uint32_t code
    to[0] = c'"'
    to += 1
    for i in range(length):
        code = text[i]
        if code < 0x80:
            if code < 0x20 or code == c'"' or code == c"\\":
                to = escape(to, code)
            else:
                to[0] = code
                to += 1
        elif code < 0x800:
            to[0], to[1] = 0xC0 | (code >> 6), 0x80 | (code & 0x3F)
            to += 2
        elif code < 0x10000:
            if 0xD800 <= code < 0xE000:
                return -1
            to[0], to[1], to[2] = 0xE0 | (code >> 12), 0x80 | ((code >> 6) & 0x3F), 0x80 | (code & 0x3F)
            to += 3
        else:
            to[0], to[1] = 0xF0 | (code >> 18), 0x80 | ((code >> 12) & 0x3F)
            to[2], to[3] = 0x80 | ((code >> 6) & 0x3F), 0x80 | (code & 0x3F)
            to += 4
    to[0] = c'"'
    return to + 1 - first


cdef bint add_text(Line* line, str text) except? 2:
    """Append a text in quotes; False where it has a lone surrogate."""
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), size
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    reserve(line, LONGEST * length + 2)
    cdef uint8_t* to = line.data + line.size
    if kind == 1:
        size = quote(<uint8_t*>data, length, to)
    elif kind == 2:
        size = quote(<uint16_t*>data, length, to)
    else:
        size = quote(<uint32_t*>data, length, to)
    if size < 0:
        return False
    line.size += size
    return True


cdef int add_bytes(Line* line, bytes data) except -1:
    reserve(line, len(data))
    memcpy(line.data + line.size, <const char*>data, len(data))
    line.size += len(data)
    return 0


def dump(dict document not None, others):
    """A document as one line of JSON.

    Args:
        document: values by name.
        others: gives the JSON, in bytes, of a value that is not text.

    Returns:
        The line in UTF-8, or None: a name is no text, or a text has a lone surrogate.
    """
    cdef Line line
    cdef bint first = True
    line.data, line.size, line.room = NULL, 0, 0
    try:
        reserve(&line, 1 << 10)
        for name, value in document.items():
            add_bytes(&line, b"{" if first else b",")
            first = False
            if not PyUnicode_CheckExact(name) or not add_text(&line, name):
                return None
            add_bytes(&line, b":")
            if not PyUnicode_CheckExact(value):
                add_bytes(&line, others(value))
            elif not add_text(&line, value):
                return None
        add_bytes(&line, b"{}" if first else b"}")
        return PyBytes_FromStringAndSize(<char*>line.data, line.size)
    finally:
        free(line.data)
