"""The lock of a directory on disk, held by at most one process at a time.

The operating system keeps it (flock on POSIX, LockFileEx on Windows) and frees it when
the process ends, however it ends: a lock file that is left behind blocks nobody. Beside
it lies a note of who holds it, read only to say so; it is never trusted for more.
"""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from ..errors import LockedError
from .handles import LockBase
from .refusals import refusals

try:
    import fcntl
except ImportError:  # Windows
    _flock = None
else:
    _flock = fcntl.flock

_FOREVER = 1e9  # seconds
_PAUSE = 0.05  # seconds between two attempts
_NOTE_LIMIT = 300  # bytes of a note that are read
_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK}

_open_here: set[int] = set()
"""The descriptors of the lock files that are locked."""


class _Lock(Protocol):
    """What is held."""

    def release(self) -> object:
        """Let go of it."""


class DiskLock(LockBase):
    """A lock that is held; see `take`."""

    def __init__(self, lock: _Lock, note: Path) -> None:
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
    note = path.with_name(path.name + ".holder")
    wait = min(max(timeout, 0.0), _FOREVER)
    with refusals("lock", path.name, label):
        lock = _locked_file(path, wait)
    if lock is None:
        raise _locked(note, label)
    _sign(note)
    return DiskLock(lock, note)


class _Flock:
    """A file that is locked by flock."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        _open_here.add(descriptor)

    def release(self) -> None:
        """Unlock it."""
        _open_here.discard(self._descriptor)
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)  # for copies of the descriptor, too
        os.close(self._descriptor)


def _close_in_child() -> None:
    """In a process just forked: its copies would hold the locks when the parent has ended."""
    for descriptor in _open_here:
        with suppress(OSError):
            os.close(descriptor)
    _open_here.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_in_child)


def _locked_file(path: Path, wait: float) -> _Lock | None:
    """Lock a file, or None when the time is up."""
    end = time.monotonic() + wait
    while True:
        try:
            lock = _try_flock(path)
        except OSError as error:
            if error.errno != errno.ENOSYS:
                raise
            return _by_filelock(path, end - time.monotonic())
        if lock is not None or time.monotonic() >= end:
            return lock
        time.sleep(min(_PAUSE, max(end - time.monotonic(), 0.0)))


def _try_flock(path: Path) -> _Lock | None:
    """Lock a file, or None where it is locked. OSError with ENOSYS: it cannot be, by flock."""
    if _flock is None:
        raise OSError(errno.ENOSYS, "no flock")
    flags = os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o644)
    try:
        _flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            return _Flock(descriptor)
    except FileNotFoundError:
        pass
    except OSError as error:
        if error.errno not in _TAKEN:
            os.close(descriptor)
            raise
    os.close(descriptor)  # it is locked, or another file lies in its place since
    return None


def _by_filelock(path: Path, wait: float) -> _Lock | None:
    """Lock a file as the system allows where it has no flock."""
    from filelock import FileLock, Timeout  # late: it imports much

    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=max(wait, 0.0))
    except Timeout:
        return None
    return lock


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
