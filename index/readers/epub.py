"""E-books (EPUB): the chapters in the order of the book, as one document."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from .encoding import decode
from .html import declared_charset, text_of
from .model import Document, Options, Skipped, Source, Unreadable
from .office import Package, document


def read_zip(
    archive: zipfile.ZipFile, source: Source, options: Options
) -> Iterator[Document | Skipped]:
    """Yield the one document of an open archive."""
    package = Package(archive, source, options)
    book = _book(package)
    locked = _locked(package)
    chapters, bad = [], 0
    for path in _spine(package, book):
        if path in locked:
            raise Unreadable("encrypted", "locked by the rights management of its seller")
        try:
            chapters.append(_chapter(package.load(path)))
        except Unreadable as trouble:
            if trouble.kind == "limit":
                raise
            bad += trouble.kind != "empty"
    values = package.values(book)
    item = document(values.get("title", ""), "\n\n".join(filter(None, chapters)), values)
    if bad:
        item.notes.append(f"{bad} chapters could not be read")
    yield item


def _book(package: Package) -> str:
    """Return the path of the package document."""
    for event in package.events("META-INF/container.xml"):
        if event.kind == "start" and event.name == "rootfile":
            return event.attributes.get("full-path", "")
    raise Unreadable("damaged", "damaged e-book: it does not say where it begins")


def _spine(package: Package, book: str) -> list[str]:
    """Return the paths of the chapters in order."""
    if not package.has(book):
        raise Unreadable("damaged", "damaged e-book: its list of chapters is missing")
    paths: dict[str, str] = {}
    order: list[str] = []
    for event in package.events(book):
        if event.kind == "start" and event.name == "item":
            href = unquote(event.attributes.get("href", ""))
            path = posixpath.normpath(posixpath.join(posixpath.dirname(book), href))
            paths[event.attributes.get("id", "")] = path
        elif event.kind == "start" and event.name == "itemref":
            order.append(event.attributes.get("idref", ""))
    return list(dict.fromkeys(paths[name] for name in order if name in paths))


def _locked(package: Package) -> set[str]:
    """Return the paths of members that are encrypted."""
    return {
        unquote(event.attributes.get("URI", ""))
        for event in package.events("META-INF/encryption.xml")
        if event.kind == "start" and event.name == "CipherReference"
    }


def _chapter(data: bytes) -> str:
    return text_of(decode(data, declared=declared_charset(data[:1024])).text)
