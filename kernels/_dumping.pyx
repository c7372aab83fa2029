# cython: language_level=3
"""Documents out as lines of JSON, without leaving their encoded text behind in memory.

Encoders that ask a str for its UTF-8 have it kept beside the str for as long as that lives.
"""

from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.unicode cimport PyUnicode_CheckExact
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcpy

from lexing cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, unit
from squeezed cimport LETTER, SWITCH, squeeze_bytes

cdef enum:
    LONGEST = 6                 # bytes of a character: \u001f
    ONE_BYTE = 0x680            # characters under this are squeezed into a byte, but for some

cdef uint8_t SQUEEZED[ONE_BYTE] # what such a character becomes, or 0

cdef str NO_JSON = "a line of JSON has no control characters"
cdef const char* HEX = b"0123456789abcdef"


cdef void fill_squeezed() noexcept:
    """Fill the table, once, when the module is loaded: one look-up tells letters, spaces and what is
    written otherwise, where branches could not be foreseen."""
    cdef int code
    for code in range(0x20, ONE_BYTE):
        if code < 0x80 and code != c'"' and code != c"\\":
            SQUEEZED[code] = code
        elif code >= 0x80 + LETTER:
            SQUEEZED[code] = code - LETTER


fill_squeezed()


cdef enum:
    WRITTEN = 0                 # what comes of writing
    NO_MEMORY = 1
    CANNOT_BE = 2               # a text has a lone surrogate, or a line a byte that JSON has not


cdef struct Line:
    uint8_t* data
    Py_ssize_t size, room


cdef struct Part:
    const void* data
    Py_ssize_t length
    int kind                    # of a text, bytes of a character; 0: bytes as they are


cdef int reserve(Line* line, Py_ssize_t more) noexcept nogil:
    cdef void* larger
    if line.size + more > line.room:
        larger = realloc(line.data, line.size + more + line.room)
        if larger == NULL:
            return NO_MEMORY
        line.data, line.room = <uint8_t*>larger, line.size + more + line.room
    return WRITTEN


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


cdef inline uint8_t* encode(uint8_t* to, uint32_t code) noexcept nogil:
    """A character that takes two bytes or more in UTF-8."""
    if code < 0x800:
        to[0], to[1] = 0xC0 | (code >> 6), 0x80 | (code & 0x3F)
        return to + 2
    if code < 0x10000:
        to[0], to[1], to[2] = 0xE0 | (code >> 12), 0x80 | ((code >> 6) & 0x3F), 0x80 | (code & 0x3F)
        return to + 3
    to[0], to[1] = 0xF0 | (code >> 18), 0x80 | ((code >> 12) & 0x3F)
    to[2], to[3] = 0x80 | ((code >> 6) & 0x3F), 0x80 | (code & 0x3F)
    return to + 4


cdef Py_ssize_t quote(const unit* text, Py_ssize_t length, bint squeezed, uint8_t* first) noexcept nogil:
    """Write a text in quotes; return how many bytes that took, or -1 for a lone surrogate."""
    cdef uint8_t* to = first
    cdef Py_ssize_t i
    cdef uint32_t code, single = ONE_BYTE if squeezed else 0x80
    cdef uint8_t byte
    cdef bint raw = not squeezed        # in the mode of UTF-8, which lines that are not squeezed never leave
    to[0] = c'"'
    to += 1
    for i in range(length):
        code = text[i]
        byte = SQUEEZED[code] if code < single else 0
        if byte:
            if raw and byte >= 0x80:
                to[0] = SWITCH
                to += 1
                raw = False
            to[0] = byte
            to += 1
        elif code < 0x80:
            raw = raw and not (squeezed and code == c'"')
            to = escape(to, code)
        elif 0xD800 <= code < 0xE000:
            return -1
        else:
            if not raw:
                to[0] = SWITCH
                to += 1
                raw = True
            to = encode(to, code)
    to[0] = c'"'
    return to + 1 - first


