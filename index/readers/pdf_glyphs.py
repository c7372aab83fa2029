"""What stands where on a page of a PDF file: signs with their places, as pdfium has them.

Only the letters and the places are taken from pdfium, not its order: it guesses the
direction of each stretch of text, and guesses wrong where fonts are mixed. What one sign
stands for may be several characters: a ligature, or a letter with its marks, which some
makers draw as several shapes under one replacement text (ActualText).
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

_FORM_DEPTH = 4
_NEAR = 5  # signs back in which a repetition is looked for
# What no font draws as one, but its reverse (لا, لله) all do.
_TURNED = ("ال", "أل", "إل", "آل", "هلل", "هللا")


@dataclass(slots=True)
class Sign:
    """What is drawn at one place. Lengths are in points, y grows upwards.

    Attributes:
        text: what it stands for, in the order it is read.
        x, y: the origin, on the baseline, at the left.
        left, right: the room it takes.
        size: the height of the font.
        order: when it is drawn.
        lost: the file does not say what it stands for.
    """

    text: str
    x: float
    y: float
    left: float
    right: float
    size: float
    order: int = 0
    lost: bool = False

    @property
    def is_mark(self) -> bool:
        """Whether it is marks alone, which belong to another sign."""
        return all(unicodedata.category(char) == "Mn" for char in self.text)


@dataclass(slots=True)
class _Span:
    """The shapes that share one replacement text, taken together."""

    left: float = math.inf
    right: float = -math.inf
    largest: float = -1.0
    x: float = 0.0
    y: float = 0.0
    owner: int = 0

    def take(self, shape: int) -> bool:
        """Let the first shape that asks have the text; the others would repeat it."""
        self.owner = self.owner or shape
        return self.owner == shape


@dataclass(slots=True)
class _Place:
    """The numbers that pdfium writes into, made once for a page."""

    x: ctypes.c_double = field(default_factory=ctypes.c_double)
    y: ctypes.c_double = field(default_factory=ctypes.c_double)
    sides: list[ctypes.c_float] = field(default_factory=lambda: [ctypes.c_float() for _ in "lbrt"])
    box: Any = field(default_factory=pdfium.FS_RECTF)
    matrix: Any = field(default_factory=pdfium.FS_MATRIX)
    length: ctypes.c_ulong = field(default_factory=ctypes.c_ulong)


def signs_of(page: Any, text_page: Any) -> list[Sign]:
    """Return the signs of a page in the order the file draws them."""
    place = _Place()
    spans, spaces = _spans(page, place)
    signs: dict[tuple[int, int, int], Sign] = {}
    sizes: dict[int, float] = {}
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        owner = pdfium.FPDFText_GetTextObject(text_page, index)
        char = chr(min(pdfium.FPDFText_GetUnicode(text_page, index), 0x10FFFF))
        if not owner or char in "\r\n\x02":  # put in by pdfium: breaks, spaces, hyphens
            continue
        pdfium.FPDFText_GetCharOrigin(text_page, index, place.x, place.y)
        address = _address(owner)
        key = (address, round(place.x.value * 10), round(place.y.value * 10))
        if key in signs:
            signs[key].text += "" if char.isspace() else char
            continue
        if address in spans and not spans[address].take(address):
            continue
        if address not in sizes:
            sizes[address] = _size(text_page, index, place)
        signs[key] = _sign(char, text_page, index, sizes[address], place)
        if address in spans:
            _spread(signs[key], spans[address])
    kept = [_settled(sign) for sign in signs.values() if not _is_made_up(sign)]
    return _once(kept) + spaces


def _is_made_up(sign: Sign) -> bool:
    """Return whether a space is one of those that pdfium puts where it sees a gap."""
    return sign.text.isspace() and sign.right - sign.left < 0.05 * sign.size


def _once(signs: list[Sign]) -> list[Sign]:
    """Drop a letter with its marks that is said again under the shape of a raised mark."""
    kept: list[Sign] = []
    for sign in signs:
        same = next((last for last in kept[-_NEAR:] if _is_same(sign, last)), None)
        if same is None:
            kept.append(sign)
        elif sign.right - sign.left > same.right - same.left:
            kept[kept.index(same)] = sign
    return kept


def _is_same(one: Sign, other: Sign) -> bool:
    """Return whether two signs say the same of one place, at two heights."""
    if len(one.text) == 1 or one.text != other.text or abs(one.y - other.y) < 0.05:
        return False
    apart = abs(one.left + one.right - other.left - other.right) / 2
    return apart < 0.4 * one.size and abs(one.y - other.y) < 0.5 * one.size


def _sign(char: str, text_page: Any, index: int, size: float, place: _Place) -> Sign:
    pdfium.FPDFText_GetLooseCharBox(text_page, index, place.box)
    left, right = place.box.left, place.box.right
    if unicodedata.category(char) == "Mn":  # a mark takes no room: where its ink is, counts
        ink = [ctypes.c_double() for _ in "lrbt"]
        pdfium.FPDFText_GetCharBox(text_page, index, *ink)
        left, right = ink[0].value, ink[1].value
    lost = char == "\ufffd" or unicodedata.category(char) in ("Cc", "Co", "Cn", "Cs")
    char = "\ufffd" if lost else char
    return Sign(char, place.x.value, place.y.value, left, right, size, index, lost)


def _size(text_page: Any, index: int, place: _Place) -> float:
    pdfium.FPDFText_GetMatrix(text_page, index, place.matrix)
    scale = math.hypot(place.matrix.c, place.matrix.d)
    return float(pdfium.FPDFText_GetFontSize(text_page, index) * scale) or 1.0


def _spread(sign: Sign, span: _Span) -> None:
    """Give a sign the place of all the shapes that are drawn for it."""
    sign.x, sign.y = span.x, span.y
    sign.left, sign.right = span.left, span.right


def _settled(sign: Sign) -> Sign:
    """Put what a sign stands for in the order it is read: letters before their marks."""
    text = sign.text
    if len(text) > 1:
        if unicodedata.category(text[0]) == "Mn":
            text = text[::-1]
        letters = [char for char in text if unicodedata.category(char) == "Lo"]
        if "".join(letters) in _TURNED:
            text = text[::-1]
        sign.text = text
    return sign


def _spans(page: Any, place: _Place) -> tuple[dict[int, _Span], list[Sign]]:
    """Return the replaced stretches of a page, under each shape that is part of one.

    Also the spaces that are drawn alone, which pdfium leaves out.
    """
    spans: dict[int, _Span] = {}
    shapes: dict[int, _Span] = {}
    spaces: list[Sign] = []
    for shape in _text_objects(page, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, 0):
        mark = _replacement(shape, place.length)
        if mark:
            span = spans.setdefault(mark, _Span())
            shapes[_address(shape)] = span
            _widen(span, shape, place)
        elif _bounds(shape, place)[0] == _bounds(shape, place)[2]:
            spaces.append(_lone_space(shape, place))
    return shapes, spaces


def _lone_space(shape: Any, place: _Place) -> Sign:
    pdfium.FPDFPageObj_GetMatrix(shape, place.matrix)
    x, y = place.matrix.e, place.matrix.f
    return Sign(" ", x, y, x, x, 1.0)


def _text_objects(owner: Any, count: Any, get: Any, depth: int) -> Iterator[Any]:
    for number in range(count(owner)):
        found = get(owner, number)
        kind = pdfium.FPDFPageObj_GetType(found)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield found
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _FORM_DEPTH:
            count_in, get_in = pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject
            yield from _text_objects(found, count_in, get_in, depth + 1)


def _replacement(shape: Any, length: ctypes.c_ulong) -> int:
    """Return what tells the replaced stretch of a shape from others; 0 if it is in none."""
    for number in range(pdfium.FPDFPageObj_CountMarks(shape)):
        mark = pdfium.FPDFPageObj_GetMark(shape, number)
        if pdfium.FPDFPageObjMark_GetParamStringValue(mark, b"ActualText", None, 0, length):
            return _address(mark)
    return 0


def _widen(span: _Span, shape: Any, place: _Place) -> None:
    """Add a shape to a span. The largest is the letter, and says where the span stands."""
    left, bottom, right, top = _bounds(shape, place)
    span.left = min(span.left, left)
    span.right = max(span.right, right)
    area = (right - left) * (top - bottom)
    if area > span.largest and pdfium.FPDFPageObj_GetMatrix(shape, place.matrix):
        span.largest, span.x, span.y = area, place.matrix.e, place.matrix.f


def _bounds(shape: Any, place: _Place) -> list[float]:
    """Return left, bottom, right, top."""
    pdfium.FPDFPageObj_GetBounds(shape, *place.sides)
    return [side.value for side in place.sides]


def _address(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0
