"""Snippets: the passage of a document that shows best why it was found.

The index says which words matched (their positions); the text is cut into words again by
the same rules and so the places are exact, marks and all. A passage is the window that
covers the most of the query, widened to the borders of its sentence where they are near.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from .. import arabic, kernels

WIDTH = 220
"""Characters of a passage, about."""

PASSAGES = 3
"""Passages of a document, at most."""

WINDOW_LIMIT = 100
"""Matches that a passage is judged by."""

_SENTENCE_END = re.compile(r"[.!?؟؛…](?=\s|$)|\n")


class Occurrence(NamedTuple):
    """A word of a document that matched.

    Attributes:
        position: its number among the words of the field.
        word: which query word it matches.
        weight: what that is worth: the query word's idf times the weight of its rung.
        last: the position where it ends, if it is a phrase of several words; else -1.
    """

    position: int
    word: int
    weight: float
    last: int = -1

    @property
    def end(self) -> int:
        """The position of its last word."""
        return max(self.position, self.last)


@dataclass(frozen=True, slots=True)
class Snippet:
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
        out, at = [], 0
        for start, end in self.marks:
            out += [self.text[at:start], before, self.text[start:end], after]
            at = end
        return "".join([*out, self.text[at:]])

    @property
    def end(self) -> int:
        """Where it ends in the field, in characters."""
        return self.start + len(self.text)

    def __str__(self) -> str:
        head, tail = "… " * self.cut_before, " …" * self.cut_after
        return head + self.marked() + tail


@cache
def lexer() -> kernels.Lexer:
    """The lexer that the index uses too."""
    return kernels.Lexer(arabic.letters.classes(), arabic.letters.joins())


def make(
    field: str, text: str, found: Sequence[Occurrence], width: int = WIDTH, count: int = PASSAGES
) -> tuple[Snippet, ...]:
    """The best passages of a text, in its order, at least one.

    The first is the one that is worth most. A further one must show a word of the query that
    those before it do not, and keep apart from them.

    Args:
        field: the name of the text's field.
        text: all of it.
        found: its words that matched, by position; none: the beginning is shown.
        width: of a passage in characters, about.
        count: how many passages at most.
    """
    source = _Source(field, text, width)
    found = [each for each in found if each.end < len(source.starts)]
    passages = [source.passage(found, _window(found, source.starts, source.ends, width))]
    shown: set[int] = set()
    while len(passages) < count:
        last = passages[-1]
        shown |= {o.word for o in found if last.start <= source.starts[o.position] < last.end}
        found = [o for o in found if o.word not in shown and source.is_apart(o, passages)]
        if not found:
            break
        more = source.passage(found, _window(found, source.starts, source.ends, width))
        if any(more.start < other.end and other.start < more.end for other in passages):
            break
        passages.append(more)
    return tuple(sorted(source.marked(passages), key=lambda passage: passage.start))


class _Source:
    """A text with its words, which passages are taken from."""

    def __init__(self, field: str, text: str, width: int) -> None:
        self._field = field
        self._text = text
        self._width = width
        self.starts, self.ends = (column.tolist() for column in lexer().spans(text))
        self._every: list[Occurrence] = []

    def passage(self, found: Sequence[Occurrence], window: Window) -> Snippet:
        """The passage of a window of occurrences, without marks."""
        self._every = self._every or list(found)
        begin, end = 0, min(len(self._text), 1)
        if found:
            begin = self.starts[found[window.first].position]
            end = self.ends[found[window.last].end]
        width, starts, ends = self._width, self.starts, self.ends
        begin, end, before, after = _widen(self._text, begin, end, width, starts, ends)
        return Snippet(self._field, self._text[begin:end], begin, (), before, after, window.worth)

    def is_apart(self, occurrence: Occurrence, passages: Sequence[Snippet]) -> bool:
        """Whether an occurrence is in none of some passages."""
        at = self.starts[occurrence.position]
        return all(not passage.start <= at < passage.end for passage in passages)

    def marked(self, passages: Sequence[Snippet]) -> Iterator[Snippet]:
        """The passages with all the matches that lie in them."""
        for passage in passages:
            begin, end = passage.start, passage.end
            inside = [
                occurrence
                for occurrence in self._every
                if begin <= self.starts[occurrence.position] and self.ends[occurrence.end] <= end
            ]
            ranges = _marks(self._text, inside, self.starts, self.ends)
            marks = tuple((first - begin, last - begin) for first, last in ranges)
            yield replace(passage, marks=marks)


class Window(NamedTuple):
    """A run of occurrences, by their places, and how much of the query it shows."""

    first: int
    last: int
    worth: float


def _window(
    found: Sequence[Occurrence], starts: Sequence[int], ends: Sequence[int], width: int
) -> Window:
    """The window that is worth most; the earliest of equals.

    Each query word counts once, at its best; more of the same adds a little.
    """
    best = Window(0, 0, 0.0)
    for first in range(len(found)):
        limit = starts[found[first].position] + width
        held: dict[int, float] = {}
        value = 0.0
        for last in range(first, min(len(found), first + WINDOW_LIMIT)):
            occurrence = found[last]
            if ends[occurrence.end] > limit and last > first:
                break
            before = held.get(occurrence.word, 0.0)
            value += 0.02 * occurrence.weight
            if occurrence.weight > before:
                held[occurrence.word] = occurrence.weight
                value += occurrence.weight - before
            if value > best.worth * (1 + 1e-9):
                best = Window(first, last, value)
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
    """The ranges of the matches; neighbours that only a space parts are one, and so are phrases."""
    ranges: list[tuple[int, int]] = []
    for occurrence in sorted(found, key=lambda o: (o.position, o.end)):
        start, end = starts[occurrence.position], ends[occurrence.end]
        gap = text[ranges[-1][1] : start] if ranges else None
        if ranges and (start <= ranges[-1][1] or (gap and len(gap) == 1 and gap.isspace())):
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        else:
            ranges.append((start, end))
    return ranges