cdef Part part_of(str text):
    """A text that is kept by someone."""
    return Part(PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text), PyUnicode_KIND(text))


cdef int put(Line* line, const char* data, Py_ssize_t size) noexcept nogil:
    """Append bytes."""
    if reserve(line, size):
        return NO_MEMORY
    memcpy(line.data + line.size, data, size)
    line.size += size
    return WRITTEN


cdef int add(Line* line, const Part* part, bint squeezed) noexcept nogil:
    """Append a text in quotes; or lines in UTF-8, which are always squeezed."""
    cdef Py_ssize_t size
    cdef uint8_t* to
    if reserve(line, LONGEST * part.length + 2):
        return NO_MEMORY
    to = line.data + line.size
    if part.kind == 0:
        size = squeeze_bytes(<const uint8_t*>part.data, part.length, to)
    elif part.kind == 1:
        size = quote(<const uint8_t*>part.data, part.length, squeezed, to)
    elif part.kind == 2:
        size = quote(<const uint16_t*>part.data, part.length, squeezed, to)
    else:
        size = quote(<const uint32_t*>part.data, part.length, squeezed, to)
    if size < 0:
        return CANNOT_BE
    line.size += size
    return WRITTEN


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
        if reserve(&line, 1 << 10):
            raise MemoryError
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


cdef bint add_text(Line* line, str text) except? 2:
    """Append a text in quotes; False where it has a lone surrogate."""
    cdef Part part = part_of(text)
    cdef int found = add(line, &part, False)
    if found == NO_MEMORY:
        raise MemoryError
    return found == WRITTEN


cdef int add_bytes(Line* line, bytes data) except -1:
    if put(line, <const char*>data, len(data)):
        raise MemoryError
    return 0


def squeeze(bytes lines not None):
    """Lines of JSON, squeezed: see `docs/format.md`.

    Raises:
        ValueError: for lines with the byte 1, which JSON has not.
    """
    cdef Part part = line_part(lines)
    cdef Line line
    line.data, line.size, line.room = NULL, 0, 0
    try:
        error = add(&line, &part, True)
        if error == NO_MEMORY:
            raise MemoryError
        if error:
            raise ValueError(NO_JSON)
        return PyBytes_FromStringAndSize(<char*>line.data, line.size)
    finally:
        free(line.data)


# --- many documents

cdef struct Blocks:
    Line line
    uint64_t* spans             # of each block: where it begins, and how long it is
    uint32_t* firsts            # of each block: its first document
    Py_ssize_t count, size
    bint begun                  # the last block has a document


cdef bint is_plain(document):
    """Whether it is a line, or a document of texts alone."""
    if type(document) is bytes:
        return True
    for name, value in (<dict?>document).items():
        if not PyUnicode_CheckExact(name) or not PyUnicode_CheckExact(value):
            return False
    return True


cdef Part line_part(bytes line):
    return Part(<const char*>line, len(line), 0)


cdef Py_ssize_t take_apart(document, Part* parts) except -1:
    """The names and values of a document, or its line; return how many parts that makes."""
    cdef Py_ssize_t count = 0
    if type(document) is bytes:
        parts[0] = line_part(document)
        return 1
    for name, value in (<dict>document).items():
        parts[count], parts[count + 1] = part_of(name), part_of(value)
        count += 2
    return count


cdef int write_document(Line* line, const Part* parts, Py_ssize_t count) noexcept nogil:
    """Append a document, squeezed: its line, where the first part is one, or names and values."""
    cdef Py_ssize_t i
    cdef int error
    if count and parts[0].kind == 0:
        return add(line, parts, True)
    error = put(line, b"{", 1)
    for i in range(count):
        if i:
            error |= put(line, b":" if i & 1 else b",", 1)
        if not error:
            error = add(line, &parts[i], True)
        if error:
            return error
    return error | put(line, b"}", 1)


cdef void close(Blocks* blocks) noexcept nogil:
    """End the last block."""
    cdef Py_ssize_t at = blocks.count
    blocks.spans[2 * at + 1] = blocks.line.size - blocks.spans[2 * at]
    blocks.count += 1
    blocks.begun = False


