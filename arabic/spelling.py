"""The spelling rung: what is left of a word when only its letters count.

Folded together: vowel and Quranic marks, tatweel, joiners and bidi controls (dropped); the
forms of alef; the seats of hamza; ى and ي; ة and ه; presentation forms and the letters that
Persian, Urdu and Maghribi writing has for Arabic ones; all digits; case, accents and width of
other scripts. Words with Quranic signs are first brought to modern spelling (`uthmani.py`).

Folding a folded word changes nothing.
"""

import functools
from bisect import bisect_left

from ..hints import TYPE_CHECKING
from . import uthmani

if TYPE_CHECKING:
    import re

_SAME_LETTER = {
    "ا": "أإآٱٲٳٵ",
    "ء": "ؤئٴٶٷٸ",
    "ي": "ىیېۍےۓۑؠؽؾؿێ",
    "ه": "ةھہۂۃۀەۿ",
    "و": "ۄۅۆۇۈۉۊۋۏ",
    "ك": "کڪګڬڭڮگڰڱڲڳڴݢݣ",
    "ف": "ڡڢڣڤڥڦ",
    "ق": "ٯڧڨ",
    "ب": "پٮٻڀݐݒ",
    "ت": "ٹټٺ",
    "ج": "چڃڄڇڿ",
    "د": "ڈڊډڍڌ",
    "ر": "ڑړڒڔڕ",
    "ز": "ژڙ",
    "ن": "ںڼڻ",
    "ل": "ڵڶڷ",
    "س": "ښ",
}

# Read as they sound in Arabic text: the letters that Persian, Urdu, Kurdish, Pashto and
# Maghribi writing adds, and those that a keyboard for those languages types for Arabic ones.
_TWINS = {ord(other): letter for letter, others in _SAME_LETTER.items() for other in others}
_NUMBER_SIGNS = {0x066B: ".", 0x066C: "", 0x066A: "%"}

# Whole phrases in one code point stay as they are; `expand.py` knows their words.
_PHRASES = frozenset(
    map(chr, (*range(0xFD40, 0xFD50), 0xFDCF, 0xFDFA, 0xFDFB, 0xFDFD, 0xFDFE, 0xFDFF))
)

# Combining marks that are accents or vowel points, to be dropped; those of other scripts
# (the vowels of Hindi, say) are letters in all but name.
_POINTS = (
    *(0x0300, 0x036F, 0x0483, 0x0487, 0x0591, 0x05C7, 0x0610, 0x061A, 0x0640, 0x0640),
    *(0x064B, 0x065F, 0x0670, 0x0670, 0x06D6, 0x06DC, 0x06DF, 0x06E8, 0x06EA, 0x06ED),
    *(0x0898, 0x089F, 0x08C9, 0x08E1, 0x08E3, 0x08FF, 0x1AB0, 0x1AFF, 0x1DC0, 0x1DFF),
    *(0x20D0, 0x20FF, 0xFE00, 0xFE0F, 0xFE20, 0xFE2F),
)
"""The first and the last of each range of them, in order."""


def _is_point(code: int) -> bool:
    place = bisect_left(_POINTS, code)
    return place % 2 == 1 or (place < len(_POINTS) and _POINTS[place] == code)


def _settle(char: str) -> str:
    """The case- and accent-free letters of a character of any script."""
    from unicodedata import normalize

    plain = normalize("NFKD", char.casefold())
    bare = "".join(each for each in plain if not _is_point(ord(each)))
    return normalize("NFC", bare).replace(" ", "")


def _fold_character(code: int) -> str:
    """What one character becomes; the same again for each character of the result."""
    if not code or _is_point(code):
        return ""
    from unicodedata import category, digit

    char = chr(code)
    if category(char) == "Cf":
        return ""
    if char in _PHRASES:
        return char
    decimal = digit(char, None)
    settled = str(decimal) if decimal is not None else _settle(char)
    return settled if settled == char else "".join(_FOLDING[ord(each)] for each in settled)


class _Folding(dict[int, str]):
    """A table for `str.translate` that works out each character when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(code)
        return folded


_LETTERS = {code: chr(code) for code in (*range(0x0621, 0x063B), *range(0x0641, 0x064B))}
_FOLDING = _Folding(_LETTERS | _TWINS | _NUMBER_SIGNS)


def fold_character(char: str) -> str:
    """What one character contributes to a folded word; empty for a mark."""
    return _FOLDING[ord(char)]


SIGNS = frozenset("\u0653\u0654\u0655\u0670\u0671\u06df\u06e0\u06e1\u06e5\u06e6\u06e7\u06e8")
"""Combining hamza and madda, and Quranic signs: more than a look at each letter is needed."""

_COMBINING_HAMZA = frozenset("\u0653\u0654\u0655")


@functools.cache
def _final_hamza_seat() -> "re.Pattern[str]":
    import re  # late: a few words have such a hamza, and a search for others does without

    return re.compile("(?<=.)ئ(?=[\u0640\u064b-\u065f\u0670\u06d6-\u06ed]*$)")


@functools.cache
def _first_of_two_hamzas() -> "re.Pattern[str]":
    import re

    return re.compile("^ء(?=[\u064b-\u0652]*[أإآ])")


def _is_special(word: str) -> bool:
    return word[:1] in ("ء", "ئ", "ؤ") or "ئ" in word or "ءَا" in word or not SIGNS.isdisjoint(word)


def fold(word: str) -> str:
    """The spelling rung of a word.

    Args:
        word: any string. A word that has no letters left (marks alone) is given back as it is,
            without NUL.

    Returns:
        The folded word; never empty unless the word is, never with NUL.
    """
    if _is_special(word):
        return _fold_special(word) or word.replace("\0", "")
    return _plain(word)


def _plain(word: str) -> str:
    """A word folded letter by letter; ءا at its head is آ, and so ا."""
    folded = word.translate(_FOLDING) or word.replace("\0", "")
    return folded[1:] if folded.startswith("ءا") else folded


def _fold_special(word: str) -> str:
    if not _COMBINING_HAMZA.isdisjoint(word):
        from unicodedata import normalize

        word = normalize("NFC", word)
    if uthmani.is_uthmani(word):
        word = uthmani.modern(word)
    word = _final_hamza_seat().sub("يء", word)
    return _plain(_first_of_two_hamzas().sub("أ", word))
