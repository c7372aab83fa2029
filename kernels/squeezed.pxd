# cython: language_level=3
"""Squeezed lines: JSON in UTF-8, but that the letters from U+0600 to U+067F take one byte.

There are two modes. In the first one a byte from 80 to FF is one of these letters; in the second
one it is a byte of UTF-8. Each quote and each line feed leads back to the first, and the byte 1,
which no JSON has, to the other one (docs/format.md).
"""

from libc.stdint cimport uint8_t

cdef enum:
    SWITCH = 1                  # from one mode to the other
    LETTER = 0x580              # what a letter's code is above its byte


cdef inline bint is_letter(const uint8_t* text, Py_ssize_t size) noexcept nogil:
    """Whether UTF-8 begins with a letter that is squeezed into one byte."""
    return size > 1 and text[0] & 0xFE == 0xD8 and text[1] & 0xC0 == 0x80


cdef inline Py_ssize_t squeeze_bytes(const uint8_t* text, Py_ssize_t size, uint8_t* out) noexcept nogil:
    """Squeeze lines in UTF-8 into at most twice as many bytes; return how many, or -1 for a byte 1."""
    cdef Py_ssize_t i = 0
    cdef uint8_t* to = out
    cdef bint raw = False, letter
    while i < size:
        if text[i] < 0x80:
            if text[i] == SWITCH:
                return -1
            raw = raw and text[i] != c'"' and text[i] != c"\n"
            to[0] = text[i]
        else:
            letter = is_letter(text + i, size - i)
            if raw == letter:
                to[0] = SWITCH
                to += 1
                raw = not letter
            to[0] = 0x80 | (text[i] & 1) << 6 | (text[i + 1] & 63) if letter else text[i]
            i += letter
        i += 1
        to += 1
    return to - out


cdef inline Py_ssize_t spread_bytes(const uint8_t* text, Py_ssize_t size, uint8_t* out) noexcept nogil:
    """Undo `squeeze_bytes`; there are at most twice as many bytes. Return how many."""
    cdef Py_ssize_t i
    cdef uint8_t* to = out
    cdef bint raw = False
    for i in range(size):
        if text[i] == SWITCH:
            raw = not raw
        elif text[i] >= 0x80 and not raw:
            to[0], to[1] = 0xD8 | (text[i] >> 6 & 1), 0x80 | (text[i] & 63)
            to += 2
        else:
            raw = raw and text[i] != c'"' and text[i] != c"\n"
            to[0] = text[i]
            to += 1
    return to - out
