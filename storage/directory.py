"""What a directory of files promises: three protocols, and the names they take.

The files of an index are written once, under a name that is never used again, and never
changed afterwards. Only `publish` replaces a file, and it does so in one step that either
happened or did not. All implementations keep these rules, and one test suite runs over
them all:

- bytes survive a power cut after `Output.finish` *and* a later `Directory.sync`;
- `publish` does both by itself;
- what is read was there when the name was opened, and stays until it is let go;
- every refusal of the operating system is a `StorageError` that names the file, the
  reason and the way out; a missing file is a `MissingFileError`.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from ..errors import DamagedError, StorageError, UsageError
from ..hints import Protocol

Data = bytes | bytearray | memoryview
"""What can be written: contiguous buffers of single bytes."""

TEMPORARY = ".tmp"
"""Ending of the file that `publish` writes before it renames it."""

LOCK = "write.lock"
"""The lock of the one writer."""

READ_LIMIT = 1 << 28
"""Bytes that `read` takes into memory unless told otherwise; larger files are mapped."""

_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_SIGNS = _LETTERS.union("._-")
_LONGEST = 200  # characters of a name
_LOCK_ENDINGS = (".lock", ".lock.holder")


class MissingFileError(DamagedError):
    """A file that should be there is not: removed by a later commit, or lost."""

    def __init__(self, file: str) -> None:
        super().__init__(file, None, "the file", "none of that name")


class Output(Protocol):
    """A new file that is appended to, until it is finished or abandoned.

    After an error the output is broken: it can only be abandoned. (After a failed fsync
    the system may have dropped the data, and a second fsync would report success.)
    """

    def write(self, data: Data) -> int:
        """Append `data` and return its number of bytes."""

    def tell(self) -> int:
        """Return the number of bytes written so far."""

    def finish(self) -> None:
        """Flush, fsync and close: the bytes survive a power cut once the directory is synced."""

    def abandon(self) -> None:
        """Close and remove the file. Quiet, and harmless when repeated or after `finish`."""


class Lock(Protocol):
    """A lock that is held until it is released or its process ends, however it ends."""

    def release(self) -> None:
        """Let go; harmless when repeated."""

    def __enter__(self) -> Lock: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Directory(Protocol):
    """A flat set of named files. Names are plain: see `check_name`.

    Attributes:
        label: what a person would recognise it by, for messages.
    """

    label: str

    def names(self) -> list[str]:
        """Return the names of the files, sorted.

        Left out are the files of locks, and whatever Kashaf cannot have put there: other
        names than plain ones, directories, pipes.
        """

    def create(self, name: str) -> Output:
        """Open a new file. Raises StorageError if the name exists."""

    def map(self, name: str) -> memoryview:
        """Return a file as read-only memory, of single bytes, without loading it.

        The mapping lives as long as any view of it, and survives the file's removal.
        Raises MissingFileError, or DamagedError for what is not a plain file.
        """

    def read(self, name: str, limit: int = READ_LIMIT) -> bytes:
        """Return a file's bytes. Raises DamagedError if there are more than `limit`."""

    def size(self, name: str) -> int:
        """Return a file's length in bytes."""

    def publish(self, name: str, data: Data) -> None:
        """Put `data` under `name` in one durable step, whether or not the name exists.

        Raises StorageError. In that case the old content stands, except where the very
        last step failed (syncing the directory): then readers see the new content, and a
        power cut may bring back the old. Either way never a mixture.
        """

    def sync(self) -> None:
        """Make the creations, renames and removals so far survive a power cut."""

    def remove(self, name: str) -> None:
        """Remove a file; a missing one is fine.

        Where the system will not remove a file that someone has mapped (Windows), it
        stays and is still named: ask again later.
        """

    def lock(self, name: str = LOCK, timeout: float = 0.0) -> Lock:
        """Take the lock `name`, waiting up to `timeout` seconds.

        Raises LockedError, which says who holds it where that is known.
        """

    def close(self) -> None:
        """Let go of the directory. Nothing on disk changes; mapped memory stays valid."""


def check_name(name: str) -> str:
    """Return `name` if it is plain: ASCII letters, digits, `.`, `_` and `-`, 200 at most.

    Raises UsageError: a name with a path in it must never reach the disk.
    """
    if not is_plain(name):
        raise UsageError(f"{name!r} cannot name an index file: use letters, digits, '.', '_', '-'")
    return name


def is_plain(name: object) -> bool:
    """Whether `name` would pass `check_name`; for names that come out of a file."""
    return (
        isinstance(name, str)
        and 0 < len(name) <= _LONGEST
        and name[0] in _LETTERS
        and _SIGNS.issuperset(name)
    )


def is_data(name: str) -> bool:
    """Whether `name` can be a file of data: plain, and not of a lock."""
    return is_plain(name) and not name.endswith(_LOCK_ENDINGS)


class Replacing(Protocol):
    """The steps that `publish_through` is made of."""

    def create(self, name: str) -> Output: ...  # noqa: D102
    def remove(self, name: str) -> None: ...  # noqa: D102
    def sync(self) -> None: ...  # noqa: D102


def publish_through(
    directory: Replacing, replace: Callable[[str, str], None], name: str, data: Data
) -> None:
    """Write a temporary file, fsync it, `replace(temporary, name)`, fsync the directory.

    The order is the whole point: a rename that reaches the disk before the data does
    would leave an empty file under the final name.
    """
    from contextlib import suppress  # late: who only reads does without

    temporary = check_name(name) + TEMPORARY
    directory.remove(temporary)
    output = directory.create(temporary)
    try:
        output.write(data)
        output.finish()
        replace(temporary, name)
    except BaseException:
        output.abandon()
        with suppress(StorageError):
            directory.remove(temporary)
        raise
    directory.sync()
