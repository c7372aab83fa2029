# cython: language_level=3
"""Words taken apart: what a dictionary knows of a word, or of what is left of it without affixes.

Knows no language: texts are bytes, and every table of affixes, endings and patterns comes from
whoever makes a `Parser`; so does the alphabet of a `Ladder`.

A dictionary has keys with entries: the number of a stem and a weight, the heaviest first. Stems are
of two kinds, 1 and 2, the second ones having the higher numbers. A parser scores a way to read a
word by the weight of the entry less the costs of what was cut off, in whole numbers.
"""

from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memchr, memcmp, memcpy

from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.unicode cimport (
    PyUnicode_2BYTE_KIND,
    PyUnicode_4BYTE_KIND,
    PyUnicode_FromKindAndData,
)

from lexing cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, unit
from near cimport prefetch

cdef extern from "Python.h":
    bint PyUnicode_CheckExact(object text)
    const char* PyUnicode_AsUTF8AndSize(object text, Py_ssize_t* size) except NULL

cdef enum:
    LONGEST = 32    # of the words that are taken apart
    AFFIX = 8       # of affixes
    PATTERN = 16    # of patterns, which place a letter of theirs by a byte under it
    NAME = 256      # of the letters of a name
    MOST = 3        # bytes of a character
    FOREIGN = -1    # what a word has instead of a length where it has other letters
    ANY = 3         # both kinds
    TOGETHER = 16   # words that are brought near together

    BYTE = 0x00FF   # of a letter of a ladder's alphabet
    ASKS = 0x0100   # always
    FIRST = 0x0200  # as the first letter
    LAST = 0x0400   # as the last one
    BEFORE = 0x0800 # before what is dropped

cdef struct Row:
    uint32_t start          # of the key
    uint32_t stems[2]       # the heaviest of each kind
    uint8_t weights[2]      # 0 where there is none
    uint8_t length
    uint8_t kind            # of the heaviest of all
    uint32_t first          # of its entries

cdef struct Table:
    const uint8_t* keys
    Row* rows
    uint32_t* slots         # open addressing: 1 + a row, and above the mask bits of its key's hash
    uint32_t mask
    int32_t bonus

cdef struct Affix:
    uint8_t text[AFFIX]
    uint8_t length, kinds, closed, absorbed
    int32_t cost

cdef struct Ending:
    uint8_t text[AFFIX]
    uint8_t length, kind, sign, prefixed, added, least
    int32_t cost

cdef struct Pattern:
    uint8_t text[PATTERN]
    uint8_t length
    uint16_t first, last    # its shapes

cdef struct Shape:
    uint8_t text[PATTERN]
    uint8_t length

cdef struct Choice:
    int32_t score, stem


cdef void* emptied(size_t count, size_t size) except NULL:
    cdef void* memory = calloc(count + 1, size)
    if not memory:
        raise MemoryError
    return memory


cdef int put(uint8_t* text, bytes given, size_t room) except -1:
    """Copy a short text, and give its length."""
    if len(given) > <Py_ssize_t>room:
        raise ValueError(f"{given!r} is longer than {room}")
    memcpy(text, <const uint8_t*>given, len(given))
    return len(given)


