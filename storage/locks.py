"""The lock of a directory on disk, held by at most one process at a time.

The operating system keeps it (flock on POSIX, LockFileEx on Windows) and frees it when
the process ends, however it ends: a lock file that is left behind blocks nobody. Beside
it lies a note of who holds it, read only to say so; it is never trusted for more.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ..errors import LockedError
from .refusals import refusals

if TYPE_CHECKING:
    from filelock import BaseFileLock

_FOREVER = 1e9  # seconds
_NOTE_LIMIT = 300  # bytes of a note that are read


class DiskLock:
    """A lock that is held; see `take`."""

    def __init__(self, held: BaseFileLock, note: Path) -> None:
        self._held: BaseFileLock | None = held
        self._note = note
        self._process = os.getpid()

    def release(self) -> None:
        """Let go; harmless when repeated. A forked child leaves its parent's lock alone."""
        held, self._held = self._held, None
        if held and os.getpid() == self._process:
            with suppress(OSError):
                self._note.unlink(missing_ok=True)
            held.release()

    def __enter__(self) -> DiskLock:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


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

    with suppress(OSError):  # a note that cannot be left is no reason not to write
        note.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")


def _locked(note: Path, label: str) -> LockedError:
    return LockedError(
        f"another writer ({_holder(note)}) holds {label}: wait for it, "
        "end it, or wait longer (timeout=)"
    )


def _holder(note: Path) -> str:
    try:
        with note.open("rb") as file:
            text = file.read(_NOTE_LIMIT).decode("utf-8", "replace")
    except OSError:
        return "unknown process"
    return text if text.isprintable() and text else "unknown process"
