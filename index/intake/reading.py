"""One file being read: where its reader is, whether it changes meanwhile, what its bytes are."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from .. import readers
from ..readers import Document, Options, Skipped
from ..readers.formats import choose
from .walk import Found

GRAIN = 2 * 10**9
"""Nanoseconds that a file may change again in without its time showing it: FAT has two seconds."""

TRY_AGAIN = frozenset({"extra-missing", "unreadable"})
"""Kinds of skipping that may be over although the file has not changed."""


class Reading:
    """A file that is read.

    Args:
        found: it.
        name: what its documents and messages call it.

    Attributes:
        format: what it is read as; "" where it could not be told.
        digest: of its bytes as they were before; "" where it is to be read again in any case.
    """

    def __init__(self, found: Found, name: str) -> None:
        self._found = found
        self._began = time.time_ns()
        self._file: BinaryIO | None = None
        self.format = ""
        self.digest = digest_of(found)
        self._source = replace(readers.file_source(Path(found.path)), name=name)

    def items(self, options: Options) -> Iterator[Document | Skipped]:
        """What its reader makes of it."""
        if self._found.trouble:
            yield Skipped(*self._found.trouble)
            return
        with suppress(Exception):  # the reader will tell of the same trouble
            self.format = choose(self._source.head(), self._found.path).name
        for item in readers.read(replace(self._source, open=self._open), options):
            if isinstance(item, Skipped) and item.kind in TRY_AGAIN:
                self.digest = ""
            yield item

    @property
    def position(self) -> int:
        """How many bytes were read."""
        with suppress(ValueError, OSError):  # closed: it is at its end, or at the next beginning
            return self._file.tell() if self._file else 0
        return 0

    def mtime(self) -> int | None:
        """The file's time, if by it any later change will be seen."""
        return settled_mtime(self._found, self._began) if self.digest else None

    def _open(self) -> BinaryIO:
        self._file = self._source.open()
        return self._file


def settled_mtime(found: Found, since: int) -> int | None:
    """A file's time if it has not changed since it was found, nor could have unseen.

    Args:
        since: when it was begun to be read, in nanoseconds.
    """
    try:
        stat = os.stat(found.path)
    except OSError:
        return None
    same = (stat.st_size, stat.st_mtime_ns) == (found.size, found.mtime)
    return found.mtime if same and since - found.mtime >= GRAIN else None


def digest_of(found: Found) -> str:
    """A digest of a file's bytes; "" where they cannot be read."""
    if found.trouble or not os.path.isfile(found.path):
        return ""
    try:
        with open(found.path, "rb") as file:
            return hashlib.file_digest(file, _blake).hexdigest()
    except OSError:
        return ""


def _blake() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=16)