cdef class Dictionary:
    """Keys and their entries, by a table in memory.

    Args:
        keys: distinct texts, a line feed after each.
        fan_outs: uint8, how many entries each key has, heaviest first.
        stems: the number of the stem of each entry, two bytes, the lower one first.
        weights: uint8, the weight of each entry, from 1.
        border: the first number of a stem of the second kind.
        bonus: added to every weight.
        shift: added to the number of every stem.

    Raises:
        ValueError: the parts are not of one dictionary.
    """

    cdef const uint8_t[::1] keys
    cdef const uint8_t[::1] fan_outs
    cdef const uint8_t[::1] stems
    cdef const uint8_t[::1] weights
    cdef uint32_t shift
    cdef Table table
    cdef Py_ssize_t count

    def __cinit__(
        self,
        const uint8_t[::1] keys,
        const uint8_t[::1] fan_outs,
        const uint8_t[::1] stems,
        const uint8_t[::1] weights,
        uint32_t border,
        int bonus=0,
        uint32_t shift=0,
    ):
        cdef Table* table = &self.table
        self.keys, self.fan_outs, self.stems, self.weights = keys, fan_outs, stems, weights
        self.count, self.shift = fan_outs.shape[0], shift
        table.keys, table.bonus = &keys[0] if keys.shape[0] else NULL, bonus
        table.rows = <Row*>emptied(self.count, sizeof(Row))
        table.mask = 1
        while table.mask < self.count + self.count // 2:
            table.mask = 2 * table.mask + 1
        table.slots = <uint32_t*>emptied(table.mask, 4)
        if stems.shape[0] != 2 * weights.shape[0] or not self.fill(border):
            raise ValueError("the parts are not of one dictionary")

    def __dealloc__(self):
        free(self.table.rows)
        free(self.table.slots)

    def __len__(self):
        return self.count

    cdef bint fill(self, uint32_t border) noexcept nogil:
        """Whether every key and every entry was there."""
        cdef Py_ssize_t number, at = 0, entry = 0, last, size = self.keys.shape[0]
        cdef const uint8_t* end
        cdef Row* row
        cdef uint32_t stem, slot
        cdef uint64_t hash
        cdef int kind
        for number in range(self.count):
            row = &self.table.rows[number]
            end = <const uint8_t*>memchr(&self.keys[at], 10, size - at) if at < size else NULL
            last = entry + self.fan_outs[number]
            if end == NULL or end - &self.keys[at] > 255 or last > self.weights.shape[0]:
                return False
            row.start, row.length, row.first = at, end - &self.keys[at], entry
            at += row.length + 1
            while entry < last:
                stem = self.stem(entry)
                kind = stem >= border
                if not row.kind:
                    row.kind = 1 + kind
                if not row.weights[kind]:
                    row.stems[kind], row.weights[kind] = stem + self.shift, self.weights[entry]
                entry += 1
            hash = hashed(&self.keys[row.start], row.length)
            slot = slot_of(&self.table, hash, &self.keys[row.start], row.length)
            self.table.slots[slot] = tag_of(&self.table, hash) | <uint32_t>(number + 1)
        return at == size and entry == self.weights.shape[0]

    cdef inline uint32_t stem(self, Py_ssize_t entry) noexcept nogil:
        return self.stems[2 * entry] | <uint32_t>self.stems[2 * entry + 1] << 8

    def entries(self, bytes key not None):
        """The (stem, weight) of every entry of a key; none for an unknown one."""
        cdef const uint8_t* text = key
        cdef const Row* row = find(&self.table, hashed(text, len(key)), text, len(key))
        cdef Py_ssize_t at, number
        if row == NULL:
            return []
        number = row - self.table.rows
        return [
            (self.stem(at) + self.shift, self.weights[at] + self.table.bonus)
            for at in range(row.first, row.first + self.fan_outs[number])
        ]


cdef inline uint64_t word_at(const uint8_t* text) noexcept nogil:
    cdef uint64_t word
    memcpy(&word, text, 8)
    return word


cdef inline uint32_t half_at(const uint8_t* text) noexcept nogil:
    cdef uint32_t half
    memcpy(&half, text, 4)
    return half


cdef inline uint64_t hashed(const uint8_t* text, Py_ssize_t length) noexcept nogil:
    """The hash of a key; eight letters at a time, the last ones with some before them again."""
    cdef uint64_t mixed = length * <uint64_t>0x9E3779B97F4A7C15, last
    cdef Py_ssize_t i
    for i in range(0, length - 8, 8):
        mixed = (mixed ^ word_at(text + i)) * <uint64_t>0xFF51AFD7ED558CCD
        mixed ^= mixed >> 32
    if length >= 8:
        last = word_at(text + length - 8)
    elif length >= 4:
        last = half_at(text) | <uint64_t>half_at(text + length - 4) << 32
    else:
        last = text[0] | <uint64_t>text[length >> 1] << 8 | <uint64_t>text[length - 1] << 16 if length else 0
    mixed = (mixed ^ last) * <uint64_t>0xFF51AFD7ED558CCD       # as MurmurHash3 ends
    mixed = (mixed ^ (mixed >> 32)) * <uint64_t>0xC4CEB9FE1A85EC53
    return mixed ^ (mixed >> 32)


cdef inline uint32_t tag_of(const Table* table, uint64_t hash) noexcept nogil:
    """What a slot has of a hash: it tells most other keys from it, so that their rows need not come
    from memory."""
    return <uint32_t>(hash >> 32) & ~table.mask


cdef inline uint32_t slot_of(
    const Table* table, uint64_t hash, const uint8_t* text, Py_ssize_t length
) noexcept nogil:
    """Where a key is, or belongs."""
    cdef uint32_t at = <uint32_t>hash & table.mask, tag = tag_of(table, hash)
    cdef const Row* row
    while table.slots[at]:
        if table.slots[at] & ~table.mask == tag:
            row = &table.rows[(table.slots[at] & table.mask) - 1]
            if row.length == length and not memcmp(&table.keys[row.start], text, length):
                break
        at = (at + 1) & table.mask
    return at


cdef inline const Row* find(
    const Table* table, uint64_t hash, const uint8_t* text, Py_ssize_t length
) noexcept nogil:
    """The row of a key, or NULL."""
    cdef uint32_t found = table.slots[slot_of(table, hash, text, length)]
    return &table.rows[(found & table.mask) - 1] if found else NULL


