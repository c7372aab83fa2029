# cython: language_level=3
"""What the kernels that find occurrences hand to those that show them, as bytes."""

from libc.stdint cimport uint32_t

cdef struct Occurrence:         # struct.unpack("IIdII")
    uint32_t position           # of its first word, among the words of the field
    uint32_t word               # of the query
    double weight
    uint32_t last               # position of its last word
    uint32_t which              # document, as an index into those that were asked about
