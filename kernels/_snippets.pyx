# cython: language_level=3
"""Passages of a text that show best what of a query stands in it."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

from lexing cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, unit
from occurrence cimport Occurrence

cdef extern from "Python.h":
    int Py_UNICODE_ISSPACE(uint32_t letter) nogil
    uint32_t PyUnicode_READ(int kind, const void* data, Py_ssize_t at) nogil
    uint32_t PyUnicode_MAX_CHAR_VALUE(object text)
    object PyUnicode_New(Py_ssize_t size, uint32_t highest)
    Py_ssize_t PyUnicode_CopyCharacters(object to, Py_ssize_t at, object text, Py_ssize_t start, Py_ssize_t count) except -1

cdef enum:
    WINDOW_LIMIT = 100          # matches that a passage is judged by
    PASSAGES = 16               # passages of a text, at most
    FAR = 40                    # characters to the beginning of a sentence that even a narrow passage does not reach
    STRETCH = 64                # characters that are read before one looks whether they are enough
    BEGINS = 1                  # at a character: a word begins, and one ends before it
    ENDS = 2

cdef struct Source:             # a text, and its words as far as they were looked for
    int kind
    const void* data
    Py_ssize_t length
    const uint8_t* classes
    const uint8_t* edges
    const uint8_t* stops
    uint32_t* starts            # as many as the text has characters, and one
    uint32_t* ends
    Py_ssize_t words
    Py_ssize_t at               # in no word

cdef struct Passage:
    Py_ssize_t begin, end
    bint cut_before, cut_after
    double worth

cdef struct Window:             # a run of occurrences, by their places
    Py_ssize_t first, last
    double worth


cdef void lex(Source* s, const unit* text, Py_ssize_t words, Py_ssize_t chars) noexcept nogil:
    """Find words until there are more than `words` and the text is read past `chars`.

    What a character does is looked up and not asked, as no processor guesses where words end:
    each place is written down as a beginning and an end, and counted where it is one.
    """
    cdef Py_ssize_t at = s.at, begun = s.words, ended = s.words, stop
    cdef uint8_t last = 0, here, edge
    while at < s.length and (ended <= words or at <= chars or begun > ended):
        stop = min(at + (STRETCH if ended <= words or at <= chars else 1), s.length)
        while at < stop:
            here = s.classes[text[at]]
            edge = s.edges[8 * last + here]
            s.starts[begun] = s.ends[ended] = at
            begun += edge & BEGINS
            ended += edge >> 1
            last = last if here == 1 else here
            at += 1
    if begun > ended:
        s.ends[ended] = at
    s.at, s.words = at, begun


cdef void find_words(Source* s, Py_ssize_t words, Py_ssize_t chars) noexcept nogil:
    if s.kind == 1:
        lex(s, <const uint8_t*>s.data, words, chars)
    elif s.kind == 2:
        lex(s, <const uint16_t*>s.data, words, chars)
    else:
        lex(s, <const uint32_t*>s.data, words, chars)


cdef inline uint32_t letter(const Source* s, Py_ssize_t at) noexcept nogil:
    return PyUnicode_READ(s.kind, s.data, at)


cdef inline bint space(const Source* s, Py_ssize_t at) noexcept nogil:
    return Py_UNICODE_ISSPACE(letter(s, at)) != 0


cdef bint ends_sentence(const Source* s, Py_ssize_t at, Py_ssize_t stop) noexcept nogil:
    """Whether a line ends at `at`, or a stop stands there and then a space or nothing."""
    cdef uint32_t here = letter(s, at)
    if here == 10:
        return True
    if here < 0x10000 and s.stops[here >> 3] >> (here & 7) & 1:
        return at + 1 >= stop or space(s, at + 1)
    return False


cdef Py_ssize_t sentence_start(const Source* s, Py_ssize_t at, Py_ssize_t width) noexcept nogil:
    """Where the sentence that holds `at` begins; somewhere before where that is far."""
    cdef Py_ssize_t low = max(at - 2 * width - FAR, 0), border = at
    while border > low and not ends_sentence(s, border - 1, at):
        border -= 1
    while border < at and space(s, border):
        border += 1
    return border


cdef Py_ssize_t sentence_end(const Source* s, Py_ssize_t at, Py_ssize_t limit) noexcept nogil:
    """Where the sentence that holds the character before `at` ends, its stop included; any
    place past `limit` where it ends there."""
    while at < s.length and at <= limit:
        if ends_sentence(s, at, s.length):
            return at if letter(s, at) == 10 else at + 1
        at += 1
    return at


cdef Py_ssize_t word_from(const Source* s, Py_ssize_t at) noexcept nogil:
    """Where the first word begins that does so at or after `at`; 0 if there is none."""
    cdef Py_ssize_t low = 0, high = s.words, middle
    while low < high:
        middle = (low + high) >> 1
        if <Py_ssize_t>s.starts[middle] < at:
            low = middle + 1
        else:
            high = middle
    return s.starts[low] if low < s.words else 0


cdef Py_ssize_t word_until(const Source* s, Py_ssize_t at) noexcept nogil:
    """Where the last word ends that does so at or before `at`; 0 if there is none."""
    cdef Py_ssize_t low = 0, high = s.words, middle
    while low < high:
        middle = (low + high) >> 1
        if <Py_ssize_t>s.ends[middle] <= at:
            low = middle + 1
        else:
            high = middle
    return s.ends[low - 1] if low else 0


cdef Passage widened(Source* s, Py_ssize_t begin, Py_ssize_t end, Py_ssize_t width) noexcept nogil:
    """Grow a window to its sentences' borders, or to `width` at word borders."""
    cdef Passage out
    cdef Py_ssize_t room = max(width - (end - begin), 0), limit, stop, further
    cdef Py_ssize_t sentence = sentence_start(s, begin, width)
    out.worth = 0
    out.cut_before = begin - sentence > max(room * 2 // 3, 20)
    out.begin = word_from(s, begin - room // 3) if out.cut_before else sentence
    limit = max(out.begin + width, end)
    stop = sentence_end(s, end, limit)
    while stop < limit and stop < s.length:
        further = sentence_end(s, stop + 1, limit)
        if further > limit:
            break
        stop = further
    out.cut_after = stop > limit
    if out.cut_after:
        find_words(s, -1, limit)
        stop = max(word_until(s, limit), end)
    while stop > 0 and space(s, stop - 1):
        stop -= 1
    out.end = max(stop, out.begin)
    return out


cdef Window best_window(const Source* s, const Occurrence* found, Py_ssize_t count, Py_ssize_t width) noexcept nogil:
    """The window that is worth most; the earliest of equals.

    Each query word counts once, at its best; more of the same adds a little.
    """
    cdef Window best = Window(0, 0, 0)
    cdef uint32_t words[WINDOW_LIMIT]
    cdef double weights[WINDOW_LIMIT]
    cdef Py_ssize_t first, last, limit, held, i
    cdef double value
    for first in range(count):
        limit = s.starts[found[first].position] + width
        value = 0
        held = 0
        for last in range(first, min(count, first + WINDOW_LIMIT)):
            if <Py_ssize_t>s.ends[found[last].last] > limit and last > first:
                break
            i = 0
            while i < held and words[i] != found[last].word:
                i += 1
            if i == held:
                words[i], weights[i] = found[last].word, 0
                held += 1
            value += 0.02 * found[last].weight
            if found[last].weight > weights[i]:
                value += found[last].weight - weights[i]
                weights[i] = found[last].weight
            if value > best.worth * (1 + 1e-9):
                best = Window(first, last, value)
    return best


cdef Py_ssize_t inside(const Source* s, Py_ssize_t position, const Passage* made, Py_ssize_t count) noexcept nogil:
    """In which of some passages a word begins, or -1."""
    cdef Py_ssize_t i, at = s.starts[position]
    for i in range(count):
        if made[i].begin <= at < made[i].end:
            return i
    return -1


cdef Py_ssize_t not_shown(
    const Source* s, Occurrence* left, Py_ssize_t count, const Passage* made, Py_ssize_t passages,
    uint32_t* shown, Py_ssize_t* seen
) noexcept nogil:
    """Keep the occurrences that are in no passage, of words that no passage shows."""
    cdef Py_ssize_t i, j, kept = 0
    for i in range(count):
        if inside(s, left[i].position, &made[passages - 1], 1) == 0:
            shown[seen[0]] = left[i].word
            seen[0] += not has(shown, seen[0], left[i].word)
    for i in range(count):
        if inside(s, left[i].position, made, passages) < 0 and not has(shown, seen[0], left[i].word):
            left[kept] = left[i]
            kept += 1
    return kept


cdef inline bint has(const uint32_t* words, Py_ssize_t count, uint32_t word) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(count):
        if words[i] == word:
            return True
    return False


cdef bint overlaps(const Passage* one, const Passage* made, Py_ssize_t count) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(count):
        if one.begin < made[i].end and made[i].begin < one.end:
            return True
    return False


cdef Passage best_passage(Source* s, const Occurrence* found, Py_ssize_t count, Py_ssize_t width) noexcept nogil:
    """The passage that is worth most; the beginning where nothing was found."""
    cdef Window window = best_window(s, found, count, width)
    cdef Passage made
    cdef Py_ssize_t end = min(s.length, 1)
    if count:
        made = widened(s, s.starts[found[window.first].position], s.ends[found[window.last].last], width)
    else:
        find_words(s, -1, 0)
        made = widened(s, 0, s.ends[0] if s.words and s.starts[0] == 0 else end, width)
    made.worth = window.worth
    return made


cdef Py_ssize_t choose(
    Source* s, Occurrence* left, Py_ssize_t count, Passage* made, Py_ssize_t most, Py_ssize_t width, uint32_t* shown
) noexcept nogil:
    """The best passages of a text, one after another: each shows a word that those before do not."""
    cdef Py_ssize_t passages = 1, seen = 0
    made[0] = best_passage(s, left, count, width)
    while passages < most:
        count = not_shown(s, left, count, made, passages, shown, &seen)
        if not count:
            break
        made[passages] = best_passage(s, left, count, width)
        if overlaps(&made[passages], made, passages):
            break
        passages += 1
    return passages


cdef class Quoter:
    """Takes passages out of texts.

    Args:
        classes, joins: those of a `Lexer`.
        stops: the characters that end a sentence where a space follows.
    """

    cdef const uint8_t[::1] classes
    cdef uint8_t edges[64]      # by the class before, marks left out, and the class here
    cdef uint8_t stops[0x10000 >> 3]

    def __cinit__(self, const uint8_t[::1] classes, const uint8_t[::1] joins, str stops not None):
        cdef Py_ssize_t i
        cdef uint8_t highest = 0
        cdef uint32_t stop
        if classes.shape[0] != 0x110000 or joins.shape[0] != 64:
            raise ValueError("a quoter takes 0x110000 classes and 64 joins")
        for i in range(classes.shape[0]):
            highest = max(highest, classes[i])
        if highest > 7:
            raise ValueError("a character class is at most 7")
        self.classes = classes
        for i in range(64):
            if i & 7 > 1 and not (i >> 3 and joins[i]):
                self.edges[i] = BEGINS
            if i >> 3 and (i & 7 == 0 or self.edges[i]):
                self.edges[i] |= ENDS
        for stop in [ord(each) for each in stops]:
            if stop >= 0x10000:
                raise ValueError("a stop is a character of the basic plane")
            self.stops[stop >> 3] |= 1 << (stop & 7)

    def passages(self, list texts not None, const uint8_t[::1] found, Py_ssize_t width, Py_ssize_t most):
        """Of each of some texts the best passages, in its order, at least one.

        The first is the one that is worth most. A further one must show a word of the query
        that those before it do not, and keep apart from them.

        Args:
            texts: all of each.
            found: their words that matched, as `Occurrences.rows` gives them.
            width: of a passage in characters, about.
            most: how many passages of a text at most, from 1 to 16.

        Returns:
            Of each passage of each text: where it begins and ends in the text, whether it begins
            and ends inside a sentence, how much of the query it shows, and its marks: the ranges
            of the words that matched, told from its beginning, ascending, apart.
        """
        cdef Py_ssize_t rows = found.shape[0] // <Py_ssize_t>sizeof(Occurrence), longest = 0, first = 0, stop, i
        cdef str text
        if found.shape[0] % <Py_ssize_t>sizeof(Occurrence) or not 1 <= most <= PASSAGES or width < 0:
            raise ValueError("passages are of whole occurrences, 1 to 16 and of some width")
        for text in texts:
            longest = max(longest, len(text))
        cdef Source s
        s.classes, s.edges, s.stops = &self.classes[0], self.edges, self.stops
        s.starts = <uint32_t*>malloc(8 * (longest + 1))
        s.ends = s.starts + longest + 1
        cdef Occurrence* every = <Occurrence*>malloc(rows * (2 * sizeof(Occurrence) + 4) + 1)
        cdef list out = []
        try:
            if not (s.starts and every):
                raise MemoryError
            if rows:
                memcpy(every, &found[0], rows * sizeof(Occurrence))
            for i, text in enumerate(texts):
                stop = first
                while stop < rows and every[stop].which == <uint32_t>i:
                    stop += 1
                s.kind, s.data, s.length = PyUnicode_KIND(text), PyUnicode_DATA(text), len(text)
                out.append(passages_of(&s, every + first, stop - first, every + rows, width, most))
                first = stop
        finally:
            free(s.starts)
            free(every)
        if first < rows:
            raise ValueError("occurrences are by text, and of those that are given")
        return out


cdef list passages_of(
    Source* s, Occurrence* rows, Py_ssize_t count, Occurrence* room, Py_ssize_t width, Py_ssize_t most
):
    """The best passages of one text.

    Args:
        rows: what matched in it.
        room: for as many occurrences, and then as many numbers.
    """
    cdef Passage made[PASSAGES]
    cdef Py_ssize_t passages, i
    cdef Passage* one
    with nogil:
        s.words = s.at = 0
        count = within(s, rows, count)
        memcpy(room, rows, count * sizeof(Occurrence))
        passages = choose(s, room, count, made, most, width, <uint32_t*>(room + count))
    out = []
    for i in range(passages):
        one = &made[i]
        out.append(
            (
                one.begin, one.end, one.cut_before != 0, one.cut_after != 0, one.worth,
                marks(s, one, rows, count),
            )
        )
    if passages > 1:
        out.sort()
    return out


cdef Py_ssize_t within(Source* s, Occurrence* rows, Py_ssize_t count) noexcept nogil:
    """Keep those of some occurrences that lie in the text; return how many."""
    cdef Py_ssize_t i, kept = 0
    for i in range(count):
        find_words(s, rows[i].last, -1)
        if rows[i].position <= rows[i].last and <Py_ssize_t>rows[i].last < s.words:
            rows[kept] = rows[i]
            kept += 1
    return kept


cdef tuple marks(const Source* s, const Passage* made, const Occurrence* found, Py_ssize_t count):
    """The ranges of the matches in a passage; neighbours that only a space parts are one, and so
    are phrases."""
    cdef Py_ssize_t i, start, end, first = 0, last = -1
    cdef list out = []
    for i in range(count):
        start, end = s.starts[found[i].position], s.ends[found[i].last]
        if start < made.begin or end > made.end:
            continue
        if last >= 0 and (start <= last or (start == last + 1 and space(s, last))):
            last = max(last, end)
            continue
        if last >= 0:
            out.append((first - made.begin, last - made.begin))
        first, last = start, end
    if last >= 0:
        out.append((first - made.begin, last - made.begin))
    return tuple(out)


def mark(str text not None, tuple marks not None, str before not None, str after not None):
    """A text with some ranges of it set off.

    Args:
        marks: the ranges, ascending, apart.
        before, after: what stands on both sides of each.

    Raises:
        ValueError: for ranges that are not so.
    """
    cdef Py_ssize_t start, end, at = 0, to = 0, more = len(before) + len(after)
    cdef uint32_t highest = PyUnicode_MAX_CHAR_VALUE(text)
    if not marks:
        return text
    highest = max(highest, PyUnicode_MAX_CHAR_VALUE(before), PyUnicode_MAX_CHAR_VALUE(after))
    out = PyUnicode_New(len(text) + more * len(marks), highest)
    for start, end in marks:
        if not at <= start <= end <= len(text):
            raise ValueError("marks lie in their text, one after another")
        to += PyUnicode_CopyCharacters(out, to, text, at, start - at)
        to += PyUnicode_CopyCharacters(out, to, before, 0, len(before))
        to += PyUnicode_CopyCharacters(out, to, text, start, end - start)
        to += PyUnicode_CopyCharacters(out, to, after, 0, len(after))
        at = end
    PyUnicode_CopyCharacters(out, to, text, at, len(text) - at)
    return out
