"""Broken plurals by pattern, for words that no dictionary lists.

Wright, A Grammar of the Arabic Language, I §§ 304-305: each pattern of a plural with the
patterns of the singulars that form it. A singular counts only if the lexicon knows it.
A point is any letter; the digits stand for these in their order.
"""

import functools
from collections.abc import Iterator

from ..records import NamedTuple

_ROWS = """
..ا.ي.     123و4 123ا4 123ي4 123و4ه 123ي4ه 123ا4ه
.وا.ي.     1ا2و3 1ا2ي3
..ا..ه     12344 123ا4 123ي4 123و4 1234 1234ي
.وا..      1ا23 1ا23ه
..اء.      12ي3 12ي3ه 12ا3ه 12و3ه 12ي3 12ا3 12و3
..ا..      1234 1234ه
..ا.ي      123ي 123يه 123ا 123ي
..ايا      12يه 12ي
..ايه      12يه 12ي
ا..ا.      123 123ه 1ا23 12ي3
او.ا.      و12
ا.وا.      1ا2 1و2 1و2ه
ا.يا.      1ي2 1ا2
ا..اء      12و 12ي 12ا
ا...ه      12ا3 12ي3 12و3
ا..ه       12ا2 12ي2
ا...       123
..و.       123 1ا23 123ه
.يو.       1ي2
...اء      12ي3 1ا23
ا...اء     12ي3
ا..اء      12ي2 12ي
..ا.       123 123ه 12ي3 1ا23
.يا.       1و2 1ا2
...ان      123 12ي3 12ا3 1ا23
.ي.ان      1ا2 1و2 12
...ي       12ي3
..اه       1ا2ي
...ه       1ا23
...        12ا3 12ي3 12و3 12ي3ه 123ه
"""


class Pattern(NamedTuple):
    """The letters of a plural, a point for any, and the shapes of its singulars.

    A shape is letters to be written, and places in the plural to take them from.
    """

    letters: str
    shapes: tuple[tuple[str | int, ...], ...]

    def fits(self, word: str) -> bool:
        """Whether a word of as many letters is of this pattern."""
        return all(letter in (".", here) for letter, here in zip(self.letters, word, strict=True))


def _pattern(letters: str, singulars: list[str]) -> Pattern:
    places = [place for place, letter in enumerate(letters) if letter == "."]
    shapes = (tuple(places[int(c) - 1] if c.isdigit() else c for c in s) for s in singulars)
    return Pattern(letters, tuple(shapes))


@functools.cache
def patterns() -> tuple[Pattern, ...]:
    """Every pattern, in the order in which they are tried."""
    rows = (row.split() for row in _ROWS.strip().splitlines())
    return tuple(_pattern(letters, singulars) for letters, *singulars in rows)


@functools.cache
def _of_length(length: int) -> list[Pattern]:
    return [pattern for pattern in patterns() if len(pattern.letters) == length]


def singulars(word: str) -> Iterator[str]:
    """What a folded word would be the plural of, by its pattern alone."""
    for pattern in _of_length(len(word)):
        if pattern.fits(word):
            for shape in pattern.shapes:
                yield "".join([word[c] if isinstance(c, int) else c for c in shape])
