"""The class of every code point, from the Unicode character database."""

import unicodedata

from .. import letters

ARABIC_BLOCKS = (
    (0x0600, 0x06FF),
    (0x0750, 0x077F),
    (0x0870, 0x089F),
    (0x08A0, 0x08FF),
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFE),
    (0x10EC0, 0x10EFF),
    (0x1EE00, 0x1EEFF),
)

# Signs that begin or enclose a number (U+0600-0605, U+06DD ۝, U+08E2, U+0890-0891) are of the
# category "format", yet stand between words.
NUMBER_SIGNS = {*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2}

# Letters by category, marks by use: tatweel, the small Quranic waw and yeh, the small Farsi yeh.
MARK_LETTERS = {0x0640, 0x06E5, 0x06E6, 0x08C9}

# Whole phrases in one code point: ﷺ ﷻ ﷼ ﷽ and the honorifics beside them.
LIGATURES = {*range(0xFD40, 0xFD50), 0xFDCF, 0xFDFA, 0xFDFB, 0xFDFC, 0xFDFD, 0xFDFE, 0xFDFF}

BY_CATEGORY = {"L": letters.LETTER, "N": letters.DIGIT, "M": letters.MARK}


def is_arabic(code: int) -> bool:
    """Whether a code point lies in a block of the Arabic script."""
    return any(first <= code <= last for first, last in ARABIC_BLOCKS)


def kind(code: int) -> int:
    """The class of one code point."""
    category = unicodedata.category(chr(code))
    if code in LIGATURES:
        return letters.LIGATURE
    if code in MARK_LETTERS or (category == "Cf" and code not in NUMBER_SIGNS):
        return letters.MARK
    found = BY_CATEGORY.get(category[0], letters.SEPARATOR)
    return letters.ARABIC if found == letters.LETTER and is_arabic(code) else found


def ranges() -> list[tuple[int, int]]:
    """(first code point, class) of each run of code points of one class."""
    found: list[tuple[int, int]] = []
    for code in range(letters.CODE_POINTS):
        here = kind(code)
        if not found or found[-1][1] != here:
            found.append((code, here))
    return found


def build() -> bytes:
    """The contents of `data/classes.bin`."""
    return letters.pack(ranges())
