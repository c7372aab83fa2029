"""The life of handles, the same in all directories.

An output is open, then finished, broken or abandoned; a lock is held, then free.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

from ..errors import StorageError, UsageError
from .directory import Data, Lock


class OutputBase(ABC):
    """An `Output` that keeps the rules; subclasses only move bytes.

    Invariant: `_append` and `_seal` are called only while open, and never after one of
    them raised; `_discard` is called at most once, and not after `_seal` succeeded.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._state = "open"
        self._size = 0

    def write(self, data: Data) -> int:
        """Append `data` and return its number of bytes."""
        with self._breaking():
            self._append(data)
        written = memoryview(data).nbytes
        self._size += written
        return written

    def tell(self) -> int:
        """Return the number of bytes written so far."""
        return self._size

    def finish(self) -> None:
        """Flush, fsync and close."""
        with self._breaking():
            self._seal()
        self._state = "finished"

    def abandon(self) -> None:
        """Close and remove the file, unless it is finished or abandoned already."""
        if self._state in ("open", "broken"):
            self._state = "abandoned"
            with suppress(StorageError):
                self._discard()

    @contextmanager
    def _breaking(self) -> Iterator[None]:
        if self._state != "open":
            raise UsageError(f"{self.name} cannot be written to: it is {self._state}")
        self._state = "broken"
        yield
        self._state = "open"

    @abstractmethod
    def _append(self, data: Data) -> None: ...

    @abstractmethod
    def _seal(self) -> None: ...

    @abstractmethod
    def _discard(self) -> None: ...


class LockBase(ABC):
    """A `Lock` that keeps the rules; `_free` is called once."""

    _held = True

    def release(self) -> None:
        """Let go; harmless when repeated."""
        if self._held:
            self._held = False
            self._free()

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    @abstractmethod
    def _free(self) -> None: ...
