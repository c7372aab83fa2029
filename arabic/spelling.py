"""The spelling rung: what is left of a word when only its letters count.

Folded together: vowel and Quranic marks, tatweel, joiners and bidi controls (dropped); the
forms of alef; the seats of hamza; ى and ي; ة and ه; presentation forms and the letters that
Persian, Urdu and Maghribi writing has for Arabic ones; all digits; case, accents and width of
other scripts. Words with Quranic signs are first brought to modern spelling (`uthmani.py`).

Folding a folded word changes nothing.
"""

import re
import unicodedata

from . import uthmani

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
_POINTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e8\u06ea-\u06ed\u0898-\u089f\u08c9-\u08e1\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
)


def _settle(char: str) -> str:
    """The case- and accent-free letters of a character of any script."""
    plain = unicodedata.normalize("NFKD", char.casefold())
    return unicodedata.normalize("NFC", _POINTS.sub("", plain)).replace(" ", "")


def _fold_character(code: int) -> str:
    """What one character becomes; the same again for each character of the result."""
    char = chr(code)
    if not code or _POINTS.match(char) or unicodedata.category(char) == "Cf":
        return ""
    if char in _PHRASES:
        return char
    decimal = unicodedata.digit(char, None)
    settled = str(decimal) if decimal is not None else _settle(char)
    return settled if settled == char else "".join(_FOLDING[ord(each)] for each in settled)


class _Folding(dict[int, str]):
    """A table for `str.translate` that works out each character when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(code)
        return folded


_FOLDING = _Folding(_TWINS | _NUMBER_SIGNS)


def fold_character(char: str) -> str:
    """What one character contributes to a folded word; empty for a mark."""
    return _FOLDING[ord(char)]


# What needs more than a look at each character: combining hamza and madda, Quranic signs,
# a word that begins with ءا, one that ends in ئ.
SIGNS = frozenset("\u0653\u0654\u0655\u0670\u0671\u06df\u06e0\u06e1\u06e5\u06e6\u06e7\u06e8")
_SPECIAL = re.compile(f"[{''.join(sorted(SIGNS))}ئ]|^[ءئؤ]|ءَا")
_COMBINING_HAMZA = re.compile("[\u0653-\u0655]")
_FINAL_HAMZA_SEAT = re.compile("(?<=.)ئ(?=[\u0640\u064b-\u065f\u0670\u06d6-\u06ed]*$)")
_FIRST_OF_TWO_HAMZAS = re.compile("^ء(?=[\u064b-\u0652]*[أإآ])")


def fold(word: str) -> str:
    """The spelling rung of a word.

    Args:
        word: any string. A word that has no letters left (marks alone) is given back as it is,
            without NUL.

    Returns:
        The folded word; never empty unless the word is, never with NUL.
    """
    if _SPECIAL.search(word):
        return _fold_special(word) or word.replace("\0", "")
    return _plain(word)


def _plain(word: str) -> str:
    """A word folded letter by letter; ءا at its head is آ, and so ا."""
    folded = word.translate(_FOLDING) or word.replace("\0", "")
    return folded[1:] if folded.startswith("ءا") else folded


def _fold_special(word: str) -> str:
    if _COMBINING_HAMZA.search(word):
        word = unicodedata.normalize("NFC", word)
    if uthmani.is_uthmani(word):
        word = uthmani.modern(word)
    word = _FIRST_OF_TWO_HAMZAS.sub("أ", _FINAL_HAMZA_SEAT.sub("يء", word))
    return _plain(word)
