# cython: language_level=3
"""Sorting strings: keys of four levels into a tree, and sorted runs into one.

Strings are packed: a `blob` of their bytes (uint8), one after another, and `edges` (uint32), where
each begins in it, and the end. They sort by their bytes.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, qsort, realloc
from libc.string cimport memchr, memcmp, memcpy, memset

cdef extern from "Python.h":
    const char* PyUnicode_AsUTF8AndSize(object text, Py_ssize_t* size) except NULL

cdef enum:
    LEVELS = 4
    GONE = 0xFFFFFFFF

    NO_MEMORY = 1               # what goes wrong where no exception can be raised
    TOO_LARGE = 2
    NOT_SORTED = 3
    NO_PARENT = 4


cdef int fail(int error) except -1:
    if error == NO_MEMORY:
        raise MemoryError
    if error == TOO_LARGE:
        raise OverflowError("packed strings take at most 4 GiB")
    if error == NOT_SORTED:
        raise ValueError("a run of strings does not ascend")
    raise ValueError("a string's parent is not there")


cdef inline int order(const uint8_t* a, size_t m, const uint8_t* b, size_t n) noexcept nogil:
    """Sign of a - b, bytewise."""
    cdef int sign = memcmp(a, b, min(m, n))
    return sign if sign else (m > n) - (m < n)


# --- packed strings while they are made

cdef struct Texts:
    uint8_t* blob
    uint32_t* edges
    uint32_t* marks             # a number that is kept with each
    size_t count, room, blob_room


cdef int begin(Texts* texts) noexcept nogil:
    texts.count, texts.room, texts.blob_room = 0, 1 << 10, 1 << 14
    texts.blob = <uint8_t*>malloc(texts.blob_room)
    texts.edges = <uint32_t*>calloc(texts.room + 1, 4)
    texts.marks = <uint32_t*>malloc(4 * texts.room)
    return 0 if texts.blob and texts.edges and texts.marks else NO_MEMORY


cdef void end(Texts* texts) noexcept nogil:
    free(texts.blob)
    free(texts.edges)
    free(texts.marks)


cdef int reserve(Texts* texts, size_t size) noexcept nogil:
    """Make room for one more string of `size` bytes, and a byte behind it."""
    cdef size_t wanted = texts.edges[texts.count] + size + 1
    cdef void* larger
    if wanted > <size_t>0xFFFFFFFF:
        return TOO_LARGE
    if wanted > texts.blob_room:
        wanted = max(wanted, texts.blob_room + texts.blob_room // 2)
        larger = realloc(texts.blob, wanted)
        if larger == NULL:
            return NO_MEMORY
        texts.blob, texts.blob_room = <uint8_t*>larger, wanted
    if texts.count == texts.room:
        wanted = texts.room + texts.room // 2
        larger = realloc(texts.edges, 4 * (wanted + 1))
        if larger == NULL:
            return NO_MEMORY
        texts.edges = <uint32_t*>larger
        larger = realloc(texts.marks, 4 * wanted)
        if larger == NULL:
            return NO_MEMORY
        texts.marks, texts.room = <uint32_t*>larger, wanted
    return 0


cdef inline int append(Texts* texts, const uint8_t* text, size_t size, uint32_t mark) noexcept nogil:
    cdef int error = reserve(texts, size)
    if error:
        return error
    memcpy(texts.blob + texts.edges[texts.count], text, size)
    texts.marks[texts.count] = mark
    texts.count += 1
    texts.edges[texts.count] = texts.edges[texts.count - 1] + size
    return 0


cdef tuple packed(Texts* texts):
    """Copies: blob and edges."""
    import numpy as np

    blob = np.empty(texts.edges[texts.count], np.uint8)
    cdef uint8_t[::1] to = blob
    if to.shape[0]:
        memcpy(&to[0], texts.blob, to.shape[0])
    return blob, numbers(texts.edges, texts.count + 1)


cdef numbers(const uint32_t* values, size_t count):
    import numpy as np

    out = np.empty(count, np.uint32)
    cdef uint32_t[::1] to = out
    if count:
        memcpy(&to[0], values, 4 * count)
    return out


# --- sorting

cdef struct Item:
    uint64_t prefix             # the first eight bytes, the first one highest; of a key, once it
                                # is in a tree, its place there: group << 32 | form
    const uint8_t* text
    uint32_t size
    uint32_t number


cdef int compare(const void* a, const void* b) noexcept nogil:
    cdef const Item* left = <const Item*>a
    cdef const Item* right = <const Item*>b
    if left.prefix != right.prefix:
        return 1 if left.prefix > right.prefix else -1
    return order(left.text, left.size, right.text, right.size)


cdef enum:
    PREFIX = 8                  # bytes
    FEW = 256                   # strings that are sorted by comparing them
    DEEP = 64                   # bytes that are read before strings are compared as wholes
    PARTS = 4                   # that threads can sort at once
    SAMPLES = 64                # strings by which parts are chosen, for each


cdef inline uint64_t prefix_of(const uint8_t* text, size_t size, size_t at) noexcept nogil:
    """Eight bytes of a string, zeros behind its end."""
    cdef uint64_t prefix = 0
    cdef size_t k
    for k in range(at, min(size, at + PREFIX)):
        prefix |= <uint64_t>text[k] << (56 - 8 * (k - at))
    return prefix


cdef void sort_prefixes(Item* items, Item* spare, size_t count) noexcept nogil:
    """Sort by prefix, the last byte first; those alike stay as they came."""
    cdef size_t counts[PREFIX][256]
    cdef size_t i, total, size
    cdef int byte
    cdef Item* source = items
    cdef Item* target = spare
    memset(counts, 0, sizeof(counts))
    for i in range(count):
        for byte in range(PREFIX):
            counts[byte][(items[i].prefix >> (8 * byte)) & 0xFF] += 1
    for byte in range(PREFIX):
        if counts[byte][(items[0].prefix >> (8 * byte)) & 0xFF] == count:
            continue                    # the byte of all of them
        total = 0
        for i in range(256):
            size = counts[byte][i]
            counts[byte][i] = total
            total += size
        for i in range(count):
            size = (source[i].prefix >> (8 * byte)) & 0xFF
            target[counts[byte][size]] = source[i]
            counts[byte][size] += 1
        source, target = target, source
    if source != items:
        memcpy(items, source, count * sizeof(Item))


cdef void sort_items(Item* items, Item* spare, size_t count, size_t depth) noexcept nogil:
    """Sort strings that share their first `depth` bytes; their prefixes are those after."""
    cdef size_t first = 0, end, i
    if count <= FEW or depth >= DEEP:
        qsort(items, count, sizeof(Item), &compare)
        return
    sort_prefixes(items, spare, count)
    while first < count:
        end = first + 1
        while end < count and items[end].prefix == items[first].prefix:
            end += 1
        if end - first > 1:
            for i in range(first, end):
                items[i].prefix = prefix_of(items[i].text, items[i].size, depth + PREFIX)
            sort_items(items + first, spare, end - first, depth + PREFIX)
        first = end


cdef size_t take_items(const Texts* texts, const uint8_t* used, Item* items) noexcept nogil:
    """The strings, those that are used (NULL: all), as they came; return how many."""
    cdef size_t i, size, count = 0
    cdef const uint8_t* text
    for i in range(texts.count):
        if used != NULL and not used[i]:
            continue
        text, size = texts.blob + texts.edges[i], texts.edges[i + 1] - texts.edges[i]
        items[count].text, items[count].size, items[count].number = text, size, i
        items[count].prefix = prefix_of(text, size, 0)
        count += 1
    return count


cdef Item* sorted_items(const Texts* texts) noexcept nogil:
    """The strings in order. NULL where memory ends."""
    cdef Item* items = <Item*>malloc((texts.count + 1) * sizeof(Item))
    cdef Item* spare = <Item*>malloc((texts.count + 1) * sizeof(Item))
    if items != NULL and spare != NULL:
        sort_items(items, spare, take_items(texts, NULL, items), 0)
    else:
        free(items)
        items = NULL
    free(spare)
    return items


cdef int compare_numbers(const void* a, const void* b) noexcept nogil:
    cdef uint64_t left = (<uint64_t*>a)[0], right = (<uint64_t*>b)[0]
    return (left > right) - (left < right)


cdef void part_items(
    const Item* items, size_t count, Item* parted, size_t* edges
) noexcept nogil:
    """Lay keys out by parts, each of which comes before the next; `edges`: where they begin.

    Keys that share their highest string are in one part.
    """
    cdef uint64_t samples[PARTS * SAMPLES]
    cdef size_t counts[PARTS]
    cdef size_t i, part
    for i in range(PARTS * SAMPLES):
        samples[i] = highest(items[i * count // (PARTS * SAMPLES)].prefix) if count else 0
    qsort(samples, PARTS * SAMPLES, sizeof(uint64_t), &compare_numbers)
    memset(counts, 0, sizeof(counts))
    for i in range(count):
        counts[part_of(items[i].prefix, samples)] += 1
    edges[0] = 0
    for part in range(PARTS):
        edges[part + 1] = edges[part] + counts[part]
        counts[part] = edges[part]
    for i in range(count):
        part = part_of(items[i].prefix, samples)
        parted[counts[part]] = items[i]
        counts[part] += 1


cdef inline uint64_t highest(uint64_t prefix) noexcept nogil:
    """What of a key's prefix is of its highest string: the bytes before the first NUL."""
    cdef int k
    for k in range(PREFIX):
        if not (prefix >> (56 - 8 * k)) & 0xFF:
            return prefix & ~(<uint64_t>0xFFFFFFFFFFFFFFFF >> (8 * k))
    return prefix


