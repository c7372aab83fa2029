# cython: language_level=3
"""Inversion: tokens in reading order in, postings in dictionary order out."""

from libc.stdint cimport int64_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, qsort
from libc.string cimport memcpy

cdef enum:
    NOWHERE = 0xFFFFFFFF        # the term of a word that is in no group


cdef int compare(const void* a, const void* b) noexcept nogil:
    cdef uint64_t left = (<uint64_t*>a)[0], right = (<uint64_t*>b)[0]
    return (left > right) - (left < right)


cdef void sort_run(uint64_t* keys, Py_ssize_t count) noexcept nogil:
    """Ascending; short runs by insertion, and nothing to do where they ascend already."""
    cdef Py_ssize_t i, j
    cdef uint64_t key
    for i in range(1, count):
        if keys[i] < keys[i - 1]:
            break
    else:
        return
    if count > 32:
        qsort(keys, count, 8, &compare)
        return
    for i in range(1, count):
        key = keys[i]
        j = i
        while j > 0 and keys[j - 1] > key:
            keys[j] = keys[j - 1]
            j -= 1
        keys[j] = key


cdef uint32_t largest(const uint32_t[::1] values) noexcept nogil:
    cdef uint32_t most = 0
    cdef Py_ssize_t i
    for i in range(values.shape[0]):
        most = max(most, values[i])
    return most