cdef Py_ssize_t write_all(
    Blocks* blocks, const Part* parts, const Py_ssize_t* firsts, Py_ssize_t at, Py_ssize_t count
) noexcept nogil:
    """Write documents from `at` on; return the one that cannot be written, or their count, or -1."""
    cdef Py_ssize_t before
    cdef int error
    cdef Line* line = &blocks.line
    for at in range(at, count):
        before = line.size
        error = put(line, b"\n", 1) if blocks.begun else WRITTEN
        if not error:
            error = write_document(line, parts + firsts[at], firsts[at + 1] - firsts[at])
        if error:
            line.size = before
            return at if error == CANNOT_BE else -1
        if not blocks.begun:
            blocks.spans[2 * blocks.count], blocks.firsts[blocks.count] = before, at
            blocks.begun = True
        if line.size + 1 - <Py_ssize_t>blocks.spans[2 * blocks.count] >= blocks.size:
            close(blocks)
    if blocks.begun:
        close(blocks)
    return count


def text_size(dict document not None, known not None):
    """Characters of the values of a document; -1 if one is no text, or of a name not known."""
    cdef Py_ssize_t size = 0
    for name, value in document.items():
        if not PyUnicode_CheckExact(value) or name not in known:
            return -1
        size += PyUnicode_GET_LENGTH(value)
    return size


def dump_blocks(documents, Py_ssize_t size, others):
    """Documents as lines of JSON, squeezed, laid out in blocks. Other threads can run meanwhile.

    Args:
        documents: values by name, which nobody changes meanwhile; or lines, in bytes, not squeezed.
        size: a block ends when it has this many bytes or more, a line feed after each line.
        others: gives the line, in bytes, of a document that is not texts in UTF-8 alone.

    Returns:
        `(data, spans, firsts)`: the bytes of all blocks, with line feeds between the documents of
        one; uint64, where each block begins in them and how long it is; uint32, the number of its
        first document.

    Raises:
        ValueError: for a line with the byte 1.
    """
    import numpy as np

    # `held` keeps what the parts lie in
    cdef list held = [each if is_plain(each) else others(each) for each in documents]
    cdef Py_ssize_t i, at = 0, count = len(held), total = 0
    cdef Blocks out
    cdef Part* parts = NULL
    cdef Py_ssize_t* firsts = NULL
    spans_array, first_array = np.empty(2 * count + 1, np.uint64), np.empty(count + 1, np.uint32)
    cdef uint64_t[::1] spans = spans_array
    cdef uint32_t[::1] first_of = first_array
    for each in held:
        total += 1 if type(each) is bytes else 2 * len(each)
    out.line.data, out.line.size, out.line.room = NULL, 0, 0
    out.spans, out.firsts = &spans[0], &first_of[0]
    out.size, out.begun, out.count = size, False, 0
    try:
        parts = <Part*>malloc((total + 1) * sizeof(Part))
        firsts = <Py_ssize_t*>malloc((count + 1) * sizeof(Py_ssize_t))
        if parts == NULL or firsts == NULL or reserve(&out.line, 1 << 10):
            raise MemoryError
        firsts[0] = 0
        for i in range(count):
            firsts[i + 1] = firsts[i] + take_apart(held[i], parts + firsts[i])
        while True:
            with nogil:
                at = write_all(&out, parts, firsts, at, count)
            if at < 0:
                raise MemoryError
            if at == count:
                break
            if type(held[at]) is bytes:
                raise ValueError(NO_JSON)
            line = others(held[at])
            held.append(line)
            parts[firsts[at]] = line_part(line)
        return (
            PyBytes_FromStringAndSize(<char*>out.line.data, out.line.size),
            spans_array[: 2 * out.count].copy(),
            first_array[: out.count].copy(),
        )
    finally:
        free(out.line.data)
        free(parts)
        free(firsts)
