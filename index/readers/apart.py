"""Readers that are run in a process of their own: one that a file can hang, bloat or crash.

A parser in C may meet a file that makes it take hours or gigabytes, or that kills it; nothing
inside the process can stop that. So a worker (`worker`) is started when such a format first
turns up, and kept; one file at a time goes to it, and it is stopped if it takes too long.
The worker limits its own memory. What passes between the two is JSON.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from threading import Lock, Timer
from typing import Final

from .model import MEGABYTE, Document, Options, Skipped, Source, Unreadable

_LOCK: Final = Lock()


class _Worker:
    """The other process."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self.owner = os.getpid()  # a fork of this process must not speak into its pipes
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", f"{__package__}.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the one who asked, who may want to finish
        )
        atexit.register(self.stop)

    def ask(self, head: dict[str, object], data: bytes, seconds: float | None) -> bytes:
        """Send one file and return the answer; empty if the worker died or was stopped."""
        assert self.process.stdin is not None and self.process.stdout is not None
        timer = Timer(seconds, self.process.kill) if seconds else None
        if timer:
            timer.daemon = True
            timer.start()
        try:
            self.process.stdin.write(json.dumps({**head, "size": len(data)}).encode() + b"\n")
            self.process.stdin.write(data)
            self.process.stdin.flush()
            return self.process.stdout.readline()
        except OSError:
            return b""
        finally:
            if timer:
                timer.cancel()

    def stop(self) -> None:
        """End the process and let go of its pipes."""
        atexit.unregister(self.stop)
        if self.owner != os.getpid():
            return
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self.process.wait()


_worker: _Worker | None = None


def read_apart(module: str, source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield what a reader of this package makes of a source, having run it apart."""
    data = source.load(options.limits.file)
    stated = asdict(replace(options, map=dict(options.map)))
    head: dict[str, object] = {"module": module, "name": source.name, "options": stated}
    seconds = None if options.ocr else time_for(len(data), options)
    with _LOCK:
        answer = _ask(head, data, seconds)
    for item in json.loads(answer):
        yield Document(**item["document"]) if "document" in item else Skipped(**item["skipped"])


def time_for(size: int, options: Options) -> float:
    """Return how many seconds a file may take: more if it is large."""
    return options.limits.seconds * (1 + size / MEGABYTE)


def _ask(head: dict[str, object], data: bytes, seconds: float | None) -> bytes:
    global _worker
    if _worker is None or _worker.owner != os.getpid() or _worker.process.poll() is not None:
        _worker = _Worker()
    answer = _worker.ask(head, data, seconds)
    if not answer:
        _worker.stop()
        _worker = None
        raise Unreadable("damaged", "takes too long, or too much memory, or breaks its reader")
    return answer
