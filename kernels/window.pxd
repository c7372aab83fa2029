# cython: language_level=3
"""Windows of documents: what the parts of a query give to some 2,048 documents at a time.

Of each document in the blocks of 16 that are looked at a window has the most that the parts can
give to it, in units (see `part`). Only for the few whose bound reaches the threshold is it looked
up what each part gives, and added up: always in the same order, so that a score is the same to
the last bit whatever is held.
"""

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memset

from bounds cimport CEILING, add_row, raise_bound, reaching
from cursor cimport Cursor, detail, seek, settle
from near cimport prefetch
from packed cimport BLOCK
from part cimport (
    GROUPS,
    WINDOW,
    Part,
    first_at,
    first_cell,
    lowest,
    lowest_bit,
    skip_to,
    value_among,
    value_of,
)

cdef enum:
    STRIDES = WINDOW // 256  # of 16 blocks of 16 documents


cdef struct Window:
    uint32_t base            # the first document, a multiple of WINDOW
    uint16_t blocks[STRIDES] # a bit for each block, set where it is looked at
    Py_ssize_t count         # how many are found
    uint16_t found[WINDOW]   # the documents that are looked for, less the base, ascending
    uint8_t flags[WINDOW + 1]    # 1 for those found
    uint16_t bounds[WINDOW]  # of the blocks that are looked at
    double* sums             # frequencies in the part at hand, 0 between parts; NULL where none is read


cdef inline Window* open_window(bint reading) noexcept nogil:
    """A window, to be closed; NULL where there is no memory.

    Args:
        reading: parts of it will be read.
    """
    cdef Window* window = <Window*>malloc(sizeof(Window))
    if window:
        window.count = 0
        memset(window.flags, 0, sizeof(window.flags))
        window.sums = <double*>calloc(WINDOW, sizeof(double)) if reading else NULL
        if reading and not window.sums:
            free(window)
            return NULL
    return window


cdef inline void close_window(Window* window) noexcept nogil:
    if window:
        free(window.sums)
        free(window)


cdef inline void sum_window(Cursor* c, uint32_t base, double* sums, uint64_t* met) noexcept nogil:
    """Add the cursor's weighted frequencies of the documents base .. base + WINDOW to `sums`.

    Weights are not negative; `met` has a bit for each document that has a posting.
    """
    cdef uint32_t doc, at
    cdef Py_ssize_t i, end, ahead
    while settle(c):
        i = c.at & (BLOCK - 1)
        if c.doc_block[i] - base >= <uint32_t>WINDOW or not detail(c):
            return
        end = min(c.stop - (c.block << 7), <Py_ssize_t>BLOCK)
        for ahead in range(i, end):
            prefetch(&c.inverses[c.doc_block[ahead]])
        while i < end:
            doc = c.doc_block[i]
            at = doc - base
            if at >= <uint32_t>WINDOW:
                break
            if c.form_block[i] < <uint32_t>c.widest and doc < <uint32_t>c.documents:
                sums[at] += <double>c.weights[c.form_block[i]] * c.tf_block[i] * c.inverses[doc]
                met[at >> 6] |= <uint64_t>1 << (at & 63)
            i += 1
        c.at = (c.block << 7) + i
        if i < end:
            return


cdef inline void sum_wanted(Cursor* c, Window* window) noexcept nogil:
    """Add the cursor's weighted frequencies of the documents found in a window to its sums.

    Blocks that have none of them are not decoded, forms and frequencies only where one is met.
    """
    cdef uint8_t picked[BLOCK]
    cdef uint32_t doc, form, last, base = window.base
    cdef Py_ssize_t i, end, count, at = 0
    while at < window.count and seek(c, base + window.found[at]):
        end = min(c.stop - (c.block << 7), <Py_ssize_t>BLOCK)
        count = 0
        for i in range(c.at & (BLOCK - 1), end):
            picked[count] = <uint8_t>i
            count += window.flags[min(c.doc_block[i] - base, <uint32_t>WINDOW)]
        if count and not detail(c):
            return
        for i in range(count):
            doc = c.doc_block[picked[i]]
            form = c.form_block[picked[i]]
            if form < <uint32_t>c.widest and doc < <uint32_t>c.documents:
                window.sums[doc - base] += <double>c.weights[form] * c.tf_block[picked[i]] * c.inverses[doc]
        last = c.doc_block[end - 1] - base
        if last >= <uint32_t>WINDOW:
            return
        c.at = (c.block << 7) + end
        while at < window.count and window.found[at] < last:
            at += 1


