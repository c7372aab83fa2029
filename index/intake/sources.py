"""The manifest of sources: what an index knows of each file that it was made from.

A column file of the kind `sources` among a commit's extras, with the columns of stored
documents. Each line is a JSON object. A source is one line or several:

    {"ids": […], "skips": […]}            as many as are needed, 1,000 entries each
    {"name": …, "ids": …, "skips": …, …}  the last, with all else; see `Entry`

The sources are in the order of `naming.key_of`. The meta is {"lines": n, "base": folder}.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from tempfile import SpooledTemporaryFile
from typing import Any

from ...errors import DamagedError, NotAnIndexError
from ...storage import ColumnFile, ColumnWriter, DiskDirectory
from .. import commit as commits
from ..readers import Skipped
from ..stored import BlockWriter, Stored
from .naming import shown

PURPOSE = "sources"
CHUNK = 1000
_IN_MEMORY = 8 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A source.

    Attributes:
        name: see `Naming`.
        size, mtime: of the file when it was read; an mtime of None is to be looked at again.
        digest: of its bytes; "" where it is to be read again whatever they are.
        options: fingerprint of what it was read with.
        format: what it was read as.
        documents, refused: how many ids and skips there are.
        lines: the source as it is written.
    """

    name: str
    size: int
    mtime: int | None
    digest: str
    options: str
    format: str
    documents: int
    refused: int
    lines: tuple[bytes, ...] = ()

    def ids(self) -> Iterator[str]:
        """The ids of its documents."""
        for line in self.lines:
            yield from json.loads(line)["ids"]

    def skips(self) -> Iterator[Skipped]:
        """What of it was not taken in."""
        for line in self.lines if self.refused else ():
            yield from (Skipped(*row) for row in json.loads(line)["skips"])

    def is_whole(self) -> bool:
        """Whether all lines are there; true of what is to be read again, as nothing is known."""
        if not self.digest:
            return True
        counts = sum(1 for _ in self.ids()), sum(1 for _ in self.skips())
        return counts == (self.documents, self.refused)

    def forgotten(self) -> Entry:
        """The same source, to be read again whatever its bytes are."""
        head = json.loads(self.lines[-1])
        head["source"][1:3] = None, ""
        return replace(self, mtime=None, digest="", lines=(*self.lines[:-1], _line(head)))


class Draft:
    """The manifest while it is made, source by source, in a temporary file when it is large."""

    def __init__(self) -> None:
        self._spool = _spool()
        self._begin()

    def carry(self, entry: Entry) -> None:
        """Take a source over as it is."""
        self._put(entry.lines)

    def add_id(self, id: str) -> None:
        """The source at hand has a document."""
        self._ids.append(id)
        self._documents += 1
        self._cut()

    def add_skip(self, skip: Skipped) -> None:
        """Something of the source at hand was not taken in."""
        self._skips.append([skip.reason, skip.kind, skip.part, skip.line])
        self._refused += 1
        self._cut()

    def end(self, name: str, size: int, mtime: int | None, *rest: str) -> None:
        """Complete the source at hand; the arguments are those of `Entry`."""
        self._put((self._head(name, size, mtime, *rest),))
        self._begin()

    def forget(self, wanted: Callable[[Entry], bool]) -> int:
        """Have complete sources read again where that is wanted; return how many."""
        old, self._spool = self._spool, _spool()
        count = 0
        lines: list[bytes] = []
        old.seek(0)
        for line in old:
            lines.append(line[:-1])
            entry = entry_of(tuple(lines), "the draft")
            if entry is not None:
                again = bool(entry.digest) and wanted(entry)
                count += again
                self._put((entry.forgotten() if again else entry).lines)
                lines = []
        self._put(lines)
        old.close()
        return count

    def unfinished(self, name: str, held: Iterable[str]) -> Iterator[bytes]:
        """The source at hand as far as it came, to be read again; `held`: ids it had before."""
        for chunk in _chunks(held):
            yield _line({"ids": chunk, "skips": []})
        yield self._head(name, 0, None, "", "", "")

    def write(self, out: ColumnWriter, base: str, rest: Iterable[bytes] = ()) -> dict[str, Any]:
        """Write the file: what there is, then the lines of `rest`; return its meta."""
        with out.stream("stored.data", "|u1") as data:
            blocks = BlockWriter(data.write)
            self._spool.seek(0)
            for line in self._spool:
                blocks.add(line[:-1])
            self._spool.seek(0, 2)
            for line in rest:
                blocks.add(line)
            blocks.close_block()
        blocks.write_columns(out)
        return {"lines": blocks.count, "base": base}

    def close(self) -> None:
        """Let go of the temporary file."""
        self._spool.close()

    def _begin(self) -> None:
        self._ids: list[str] = []
        self._skips: list[list[Any]] = []
        self._documents = self._refused = 0

    def _cut(self) -> None:
        if len(self._ids) + len(self._skips) >= CHUNK:
            self._put((_line({"ids": self._ids, "skips": self._skips}),))
            self._ids, self._skips = [], []

    def _head(self, name: str, size: int, mtime: int | None, *rest: str) -> bytes:
        counts = [self._documents, self._refused]
        source = [size, mtime, *rest, *counts]
        return _line({"name": name, "ids": self._ids, "skips": self._skips, "source": source})

    def _put(self, lines: Iterable[bytes]) -> None:
        self._spool.writelines(line + b"\n" for line in lines)