cdef class Parser:
    """Finds the likeliest stem of a word.

    A word that is a key stands for the heaviest of its stems. Else, each step where the one before
    found nothing: (1) for a stem of kind 1 after a closed affix; (2) for the best of all ways to
    cut an affix before it and one after it; (3) for the best of those with a core of a pattern.

    Args:
        dictionaries: the first that has a key answers.
        befores: (text, kinds, cost, closed, absorbed), shorter ones first, the empty one among
            them: what can stand before a core of some kinds. After a closed one nothing is cut at
            the end, and `absorbed` is a letter that it may have taken from the core, or nothing.
        afters: (text, kinds, cost), shorter ones first: what can stand after a core.
        repairs: (letter, cut, added): where a core before an affix ends in a letter, that is cut
            or not, and another added, to make another core.
        barred: a core that begins so, before an affix, is of kind 2 alone.
        endings: (kind, sign, prefixed, text, added, least, cost), in the order of preference: what
            a core of a kind can end with, for a key of the sign, the core without it and what is
            added, or nothing; `prefixed` if the core's first letter, one of `prefixes`, is
            cut as well. The least is how many letters stay after the ending is cut.
        prefixes: letters.
        patterns: (pattern, shapes): bytes that a core is compared with, 0 for any; and what it
            may be made of instead, bytes under 16 being places in it.

    Raises:
        ValueError: an affix is longer than 8, a pattern longer than 16.
    """

    cdef tuple dictionaries     # they hold the tables
    cdef const Table** tables
    cdef Affix* befores
    cdef Affix* afters
    cdef Ending* endings
    cdef Pattern* patterns
    cdef Shape* shapes
    cdef Py_ssize_t table_count, before_count, after_count, ending_count, pattern_count
    cdef Affix nothing
    cdef uint8_t barred[AFFIX]
    cdef Py_ssize_t barred_length
    cdef uint8_t repaired[256]      # by the last letter: 0, or 1 + whether it is cut
    cdef uint8_t repair[256]
    cdef uint8_t prefixes[256]
    cdef uint16_t first_before[257]    # befores and endings by the letter next to the core
    cdef uint16_t* befores_by_letter
    cdef uint16_t first_after[257]
    cdef uint16_t* afters_by_letter
    cdef uint16_t first_ending[257]
    cdef uint16_t* endings_by_letter

    def __cinit__(
        self, dictionaries, befores, afters, repairs, bytes barred, endings, bytes prefixes, patterns
    ):
        self.dictionaries = tuple(dictionaries)
        self.tables = <const Table**>emptied(len(self.dictionaries), sizeof(Table*))
        for each in self.dictionaries:
            if not isinstance(each, Dictionary):
                raise TypeError("a parser takes dictionaries")
            self.tables[self.table_count] = &(<Dictionary>each).table
            self.table_count += 1
        self.take_affixes(list(befores), list(afters))
        self.take_endings(list(endings))
        self.take_patterns(list(patterns))
        self.nothing.kinds = ANY
        self.barred_length = put(self.barred, barred, AFFIX)
        for letter, cut, added in repairs:
            self.repaired[<uint8_t>letter[0]], self.repair[<uint8_t>letter[0]] = 1 + bool(cut), added[0]
        for each in prefixes:
            self.prefixes[<uint8_t>each] = 1

    def __dealloc__(self):
        free(self.tables)
        free(self.befores)
        free(self.afters)
        free(self.endings)
        free(self.patterns)
        free(self.shapes)
        free(self.befores_by_letter)
        free(self.afters_by_letter)
        free(self.endings_by_letter)

    cdef int take_affixes(self, list befores, list afters) except -1:
        cdef Affix* affix
        cdef Py_ssize_t i
        self.before_count, self.after_count = len(befores), len(afters)
        self.befores = <Affix*>emptied(len(befores), sizeof(Affix))
        for i, (text, kinds, cost, closed, absorbed) in enumerate(befores):
            affix = &self.befores[i]
            affix.length, affix.kinds, affix.cost = put(affix.text, text, AFFIX), kinds, cost
            affix.closed, affix.absorbed = closed, absorbed[0] if absorbed else 0
        self.afters = <Affix*>emptied(len(afters), sizeof(Affix))
        for i, (text, kinds, cost) in enumerate(afters):
            affix = &self.afters[i]
            affix.length, affix.kinds, affix.cost = put(affix.text, text, AFFIX), kinds, cost
        self.befores_by_letter = by_letter([text[:1] for text, *_ in befores], self.first_before)
        self.afters_by_letter = by_letter([last_of(text) for text, *_ in afters], self.first_after)
        return 0

    cdef int take_endings(self, list endings) except -1:
        cdef Ending* ending
        cdef Py_ssize_t i
        self.ending_count = len(endings)
        self.endings = <Ending*>emptied(len(endings), sizeof(Ending))
        for i, (kind, sign, prefixed, text, added, least, cost) in enumerate(endings):
            ending = &self.endings[i]
            ending.length, ending.kind, ending.cost = put(ending.text, text, AFFIX), kind, cost
            ending.sign, ending.added = sign[0] if sign else 0, added[0] if added else 0
            ending.prefixed, ending.least = prefixed, least
        self.endings_by_letter = by_letter([last_of(each[3]) for each in endings], self.first_ending)
        return 0

    cdef int take_patterns(self, list patterns) except -1:
        cdef Pattern* pattern
        cdef Py_ssize_t i, n = 0
        self.pattern_count = len(patterns)
        self.patterns = <Pattern*>emptied(len(patterns), sizeof(Pattern))
        self.shapes = <Shape*>emptied(sum([len(shapes) for _, shapes in patterns]), sizeof(Shape))
        for i, (text, shapes) in enumerate(patterns):
            pattern = &self.patterns[i]
            pattern.length, pattern.first = put(pattern.text, text, PATTERN), n
            for shape in shapes:
                if any([c < PATTERN and c >= len(text) for c in <bytes>shape]):
                    raise ValueError(f"{shape!r} takes letters that {text!r} has not")
                self.shapes[n].length = put(self.shapes[n].text, shape, PATTERN)
                n += 1
            pattern.last = n
        return 0

    def best(self, bytes word not None):
        """The number of the likeliest stem of a word, or -1."""
        return self.stem_of(<const uint8_t*>word, len(word))

    cdef void expect(self, const uint8_t* word, Py_ssize_t length, bint slots) noexcept nogil:
        """A word will be looked up soon: first its slots come near, and, asked again, its rows."""
        cdef uint64_t hash = hashed(word, length)
        cdef const Table* table
        cdef uint32_t found
        cdef Py_ssize_t i
        for i in range(self.table_count):
            table = self.tables[i]
            if slots:
                prefetch(&table.slots[<uint32_t>hash & table.mask])
            else:
                found = table.slots[<uint32_t>hash & table.mask]
                if found and found & ~table.mask == tag_of(table, hash):
                    prefetch(&table.rows[(found & table.mask) - 1])

    cdef int32_t stem_of(self, const uint8_t* word, Py_ssize_t length) noexcept nogil:
        cdef Choice best
        best.score, best.stem = -(1 << 30), -1
        if 0 < length <= LONGEST:
            self.look_up(0, word, length, 0, ANY, 0, &best)
            if best.stem < 0:
                self.closed(word, length, &best)
            if best.stem < 0:
                self.cut(word, length, False, &best)
            if best.stem < 0:
                self.cut(word, length, True, &best)
        return best.stem

    cdef void look_up(
        self,
        uint8_t first,
        const uint8_t* text,
        Py_ssize_t length,
        uint8_t last,
        int kinds,
        int32_t cost,
        Choice* best,
    ) noexcept nogil:
        """Take the stem of a key if it scores higher than the best so far.

        The key is `first`, `text` and `last`, the two letters 0 for none.
        """
        cdef uint8_t key[LONGEST + 2]
        cdef uint64_t hash
        cdef const Row* row
        cdef int32_t score
        cdef int kind
        cdef Py_ssize_t i
        if first or last:
            key[0] = first
            memcpy(key + (first != 0), text, length)
            length += first != 0
            key[length] = last
            length += last != 0
            text = key
        hash = hashed(text, length)
        for i in range(self.table_count):
            row = find(self.tables[i], hash, text, length)
            if row != NULL:
                kind = (row.kind if kinds == ANY else kinds) - 1
                if kind >= 0 and row.weights[kind]:
                    score = row.weights[kind] + self.tables[i].bonus - cost
                    if score > best.score:
                        best.score, best.stem = score, row.stems[kind]
                break

    cdef void closed(self, const uint8_t* word, Py_ssize_t length, Choice* best) noexcept nogil:
        """A stem of kind 1 after a closed affix."""
        cdef Py_ssize_t i
        cdef Affix* before
        cdef const uint8_t* rest
        for i in range(self.first_before[word[0]], self.first_before[word[0] + 1]):
            before = &self.befores[self.befores_by_letter[i]]
            if before.closed and begins(word, length, before):
                rest = word + before.length
                self.look_up(0, rest, length - before.length, 0, 1, before.cost, best)
                if before.absorbed:
                    self.look_up(
                        before.absorbed, rest, length - before.length, 0, 1, before.cost, best
                    )

    cdef void cut(
        self, const uint8_t* word, Py_ssize_t length, bint by_pattern, Choice* best
    ) noexcept nogil:
        """Every way to cut what stands before and after the core."""
        cdef Py_ssize_t i, j, size
        cdef Affix* before
        cdef Affix* after
        cdef const uint8_t* rest
        for i in range(self.first_before[word[0]], self.first_before[word[0] + 1]):
            before = &self.befores[self.befores_by_letter[i]]
            size = length - before.length
            if size < 2 or not begins(word, length, before):
                continue
            rest = word + before.length
            self.read_core(rest, size, before, &self.nothing, by_pattern, best)
            if before.closed:
                continue
            for j in range(self.first_after[rest[size - 1]], self.first_after[rest[size - 1] + 1]):
                after = &self.afters[self.afters_by_letter[j]]
                if (
                    size >= after.length + 2
                    and not memcmp(rest + size - after.length, after.text, after.length)
                ):
                    self.read_core(rest, size - after.length, before, after, by_pattern, best)

    cdef void read_core(
        self,
        const uint8_t* core,
        Py_ssize_t length,
        const Affix* before,
        const Affix* after,
        bint by_pattern,
        Choice* best,
    ) noexcept nogil:
        """What the core between two affixes can be."""
        cdef int kinds = before.kinds & after.kinds
        cdef int32_t cost = before.cost + after.cost
        cdef uint8_t last = core[length - 1]
        if by_pattern:
            if before.kinds & 1:
                self.match(core, length, cost, best)
            return
        if (
            after.length
            and self.barred_length
            and length >= self.barred_length
            and not memcmp(core, self.barred, self.barred_length)
        ):
            kinds &= 2
        if not kinds:
            return
        self.look_up(0, core, length, 0, kinds, cost, best)
        if before.absorbed:
            self.look_up(before.absorbed, core, length, 0, kinds, cost, best)
        if after.length and self.repaired[last]:
            self.look_up(
                0, core, length - self.repaired[last] + 1, self.repair[last], kinds, cost, best
            )
        self.end(core, length, kinds, cost, best)

    cdef void end(
        self, const uint8_t* core, Py_ssize_t length, int kinds, int32_t cost, Choice* best
    ) noexcept nogil:
        """A core without the endings that it can have."""
        cdef uint8_t last = core[length - 1]
        cdef Ending* ending
        cdef Py_ssize_t i, rest
        for i in range(self.first_ending[last], self.first_ending[last + 1]):
            ending = &self.endings[self.endings_by_letter[i]]
            rest = length - ending.length
            if (
                kinds & ending.kind
                and rest >= max(ending.least, ending.prefixed)
                and not memcmp(core + rest, ending.text, ending.length)
                and (not ending.prefixed or self.prefixes[core[0]])
            ):
                self.look_up(
                    ending.sign,
                    core + ending.prefixed,
                    rest - ending.prefixed,
                    ending.added,
                    ending.kind,
                    cost + ending.cost,
                    best,
                )

    cdef void match(
        self, const uint8_t* core, Py_ssize_t length, int32_t cost, Choice* best
    ) noexcept nogil:
        """A core that is of a pattern, as what it can be made of instead."""
        cdef Py_ssize_t i, j, k
        cdef Pattern* pattern
        cdef Shape* shape
        cdef uint8_t text[PATTERN]
        for i in range(self.pattern_count):
            pattern = &self.patterns[i]
            if pattern.length != length:
                continue
            j = 0
            while j < length and (not pattern.text[j] or pattern.text[j] == core[j]):
                j += 1
            if j < length:
                continue
            for j in range(pattern.first, pattern.last):
                shape = &self.shapes[j]
                for k in range(shape.length):
                    text[k] = core[shape.text[k]] if shape.text[k] < PATTERN else shape.text[k]
                self.look_up(0, text, shape.length, 0, 1, cost, best)


