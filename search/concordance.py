"""A keyword-in-context concordance: every place where a query's words stand, and its context."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .. import arabic
from .display import RELEASE, Style
from .evidence import occurrences_of

if TYPE_CHECKING:
    from .page import Page

RIGHT_TO_LEFT = "\u2067"
"""Right-to-left isolate."""

Order = Literal["text", "before", "after"]


@dataclass(frozen=True, slots=True)
class Line:
    """One place.

    Attributes:
        id, field, start: where: document, field, offset in characters.
        before, match, after: the words before, the match as it is written, the words after.
    """

    id: str
    field: str
    start: int
    before: str
    match: str
    after: str


def concordance(page: Page, words: int = 8, order: Order = "text") -> list[Line]:
    """The places in the hits of a page.

    Args:
        page: what was found.
        words: how many words of context to each side.
        order: as they stand; or by the words before (the nearest first), or after.
    """
    lines = [line for hit_lines in _lines(page, words) for line in hit_lines]
    if order == "after":
        lines.sort(key=lambda line: _folded(line.after))
    elif order == "before":
        lines.sort(key=lambda line: _folded(line.before)[::-1])
    return lines


def _folded(text: str) -> list[str]:
    return [arabic.rungs(word.text).spelling for word in arabic.words(text)]


def _lines(page: Page, words: int) -> Iterator[list[Line]]:
    found = occurrences_of(page)
    for hit in page:
        for (doc, field), places in found.items():
            if doc != hit.doc:
                continue
            value = hit.fields.get(field) or ""
            text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
            starts, ends = (column.tolist() for column in arabic.lexer().spans(text))
            spans = dict.fromkeys((o.position, o.end) for o in places if o.end < len(starts))
            yield [
                Line(
                    hit.id,
                    field,
                    starts[first],
                    text[starts[max(first - words, 0)] : starts[first]].strip(),
                    text[starts[first] : ends[last]],
                    text[ends[last] : ends[min(last + words, len(ends) - 1)]].strip(),
                )
                for first, last in spans
            ]


def as_table(lines: list[Line], style: Style, columns: int | None = None) -> Iterator[str]:
    """The places under each other, the matches in one column.

    Arabic is set from right to left: what comes before stands on the right.

    Args:
        lines: the places.
        style: how they are shown.
        columns: how wide a line may be; words that have no room are left out, the farthest
            first. None: as wide as it gets.
    """
    room = _room(lines, columns)
    pairs = [(_nearest(line.before, room, at=-1), _nearest(line.after, room)) for line in lines]
    width = max((_width(before) for before, _ in pairs), default=0)
    for line, (before, after) in zip(lines, pairs, strict=True):
        padding = " " * (width - _width(before))
        text = f"{padding}{before}  {style.bold(line.match)}  {after}"
        yield f"{RIGHT_TO_LEFT}{text}{RELEASE}" if style.isolate else text


def _room(lines: list[Line], columns: int | None) -> int | None:
    """Columns to each side of the widest match, and of the two spaces beside it."""
    if columns is None:
        return None
    return max((columns - 4 - max((_width(e.match) for e in lines), default=0)) // 2, 0)


def _nearest(text: str, room: int | None, at: int = 0) -> str:
    """As many words from one end (`at`) of a text, 0 or -1, as there is room for."""
    words = text.split()
    while room is not None and _width(" ".join(words)) > room:
        words.pop(-1 - at)
    return " ".join(words)


def _width(text: str) -> int:
    """Columns of a text on a terminal: marks take none."""
    return sum(not unicodedata.combining(char) for char in text)


def as_csv(lines: list[Line]) -> str:
    """A table with a heading, as CSV (RFC 4180)."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["id", "field", "start", "before", "match", "after"])
    for line in lines:  # a row each, though a context may go over the end of a line
        context = (" ".join(text.split()) for text in (line.before, line.match, line.after))
        table.writerow([line.id, line.field, line.start, *context])
    return out.getvalue()
