"""Passages of a text that show best what of a query stands in it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from .arrays import U8
from .lexing import Lexer
from .occurrences import ROW, Occurrence

WINDOW_LIMIT = 100
"""Matches that a passage is judged by."""

PASSAGES = 16
"""Passages of a text, at most."""


FAR = 40
"""Characters to the beginning of a sentence that even a narrow passage does not reach."""


class Passage(NamedTuple):
    """A passage: its range in the text, whether it begins and ends inside a sentence, how much
    of the query it shows, and the ranges of what matched, told from its beginning."""

    begin: int
    end: int
    cut_before: bool
    cut_after: bool
    worth: float
    marks: tuple[tuple[int, int], ...] = ()


class Window(NamedTuple):
    """A run of occurrences, by their places, and how much of the query it shows."""

    first: int
    last: int
    worth: float


class Quoter:
    """Takes passages out of texts.

    Args:
        classes, joins: those of a `Lexer`.
        stops: the characters that end a sentence where a space follows.
    """

    def __init__(self, classes: U8 | bytes | memoryview, joins: U8 | bytes, stops: str) -> None:
        self.lexer = Lexer(classes, joins)
        if any(stop >= "\U00010000" for stop in stops):
            raise ValueError("a stop is a character of the basic plane")
        one = f"[{re.escape(stops)}]" if stops else "(?!)"
        self.sentence_end = re.compile(rf"{one}(?=\s|$)|\n")

    def passages(
        self, texts: list[str], found: bytes, width: int, most: int
    ) -> list[list[tuple[int, int, bool, bool, float, tuple[tuple[int, int], ...]]]]:
        """Of each of some texts the best passages, in its order, at least one.

        The first is the one that is worth most. A further one must show a word of the query
        that those before it do not, and keep apart from them.

        Args:
            texts: all of each.
            found: their words that matched, as `Occurrences.rows` gives them.
            width: of a passage in characters, about.
            most: how many passages of a text at most, from 1 to 16.

        Returns:
            Of each passage of each text: where it begins and ends in the text, whether it begins
            and ends inside a sentence, how much of the query it shows, and its marks: the ranges
            of the words that matched, told from its beginning, ascending, apart.
        """
        if len(found) % ROW.size or not 1 <= most <= PASSAGES or width < 0:
            raise ValueError("passages are of whole occurrences, 1 to 16 and of some width")
        held: list[list[Occurrence]] = [[] for _ in texts]
        last = 0
        for *row, which in ROW.iter_unpack(found):
            if not last <= which < len(texts):
                raise ValueError("occurrences are by text, and of those that are given")
            held[which].append(Occurrence(*row))
            last = which
        return [
            self._passages(text, rows, width, most) for text, rows in zip(texts, held, strict=True)
        ]

    def _passages(
        self, text: str, rows: list[Occurrence], width: int, most: int
    ) -> list[tuple[int, int, bool, bool, float, tuple[tuple[int, int], ...]]]:
        source = _Source(self, text, width)
        every = [each for each in rows if each.position <= each.last < len(source.starts)]
        made = source.choose(every, most)
        return sorted(one._replace(marks=source.marks(one, every)) for one in made)


def mark(text: str, marks: tuple[tuple[int, int], ...], before: str, after: str) -> str:
    """A text with some ranges of it set off.

    Args:
        marks: the ranges, ascending, apart.
        before, after: what stands on both sides of each.

    Raises:
        ValueError: for ranges that are not so.
    """
    at = 0
    pieces: list[str] = []
    for start, end in marks:
        if not at <= start <= end <= len(text):
            raise ValueError("marks lie in their text, one after another")
        pieces += (text[at:start], before, text[start:end], after)
        at = end
    return "".join([*pieces, text[at:]])


class _Source:
    """A text with its words, which passages are taken from."""

    def __init__(self, quoter: Quoter, text: str, width: int) -> None:
        self._sentence = quoter.sentence_end
        self._text, self._width = text, width
        self.starts, self.ends = (column.tolist() for column in quoter.lexer.spans(text))

    def choose(self, left: list[Occurrence], most: int) -> list[Passage]:
        """The best passages, one after another: each shows a word that those before do not."""
        made = [self._best_passage(left)]
        shown: set[int] = set()
        while len(made) < most:
            shown |= {each.word for each in left if self._inside(each, made[-1])}
            left = [o for o in left if o.word not in shown and not self._in_any(o, made)]
            if not left:
                break
            more = self._best_passage(left)
            if any(more.begin < other.end and other.begin < more.end for other in made):
                break
            made.append(more)
        return made

    def marks(self, one: Passage, found: Sequence[Occurrence]) -> tuple[tuple[int, int], ...]:
        """The ranges of the matches in a passage; neighbours that only a space parts are one,
        and so are phrases."""
        ranges: list[tuple[int, int]] = []
        for each in found:
            start, end = self.starts[each.position], self.ends[each.last]
            if start < one.begin or end > one.end:
                continue
            gap = self._text[ranges[-1][1] : start] if ranges else ""
            if ranges and (start <= ranges[-1][1] or (len(gap) == 1 and gap.isspace())):
                ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
            else:
                ranges.append((start, end))
        return tuple((start - one.begin, end - one.begin) for start, end in ranges)

    def _inside(self, each: Occurrence, one: Passage) -> bool:
        begin: int = self.starts[each.position]
        return one.begin <= begin < one.end

    def _in_any(self, each: Occurrence, made: Sequence[Passage]) -> bool:
        return any(self._inside(each, one) for one in made)

    def _best_passage(self, found: Sequence[Occurrence]) -> Passage:
        """The passage that is worth most; the beginning where nothing was found."""
        window = self._best_window(found)
        if found:
            begin = self.starts[found[window.first].position]
            end = self.ends[found[window.last].last]
        else:
            begin, end = 0, min(len(self._text), 1)
            if self.starts[:1] == [0]:
                end = self.ends[0]
        return self._widened(begin, end)._replace(worth=window.worth)

    def _best_window(self, found: Sequence[Occurrence]) -> Window:
        """The window that is worth most; the earliest of equals.

        Each query word counts once, at its best; more of the same adds a little.
        """
        best = Window(0, 0, 0.0)
        for first in range(len(found)):
            limit = self.starts[found[first].position] + self._width
            held: dict[int, float] = {}
            value = 0.0
            for last in range(first, min(len(found), first + WINDOW_LIMIT)):
                each = found[last]
                if self.ends[each.last] > limit and last > first:
                    break
                before = held.get(each.word, 0.0)
                value += 0.02 * each.weight
                if each.weight > before:
                    held[each.word] = each.weight
                    value += each.weight - before
                if value > best.worth * (1 + 1e-9):
                    best = Window(first, last, value)
        return best

    def _widened(self, begin: int, end: int) -> Passage:
        """Grow a window to its sentences' borders, or to the width at word borders."""
        room = max(self._width - (end - begin), 0)
        sentence = self._sentence_start(begin)
        cut_before = begin - sentence > max(room * 2 // 3, 20)
        begin = self._word_start(begin - room // 3) if cut_before else sentence
        limit = max(begin + self._width, end)
        stop = self._sentence_end(end)
        while stop < limit and stop < len(self._text):
            further = self._sentence_end(stop + 1)
            if further > limit:
                break
            stop = further
        cut_after = stop > limit
        if cut_after:
            stop = max(self._word_end(limit), end)
        stop = max(len(self._text[:stop].rstrip()), begin)
        return Passage(begin, stop, cut_before, cut_after, 0.0)

    def _sentence_start(self, at: int) -> int:
        """Where the sentence that holds `at` begins; somewhere before where that is far."""
        low = max(at - 2 * self._width - FAR, 0)
        border = max((m.end() for m in self._sentence.finditer(self._text, low, at)), default=low)
        while border < at and self._text[border].isspace():
            border += 1
        return border

    def _sentence_end(self, at: int) -> int:
        """Where the sentence that holds the character before `at` ends, its stop included."""
        match = self._sentence.search(self._text, at)
        if not match:
            return len(self._text)
        return match.start() if match[0] == "\n" else match.end()

    def _word_start(self, at: int) -> int:
        """Where the first word begins that does so at or after `at`; 0 if there is none."""
        place = bisect_left(self.starts, at)
        return self.starts[place] if place < len(self.starts) else 0

    def _word_end(self, at: int) -> int:
        """Where the last word ends that does so at or before `at`; 0 if there is none."""
        place = bisect_right(self.ends, at)
        return self.ends[place - 1] if place else 0
