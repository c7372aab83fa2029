"""Slides (PPTX): their text in order, as pages of one document."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Final

from .model import Document, Options, Skipped, Source
from .office import Package, Paragraphs, document

_SLIDE: Final = re.compile(r"ppt/slides/slide(\d+)\.xml")


def read_zip(
    archive: zipfile.ZipFile, source: Source, options: Options
) -> Iterator[Document | Skipped]:
    """Yield the one document of an open archive; its pages are the slides."""
    package = Package(archive, source, options)
    numbers = sorted(
        int(found[1]) for name in archive.namelist() if (found := _SLIDE.fullmatch(name))
    )
    texts, pages, size = [], [], 0
    for number in numbers:
        pages.append(size)
        texts.append(_slide(package, number, options))
        size += len(texts[-1]) + 2
    values = package.values("docProps/core.xml")
    title = values.get("title", "")
    named = title if title != "PowerPoint Presentation" else ""
    item = document(named, "\n\n".join(texts), values)
    item.pages = pages
    yield item


def _slide(package: Package, number: int, options: Options) -> str:
    gathered = Paragraphs(
        blocks=("p", "tr"),
        signs={"br": "\n", "tab": "\t"},
        silent=("Fallback",),
        text=("t",),
        limit=options.limits.document,
    )
    for event in package.events(f"ppt/slides/slide{number}.xml"):
        gathered.take(event)
    return gathered.result()
