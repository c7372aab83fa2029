"""PDF: the text of each page in reading order, Arabic included.

pypdfium2 was chosen of the readers on PyPI: small, fast, hardened by its use in a browser,
permissive. Its own text, like that of the others (pypdf, pdfminer.six, poppler), breaks
Arabic: words are read backwards where fonts are mixed, لا becomes ال, marks and their
letters part. So only the signs and their places are taken from it (`pdf_glyphs`), and the
text is put together here (`pdf_layout`). What cannot be known is told: pages that are
pictures, and fonts that do not say which letters they draw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final
from unicodedata import normalize

import pypdfium2
import pypdfium2.raw as pdfium

from .dates import iso_date
from .forms import FORMS, spell_out, without_surrogates
from .model import MEGABYTE, Document, Options, Skipped, Source, Unreadable
from .mojibake import mend
from .ocr import read_grey
from .pdf_glyphs import signs_of
from .pdf_layout import read_signs
from .plausibility import score

_ONE_AT_A_TIME: Final = Lock()  # pdfium has one state for all threads of a process
# What some makers say of shapes that have no letter: a stray sign within an Arabic word.
_STRAY: Final = re.compile("(?<![A-Za-z\xc0-\u024f])[\xc0-\u024f]{1,2}(?=[ء-\u0652])")
# What programs put where no one gave a title: their own name, or that of a file.
_NO_TITLE: Final = re.compile(
    r"untitled|microsoft word|about:blank|.*\.(?:html?|docx?|odt|rtf|txt|indd|qxd|pdf|pptx?)$",
    re.IGNORECASE,
)
LARGEST_SIDE: Final = 6000  # points of a page drawn for recognition
LOST: Final = 0.1  # share of signs without a meaning from which a page counts as a picture
DOUBTFUL: Final = -3.2  # mean log probability; sound Arabic is above
BACKWARDS: Final = 0.5  # nats a character by which a page must make more sense read backwards


@dataclass(slots=True)
class _Found:
    """What was noticed on which pages, counted from 1."""

    pictures: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    forms: list[int] = field(default_factory=list)
    backwards: list[int] = field(default_factory=list)
    spoilt: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    holes: list[int] = field(default_factory=list)

    def is_picture(self, page: int) -> bool:
        """Return whether a page has to be recognised to be read."""
        return any(page in pages for pages in (self.pictures, self.unknown, self.spoilt))

    def recognise(self, page: int) -> None:
        """Move a page from those that cannot be read to those that were recognised."""
        self.recognised.append(page)
        for pages in (self.pictures, self.unknown, self.spoilt):
            if page in pages:
                pages.remove(page)

    def notes(self) -> list[str]:
        """Return a line for each thing that was noticed."""
        told = (
            (self.recognised, "text recognised from pictures on"),
            (self.forms, "presentation forms spelled out on"),
            (self.backwards, "visual order repaired on"),
            (self.pictures, "no text, needs OCR:"),
            (self.unknown, "letters unknown to the file's fonts, needs OCR:"),
            (self.holes, "some letters unknown to the file's fonts (\ufffd) on"),
            (self.spoilt, "letters of a font with a wrong encoding, needs OCR:"),
        )
        return [f"{what} {_ranges(pages)}" for pages, what in told if pages]


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield the one document of a PDF file, with the places where its pages begin."""
    data = source.load(options.limits.file)
    with _ONE_AT_A_TIME:
        file = _open(data)
        try:
            item = _document(file, options)
        finally:
            file.close()
    yield item


