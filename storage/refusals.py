"""The operating system's refusals, in words: what failed, where, why, and the way out."""

from __future__ import annotations

import errno

from ..errors import StorageError
from .directory import MissingFileError

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space and try again",
    errno.EDQUOT: "the disk quota is used up; free some space and try again",
    errno.EIO: "input/output error; the disk or its connection is failing, copy the index away",
    errno.EROFS: "the file system is read-only; choose another place",
    errno.EACCES: "permission denied; check who owns the directory and its mode",
    errno.EPERM: "not permitted; check who owns the directory and its mode",
    errno.EMFILE: "too many open files; close some readers or raise the limit (ulimit -n)",
    errno.ENFILE: "too many open files on this machine; close some programs",
    errno.ENOMEM: "out of address space or memory; close some programs",
    errno.EFBIG: "the file is larger than the file system or the limit (ulimit -f) allows",
    errno.EEXIST: "it exists already, and names are never used twice; run 'kashaf check'",
    errno.ENOENT: "no such directory; was the index moved or removed?",
    errno.ENOTDIR: "part of the path is a file, not a directory",
    errno.ENAMETOOLONG: "the path is too long; choose a shorter one",
    errno.ELOOP: "the path goes through symbolic links in a circle",
}


def storage_error(error: OSError, action: str, name: str, label: str) -> StorageError:
    """Return the StorageError for a refusal, in one line.

    Parameters:
        error: what the operating system said.
        action: the verb for what was tried, as in "cannot <action> seg-1.kseg".
        name: the file inside the directory, or "" for the directory itself.
        label: the directory, as a person knows it.
    """
    code = error.errno if error.errno is not None else -1
    reason = _REASONS.get(code) or f"{error.strerror or error}; see that the disk is well"
    where = f"{name} in {label}" if name else label
    return StorageError(f"cannot {action} {where}: {reason}")


class refusals:
    """Turns OSErrors of its body into StorageError, or MissingFileError when `reading`."""

    def __init__(self, action: str, name: str, label: str, *, reading: bool = False) -> None:
        self._told = action, name, label
        self._reading = reading

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._reading and isinstance(error, FileNotFoundError):
            raise MissingFileError(self._told[1]) from error
        if isinstance(error, OSError):
            raise storage_error(error, *self._told) from error