cdef Affix* affixes(list texts) except NULL:
    """Texts alone."""
    cdef Affix* found = <Affix*>emptied(len(texts), sizeof(Affix))
    cdef Py_ssize_t i
    for i in range(len(texts)):
        found[i].length = put(found[i].text, texts[i], AFFIX)
    return found


cdef bint begins(const uint8_t* word, Py_ssize_t length, const Affix* before) noexcept nogil:
    """Whether a word begins with an affix, and goes on."""
    return length > before.length and not memcmp(word, before.text, before.length)


cdef bytes last_of(bytes text):
    """The last letter of a text, or nothing."""
    return text[len(text) - 1 :] if text else text


cdef uint16_t* by_letter(list letters, uint16_t* first) except NULL:
    """The numbers of some texts for each letter, and where those of each begin.

    Args:
        letters: the letter of each text, or nothing for a text that goes with every letter.
        first: 257 places, to be filled.
    """
    cdef list numbers = []
    cdef int letter
    for letter in range(256):
        first[letter] = len(numbers)
        numbers += [i for i, each in enumerate(letters) if not each or each[0] == letter]
    first[256] = len(numbers)
    if len(numbers) > 0xFFFF:
        raise ValueError("too many affixes")
    cdef uint16_t* found = <uint16_t*>emptied(len(numbers), 2)
    for i, number in enumerate(numbers):
        found[<Py_ssize_t>i] = number
    return found