cdef class Inverter:
    """Tokens of a field on their way into postings by (group, document, form).

    A range of groups is inverted at a time: by several threads, or to take less memory.

    Args:
        tokens: word numbers in reading order, all documents one after another; overwritten.
        lengths: tokens of each document; they sum to len(tokens).
        group_of, form_of: of each word number, its group and its place inside it.
        firsts: the first term of each group, and the number of terms.

    Raises:
        ValueError: where the arguments do not fit together.
    """

    cdef const uint32_t[::1] lengths, firsts
    cdef uint32_t[::1] terms    # of each token, in the memory of the tokens
    cdef int64_t[::1] before
    cdef readonly object edges  # int64: tokens before each group, and all of them

    def __init__(
        self,
        uint32_t[::1] tokens,
        const uint32_t[::1] lengths,
        const uint32_t[::1] group_of,
        const uint32_t[::1] form_of,
        const uint32_t[::1] firsts,
    ):
        import numpy as np

        cdef Py_ssize_t n = tokens.shape[0], words = group_of.shape[0], groups = firsts.shape[0] - 1
        cdef Py_ssize_t i, group
        cdef uint32_t term
        cdef bint known = True
        cdef uint32_t[::1] term_of, counts
        check(tokens, lengths, group_of, form_of, firsts)
        self.lengths, self.firsts = lengths, firsts
        self.terms = tokens
        self.edges = np.zeros(groups + 1, np.int64)
        self.before = self.edges
        term_of, counts = np.empty(words, np.uint32), np.zeros(firsts[groups], np.uint32)
        with nogil:
            for i in range(words):
                term_of[i] = term_at(group_of[i], form_of[i], firsts)
            for i in range(n):
                term = term_of[tokens[i]]
                if term == NOWHERE:
                    known = False
                    break
                self.terms[i] = term
                counts[term] += 1
            for group in range(groups):
                self.before[group + 1] = self.before[group]
                for i in range(firsts[group], firsts[group + 1]):
                    self.before[group + 1] += counts[i]
        if not known:
            raise ValueError("a word lies in none of the groups, or none of the forms of its group")

    def invert(self, Py_ssize_t first, Py_ssize_t end):
        """Sort the tokens of the groups `first:end` into postings; other threads can run meanwhile.

        Returns:
            uint32 arrays `starts` (where each group's postings begin among these), `docs`, `forms`,
            `tfs` (a posting each), `positions` (a token each, in the order of the postings) and
            `dfs` (postings of each term of these groups).

        Raises:
            ValueError: where there are no such groups.
        """
        import numpy as np

        if not 0 <= first <= end < self.firsts.shape[0]:
            raise ValueError(f"there are no groups {first} to {end}")
        cdef Py_ssize_t groups = end - first, n = self.before[end] - self.before[first]
        cdef uint32_t low = self.firsts[first], spread = self.firsts[end] - low
        cdef Py_ssize_t i = 0, doc, group, run, stop, at = 0, count = 0
        cdef uint32_t place, position, term
        starts_array = np.zeros(groups, np.uint32)
        doc_array = np.empty(n, np.uint32)
        forms_array = np.empty(n, np.uint32)
        tfs_array = np.empty(n, np.uint32)
        positions_array = np.empty(n, np.uint32)
        dfs_array = np.zeros(spread, np.uint32)
        # where the next token of a group goes; the group of a term; a token's form and position
        cdef uint32_t[::1] ends = np.empty(groups, np.uint32), owners = np.empty(spread, np.uint32)
        cdef uint64_t[::1] keys = np.empty(n, np.uint64)
        cdef uint32_t[::1] docs = doc_array, starts = starts_array, forms = forms_array
        cdef uint32_t[::1] tfs = tfs_array, positions = positions_array, dfs = dfs_array
        with nogil:
            for group in range(groups):
                ends[group] = self.before[first + group] - self.before[first]
                for at in range(self.firsts[first + group] - low, self.firsts[first + group + 1] - low):
                    owners[at] = group
            for doc in range(self.lengths.shape[0]):
                for position in range(self.lengths[doc]):
                    term = self.terms[i] - low
                    i += 1
                    if term < spread:       # wraps where the term is below
                        group = owners[term]
                        place = ends[group]
                        ends[group] = place + 1
                        docs[place] = doc
                        keys[place] = (<uint64_t>(term + low - self.firsts[first + group]) << 32) | position
            # ends[group] is now the end of the group's tokens
            at = 0
            for group in range(groups):
                starts[group] = count
                place = self.firsts[first + group] - low
                stop = ends[group]
                while at < stop:
                    doc = docs[at]
                    run = at
                    while run < stop and docs[run] == doc:
                        run += 1
                    sort_run(&keys[at], run - at)
                    # docs is rewritten in place: count never overtakes at
                    while at < run:
                        docs[count] = doc
                        forms[count] = keys[at] >> 32
                        dfs[place + forms[count]] += 1
                        tfs[count] = 0
                        while at < run and keys[at] >> 32 == forms[count]:
                            positions[at] = <uint32_t>keys[at]
                            tfs[count] += 1
                            at += 1
                        count += 1
        return (
            starts_array,
            doc_array[:count],
            forms_array[:count],
            tfs_array[:count],
            positions_array,
            dfs_array,
        )


cdef inline uint32_t term_at(uint32_t group, uint32_t form, const uint32_t[::1] firsts) noexcept nogil:
    """The term of a form of a group; NOWHERE where there is none."""
    if group + <Py_ssize_t>1 >= firsts.shape[0] or form >= firsts[group + 1] - firsts[group]:
        return NOWHERE
    return firsts[group] + form


cdef check(
    const uint32_t[::1] tokens,
    const uint32_t[::1] lengths,
    const uint32_t[::1] group_of,
    const uint32_t[::1] form_of,
    const uint32_t[::1] firsts,
):
    """Refuse arguments that point outside one another, but for words that are in no group."""
    cdef uint64_t total = 0
    cdef Py_ssize_t i
    for i in range(lengths.shape[0]):
        total += lengths[i]
    if total != <uint64_t>tokens.shape[0]:
        raise ValueError("the lengths of the documents do not sum to the tokens")
    if group_of.shape[0] != form_of.shape[0]:
        raise ValueError("a word number needs a group and a form")
    if tokens.shape[0] and largest(tokens) >= group_of.shape[0]:
        raise ValueError("a token has no group")
    if not firsts.shape[0] or firsts[0]:
        raise ValueError("the groups do not ascend from 0")
    for i in range(firsts.shape[0] - 1):
        if firsts[i] > firsts[i + 1]:
            raise ValueError("the groups do not ascend from 0")