cdef inline size_t part_of(uint64_t prefix, const uint64_t* samples) noexcept nogil:
    cdef uint64_t mine = highest(prefix)
    cdef size_t part, found = 0
    for part in range(1, PARTS):
        found += mine >= samples[part * SAMPLES]
    return found


def sort_texts(list strings not None):
    """Sort strings by their UTF-8 bytes: `(ranked, texts)`.

    `ranked`, uint32: their places in the list, in order; `texts`: they in that order, packed.
    """
    import numpy as np

    cdef Texts texts, out
    cdef Item* items = NULL
    cdef const char* text
    cdef Py_ssize_t size
    cdef size_t i
    cdef int error = begin(&texts) | begin(&out)
    ranked_array = np.empty(len(strings), np.uint32)
    cdef uint32_t[::1] ranked = ranked_array
    try:
        if error:
            fail(NO_MEMORY)
        for string in strings:
            text = PyUnicode_AsUTF8AndSize(string, &size)
            error = append(&texts, <const uint8_t*>text, size, 0)
            if error:
                fail(error)
        with nogil:
            items = sorted_items(&texts)
            if items == NULL:
                error = NO_MEMORY
            for i in range(texts.count if items != NULL else 0):
                ranked[i] = items[i].number
                error = append(&out, items[i].text, items[i].size, 0)
                if error:
                    break
        if error:
            fail(error)
        return ranked_array, packed(&out)
    finally:
        free(items)
        end(&texts)
        end(&out)


