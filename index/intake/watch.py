"""Waits for changes: by `watchfiles` where it is installed, else by looking every few seconds."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator

from .walk import is_inside

POLL = 2.0
"""Seconds between two looks, where nothing tells of changes."""


def changes(
    paths: Iterable[str], index: str | os.PathLike[str], poll: float = POLL
) -> Iterator[None]:
    """Yield whenever something under some paths may have changed, but for the index itself.

    Ends at Ctrl-C.
    """
    index = os.path.abspath(index)
    try:
        from watchfiles import watch
    except ModuleNotFoundError:
        yield from _ticks(poll)
        return

    def is_ours(change: object, path: str) -> bool:
        return not is_inside(path, index)

    for _ in watch(*paths, watch_filter=is_ours, raise_interrupt=False):
        yield None


def _ticks(seconds: float) -> Iterator[None]:
    try:
        while True:
            time.sleep(seconds)
            yield None
    except KeyboardInterrupt:
        return
