"""The impacts of the words that were last asked for, as many as fit into some memory.

A few words are in most queries. What they give to each document is worked out when they are
first asked for and then kept, so that the next query need not read their postings again.
"""

from __future__ import annotations

from threading import Lock

from .. import kernels

LIMIT = 64 << 20
"""Bytes of impacts that are kept."""


class Memory:
    """Keeps what was last asked for. Safe to use from several threads.

    Args:
        limit: in bytes.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._held: dict[tuple[int, int], kernels.Impacts] = {}
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: tuple[int, int]) -> kernels.Impacts | None:
        """What is held under a key, or None."""
        with self._lock:
            found = self._held.pop(key, None)
            if found is not None:
                self._held[key] = found  # the last to go
        return found

    def put(self, key: tuple[int, int], impacts: kernels.Impacts) -> None:
        """Hold something; let go what was not asked for the longest."""
        with self._lock:
            held = self._held.pop(key, None)
            self._bytes += impacts.nbytes - (held.nbytes if held else 0)
            self._held[key] = impacts
            while self._bytes > self._limit:
                self._bytes -= self._held.pop(next(iter(self._held))).nbytes
