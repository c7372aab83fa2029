"""What goes into a reader and what comes out of it: sources, documents, refusals, limits."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ...errors import DocumentError

MEGABYTE = 1 << 20


@dataclass(slots=True)
class Document:
    """One document as plain data.

    Attributes:
        fields: `title` and `body` as text, `date` as ISO text where it could be read,
            and any further fields of a record (JSON types); `id` only if the record has one.
        part: what tells the documents of one file apart: a line number, a path inside an
            archive, a message number; "" where the file is the document.
        pages: where pages 1, 2, … begin in `body`, in characters, for paged formats.
        language: a language tag if the file states one.
        notes: what was decided or mended on the way, one line each.
    """

    fields: dict[str, object]
    part: str = ""
    pages: list[int] | None = None
    language: str | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Skipped:
    """A file, a member or a record that was not taken in.

    Attributes:
        reason: one line for people.
        kind: the outcome for programs, one of `KINDS`.
        part: as in `Document`.
        line: the line of the trouble, counted from 1, where there is one.
    """

    reason: str
    kind: str
    part: str = ""
    line: int | None = None


KINDS = {
    "bad-line": "a record that cannot be read, or that is no record",
    "binary": "not text and no known document format",
    "damaged": "a known format whose bytes are broken",
    "empty": "nothing in it to search for",
    "encoding": "text in an encoding that could not be told",
    "encrypted": "locked by a password",
    "extra-missing": "a reader that is not installed",
    "limit": "an archive that unpacks to far more than it should",
    "mojibake": "text spoilt by a wrong conversion, past mending",
    "needs-ocr": "pages that are pictures only",
    "repeated-id": "an id that another record has, too; of these the last counts",
    "too-large": "a document over the size limit",
    "unreadable": "the system would not give the file",
    "unsafe": "a member whose path leaves the archive, a link, a device",
    "unsupported": "a known format that has no reader",
}


class Unreadable(DocumentError):
    """Raised inside readers; `read` turns it into a `Skipped`."""

    def __init__(self, kind: str, reason: str, line: int | None = None) -> None:
        super().__init__(one_line(reason))
        self.kind = kind
        self.line = line

    def skipped(self, part: str = "") -> Skipped:
        """Return the same news as data."""
        return Skipped(str(self), self.kind, part, self.line)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may ask for. Sizes are in bytes.

    Attributes:
        document: one document or record, as text before it is decoded.
        file: a file that its reader has to hold whole (PDF, office formats).
        ratio: how many times its own size an archive may unpack to …
        floor: … from this size on; below it any ratio is harmless.
        members: members of one archive.
        depth: archives within archives.
        seconds: for a PDF file, and once more for each megabyte of it.
        memory: what the reader of PDF files may use.
    """

    document: int = 64 * MEGABYTE
    file: int = 512 * MEGABYTE
    ratio: int = 200
    floor: int = 64 * MEGABYTE
    members: int = 100_000
    depth: int = 4
    seconds: float = 10.0
    memory: int = 2048 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller knows better than detection does.

    Attributes:
        encoding: read text in this encoding instead of detecting one.
        map: names of fields: `{"title": "headline"}` takes the title from `headline`.
        strict: raise `DocumentError` at the first bad record instead of going on.
        ocr: languages for Tesseract (`"ara"`, `"ara+eng"`) on pages without text; None: off.
        limits: see `Limits`.
    """

    encoding: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    ocr: str | None = None
    limits: Limits = field(default_factory=Limits)


def one_line(text: str) -> str:
    """Return a text that may hold pieces of a hostile file as one short printable line."""
    plain = " ".join(text.split())[:200]
    return "".join(char if char.isprintable() else "\ufffd" for char in plain)


class Budget:
    """Bytes that the archives of one file may still unpack to, all levels together."""

    __slots__ = ("left", "limit")

    def __init__(self, size: int, limits: Limits) -> None:
        self.limit = max(limits.floor, size * limits.ratio)
        self.left = self.limit

    def spend(self, count: int) -> None:
        """Take `count` bytes off, or refuse."""
        self.left -= count
        if self.left < 0:
            megabytes = self.limit // MEGABYTE
            raise Unreadable("limit", f"unpacks to more than {megabytes} MB, far over its size")


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes with a name, which can be opened more than once.

    Attributes:
        name: for messages, and for its suffix.
        open: returns a new binary file object at the start.
        size: in bytes, if known beforehand.
        budget: shared by all that is unpacked from one file; None outside archives.
        depth: how many archives this source is in.
    """

    name: str
    open: Callable[[], BinaryIO]
    size: int | None = None
    budget: Budget | None = None
    depth: int = 0

    def head(self, count: int = 4096) -> bytes:
        """Return the first bytes."""
        with self.open() as file:
            return file.read(count)

    def load(self, limit: int) -> bytes:
        """Return all bytes, or refuse a source of more than `limit`."""
        with self.open() as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise Unreadable("too-large", f"larger than the limit of {limit // MEGABYTE} MB")
        return data


def file_source(path: str | os.PathLike[str]) -> Source:
    """Return the source for a file on disk. Nothing is opened yet.

    Opening anything but a regular file (a pipe would wait for ever) is refused.
    """
    place = Path(path)

    def open_regular() -> BinaryIO:
        if not stat.S_ISREG(place.stat().st_mode):
            raise Unreadable("unreadable", "not a regular file")
        return place.open("rb")

    name = os.fsencode(place).decode("utf-8", "replace")
    try:
        size = place.stat().st_size
    except OSError:
        size = None
    return Source(name, open_regular, size)


def bytes_source(name: str, data: bytes) -> Source:
    """Return the source for bytes in memory."""
    return Source(name, lambda: io.BytesIO(data), len(data))