def _spool() -> SpooledTemporaryFile[bytes]:
    return SpooledTemporaryFile(_IN_MEMORY)  # lives as long as its draft


def base_of(file: ColumnFile) -> str:
    """The folder beside the index when a manifest was written."""
    return str(file.meta.get("base", ""))


def read(file: ColumnFile) -> Iterator[Entry]:
    """The sources of a manifest, in order.

    Raises:
        DamagedError: if it is not as it was written.
    """
    chunks: list[bytes] = []
    for line in Stored(file, lines_of(file)).lines(None):
        chunks.append(line)
        entry = entry_of(tuple(chunks), file.name)
        if entry:
            yield entry
            chunks = []


def lines_of(file: ColumnFile) -> int:
    """How many lines a manifest has; DamagedError if it does not say."""
    count = file.meta.get("lines")
    if not isinstance(count, int) or not 0 <= count < 1 << 32:
        raise DamagedError(file.name, "meta", "the number of lines", repr(count)[:40])
    return count


def skipped_of(place: str | os.PathLike[str]) -> Iterator[tuple[str, Skipped]]:
    """What is not in an index on disk: the names of sources, and what of them was skipped.

    Raises:
        NotAnIndexError, DamagedError: where there is none, or none that can be read.
    """
    with closing(DiskDirectory(place)) as directory:
        commit = commits.newest(directory)
        if commit is None:
            raise NotAnIndexError(f"there is no index in {directory.label}")
        info = dict(commit.extras).get(PURPOSE)
        if info is not None:
            for entry in read(ColumnFile(directory, info, PURPOSE)):
                yield from ((shown(entry.name), skip) for skip in entry.skips())


def entry_of(lines: tuple[bytes, ...], file: str) -> Entry | None:
    """The source that ends with the last of some lines; None if it goes on."""
    try:
        value = json.loads(lines[-1])
    except ValueError as error:
        raise DamagedError(file, "stored", "a source as JSON", str(error)) from error
    match value:
        case {"ids": list(), "skips": list(), "name": str(name), "source": list(source)}:
            match source:
                case [int(size), int() | None as mtime, str(a), str(b), str(c), int(n), int(m)]:
                    return Entry(name, size, mtime, a, b, c, n, m, lines)
        case {"ids": list(), "skips": list()}:
            return None
    raise DamagedError(file, "stored", "a source", repr(lines[-1])[:60])


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for id in ids:
        chunk.append(id)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
