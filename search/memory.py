"""The impacts of the words that are asked for most, as many as fit into some memory.

A few words are in most queries. What they give to each document is worked out when they are
first asked for and then kept, so that the next query need not read their postings again. To
keep a word costs as much as it saves each time that it is asked for, in proportion, so where
there is no more room those go that were asked for least (LFU, with counts that fade).
"""

from __future__ import annotations

from threading import Lock

from .. import kernels

LIMIT = 32 << 20
"""Bytes of impacts that are kept."""

OVERHEAD = 512
"""Bytes that a held word takes beside its impacts: objects, a key, a place in a table."""


class _Held:
    """Some impacts and how often they were asked for."""

    __slots__ = ("impacts", "uses")

    def __init__(self, impacts: kernels.Impacts) -> None:
        self.impacts = impacts
        self.uses = 1

    @property
    def nbytes(self) -> int:
        """Memory that it takes, with what holds it."""
        return self.impacts.nbytes + OVERHEAD


class Memory:
    """Keeps what is asked for most. Safe to use from several threads.

    Args:
        limit: in bytes.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._held: dict[tuple[int, int], _Held] = {}
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: tuple[int, int]) -> kernels.Impacts | None:
        """What is held under a key, or None."""
        found = self._held.get(key)
        if found is None:
            return None
        found.uses += 1
        return found.impacts

    def put(self, key: tuple[int, int], impacts: kernels.Impacts) -> None:
        """Hold something, if there is room or can be made."""
        with self._lock:
            if key in self._held:  # another thread was quicker
                return
            held = self._held[key] = _Held(impacts)
            self._bytes += held.nbytes
            if self._bytes > self._limit:
                self._make_room()

    def _make_room(self) -> None:
        """Let go a quarter; of what was asked for equally often, the newest."""
        ranked = sorted(self._held.items(), key=lambda item: -item[1].uses)
        self._held, self._bytes = {}, 0
        for key, held in ranked:
            if self._bytes + held.nbytes <= self._limit * 3 // 4:
                held.uses = (held.uses + 1) // 2
                self._held[key] = held
                self._bytes += held.nbytes
