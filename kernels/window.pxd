# cython: language_level=3
"""Windows of documents: what the parts of a query give to some 2,048 documents at a time.

A part is a word or a phrase. Where its impacts are held they are added up, or looked for;
where they are not, its postings are read, all of those in a window or only those of the
documents that are looked for. Scores and sums of a window stay in cache.
"""

from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memset

from cursor cimport Cursor, detail, seek, settle
from packed cimport BLOCK

cdef extern from *:
    """
    #ifdef _MSC_VER
    #include <intrin.h>
    static int lowest_bit(unsigned long long bits) {
        unsigned long at;
        _BitScanForward64(&at, bits);
        return (int)at;
    }
    #define prefetch(at) _mm_prefetch((const char *)(at), _MM_HINT_T0)
    #else
    #define lowest_bit(bits) __builtin_ctzll(bits)
    #define prefetch(at) __builtin_prefetch(at)
    #endif
    """
    int lowest_bit(uint64_t bits) noexcept nogil      # of bits that are not all 0
    void prefetch(const void* at) noexcept nogil


cdef enum:
    PARTS = 32
    DENSE = 16              # impacts in the time in which one is looked for
    WINDOW = 2048           # 64 * PARTS documents summed up together: the sums stay in cache


cdef struct Part:
    const uint32_t* docs     # of its impacts
    const float* values
    Py_ssize_t at, stop
    Cursor* cursors          # where its postings are read
    Py_ssize_t runs
    Py_ssize_t documents     # all of its documents are under this
    Py_ssize_t postings      # how many are read, or documents of its impacts
    double k1
    double idf
    double bound             # what this part and those before it can add together, at most


cdef struct Window:
    uint32_t base            # the first document
    uint32_t touched         # a bit for each 64 documents that may have a score
    Py_ssize_t count         # how many are found
    uint16_t found[WINDOW]   # the documents that are looked for, less the base, ascending
    uint8_t flags[WINDOW + 1]    # 1 for those found
    double scores[WINDOW]    # 0 where untouched
    double sums[WINDOW]      # frequencies in the part at hand; 0 between parts


cdef inline uint32_t lowest(Cursor* cursors, Py_ssize_t count) noexcept nogil:
    """The next document of some cursors; 2^32 - 1 at their end, or where one cannot be."""
    cdef Py_ssize_t i
    cdef uint32_t here, doc = 0xFFFFFFFF
    cdef Cursor* c
    for i in range(count):
        c = &cursors[i]
        if settle(c):
            here = c.doc_block[c.at & (BLOCK - 1)]
            if here < <uint32_t>c.documents:
                doc = min(doc, here)
            else:
                c.damaged, c.at = True, c.stop
    return doc


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


cdef inline uint32_t next_doc(Part* parts, Py_ssize_t first, Py_ssize_t count) noexcept nogil:
    """The lowest document of some parts; 2^32 - 1 at their end."""
    cdef Py_ssize_t i
    cdef uint32_t doc = 0xFFFFFFFF
    for i in range(first, count):
        if parts[i].cursors:
            doc = min(doc, lowest(parts[i].cursors, parts[i].runs))
        elif parts[i].at < parts[i].stop:
            doc = min(doc, parts[i].docs[parts[i].at])
    return doc


cdef inline double impact(Part* part, uint32_t doc) noexcept nogil:
    """What a part adds to a document: 0 where it does not have it; documents must ascend."""
    cdef Py_ssize_t low = part.at, high, step = 1
    if low >= part.stop or part.docs[low] > doc:
        return 0
    while low + step < part.stop and part.docs[low + step] <= doc:
        low += step
        step *= 2
    high = min(low + step, part.stop)           # docs[low] <= doc < docs[high]
    while high - low > 1:
        step = (low + high) >> 1
        if part.docs[step] <= doc:
            low = step
        else:
            high = step
    part.at = low
    return part.idf * part.values[low] if part.docs[low] == doc else 0


cdef inline bint has(Part* part, uint32_t doc) noexcept nogil:
    """Whether a part has a document in its impacts; documents must ascend."""
    impact(part, doc)
    return part.at < part.stop and part.docs[part.at] == doc


cdef inline double saturated(Part* part, double tf) noexcept nogil:
    """What a part adds to a document by its frequency there, as `Impacts` have it."""
    return part.idf * <float>(tf / (part.k1 + tf))


cdef inline Py_ssize_t first_at(Part* part, Py_ssize_t low, Py_ssize_t high, uint64_t doc) noexcept nogil:
    """The first of a part's impacts low:high that is of a document or a later one."""
    cdef Py_ssize_t middle
    while low < high:
        middle = (low + high) >> 1
        if part.docs[middle] < doc:
            low = middle + 1
        else:
            high = middle
    return low


cdef inline Py_ssize_t held_in(Window* window, Part* part) noexcept nogil:
    """How many of a part's impacts are of a window; `part.at` is put to the first."""
    cdef Py_ssize_t low = part.at, step = 1
    while low + step < part.stop and part.docs[low + step] < window.base:
        low += step
        step *= 2
    part.at = first_at(part, low, min(low + step, part.stop), window.base)
    step = min(part.at + WINDOW, part.stop)
    return first_at(part, part.at, step, <uint64_t>window.base + WINDOW) - part.at


