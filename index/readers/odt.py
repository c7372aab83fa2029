"""OpenDocument (ODT; also the text of ODS and ODP): paragraphs, tables, notes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from .model import Document, Options, Skipped, Source, Unreadable
from .office import Package, Paragraphs, document


def read_zip(
    archive: zipfile.ZipFile, source: Source, options: Options
) -> Iterator[Document | Skipped]:
    """Yield the one document of an open archive."""
    package = Package(archive, source, options)
    if any(event.name == "encryption-data" for event in package.events("META-INF/manifest.xml")):
        raise Unreadable("encrypted", "locked by a password")
    gathered = Paragraphs(
        blocks=("p", "h", "table-row"),
        signs={"s": " ", "tab": "\t", "line-break": "\n"},
        silent=("tracked-changes", "annotation", "automatic-styles", "font-face-decls", "scripts"),
        limit=options.limits.document,
    )
    for event in package.events("content.xml"):
        gathered.take(event)
    values = package.values("meta.xml")
    yield document(values.get("title", ""), gathered.result(), values)