cdef int nuls(const uint8_t* text, size_t size) noexcept nogil:
    cdef size_t i
    cdef int count = 0
    for i in range(size):
        count += text[i] == 0
    return count


cdef struct Tree:
    Texts levels[LEVELS]        # marks: the first child of each string
    const uint8_t* texts[LEVELS]        # the last key, taken apart
    size_t sizes[LEVELS]
    size_t group                # the leaf with which the last highest string began
    bint begun


cdef int grow_tree(Tree* tree, Item* items, size_t count) noexcept nogil:
    """Make a tree of sorted keys; each is given its place in it."""
    cdef size_t i
    cdef int level, error = 0
    tree.begun = True
    for level in range(LEVELS):
        error |= begin(&tree.levels[level])
    for i in range(count if not error else 0):
        error = add_leaf(tree, items[i].text, items[i].size, i == 0)
        if error:
            break
        items[i].prefix = <uint64_t>(tree.levels[0].count - 1) << 32 | (i - tree.group)
    return error


cdef void end_tree(Tree* tree) noexcept nogil:
    cdef int level
    for level in range(LEVELS):
        end(&tree.levels[level])


cdef int add_leaf(Tree* tree, const uint8_t* key, size_t size, bint first) noexcept nogil:
    """Add the next key to a tree."""
    cdef const uint8_t* stop = key + size
    cdef const uint8_t* mine
    cdef size_t own
    cdef int level, error
    cdef bint fresh = first, hollow
    for level in range(LEVELS):
        mine = key
        key = <const uint8_t*>memchr(mine, 0, stop - mine) if level < LEVELS - 1 else stop
        own = key - mine
        key += 1
        if not fresh:
            fresh = own != tree.sizes[level] or memcmp(mine, tree.texts[level], own) != 0
        if fresh:
            if level == 0:
                tree.group = tree.levels[LEVELS - 1].count
            hollow = level and own == tree.sizes[level - 1] and memcmp(mine, tree.texts[level - 1], own) == 0
            error = append(
                &tree.levels[level], mine, 0 if hollow else own,
                tree.levels[level + 1].count if level < LEVELS - 1 else 0,
            )
            if error:
                return error
        tree.texts[level], tree.sizes[level] = mine, own
    return 0