def _open(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as trouble:
        told = str(trouble)
        if "password" in told.lower():
            raise Unreadable("encrypted", "locked by a password") from trouble
        raise Unreadable("damaged", f"damaged PDF: {told}") from trouble


def _document(file: pypdfium2.PdfDocument, options: Options) -> Document:
    if len(file) > options.limits.members:
        raise Unreadable("limit", f"more than {options.limits.members} pages")
    found = _Found()
    texts: list[str] = []
    size = 0
    for number in range(1, len(file) + 1):
        texts.append(_page_text(file, number, found, options))
        size += len(texts[-1])
        if size * 2 > options.limits.document:
            limit = options.limits.document // MEGABYTE
            raise Unreadable("too-large", f"more than {limit} MB of text")
    if not any(texts):
        raise _without_text(found)
    fields = _stated(file)
    body, pages = _joined(texts)
    return Document({**fields, "body": body}, pages=pages, notes=found.notes())


def _without_text(found: _Found) -> Unreadable:
    if found.unknown or found.spoilt:
        return Unreadable("needs-ocr", "the fonts do not say which letters they draw: needs OCR")
    if found.pictures:
        return Unreadable("needs-ocr", "pictures of pages without a text layer: needs OCR")
    return Unreadable("empty", "no text on any page")


def _joined(texts: list[str]) -> tuple[str, list[int]]:
    """Return the pages one after another and where each begins."""
    pages, start = [], 0
    for text in texts:
        pages.append(start)
        start += len(text) + 2
    return "\n\n".join(texts), pages


def _page_text(file: pypdfium2.PdfDocument, number: int, found: _Found, options: Options) -> str:
    try:
        page = file[number - 1]
    except pypdfium2.PdfiumError:
        found.unknown.append(number)
        return ""
    text = _layer(page, number, found)
    if options.ocr and not text and found.is_picture(number):
        text = _recognised(page, options.ocr)
        if text:
            found.recognise(number)
    page.close()
    return text


def _recognised(page: Any, languages: str) -> str:
    width, height = page.get_size()
    scale = min(300 / 72, LARGEST_SIDE / max(width, height, 1))
    bitmap = page.render(scale=scale, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    starts = range(0, bitmap.stride * bitmap.height, bitmap.stride)
    grey = b"".join(bytes(rows[start : start + bitmap.width]) for start in starts)
    return read_grey(bitmap.width, bitmap.height, grey, languages)


def _layer(page: Any, number: int, found: _Found) -> str:
    """Return the text that a page has as text."""
    text_page = page.get_textpage()
    signs = signs_of(page.raw, text_page.raw)
    text_page.close()
    lost = sum(sign.lost for sign in signs)
    if lost > LOST * len(signs):
        found.unknown.append(number)
        return ""
    if lost:
        found.holes.append(number)
    layout = read_signs(signs)
    text = layout.text()
    if not text.strip():
        if any(page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
            found.pictures.append(number)
        return ""
    if layout.rtl and score(text) < DOUBTFUL:
        turned = layout.text_from_left()
        if score(turned) > score(text) + BACKWARDS:
            found.backwards.append(number)
            text = turned
    return _repaired(text, number, found)


def _repaired(text: str, number: int, found: _Found) -> str:
    text = normalize("NFC", without_surrogates(text))  # marks come in the order they were drawn
    text = _STRAY.sub("", text)
    if FORMS.search(text):
        text = spell_out(text)
        found.forms.append(number)
    try:
        text, _ = mend(text)
    except Unreadable:
        found.spoilt.append(number)
        return ""
    return text


def _stated(file: pypdfium2.PdfDocument) -> dict[str, object]:
    """Return title and date as the file states them, if they mean anything."""
    told = file.get_metadata_dict()
    title = " ".join(without_surrogates(told.get("Title", "")).split())
    fields: dict[str, object] = {}
    if title and not _NO_TITLE.match(title):
        fields["title"] = _mended(spell_out(title))
    digits = told.get("CreationDate", "").removeprefix("D:")
    when = iso_date(f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}") if len(digits) >= 8 else None
    return fields | ({"date": when} if when else {})


def _mended(text: str) -> str:
    try:
        return mend(text)[0]
    except Unreadable:
        return text


def _ranges(pages: list[int]) -> str:
    """Return "page 3" or "pages 1-4, 7"."""
    ranges: list[list[int]] = []
    for page in pages:
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    listed = ", ".join(f"{low}-{high}" if high > low else f"{low}" for low, high in ranges)
    return f"page {listed}" if len(pages) == 1 else f"pages {listed}"
