"""Writing to a disk: new files, and what makes them, and the names of them, durable."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from .directory import Data
from .handles import OutputBase
from .refusals import refusals

_BUFFER = 1 << 20  # bytes gathered before a write reaches the system


class DiskOutput(OutputBase):
    """A file on disk while it is written."""

    def __init__(self, path: Path, label: str) -> None:
        super().__init__(path.name)
        self._path = path
        self._label = label
        with refusals("create", self.name, label):
            self._file = path.open("xb", buffering=_BUFFER)

    def _append(self, data: Data) -> None:
        with refusals("write", self.name, self._label):
            self._file.write(data)

    def _seal(self) -> None:
        with refusals("write", self.name, self._label):
            self._file.flush()
            _fsync(self._file.fileno())
            self._file.close()

    def _discard(self) -> None:
        with suppress(OSError):  # closing flushes, which may be what failed
            self._file.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder and its parents, durably, where they are missing."""
    missing = [place for place in (path, *path.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(exist_ok=True)
        sync_folder(place.parent)


def _fsync(descriptor: int) -> None:
    """Have the bytes on the medium, not in the drive's own cache (macOS wants asking)."""
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):  # not every file system there knows it; then plain fsync
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def sync_folder(path: Path) -> None:
    """Fsync a directory, where the system has that notion (Windows has not)."""
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise  # those two: a file system that keeps its directories in order itself
    finally:
        os.close(descriptor)
