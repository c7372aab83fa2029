"""Bytes that survive: directories, atomic replace, fsync, checksums, locks, column files.

This room knows nothing of documents or words. `docs/durability.md` says what it promises.
"""

from ..hints import TYPE_CHECKING, Any
from .checksum import PAGE, PAGE_BITS, crc32
from .column_file import ColumnFile
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
from .pages import Pages
from .parsing import parse_json

if TYPE_CHECKING:
    from .column_writer import ColumnStream, ColumnWriter
    from .faulty import Crash, FaultyDirectory, LeakError
    from .memory import MemoryDirectory

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
    "parse_json",
]


_HOMES = {
    "ColumnStream": ".column_writer",
    "ColumnWriter": ".column_writer",
    "Crash": ".faulty",
    "FaultyDirectory": ".faulty",
    "LeakError": ".faulty",
    "MemoryDirectory": ".memory",
}


def __getattr__(name: str) -> Any:
    """Import what reading a disk does not need when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'kashaf.storage' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name], __name__), name)
    globals()[name] = value
    return value
