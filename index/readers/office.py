"""What Word and OpenDocument files have in common: zip, XML, paragraphs, tables, properties.

They are read with the standard library alone (zipfile and expat): the text is in one member
of known form, and nothing is built in memory, which python-docx and odfpy do.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator, Mapping
from typing import BinaryIO

from .archives import budget_of
from .dates import iso_date
from .model import MEGABYTE, Document, Options, Source, Unreadable
from .xml_events import Event, read_events
from .zips import open_entry


class Package:
    """A document that is a zip archive: its members by name, behind the guard of a budget."""

    def __init__(self, archive: zipfile.ZipFile, source: Source, options: Options) -> None:
        self._archive = archive
        self._budget = budget_of(source, options)
        self._limit = options.limits.document

    def has(self, name: str) -> bool:
        """Return whether there is such a member."""
        return name in self._archive.NameToInfo

    def open(self, name: str) -> BinaryIO:
        """Open a member, or tell that it is missing."""
        if not self.has(name):
            raise Unreadable("damaged", f"damaged document: {name} is missing")
        return open_entry(self._archive, self._archive.getinfo(name), self._budget)

    def load(self, name: str) -> bytes:
        """Return a whole member."""
        with self.open(name) as file:
            data = file.read(self._limit + 1)
        if len(data) > self._limit:
            raise Unreadable("too-large", f"{name} is over the limit")
        return data

    def events(self, name: str) -> Iterator[Event]:
        """Yield the events of an XML member; none if it is missing."""
        if self.has(name):
            with self.open(name) as file:
                yield from read_events(file)

    def values(self, name: str) -> dict[str, str]:
        """Return the text of each simple element in a small XML member, the first of each."""
        values: dict[str, str] = {}
        path: list[str] = []
        for event in self.events(name):
            if event.kind == "start":
                path.append(event.name)
            elif event.kind == "end":
                path.pop()
            elif path and event.name.strip():
                values.setdefault(path[-1], event.name.strip())
        return values


class Paragraphs:
    """Gathers text from events: what ends lines, what stands for a space, what is left out.

    Attributes:
        blocks: elements that end a line; a cell of a table ends with a tab instead.
        signs: empty elements and the text they stand for.
        silent: elements whose text does not count.
        text: elements that hold text; None: all do.
    """

    def __init__(
        self,
        blocks: Collection[str],
        signs: Mapping[str, str],
        silent: Collection[str],
        text: Collection[str] | None = None,
        limit: int = 64 * MEGABYTE,
    ) -> None:
        self.blocks, self.signs, self.silent, self.text = blocks, signs, silent, text
        self._pieces: list[str] = []
        self._hidden = self._holding = self._cells = 0
        self._room = limit // 2

    def take(self, event: Event) -> None:
        """Take in one event."""
        if event.kind == "text":
            if not self._hidden and (self.text is None or self._holding):
                self._add(event.name)
        elif event.kind == "start":
            self._start(event)
        else:
            self._end(event.name)

    def result(self) -> str:
        """Return the text so far, without blank lines at its ends."""
        lines = "".join(self._pieces).split("\n")
        return "\n".join(line.rstrip() for line in lines).strip("\n")

    def _start(self, event: Event) -> None:
        name = event.name
        self._hidden += name in self.silent
        self._holding += self.text is not None and name in self.text
        self._cells += name in ("tc", "table-cell")
        if name in self.signs and not self._hidden:
            self._add(self.signs[name] * min(int(event.attributes.get("c") or 1), 100))

    def _end(self, name: str) -> None:
        if name in ("tc", "table-cell"):
            self._cells -= 1
            self._add("\t")
        elif name in self.blocks and not self._hidden:
            self._add(" " if self._cells and name in ("p", "h") else "\n")
        self._hidden -= name in self.silent
        self._holding -= self.text is not None and name in self.text

    def _add(self, text: str) -> None:
        self._room -= len(text)
        if self._room < 0:
            raise Unreadable("too-large", "more text than the limit")
        self._pieces.append(text)


def document(title: str, body: str, values: Mapping[str, str]) -> Document:
    """Return a document with what its properties state; refuse one without text."""
    if not body.strip() and not title:
        raise Unreadable("empty", "a document without text")
    fields: dict[str, object] = {"title": title} if title else {}
    stated = values.get("created") or values.get("creation-date") or values.get("date") or ""
    when = iso_date(stated)
    if when:
        fields["date"] = when
    if values.get("creator", "Unknown Author") != "Unknown Author":
        fields["author"] = values["creator"]
    return Document({**fields, "body": body}, language=_language(values, body))


def _language(values: Mapping[str, str], body: str) -> str | None:
    """Return the stated language, unless it is the one a program puts where none was told."""
    stated = values.get("language")
    head = body[:2000]
    arabic = sum("\u0600" <= char <= "\u06ff" for char in head) * 2 > len(head)
    return None if arabic and stated and stated.lower()[:2] in ("en", "fr") else stated
