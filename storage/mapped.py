"""Mapped memory that the disk can no longer deliver.

A program that touches a mapped page whose sector is bad, or whose file was cut short
meanwhile, is ended by the system with a bus error. That is no way to learn of damage, so
before bytes are first read the system is asked to bring them in, which it may refuse.
"""

from __future__ import annotations

import errno
import mmap
import sys

from ..errors import DamagedError

_POPULATE_READ = 22  # MADV_POPULATE_READ of Linux 5.14; older kernels answer EINVAL
UNREADABLE = "an input/output error"
"""What messages say was found where bytes cannot be read."""

_REFUSALS = (errno.EFAULT, getattr(errno, "EHWPOISON", 133))


def readable(buffer: memoryview, start: int, stop: int) -> bool:
    """Bring bytes `start` to `stop` of a mapping into memory; return whether that can be done.

    Always True for memory that is not mapped, and on systems that cannot be asked.
    `buffer` is the mapping, or a part of it from its start.
    """
    mapping = buffer.obj
    if sys.platform != "linux" or not isinstance(mapping, mmap.mmap):
        return True
    start -= start % mmap.PAGESIZE
    try:
        mapping.madvise(_POPULATE_READ, start, stop - start)
    except OSError as error:
        return error.errno not in _REFUSALS
    return True


def require_readable(file: str, buffer: memoryview, start: int, stop: int) -> None:
    """Raise DamagedError unless bytes `start` to `stop` of `file` are `readable`."""
    if not readable(buffer, start, stop):
        raise DamagedError(file, None, f"readable bytes {start} to {stop}", UNREADABLE)


def forget(buffer: memoryview) -> None:
    """Let the system take back the memory of a mapping; what is read again it brings back."""
    mapping = buffer.obj
    if sys.platform == "linux" and isinstance(mapping, mmap.mmap):
        mapping.madvise(mmap.MADV_DONTNEED)
