"""Snippets: the passage of a document that shows best why it was found.

The index says which words matched (their positions); the text is cut into words again by
the same rules and so the places are exact, marks and all. A passage is the window that
covers the most of the query, widened to the borders of its sentence where they are near.
The kernel `Quoter` chooses it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache

from .. import arabic, kernels
from ..records import NamedTuple

WIDTH = 220
"""Characters of a passage, about."""

PASSAGES = 3
"""Passages of a document, at most."""

STOPS = ".!?؟؛…"
"""End a sentence where a space follows; a line break always does."""

ROW = struct.Struct("IIdII")
"""An occurrence as the kernels hand it on."""


class Occurrence(NamedTuple):
    """A word of a document that matched.

    Attributes:
        position: its number among the words of the field.
        word: which query word it matches.
        weight: what that is worth: the query word's idf times the weight of its rung.
        last: the position where it ends, if it is a phrase of several words.
    """

    position: int
    word: int
    weight: float
    last: int = 0

    @property
    def end(self) -> int:
        """The position of its last word."""
        return max(self.position, self.last)


class Snippet(NamedTuple):
    """A passage of a field, and what in it matched.

    Attributes:
        field: the field that it is from.
        text: the passage, as it is in the document.
        start: where it begins in the field, in characters.
        marks: the matched words: (start, end) in `text`, ascending, apart.
        cut_before, cut_after: the passage begins or ends inside a sentence.
        worth: how much of the query it shows.
    """

    field: str
    text: str
    start: int
    marks: tuple[tuple[int, int], ...]
    cut_before: bool
    cut_after: bool
    worth: float = 0.0

    def marked(self, before: str = "**", after: str = "**") -> str:
        """The text with each match between two strings."""
        return kernels.mark(self.text, self.marks, before, after)

    @property
    def end(self) -> int:
        """Where it ends in the field, in characters."""
        return self.start + len(self.text)

    def __str__(self) -> str:
        head, tail = "… " * self.cut_before, " …" * self.cut_after
        return head + self.marked() + tail


@cache
def quoter() -> kernels.Quoter:
    """Takes passages out of texts; knows words as the index does."""
    return kernels.Quoter(arabic.letters.classes(), arabic.letters.joins(), STOPS)


def make(
    field: str, text: str, found: Sequence[Occurrence], width: int = WIDTH, count: int = PASSAGES
) -> tuple[Snippet, ...]:
    """The best passages of a text, in its order, at least one; see `quote`.

    Args:
        found: its words that matched, by position; none: the beginning is shown.
    """
    rows = (ROW.pack(each.position, each.word, each.weight, each.end, 0) for each in found)
    return quote(field, [text], b"".join(rows), width, count)[0]


def quote(
    field: str, texts: list[str], found: bytes, width: int = WIDTH, count: int = PASSAGES
) -> list[tuple[Snippet, ...]]:
    """Of each of some texts the best passages, in its order, at least one.

    The first is the one that is worth most. A further one must show a word of the query that
    those before it do not, and keep apart from them.

    Args:
        field: the name of the texts' field.
        texts: all of each.
        found: their words that matched, as `kernels.Occurrences` gives them.
        width: of a passage in characters, about.
        count: how many passages of a text at most.
    """
    made = quoter().passages(texts, found, width, count)
    return [_snippets(field, *each) for each in zip(texts, made, strict=True)]


def _snippets(
    field: str,
    text: str,
    passages: list[tuple[int, int, bool, bool, float, tuple[tuple[int, int], ...]]],
) -> tuple[Snippet, ...]:
    new = tuple.__new__  # without the call in between, which takes as long as all else
    return tuple(
        [
            new(Snippet, (field, text[begin:end], begin, marks, cut_before, cut_after, worth))
            for begin, end, cut_before, cut_after, worth, marks in passages
        ]
    )
