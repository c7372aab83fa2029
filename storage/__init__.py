"""Bytes that survive: directories, atomic replace, fsync, checksums, locks, column files.

This room knows nothing of documents or words. `docs/durability.md` says what it promises.
"""

from typing import TYPE_CHECKING, Any

from .checksum import PAGE, PAGE_BITS, crc32
from .column_file import ColumnFile
from .column_writer import ColumnStream, ColumnWriter
from .columns import Column, FileInfo
from .directory import (
    LOCK,
    TEMPORARY,
    Directory,
    Lock,
    MissingFileError,
    Output,
    check_name,
    is_plain,
)
from .disk import DiskDirectory
from .memory import MemoryDirectory
from .pages import Pages

if TYPE_CHECKING:
    from .faulty import Crash, FaultyDirectory, LeakError

__all__ = [
    "LOCK",
    "PAGE",
    "PAGE_BITS",
    "TEMPORARY",
    "Column",
    "ColumnFile",
    "ColumnStream",
    "ColumnWriter",
    "Crash",
    "Directory",
    "DiskDirectory",
    "FaultyDirectory",
    "FileInfo",
    "LeakError",
    "Lock",
    "MemoryDirectory",
    "MissingFileError",
    "Output",
    "Pages",
    "check_name",
    "crc32",
    "is_plain",
]


def __getattr__(name: str) -> Any:
    """Import the faulty twin when a test asks for it."""
    if name not in ("Crash", "FaultyDirectory", "LeakError"):
        raise AttributeError(f"module 'kashaf.storage' has no attribute {name!r}")
    from . import faulty

    return getattr(faulty, name)
