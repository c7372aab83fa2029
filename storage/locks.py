"""The lock of a directory on disk, held by at most one process at a time.

The operating system keeps it (flock on POSIX, LockFileEx on Windows) and frees it when
the process ends, however it ends: a lock file that is left behind blocks nobody. Beside
it lies a note of who holds it, read only to say so; it is never trusted for more.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import LockedError
from .handles import LockBase
from .refusals import refusals

if TYPE_CHECKING:
    from filelock import BaseFileLock

_FOREVER = 1e9  # seconds
_NOTE_LIMIT = 300  # bytes of a note that are read


class DiskLock(LockBase):
    """A lock that is held; see `take`."""

    def __init__(self, lock: BaseFileLock, note: Path) -> None:
        self._lock = lock
        self._note = note
        self._process = os.getpid()

    def _free(self) -> None:
        if os.getpid() == self._process:  # a forked child leaves its parent's lock alone
            with suppress(OSError):
                self._note.unlink(missing_ok=True)
            self._lock.release()


def take(path: Path, label: str, timeout: float) -> DiskLock:
    """Take the lock file at `path`, waiting up to `timeout` seconds.

    Raises LockedError, or StorageError where the lock file cannot be opened.
    """
    from filelock import FileLock, Timeout  # only writers need it

    note = path.with_name(path.name + ".holder")
    lock = FileLock(path, thread_local=False)
    with refusals("lock", path.name, label):
        try:
            lock.acquire(timeout=min(max(timeout, 0.0), _FOREVER))
        except Timeout:
            raise _locked(note, label) from None
    _sign(note)
    return DiskLock(lock, note)


def _sign(note: Path) -> None:
    import socket

    # A note that cannot be left is no reason not to write. It is always a new file: one
    # that lies there may be a link, put there to have its target overwritten.
    with suppress(OSError):
        note.unlink(missing_ok=True)
        with note.open("x", encoding="utf-8") as file:
            file.write(f"process {os.getpid()} on {socket.gethostname()}")


def _locked(note: Path, label: str) -> LockedError:
    return LockedError(
        f"another writer ({_holder(note)}) holds {label}: end it, or wait for it (timeout=)"
    )


def _holder(note: Path) -> str:
    unknown = "process unknown"
    try:
        if not note.is_file():  # a pipe would make us wait for a writer
            return unknown
        with note.open("rb") as file:
            text = file.read(_NOTE_LIMIT).decode("utf-8", "replace")
    except OSError:
        return unknown
    return text if text and text.isprintable() else unknown
