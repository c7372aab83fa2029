"""Word documents (DOCX): paragraphs, tables, notes; what was deleted under review is left out."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from .model import Document, Options, Skipped, Source
from .office import Package, Paragraphs, document

_TITLE_STYLES = ("title", "heading1", "heading 1", "1")


def read_zip(
    archive: zipfile.ZipFile, source: Source, options: Options
) -> Iterator[Document | Skipped]:
    """Yield the one document of an open archive."""
    package = Package(archive, source, options)
    values = package.values("docProps/core.xml")
    body = _text(package, "word/document.xml", options)
    notes = [_text(package, f"word/{name}notes.xml", options) for name in ("foot", "end")]
    title = values.get("title") or _heading(package)
    yield document(title, "\n\n".join(text for text in (body, *notes) if text), values)


def _text(package: Package, name: str, options: Options) -> str:
    gathered = Paragraphs(
        blocks=("p", "tr"),
        signs={"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"},
        silent=("Fallback", "del", "pPr"),
        text=("t",),
        limit=options.limits.document,
    )
    for event in package.events(name):
        gathered.take(event)
    return gathered.result()


def _heading(package: Package) -> str:
    """Return the first paragraph if its style says that it is the title."""
    styled, pieces, within = False, [], False
    for event in package.events("word/document.xml"):
        if event.kind == "start" and event.name == "pStyle":
            styled = event.attributes.get("val", "").lower() in _TITLE_STYLES
        elif event.name == "t" and event.kind != "text":
            within = event.kind == "start"
        elif event.kind == "text" and within:
            pieces.append(event.name)
        elif event.kind == "end" and event.name == "p" and pieces:
            break
    return "".join(pieces).strip()[:500] if styled else ""
