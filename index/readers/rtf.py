"""Rich text (RTF), through striprtf, the one kept reader of it on PyPI."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from striprtf.striprtf import rtf_to_text

from .dates import iso_date
from .forms import without_surrogates
from .model import MEGABYTE, Document, Options, Skipped, Source, Unreadable
from .mojibake import mend

LARGEST: Final = 32 * MEGABYTE

_CELL: Final = re.compile(r"\\(?:nest)?cell(?![a-z])")  # striprtf writes | for it
_CODE_PAGE: Final = re.compile(rb"\\ansicpg(\d{3,5})")
_ARABIC_FONT: Final = re.compile(rb"\\fcharset178\b")
_CREATED: Final = re.compile(r"\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_TITLE: Final = re.compile(r"\{\\title ([^{}]{1,3000})\}")


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield the one document of an RTF file."""
    data = source.load(min(options.limits.document, LARGEST))
    markup = _CELL.sub(r"\\tab ", data.decode("latin-1"))
    page = code_page(data)
    body, notes = mend(_text(markup, page))
    if not body.strip():
        raise Unreadable("empty", "a document without text")
    fields: dict[str, object] = {}
    titles = (_text("{\\rtf1 " + stated[1] + "}", page) for stated in _TITLE.finditer(markup))
    title = next((title for title in titles if title.strip("? ")), "")
    if title:
        fields["title"] = title
    created = _CREATED.search(markup)
    when = iso_date("-".join(created.groups())) if created else None
    if when:
        fields["date"] = when
    yield Document({**fields, "body": body}, notes=notes)


def code_page(data: bytes) -> str:
    """Return the encoding of the bytes that are not written as Unicode."""
    found = _CODE_PAGE.search(data[:4096])
    page = found[1].decode() if found else ""
    if page in ("", "1252") and _ARABIC_FONT.search(data):
        return "cp1256"  # the fonts are Arabic, whatever the header says
    try:
        "".encode(f"cp{page}")
    except LookupError:
        return "cp1252"
    return f"cp{page}"


def _text(markup: str, page: str) -> str:
    convert: Callable[..., str] = rtf_to_text
    return without_surrogates(convert(markup, encoding=page, errors="replace").strip())