cdef class Keys:
    """Distinct keys of four strings each, numbered from 0 as they are added."""

    cdef Texts texts            # a key is its four strings, the highest level first, NUL between

    def __cinit__(self):
        if begin(&self.texts):
            fail(NO_MEMORY)

    def __dealloc__(self):
        end(&self.texts)

    def __len__(self):
        return self.texts.count

    def extend(self, rows):
        """Add keys: tuples of four str without NUL, the lowest level first."""
        cdef const char* parts[LEVELS]
        cdef Py_ssize_t sizes[LEVELS]
        cdef int error
        for lowest, low, high, highest in rows:
            parts[0] = PyUnicode_AsUTF8AndSize(highest, &sizes[0])
            parts[1] = PyUnicode_AsUTF8AndSize(high, &sizes[1])
            parts[2] = PyUnicode_AsUTF8AndSize(low, &sizes[2])
            parts[3] = PyUnicode_AsUTF8AndSize(lowest, &sizes[3])
            error = self.add(parts, sizes)
            if error == NO_PARENT:
                raise ValueError("a key's strings have no NUL in them")
            if error:
                fail(error)

    def take(self, const uint8_t[::1] blob, const uint32_t[::1] edges):
        """Add packed keys: each of four strings in UTF-8, the highest first, NUL between."""
        cdef size_t i, size
        cdef int error = 0
        cdef Run run
        look_at(blob, edges, &run)
        for i in range(run.count):
            size = edges[i + 1] - edges[i]
            if nuls(run.blob + edges[i], size) != LEVELS - 1:
                raise ValueError("a key is four strings with NUL between")
            error = append(&self.texts, run.blob + edges[i], size, 0)
            if error:
                fail(error)

    cdef int add(self, const char** parts, const Py_ssize_t* sizes) noexcept:
        cdef Texts* texts = &self.texts
        cdef uint8_t* at
        cdef int level, error = reserve(texts, sizes[0] + sizes[1] + sizes[2] + sizes[3] + 3)
        if error:
            return error
        at = texts.blob + texts.edges[texts.count]
        for level in range(LEVELS):
            if memchr(parts[level], 0, sizes[level]):
                return NO_PARENT
            memcpy(at, parts[level], sizes[level])
            at += sizes[level]
            at[0] = 0
            at += level < LEVELS - 1
        texts.count += 1
        texts.edges[texts.count] = at - texts.blob
        return 0

    def sort(self, const uint8_t[::1] used=None):
        """Sort the keys, or those that are used, and take them apart: see `Sorting`."""
        cdef Sorting sorting = Sorting(self, used)
        for part in range(PARTS):
            sorting.sort(part)
        return sorting.tree()


