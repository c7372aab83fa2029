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
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

SEPARATOR, MARK, ARABIC, LETTER, DIGIT, LIGATURE = range(6)

CODE_POINTS = 0x110000

DATA = Path(__file__).parent / "data"

Bytes = npt.NDArray[np.uint8]


def packed_ranges() -> bytes:
    """The class table as stored: little-endian uint32, first code point << 3 | class."""
    return (DATA / "classes.bin").read_bytes()


@functools.cache
def classes() -> Bytes:
    """The class of each of the 0x110000 code points, as read-only uint8."""
    ranges = np.frombuffer(packed_ranges(), dtype="<u4")
    starts, kinds = ranges >> 3, (ranges & 7).astype(np.uint8)
    table = np.repeat(kinds, np.diff(starts, append=CODE_POINTS))
    table.flags.writeable = False
    return table


@functools.cache
def joins() -> Bytes:
    """64 values of 0 or 1: `joins()[8 * a + b]` says that class b continues class a.

    Arabic letters and other characters do not join, so that الـ16 and الFacebook are two words
    each; letters and digits of other scripts do (covid19, G20).
    """
    table = np.zeros((8, 8), dtype=np.uint8)
    table[ARABIC, ARABIC] = 1
    table[LETTER : DIGIT + 1, LETTER : DIGIT + 1] = 1
    flat = table.reshape(-1)
    flat.flags.writeable = False
    return flat


def pack(ranges: list[tuple[int, int]]) -> bytes:
    """The stored form of (first code point, class) pairs, in order."""
    return struct.pack(f"<{len(ranges)}I", *(start << 3 | kind for start, kind in ranges))