cdef struct Posting:
    uint64_t key                # its document, then its form
    uint32_t at                 # its place as it came


cdef inline bint is_before(const Posting* a, const Posting* b) noexcept nogil:
    return a.key < b.key or (a.key == b.key and a.at < b.at)


cdef int compare_postings(const void* a, const void* b) noexcept nogil:
    return is_before(<const Posting*>b, <const Posting*>a) - is_before(<const Posting*>a, <const Posting*>b)


cdef void settle(Posting* postings, Py_ssize_t count) noexcept nogil:
    """Sort by insertion as long as few postings have far to go, else anew."""
    cdef Py_ssize_t i, j, moves = 8 * count
    cdef Posting posting
    for i in range(1, count):
        posting = postings[i]
        j = i
        while j > 0 and is_before(&posting, &postings[j - 1]):
            postings[j] = postings[j - 1]
            j -= 1
        postings[j] = posting
        moves -= i - j
        if moves < 0:
            qsort(postings, count, sizeof(Posting), &compare_postings)
            return


def sort_postings(const uint32_t[::1] groups, const uint32_t[::1] docs, const uint32_t[::1] forms):
    """The order, int64, of postings by group, document and form; those alike stay as they came.

    Fast where those of a group come mostly in order.

    Raises:
        ValueError: where there is not one of each for every posting.
    """
    import numpy as np

    cdef Py_ssize_t count = groups.shape[0], i, group, spread
    cdef uint32_t low = 0xFFFFFFFF, place, size
    cdef uint32_t* ends
    cdef Posting* postings
    if docs.shape[0] != count or forms.shape[0] != count or count > 0xFFFFFFFF:
        raise ValueError("a posting has a group, a document and a form")
    out = np.empty(count, np.int64)
    if not count:
        return out
    cdef int64_t[::1] order = out
    for i in range(count):
        low = min(low, groups[i])
    spread = largest(groups) - low + 1
    ends = <uint32_t*>calloc(spread, 4)
    postings = <Posting*>malloc(count * sizeof(Posting))
    try:
        if ends == NULL or postings == NULL:
            raise MemoryError
        with nogil:
            for i in range(count):
                ends[groups[i] - low] += 1
            place = 0
            for group in range(spread):
                size = ends[group]
                ends[group] = place
                place += size
            for i in range(count):
                place = ends[groups[i] - low]
                postings[place].key = (<uint64_t>docs[i] << 32) | forms[i]
                postings[place].at = i
                ends[groups[i] - low] = place + 1
            place = 0
            for group in range(spread):
                settle(postings + place, ends[group] - place)
                place = ends[group]
            for i in range(count):
                order[i] = postings[i].at
        return out
    finally:
        free(ends)
        free(postings)


def gather(const uint32_t[::1] values, const int64_t[::1] begins, const int64_t[::1] counts):
    """Copy runs of numbers, one after another: `values[begins[i] : begins[i] + counts[i]]`.

    Raises:
        ValueError: where a run is not inside the values, or begins and counts differ in number.
    """
    import numpy as np

    cdef Py_ssize_t i, at = 0, size = values.shape[0]
    if begins.shape[0] != counts.shape[0]:
        raise ValueError("each run needs a begin and a count")
    for i in range(begins.shape[0]):
        if counts[i] < 0 or not 0 <= begins[i] <= size or counts[i] > size - begins[i]:
            raise ValueError("a run lies outside the values")
        at += counts[i]
    out = np.empty(at, np.uint32)
    cdef uint32_t[::1] found = out
    at = 0
    with nogil:
        for i in range(begins.shape[0]):
            if counts[i] == 1:
                found[at] = values[begins[i]]
            elif counts[i]:
                memcpy(&found[at], &values[begins[i]], 4 * counts[i])
            at += counts[i]
    return out