cdef class Sorting:
    """Keys while they are sorted, in parts that threads can take one each: `sort` all, then `tree`.

    Args:
        keys: they; none is added meanwhile.
        used: uint8, one a key: not 0 where it is used. None: all are.

    Attributes:
        parts: how many there are, numbered from 0.
    """

    cdef Keys keys              # has the bytes
    cdef Item* items
    cdef Item* spare
    cdef size_t count
    cdef size_t edges[PARTS + 1]
    cdef Tree trees[PARTS]      # of the parts that are sorted

    def __cinit__(self, Keys keys not None, const uint8_t[::1] used=None):
        cdef const Texts* texts = &keys.texts
        if used is not None and used.shape[0] != <Py_ssize_t>texts.count:
            raise ValueError("keys and what is used of them differ in number")
        cdef const uint8_t* mask = &used[0] if used is not None and used.shape[0] else NULL
        self.keys = keys
        self.items = <Item*>malloc((texts.count + 1) * sizeof(Item))
        self.spare = <Item*>malloc((texts.count + 1) * sizeof(Item))
        if self.items == NULL or self.spare == NULL:
            fail(NO_MEMORY)
        with nogil:
            self.count = take_items(texts, mask, self.spare)
            part_items(self.spare, self.count, self.items, self.edges)

    def __dealloc__(self):
        cdef int part
        for part in range(PARTS):
            end_tree(&self.trees[part])
        free(self.items)
        free(self.spare)

    @property
    def parts(self):
        """See the class."""
        return PARTS

    def sort(self, int part):
        """Sort a part and take it apart. Other threads can run meanwhile, and sort others."""
        cdef size_t first, count
        cdef int error
        if not 0 <= part < PARTS:
            raise ValueError(f"there is no part {part}")
        if self.trees[part].begun:
            raise ValueError(f"part {part} is sorted")
        first, count = self.edges[part], self.edges[part + 1] - self.edges[part]
        with nogil:
            sort_items(self.items + first, self.spare + first, count, 0)
            error = grow_tree(&self.trees[part], self.items + first, count)
        if error:
            fail(error)

    def tree(self):
        """The sorted keys, taken apart level by level.

        Returns:
            `(ranked, groups, forms, levels, children)`: the keys' numbers in order; of each key by
            its number, the place of its highest string among all such, and its own place among
            those under it (0 and 0 where it is not used); of each level, from the highest, its
            strings as `(blob, edges)`, empty where they equal their parent's; of each level but
            the last, where each string's children begin on the next one, and the end. All but
            the blobs are uint32.
        """
        import numpy as np

        cdef size_t i, part, group = 0, count = self.keys.texts.count
        cdef const Item* item
        ranked_array = np.empty(self.count, np.uint32)
        groups_array = np.zeros(count, np.uint32)
        forms_array = np.zeros(count, np.uint32)
        cdef uint32_t[::1] ranked = ranked_array, groups = groups_array, forms = forms_array
        for part in range(PARTS):
            if not self.trees[part].begun:
                raise ValueError(f"part {part} is not sorted yet")
        with nogil:
            for part in range(PARTS):
                for i in range(self.edges[part], self.edges[part + 1]):
                    item = &self.items[i]
                    ranked[i] = item.number
                    groups[item.number] = group + (item.prefix >> 32)
                    forms[item.number] = <uint32_t>item.prefix
                group += self.trees[part].levels[0].count
        levels = [self.texts_of(level) for level in range(LEVELS)]
        children = [self.children_of(level) for level in range(LEVELS - 1)]
        return ranked_array, groups_array, forms_array, levels, children

    cdef tuple texts_of(self, int level):
        """The strings of a level, of all parts."""
        import numpy as np

        cdef size_t i, part, size = 0, count = 0
        cdef const Texts* texts
        for part in range(PARTS):
            size += self.trees[part].levels[level].edges[self.trees[part].levels[level].count]
            count += self.trees[part].levels[level].count
        if size > <size_t>0xFFFFFFFF:
            fail(TOO_LARGE)
        blob_array, edges_array = np.empty(size, np.uint8), np.zeros(count + 1, np.uint32)
        cdef uint8_t[::1] blob = blob_array
        cdef uint32_t[::1] edges = edges_array
        size, count = 0, 0
        for part in range(PARTS):
            texts = &self.trees[part].levels[level]
            for i in range(texts.count):
                edges[count + i + 1] = size + texts.edges[i + 1]
            if texts.edges[texts.count]:
                memcpy(&blob[size], texts.blob, texts.edges[texts.count])
            size += texts.edges[texts.count]
            count += texts.count
        return blob_array, edges_array

    cdef children_of(self, int level):
        """Where the children of each string of a level begin, of all parts, and the end."""
        import numpy as np

        cdef size_t i, part, count = 0, below = 0
        cdef const Tree* tree
        for part in range(PARTS):
            count += self.trees[part].levels[level].count
        starts_array = np.empty(count + 1, np.uint32)
        cdef uint32_t[::1] starts = starts_array
        count = 0
        for part in range(PARTS):
            tree = &self.trees[part]
            for i in range(tree.levels[level].count):
                starts[count + i] = below + tree.levels[level].marks[i]
            count += tree.levels[level].count
            below += tree.levels[level + 1].count
        starts[count] = below
        return starts_array


