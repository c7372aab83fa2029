"""The faulty twin of the disk: a directory in memory that fails on command.

It keeps two accounts of everything: what the running process sees (the page cache), and
what is on the medium. Bytes move to the medium by `Output.finish`; creations, renames
and removals move by `sync`. A power cut is a look at the second account:

    kept    everything happened that the process saw (also: the process was killed)
    lost    nothing happened that was not synced
    torn    of each change not synced, a seeded coin decides: unsynced bytes are kept,
            cut at a random place or turned to zeros from there on, and directory changes
            happen or not, each on its own, in whatever order that comes to

Every call is counted, so that a test can cut a workload at each of them in turn.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from ..errors import StorageError
from .directory import LOCK, READ_LIMIT, Data, Lock, publish_through
from .handles import LockBase, OutputBase
from .memory import MemoryDirectory, MemoryFile, MemoryOutput
from .refusals import storage_error

if TYPE_CHECKING:
    import random

Mode = Literal["kept", "lost", "torn"]

_NEEDS_SPACE = frozenset({"create", "write", "finish", "rename", "sync"})
"""Calls that a full disk can refuse; reading and removing still work there."""

_REFUSABLE = _NEEDS_SPACE | {"names", "map", "read", "size", "remove", "lock"}
"""Calls that a failing disk can refuse: all but the release of a lock."""


class Crash(BaseException):
    """The power is cut. No `except Exception` may catch it."""


class LeakError(AssertionError):
    """Outputs or locks were still open when the directory was closed."""


class FaultyOutput(OutputBase):
    """An output whose every step can fail or be the last."""

    def __init__(self, directory: FaultyDirectory, inner: MemoryOutput) -> None:
        super().__init__(inner.name)
        self._directory = directory
        self._inner = inner

    def _append(self, data: Data) -> None:
        powered = not self._directory.crashed
        try:
            self._directory._step("write", self.name)
        except Crash:
            if powered:  # it was under way: what came of it is for the mode to say
                self._inner.write(data)
            raise
        except StorageError:  # a full disk takes some of it
            self._inner.write(memoryview(data)[: len(data) // 2])
            raise
        self._inner.write(data)

    def _seal(self) -> None:
        self._directory._step("finish", self.name)
        self._inner.finish()
        self._directory._open.discard(self)

    def _discard(self) -> None:
        self._directory._open.discard(self)
        self._directory.remove(self.name)


class FaultyLock(LockBase):
    """A lock whose release is counted, and which is a leak while it is held."""

    def __init__(self, directory: FaultyDirectory, name: str, inner: Lock) -> None:
        self.name = name
        self._directory = directory
        self._inner = inner

    def _free(self) -> None:
        self._directory._step("release", self.name)
        self._directory._open.discard(self)
        self._inner.release()


class FaultyDirectory:
    """A `Directory` for tests that counts its calls and fails when told.

    Parameters:
        files: what is on the medium at first, by name.
        label: what messages call it.
        on_close: called with the directory by `close`, before the search for leaks; this
            is where a test hangs its checker.

    Attributes:
        calls: storage calls so far; each step of `publish` counts by itself.
        log: the calls by name, such as "write seg-1.kseg", for a test that fails.
        crashed: whether the power was cut; then every call raises Crash.
    """

    def __init__(
        self,
        files: Mapping[str, bytes] | None = None,
        label: str = "faulty",
        on_close: Callable[[FaultyDirectory], None] | None = None,
    ) -> None:
        self.label = label
        self.calls = 0
        self.log: list[str] = []
        self.crashed = False
        self._on_close = on_close
        self._seen = MemoryDirectory(files, label)
        self._medium = dict(self._seen.files)
        self._pending: list[dict[str, MemoryFile | None]] = []
        self._open: set[FaultyOutput | FaultyLock] = set()
        self._crash_at = 0
        self._faults: tuple[range, int] = (range(0), 0)

    # -- what a test asks for

    def crash_at(self, call: int) -> None:
        """Cut the power at the `call`-th call (the first is 1), before it takes effect."""
        self._crash_at = call

    def fail_at(self, call: int, code: int = errno.ENOSPC, times: int = 1) -> None:
        """Refuse `times` calls from the `call`-th on, as the disk would with errno `code`.

        A full disk (ENOSPC) refuses only what needs space; other calls go through.
        """
        self._faults = range(call, call + times), code

    def after_crash(self, mode: Mode, seed: int = 0) -> FaultyDirectory:
        """Return the directory as found after a power cut now; see the module."""
        import random

        coin = random.Random(seed)
        entries = dict(self._medium)
        for change in self._pending:
            if mode == "kept" or (mode == "torn" and coin.random() < 0.5):
                entries.update({k: v for k, v in change.items() if v is not None})
                for name in [k for k, v in change.items() if v is None]:
                    entries.pop(name, None)
        files = {name: _surviving(file, mode, coin) for name, file in sorted(entries.items())}
        return FaultyDirectory(files, self.label, self._on_close)

    def after_kill(self) -> FaultyDirectory:
        """Return the directory as the next process finds it when this one was killed.

        The power stays on: what was not synced is still not, and a later cut may lose it.
        """
        other = FaultyDirectory(label=self.label, on_close=self._on_close)
        other._seen.files = dict(self._seen.files)
        other._medium = dict(self._medium)
        other._pending = list(self._pending)
        return other

    def flip(self, name: str, offset: int, mask: int = 1) -> None:
        """Flip the bits of `mask` in the byte at `offset`."""
        data = bytearray(self._seen.files[name].data)
        data[offset] ^= mask
        self._seen.files[name].data = bytes(data)

    def truncate(self, name: str, size: int) -> None:
        """Cut a file to `size` bytes."""
        file = self._seen.files[name]
        file.data = bytes(file.data[:size])
        file.synced = min(file.synced, size)

    def contents(self) -> dict[str, bytes]:
        """Return every file's bytes as a process sees them; not counted as a call."""
        return {name: bytes(file.data) for name, file in self._seen.files.items()}

    def leaks(self) -> list[str]:
        """Return the names of the outputs and locks that are open, sorted."""
        return sorted(handle.name for handle in self._open)

    # -- the directory

    def names(self) -> list[str]:
        """Return the names of the files, sorted."""
        self._step("names")
        return self._seen.names()

    def create(self, name: str) -> FaultyOutput:
        """Open a new file. Raises StorageError if the name exists."""
        self._step("create", name)
        output = FaultyOutput(self, self._seen.create(name))
        self._pending.append({name: self._seen.files[name]})
        self._open.add(output)
        return output

    def map(self, name: str) -> memoryview:
        """Return a file's bytes as they are now."""
        self._step("map", name)
        return self._seen.map(name)

    def read(self, name: str, limit: int = READ_LIMIT) -> bytes:
        """Return a file's bytes."""
        self._step("read", name)
        return self._seen.read(name, limit)

    def size(self, name: str) -> int:
        """Return a file's length in bytes."""
        self._step("size", name)
        return self._seen.size(name)

    def publish(self, name: str, data: Data) -> None:
        """Put `data` under `name`, by the same steps as on disk."""
        publish_through(self, self._replace, name, data)

    def sync(self) -> None:
        """Move the directory changes so far to the medium."""
        self._step("sync")
        self._medium = dict(self._seen.files)
        self._pending.clear()

    def remove(self, name: str) -> None:
        """Remove a file; a missing one is fine."""
        self._step("remove", name)
        self._seen.remove(name)
        self._pending.append({name: None})

    def lock(self, name: str = LOCK, timeout: float = 0.0) -> Lock:
        """Take a lock among this process's threads."""
        self._step("lock", name)
        lock = FaultyLock(self, name, self._seen.lock(name, timeout))
        self._open.add(lock)
        return lock

    def close(self) -> None:
        """Run the checker, then raise LeakError if an output or a lock is still open."""
        self._require_power()
        if self._on_close:
            self._on_close(self)
        if self._open:
            raise LeakError(f"{self.label}: still open at close: {', '.join(self.leaks())}")

    def _replace(self, old: str, new: str) -> None:
        self._step("rename", old)
        self._seen.replace(old, new)
        self._pending.append({new: self._seen.files[new], old: None})

    def _step(self, operation: str, name: str = "") -> None:
        self._require_power()
        self.calls += 1
        self.log.append(f"{operation} {name}".strip())
        if self.calls == self._crash_at:
            self.crashed = True
            raise Crash(f"{self.label}: power cut at call {self.calls}, {self.log[-1]}")
        calls, code = self._faults
        refusable = _NEEDS_SPACE if code == errno.ENOSPC else _REFUSABLE
        if self.calls in calls and operation in refusable:
            raise storage_error(OSError(code, os.strerror(code)), operation, name, self.label)

    def _require_power(self) -> None:
        if self.crashed:
            raise Crash(f"{self.label}: the power is off")


def _surviving(file: MemoryFile, mode: Mode, coin: random.Random) -> bytes:
    data = bytes(file.data)
    if mode == "kept" or file.synced == len(data):
        return data
    if mode == "lost":
        return data[: file.synced]
    cut = coin.randint(file.synced, len(data))
    return data[:cut] + coin.choice((b"", bytes(len(data) - cut), data[cut:]))
