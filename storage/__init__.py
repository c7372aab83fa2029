"""Bytes that survive: directories, atomic replace, fsync, checksums, locks, column files.

This room knows nothing of documents or words. `docs/durability.md` says what it promises.
"""

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
from .faulty import Crash, FaultyDirectory, LeakError
from .memory import MemoryDirectory
from .pages import Pages

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
