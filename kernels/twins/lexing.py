"""Text in, words out: spans of characters, or numbers of distinct words.

Knows no language: a class for each code point and a table of which classes join
come from `kashaf.arabic.letters`. A word is a maximal run that begins with a
character of class 2 or higher; class 1 (marks) joins any word and begins none.
"""

import sys
from collections.abc import Iterable

import numpy as np

from .arrays import U8, U32

MARK = 1
LETTER = 2  # the first of the classes that begin a word


class Lexer:
    """Cuts text into words.

    Args:
        classes: uint8, one class (0 to 7) for each of the 0x110000 code points.
        joins: uint8, 64 values; `joins[8 * a + b]` says that class b continues class a.
    """

    def __init__(self, classes: U8 | bytes | memoryview, joins: U8 | bytes) -> None:
        self._classes, pairs = np.frombuffer(classes, np.uint8), np.frombuffer(joins, np.uint8)
        if self._classes.shape != (0x110000,) or pairs.shape != (64,):
            raise ValueError("a lexer takes 0x110000 classes and 64 joins")
        if int(self._classes.max()) > 7:
            raise ValueError("a character class is at most 7")
        self._joins = pairs.reshape(8, 8).astype(bool)

    def spans(self, text: str) -> tuple[memoryview, memoryview]:
        """Character offsets of the words of `text`: two views of uint32, starts and ends."""
        letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        kinds = self._classes[letters]
        at = np.flatnonzero(kinds != MARK)
        kinds = kinds[at]
        edge = ~self._continues(kinds)
        edges = np.append(at[edge], len(text)).astype(np.uint32)
        words = kinds[edge] >= LETTER
        return edges[:-1][words].data, edges[1:][words].data

    def words(self, text: str) -> list[tuple[str, int, int]]:
        """The words of `text`: of each `(word, start, end)`, offsets in characters."""
        starts, ends = self.spans(text)
        pairs = zip(starts.tolist(), ends.tolist(), strict=True)
        return [(text[start:end], start, end) for start, end in pairs]

    def _continues(self, kinds: U8) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether each character continues a word, marks left out.

        A character of class 0 is inside a word where it joins one that was inside itself;
        what it inherits is that of the last character that stands on its own.
        """
        joined = np.zeros(len(kinds), bool)
        joined[1:] = self._joins[kinds[:-1], kinds[1:]]
        begins = kinds >= LETTER
        decided = begins | ~joined
        source = np.maximum.accumulate(np.where(decided, np.arange(len(kinds)), 0))
        inside = begins[source]
        joined[1:] &= inside[:-1]
        return joined


class Interner:
    """Numbers distinct words from 0 in the order in which they are first met."""

    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes; nearly, as it supposes words of some ten letters."""
        return sys.getsizeof(self._numbers) + 128 * len(self._numbers)

    def intern(self, text: str) -> U32:
        """The numbers of the words of `text`, in order: a uint32 array."""
        starts, ends = self.lexer.spans(text)
        known = self._numbers
        return np.array(
            [
                known.setdefault(text[start:end], len(known))
                for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
            ],
            np.uint32,
        )

    def words(self, start: int = 0, stop: int | None = None) -> list[str]:
        """The distinct words with numbers `start:stop` (None: to the end), as a list of str."""
        if start < 0:
            raise ValueError("words are numbered from 0")
        return list(self._numbers)[start:stop]

    def codes(self, start: int = 0, stop: int | None = None) -> tuple[U32, U32]:
        """The distinct words with numbers `start:stop`, packed, as two uint32 arrays.

        Returns:
            Their code points, one word after another; and where each begins in them, and the end.
        """
        words = self.words(start, stop)
        codes = np.array([ord(char) for word in words for char in word], np.uint32)
        return codes, np.cumsum([0, *map(len, words)]).astype(np.uint32)


class Tokens:
    """The words of texts, one text after another, by their numbers.

    Args:
        interner: numbers them.

    Attributes:
        count, texts: how many there are of each.
    """

    def __init__(self, interner: Interner) -> None:
        self._interner = interner
        self._found: list[U32] = []
        self.count = 0

    @property
    def texts(self) -> int:
        """See the class."""
        return len(self._found)

    def add(self, text: str) -> int:
        """Take a text in; return how many words it has."""
        return self.extend((text,))

    def extend(self, texts: Iterable[str]) -> int:
        """Take texts in; return how many words they have. Other threads can run meanwhile."""
        found = [self._interner.intern(text) for text in texts]
        self._found += found
        self.count += sum(map(len, found))
        return sum(map(len, found))

    def skip(self, texts: int) -> None:
        """Take so many empty texts in."""
        self._found += [np.empty(0, np.uint32)] * texts

    def numbers(self) -> U32:
        """The numbers of all words: a uint32 array, their own; while it is, none is added."""
        return np.concatenate([np.empty(0, np.uint32), *self._found])

    def used(self, words: U8) -> None:
        """Mark with 1 the words that the texts have, by their numbers."""
        if len(words) < len(self._interner):
            raise ValueError("a mark a word is wanted")
        words[self.numbers()] = 1

    def lengths(self) -> U32:
        """How many words each text has: a uint32 array."""
        return np.fromiter(map(len, self._found), np.uint32, len(self._found))
