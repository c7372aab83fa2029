"""Text in, words out, each with its place in the text."""

import functools
import re
from typing import NamedTuple

from . import letters


class Word(NamedTuple):
    """A word of a text: `source[start:end] == text`, offsets in characters."""

    text: str
    start: int
    end: int


def _set_of(kind: int) -> str:
    """The body of a regular-expression set that holds the characters of one class."""
    ranges = [(code >> 3, code & 7) for code in memoryview(letters.packed_ranges()).cast("I")]
    ends = [start for start, _ in ranges[1:]] + [letters.CODE_POINTS]
    spans = [
        (start, end - 1) for (start, here), end in zip(ranges, ends, strict=True) if here == kind
    ]
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans)


@functools.cache
def _pattern() -> re.Pattern[str]:
    """One word: a letter or digit, then all that joins to it."""
    mark, arabic, letter, digit, ligature = (
        _set_of(kind)
        for kind in (
            letters.MARK,
            letters.ARABIC,
            letters.LETTER,
            letters.DIGIT,
            letters.LIGATURE,
        )
    )
    return re.compile(
        f"[{arabic}][{arabic}{mark}]*"
        f"|[{letter}{digit}][{letter}{digit}{mark}]*"
        f"|[{ligature}][{mark}]*"
    )


def words(text: str) -> list[Word]:
    """The words of a text, in order, with character offsets.

    A word is a maximal run of Arabic letters, or of other letters and digits, with the marks
    inside and after it. Arabic next to another script or a digit begins a new word. Any string
    will do.
    """
    return [Word(m.group(), m.start(), m.end()) for m in _pattern().finditer(text)]
