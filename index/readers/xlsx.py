"""Workbooks (XLSX): the rows of each sheet are records, as those of a CSV file are."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Final

from .csv_table import header, row_document
from .model import MEGABYTE, Document, Options, Skipped, Source, Unreadable
from .office import Package
from .xml_events import Event

_COLUMN: Final = re.compile(r"[A-Z]{1,3}")
_SHEET: Final = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_WIDEST: Final = 2_000  # cells further to the right are put in the last


def read_zip(
    archive: zipfile.ZipFile, source: Source, options: Options
) -> Iterator[Document | Skipped]:
    """Yield a document for each row; its part is the name of the sheet and the row's number."""
    package = Package(archive, source, options)
    shared = _shared(package, options.limits.document)
    members = sorted(
        (int(found[1]), name) for name in archive.namelist() if (found := _SHEET.fullmatch(name))
    )
    titles = [
        event.attributes.get("name", "")
        for event in package.events("xl/workbook.xml")
        if event.kind == "start" and event.name == "sheet"
    ]
    for place, (number, name) in enumerate(members):
        title = titles[place] if place < len(titles) else f"{number}"
        yield from _sheet(_rows(package.events(name), shared), title, options)


def _sheet(
    rows: Iterator[tuple[int, list[str]]], title: str, options: Options
) -> Iterator[Document | Skipped]:
    names: list[str] | None = None
    for number, row in rows:
        if names is None:
            names = header(row)
            if names:
                continue
        try:
            yield row_document(row, names, f"{title}#{number}", options)
        except Unreadable as trouble:
            yield Skipped(str(trouble), trouble.kind, f"{title}#{number}", number)


def _shared(package: Package, limit: int) -> list[str]:
    """Return the texts that cells refer to by number."""
    texts: list[str] = []
    within, room = False, limit // 2
    for event in package.events("xl/sharedStrings.xml"):
        if event.kind == "start" and event.name == "si":
            texts.append("")
        elif event.name == "t" and event.kind != "text":
            within = event.kind == "start"
        elif event.kind == "text" and within and texts:
            texts[-1] += event.name
            room -= len(event.name)
        if room < 0:
            raise Unreadable("too-large", f"more than {limit // MEGABYTE} MB of text")
    return texts


def _rows(events: Iterator[Event], shared: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each row that is not blank."""
    number, row = 0, dict[int, str]()
    column, kind, value, within = 0, "", "", False
    for event in events:
        if event.kind == "text":
            value += event.name if within else ""
        elif event.name in ("v", "t"):
            within = event.kind == "start"
        elif event.kind == "start" and event.name == "row":
            number, row = number + 1, {}
        elif event.kind == "start" and event.name == "c":
            column = _column(event.attributes.get("r", ""), len(row))
            kind, value = event.attributes.get("t", ""), ""
        elif event.name == "c":
            row[column] = _meant(value, kind, shared)
        elif event.name == "row" and any(cell.strip() for cell in row.values()):
            yield number, [row.get(place, "") for place in range(max(row) + 1)]


def _column(place: str, default: int) -> int:
    """Return the number of a column from 0: "C7" is 2."""
    found = _COLUMN.match(place)
    if not found:
        return default
    number = 0
    for letter in found.group():
        number = number * 26 + ord(letter) - 64
    return min(number - 1, _WIDEST)


def _meant(value: str, kind: str, shared: list[str]) -> str:
    if kind == "s" and value.strip().isdecimal() and int(value) < len(shared):
        return shared[int(value)]
    return {"0": "false", "1": "true"}.get(value, value) if kind == "b" else value
