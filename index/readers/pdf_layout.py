"""Signs on a page → lines of text in the order they are read.

A page says where each sign stands, not in what order it is read. Signs are gathered into
lines by their baselines, ordered from left to right, and then put into reading order by the
rules of bidirectional text turned round: the line is read from the right, Latin words and
numbers in it from the left.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from .pdf_glyphs import Sign

SPACE_GAP: Final = 0.2  # of the size of the font: from here on a gap is a space …
SURE_GAP: Final = 0.4  # … on a line that has spaces of its own …
CELL_GAP: Final = 1.8  # … and from here on it parts the cells of a table
BASELINE: Final = 0.35  # of the size: signs of one line stand within this
BACK: Final = 4  # lines back to which a stray piece may belong

# Latin words at the end of an Arabic sentence: the full stop stands on their left.
_ENDED: Final = re.compile(r"([.,:;!؟،]+)(\w.*\w)")
_BRACKETS: Final = ("()", "[]", "{}", "«»")


@dataclass(slots=True)
class Line:
    """Signs on one baseline."""

    y: float
    size: float
    signs: list[Sign] = field(default_factory=list)
    left: float = math.inf
    right: float = -math.inf
    spaced: bool = False  # spaces are written as such

    def add(self, sign: Sign) -> None:
        """Put a sign on the line."""
        self.signs.append(sign)
        self.left, self.right = min(self.left, sign.left), max(self.right, sign.right)

    def takes(self, sign: Sign) -> bool:
        """Return whether a sign stands on this baseline."""
        return abs(sign.y - self.y) <= BASELINE * max(self.size, sign.size)


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page, and whether they are read from the right."""

    lines: list[Line]
    rtl: bool

    def text(self) -> str:
        """Return the lines as they are read."""
        return "\n".join(text for line in self.lines if (text := _read(line, self.rtl)))

    def text_from_left(self) -> str:
        """Return the lines from left to right, which is right where they are drawn wrong."""
        return "\n".join(text for line in self.lines if (text := _read(line, False)))


def read_signs(signs: Iterable[Sign]) -> Page:
    """Return the lines of a page in the order the file draws them."""
    signs = list(signs)
    lines = _lines(sign for sign in signs if not sign.is_mark and not sign.text.isspace())
    _attach([sign for sign in signs if sign.is_mark], lines)
    _place_spaces([sign for sign in signs if sign.text.isspace()], lines)
    rightward = sum(_is_rtl(sign.text[0]) for sign in signs)
    leftward = sum(sign.text[0].isalpha() for sign in signs) - rightward
    return Page(lines, rightward * 3 >= leftward)


def _lines(signs: Iterable[Sign]) -> list[Line]:
    lines: list[Line] = []
    for sign in signs:
        line = next((line for line in lines[: -BACK - 1 : -1] if line.takes(sign)), None)
        if line is None:
            line = Line(sign.y, sign.size)
            lines.append(line)
        line.add(sign)
    return lines


def _place_spaces(spaces: list[Sign], lines: list[Line]) -> None:
    """Add each space to the line that it is within."""
    for space in spaces:
        for line in lines:
            if line.takes(space) and line.left <= space.x <= line.right:
                line.signs.append(space)
                line.spaced = True
                break


def _attach(marks: list[Sign], lines: list[Line]) -> None:
    """Add each mark to the letter it is drawn over or under."""
    seen: set[tuple[int, int, str]] = set()
    for mark in marks:
        middle = (mark.left + mark.right) / 2
        if (place := (round(middle), round(mark.y), mark.text)) in seen:
            continue  # some makers write what a cluster stands for under each of its shapes
        seen.add(place)
        near = [line for line in lines if abs(line.y - mark.y) <= 0.6 * mark.size]
        bearers = [
            sign
            for line in near
            for sign in line.signs
            if sign.left - 1 <= middle <= sign.right + 1 and sign.text[0].isalpha()
        ]
        if bearers:
            _bearer(bearers, mark, middle).text += mark.text


def _bearer(signs: list[Sign], mark: Sign, middle: float) -> Sign:
    """Return the sign that a mark belongs to: the one drawn just before it, or the nearest."""

    def nearness(sign: Sign) -> tuple[bool, float]:
        return not 0 < mark.order - sign.order <= 2, abs((sign.left + sign.right) / 2 - middle)

    return min(signs, key=nearness)


