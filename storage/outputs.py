"""The life of an output, the same for all: open, then finished, broken or abandoned."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..errors import StorageError, UsageError
from .directory import Data


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