cdef inline void turn_to(Window* window, Part* part) noexcept nogil:
    """Find a part's impacts of the documents of a window, where it is held of very few."""
    part.first = skip_to(part, window.base)
    part.at = first_at(part, part.first, min(part.first + WINDOW, part.stop), <uint64_t>window.base + WINDOW)


cdef inline double given(Window* window, Part* part, uint16_t place) noexcept nogil:
    """What a part gives to a document of a window for which it was added or completed."""
    if part.given:
        return part.idf * part.given.impacts[place] if part.given.met[place >> 6] >> (place & 63) & 1 else 0
    if part.docs:
        return part.idf * value_among(part, part.first, part.at, window.base + place)
    return part.idf * value_of(part, window.base + place)


cdef inline void bring_near(Window* window, Part* parts, Py_ssize_t count) noexcept nogil:
    """Have the rows of the blocks that are looked at in cache: these are far from one another."""
    cdef Py_ssize_t i, j
    cdef uint32_t left, doc
    for i in range(STRIDES):
        left = window.blocks[i]
        while left:
            doc = window.base + 256 * i + 16 * lowest_bit(left)
            left &= left - 1
            for j in range(count):
                if parts[j].row and doc < <uint32_t>parts[j].documents:
                    prefetch(parts[j].row + doc)


cdef inline void clear(Window* window) noexcept nogil:
    """Set the bounds of the blocks that are looked at to 0."""
    cdef Py_ssize_t i
    cdef uint32_t left
    for i in range(STRIDES):
        left = window.blocks[i]
        while left:
            memset(&window.bounds[256 * i + 16 * lowest_bit(left)], 0, 16 * sizeof(uint16_t))
            left &= left - 1


cdef inline void add_docs(Window* window, Part* part) noexcept nogil:
    """Add what a part can give to the documents of a window, where it is held of very few."""
    cdef Py_ssize_t i
    cdef double units = part.units
    turn_to(window, part)
    for i in range(part.first, part.at):
        raise_bound(&window.bounds[part.docs[i] - window.base], <uint32_t>(units * part.values[i]) + 1)


cdef inline void give(Window* window, Part* part, Py_ssize_t place) noexcept nogil:
    """Add what a part that is read gives to a document, where the sum of its frequencies is not 0."""
    cdef double tf = window.sums[place]
    cdef float impact
    window.sums[place] = 0
    if tf > 0:
        impact = <float>(tf / (part.k1 + tf))   # as `Impacts` have it
        part.given.impacts[place] = impact
        part.given.met[place >> 6] |= <uint64_t>1 << (place & 63)
        raise_bound(&window.bounds[place], <uint32_t>(part.units * impact) + 1)


cdef inline void add_read(Window* window, Part* part) noexcept nogil:
    """Add what a part's postings give to the documents of a window."""
    cdef uint64_t met[GROUPS]
    cdef uint64_t left
    cdef Py_ssize_t i, j
    memset(met, 0, sizeof(met))
    memset(part.given.met, 0, sizeof(met))
    for i in range(part.runs):
        if seek(&part.cursors[i], window.base):
            sum_window(&part.cursors[i], window.base, window.sums, met)
    for i in range(GROUPS):
        left = met[i]
        while left:
            j = 64 * i + lowest_bit(left)
            left &= left - 1
            give(window, part, j)


cdef inline uint32_t peak(Part* part, uint32_t doc) noexcept nogil:
    """What a part can give to any document of a block, of which the first is given."""
    if not part.peaks or doc >= <uint32_t>part.documents:
        return 0
    return <uint32_t>part.peaks[doc >> 4] * part.weight >> 8


