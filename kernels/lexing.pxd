# cython: language_level=3
"""Where words end, as the kernels that read text see it.

A class (0 to 7) for each code point and a table of which classes join say what a word is: a
maximal run that begins with a character of class 2 or higher; class 1 (marks) joins any word
and begins none.
"""

from libc.stdint cimport uint8_t, uint16_t, uint32_t

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)

ctypedef fused unit:
    uint8_t
    uint16_t
    uint32_t


cdef inline Py_ssize_t word_end(
    const unit* text, Py_ssize_t at, Py_ssize_t length, const uint8_t* classes, const uint8_t* joins
) noexcept nogil:
    """Where the word that begins at `at` ends (exclusive)."""
    cdef uint8_t last = classes[text[at]], here
    at += 1
    while at < length:
        here = classes[text[at]]
        if here == 1:
            at += 1
        elif joins[8 * last + here]:
            last = here
            at += 1
        else:
            break
    return at
