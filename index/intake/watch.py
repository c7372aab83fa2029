"""Waits for changes: by `watchfiles` where it is installed, else by looking every few seconds."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

from .walk import is_inside

POLL = 2.0
"""Seconds between two looks, where nothing tells of changes."""

FIRST = 500
"""Milliseconds after which the first look is taken in any case."""


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

    unsure = True  # of what happened before the watch was set up
    found = watch(*paths, watch_filter=is_ours, rust_timeout=FIRST, yield_on_timeout=True)
    with suppress(KeyboardInterrupt):
        for changed in found:
            if changed or unsure:
                unsure = False
                yield None


def _ticks(seconds: float) -> Iterator[None]:
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(seconds)
            yield None
