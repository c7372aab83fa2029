"""Vowel marks as constraints: a typed mark must not contradict a written one.

مَلِك is compatible with ملك, مَلِكٌ would not be with مَلِكِ, and neither is with مُلْك. Letters that one
side leaves bare are free. Decided on the vocabulary: the search asks once for each written
form of a spelling, not for each place where it stands.
"""

import functools

from ..hints import TYPE_CHECKING
from . import uthmani
from .spelling import fold, fold_character

if TYPE_CHECKING:
    import re

SHADDA, TANWIN = "\u0651", "\u064b"
_VOWELS = frozenset("\u064b\u064c\u064d\u064e\u064f\u0650\u0652")
_MARKS = _VOWELS | {SHADDA, "\u0657", "\u0670", "\u06e1"}


@functools.cache
def _tanwin_on_alef() -> "re.Pattern[str]":
    import re

    return re.compile(f"(?<!{TANWIN})([اى]){TANWIN}")


Letter = tuple[str, str, bool]


def has_marks(word: str) -> bool:
    """Whether a word carries a vowel mark, shadda or sukun."""
    return not _MARKS.isdisjoint(word)


@functools.lru_cache(maxsize=4096)
def _letters(word: str) -> tuple[Letter, ...]:
    """(folded letter, its vowel or "", whether doubled) for each letter of a word."""
    if uthmani.is_uthmani(word):
        word = uthmani.modern(word)
    word = word.replace("\u06e1", "\u0652")
    if TANWIN in word:
        word = _tanwin_on_alef().sub(f"{TANWIN}\\1", word)
    found: list[Letter] = []
    for char in word:
        if found and (char in _VOWELS or char == SHADDA):
            letter, vowel, doubled = found[-1]
            is_vowel = char != SHADDA
            found[-1] = letter, char if is_vowel else vowel, doubled or not is_vowel
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