cdef class Ladder:
    """Brings words to tuples of four texts: as written, its letters, its stem, its stem's root.

    Args:
        parser: knows the stems.
        base: the first of 256 characters that a word can have. Letters are bytes: the first 96
            characters as letters are 0xA0 and on.
        alphabet: a number for each of the characters. Its lowest byte is the letter that the
            character stands for, or 0 if it is dropped. The bits above say which words are
            none of the ladder's: those that have the character at all (0x100), or first
            (0x200), or as their last letter (0x400), or before one that is dropped (0x800).
        names: the stem and the root of each number that the parser gives, each of at most 256
            letters and a line feed.
        more: the (stem, root) of the numbers after these.
        cut: (befores, afters, least), of a word that the parser knows nothing of. Its stem is
            the word without the first of `befores` that it begins with and that leaves so many
            letters; its root the stem without the first of `afters` that it ends with, or the
            stem where that leaves too few. Each is of at most 8 letters.
        other: the tuple of a word that is none of the ladder's: it has other characters, or
            none, or one that says so, or over 32 letters.
        make: the class of the tuples, a tuple itself.
    """

    cdef Parser parser
    cdef uint32_t base
    cdef uint16_t alphabet[256]
    cdef const uint8_t[::1] texts
    cdef list names             # (stem, root), or None for those that were not met yet
    cdef Py_ssize_t name_count  # of those that lie in `texts`
    cdef uint32_t* starts
    cdef Affix* befores
    cdef Affix* afters
    cdef Py_ssize_t before_count, after_count, least
    cdef object other, make, new

    def __cinit__(
        self,
        Parser parser not None,
        uint32_t base,
        alphabet,
        const uint8_t[::1] names,
        more,
        cut,
        other,
        make,
    ):
        cdef int i
        self.parser, self.base = parser, base
        if len(alphabet) != 256:
            raise ValueError("a ladder takes an alphabet of 256 numbers")
        for i in range(256):
            self.alphabet[i] = alphabet[i]
        self.texts = names
        self.find_names()
        self.names += more
        befores, afters, self.least = cut
        self.before_count, self.befores = len(befores), affixes(befores)
        self.after_count, self.afters = len(afters), affixes(afters)
        self.other, self.make, self.new = other, make, tuple.__new__

    def __dealloc__(self):
        free(self.starts)
        free(self.befores)
        free(self.afters)

    cdef int find_names(self) except -1:
        """Where each name begins, the end being the last one's."""
        cdef Py_ssize_t at, size = self.texts.shape[0], line = 0
        self.starts = <uint32_t*>emptied(size // 2 + 1, 4)
        for at in range(size):
            if self.texts[at] == 10:
                line += 1
                if line % 2 == 0:
                    self.starts[line // 2] = at + 1
        if line % 2 or self.starts[line // 2] != size:
            raise ValueError("a name is a stem and a root, each with a line feed")
        self.names, self.name_count = [None] * (line // 2), line // 2
        return 0

    def climb(self, word):
        """The tuple of a word."""
        cdef uint8_t letters[LONGEST]
        cdef bint same = True
        cdef Py_ssize_t length
        if not PyUnicode_CheckExact(word):
            return self.other(word)
        if PyUnicode_KIND(word) != 2:
            return self.other(word)
        length = self.fold(
            <uint16_t*>PyUnicode_DATA(word), PyUnicode_GET_LENGTH(word), letters, &same
        )
        if length == FOREIGN:
            return self.other(word)
        spelling = word if same else self.text(letters, length)
        stem, root = self.named(self.parser.stem_of(letters, length), letters, length)
        return self.new(self.make, (word, spelling, stem, root))

    def climb_all(self, words):
        """The tuples of some words, in their order."""
        return [self.climb(word) for word in words]

    def stem(self, str spelling not None):
        """The (stem, root) of a word that is letters of the alphabet alone; else None."""
        cdef uint8_t letters[LONGEST]
        cdef Py_ssize_t i, length = PyUnicode_GET_LENGTH(spelling)
        cdef uint16_t* text = <uint16_t*>PyUnicode_DATA(spelling)
        if not 0 < length <= LONGEST or PyUnicode_KIND(spelling) != 2:
            return None
        for i in range(length):
            if not self.base + 0x20 <= text[i] < self.base + 0x60:
                return None
            letters[i] = text[i] - self.base + 0xA0
        return self.named(self.parser.stem_of(letters, length), letters, length)

    def keys(self, const uint32_t[::1] codes, const uint32_t[::1] edges):
        """The tuples of some words as keys: the last text first, in UTF-8, NUL between.

        Args:
            codes: the code points of the words, one word after another.
            edges: where each begins, and the end.

        Returns:
            Their bytes one after another, and where each begins in them, and the end, uint32.
        """
        cdef Py_ssize_t i, count = edges.shape[0] - 1
        cdef Output out
        cdef Slice* slices = NULL
        cdef bint enough
        if count < 0 or edges[0] or edges[count] != <size_t>codes.shape[0]:
            raise ValueError("code points and their edges do not fit")
        for i in range(count):
            if edges[i] > edges[i + 1]:
                raise ValueError("code points and their edges do not fit")
        cdef const uint32_t* text = &codes[0] if codes.shape[0] else NULL
        out.data, out.size, out.room = NULL, 0, 0
        try:
            slices = <Slice*>emptied(count, sizeof(Slice))
            with nogil:
                enough = self.climb_known(text, &edges[0], count, &out, slices)
            if not enough:
                raise MemoryError
            # the others behind them, all at once: other threads are waited for but once
            for i in range(count):
                if not slices[i].size:
                    slices[i].start = out.size
                    self.climb_other(text + edges[i], edges[i + 1] - edges[i], &out)
                    slices[i].size = out.size - slices[i].start
            if out.size > <size_t>0xFFFFFFFF:
                raise OverflowError("packed strings take at most 4 GiB")
            return in_order(&out, slices, count)
        finally:
            free(out.data)
            free(slices)

    cdef bint climb_known(
        self,
        const uint32_t* codes,
        const uint32_t* edges,
        Py_ssize_t count,
        Output* out,
        Slice* slices,
    ) noexcept nogil:
        """The keys of the words that are the ladder's; whether there was memory for them."""
        cdef uint8_t letters[TOGETHER][LONGEST]
        cdef Py_ssize_t lengths[TOGETHER]
        cdef bint same
        cdef Py_ssize_t these, i
        while count > 0:
            these = min(count, <Py_ssize_t>TOGETHER)
            for i in range(these):
                lengths[i] = self.fold(codes + edges[i], edges[i + 1] - edges[i], letters[i], &same)
                if lengths[i] != FOREIGN:
                    self.parser.expect(letters[i], lengths[i], True)
            for i in range(these):
                if lengths[i] != FOREIGN:
                    self.parser.expect(letters[i], lengths[i], False)
            for i in range(these):
                if lengths[i] != FOREIGN and not self.put_known(
                    codes + edges[i], edges[i + 1] - edges[i], letters[i], lengths[i], out, &slices[i]
                ):
                    return False
            edges, slices, count = edges + these, slices + these, count - these
        return True

    cdef bint put_known(
        self,
        const uint32_t* codes,
        Py_ssize_t size,
        const uint8_t* letters,
        Py_ssize_t length,
        Output* out,
        Slice* slice,
    ) noexcept nogil:
        """The key of a word that is the ladder's, if its stem has a name; whether there was memory."""
        cdef int32_t stem = self.parser.stem_of(letters, length)
        if stem >= self.name_count:
            return True
        if not reserve(out, MOST * (size + length + 2 * NAME) + 3):
            return False
        slice.start = out.size
        if stem < 0:
            self.put_unknown(out, letters, length)
        else:
            self.put_name(out, self.starts[stem], self.starts[stem + 1])
        self.put_letters(out, letters, length)
        put_byte(out, 0)
        put_codes(out, codes, size)
        slice.size = out.size - slice.start
        return True

    cdef int climb_other(self, const uint32_t* codes, Py_ssize_t size, Output* out) except -1:
        """The key of a word of any kind."""
        cdef const char* text
        cdef Py_ssize_t length
        word = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, codes, size)
        for i, part in enumerate(reversed(self.climb(word))):
            text = PyUnicode_AsUTF8AndSize(part, &length)
            if not reserve(out, length + 1):
                raise MemoryError
            if i:
                put_byte(out, 0)
            memcpy(out.data + out.size, text, length)
            out.size += length
        return 0

    cdef void put_unknown(self, Output* out, const uint8_t* letters, Py_ssize_t length) noexcept nogil:
        """The root and the stem of a word that the parser knows nothing of, a NUL after each."""
        cdef Py_ssize_t start = self.before(letters, length)
        self.put_letters(out, letters + start, self.bare(letters + start, length - start))
        put_byte(out, 0)
        self.put_letters(out, letters + start, length - start)
        put_byte(out, 0)

    cdef void put_name(self, Output* out, uint32_t start, uint32_t end) noexcept nogil:
        """The root and the stem that lie in some place, a NUL after each."""
        cdef uint32_t middle = self.middle(start)
        self.put_letters(out, &self.texts[middle + 1], end - middle - 2)
        put_byte(out, 0)
        self.put_letters(out, &self.texts[start], middle - start)
        put_byte(out, 0)

    cdef void put_letters(self, Output* out, const uint8_t* letters, Py_ssize_t length) noexcept nogil:
        cdef Py_ssize_t i
        for i in range(min(length, NAME)):
            put_code(out, letters[i] - 0xA0 + self.base)

    cdef Py_ssize_t before(self, const uint8_t* letters, Py_ssize_t length) noexcept nogil:
        """How many letters stand before the stem of a word that the parser knows nothing of."""
        cdef Py_ssize_t i
        for i in range(self.before_count):
            if (
                length >= self.befores[i].length + self.least
                and begins(letters, length, &self.befores[i])
            ):
                return self.befores[i].length
        return 0

    cdef Py_ssize_t bare(self, const uint8_t* stem, Py_ssize_t length) noexcept nogil:
        """How many letters of such a stem are its root."""
        cdef Py_ssize_t i, rest
        for i in range(self.after_count):
            rest = length - self.afters[i].length
            if rest >= 0 and not memcmp(stem + rest, self.afters[i].text, self.afters[i].length):
                return rest if rest >= self.least else length
        return length

    cdef object named(self, int32_t number, const uint8_t* letters, Py_ssize_t length):
        """The stem and the root of some letters, whose number the parser gave."""
        cdef Py_ssize_t start
        if number < 0:
            start = self.before(letters, length)
            letters, length = letters + start, length - start
            return self.text(letters, length), self.text(letters, self.bare(letters, length))
        if number >= len(self.names):
            raise IndexError(f"stem {number} has no name")
        found = self.names[number]
        if found is None:
            found = self.names[number] = self.name(self.starts[number], self.starts[number + 1])
        return found

    cdef uint32_t middle(self, uint32_t start) noexcept nogil:
        """Where the stem ends that begins in some place."""
        while self.texts[start] != 10:
            start += 1
        return start

    cdef tuple name(self, uint32_t start, uint32_t end):
        """The stem and the root that lie in some place."""
        cdef uint32_t middle = self.middle(start)
        return (
            self.text(&self.texts[start], middle - start),
            self.text(&self.texts[middle + 1], end - middle - 2),
        )

    cdef Py_ssize_t fold(
        self, const unit* text, Py_ssize_t length, uint8_t* letters, bint* same
    ) noexcept nogil:
        """The letters of a word; their number, or FOREIGN."""
        cdef Py_ssize_t i, count = 0
        cdef uint32_t code
        cdef uint16_t here = 0, last = 0
        for i in range(length):
            code = text[i] - self.base
            if code > 0xFF:
                return FOREIGN
            here = self.alphabet[code]
            if here & ASKS:
                return FOREIGN
            if not here & BYTE:
                same[0] = False
                if i and self.alphabet[text[i - 1] - self.base] & BEFORE:
                    return FOREIGN
                continue
            if count == LONGEST or (not count and here & FIRST):
                return FOREIGN
            letters[count] = here & BYTE
            if letters[count] != code + 0xA0:
                same[0] = False
            last = here
            count += 1
        return count if count and not last & LAST else FOREIGN

    cdef str text(self, const uint8_t* letters, Py_ssize_t length):
        cdef uint16_t wide[NAME]
        cdef Py_ssize_t i
        for i in range(min(length, NAME)):
            wide[i] = letters[i] - 0xA0 + self.base
        return PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, wide, min(length, NAME))


# --- texts in UTF-8 while they are made

cdef struct Output:
    uint8_t* data
    size_t size, room


cdef struct Slice:
    size_t start, size          # of a text; 0 bytes where there is none yet


cdef tuple in_order(const Output* out, const Slice* slices, Py_ssize_t count):
    """Texts, one after another, and where each begins, and the end, uint32."""
    cdef bytes blob = PyBytes_FromStringAndSize(NULL, out.size)
    cdef bytes edges = PyBytes_FromStringAndSize(NULL, 4 * (count + 1))
    cdef uint8_t* to = <uint8_t*><char*>blob
    cdef uint32_t* edge = <uint32_t*><char*>edges
    cdef Py_ssize_t i
    with nogil:
        edge[0] = 0
        for i in range(count):
            memcpy(to + edge[i], out.data + slices[i].start, slices[i].size)
            edge[i + 1] = edge[i] + slices[i].size
    return blob, memoryview(edges).cast("I")


cdef bint reserve(Output* out, size_t more) noexcept nogil:
    """Make room for more bytes; whether there is any."""
    cdef size_t room = out.size + more
    cdef void* larger
    if room > out.room:
        room += out.room // 2 + 4096
        larger = realloc(out.data, room)
        if larger == NULL:
            return False
        out.data, out.room = <uint8_t*>larger, room
    return True


cdef inline void put_byte(Output* out, uint8_t byte) noexcept nogil:
    out.data[out.size] = byte
    out.size += 1


cdef inline void put_code(Output* out, uint32_t code) noexcept nogil:
    """A character of the first 0x10000."""
    if code < 0x80:
        put_byte(out, code)
        return
    if code < 0x800:
        put_byte(out, 0xC0 | (code >> 6))
    else:
        put_byte(out, 0xE0 | (code >> 12))
        put_byte(out, 0x80 | ((code >> 6) & 0x3F))
    put_byte(out, 0x80 | (code & 0x3F))


cdef inline void put_codes(Output* out, const uint32_t* codes, Py_ssize_t count) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(count):
        put_code(out, codes[i])
