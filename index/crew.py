"""Threads that take over what is heavy in a writer's work, while it goes on.

What they do is in kernels that let other threads run meanwhile: words are numbered, analysed and
sorted, documents compressed, postings inverted, merged and packed. Results are
taken in the order in which the work was begun, so the files of the index are the same, byte for
byte, however many threads there are.
"""

from __future__ import annotations

import os
from _thread import allocate_lock
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from ..hints import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

AHEAD = 2
"""Pieces of work for each thread that may wait or be at hand: what they hold is in memory."""


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Task(Protocol[T_co]):
    """Work that was begun."""

    def done(self) -> bool:
        """Whether it is over."""

    def result(self) -> T_co:
        """What came of it, once it is over; raises what it raised."""


class Crew:
    """Does work in threads, or, where there is one job, at once.

    Args:
        jobs: how many threads. They are started when there is work for them.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._threads: ThreadPoolExecutor | None = None
        self._begun: deque[Future[Any]] = deque()

    def begin(self, work: Callable[..., T], *args: Any) -> Task[T]:
        """Have a function called; waits while much else is to be done before."""
        if self.jobs == 1:
            return _Done(work(*args))
        return self._counted(self._submit(work, *args))

    def begin_in(self, line: Line, work: Callable[..., T], *args: Any) -> Task[T]:
        """As `begin`, but after all that was begun in the line; no thread waits for that."""
        if self.jobs == 1:
            return _Done(work(*args))
        task, idle = line.add(work, *args)
        if idle:
            self._submit(line.run)
        return self._counted(task)

    def _counted(self, task: Future[T]) -> Future[T]:
        self._begun.append(task)
        if len(self._begun) > AHEAD * self.jobs:
            self._begun.popleft().exception()  # waits; whoever takes the result is told of it
        return task

    def queue(self, work: Callable[..., T], *args: Any) -> Task[T]:
        """Have a function called that holds no memory before its turn: without waiting."""
        return _Done(work(*args)) if self.jobs == 1 else self._submit(work, *args)

    def _submit(self, work: Callable[..., T], *args: Any) -> Future[T]:
        if self._threads is None:
            from concurrent.futures import ThreadPoolExecutor  # late: one job does without

            self._threads = ThreadPoolExecutor(self.jobs, "kashaf")
        return self._threads.submit(work, *args)

    def each(self, work: Callable[..., T], rows: Iterable[tuple[Any, ...]]) -> Iterator[T]:
        """What comes of a function for each row of arguments, in order; a few are begun ahead."""
        begun: deque[Task[T]] = deque()
        for row in rows:
            begun.append(self.begin(work, *row))
            if len(begun) >= self.jobs:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()

    def close(self) -> None:
        """End the threads; what was not begun is given up. They start again with new work."""
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
            self._threads = None
            self._begun.clear()


class Line:
    """Work that is done one piece after another, as it was begun; after one that fails all fail.

    Whatever thread comes to it goes on while there is more.
    """

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._running = False
        self._failed: BaseException | None = None

    def add(self, work: Callable[..., T], *args: Any) -> tuple[Future[T], bool]:
        """Put work at the end; return what will come of it, and whether a thread is needed."""
        from concurrent.futures import Future

        task: Future[T] = Future()
        with self._lock:
            self._waiting.append((task, partial(work, *args)))
            idle, self._running = not self._running, True
        return task, idle

    def run(self) -> None:
        """Do what waits."""
        while True:
            with self._lock:
                self._running = bool(self._waiting)
                if not self._running:
                    return
                task, work = self._waiting.popleft()
            self._do(task, work)

    def _do(self, task: Future[Any], work: Callable[[], Any]) -> None:
        try:
            if self._failed is not None:
                raise self._failed
            task.set_result(work())
        except BaseException as error:
            self._failed = error
            task.set_exception(error)


class _Done(Generic[T]):
    """Work that was done at once."""

    def __init__(self, value: T) -> None:
        self._value = value

    def done(self) -> bool:
        return True

    def result(self) -> T:
        return self._value