cdef inline void add_held(Window* window, Part* part, Py_ssize_t count) noexcept nogil:
    """Add what the next so many of a part's impacts give to their documents."""
    cdef Py_ssize_t i
    cdef uint32_t place
    cdef double idf = part.idf
    for i in range(part.at, part.at + count):
        place = part.docs[i] - window.base
        window.scores[place] += idf * part.values[i]
        window.touched |= <uint32_t>1 << (place >> 6)
    part.at += count


cdef inline void add_read(Window* window, Part* part) noexcept nogil:
    """Add what a part's postings give to the documents of a window."""
    cdef uint64_t met[PARTS]
    cdef uint64_t left
    cdef Py_ssize_t i, j
    memset(met, 0, sizeof(met))
    for i in range(part.runs):
        sum_window(&part.cursors[i], window.base, window.sums, met)
    for i in range(PARTS):
        left = met[i]
        window.touched |= <uint32_t>(left != 0) << i
        while left:
            j = 64 * i + lowest_bit(left)
            left &= left - 1
            if window.sums[j] > 0:
                window.scores[j] += saturated(part, window.sums[j])
            window.sums[j] = 0


cdef inline void add(Window* window, Part* part) noexcept nogil:
    """Add what a part gives to the documents of a window."""
    if part.cursors:
        add_read(window, part)
    else:
        add_held(window, part, held_in(window, part))


cdef inline void keep_allowed(Window* window, const uint8_t* may) noexcept nogil:
    """Of the documents found keep those that may be."""
    cdef Py_ssize_t i, count = 0
    for i in range(window.count):
        window.found[count] = window.found[i]
        count += may[window.base + window.found[i]] != 0
    window.count = count


cdef inline void find_above(Window* window, double least, const uint8_t* may) noexcept nogil:
    """Find the documents with a score over `least`, but for those that may not be."""
    cdef Py_ssize_t i, j, k, count = 0
    cdef double* scores
    cdef bint any
    least = max(least, 0)
    for i in range(PARTS):
        if not window.touched >> i & 1:
            continue
        for j in range(64 * i, 64 * i + 64, 8):
            scores = &window.scores[j]
            any = (
                (scores[0] > least) | (scores[1] > least) | (scores[2] > least) | (scores[3] > least)
                | (scores[4] > least) | (scores[5] > least) | (scores[6] > least) | (scores[7] > least)
            )
            if not any:
                continue
            for k in range(8):
                window.found[count] = <uint16_t>(j + k)
                count += scores[k] > least
    window.count = count
    if may:
        keep_allowed(window, may)


cdef inline void keep_above(Window* window, double least) noexcept nogil:
    """Of the documents found keep those with a score over `least`."""
    cdef Py_ssize_t i, count = 0
    for i in range(window.count):
        window.found[count] = window.found[i]
        count += window.scores[window.found[i]] > least
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


cdef inline void complete_read(Window* window, Part* part) noexcept nogil:
    """Add what a part's postings give to the documents found."""
    cdef Py_ssize_t i
    cdef double tf
    sum_found(window, part)
    for i in range(window.count):
        tf = window.sums[window.found[i]]
        window.sums[window.found[i]] = 0
        if tf > 0:
            window.scores[window.found[i]] += saturated(part, tf)


cdef inline void complete_held(Window* window, Part* part) noexcept nogil:
    """Add what a part's impacts give to the documents found: to all, where they are many."""
    cdef Py_ssize_t i, count = held_in(window, part)
    if count <= DENSE * window.count:
        add_held(window, part, count)
    else:
        for i in range(window.count):
            window.scores[window.found[i]] += impact(part, window.base + window.found[i])


cdef inline void complete(Window* window, Part* part) noexcept nogil:
    """Add what a part gives to the documents found."""
    if part.cursors:
        complete_read(window, part)
    else:
        complete_held(window, part)


cdef inline void keep_those_of(Window* window, Part* part) noexcept nogil:
    """Of the documents found keep those that a part has."""
    cdef Py_ssize_t i, count = 0
    cdef uint16_t place
    if part.cursors:
        sum_found(window, part)
    else:
        held_in(window, part)
    for i in range(window.count):
        place = window.found[i]
        window.found[count] = place
        if part.cursors:
            count += window.sums[place] > 0
            window.sums[place] = 0
        else:
            count += has(part, window.base + place)
    window.count = count


cdef inline void clear(Window* window) noexcept nogil:
    """Empty a window."""
    cdef Py_ssize_t i
    for i in range(PARTS):
        if window.touched >> i & 1:
            memset(&window.scores[64 * i], 0, 64 * sizeof(double))
    window.touched, window.count = 0, 0


cdef inline void blame(Part* parts, Py_ssize_t count) noexcept nogil:
    """Call the postings that are read damaged."""
    cdef Py_ssize_t i
    for i in range(count):
        if parts[i].runs:
            parts[i].cursors[0].damaged = True
