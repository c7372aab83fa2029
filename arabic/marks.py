"""Vowel marks as constraints: a typed mark must not contradict a written one.

مَلِك is compatible with ملك, مَلِكٌ would not be with مَلِكِ, and neither is with مُلْك. Letters that one
side leaves bare are free. Decided on the vocabulary: the search asks once for each written
form of a spelling, not for each place where it stands.
"""

import functools
import re

from . import uthmani
from .spelling import fold, fold_character

_MARKS = re.compile("[\u064b-\u0652\u0657\u0670\u06e1]")
_HARAKAT = re.compile("([\u064b-\u0650\u0652])|\u0651")
_TANWIN_ON_ALEF = re.compile("(?<!\u064b)([اى])\u064b")

Letter = tuple[str, str, bool]


def has_marks(word: str) -> bool:
    """Whether a word carries a vowel mark, shadda or sukun."""
    return _MARKS.search(word) is not None


@functools.lru_cache(maxsize=4096)
def _letters(word: str) -> tuple[Letter, ...]:
    """(folded letter, its vowel or "", whether doubled) for each letter of a word."""
    if uthmani.is_uthmani(word):
        word = uthmani.modern(word)
    word = _TANWIN_ON_ALEF.sub("\u064b\\1", word.replace("\u06e1", "\u0652"))
    found: list[Letter] = []
    for char in word:
        mark = _HARAKAT.match(char)
        if mark and found:
            letter, vowel, doubled = found[-1]
            found[-1] = (letter, mark[1] or vowel, doubled or not mark[1])
        elif folded := fold_character(char):
            found.append((folded, "", False))
    return tuple(found)


def _agree(typed: Letter, written: Letter) -> bool:
    """Whether two letters, one typed and one written, can be the same sounded letter."""
    _, vowel, doubled = typed
    _, other, other_doubled = written
    if not (vowel or doubled) or not (other or other_doubled):
        return True
    return doubled == other_doubled and (not vowel or not other or vowel == other)


def compatible(query: str, written: str) -> bool:
    """Whether a written form can be what a query word, marks and all, means.

    Args:
        query: a word as typed; its marks are constraints, its bare letters are free.
        written: a word as it stands in a text.

    Returns:
        True if both have the same spelling and no letter that is marked on both sides differs
        in its vowel or in being doubled. Tanwin on a final alef counts for the letter before it.
    """
    if fold(query) != fold(written):
        return False
    if not has_marks(query) or not has_marks(written):
        return True
    return all(map(_agree, _letters(query), _letters(written)))
