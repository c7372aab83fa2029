"""Snippets: the passage of a document that shows best why it was found.

The index says which words matched (their positions); the text is cut into words again by
the same rules and so the places are exact, marks and all. A passage is the window that
covers the most of the query, widened to the borders of its sentence where they are near.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from .. import arabic, kernels

WIDTH = 220
"""Characters of a passage, about."""

_SENTENCE_END = re.compile(r"[.!?؟؛…](?=\s|$)|\n")


class Occurrence(NamedTuple):
    """A word of a document that matched.

    Attributes:
        position: its number among the words of the field.
        word: which query word it matches.
        weight: what that is worth: the query word's idf times the weight of its rung.
    """

    position: int
    word: int
    weight: float


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of a field, and what in it matched.

    Attributes:
        field: the field that it is from.
        text: the passage, as it is in the document.
        start: where it begins in the field, in characters.
        marks: the matched words: (start, end) in `text`, ascending, apart.
        cut_before, cut_after: the passage begins or ends inside a sentence.
    """

    field: str
    text: str
    start: int
    marks: tuple[tuple[int, int], ...]
    cut_before: bool
    cut_after: bool

    def marked(self, before: str = "**", after: str = "**") -> str:
        """The text with each match between two strings."""
        out, at = [], 0
        for start, end in self.marks:
            out += [self.text[at:start], before, self.text[start:end], after]
            at = end
        return "".join([*out, self.text[at:]])

    def __str__(self) -> str:
        head, tail = "… " * self.cut_before, " …" * self.cut_after
        return head + self.marked() + tail


@cache
def lexer() -> kernels.Lexer:
    """The lexer that the index uses too."""
    return kernels.Lexer(arabic.letters.classes(), arabic.letters.joins())


def make(field: str, text: str, found: Sequence[Occurrence], width: int = WIDTH) -> Snippet:
    """The best passage of a text.

    Args:
        field: the name of the text's field.
        text: all of it.
        found: its words that matched, by position; none: the beginning is shown.
        width: of the passage in characters, about.
    """
    starts, ends = (column.tolist() for column in lexer().spans(text))
    found = [occurrence for occurrence in found if occurrence.position < len(starts)]
    first, last = _window(found, starts, ends, width)
    begin = starts[found[first].position] if found else 0
    end = ends[found[last].position] if found else min(len(text), 1)
    begin, end, cut_before, cut_after = _widen(text, begin, end, width, starts, ends)
    marks = _marks(text, [o for o in found if begin <= starts[o.position] < end], starts, ends)
    return Snippet(
        field,
        text[begin:end],
        begin,
        tuple((a - begin, b - begin) for a, b in marks),
        cut_before,
        cut_after,
    )


def _window(
    found: Sequence[Occurrence], starts: Sequence[int], ends: Sequence[int], width: int
) -> tuple[int, int]:
    """The first and last occurrence of the window that is worth most; the earliest of equals.

    Each query word counts once, at its best; more of the same adds a little.
    """
    best, worth = (0, 0), -1.0
    for first in range(len(found)):
        limit = starts[found[first].position] + width
        held: dict[int, float] = {}
        extra = 0.0
        for last in range(first, len(found)):
            if ends[found[last].position] > limit and last > first:
                break
            _, word, weight = found[last]
            extra += 0.02 * weight
            held[word] = max(held.get(word, 0.0), weight)
            value = sum(held.values()) + extra
            if value > worth * (1 + 1e-9):
                best, worth = (first, last), value
    return best


def _widen(
    text: str, begin: int, end: int, width: int, starts: Sequence[int], ends: Sequence[int]
) -> tuple[int, int, bool, bool]:
    """Grow a window to its sentences' borders, or to `width` at word borders.

    Returns:
        Where it begins and ends, and whether each of these is inside a sentence.
    """
    room = max(width - (end - begin), 0)
    sentence = _sentence_start(text, begin)
    cut_before = begin - sentence > max(room * 2 // 3, 20)
    begin = _word_start(starts, begin - room // 3) if cut_before else sentence
    limit = max(begin + width, end)
    stop = _sentence_end(text, end)
    while stop < limit and stop < len(text):
        further = _sentence_end(text, stop + 1)
        if further > limit:
            break
        stop = further
    cut_after = stop > limit
    if cut_after:
        stop = max(_word_end(ends, limit), end)
    return begin, len(text[:stop].rstrip()), cut_before, cut_after


def _sentence_start(text: str, at: int) -> int:
    low = max(at - 2 * WIDTH, 0)
    border = low
    for match in _SENTENCE_END.finditer(text, low, at):
        border = match.end()
    while border < at and text[border].isspace():
        border += 1
    return border


def _sentence_end(text: str, at: int) -> int:
    """Where the sentence that holds the character before `at` ends, its stop included."""
    match = _SENTENCE_END.search(text, max(at, 0))
    if not match:
        return len(text)
    return match.start() if match[0] == "\n" else match.end()


def _word_start(starts: Sequence[int], at: int) -> int:
    """The first word that begins at or after `at`."""
    place = bisect_left(starts, max(at, 0))
    return starts[place] if place < len(starts) else 0


def _word_end(ends: Sequence[int], at: int) -> int:
    """The end of the last word that ends at or before `at`."""
    place = bisect_right(ends, at)
    return ends[place - 1] if place else 0


def _marks(
    text: str, found: Sequence[Occurrence], starts: Sequence[int], ends: Sequence[int]
) -> list[tuple[int, int]]:
    """The ranges of the matched words; neighbours that only a space parts are one."""
    ranges: list[tuple[int, int]] = []
    for position in sorted({o.position for o in found}):
        start, end = starts[position], ends[position]
        if ranges and text[ranges[-1][1] : start].isspace() and start - ranges[-1][1] == 1:
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((start, end))
    return ranges
