"""What each code point is to a word: the tables that the kernels cut text by.

The kernels know no Arabic. They are given a class for every code point and a table that says
which classes continue a word; both come from here. The classes are kept as ranges in
`data/classes.bin`, made by `python -m kashaf.arabic.build` from the Unicode character database,
so that what a word is does not depend on the Python that runs.

| class       | what                                                            |
|-------------|-----------------------------------------------------------------|
| `SEPARATOR` | no part of a word: spaces, punctuation, symbols, ayah numbers    |
| `MARK`      | joins to a word, never begins one: vowel and Quranic marks,      |
|             | tatweel, joiners, bidi controls, soft hyphen                     |
| `ARABIC`    | a letter of the Arabic script, presentation forms included       |
| `LETTER`    | a letter of any other script                                    |
| `DIGIT`     | a digit or number of any script                                 |
| `LIGATURE`  | a phrase in one code point (ﷺ ﷽ ﷼): a word by itself             |
"""

import functools
import mmap
import os
import struct
from itertools import pairwise, product

SEPARATOR, MARK, ARABIC, LETTER, DIGIT, LIGATURE = range(6)

CODE_POINTS = 0x110000

DATA = os.path.join(os.path.dirname(__file__), "data")
"""The folder of what `arabic.build` makes."""


def packed_ranges() -> bytes:
    """The class table as stored: little-endian uint32, first code point << 3 | class."""
    with open(os.path.join(DATA, "classes.bin"), "rb") as file:
        return file.read()


@functools.cache
def classes() -> memoryview:
    """The class of each of the 0x110000 code points."""
    codes = [code for (code,) in struct.iter_unpack("<I", packed_ranges())]
    starts = [code >> 3 for code in codes] + [CODE_POINTS]
    table = mmap.mmap(-1, CODE_POINTS)  # zeros; only where others are written it takes memory
    for code, (start, end) in zip(codes, pairwise(starts), strict=True):
        if code & 7 != SEPARATOR:
            table[start:end] = bytes([code & 7]) * (end - start)
    return memoryview(table).toreadonly()


@functools.cache
def joins() -> bytes:
    """64 values of 0 or 1: `joins()[8 * a + b]` says that class b continues class a.

    Arabic letters and other characters do not join, so that الـ16 and الFacebook are two words
    each; letters and digits of other scripts do (covid19, G20).
    """
    pairs = {(ARABIC, ARABIC), *product((LETTER, DIGIT), repeat=2)}
    return bytes(pair in pairs for pair in product(range(8), repeat=2))


def pack(ranges: list[tuple[int, int]]) -> bytes:
    """The stored form of (first code point, class) pairs, in order."""
    return struct.pack(f"<{len(ranges)}I", *(start << 3 | kind for start, kind in ranges))