# --- merging

cdef struct Run:
    const uint8_t* blob
    const uint32_t* edges
    const uint32_t* above
    const uint8_t* used
    uint32_t* ranks
    size_t count, next          # strings; the one after the one at hand
    const uint8_t* text         # the string at hand
    size_t size
    uint32_t parent


cdef int advance(Run* run, const Run* parents, bint* there) noexcept nogil:
    """Make the next string that is used the one at hand; `there`: whether there is one."""
    while run.next < run.count and not run.used[run.next]:
        run.ranks[run.next] = GONE
        run.next += 1
    there[0] = run.next < run.count
    if not there[0]:
        return 0
    run.text = run.blob + run.edges[run.next]
    run.size = run.edges[run.next + 1] - run.edges[run.next]
    run.parent = run.above[run.next]
    run.next += 1
    if run.parent >= parents.count:
        return NO_PARENT
    if run.size == 0:
        run.text = parents.blob + parents.edges[run.parent]
        run.size = parents.edges[run.parent + 1] - parents.edges[run.parent]
    return 0


cdef inline int order_of(const Run* a, const Run* b) noexcept nogil:
    if a.parent != b.parent:
        return 1 if a.parent > b.parent else -1
    return order(a.text, a.size, b.text, b.size)


cdef void sift(Run** heap, size_t count, size_t at) noexcept nogil:
    """Let the run at a place of the heap sink to where it belongs."""
    cdef size_t child
    cdef Run* run = heap[at]
    while True:
        child = 2 * at + 1
        if child >= count:
            break
        if child + 1 < count and order_of(heap[child + 1], heap[child]) < 0:
            child += 1
        if order_of(run, heap[child]) <= 0:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = run


