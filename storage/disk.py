"""The real directory: files on a disk, made durable with fsync, read through mmap."""

from __future__ import annotations

import mmap
import os
import stat
import sys

from ..errors import DamagedError, NotAnIndexError, UsageError
from ..hints import TYPE_CHECKING
from .directory import LOCK, READ_LIMIT, Data, check_name, is_data, publish_through
from .refusals import refusals

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

    from .disk_output import DiskOutput
    from .locks import DiskLock

_READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe put in a file's place must not hang the reader
)


class DiskDirectory:
    """A `Directory` on a file system. Reading imports nothing of what writing takes.

    Parameters:
        path: the directory; kept absolute, so that a later chdir does no harm.
        create: make it, and its parents, where they are missing.

    Raises NotAnIndexError if there is no directory at `path`, StorageError if it cannot
    be made or looked at.
    """

    def __init__(self, path: str | os.PathLike[str], create: bool = False) -> None:
        self.label = os.fspath(path)
        if not self.label or "\0" in self.label:
            raise UsageError(f"{self.label!r} cannot be a path; name a directory")
        self._path = os.path.join(os.getcwd(), self.label)
        with refusals("open", "", self.label):
            if create:
                from .disk_output import make_folder

                make_folder(self.path)
            self._require()

    @property
    def path(self) -> Path:
        """The absolute path."""
        from pathlib import Path

        return Path(self._path)

    def _require(self) -> None:
        try:
            mode = os.stat(self._path).st_mode
        except (FileNotFoundError, NotADirectoryError):
            raise NotAnIndexError(
                f"there is no index at {self.label}: no such directory; check the path"
            ) from None
        if not stat.S_ISDIR(mode):
            raise NotAnIndexError(
                f"there is no index at {self.label}: it is a file; name an index directory"
            )

    def names(self) -> list[str]:
        """Return the names of the files, sorted, without locks and what is not Kashaf's."""
        with refusals("list", "", self.label), os.scandir(self._path) as entries:
            return sorted(e.name for e in entries if is_data(e.name) and e.is_file())

    def create(self, name: str) -> DiskOutput:
        """Open a new file. Raises StorageError if the name exists."""
        from .disk_output import DiskOutput

        return DiskOutput(self.path / check_name(name), self.label)

    def map(self, name: str) -> memoryview:
        """Return a file as read-only memory, which lives as long as any view of it."""
        with self._reading(name), self._opened(name) as file:
            if not os.fstat(file.fileno()).st_size:
                return memoryview(b"")
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def read(self, name: str, limit: int = READ_LIMIT) -> bytes:
        """Return a file's bytes. Raises DamagedError if there are more than `limit`."""
        with self._reading(name), self._opened(name) as file:
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                raise DamagedError(name, None, f"at most {limit} bytes", f"{size}")
            return file.read()

    def size(self, name: str) -> int:
        """Return a file's length in bytes."""
        path = self._at(name)
        with refusals("look at", name, self.label, reading=True):
            return os.stat(path).st_size

    def publish(self, name: str, data: Data) -> None:
        """Put `data` under `name` in one durable step; see `Directory.publish`."""
        publish_through(self, self._replace, name, data)

    def sync(self) -> None:
        """Make the creations, renames and removals so far survive a power cut."""
        with refusals("sync", "", self.label):
            from .disk_output import sync_folder

            sync_folder(self.path)

    def remove(self, name: str) -> None:
        """Remove a file; a missing one is fine, and on Windows one that is still mapped."""
        path = self._at(name)
        with refusals("remove", name, self.label):
            try:
                os.unlink(path)
            except FileNotFoundError:
                pass
            except PermissionError:
                if sys.platform != "win32":
                    raise

    def lock(self, name: str = LOCK, timeout: float = 0.0) -> DiskLock:
        """Take a lock, waiting up to `timeout` seconds; see `Directory.lock`."""
        from .locks import take

        return take(self.path / check_name(name), self.label, timeout)

    def close(self) -> None:
        """Do nothing: between calls no handle is held."""

    def _at(self, name: str) -> str:
        return os.path.join(self._path, check_name(name))

    def _replace(self, old: str, new: str) -> None:
        with refusals("rename", old, self.label):
            os.replace(self._at(old), self._at(new))

    def _reading(self, name: str) -> refusals:
        return refusals("read", name, self.label, reading=True)

    def _opened(self, name: str) -> BufferedReader:
        descriptor = os.open(self._at(name), _READ_FLAGS)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise DamagedError(name, None, "a plain file", "something else of that name")
        return os.fdopen(descriptor, "rb")
