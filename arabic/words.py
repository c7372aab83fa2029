"""Text in, words out, each with its place in the text."""

import functools

from .. import kernels
from ..records import NamedTuple
from . import letters


class Word(NamedTuple):
    """A word of a text: `source[start:end] == text`, offsets in characters."""

    text: str
    start: int
    end: int


@functools.cache
def lexer() -> kernels.Lexer:
    """What cuts text into words."""
    return kernels.Lexer(letters.classes(), letters.joins())


def words(text: str) -> list[Word]:
    """The words of a text, in order, with character offsets.

    A word is a maximal run of Arabic letters, or of other letters and digits, with the marks
    inside and after it. Arabic next to another script or a digit begins a new word. Any string
    will do.
    """
    return [Word(*each) for each in lexer().words(text)]