cdef inline void add_cells(Part* part, uint32_t doc, uint16_t* bounds) noexcept nogil:
    """Add what a part's cells can give to the documents of a block."""
    cdef Py_ssize_t i
    for i in range(first_cell(part, doc >> 4), first_cell(part, (doc >> 4) + 1)):
        raise_bound(&bounds[part.cells[i] >> 8 & 15], <uint32_t>(part.cells[i] & 255) * part.weight >> 8)


cdef inline bint lay_block(uint16_t* bounds, Part* parts, Py_ssize_t count, uint32_t doc, uint16_t least) noexcept nogil:
    """Add to the bounds of a block what rows, cells and peaks give; whether one can reach the least.

    Cells are read only if with their highest one could.
    """
    cdef Py_ssize_t i
    cdef uint32_t read = 0, cells = 0
    for i in range(count):
        if parts[i].cursors:
            read += peak(&parts[i], doc)
        elif parts[i].cells:
            cells += peak(&parts[i], doc)
        elif parts[i].row and doc < <uint32_t>parts[i].documents:
            add_row(bounds, parts[i].row + doc, parts[i].weight, 16)
    for i in range(16 if read else 0):
        raise_bound(&bounds[i], read)
    if not reaching(bounds, <uint16_t>(least - min(cells, <uint32_t>least))):
        return False
    for i in range(count if cells else 0):
        if parts[i].cells and peak(&parts[i], doc):
            add_cells(&parts[i], doc, bounds)
    return True


cdef inline void lay_blocks(Window* window, Part* parts, Py_ssize_t count, uint16_t least) noexcept nogil:
    """Add to the bounds of the blocks that are looked at, and look no more at those under the least."""
    cdef Py_ssize_t i, block
    cdef uint32_t left
    for i in range(STRIDES):
        left = window.blocks[i]
        while left:
            block = 16 * i + lowest_bit(left)
            if not lay_block(&window.bounds[16 * block], parts, count, window.base + 16 * <uint32_t>block, least):
                window.blocks[i] ^= left & -left
            left &= left - 1


cdef inline void add(Window* window, Part* parts, Py_ssize_t count, uint16_t least) noexcept nogil:
    """Set the bounds of the blocks that are looked at, but for parts that are completed later.

    Args:
        least: blocks with no bound of so much are not looked at after.
    """
    cdef Py_ssize_t i
    bring_near(window, parts, count)
    clear(window)
    for i in range(count):
        if parts[i].docs:
            add_docs(window, &parts[i])
        elif parts[i].cursors and parts[i].adding:
            add_read(window, &parts[i])
    lay_blocks(window, parts, count, least)


cdef inline void keep_allowed(Window* window, const uint8_t* may, Py_ssize_t documents) noexcept nogil:
    """Of the documents found keep those that are there and may be."""
    cdef Py_ssize_t i, count = 0
    cdef uint32_t doc
    for i in range(window.count):
        doc = window.base + window.found[i]
        window.found[count] = window.found[i]
        count += doc < <uint32_t>documents and may[doc] != 0
    window.count = count


cdef inline void find(Window* window, uint16_t least, const uint8_t* may, Py_ssize_t documents) noexcept nogil:
    """Find the documents with a bound of at least so much, but for those that may not be."""
    cdef Py_ssize_t i, place, count = 0
    cdef uint32_t left, bits
    for i in range(STRIDES):
        left = window.blocks[i]
        while left:
            place = 256 * i + 16 * lowest_bit(left)
            left &= left - 1
            bits = reaching(&window.bounds[place], least)
            while bits:
                window.found[count] = <uint16_t>(place + lowest_bit(bits))
                bits &= bits - 1
                count += 1
    window.count = count
    if may:
        keep_allowed(window, may, documents)


cdef inline void keep(Window* window, uint16_t least) noexcept nogil:
    """Of the documents found keep those with a bound of at least so much."""
    cdef Py_ssize_t i, count = 0
    for i in range(window.count):
        window.found[count] = window.found[i]
        count += window.bounds[window.found[i]] >= least
    window.count = count


