"""A directory in memory, for tests and for indexes that need not outlive the process."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Mapping

from ..errors import DamagedError, LockedError
from .directory import (
    LOCK,
    READ_LIMIT,
    Data,
    MissingFileError,
    check_name,
    publish_through,
)
from .handles import LockBase, OutputBase
from .refusals import storage_error


class MemoryFile:
    """The bytes of one file; `synced` of them have been vouched for by `finish`."""

    __slots__ = ("data", "synced")

    def __init__(self, data: bytes | bytearray = b"") -> None:
        self.data = data
        self.synced = len(data)


class MemoryOutput(OutputBase):
    """A file of a MemoryDirectory while it is written."""

    def __init__(self, directory: MemoryDirectory, name: str, file: MemoryFile) -> None:
        super().__init__(name)
        self._directory = directory
        self._file = file

    def _append(self, data: Data) -> None:
        self._file.data += data

    def _seal(self) -> None:
        self._file.data = bytes(self._file.data)
        self._file.synced = len(self._file.data)

    def _discard(self) -> None:
        self._directory.remove(self.name)


class MemoryLock(LockBase):
    """A lock among the threads of this process."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock

    def _free(self) -> None:
        self._lock.release()


class MemoryDirectory:
    """A `Directory` whose files are bytes in memory.

    Parameters:
        files: what it holds at first, by name.
        label: what messages call it.

    Attributes:
        files: the files by name; for the tests' twin, not for users.
    """

    def __init__(self, files: Mapping[str, bytes] | None = None, label: str = "memory") -> None:
        self.label = label
        self.files = {name: MemoryFile(data) for name, data in (files or {}).items()}
        self._locks: dict[str, threading.Lock] = {}

    def names(self) -> list[str]:
        """Return the names of the files, sorted."""
        return sorted(self.files.copy())

    def create(self, name: str) -> MemoryOutput:
        """Open a new file. Raises StorageError if the name exists."""
        if check_name(name) in self.files:
            taken = OSError(errno.EEXIST, os.strerror(errno.EEXIST))
            raise storage_error(taken, "create", name, self.label)
        file = self.files[name] = MemoryFile(bytearray())
        return MemoryOutput(self, name, file)

    def map(self, name: str) -> memoryview:
        """Return a file's bytes as they are now. Raises MissingFileError."""
        return memoryview(bytes(self._file(name).data))

    def read(self, name: str, limit: int = READ_LIMIT) -> bytes:
        """Return a file's bytes. Raises DamagedError if there are more than `limit`."""
        data = self._file(name).data
        if len(data) > limit:
            raise DamagedError(name, None, f"at most {limit} bytes", f"{len(data)}")
        return bytes(data)

    def size(self, name: str) -> int:
        """Return a file's length in bytes."""
        return len(self._file(name).data)

    def publish(self, name: str, data: Data) -> None:
        """Put `data` under `name` in one step."""
        publish_through(self, self.replace, name, data)

    def replace(self, old: str, new: str) -> None:
        """Rename `old` to `new`, over what was there."""
        self.files[new] = self.files.pop(old)

    def sync(self) -> None:
        """Do nothing: there is no disk."""

    def remove(self, name: str) -> None:
        """Remove a file; a missing one is fine."""
        self.files.pop(check_name(name), None)

    def lock(self, name: str = LOCK, timeout: float = 0.0) -> MemoryLock:
        """Take a lock among this process's threads; see `Directory.lock`."""
        lock = self._locks.setdefault(check_name(name), threading.Lock())
        if not lock.acquire(timeout=min(max(timeout, 0.0), threading.TIMEOUT_MAX)):
            raise LockedError(
                f"another writer (in this process) holds {self.label}: "
                "close it, or wait for it (timeout=)"
            )
        return MemoryLock(lock)

    def close(self) -> None:
        """Do nothing: the files go with the object."""

    def _file(self, name: str) -> MemoryFile:
        try:
            return self.files[check_name(name)]
        except KeyError:
            raise MissingFileError(name) from None