def _read(line: Line, rtl_page: bool) -> str:
    gap = SURE_GAP if line.spaced else SPACE_GAP
    signs = _spaced(_untwisted(sorted(line.signs, key=lambda sign: sign.x)), gap)
    rtl = rtl_page and any(_is_rtl(sign.text[0]) for sign in signs)
    if not rtl:
        text = "".join(sign.text for sign in signs).strip()
        return _ENDED.sub(r"\2\1", text) if rtl_page else text
    return _turn_brackets("".join(_from_right([sign.text for sign in signs]))).strip()


def _untwisted(signs: list[Sign]) -> list[Sign]:
    """Put a lam before the alef that is drawn through it, in the order they are read."""
    for number in range(len(signs) - 1):
        first, second = signs[number], signs[number + 1]
        if first.text[0] == "ل" and second.text[0] in "اأإآ":
            shared = min(first.right, second.right) - max(first.left, second.left)
            if shared > 0.8 * min(first.right - first.left, second.right - second.left):
                signs[number], signs[number + 1] = second, first
    return signs


def _spaced(signs: list[Sign], least: float) -> list[Sign]:
    """Return the signs with spaces, and tabs, where there are gaps between them."""
    spaced: list[Sign] = []
    end = None
    for sign in signs:
        if sign.text.isspace():
            if spaced and not spaced[-1].text.isspace():
                spaced.append(_space(" ", sign))
            continue
        gap = (sign.left - end) / sign.size if end is not None else 0.0
        if gap >= CELL_GAP:
            if spaced[-1].text.isspace():
                spaced.pop()
            spaced.append(_space("\t", sign))
        elif gap >= _least(spaced, sign, least) and not spaced[-1].text.isspace():
            spaced.append(_space(" ", sign))
        spaced.append(sign)
        end = max(sign.right, end) if end is not None else sign.right
    return spaced


def _least(spaced: list[Sign], sign: Sign, least: float) -> float:
    """Return the least gap that is a space: a narrow one will do where the script changes."""
    if spaced and _is_rtl(spaced[-1].text[0]) == _is_rtl(sign.text[0]):
        return least if _is_rtl(sign.text[0]) else SPACE_GAP
    return SPACE_GAP


def _space(text: str, sign: Sign) -> Sign:
    return Sign(text, sign.x, sign.y, sign.left, sign.left, sign.size)


def _from_right(seen: list[str]) -> list[str]:
    """Return the pieces of a line, given as seen from the left, as read from the right."""
    first = "".join(piece[0] for piece in seen)
    read: list[str] = []
    end = len(seen)
    while end > 0:
        start = _leftward_start(first, end)
        read.extend(seen[start:end])
        end = start
    return read


def _leftward_start(first: str, end: int) -> int:
    """Return where the piece that ends at `end`, and is read from the left, begins.

    Digits with their separators are one; so are Latin words with what stands between them,
    and a number on their left. Anything else is read from the right, sign by sign.
    """
    start = end - 1
    if _is_ltr(first[start]) or first[start].isdigit():
        while start > 0 and (step := _step_left(first, start)):
            start -= step
    return start


def _step_left(first: str, start: int) -> int:
    """Return how far the piece that begins at `start` reaches on to the left at once; 0: not."""
    before = first[start - 1]
    if _is_ltr(before) or before.isdigit():
        return 1
    if start < 2 or _is_rtl(before):
        return 0
    beyond, here = first[start - 2], first[start]
    if before in ".,:/-٫٬@_+'’" and _is_stem(beyond) and _is_stem(here):
        return 2
    if before in " &-–()" and _is_ltr(beyond) and _is_ltr(here):
        return 2
    return 0


def _is_stem(char: str) -> bool:
    return _is_ltr(char) or char.isdigit()


def _turn_brackets(text: str) -> str:
    """Turn brackets to face what they hold.

    One is drawn as its mirror image in text from the right, and pdfium turns some back; so
    only their places are sure. Where they do not pair off nothing is known, nothing done.
    """
    for pair in _BRACKETS:
        pieces = re.split(f"[{re.escape(pair)}]", text)
        if len(pieces) > 1 and len(pieces) % 2:
            ends = [pair[number % 2] for number in range(len(pieces) - 1)]
            text = pieces[0] + "".join(map("".join, zip(ends, pieces[1:], strict=True)))
    return text


def _is_rtl(char: str) -> bool:
    return unicodedata.bidirectional(char) in ("R", "AL")


def _is_ltr(char: str) -> bool:
    return unicodedata.bidirectional(char) == "L"
