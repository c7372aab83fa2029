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
from .snippets import lexer

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
            starts, ends = (column.tolist() for column in lexer().spans(text))
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


def as_table(lines: list[Line], style: Style) -> Iterator[str]:
    """The places under each other, the matches in one column.

    Arabic is set from right to left: what comes before stands on the right.
    """
    width = max((_width(line.before) for line in lines), default=0)
    for line in lines:
        padding = " " * (width - _width(line.before))
        before, after = (" ".join(text.split()) for text in (line.before, line.after))
        text = f"{padding}{before}  {style.bold(line.match)}  {after}"
        yield f"{RIGHT_TO_LEFT}{text}{RELEASE}" if style.isolate else text


def _width(text: str) -> int:
    """Columns of a text on a terminal: marks take none."""
    return sum(not unicodedata.combining(char) for char in " ".join(text.split()))


def as_csv(lines: list[Line]) -> str:
    """A table with a heading, as CSV (RFC 4180)."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["id", "field", "start", "before", "match", "after"])
    table.writerows((e.id, e.field, e.start, e.before, e.match, e.after) for e in lines)
    return out.getvalue()