cdef inline void sum_found(Window* window, Part* part) noexcept nogil:
    """Sum up the frequencies of a part in the documents found."""
    cdef Py_ssize_t i
    for i in range(window.count):
        window.flags[window.found[i]] = 1
    for i in range(part.runs):
        sum_wanted(&part.cursors[i], window)
    for i in range(window.count):
        window.flags[window.found[i]] = 0


cdef inline void complete(Window* window, Part* part) noexcept nogil:
    """Put what a part's postings give to the documents found in the place of its peaks.

    A bound at the ceiling may stand for a higher one, so it stays.
    """
    cdef Py_ssize_t i
    cdef uint16_t place
    sum_found(window, part)
    memset(part.given.met, 0, sizeof(part.given.met))
    for i in range(window.count):
        place = window.found[i]
        if window.bounds[place] < CEILING:
            window.bounds[place] -= <uint16_t>peak(part, window.base + (place & ~15))
        give(window, part, place)


cdef inline uint32_t next_doc(Part* part, int64_t end) noexcept nogil:
    """The first document of a part from `end` on, or one before it; 2^32 - 1 where there is none."""
    if part.cursors:
        return lowest(part.cursors, part.runs)
    if part.row or part.cells:
        return <uint32_t>end if end < part.documents else <uint32_t>0xFFFFFFFF
    return part.docs[part.at] if skip_to(part, end) < part.stop else <uint32_t>0xFFFFFFFF


cdef inline void find_read(Window* window, Part* part) noexcept nogil:
    """Find the documents of a window that a part's postings have."""
    cdef uint64_t met[GROUPS]
    cdef Py_ssize_t i, place
    memset(met, 0, sizeof(met))
    for i in range(part.runs):
        sum_window(&part.cursors[i], window.base, window.sums, met)
    for i in range(GROUPS):
        while met[i]:
            place = 64 * i + lowest_bit(met[i])
            met[i] &= met[i] - 1
            window.found[window.count] = <uint16_t>place
            window.count += window.sums[place] > 0
            window.sums[place] = 0


cdef inline void find_cells(Window* window, Part* part) noexcept nogil:
    """Find the documents of a window that a part's cells have."""
    cdef Py_ssize_t i, j, stride = window.base >> 8
    for i in range(min(STRIDES, ((part.documents + 255) >> 8) - stride)):
        for j in range(part.starts[stride + i], part.starts[stride + i + 1]):
            window.found[window.count] = <uint16_t>(256 * i + (part.cells[j] >> 8))
            window.count += 1


cdef inline void find_those_of(Window* window, Part* part) noexcept nogil:
    """Find the documents of a window that a part has."""
    cdef Py_ssize_t i
    window.count = 0
    if part.cursors:
        find_read(window, part)
    elif part.row:
        for i in range(min(part.documents - <Py_ssize_t>window.base, WINDOW)):
            window.found[window.count] = <uint16_t>i
            window.count += part.row[window.base + i] != 0
    elif part.cells:
        find_cells(window, part)
    else:
        turn_to(window, part)
        for i in range(part.first, part.at):
            window.found[window.count] = <uint16_t>(part.docs[i] - window.base)
            window.count += 1


cdef inline bint has(Window* window, Part* part, uint16_t place) noexcept nogil:
    """Whether a part has a document of the window to which it was turned, or for which it was summed up."""
    if part.cursors:
        return window.sums[place] > 0
    if part.row:
        return window.base + place < part.documents and part.row[window.base + place]
    return given(window, part, place) > 0


cdef inline void keep_those_of(Window* window, Part* part) noexcept nogil:
    """Of the documents found keep those that a part has."""
    cdef Py_ssize_t i, count = 0
    cdef uint16_t place
    if part.cursors:
        sum_found(window, part)
    elif part.docs:
        turn_to(window, part)
    for i in range(window.count):
        place = window.found[i]
        window.found[count] = place
        count += has(window, part, place)
        window.sums[place] = 0
    window.count = count