cdef int merge_all(
    Run* runs, Run** heap, size_t count, const Run* parents, Texts* texts, Texts* hollow
) noexcept nogil:
    cdef size_t i, live = 0
    cdef Run last
    cdef Run* run
    cdef bint there, same
    cdef int error, sign
    for i in range(count):
        error = advance(&runs[i], parents, &there)
        if error:
            return error
        if there:
            heap[live] = &runs[i]
            live += 1
    for i in range(live):
        sift(heap, live, live - 1 - i)
    while live:
        run = heap[0]
        sign = order_of(run, &last) if texts.count else 1
        if sign < 0:
            return NOT_SORTED
        if sign:
            error = append(texts, run.text, run.size, run.parent)
            if error:
                return error
            same = (
                run.size == parents.edges[run.parent + 1] - parents.edges[run.parent]
                and memcmp(run.text, parents.blob + parents.edges[run.parent], run.size) == 0
            )
            error = append(hollow, run.text, 0 if same else run.size, 0)
            if error:
                return error
            last.text, last.size, last.parent = run.text, run.size, run.parent
        run.ranks[run.next - 1] = texts.count - 1
        error = advance(run, parents, &there)
        if error:
            return error
        if not there:
            live -= 1
            heap[0] = heap[live]
        if live:
            sift(heap, live, 0)
    return 0


cdef int look_at(const uint8_t[::1] blob, const uint32_t[::1] edges, Run* run) except -1:
    """Take note of packed strings, once their edges are sound."""
    cdef Py_ssize_t i
    if not edges.shape[0] or edges[0] or edges[edges.shape[0] - 1] != <size_t>blob.shape[0]:
        raise ValueError("packed strings and their edges do not fit")
    for i in range(edges.shape[0] - 1):
        if edges[i] > edges[i + 1]:
            raise ValueError("packed strings and their edges do not fit")
    run.blob = &blob[0] if blob.shape[0] else <const uint8_t*>b""
    run.edges = &edges[0]
    run.count, run.next = edges.shape[0] - 1, 0
    return 0


def merge_texts(list runs not None, tuple parents not None):
    """Merge sorted runs of strings under parents; strings that are alike become one.

    Args:
        runs: `(blob, edges, above, used)` each: strings, packed; uint32, the place of each
            string's parent; uint8, 0 where a string is left out. They ascend by parent, and by
            bytes under one; an empty one stands for its parent's string.
        parents: their strings, `(blob, edges)`.

    Returns:
        `(ranks, above, texts, hollow)`: of each run, the new place of each string, 0xFFFFFFFF
        where it is left out; of each string, its parent's place; the strings, packed; the same,
        empty where they equal their parent's.

    Raises:
        ValueError: for a run that does not ascend, or a parent that is not there.
    """
    import numpy as np

    cdef size_t count = len(runs), i
    cdef Run* mine = <Run*>calloc(count + 1, sizeof(Run))
    cdef Run** heap = <Run**>calloc(count + 1, sizeof(Run*))
    cdef Run* above_all
    cdef Texts texts, hollow
    cdef const uint32_t[::1] above
    cdef const uint8_t[::1] used
    cdef uint32_t[::1] ranks
    cdef int error = begin(&texts) | begin(&hollow)
    out = []
    try:
        if error or not mine or not heap:
            fail(NO_MEMORY)
        above_all = &mine[count]
        look_at(parents[0], parents[1], above_all)
        for i in range(count):
            blob, edges, above, used = runs[i]
            look_at(blob, edges, &mine[i])
            if <size_t>above.shape[0] != mine[i].count or <size_t>used.shape[0] != mine[i].count:
                raise ValueError("strings and their parents differ in number")
            out.append(np.empty(mine[i].count, np.uint32))
            ranks = out[i]
            if mine[i].count:
                mine[i].above, mine[i].used, mine[i].ranks = &above[0], &used[0], &ranks[0]
        with nogil:
            error = merge_all(mine, heap, count, above_all, &texts, &hollow)
        if error:
            fail(error)
        return out, numbers(texts.marks, texts.count), packed(&texts), packed(&hollow)
    finally:
        free(mine)
        free(heap)
        end(&texts)
        end(&hollow)
