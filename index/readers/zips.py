"""Zip archives, and the documents that are zip archives inside: which one is told here."""

from __future__ import annotations

import importlib
import io
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, cast

from .archives import budget_of, is_hidden, read_member, safe_name
from .compressed import Guarded
from .encoding import decode
from .model import Budget, Document, Options, Skipped, Source, Unreadable

# A member that only documents of this kind have, and the module that reads them.
_DOCUMENTS: Final = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
    "META-INF/container.xml": "epub",
    "content.xml": "odt",
}
_UNSUPPORTED: Final = {
    "xl/workbook.bin": ("a workbook (xlsb)", "save its sheets as csv"),
}


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield what the members of an archive hold, or the document that it is."""
    with open_zip(source, options) as archive:
        names = set(archive.namelist())
        for sign, module in _DOCUMENTS.items():
            if sign in names:
                reader = importlib.import_module(f".{module}", __package__)
                yield from reader.read_zip(archive, source, options)
                return
        for sign, (name, remedy) in _UNSUPPORTED.items():
            if sign in names:
                raise Unreadable("unsupported", f"{name} has no reader here: {remedy}")
        yield from _members(archive, source, options)


@contextmanager
def open_zip(source: Source, options: Options) -> Iterator[zipfile.ZipFile]:
    """Open a source as a zip archive, or tell the damage.

    One inside another archive is held whole: going back and forth in it where it lies would
    unpack it from the start each time.
    """
    limit = options.limits.file
    if source.budget is not None or source.size is None or source.size > limit:
        file: BinaryIO = io.BytesIO(source.load(limit))
    else:
        file = source.open()
    with file:
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeError) as trouble:
            raise Unreadable("damaged", f"damaged archive: {trouble}") from trouble
        with archive:
            yield archive


def open_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> BinaryIO:
    """Open a member behind the guard of the budget."""
    if entry.flag_bits & 0x1:
        raise Unreadable("encrypted", "locked by a password")
    try:
        return cast(BinaryIO, io.BufferedReader(Guarded(archive.open(entry), budget)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as trouble:
        raise Unreadable("damaged", f"damaged archive: {trouble}") from trouble


def _members(
    archive: zipfile.ZipFile, source: Source, options: Options
) -> Iterator[Document | Skipped]:
    budget = budget_of(source, options)
    for count, entry in enumerate(archive.infolist()):
        if count >= options.limits.members:
            raise Unreadable("limit", f"more than {options.limits.members} members")
        name = _name(entry)
        if not entry.is_dir() and not is_hidden(name):
            yield from _member(archive, entry, name, source, budget, options)


def _member(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    name: str,
    source: Source,
    budget: Budget,
    options: Options,
) -> Iterator[Document | Skipped]:
    try:
        name = safe_name(name)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Unreadable("unsafe", "a link")
    except Unreadable as trouble:
        yield trouble.skipped(name)
        return
    inner = Source(
        name,
        lambda: open_entry(archive, entry, budget),
        entry.file_size,
        budget,
        source.depth + 1,
    )
    yield from read_member(inner, name, options)


def _name(entry: zipfile.ZipInfo) -> str:
    """Return a member's name; without the UTF-8 flag it is in the encoding of its maker."""
    if entry.flag_bits & 0x800 or entry.filename.isascii():
        return entry.filename
    try:
        return decode(entry.filename.encode("cp437")).text
    except (UnicodeEncodeError, Unreadable):
        return entry.filename
