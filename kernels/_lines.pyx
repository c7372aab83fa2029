# cython: language_level=3
"""A document as a line of JSON."""

from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.stdlib cimport free, realloc
from libc.string cimport memcpy

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)

ctypedef fused unit:
    uint8_t
    uint16_t
    uint32_t

cdef const char* HEX = b"0123456789abcdef"


cdef struct Line:
    uint8_t* text
    size_t size, room


cdef int reserve(Line* line, size_t more) except -1:
    cdef void* larger
    if line.size + more > line.room:
        larger = realloc(line.text, line.size + more + line.room // 2)
        if larger == NULL:
            raise MemoryError
        line.text, line.room = <uint8_t*>larger, line.size + more + line.room // 2
    return 0


cdef uint8_t escape_of(uint32_t letter) noexcept nogil:
    """What stands behind the backslash for a letter; 0 where it stands for itself."""
    if letter == 34 or letter == 92:
        return letter
    if letter >= 32:
        return 0
    if letter == 10:
        return 110              # n
    if letter == 13:
        return 114              # r
    if letter == 9:
        return 116              # t
    if letter == 8:
        return 98               # b
    if letter == 12:
        return 102              # f
    return 117                  # u, with four digits


cdef Py_ssize_t quote(const unit* text, Py_ssize_t length, uint8_t* out) noexcept nogil:
    """Write text in quotes, as UTF-8; return how many bytes, or -1 for a surrogate."""
    cdef uint8_t* at = out
    cdef uint8_t escape
    cdef uint32_t letter
    cdef Py_ssize_t i
    at[0] = 34
    at += 1
    for i in range(length):
        letter = text[i]
        if letter < 0x80:
            escape = escape_of(letter)
            if not escape:
                at[0] = letter
                at += 1
                continue
            at[0], at[1] = 92, escape
            at += 2
            if escape == 117:
                at[0], at[1], at[2], at[3] = 48, 48, HEX[letter >> 4], HEX[letter & 15]
                at += 4
        elif letter < 0x800:
            at[0], at[1] = 0xC0 | (letter >> 6), 0x80 | (letter & 63)
            at += 2
        elif letter < 0x10000:
            if 0xD800 <= letter < 0xE000:
                return -1
            at[0], at[1], at[2] = 0xE0 | (letter >> 12), 0x80 | (letter >> 6 & 63), 0x80 | (letter & 63)
            at += 3
        else:
            at[0], at[1] = 0xF0 | (letter >> 18), 0x80 | (letter >> 12 & 63)
            at[2], at[3] = 0x80 | (letter >> 6 & 63), 0x80 | (letter & 63)
            at += 4
    at[0] = 34
    return at + 1 - out


cdef bint put_text(Line* line, str text) except *:
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), size
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    reserve(line, 6 * length + 8)
    if kind == 1:
        size = quote(<uint8_t*>data, length, line.text + line.size)
    elif kind == 2:
        size = quote(<uint16_t*>data, length, line.text + line.size)
    else:
        size = quote(<uint32_t*>data, length, line.text + line.size)
    if size < 0:
        return False
    line.size += size
    return True


cdef int put(Line* line, const char* text, size_t size) except -1:
    reserve(line, size)
    memcpy(line.text + line.size, text, size)
    line.size += size
    return 0


def line_of(dict document not None):
    """A document of plain values as a line of JSON, in UTF-8 and without blanks.

    Returns:
        What `json.dumps(document, ensure_ascii=False, separators=(",", ":"))` gives; None where it
        holds more than str keys and str, whole numbers, true, false and null, or a surrogate.
    """
    cdef Line line
    cdef bytes number
    line.text, line.size, line.room = NULL, 0, 0
    try:
        reserve(&line, 1 << 10)
        put(&line, b"{", 1)
        for name, value in document.items():
            if line.size > 1:
                put(&line, b",", 1)
            if type(name) is not str or not put_text(&line, name):
                return None
            put(&line, b":", 1)
            kind = type(value)
            if kind is str:
                if not put_text(&line, value):
                    return None
            elif kind is int:
                number = str(value).encode()
                put(&line, number, len(number))
            elif value is None:
                put(&line, b"null", 4)
            elif value is True:
                put(&line, b"true", 4)
            elif value is False:
                put(&line, b"false", 5)
            else:
                return None
        put(&line, b"}", 1)
        return PyBytes_FromStringAndSize(<const char*>line.text, line.size)
    finally:
        free(line.text)
