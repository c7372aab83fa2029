"""Builds segments in worker processes: batches of documents, in order.

The writer cuts the stream of documents into batches and hands each to a process, which
makes a segment file of it. The segments are taken in the order of their batches, so the
index has the same documents in the same order, with the same scores, as one process makes.

The workers are spawned, never forked: a program that starts them must be importable, so
a script keeps its work under `if __name__ == "__main__":`.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..errors import StorageError
from ..storage import DiskDirectory, FileInfo
from .builder import Lexicon, SegmentBuilder
from .parse import parse
from .schema import Schema
from .stored import dump

FIRST_BATCH = 1 << 20
"""Bytes of the first batches; later ones double, so that few are left over at the end."""

COST = 6
"""Memory that a byte of a batch takes in the worker, its document included."""


class Job(NamedTuple):
    """What a worker gets: all that makes a segment."""

    name: str
    schema: Schema
    rows: list[tuple[str, Mapping[str, Any]]]
    ids: dict[str, int]
    analysis: str


class Batch:
    """Documents on their way to a worker; stands in for a `SegmentBuilder`.

    Attributes:
        ids: of the live documents, their numbers.
        dead: numbers of documents that were deleted again.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.ids: dict[str, int] = {}
        self.dead: list[int] = []
        self.nbytes = 0
        self.rows: list[tuple[str, Mapping[str, Any]]] = []

    @property
    def documents(self) -> int:
        """How many there are, deleted ones included."""
        return len(self.rows)

    def extend(self, schema: Schema) -> None:
        """Go on with a schema that has more fields."""
        self.schema = schema

    def add(self, id: str, document: Mapping[str, Any]) -> int:
        """Take a document in; see `SegmentBuilder.add`."""
        parse(self.schema, document)
        self.nbytes += len(dump(document))
        doc = len(self.rows)
        self.rows.append((id, dict(document)))
        self.ids[id] = doc
        return doc

    def job(self, name: str, analysis: str) -> Job:
        """All that makes a segment of this batch."""
        return Job(name, self.schema, self.rows, dict(self.ids), analysis)


@dataclass(slots=True)
class Pending:
    """A batch that a worker has: its live ids, and the documents that died meanwhile."""

    ids: dict[str, int]
    dead: list[int]
    result: Future[FileInfo] = field(repr=False)


class Pool:
    """Worker processes, and the batches that they have.

    Args:
        directory: where the segments go; on disk.
        jobs: how many processes.
        memory: bytes that all of them may take together.
    """

    def __init__(self, directory: DiskDirectory, jobs: int, memory: int) -> None:
        self._jobs = jobs
        self._budget = memory // jobs
        self._sent = 0
        self._broken = False
        self.pending: deque[Pending] = deque()
        self._executor = ProcessPoolExecutor(
            jobs, mp.get_context("spawn"), _start, (os.fspath(directory.path), self._budget)
        )

    @property
    def batch_bytes(self) -> int:
        """How large the next batch should be."""
        return min(FIRST_BATCH << min(self._sent // self._jobs, 20), self._budget // COST)

    @property
    def full(self) -> bool:
        """Whether every worker has a batch and another is waiting."""
        return len(self.pending) > self._jobs

    def send(self, batch: Batch, name: str, analysis: str) -> None:
        """Have a segment made."""
        with self._one_error():
            result = self._executor.submit(_build, batch.job(name, analysis))
        self.pending.append(Pending(batch.ids, batch.dead, result))
        self._sent += 1

    def receive(self) -> tuple[FileInfo, list[int]]:
        """Wait for the oldest segment; return it and the documents in it that died."""
        with self._one_error():
            info = self.pending[0].result.result()
        return info, self.pending.popleft().dead

    def close(self) -> None:
        """End the processes; what they have is given up."""
        self.pending.clear()
        if self._broken:
            self._kill()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _kill(self) -> None:
        """End what is left of a broken pool.

        A worker that was started while the pool broke is ended by nobody, and the pool would
        wait for it for ever (`ProcessPoolExecutor.kill_workers` does this from Python 3.14 on).
        """
        for process in list((self._executor._processes or {}).values()):
            process.kill()

    @contextmanager
    def _one_error(self) -> Iterator[None]:
        """Tells of a dead worker in one line."""
        try:
            yield
        except (BrokenProcessPool, OSError):  # OSError: it died while another was started
            self._broken = True
            raise StorageError(
                "a worker process ended before its work was done (killed, or out of memory); "
                "nothing of it was committed: try again with fewer jobs or less memory"
            ) from None


_directory: DiskDirectory
_lexicon: Lexicon | None = None
_budget: int


def _start(path: str, budget: int) -> None:
    """Begin a worker: its directory, deaf to Ctrl-C, and no longer than its parent."""
    global _directory, _budget
    _directory, _budget = DiskDirectory(path), budget
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = mp.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _build(job: Job) -> FileInfo:
    """Make a segment, in a worker."""
    global _lexicon
    if _lexicon is None or _lexicon.nbytes > _budget // 2:
        _lexicon = Lexicon()
    builder = SegmentBuilder(job.schema, _lexicon)
    for id, document in job.rows:
        builder.add(id, document)
    builder.ids = job.ids
    return builder.write(_directory, job.name, job.analysis)
